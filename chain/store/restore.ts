// Owns: rebuilding the trees of every kept version from their records, and refusing records that do not agree with the
// program or with each other. Does not own what is done with the trees (multistore.ts).

import type { Hasher } from "../types/hash.ts";
import { RecordError } from "./byte-stream.ts";
import { readTree } from "./checkpoint.ts";
import { appHashOf } from "./commit-info.ts";
import { NodeArena } from "./iavl/arena.ts";
import { NodeHasher } from "./iavl/hashing.ts";
import { IavlTree } from "./iavl/tree.ts";
import type { StoreName } from "./limits.ts";
import type { RecordSource } from "./ports.ts";
import {
  type Checkpoint,
  checkpointKey,
  chunkKey,
  decodeCheckpoint,
  decodeFormat,
  decodeHead,
  decodeVersion,
  formatKey,
  type Head,
  headKey,
  STORE_SCHEMA,
  versionKey,
} from "./records.ts";

/** The records on disk cannot be this program's state: another format, other stores, or damage. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/** Everything the multistore starts from. */
export interface RestoredState {
  /** The version of the first commit: as recorded, else as asked for, else 1. */
  readonly initialVersion: bigint;
  readonly arena: NodeArena;
  readonly hasher: NodeHasher;
  /** One tree per store, stores in byte order. */
  readonly trees: readonly IavlTree[];
  /** `undefined` before the first commit. */
  readonly head: Head | undefined;
  readonly checkpoint: Checkpoint | undefined;
  /** Number of changes of each version after the checkpoint. */
  readonly changeCounts: readonly number[];
}

/**
 * Reads the state. Throws StateError when the records do not fit together, or do not fit `stores` or the first version
 * asked for.
 */
export function restoreState(
  stores: readonly StoreName[],
  askedInitialVersion: bigint | undefined,
  records: RecordSource,
  hasher: Hasher,
): RestoredState {
  try {
    const formatRecord = records.get(formatKey);
    const headRecord = records.get(headKey);
    if ((formatRecord === undefined) !== (headRecord === undefined)) {
      throw new StateError("the state's first records are missing");
    }
    const initialVersion =
      formatRecord === undefined ? (askedInitialVersion ?? 1n) : checkFormat(formatRecord, stores, askedInitialVersion);
    const arena = new NodeArena();
    const origin = initialVersion - 1n;
    const nodeHasher = new NodeHasher(arena, hasher, origin);
    const trees = stores.map(() => new IavlTree(arena, nodeHasher));
    const state = { initialVersion, arena, hasher: nodeHasher, trees };
    if (headRecord === undefined) return { ...state, head: undefined, checkpoint: undefined, changeCounts: [] };
    const head = decodeHead(headRecord);
    if (head.latest < initialVersion || head.oldest > head.latest || head.oldest < initialVersion) {
      throw new StateError(`the state's head names impossible versions ${head.oldest} to ${head.latest}`);
    }
    const checkpoint = restoreCheckpoint(stores, origin, trees, arena, records, hasher);
    const from = checkpoint?.version ?? origin;
    if (from > head.oldest) throw new StateError(`checkpoint ${from} is newer than the oldest version ${head.oldest}`);
    const changeCounts = replay(stores, origin, from, head, trees, records, hasher);
    return { ...state, head, checkpoint, changeCounts };
  } catch (error) {
    if (error instanceof RecordError) throw new StateError(`the state is damaged: ${error.message}`);
    throw error;
  }
}

