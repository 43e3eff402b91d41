// Owns every bound of contributing a folder. It holds no behaviour.

/** Files of one folder: their proofs make a certificate of about 2 KB each. */
export const maxFiles = 20_000;
/** Records in one transaction, beyond those of one message; more when a block holds less gas is halved. */
export const maxRecordsPerTx = 512;
/** What simulated gas is multiplied by when --gas-adjustment says nothing: the state grows between the two. In hundredths. */
export const gasAdjustmentPercent = 130n;
/** Queries about files under way at once. */
export const queriesAtOnce = 8;
/** How long a transaction may take into a block, and how often the node is asked. Milliseconds. */
export const inclusionTimeoutMs = 120_000;
export const pollMs = 250;
/** Largest certificate that is read, in bytes. */
export const maxCertificateBytes = 256 * 1024 * 1024;
