// Owns: the named limits of authz.

/** How deep one MsgExec may lie in another: the outermost is the first. */
export const MAX_EXEC_DEPTH = 2;

/** Messages that one MsgExec may run, those of a MsgExec inside it and that MsgExec itself counted. */
export const MAX_EXEC_MESSAGES = 16;

/** Expired grants' queue entries that the beginning of one block removes at most; what is left over cannot be used. */
export const MAX_PRUNED_PER_BLOCK = 200;

/** Gas of looking at one entry of an allow or deny list. */
export const LIST_CHECK_GAS = 10n;

/** Gas of looking at one message type in the queue. */
export const QUEUE_CHECK_GAS = 20n;