/** Gives the first version on record. */
function checkFormat(
  record: Uint8Array,
  stores: readonly StoreName[],
  askedInitialVersion: bigint | undefined,
): bigint {
  const format = decodeFormat(record);
  if (format.schema !== STORE_SCHEMA) {
    throw new StateError(
      `the data folder holds state of format ${format.schema}, this program reads format ${STORE_SCHEMA}: use the version that wrote it, or start from an empty folder`,
    );
  }
  if (format.stores.length !== stores.length || format.stores.some((store, i) => store !== stores[i])) {
    throw new StateError(
      `the data folder holds the stores ${format.stores.join(", ")}, this program mounts ${stores.join(", ")}`,
    );
  }
  const { initialVersion } = format;
  if (initialVersion < 1n || (askedInitialVersion !== undefined && askedInitialVersion !== initialVersion)) {
    throw new StateError(`the state begins at version ${initialVersion}, not at ${askedInitialVersion ?? 1n}`);
  }
  return initialVersion;
}

function restoreCheckpoint(
  stores: readonly StoreName[],
  origin: bigint,
  trees: readonly IavlTree[],
  arena: NodeArena,
  records: RecordSource,
  hasher: Hasher,
): Checkpoint | undefined {
  const record = records.get(checkpointKey);
  if (record === undefined) return undefined;
  const checkpoint = decodeCheckpoint(record);
  if (checkpoint.chunks.length !== stores.length) throw new StateError("the checkpoint is of other stores");
  for (const [storeIndex, tree] of trees.entries()) {
    const root = readTree(arena, chunksOf(checkpoint, storeIndex, records));
    tree.restore(root, Number(checkpoint.version - origin));
  }
  const hashes = trees.map((tree, i) => ({ name: stores[i]!, hash: tree.rootHash() }));
  if (!isSame(appHashOf(hashes, hasher), checkpoint.appHash)) {
    throw new StateError(
      `the checkpoint of version ${checkpoint.version} does not have the app hash it was written with`,
    );
  }
  return checkpoint;
}

function* chunksOf(checkpoint: Checkpoint, storeIndex: number, records: RecordSource): Generator<Uint8Array> {
  for (let chunk = 0; chunk < checkpoint.chunks[storeIndex]!; chunk++) {
    const bytes = records.get(chunkKey(checkpoint.version, storeIndex, chunk));
    if (bytes === undefined)
      throw new StateError(`a chunk of the checkpoint of version ${checkpoint.version} is missing`);
    yield bytes;
  }
}

/** Applies every version after `from`, checks each against its recorded hashes, and keeps those from `head.oldest` on. */
function replay(
  stores: readonly StoreName[],
  origin: bigint,
  from: bigint,
  head: Head,
  trees: readonly IavlTree[],
  records: RecordSource,
  hasher: Hasher,
): readonly number[] {
  const changeCounts: number[] = [];
  const indexOf = new Map(stores.map((store, i) => [store, i]));
  let appHash: Uint8Array | undefined;
  for (let version = from + 1n; version <= head.latest; version++) {
    const bytes = records.get(versionKey(version));
    if (bytes === undefined) throw new StateError(`the record of version ${version} is missing`);
    const record = decodeVersion(bytes, (value) => hasher.hash(value));
    let count = 0;
    for (const { name, hash, changes } of record.stores) {
      const tree = trees[indexOf.get(name) ?? -1];
      if (tree === undefined) throw new StateError(`version ${version} changes the unknown store ${name}`);
      tree.begin(Number(version - origin));
      tree.apply(changes);
      tree.save();
      count += changes.length;
      if (!isSame(tree.rootHash(), hash)) {
        throw new StateError(`store ${name} at version ${version} does not have the root it was committed with`);
      }
    }
    if (record.stores.length > 0 || appHash === undefined) {
      appHash = appHashOf(
        trees.map((tree, i) => ({ name: stores[i]!, hash: tree.rootHash() })),
        hasher,
      );
    }
    if (!isSame(appHash, record.appHash)) {
      throw new StateError(`version ${version} does not have the app hash it was committed with`);
    }
    const oldest = version < head.oldest ? version : head.oldest;
    for (const tree of trees) tree.prune(Number(oldest - origin));
    changeCounts.push(count);
  }
  return changeCounts;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
