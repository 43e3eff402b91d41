/** Owns the bounds of the engine. It holds no behaviour. */

/** Tokens of one segment of an index at most, unless one record alone has more. */
export const MAX_SEGMENT_TOKENS = 1 << 20;

/** Bytes of segments that an index keeps in memory unless told otherwise: ten segments of source code. */
export const DEFAULT_MEMORY_BYTES = 256 * 1024 * 1024;

/** Largest file that is taken for a record's text, in bytes: what a record may have. */
export const MAX_RECORD_FILE_BYTES = 1 << 24;

/** How long a folder of texts is not looked through again, in milliseconds. */
export const FOLDER_PAUSE_MS = 5000;

/** Records asked of a node at a time. */
export const RECORDS_PER_PAGE = 500n;

/** Largest published body of a batch that is read, in bytes. */
export const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** How long fetching a body may take, in milliseconds. */
export const BODY_TIMEOUT_MS = 30_000;

/** Batches asked of a node at a time. */
export const BATCHES_PER_PAGE = 100n;

/** Challenges that a watcher tries against one batch before it leaves it to others. */
export const MAX_ATTEMPTS_PER_BATCH = 8;

/** Records that a watcher leaves aside in one use, because the chain would not count them, before it lets it be. */
export const MAX_RECORDS_ASIDE = 64;

/** Pieces of one answer that are tried for a dispute about a lineage, the longest ones. */
export const MAX_WORDS_TRIED = 64;

/** Uses that a watcher of lineages waits with for texts; then the oldest are let be. */
export const MAX_WAITING_USES = 10_000;

/** How long texts of a use, or what else it waits for, are not asked for again, in milliseconds. */
export const WAITING_PAUSE_MS = 60_000;

/** Disputes asked of a node at a time. */
export const DISPUTES_PER_PAGE = 100n;

/** Uses asked of a node at a time. */
export const USES_PER_PAGE = 100n;

/** Earlier records that one record is compared with as a near-copy, and places of each that are tried. */
export const MAX_COPY_CANDIDATES = 64;
export const MAX_PROBE_PLACES = 1024;

/** The largest message that challenges a record or a segment, in bytes. */
export const MAX_CHALLENGE_BYTES = 8192;

/** The longest message that shows contested places, in bytes: with its signature and fee the transaction has 8 KB at most. */
export const MAX_SHOWN_BYTES = 7600;

/** Segments asked of a node at a time, and queries that are on their way at once. */
export const SEGMENTS_PER_PAGE = 100n;
export const QUERIES_AT_ONCE = 8;

/** Records that came between a commitment and its reveal, with which the revealed one is compared. */
export const MAX_OVERTAKERS = 4096;

/** Answers of demands sent in one transaction: each shows two chunks at most, with their hashes. */
export const ANSWERS_PER_TX = 16;

/** Segments whose texts are kept while they are disputed. */
export const MAX_DISPUTED_SEGMENTS = 2;

/** Demands of a watcher that may wait or be lost, unless it is told what its bonds may come to. */
export const DEFAULT_DEMANDS = 20n;
