/** Owns logarithms without floating point. It does not own what they are taken of (term-table.ts, bm25.ts). */

/**
 * ⌊16·log2(numerator / denominator)⌋ for a quotient of at least one, exactly: the largest k with 2^k ≤ (n/d)^16.
 * Throws otherwise: the callers' quotients are.
 */
export function log2Sixteenths(numerator: bigint, denominator: bigint): bigint {
  if (denominator < 1n || numerator < denominator) throw new Error(`${numerator}/${denominator} is below one`);
  return BigInt((numerator ** 16n / denominator ** 16n).toString(2).length - 1);
}
