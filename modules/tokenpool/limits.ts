/** Owns the named limits of the tokenpool module. */

/** Shares of every pool that nobody can redeem: they make it costly to lift the price of one share (Uniswap v2). */
export const MINIMUM_SHARES = 1000n;

/** Fees are counted in parts of this. */
export const PARTS_PER_MILLION = 1_000_000n;

/** The highest fee the parameters may set, in parts per million: ten per cent. */
export const MAX_FEE_PPM = 100_000;

/** The smallest protocol's part is one in this many. */
export const MAX_PROTOCOL_FEE_PART = 1000;

/** The largest reserve: prices times 2^112 then have at most 224 bits, and their sums over seconds wrap as Uniswap v2's. */
export const MAX_RESERVE = (1n << 112n) - 1n;

/** Binary places of a price in the sums. */
export const PRICE_BITS = 112n;

/** Sums of prices are counted modulo two to this. */
export const SUM_BITS = 256n;

/** How long one slot of observations is, in seconds. */
export const SLOT_SECONDS = 300n;

/** The longest time an average can be asked for, in seconds: two days. */
export const MAX_WINDOW_SECONDS = 172_800n;

/** The shortest time that a module may average over to decide anything, in seconds: half an hour. */
export const MIN_DECISION_SECONDS = 1800n;

/** Old observations that one new one removes at most: more than it adds, so that they come to an end. */
export const MAX_PRUNED = 2;

/** Pools that one swap may go through. */
export const MAX_HOPS = 4;

/** Pools of one denomination, the deepest first, that a search for a route looks at. */
export const MAX_NEIGHBOURS = 16;

/** Orders of one pool, and of all pools, that one block takes. */
export const MAX_ORDERS_PER_POOL = 64;
export const MAX_ORDERS_PER_BLOCK = 512;

/** Gas of an order: its settlement at the end of the block is paid here. */
export const GAS_PER_ORDER = 60_000n;

/** The name of a creator token. */
export const TOKEN_NAME = /^[a-z][a-z0-9.-]{2,31}$/;

/** The highest rate of a creator token, and the most units of one. */
export const MAX_RATE = (1n << 64n) - 1n;
export const MAX_TOKEN_SUPPLY = (1n << 128n) - 1n;

/** Units of a creator token that its rate is the price of. */
export const RATE_UNITS = 1_000_000n;
