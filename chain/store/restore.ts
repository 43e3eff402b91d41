// Owns: rebuilding the trees of every kept version from their records, and refusing records that do not agree with each
// other. Does not own what is done with the trees (multistore.ts), nor whether an upgrade may bring other stores
// (store-lists.ts).

import type { Hasher } from "../types/hash.ts";
import { RecordError } from "./byte-stream.ts";
import { readTree } from "./checkpoint.ts";
import { appHashOf, type StoreHash } from "./commit-info.ts";
import { NodeArena } from "./iavl/arena.ts";
import { NodeHasher } from "./iavl/hashing.ts";
import { IavlTree } from "./iavl/tree.ts";
import type { StoreName } from "./limits.ts";
import type { RecordSource } from "./ports.ts";
import {
  CHANGED_STORES_SCHEMA,
  type Checkpoint,
  checkpointKey,
  chunkKey,
  decodeCheckpoint,
  decodeFormat,
  decodeHead,
  decodeVersion,
  type Format,
  formatKey,
  formatOf,
  type Head,
  headKey,
  STORE_SCHEMA,
  type StoreChange,
  versionKey,
} from "./records.ts";
import { changeTo, inOrder, StoreLists } from "./store-lists.ts";

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
  /** Which stores there are at which version. */
  readonly lists: StoreLists;
  /** What the next version must change for the state to have the stores asked for. */
  readonly change: StoreChange | undefined;
  /** One tree per store there is, was or will be, stores in byte order. */
  readonly trees: ReadonlyMap<StoreName, IavlTree>;
  /** `undefined` before the first commit. */
  readonly head: Head | undefined;
  readonly checkpoint: Checkpoint | undefined;
  /** Number of changes of each version after the checkpoint. */
  readonly changeCounts: readonly number[];
}

/** What is read of the records, and what it is checked with. */
interface Reading {
  readonly lists: StoreLists;
  readonly origin: bigint;
  readonly trees: ReadonlyMap<StoreName, IavlTree>;
  readonly records: RecordSource;
  readonly hasher: Hasher;
}

/**
 * Reads the state. Throws StateError when the records do not fit together, or do not fit the first version asked for.
 * `stores` are in byte order.
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
    const format =
      formatRecord === undefined
        ? formatOf(askedInitialVersion ?? 1n, stores)
        : checkFormat(formatRecord, askedInitialVersion);
    const { initialVersion } = format;
    const lists = new StoreLists(format);
    const arena = new NodeArena();
    const origin = initialVersion - 1n;
    const nodeHasher = new NodeHasher(arena, hasher, origin);
    const trees = new Map(
      inOrder(new Set([...lists.all, ...stores])).map((name) => [name, new IavlTree(arena, nodeHasher)]),
    );
    const state = { initialVersion, arena, hasher: nodeHasher, lists, trees };
    if (headRecord === undefined) {
      return { ...state, change: undefined, head: undefined, checkpoint: undefined, changeCounts: [] };
    }
    const head = decodeHead(headRecord);
    if (head.latest < initialVersion || head.oldest > head.latest || head.oldest < initialVersion) {
      throw new StateError(`the state's head names impossible versions ${head.oldest} to ${head.latest}`);
    }
    if (format.changes.some(({ version }) => version > head.latest)) {
      throw new StateError(`the state's stores change after its latest version ${head.latest}`);
    }
    const reading = { lists, origin, trees, records, hasher };
    const checkpoint = restoreCheckpoint(reading, arena);
    const from = checkpoint?.version ?? origin;
    if (from > head.oldest) throw new StateError(`checkpoint ${from} is newer than the oldest version ${head.oldest}`);
    const changeCounts = replay(reading, from, head);
    return { ...state, change: changeTo(stores, lists.latest, head.latest + 1n), head, checkpoint, changeCounts };
  } catch (error) {
    if (error instanceof RecordError) throw new StateError(`the state is damaged: ${error.message}`);
    throw error;
  }
}

/** Gives the format on record. */
function checkFormat(record: Uint8Array, askedInitialVersion: bigint | undefined): Format {
  const format = decodeFormat(record);
  if (format.schema !== STORE_SCHEMA && format.schema !== CHANGED_STORES_SCHEMA) {
    throw new StateError(
      `the data folder holds state of format ${format.schema}, this program reads formats ${STORE_SCHEMA} and ${CHANGED_STORES_SCHEMA}: use the version that wrote it, or start from an empty folder`,
    );
  }
  const { initialVersion } = format;
  if (initialVersion < 1n || (askedInitialVersion !== undefined && askedInitialVersion !== initialVersion)) {
    throw new StateError(`the state begins at version ${initialVersion}, not at ${askedInitialVersion ?? 1n}`);
  }
  return format;
}

function restoreCheckpoint(
  { lists, origin, trees, records, hasher }: Reading,
  arena: NodeArena,
): Checkpoint | undefined {
  const record = records.get(checkpointKey);
  if (record === undefined) return undefined;
  const checkpoint = decodeCheckpoint(record);
  const stores = lists.at(checkpoint.version);
  if (checkpoint.chunks.length !== stores.length) throw new StateError("the checkpoint is of other stores");
  for (const [storeIndex, store] of stores.entries()) {
    const root = readTree(arena, chunksOf(checkpoint, storeIndex, records));
    trees.get(store)!.restore(root, Number(checkpoint.version - origin));
  }
  if (!isSame(appHashOf(hashesOf(trees, stores), hasher), checkpoint.appHash)) {
    throw new StateError(
      `the checkpoint of version ${checkpoint.version} does not have the app hash it was written with`,
    );
  }
  return checkpoint;
}

function hashesOf(trees: ReadonlyMap<StoreName, IavlTree>, stores: readonly StoreName[]): readonly StoreHash[] {
  return stores.map((name) => ({ name, hash: trees.get(name)!.rootHash() }));
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
function replay({ lists, origin, trees, records, hasher }: Reading, from: bigint, head: Head): readonly number[] {
  const changeCounts: number[] = [];
  let appHash: Uint8Array | undefined;
  let storesBefore = lists.at(from);
  for (let version = from + 1n; version <= head.latest; version++) {
    const bytes = records.get(versionKey(version));
    if (bytes === undefined) throw new StateError(`the record of version ${version} is missing`);
    const record = decodeVersion(bytes, (value) => hasher.hash(value));
    let count = 0;
    for (const { name, hash, changes } of record.stores) {
      const tree = trees.get(name);
      if (tree === undefined) throw new StateError(`version ${version} changes the unknown store ${name}`);
      tree.begin(Number(version - origin));
      tree.apply(changes);
      tree.save();
      count += changes.length;
      if (!isSame(tree.rootHash(), hash)) {
        throw new StateError(`store ${name} at version ${version} does not have the root it was committed with`);
      }
    }
    const stores = lists.at(version);
    if (record.stores.length > 0 || stores !== storesBefore || appHash === undefined) {
      appHash = appHashOf(hashesOf(trees, stores), hasher);
    }
    storesBefore = stores;
    if (!isSame(appHash, record.appHash)) {
      throw new StateError(`version ${version} does not have the app hash it was committed with`);
    }
    const oldest = version < head.oldest ? version : head.oldest;
    for (const tree of trees.values()) tree.prune(Number(oldest - origin));
    changeCounts.push(count);
  }
  return changeCounts;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
