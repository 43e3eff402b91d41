// Bounds on what the consensus machine will hold. Owns numbers only; the network's own quotas stand in node/p2p.

/** A round has one proposal; a second one signed by the same proposer is kept as well, further ones are dropped. */
export const MAX_PROPOSALS_PER_ROUND = 2;

/**
 * Rounds above the next one in which one validator's votes are held. The highest are kept: a correct validator's newest
 * rounds are what a node that lags must see to skip ahead (arXiv 1807.04938, line 55).
 */
export const MAX_FUTURE_ROUNDS_PER_VALIDATOR = 2;

/** Rounds are int32 on the wire. */
export const MAX_ROUND = 0x7fff_ffff;

/** No timeout grows beyond this, however many rounds have failed. Milliseconds. */
export const MAX_TIMEOUT_MS = 60_000;
