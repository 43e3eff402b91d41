/** Unmodified CosmJS over the types and converters: what it encodes, the chain's codec reads, and back. */

import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, createDefaultAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeAminoConverters, nativeMessage, nativeMessageNames, nativeTypes } from "../../client/registry.ts";
import { decode, encode } from "../../proto/codec.ts";
import { read } from "../architecture/tree.ts";
import { randomMessage } from "../support/random-messages.ts";

const registry = new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]);
const aminoTypes = new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() });

describe("CosmJS with the chain's own messages", () => {
  test("knows every message of the four modules, as their .proto files list them", () => {
    const listed = ["attribution", "datanet", "model", "tokenpool"].flatMap((module) => {
      const file = read(`proto/tributary/${module}/v1/tx.proto`);
      return [...file.matchAll(/^ {2}rpc \w+\((Msg\w+)\)/gm)].map(([, name]) => `tributary.${module}.v1.${name}`);
    });
    expect(listed.length).toBeGreaterThan(80);
    expect([...nativeMessageNames()].sort()).toEqual(listed.sort());
    expect(nativeTypes().map(([typeUrl]) => typeUrl)).toEqual(nativeMessageNames().map((name) => `/${name}`));
  });

  test.each(nativeMessageNames())(
    "encodes and decodes %s as the chain does, and turns it to amino and back",
    (name) => {
      fc.assert(
        fc.property(randomMessage(name), (value) => {
          const message = nativeMessage(name, value as never);
          const bytes = registry.encode(message);
          expect(bytes).toEqual(encode(name, value as never));
          const complete = decode(name, bytes);
          expect(registry.decode({ typeUrl: message.typeUrl, value: bytes })).toEqual(complete);
          const amino = aminoTypes.toAmino(message);
          expect(amino.type).toMatch(/^tributary\/Msg/);
          // Through text, as a wallet returns it.
          const returned = aminoTypes.fromAmino(JSON.parse(JSON.stringify(amino)));
          expect(returned).toEqual({ typeUrl: message.typeUrl, value: complete });
        }),
        { numRuns: 30 },
      );
    },
  );
});
