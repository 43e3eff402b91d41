/**
 * Owns the default bounds of the mempool; config.toml `[mempool]` overrides them.
 */

/** Transactions waiting at most (`size`, CometBFT's default). */
export const maximumTransactions = 5_000;
/** Bytes of waiting transactions together (`max_txs_bytes`; CometBFT allows 1 GiB, which 1 GB machines do not have). */
export const maximumTransactionsBytes = 32 * 1024 * 1024;
/**
 * Bytes of one transaction (`max_tx_bytes`). CometBFT's 1 MiB would not fit a frame of our peer protocol with its
 * framing, nor, in base64, an RPC body of 1 MB; half of it fits both.
 */
export const maximumTransactionBytes = 512 * 1024;
/** Hashes remembered, so that a transaction is not checked twice (`cache_size`, CometBFT's default). */
export const cacheSize = 10_000;
/** Blocks a transaction may wait before it is dropped (`ttl-num-blocks`; 0 keeps it for ever). */
export const timeToLiveBlocks = 600n;
/** Time given to rechecking at once after a block; the rest follows in slices of `recheckSliceMs`. */
export const recheckBudgetMs = 100;
/** Length of one later slice of rechecking, so that sockets are served in between. */
export const recheckSliceMs = 20;
/** Transactions of peers that wait while a block becomes durable; more are dropped and come again by other peers. */
export const peerBacklogTransactions = 2_000;
/** Transactions arriving together from which on workers verify their signatures. */
export const verifyAheadFrom = 4;
/** Signatures in one message to a worker: enough to make the message free, few enough to share the work. */
export const verifyBatchSignatures = 32;
/** Transactions with workers at once; more are verified by the main thread as they come. */
export const maximumVerifyBacklog = 4_096;
