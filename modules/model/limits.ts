/** Owns the named limits of the model module. Lengths of text are in UTF-8 bytes. */

export const MAX_NAME_BYTES = 64;

export const MAX_URI_BYTES = 512;

/** Datanet versions one model may name. */
export const MAX_LINEAGE = 16;

/** Length of a SHA-256 hash, in bytes. */
export const HASH_BYTES = 32;
