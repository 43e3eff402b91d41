// Owns: the named limits of genutil.

/** Most genesis transactions: as many validators as a set can well begin with. */
export const MAX_GENESIS_TXS = 10_000;
