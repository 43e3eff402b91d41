// Random and mutated bytes: every decoder either refuses them with its own error or reads a value that is stable. Under
// the canonical policy what is read encodes again to the same bytes. TRIBUTARY_FULL=1 runs fifty times as many.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../../proto/bytes.ts";
import {
  DecodeError,
  type DecodePolicy,
  decode,
  encode,
  type MessageInput,
  type MessageName,
} from "../../proto/codec.ts";
import { messageNames } from "../../proto/registry.ts";
import { message } from "./arbitrary-message.ts";

const factor = process.env.TRIBUTARY_FULL === "1" ? 50 : 1;

type Mutation = {
  readonly at: number;
  readonly kind: "flip" | "insert" | "delete" | "cut" | "double";
  readonly byte: number;
};

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("flip", "insert", "delete", "cut", "double"),
  byte: fc.oneof(fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12), fc.integer({ min: 0, max: 255 })),
});

function mutated(bytes: Uint8Array, mutations: readonly Mutation[]): Uint8Array {
  let list = [...bytes];
  for (const { at, kind, byte } of mutations) {
    const i = list.length === 0 ? 0 : at % list.length;
    if (kind === "flip") list[i] = byte;
    else if (kind === "insert") list.splice(i, 0, byte);
    else if (kind === "delete") list.splice(i, 1);
    else if (kind === "cut") list = list.slice(0, i);
    else list = [...list, ...list.slice(i)];
  }
  return new Uint8Array(list);
}

/** The value, or undefined where it is refused with the codec's own error. */
function attempt(name: MessageName, bytes: Uint8Array, policy: DecodePolicy): unknown {
  try {
    return decode(name, bytes, policy);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return undefined;
  }
}

function check(name: MessageName, bytes: Uint8Array): void {
  const value = attempt(name, bytes, "lenient");
  const strict = attempt(name, bytes, "rejectUnknown");
  attempt(name, bytes, "adr027");
  if (value === undefined) {
    expect(strict).toBeUndefined();
    return;
  }
  if (strict !== undefined) expect(strict).toEqual(value);
  const again = encode(name, value as MessageInput<typeof name>);
  const reread = decode(name, again);
  expect(equalBytes(encode(name, reread as MessageInput<typeof name>), again)).toBe(true);
}

const names = fc.constantFrom(...messageNames());

describe("every decoder", () => {
  test("refuses random bytes or reads something stable", () => {
    fc.assert(fc.property(names, fc.uint8Array({ maxLength: 48 }), check), { numRuns: 4000 * factor });
  });

  test("refuses mutated messages or reads something stable", () => {
    const cases = names.chain((name) =>
      fc.tuple(fc.constant(name), message(name), fc.array(mutation, { minLength: 1, maxLength: 3 })),
    );
    fc.assert(
      fc.property(cases, ([name, value, mutations]) => {
        check(name, mutated(encode(name, value as MessageInput<typeof name>), mutations));
      }),
      { numRuns: 4000 * factor },
    );
  });

  test("reads back what encode wrote, under the lenient policy, as it was", () => {
    const cases = names.chain((name) => fc.tuple(fc.constant(name), message(name)));
    fc.assert(
      fc.property(cases, ([name, value]) => {
        expect(decode(name, encode(name, value as MessageInput<typeof name>)) as unknown).toEqual(value);
      }),
      { numRuns: 2000 * factor },
    );
  });
});

test("a TxRaw read under ADR-027 encodes again to the same bytes", () => {
  const name = "cosmos.tx.v1beta1.TxRaw";
  let read = 0;
  fc.assert(
    fc.property(message(name), fc.array(mutation, { maxLength: 2 }), (value, mutations) => {
      const bytes = mutated(encode(name, value as MessageInput<typeof name>), mutations);
      const decoded = attempt(name, bytes, "adr027");
      if (decoded === undefined) return;
      read += 1;
      expect(equalBytes(encode(name, decoded as MessageInput<typeof name>), bytes)).toBe(true);
    }),
    { numRuns: 3000 * factor },
  );
  expect(read).toBeGreaterThan(500);
});
