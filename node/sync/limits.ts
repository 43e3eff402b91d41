/** Every bound of snapshots, state sync and block sync, with its reason. It owns numbers only. */

/** Largest chunk of a snapshot, made or accepted. CONSENSUS A7; the SDK's are 10 MB, which is long for a phone's link. Bytes. */
export const MAX_SNAPSHOT_CHUNK_BYTES = 4 * 1_048_576;
/** Most chunks a snapshot may have: with the chunk's bound, 16 GiB. A manifest that names more is refused (CONSENSUS A7). */
export const MAX_SNAPSHOT_CHUNKS = 4_096;
/** Longest metadata a peer may describe a snapshot with: the hashes of all chunks, each with its tag and length. Bytes. */
export const MAX_SNAPSHOT_METADATA_BYTES = MAX_SNAPSHOT_CHUNKS * 34;
/** Bytes a snapshot may unfold to: a small one must not fill the disk. */
export const MAX_RESTORED_BYTES = 64 * 1_073_741_824;
/** Records of a state being restored that are written in one batch. Bytes. */
export const RESTORE_BATCH_BYTES = 4 * 1_048_576;
/** Snapshots a node tells a peer of and takes note of from one peer, the newest first (CometBFT's recentSnapshots). */
export const MAX_SNAPSHOTS_TOLD = 10;
/** Snapshots found false that are remembered, each by 32 bytes. */
export const MAX_REJECTED_SNAPSHOTS = 1_000;
/** Bytes of chunks sent to one peer a second: two chunks, so that serving them leaves room for votes. */
export const CHUNK_BYTES_PER_SECOND = 2 * MAX_SNAPSHOT_CHUNK_BYTES;
/** How often, and how many times, a header is asked for that a server does not have yet. */
export const LIGHT_POLL_MS = 500;
export const MAX_LIGHT_POLLS = 20;
/** Questions for blocks that are open at once, over all peers, and at one peer (CONSENSUS A7: five in parallel). */
export const MAX_BLOCK_QUESTIONS = 5;
export const MAX_BLOCK_QUESTIONS_PER_PEER = 3;
/** Blocks fetched ahead of the one being executed. */
export const MAX_BLOCKS_AHEAD = 50;
/** Bytes of blocks that wait to be executed; beyond it nothing more is asked for. */
export const MAX_WAITING_BLOCK_BYTES = 64 * 1_048_576;
/** How long a peer that did not deliver what it claims is neither asked nor believed. */
export const DOUBT_MS = 30_000;
/** A validator without which no block can be made believes that it is behind only while blocks really come. */
export const DELIVERY_PROOF_MS = 10_000;
/** A node that was level with its peers so lately, and lacks no more blocks than these, keeps up: it takes transactions. */
export const SLIGHTLY_BEHIND_BLOCKS = 10;
export const SLIGHTLY_BEHIND_MS = 5_000;
/** Chunks that one peer may fail to send before it is asked for no more of them. */
export const MAX_CHUNK_FAILURES = 3;
/** Headers from before a snapshot that are fetched at most, for evidence: two days of a block every 0.35 s, and some 300 MB. */
export const MAX_PAST_HEADERS = 500_000;
/** Pages of such headers asked for at once. */
export const PAST_PAGES_AHEAD = 4;
/** How often a server may fail to give such a page before it is asked no more. */
export const MAX_PAST_FAILURES = 3;
/** Such headers written in one batch. */
export const PAST_BATCH_HEADERS = 1_000;
