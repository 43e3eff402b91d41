// Owns: gov's numbers that are not parameters, with their source.

/** The longest metadata of a proposal or vote, and the longest title, in bytes (x/gov/types/config.go). */
export const MAX_METADATA_BYTES = 255;
/** The longest summary, in bytes. */
export const MAX_SUMMARY_BYTES = 40 * MAX_METADATA_BYTES;
/** The longest title and description of an old kind of content, in bytes (x/gov/types/v1beta1/proposal.go). */
export const MAX_CONTENT_TITLE_BYTES = 140;
export const MAX_CONTENT_DESCRIPTION_BYTES = 10_000;
/** Submitting writes a proposal three times over before it is voted on, and is charged for that (x/gov/keeper/msg_server.go). */
export const PROPOSAL_WRITES = 3n;
/**
 * Gas that the messages of one proposal may take when it passed. Nobody pays for it and the SDK has no bound; this one keeps one proposal from
 * holding up a block for more than seconds.
 */
export const PROPOSAL_GAS = 500_000_000n;
