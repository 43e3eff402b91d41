/**
 * Owns the division of a stream of revenue among shares without visiting them: one number grows by what one share earned,
 * in units of 2^-64, and each holder compares it with where it stood before. It does not own the shares
 * (modules/model/keeper/backing.ts, modules/attribution/keeper/version-pools.ts).
 */

const SCALE_BITS = 64n;

/** Revenue of one share since the beginning, times 2^64, and what could not be divided yet, times 2^64. */
export interface Accumulated {
  readonly accumulator: bigint;
  readonly remainder: bigint;
}

/**
 * Adds `amount` for `shares` to divide: acc += ⌊(A·2^64 + rem) / W⌋, carrying what is left. What all holders can take
 * together is never more than what was added. Throws without shares: the caller has another use for the amount.
 */
export function accumulate(before: Accumulated, amount: bigint, shares: bigint): Accumulated {
  if (shares <= 0n) throw new Error("there are no shares to divide by");
  const scaled = (amount << SCALE_BITS) + before.remainder;
  return { accumulator: before.accumulator + scaled / shares, remainder: scaled % shares };
}

/** Keeps an amount for shares that are to come: it is divided with the next. */
export function held({ accumulator, remainder }: Accumulated, amount: bigint): Accumulated {
  return { accumulator, remainder: (amount << SCALE_BITS) + remainder };
}

/** What a remainder comes to in whole units. */
export function wholeOf(remainder: bigint): bigint {
  return remainder >> SCALE_BITS;
}

/** What `shares` earned between two states of the accumulator, rounded down. */
export function earnedBetween(from: bigint, to: bigint, shares: bigint): bigint {
  return ((to - from) * shares) >> SCALE_BITS;
}

/**
 * Whether amounts that sum to `received` lead to this state, all divided by the same number of shares but for those that have
 * left; `left` is what these had earned, times 2^64. Without shares all that came in since waits as remainder.
 */
export function countsExactly(
  { accumulator, remainder }: Accumulated,
  received: bigint,
  shares: bigint,
  left = 0n,
): boolean {
  const isDivided = shares === 0n || remainder < shares;
  return isDivided && remainder >= 0n && accumulator * shares + left + remainder === received << SCALE_BITS;
}
