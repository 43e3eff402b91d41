/**
 * Owns the arithmetic of a pool: Uniswap v2's, in integers, rounding always against who trades. It does not own pools,
 * their state or their coins (keeper.ts). The fee is in parts per million, so that 3000 gives exactly v2's 997/1000.
 */
import { MINIMUM_SHARES, PARTS_PER_MILLION } from "./limits.ts";

/** The greatest integer whose square is at most `value`. Throws when `value` is negative. */
export function squareRoot(value: bigint): bigint {
  if (value < 0n) throw new Error("square root of a negative number");
  if (value < 2n) return value;
  // Newton's iteration from a power of two that is not below the root falls to the root and then stops falling.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** What a sale of `amountIn` gives (UniswapV2Library.getAmountOut): ⌊a(M−f)y / (xM + a(M−f))⌋, M one million. */
export function amountOut(amountIn: bigint, reserveIn: bigint, reserveOut: bigint, feePpm: bigint): bigint {
  const afterFee = amountIn * (PARTS_PER_MILLION - feePpm);
  return (afterFee * reserveOut) / (reserveIn * PARTS_PER_MILLION + afterFee);
}

/**
 * What a purchase of `amountOut` takes (UniswapV2Library.getAmountIn): ⌊xbM / ((y−b)(M−f))⌋ + 1.
 * Undefined when the pool does not hold more than that.
 */
export function amountIn(amountOut: bigint, reserveIn: bigint, reserveOut: bigint, feePpm: bigint): bigint | undefined {
  if (amountOut >= reserveOut) return undefined;
  const scaled = reserveIn * amountOut * PARTS_PER_MILLION;
  return scaled / ((reserveOut - amountOut) * (PARTS_PER_MILLION - feePpm)) + 1n;
}

/** The shares of a new pool (UniswapV2Pair.mint): all of them, of which MINIMUM_SHARES stay locked. */
export function firstShares(amount0: bigint, amount1: bigint): { readonly total: bigint; readonly creator: bigint } {
  const total = squareRoot(amount0 * amount1);
  return { total, creator: total - MINIMUM_SHARES };
}

/** The shares that paying in both amounts gives: the smaller of the two proportions, rounded down. */
export function sharesFor(
  amount0: bigint,
  amount1: bigint,
  reserve0: bigint,
  reserve1: bigint,
  shareSupply: bigint,
): bigint {
  const by0 = (amount0 * shareSupply) / reserve0;
  const by1 = (amount1 * shareSupply) / reserve1;
  if (by0 < by1) return by0;
  return by1;
}

/** The most of both amounts that fits the pool's ratio (UniswapV2Router02._addLiquidity). */
export function fitToRatio(
  max0: bigint,
  max1: bigint,
  reserve0: bigint,
  reserve1: bigint,
): { readonly amount0: bigint; readonly amount1: bigint } {
  const amount1 = (max0 * reserve1) / reserve0;
  if (amount1 <= max1) return { amount0: max0, amount1 };
  return { amount0: (max1 * reserve0) / reserve1, amount1: max1 };
}

/** What giving `shares` back pays of one reserve, rounded down (UniswapV2Pair.burn). */
export function amountForShares(shares: bigint, reserve: bigint, shareSupply: bigint): bigint {
  return (shares * reserve) / shareSupply;
}

/**
 * The shares that make one part in `part` of what fees added since `kLast` the protocol's (UniswapV2Pair._mintFee, whose
 * part is 6): ⌊S(√k − √kLast) / ((part − 1)√k + √kLast)⌋. Shares for exactly that part of the growth of √k per share.
 */
export function protocolShares(k: bigint, kLast: bigint, shareSupply: bigint, part: bigint): bigint {
  const [root, rootLast] = [squareRoot(k), squareRoot(kLast)];
  if (root <= rootLast) return 0n;
  return (shareSupply * (root - rootLast)) / (root * (part - 1n) + rootLast);
}

/**
 * Uniswap v2's K check (UniswapV2Pair.swap): the product of the new reserves, each less the fee on what came in, is not
 * below that of the old ones. What the functions above give passes it, and one unit more does not.
 */
export function paysFee(
  before: readonly [bigint, bigint],
  after: readonly [bigint, bigint],
  paidIn: readonly [bigint, bigint],
  feePpm: bigint,
): boolean {
  const adjusted0 = after[0] * PARTS_PER_MILLION - paidIn[0] * feePpm;
  const adjusted1 = after[1] * PARTS_PER_MILLION - paidIn[1] * feePpm;
  return adjusted0 * adjusted1 >= before[0] * before[1] * PARTS_PER_MILLION ** 2n;
}
