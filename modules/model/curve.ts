/**
 * Owns the arithmetic of curves: what shares cost and pay at a supply. Every trade is rounded against who trades, so what a
 * curve holds is never less than what all its shares would be paid together, and no way there and back ends with more. It
 * does not own fees, caps or who holds what (keeper/trading.ts).
 */
import { CurveKind } from "../../proto/enums.gen.ts";
import { PRICE_SCALE } from "./limits.ts";

/** What decides a price. */
export interface Shape {
  readonly kind: number;
  /** Of a linear curve: the price of the first share and what every share adds to it, times 10^12. */
  readonly base: bigint;
  readonly slope: bigint;
  /** Of a curve with virtual reserves. */
  readonly virtualReserve: bigint;
  readonly virtualShares: bigint;
}

/**
 * What `shares` more cost at `supply`, rounded up. Linear: the price p(s) = base + slope·s is summed by its integral
 * base·s + slope·s²/2 between the two supplies. Virtual reserves: the reserve that keeps the product, k / (V − s).
 */
export function buyCost(shape: Shape, supply: bigint, shares: bigint): bigint {
  if (shape.kind === CurveKind.CURVE_KIND_LINEAR) {
    return ceilDivide(twiceArea(shape, supply + shares) - twiceArea(shape, supply), 2n * PRICE_SCALE);
  }
  return reserveUp(shape, supply + shares) - reserveDown(shape, supply);
}

/** What `shares` of `supply` pay when they come back, rounded down; zero when rounding leaves nothing. */
export function sellPayout(shape: Shape, supply: bigint, shares: bigint): bigint {
  if (shape.kind === CurveKind.CURVE_KIND_LINEAR) {
    return (twiceArea(shape, supply) - twiceArea(shape, supply - shares)) / (2n * PRICE_SCALE);
  }
  const payout = reserveDown(shape, supply) - reserveUp(shape, supply - shares);
  return payout > 0n ? payout : 0n;
}

/** Whether a reserve covers all shares that are out: R ≥ ∫₀ˢ p, or (V₀ + R)(V − s) ≥ V₀·V; exact, without rounding. */
export function isCovered(shape: Shape, supply: bigint, reserve: bigint): boolean {
  if (shape.kind === CurveKind.CURVE_KIND_LINEAR) return reserve * 2n * PRICE_SCALE >= twiceArea(shape, supply);
  return (
    (shape.virtualReserve + reserve) * (shape.virtualShares - supply) >= shape.virtualReserve * shape.virtualShares
  );
}

/**
 * How many shares go into the pool beside the whole reserve when a curve with virtual reserves graduates: as many as give
 * the pool the price at which the curve ended, ⌊R(V − s) / (V₀ + R)⌋.
 */
export function poolShares(shape: Shape, supply: bigint, reserve: bigint): bigint {
  return (reserve * (shape.virtualShares - supply)) / (shape.virtualReserve + reserve);
}

/** Twice the area under a linear curve up to a supply, times 10^12: 2·base·s + slope·s². */
function twiceArea({ base, slope }: Shape, supply: bigint): bigint {
  return 2n * base * supply + slope * supply * supply;
}

function reserveUp(shape: Shape, supply: bigint): bigint {
  return ceilDivide(shape.virtualReserve * shape.virtualShares, shape.virtualShares - supply);
}

function reserveDown({ virtualReserve, virtualShares }: Shape, supply: bigint): bigint {
  return (virtualReserve * virtualShares) / (virtualShares - supply);
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
