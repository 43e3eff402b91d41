/** Every bound of the exchange of data blocks, with its reason. It owns numbers only. */

/** Longest block: a sealed record of the longest text (modules/datanet/limits.ts, 16 MiB) with its head and tag, and room to spare. Bytes. */
export const MAX_BLOCK_BYTES = (1 << 24) + 4_096;
/** A block travels in slices of this length, so that votes on the same stream wait for little. Bytes. */
export const SLICE_BYTES = 131_072;
/** Blocks asked about in one question. */
export const MAX_DIGESTS_ASKED = 256;
/** Questions about blocks, and slices, that one peer may ask a second; and the bytes of slices it gets. */
export const HAVES_PER_SECOND = 10;
export const WANTS_PER_SECOND = 64;
export const WANT_BYTES_PER_SECOND = 4 * 1_048_576;
/** Bytes of slices a second for all peers together: what is left of a line of 100 Mbit/s is the chain's. */
export const SERVED_BYTES_PER_SECOND = 8 * 1_048_576;
/** A peer that has not answered by then is passed over. */
export const HAVE_TIMEOUT_MS = 5_000;
export const WANT_TIMEOUT_MS = 10_000;
/** Blocks fetched at once. */
export const MAX_FETCHES_AT_ONCE = 4;
/** Blocks found whole in this process are not hashed again for every slice; so many are remembered. */
export const MAX_REMEMBERED_WHOLE = 4_096;
/** What was being written when a process ended is removed after this time: another process may be writing meanwhile. */
export const STALE_INCOMING_MS = 3_600_000;
/** Records looked up in one turn of following a datanet, and the pause between two turns in which nothing was new. */
export const FOLLOW_PAGE = 200;
export const FOLLOW_INTERVAL_MS = 5_000;
/** Followed records whose blocks nobody had yet: so many are remembered and asked for again, the longest-waiting first. */
export const MAX_AWAITED_BLOCKS = 10_000;
export const AWAITED_RETRY_MS = 60_000;
/** Header of a CAR file: its roots. Bytes. */
export const MAX_CAR_HEADER_BYTES = 65_536;
/** Records in one manifest, which must fit a block. */
export const MAX_MANIFEST_RECORDS = 65_536;
/** How deep lists and maps may stand in one another in a CBOR block. */
export const MAX_CBOR_DEPTH = 16;
