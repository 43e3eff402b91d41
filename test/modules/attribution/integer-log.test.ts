/** Logarithms in whole numbers, beside the definition and beside floating point. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { log2Sixteenths } from "../../../modules/attribution/proof/integer-log.ts";

const count = fc.bigInt({ min: 1n, max: (1n << 49n) - 1n });

test("are rounded down to sixteenths of a bit, exactly", () => {
  fc.assert(
    fc.property(count, count, (one, other) => {
      const [a, b] = one >= other ? [one, other] : [other, one];
      const sixteenths = log2Sixteenths(a, b);
      // 2^(s/16) <= a/b < 2^((s+1)/16), to the sixteenth power.
      expect(a ** 16n >= (b ** 16n) << sixteenths).toBe(true);
      expect(a ** 16n < (b ** 16n) << (sixteenths + 1n)).toBe(true);
      expect(Math.abs(Number(sixteenths) / 16 - Math.log2(Number(a) / Number(b)))).toBeLessThan(0.0626);
    }),
    { numRuns: 2000 },
  );
});

test("of equal counts is nothing, of twice as many a whole bit", () => {
  expect([log2Sixteenths(5n, 5n), log2Sixteenths(10n, 5n), log2Sixteenths(1n << 48n, 1n)]).toEqual([0n, 16n, 768n]);
});
