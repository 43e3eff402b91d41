/** Owns the named limits of the tokenpool module. */

/** Shares of every pool that nobody can redeem: they make it costly to lift the price of one share (Uniswap v2). */
export const MINIMUM_SHARES = 1000n;

/** Fees are counted in parts of this. */
export const PARTS_PER_MILLION = 1_000_000n;

/** The highest fee the parameters may set, in parts per million: ten per cent. */
export const MAX_FEE_PPM = 100_000;
