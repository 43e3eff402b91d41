// Owns the bounds of genesis building and checking.

/** Longest chain id, in bytes of UTF-8 (CometBFT types/genesis.go). */
export const maxChainIdBytes = 50;
/** Most genesis transactions in one document. */
export const maxGenesisTransactions = 10_000;
/** Most problems reported at once. */
export const maxReportedProblems = 20;
