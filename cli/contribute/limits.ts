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
/** Salt of a commitment, in bytes: nobody guesses it. */
export const saltBytes = 32;
/** Largest file of a pending contribution: 20,000 records of about 1.5 KB, in base64. Bytes. */
export const maxPendingBytes = 64 * 1024 * 1024;
/**
 * What revealing takes, reckoned for a quote: a transaction, a record, and a byte of its fingerprint. Measured are 41,000, 90,000 and 361,
 * raised here as simulated gas is. Gas.
 */
export const revealGasPerTx = 54_000n;
export const revealGasPerRecord = 117_000n;
export const revealGasPerByte = 470n;

/** Notices that one query asks for. */
export const noticesPerPage = 100n;
