// Owns: the named limits of module definitions.

/** Deepest chain of nested messages that a signer path or a branch may follow. */
export const MAX_SIGNER_DEPTH = 8;

/** Deepest nesting of `attempt` in a handler. */
export const MAX_BRANCH_DEPTH = 32;

/** How deep messages may lie inside messages when a module runs them (a proposal's authz grant's message is the third). */
export const MAX_DISPATCH_DEPTH = 4;

/** Items of a list of a genesis that are parsed together, and the bytes of their text, about. */
export const GENESIS_BATCH_ITEMS = 512;
export const GENESIS_BATCH_BYTES = 1_048_576;
