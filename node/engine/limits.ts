// Bounds of the engine: file records, buffers and waits. Owns numbers only.

/**
 * One record of the write-ahead log, payload only. A block is logged part by part, and a part has 64 KiB; a vote may carry
 * an extension of 1 MiB.
 */
export const MAX_LOG_RECORD_BYTES = 2 * 1024 * 1024;

/** One record of the sign journal, payload only: a signature, and with it perhaps a lock's polka and block. */
export const MAX_JOURNAL_RECORD_BYTES = 128 * 1024 * 1024;

/**
 * Bytes checksummed in search of a good record behind a bad one. A random place in a file hardly ever looks like a record,
 * but what peers sent stands in these files too, and may be made to: beyond this the rest counts as damage.
 */
export const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

/** The sign journal starts a new file, with the first signature of a new height, once it is larger than this. */
export const JOURNAL_REWRITE_BYTES = 1024 * 1024;

/** Write-ahead log files kept: the height in progress and the one before it. */
export const LOG_FILES_KEPT = 2;

/** Older ones are removed at a start and then this many heights apart: removing one file costs about as much as an fsync. */
export const LOG_REMOVAL_HEIGHTS = 8;

/** Torn tails and damaged logs kept for whoever wants to look at them, the newest. */
export const SET_ASIDE_FILES_KEPT = 8;

/** Messages held for the height after this one. They are verified before they are held. */
export const MAX_BUFFERED_MESSAGES = 500;

/** A timer this late means that the process was suspended: peers are asked first, then the timeout counts. */
export const LATE_TIMER_MS = 5_000;

/** How often a key that must wait before its first signature looks whether it still must. */
export const LISTENING_POLL_MS = 100;

/** How long peers have to answer after a suspension. */
export const RESUME_GRACE_MS = 1_000;

/** Messages waiting for the driver. More are refused as "ignored": the peer's own quota is the real bound. */
export const MAX_QUEUED_MESSAGES = 10_000;

/** Pieces of evidence waiting to be put into a block. */
export const MAX_PENDING_EVIDENCE = 100;

/** How often evidence that waits for a block is told to peers again. */
export const EVIDENCE_RESEND_MS = 10_000;

/** Blocks held for one height: proposals of recent rounds, the locked and the valid one. Older ones are asked for again. */
export const MAX_HELD_BLOCKS = 16;
