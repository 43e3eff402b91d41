// Owns: what the store needs from outside, and what it hands out. Does not own any implementation of them.

import type { StoreName } from "./limits.ts";

/** One record to put (or, without a value, to delete) in the node's single atomic batch of a block. */
export interface StateWrite {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Reads one record as it stands on disk, synchronously (LevelDB's `getSync`). Throws when the disk fails. */
export interface RecordSource {
  get(key: Uint8Array): Uint8Array | undefined;
}

/** Reads the value that a tree's leaf stands for: the one written to `key` of `store` at version `leafVersion`. */
export interface StateReader {
  read(store: StoreName, key: Uint8Array, leafVersion: bigint): Uint8Array | undefined;
}
