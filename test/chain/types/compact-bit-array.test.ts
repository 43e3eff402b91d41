import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CompactBitArrayError,
  compactBitCount,
  compactBitList,
  compactBits,
  compactBitsBefore,
  formatCompactBits,
  marshalCompactBits,
  parseCompactBits,
  unmarshalCompactBits,
} from "../../../chain/types/compact-bit-array.ts";

const bits = fc.array(fc.boolean(), { maxLength: 200 });

describe("a compact bit array", () => {
  test("keeps its bits through every form", () => {
    fc.assert(
      fc.property(bits, (list) => {
        const array = compactBits(list);
        expect(compactBitList(array)).toEqual(list);
        expect(parseCompactBits(formatCompactBits(array))).toEqual(array);
        expect(unmarshalCompactBits(marshalCompactBits(array))).toEqual(array);
        expect(compactBitsBefore(array, list.length)).toBe(list.filter(Boolean).length);
        expect(compactBitsBefore(array, 10_000)).toBe(list.filter(Boolean).length);
      }),
    );
  });

  test("is refused with its own error when it is malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(marshalCompactBits(unmarshalCompactBits(bytes)).length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CompactBitArrayError);
        }
      }),
    );
    expect(() => parseCompactBits("x_y")).toThrow(CompactBitArrayError);
    expect(() => compactBitCount({ elems: new Uint8Array(0), extraBitsStored: 1 })).toThrow(CompactBitArrayError);
    expect(() => compactBitCount({ elems: new Uint8Array(1), extraBitsStored: 8 })).toThrow(CompactBitArrayError);
    expect(() => compactBitCount({ elems: new Uint8Array(200), extraBitsStored: 0 })).toThrow(CompactBitArrayError);
    expect(() => compactBits(new Array(1025).fill(true))).toThrow(CompactBitArrayError);
  });
});
