/** Owns the named limits of the datanet module. Lengths of text are in UTF-8 bytes. */

/** A datanet's name: the part of a client's configuration that people type. */
export const DATANET_NAME = /^[a-z][a-z0-9-]{2,63}$/;

/** An SPDX expression is rarely longer. */
export const MAX_LICENCE_BYTES = 128;

export const MAX_TERMS_BYTES = 512;

/** A record's name, a path or an address. */
export const MAX_RECORD_NAME_BYTES = 256;

/** Curators, and likewise validators, of one datanet. */
export const MAX_ROLE_MEMBERS = 16;

/** Records in one message. */
export const MAX_RECORDS_PER_MESSAGE = 128;

/** The longest text, in bytes: 16 MiB. Proofs count on it (modules/attribution/limits.ts, MAX_PATH_HASHES). */
export const MAX_RECORD_BYTES = 1n << 24n;

/** Length of a SHA-256 hash and of a text root, in bytes. */
export const HASH_BYTES = 32;
