/** Expected values are those of Uniswap v2's own specification, test/UniswapV2Pair.spec.ts, cited by the test's name there. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amountForShares,
  amountIn,
  amountOut,
  firstShares,
  fitToRatio,
  sharesFor,
  squareRoot,
} from "../../../modules/tokenpool/curve.ts";

const UNIT = 10n ** 18n;
const FEE_PPM = 3000n;

describe("a swap gives what Uniswap v2's specification says", () => {
  const cases: readonly [amountIn: bigint, reserveIn: bigint, reserveOut: bigint, out: bigint][] = [
    [1n, 5n, 10n, 1662497915624478906n],
    [1n, 10n, 5n, 453305446940074565n],
    [2n, 5n, 10n, 2851015155847869602n],
    [2n, 10n, 5n, 831248957812239453n],
    [1n, 10n, 10n, 906610893880149131n],
    [1n, 100n, 100n, 987158034397061298n],
    [1n, 1000n, 1000n, 996006981039903216n],
  ];
  test.each(cases)("getInputPrice: %d into %d/%d gives %d", (input, reserveIn, reserveOut, out) => {
    expect(amountOut(input * UNIT, reserveIn * UNIT, reserveOut * UNIT, FEE_PPM)).toBe(out);
  });

  test("buying that output takes at most that input, and one unit more of output takes more", () => {
    for (const [input, reserveIn, reserveOut, out] of cases) {
      expect(amountIn(out, reserveIn * UNIT, reserveOut * UNIT, FEE_PPM)).toBeLessThanOrEqual(input * UNIT);
      expect(amountIn(out + 1n, reserveIn * UNIT, reserveOut * UNIT, FEE_PPM)).toBeGreaterThan(input * UNIT);
    }
  });
});

describe("shares are counted as Uniswap v2's specification counts them", () => {
  test("mint: 1 and 4 give 2, of which 1000 units stay locked", () => {
    expect(firstShares(UNIT, 4n * UNIT)).toEqual({ total: 2n * UNIT, creator: 2n * UNIT - 1000n });
  });

  test("burn: all free shares of a 3/3 pool give 3 less 1000 units of each side", () => {
    const { total, creator } = firstShares(3n * UNIT, 3n * UNIT);
    expect(amountForShares(creator, 3n * UNIT, total)).toBe(3n * UNIT - 1000n);
  });
});

const amount = fc.bigInt({ min: 1n, max: 1n << 112n });
const fee = fc.bigInt({ min: 0n, max: 100_000n });

describe("rounding is always against who trades", () => {
  test("the product of the reserves never falls on a sale", () => {
    fc.assert(
      fc.property(amount, amount, amount, fee, (input, x, y, feePpm) => {
        const out = amountOut(input, x, y, feePpm);
        expect((x + input) * (y - out)).toBeGreaterThanOrEqual(x * y);
      }),
    );
  });

  test("the product of the reserves never falls on a purchase, and the price bought at suffices for the sale", () => {
    fc.assert(
      fc.property(amount, amount, amount, fee, (out, x, y, feePpm) => {
        const input = amountIn(out, x, y, feePpm);
        if (input === undefined) {
          expect(out).toBeGreaterThanOrEqual(y);
          return;
        }
        expect((x + input) * (y - out)).toBeGreaterThanOrEqual(x * y);
        expect(amountOut(input, x, y, feePpm)).toBeGreaterThanOrEqual(out);
      }),
    );
  });

  test("paying in and taking out again never profits", () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, (x, y, supply, max0, max1) => {
        const { amount0, amount1 } = fitToRatio(max0, max1, x, y);
        expect(amount0).toBeLessThanOrEqual(max0);
        expect(amount1).toBeLessThanOrEqual(max1);
        const shares = sharesFor(amount0, amount1, x, y, supply);
        expect(amountForShares(shares, x + amount0, supply + shares)).toBeLessThanOrEqual(amount0);
        expect(amountForShares(shares, y + amount1, supply + shares)).toBeLessThanOrEqual(amount1);
      }),
    );
  });
});

test("the square root is the greatest integer whose square fits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 1n << 256n }), (value) => {
      const root = squareRoot(value);
      expect(root * root).toBeLessThanOrEqual(value);
      expect((root + 1n) * (root + 1n)).toBeGreaterThan(value);
    }),
  );
  for (let root = 0n; root < 100n; root++) expect(squareRoot(root * root)).toBe(root);
  expect(() => squareRoot(-1n)).toThrow("negative");
});
