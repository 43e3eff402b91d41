import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitByWeights } from "../../../modules/attribution/split.ts";

const weights = fc
  .array(fc.bigInt({ min: 0n, max: 1n << 64n }), { minLength: 1, maxLength: 40 })
  .filter((all) => all.some((weight) => weight > 0n));

describe("cumulative rounding", () => {
  test("the parts sum to the last unit, each within one unit of its exact share, and no weight gets nothing", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 128n }), weights, (amount, parts) => {
        const total = parts.reduce((sum, weight) => sum + weight, 0n);
        const split = splitByWeights(amount, parts);
        expect(split.reduce((sum, part) => sum + part, 0n)).toBe(amount);
        split.forEach((part, i) => {
          const error = part * total - amount * parts[i]!;
          expect(error > -total && error < total).toBe(true);
          if (parts[i] === 0n) expect(part).toBe(0n);
        });
      }),
      { numRuns: 2000 },
    );
  });

  test("ten units among three equal parts are 3, 3 and 4", () => {
    expect(splitByWeights(10n, [1n, 1n, 1n])).toEqual([3n, 3n, 4n]);
  });

  test("nothing to weigh by is a mistake of the caller", () => {
    expect(() => splitByWeights(1n, [])).toThrow("no positive weight");
    expect(() => splitByWeights(1n, [0n])).toThrow("no positive weight");
    expect(() => splitByWeights(-1n, [1n])).toThrow("negative");
    expect(() => splitByWeights(1n, [-1n, 2n])).toThrow("negative");
  });
});
