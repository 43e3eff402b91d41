/** Owns the bounds of the engine. It holds no behaviour. */

/** Tokens of one segment of an index at most, unless one record alone has more. */
export const MAX_SEGMENT_TOKENS = 1 << 20;

/** Bytes of segments that an index keeps in memory unless told otherwise: ten segments of source code. */
export const DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024;

/** Largest file that is taken for a record's text, in bytes: what a record may have. */
export const MAX_RECORD_FILE_BYTES = 1 << 24;

/** Records asked of a node at a time. */
export const RECORDS_PER_PAGE = 500n;
