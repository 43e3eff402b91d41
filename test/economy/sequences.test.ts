/** Random sequences over pools and curves in short, and what was planted in them is found. `npm run economy` runs more of them. */
import { describe, expect, test } from "vitest";
import { buyCost, poolShares, type Shape, sellPayout } from "../../modules/model/curve.ts";
import { CurveKind } from "../../proto/enums.gen.ts";
import { Rational } from "./rational.ts";
import { runSequences } from "./sequences.ts";

const SEQUENCES = process.env.TRIBUTARY_FULL === "1" ? 100_000 : 1500;

test("k never falls on a swap, √k per share never falls, no way there and back profits", { timeout: 3_600_000 }, () => {
  runSequences(1, SEQUENCES);
});

test("fractions are exact", () => {
  const third = new Rational(1n, 3n);
  expect(third.plus(third).plus(third)).toEqual(new Rational(1n));
  expect([new Rational(-1n, 3n).floor(), new Rational(-1n, 3n).ceil(), third.floor(), third.ceil()]).toEqual([
    -1n,
    0n,
    0n,
    1n,
  ]);
});

describe("the curve with pump.fun's constants", () => {
  // 30 SOL and 1 073 000 191 shares are virtual; 793 100 000 are sold. In lamports and millionths.
  const shape: Shape = {
    kind: CurveKind.CURVE_KIND_VIRTUAL_RESERVE,
    base: 0n,
    slope: 0n,
    virtualReserve: 30_000_000_000n,
    virtualShares: 1_073_000_191_000_000n,
  };
  const SALE = 793_100_000_000_000n;

  test("takes 85 SOL for the whole sale", () => {
    const cost = buyCost(shape, 0n, SALE);
    expect(cost / 1_000_000_000n).toBe(85n);
    expect(cost).toBe(85_005_301_051n);
  });

  test("ends at 14.69 times the price it began with", () => {
    // The price is V₀V/(V − s)², so it has grown by (V/(V − s))².
    const growth = (shape.virtualShares ** 2n * 10_000n) / (shape.virtualShares - SALE) ** 2n;
    expect(growth / 100n).toBe(1469n);
  });

  test("puts 206.9 million shares into the pool, at the price it ended with", () => {
    const reserve = buyCost(shape, 0n, SALE);
    const shares = poolShares(shape, SALE, reserve);
    expect((shares + 50_000_000_000n) / 100_000_000_000n).toBe(2069n);
    const last = sellPayout(shape, SALE, 1_000_000_000n);
    expect((reserve * 1_000_000_000n) / shares - last).toBeLessThanOrEqual(2n);
  });
});
