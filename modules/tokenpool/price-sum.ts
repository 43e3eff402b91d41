/**
 * Owns the arithmetic of average prices: Uniswap v2's sums of prices over seconds, each price times 2^112 and the sums
 * modulo 2^256, so that only differences mean something. It does not own where sums are kept (keeper/oracle.ts).
 */
import { PRICE_BITS, SUM_BITS } from "./limits.ts";

const MODULUS = 1n << SUM_BITS;

/** A sum at a time, in unix seconds. */
export interface SumAt {
  readonly time: bigint;
  readonly sum: bigint;
}

/** What one unit of a denomination costs in the other, times 2^112, rounded down. */
export function priceOf(reserve: bigint, other: bigint): bigint {
  return (other << PRICE_BITS) / reserve;
}

/** The sum after a price has stood for some seconds. */
export function sumAfter(sum: bigint, price: bigint, seconds: bigint): bigint {
  return (sum + price * seconds) % MODULUS;
}

/** The average price between two sums of different times, times 2^112, rounded down. */
export function averageBetween(from: SumAt, to: SumAt): bigint {
  return difference(from.sum, to.sum) / (to.time - from.time);
}

/** The sum at a time between two others, between which one price stood, or nearly. */
export function sumBetween(from: SumAt, to: SumAt, time: bigint): bigint {
  return (from.sum + (difference(from.sum, to.sum) * (time - from.time)) / (to.time - from.time)) % MODULUS;
}

function difference(from: bigint, to: bigint): bigint {
  return to >= from ? to - from : to + MODULUS - from;
}
