// Owns: the named limits of the application.

/** Longest transaction that is decoded at all, bytes; CometBFT's mempool default (max_tx_bytes) is the same. */
export const MAX_TX_BYTES = 1_048_576;

/** Largest gas limit a transaction may ask for (cosmos-sdk types/tx MaxGasWanted, 2^63 − 1). */
export const MAX_GAS_WANTED = 2n ** 63n - 1n;

/** Most messages in one transaction: bounds the work before gas is known. */
export const MAX_MESSAGES = 1_000;

/** Deepest nesting of multisig keys inside multisig keys. */
export const MAX_MULTISIG_DEPTH = 4;

/** Verified signatures remembered between CheckTx and FinalizeBlock; the oldest are forgotten first. */
export const MAX_SIGNATURE_FACTS = 100_000;

/** Gas a query may consume (`query-gas-limit`): bounds an abusive one. */
export const MAX_QUERY_GAS = 100_000_000n;

/** Longest path of an ABCI query, bytes. */
export const MAX_QUERY_PATH_BYTES = 1_024;

/** Most members of one multisig key. */
export const MAX_MULTISIG_KEYS = 1_024;

/** Decoded transactions remembered, by number and by the bytes they came from (decoded, about four times as many). */
export const MAX_CACHED_TXS = 20_000;
export const MAX_CACHED_TX_BYTES = 8_388_608;

/** How long an unordered transaction may wait for its block, nanoseconds (x/auth/ante, DefaultMaxTimeoutDuration: ten minutes). */
export const MAX_UNORDERED_NANOSECONDS = 600_000_000_000n;

/** What an unordered transaction pays for being remembered and forgotten (x/auth/ante, DefaultUnorderedTxGasCost). */
export const UNORDERED_TX_GAS = 2_240n;

/** Gas that deducting a fee of one coin takes, about: charged in a simulation whose transaction names no fee yet. */
export const SIMULATED_FEE_GAS = 15_000n;

/** Full validator sets are written to the state where they change and at every multiple of this height; others follow from them. */
export const VALIDATOR_RECORD_INTERVAL = 1_000n;

/**
 * Keys that a genesis changes before they enter the trees as a piece of their own. The shape of the trees depends on it, and
 * so the app hash of every chain with a genesis that is larger: it cannot be changed.
 */
export const GENESIS_PIECE_CHANGES = 20_000;
