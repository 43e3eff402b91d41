/**
 * Owns the default bounds of the mempool; config.toml `[mempool]` overrides those that have a name there.
 */

/** Transactions waiting at most (`size`, CometBFT's default). */
export const maximumTransactions = 5_000;
/** Bytes of waiting transactions together (`max_txs_bytes`; CometBFT allows 1 GiB, which 1 GB machines do not have). */
export const maximumTransactionsBytes = 32 * 1024 * 1024;
/** Bytes of one transaction (`max_tx_bytes`; CometBFT allows 1 MiB, of which 32 would fill the mempool). */
export const maximumTransactionBytes = 64 * 1024;
/** Waiting transactions of one signer (`max_txs_per_sender`, a setting of our own; CometBFT does not know senders). */
export const maximumPerSigner = 16;
/** Hashes remembered, so that a transaction is not checked twice (`cache_size`, CometBFT's default). */
export const cacheSize = 10_000;
/** Blocks a transaction may wait before it is dropped (`ttl-num-blocks`; 0 keeps it for ever). */
export const timeToLiveBlocks = 100n;
/** How long a transaction may wait before it is dropped (`ttl-duration`; 0 keeps it for ever). */
export const timeToLiveMs = 0;
/** Time given to rechecking after a block without a pause, in slices of `recheckSliceMs`; the rest has pauses in between. */
export const recheckBudgetMs = 200;
/** Length of one slice of rechecking, so that votes and sockets are served in between. */
export const recheckSliceMs = 20;
/** Pause between two slices once the budget is used up. */
export const recheckPauseMs = 40;
/** Bytes of transactions of peers on their way to a check; more are dropped and come again by other peers. */
export const peerBacklogBytes = 4 * 1024 * 1024;
/** The same of clients; more are told that the node is busy. */
export const clientBacklogBytes = 8 * 1024 * 1024;
/** What a forged signature counts against the peer that sent it, about what finding it out cost. */
export const forgedCheckMs = 0.5;
/** Worker threads for signatures at most; one core stays with the main thread. */
export const maximumVerifyWorkers = 4;
/** Transactions arriving together from which on workers verify their signatures. */
export const verifyAheadFrom = 4;
/** Signatures in one message to a worker: enough to make the message free, few enough to share the work. */
export const verifyBatchSignatures = 32;
/** Transactions with workers at once; more are verified by the main thread as they come. */
export const maximumVerifyBacklog = 4_096;
