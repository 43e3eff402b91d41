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

/**
 * How far line 55 skips at once. Whose turn it is in a round takes as many steps as there are rounds up to it, so votes
 * of more than a third in round 2^31 would stop a node for hours. With the default timeouts, which reach their bound of
 * a minute, so many rounds take two years: no honest validator is further ahead than this. A quarter of a second for
 * 100 validators.
 */
export const MAX_ROUNDS_SKIPPED = 1_048_576;

/** Rounds behind the current one of which everything is held; of older ones only what can still matter. */
export const MAX_PAST_ROUNDS = 64;

/** Older rounds held because their prevotes were a polka for a block, which justifies proposing it again. */
export const MAX_PAST_POLKAS = 16;

/** No timeout grows beyond this, however many rounds have failed. Milliseconds. */
export const MAX_TIMEOUT_MS = 60_000;
