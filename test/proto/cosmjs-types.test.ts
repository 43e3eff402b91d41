// Every message that cosmjs-types also has, on random values, both ways: another implementation of the same schema.
// Known differences, kept out of the comparison:
// - cosmjs-types leaves out an empty Int or Dec that gogoproto holds by value, where Go writes "0": the random values
//   hold "0" there, and messages held by value are always present;
// - it writes a packed list even when it is empty, which Go does not: such messages are compared after decoding;
// - it writes 64-bit integers from 2^31 to 2^32 - 1 wrongly: the random values stay outside.

import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex } from "../../proto/bytes.ts";
import { decode, encode, type MessageInput, type MessageName } from "../../proto/codec.ts";
import { messageInfo, messageNames } from "../../proto/registry.ts";
import { message } from "./arbitrary-message.ts";

interface ForeignMessage {
  decode(bytes: Uint8Array): Record<string, unknown>;
  fromPartial(value: unknown): unknown;
  encode(value: unknown): { finish(): Uint8Array };
}

const require = createRequire(import.meta.url);

/** The message in cosmjs-types, where nested names are joined by underscores, or undefined. */
function foreign(name: MessageName): ForeignMessage | undefined {
  const { file } = messageInfo(name);
  let exported: Record<string, unknown>;
  try {
    exported = require(`cosmjs-types/${file.replace(/\.proto$/, "")}`) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const local = name.slice((exported.protobufPackage as string).length + 1).replaceAll(".", "_");
  return exported[local] as ForeignMessage | undefined;
}

/** ics23 1.1 added a field to ProofSpec that cosmjs-types 0.11 does not know. */
const olderThere: ReadonlySet<string> = new Set(["cosmos.ics23.v1.ProofSpec"]);

const shared = messageNames().flatMap((name) => {
  const other = foreign(name);
  return other === undefined || olderThere.has(name) ? [] : [[name, other] as const];
});

/** Whether the message, or one inside it, has a packed list. */
function hasPackedList(name: string, seen = new Set<string>()): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return messageInfo(name).fields.some(
    (field) => field.packed || (field.type === "message" && hasPackedList(field.typeName as string, seen)),
  );
}

describe("messages shared with cosmjs-types", () => {
  test("are most of the standard messages", () => {
    expect(shared.length).toBeGreaterThan(300);
  });

  test.each(shared)("%s is read and written alike", (name, other) => {
    fc.assert(
      fc.property(message(name), (value) => {
        const ours = encode(name, value as MessageInput<typeof name>);
        const theirs = other.encode(other.fromPartial(value)).finish();
        const readByThem = other.encode(other.decode(ours)).finish();
        expect(decode(name, theirs) as unknown).toEqual(value);
        expect(decode(name, readByThem) as unknown).toEqual(value);
        if (hasPackedList(name)) return;
        expect(hex(ours)).toBe(hex(theirs));
        expect(hex(readByThem)).toBe(hex(ours));
      }),
      { numRuns: 15 },
    );
  });
});
