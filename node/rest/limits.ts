/**
 * Owns the bounds of the REST server. Sizes are bytes, times milliseconds.
 */

/** Bytes of a posted body. */
export const maximumBodyBytes = 1_000_000;
/** Characters of a path with its query. */
export const maximumUrlLength = 16_384;
/** Time a client has to send its request. */
export const requestTimeoutMs = 10_000;
/** Bytes of one static file; larger ones are not part of the page. */
export const maximumStaticFileBytes = 4 * 1024 * 1024;
