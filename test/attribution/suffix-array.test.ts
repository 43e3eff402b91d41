import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { suffixArray } from "../../attribution/suffix-array.ts";

function sortedSuffixes(sequence: Int32Array): number[] {
  const less = (a: number, b: number): number => {
    while (a < sequence.length && b < sequence.length) {
      if (sequence[a] !== sequence[b]) return sequence[a]! - sequence[b]!;
      a++;
      b++;
    }
    return b - a;
  };
  return Array.from(sequence.keys()).sort(less);
}

describe("the suffix array", () => {
  test("is what sorting all suffixes gives", () => {
    const sequences = fc
      .integer({ min: 1, max: 6 })
      .chain((alphabet) =>
        fc.tuple(fc.constant(alphabet), fc.array(fc.nat(alphabet - 1), { maxLength: 120, size: "max" })),
      );
    fc.assert(
      fc.property(sequences, ([alphabet, values]) => {
        const sequence = Int32Array.from(values);
        expect(Array.from(suffixArray(sequence, alphabet))).toEqual(sortedSuffixes(sequence));
      }),
      { numRuns: 2000 },
    );
  });

  test("of repetitions, which need every level of the recursion, is right", () => {
    const fibonacci = (n: number): number[] => (n < 2 ? [n] : [...fibonacci(n - 1), ...fibonacci(n - 2)]);
    for (const values of [fibonacci(14), Array(500).fill(0), Array.from({ length: 600 }, (_, i) => i % 3)]) {
      const sequence = Int32Array.from(values);
      expect(Array.from(suffixArray(sequence, 3))).toEqual(sortedSuffixes(sequence));
    }
  });
});
