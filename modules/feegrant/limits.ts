// Owns: the named limits of feegrant.

/** Expired allowances that the end of one block removes at most. */
export const MAX_PRUNED_PER_BLOCK = 200;

/** Expired allowances that one MsgPruneAllowances removes at most. */
export const MAX_PRUNED_PER_MESSAGE = 75;

/** Gas of looking at one allowed message, and at one message of the transaction. */
export const MESSAGE_CHECK_GAS = 10n;

/** How deep allowances may lie inside allowances. */
export const MAX_ALLOWANCE_DEPTH = 8;
