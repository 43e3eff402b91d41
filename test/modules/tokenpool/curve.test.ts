/** Expected values are those of Uniswap v2's own specification, test/UniswapV2Pair.spec.ts, cited by the test's name there. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amountForShares,
  amountIn,
  amountOut,
  firstShares,
  fitToRatio,
  paysFee,
  protocolShares,
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

describe("the check of the product is Uniswap v2's", () => {
  const THOUSANDTHS = UNIT / 1000n;
  const outputs: readonly [reserves: readonly [bigint, bigint], input: bigint, out: bigint][] = [
    [[5n, 10n], 1n, 1662497915624478906n],
    [[10n, 5n], 1n, 453305446940074565n],
    [[5n, 10n], 2n, 2851015155847869602n],
    [[10n, 5n], 2n, 831248957812239453n],
    [[10n, 10n], 1n, 906610893880149131n],
    [[100n, 100n], 1n, 987158034397061298n],
    [[1000n, 1000n], 1n, 996006981039903216n],
  ];
  test.each(outputs)("getInputPrice: reserves %s take %d for no unit more than %d", ([x, y], input, out) => {
    const before = [x * UNIT, y * UNIT] as const;
    const takes = (wanted: bigint) =>
      paysFee(before, [before[0] + input * UNIT, before[1] - wanted], [input * UNIT, 0n], FEE_PPM);
    expect([takes(out), takes(out + 1n)]).toEqual([true, false]);
  });

  const optimistic: readonly [out: bigint, reserves: readonly [bigint, bigint], input: bigint][] = [
    [997n * THOUSANDTHS, [5n, 10n], UNIT],
    [997n * THOUSANDTHS, [10n, 5n], UNIT],
    [997n * THOUSANDTHS, [5n, 5n], UNIT],
    [UNIT, [5n, 5n], 1003009027081243732n],
  ];
  test.each(optimistic)("optimistic: %d of one side for the same side, reserves %s, takes %d", (out, [x, y], input) => {
    const before = [x * UNIT, y * UNIT] as const;
    const takes = (wanted: bigint) => paysFee(before, [before[0] + input - wanted, before[1]], [input, 0n], FEE_PPM);
    expect([takes(out), takes(out + 1n)]).toEqual([true, false]);
  });
});

describe("the protocol's part is Uniswap v2's", () => {
  test("feeTo:on: 1 sold into 1000/1000 owes the protocol 249750499251388 shares", () => {
    const [x, y] = [1000n * UNIT, 1000n * UNIT];
    const out = amountOut(UNIT, y, x, FEE_PPM);
    expect(out).toBe(996006981039903216n);
    const [reserve0, reserve1] = [x - out, y + UNIT];
    const supply = 1000n * UNIT;
    const owed = protocolShares(reserve0 * reserve1, x * y, supply, 6n);
    expect(owed).toBe(249750499251388n);
    expect(reserve0 - amountForShares(supply - 1000n, reserve0, supply + owed)).toBe(1000n + 249501683697445n);
    expect(reserve1 - amountForShares(supply - 1000n, reserve1, supply + owed)).toBe(1000n + 250000187312969n);
  });

  test("feeTo:off: without growth there is none", () => {
    expect(protocolShares(UNIT, UNIT, UNIT, 6n)).toBe(0n);
    expect(protocolShares(UNIT - 1n, UNIT, UNIT, 6n)).toBe(0n);
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
