// Owns: the named limits of bank.

/** Most receivers of one multi-send: bounds the work of one message beside its gas. */
export const MAX_MULTI_SEND_OUTPUTS = 10_000;
