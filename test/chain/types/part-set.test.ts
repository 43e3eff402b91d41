// No third-party bytes were found for a set of several parts (real blocks in the vectors pin sets of one). Sets of
// several parts are derived from the specification here: 65,536-byte cuts, RFC 6962 root over the raw parts.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ValidationError } from "../../../chain/types/errors.ts";
import { BLOCK_PART_BYTES, MAX_BLOCK_PARTS } from "../../../chain/types/limits.ts";
import { type Part, PartSet, validatePart } from "../../../chain/types/part-set.ts";
import { decode, encode } from "../../../proto/codec.ts";

const filled = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + (i >> 16) * 7) & 255);
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

describe("a part set", () => {
  test("of three parts has the root the specification defines", () => {
    const bytes = filled(2 * BLOCK_PART_BYTES + 5);
    const leaf = (from: number, to: number) => sha256(Uint8Array.of(0), bytes.subarray(from, to));
    const [a, b] = [leaf(0, BLOCK_PART_BYTES), leaf(BLOCK_PART_BYTES, 2 * BLOCK_PART_BYTES)];
    const root = sha256(Uint8Array.of(1), sha256(Uint8Array.of(1), a, b), leaf(2 * BLOCK_PART_BYTES, bytes.length));
    expect(PartSet.fromBytes(bytes).header).toEqual({ total: 3, hash: Uint8Array.from(root) });
  });

  test("is put together again from parts in any order, through their wire form", () => {
    const edge = BLOCK_PART_BYTES;
    const lengths = fc.constantFrom(1, 77, edge - 1, edge, edge + 1, 2 * edge, 3 * edge + 9);
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.nat()), (length, numbers) => {
        const bytes = filled(length);
        const sent = PartSet.fromBytes(bytes);
        const received = PartSet.fromHeader(sent.header);
        const order = Array.from({ length: sent.header.total }, (_, i) => ({ i, key: numbers.next().value }));
        for (const { i } of order.sort((a, b) => a.key - b.key)) {
          expect(received.isComplete).toBe(false);
          expect(() => received.assemble()).toThrow("incomplete");
          const part = decode("tendermint.types.Part", encode("tendermint.types.Part", sent.part(i) as Part));
          expect(received.add(part)).toBe(true);
          expect(received.add(part)).toBe(false);
        }
        expect(received.isComplete).toBe(true);
        expect(received.byteSize).toBe(length);
        expect(received.count).toBe(sent.count);
        expect(received.assemble()).toEqual(bytes);
        expect(received.hasHeader(sent.header)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  test("refuses parts that are not its own", () => {
    const set = PartSet.fromBytes(filled(2 * BLOCK_PART_BYTES));
    const other = PartSet.fromBytes(filled(2 * BLOCK_PART_BYTES + 1));
    const [first, second] = [set.part(0) as Part, set.part(1) as Part];
    const refuse = (part: Part, words: string) => {
      const empty = PartSet.fromHeader(set.header);
      expect(() => empty.add(part), words).toThrow(words);
      expect(empty.count).toBe(0);
    };
    refuse({ ...first, index: 2 }, "error part set unexpected index");
    refuse({ ...first, index: 1 }, "part index 1 != proof index 0");
    refuse({ ...second, index: 0, proof: { ...second.proof, index: 0n } }, "error part set invalid proof");
    refuse(other.part(0) as Part, "error part set invalid proof");
    refuse({ ...first, bytes: second.bytes }, "error part set invalid proof");
    refuse({ ...first, bytes: first.bytes.subarray(1) }, "error inner part with invalid size");
    refuse({ ...first, bytes: filled(BLOCK_PART_BYTES + 1) }, "error part size too big");
    refuse({ ...first, proof: { ...first.proof, leafHash: new Uint8Array(3) } }, "invalid part: wrong Proof");
  });

  test("holds no more bytes and parts than it may", () => {
    const set = PartSet.fromBytes(filled(BLOCK_PART_BYTES + 10));
    const small = PartSet.fromHeader(set.header, BLOCK_PART_BYTES + 9);
    small.add(set.part(0) as Part);
    expect(() => small.add(set.part(1) as Part)).toThrow("total size of proposal block parts exceeds maximum");
    const hash = new Uint8Array(32);
    for (const total of [0, -1, 1.5, MAX_BLOCK_PARTS + 1, 2 ** 32]) {
      expect(() => PartSet.fromHeader({ total, hash }), `${total}`).toThrow(ValidationError);
    }
    expect(() => PartSet.fromHeader({ total: 1, hash: new Uint8Array(31) })).toThrow("wrong Hash");
    expect(() => PartSet.fromBytes(new Uint8Array(0))).toThrow(ValidationError);
    validatePart(set.part(1) as Part);
  });
});
