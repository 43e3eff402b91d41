/** Every bound of snapshots, state sync and block sync, with its reason. It owns numbers only. */

/** Largest chunk of a snapshot, made or accepted. CONSENSUS A7; the SDK's are 10 MB, which is long for a phone's link. Bytes. */
export const MAX_SNAPSHOT_CHUNK_BYTES = 4 * 1_048_576;
