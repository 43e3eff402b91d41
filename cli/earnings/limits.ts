// Owns every bound of telling what an account earned. It holds no behaviour.

/** Most transactions, and rows of a query, that a node gives at once. */
export const pageRows = 100;
/** Records of the account that are asked about for what their bytes have earned; the newest first. */
export const maxRecords = 1_000;
/** Versions of a datanet that one record is asked about. */
export const maxVersions = 100n;
/** Queries under way at once. */
export const queriesAtOnce = 8;
