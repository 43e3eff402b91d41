/**
 * Owns the bounds and fixed numbers of storage.
 */

/** The layout of the database. A folder written with another number is refused, never converted silently. */
export const schemaNumber = 1;
/** Full validator sets are stored where they change and at every multiple of this height; others are derived. */
export const validatorCheckpointInterval = 1_000n;
/** Heights removed in one batch when the retention height jumps, so that no commit takes long. */
export const prunedHeightsPerBlock = 100n;
/** Bytes of an attribute value beyond which it is not indexed. */
export const maximumIndexedValueBytes = 4_096;
/** Rows read from the index in one step of a search; the event loop runs in between. */
export const searchBatchRows = 1_000;
/** Free bytes on the data disk below which new transactions are refused. */
export const lowDiskBytes = 512 * 1024 * 1024;
/** Free bytes below which the node stops cleanly. */
export const stopDiskBytes = 128 * 1024 * 1024;
/** Searches of the index that run at once; each may hold as many rows as a search may read (node/rpc/limits.ts). */
export const searchesAtOnce = 2;
/** Searches that wait for their turn; more are refused. */
export const searchesWaiting = 32;
/** Bytes of tables that are read for damage before the database opens: about a tenth of a second. The others follow while it is in use. */
export const tableBytesAtStart = 16 * 1024 * 1024;
/** How many times as long as it takes to read some of a table the reading then rests. */
export const tableCheckPause = 20;
/** Bytes of the application's records that are written together where a genesis has more than one batch should hold. */
export const applicationBatchBytes = 4 * 1024 * 1024;
