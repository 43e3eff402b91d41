/** Unmodified CosmJS over the types and converters: what it encodes, the chain's codec reads, and back. */

import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import { AminoTypes, createDefaultAminoConverters, defaultRegistryTypes } from "@cosmjs/stargate";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeAminoConverters, nativeMessage, nativeMessageNames, nativeTypes } from "../../client/registry.ts";
import { decode, encode, type MessageName } from "../../proto/codec.ts";
import { messageInfo } from "../../proto/registry.ts";

const registry = new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]);
const aminoTypes = new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() });

/** Random values of a message, built from its descriptor. */
function randomOf(name: MessageName): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      messageInfo(name).fields.map((field) => {
        const single = (): fc.Arbitrary<unknown> => {
          if (field.type === "message") return randomOf(field.typeName as MessageName);
          if (field.type === "bytes") return fc.uint8Array({ maxLength: 40 });
          if (field.scalar === "cosmos.Int") return fc.bigInt({ min: 0n, max: 1n << 200n }).map(String);
          if (field.type === "string") return fc.string();
          if (field.type === "uint64") return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
          if (field.type === "int64") return fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
          if (field.type === "uint32") return fc.nat();
          return fc.integer({ min: 0, max: 2 });
        };
        return [field.name, field.repeated ? fc.array(single(), { maxLength: 3 }) : single()];
      }),
    ),
  );
}

describe("CosmJS with the chain's own messages", () => {
  test("knows every message of the four modules", () => {
    expect(nativeMessageNames().map((name) => name.replace("tributary.", "").replace(".v1.Msg", " "))).toEqual(
      expect.arrayContaining([
        "attribution Claim",
        "attribution OpenUse",
        "attribution SettleUse",
        "datanet Contribute",
        "model RegisterModel",
        "tokenpool SwapExactIn",
      ]),
    );
  });

  test.each(nativeMessageNames())(
    "encodes and decodes %s as the chain does, and turns it to amino and back",
    (name) => {
      fc.assert(
        fc.property(randomOf(name), (value) => {
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
