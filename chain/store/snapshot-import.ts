// Owns: building a state's records from the Cosmos SDK's snapshot stream: the trees, shape for shape, from their nodes, and
// from them the app hash, which alone says whether the stream was the right one. Source: cosmos-sdk store/rootmulti
// (Restore), cosmos/iavl import.go. Does not own decompression, files and the database (node/sync), nor the comparison
// with a hash that a light client verified.
//
// The stream comes from strangers: whatever it holds, this throws SnapshotError or gives an app hash, within bounds of
// memory, and writes nothing by itself.

import { compareBytes, concat } from "../../proto/bytes.ts";
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Hasher } from "../types/hash.ts";
import { writeTree } from "./checkpoint.ts";
import { appHashOf } from "./commit-info.ts";
import { NONE, NodeArena } from "./iavl/arena.ts";
import { NodeHasher } from "./iavl/hashing.ts";
import { IavlTree } from "./iavl/tree.ts";
import {
  IMPORT_BATCH_BYTES,
  IMPORT_BATCH_LEAVES,
  MAX_KEY_BYTES,
  MAX_RELATIVE_VERSION,
  MAX_SNAPSHOT_ITEM_BYTES,
  MAX_TREE_HEIGHT,
  type StoreName,
} from "./limits.ts";
import type { StateWrite } from "./ports.ts";
import {
  checkpointKey,
  chunkKey,
  encodeCheckpoint,
  encodeFormat,
  encodeHead,
  formatKey,
  formatOf,
  headKey,
  valueKey,
  valuePrefixOf,
} from "./records.ts";
import { inOrder } from "./store-lists.ts";

type Node = Messages["cosmos.store.snapshots.v1.SnapshotIAVLItem"];

/** The stream is not a state of this application: whoever handed it over is faulty, or runs another program. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** Which state is expected. */
export interface StateImportOptions {
  readonly stores: readonly StoreName[];
  readonly version: bigint;
  readonly initialVersion: bigint;
  /** A state whose trees take more memory is refused. */
  readonly memoryBudgetBytes?: number | undefined;
}

/** A finished subtree that waits for its parent. */
interface Subtree {
  readonly node: number;
  readonly firstKey: number;
}

const NOTHING = new Uint8Array(0);

/** A state being built. Feed it the stream, write down what it gives, then compare its app hash. */
export class StateImport {
  readonly #options: StateImportOptions;
  readonly #names: readonly StoreName[];
  readonly #hasher: Hasher;
  readonly #arena = new NodeArena();
  readonly #nodeHasher: NodeHasher;
  readonly #trees: IavlTree[] = [];
  readonly #relativeVersion: number;
  #prefix: Uint8Array = NOTHING;
  #stack: Subtree[] = [];
  #lastKey: Uint8Array | undefined;
  #leaves: number[] = [];
  #values: Uint8Array[] = [];
  #valueBytes = 0;
  #writes: StateWrite[] = [];
  /** What has arrived of an item whose rest has not, and how many bytes there must be before it is worth another look. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #neededBytes = 1;
  #isFinished = false;

  constructor(options: StateImportOptions, hasher: Hasher) {
    const { stores, version, initialVersion } = options;
    const relative = version - initialVersion + 1n;
    if (relative < 1n || relative > BigInt(MAX_RELATIVE_VERSION)) {
      throw new SnapshotError(`a snapshot of height ${version} cannot be of a chain that begins at ${initialVersion}`);
    }
    this.#options = options;
    this.#names = inOrder(stores);
    this.#hasher = hasher;
    this.#nodeHasher = new NodeHasher(this.#arena, hasher, initialVersion - 1n);
    this.#relativeVersion = Number(relative);
  }

  /** Takes the next bytes of the stream, cut anywhere, and gives the records they complete. Throws SnapshotError. */
  add(bytes: Uint8Array): readonly StateWrite[] {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes < this.#neededBytes) return [];
    const buffer = concat(...this.#waiting);
    let at = 0;
    let item = itemAt(buffer, at);
    for (; item !== undefined && item.end <= buffer.length; item = itemAt(buffer, at)) {
      this.#item(buffer.subarray(item.start, item.end));
      at = item.end;
    }
    this.#waiting = [buffer.subarray(at)];
    this.#waitingBytes = buffer.length - at;
    this.#neededBytes = item === undefined ? this.#waitingBytes + 1 : item.end - at;
    return this.#takeWrites();
  }

  /** Ends the stream. Throws SnapshotError when it is not whole. Then `appHash` and `finalRecords` can be asked for. */
  finish(): readonly StateWrite[] {
    if (this.#waitingBytes > 0) throw new SnapshotError("the snapshot ends within an item");
    this.#endStore();
    if (this.#trees.length !== this.#names.length) {
      throw new SnapshotError(
        `the snapshot holds ${this.#trees.length} stores, this program mounts ${this.#names.length}`,
      );
    }
    this.#isFinished = true;
    return this.#takeWrites();
  }

  /** The app hash of what was built. */
  get appHash(): Uint8Array {
    if (!this.#isFinished) throw new Error("the snapshot is not read to its end");
    return appHashOf(
      this.#trees.map((tree, i) => ({ name: this.#names[i]!, hash: tree.rootHash() })),
      this.#hasher,
    );
  }

  /** The records of the trees, for after the values: the state as of this version and of no other, as a checkpoint. */
  *finalRecords(): Generator<StateWrite, void, undefined> {
    const { version, initialVersion } = this.#options;
    const { appHash } = this;
    const chunks: number[] = [];
    for (const [index, tree] of this.#trees.entries()) {
      let count = 0;
      for (const { chunk } of writeTree(this.#arena, tree.root)) {
        if (chunk !== undefined) yield { key: chunkKey(version, index, count++), value: chunk };
      }
      chunks.push(count);
    }
    yield { key: checkpointKey, value: encodeCheckpoint({ version, chunks, appHash }) };
    yield { key: formatKey, value: encodeFormat(formatOf(initialVersion, this.#names)) };
    yield { key: headKey, value: encodeHead({ latest: version, oldest: version, partial: undefined }) };
  }

  #takeWrites(): readonly StateWrite[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  #item(bytes: Uint8Array): void {
    const item = decoded(bytes);
    if (item.store !== undefined) this.#beginStore(item.store.name);
    else if (item.iavl !== undefined) this.#node(item.iavl);
    else throw new SnapshotError("the snapshot holds an extension, and this application has none");
  }

  #beginStore(name: string): void {
    if (this.#prefix.length > 0) this.#endStore();
    const expected = this.#names[this.#trees.length];
    if (name !== expected) {
      throw new SnapshotError(
        expected === undefined
          ? `the snapshot goes on with store ${JSON.stringify(name.slice(0, 64))} after the last one`
          : `the snapshot has store ${JSON.stringify(name.slice(0, 64))} where this program mounts ${expected}`,
      );
    }
    this.#prefix = valuePrefixOf(name);
  }

  #endStore(): void {
    if (this.#prefix.length === 0) return;
    this.#hashLeaves();
    if (this.#stack.length > 1) throw new SnapshotError("a store of the snapshot has more than one root");
    const tree = new IavlTree(this.#arena, this.#nodeHasher);
    tree.restore(this.#stack[0]?.node ?? NONE, this.#relativeVersion);
    this.#trees.push(tree);
    this.#stack = [];
    this.#lastKey = undefined;
    this.#prefix = NOTHING;
  }

  #node({ key, value, version, height }: Node): void {
    if (this.#prefix.length === 0) throw new SnapshotError("the snapshot has a node before its store");
    const relative = version - this.#options.initialVersion + 1n;
    if (relative < 1n || relative > BigInt(this.#relativeVersion)) {
      throw new SnapshotError(`a node of the snapshot is of height ${version}`);
    }
    if (height === 0) this.#leaf(key, value, Number(relative), version);
    else this.#inner(key, value, Number(relative), height);
  }

  #leaf(key: Uint8Array, value: Uint8Array, relative: number, version: bigint): void {
    const isNext = this.#lastKey === undefined || compareBytes(this.#lastKey, key) < 0;
    if (key.length === 0 || key.length > MAX_KEY_BYTES || !isNext) {
      throw new SnapshotError("the keys of a store of the snapshot are not in order");
    }
    // Subtrees that wait lie beside one path from the root: more of them than a tree is high make no tree.
    if (this.#stack.length > MAX_TREE_HEIGHT) throw new SnapshotError("a tree of the snapshot is too deep");
    this.#lastKey = key;
    const keyId = this.#arena.keys.add(key);
    const leaf = this.#arena.newLeaf(keyId, relative, value.length);
    this.#stack.push({ node: leaf, firstKey: keyId });
    this.#leaves.push(leaf);
    this.#values.push(value);
    if (value.length > 0) this.#writes.push({ key: valueKey(this.#prefix, key, version), value });
    this.#valueBytes += value.length;
    if (this.#leaves.length >= IMPORT_BATCH_LEAVES || this.#valueBytes >= IMPORT_BATCH_BYTES) this.#hashLeaves();
  }

  #inner(key: Uint8Array, value: Uint8Array, relative: number, height: number): void {
    const right = this.#stack.pop();
    const left = this.#stack.pop();
    if (left === undefined || right === undefined || value.length > 0) {
      throw new SnapshotError("a node of the snapshot has no children");
    }
    const node = this.#arena.newInner(left.node, right.node, right.firstKey, relative);
    if (this.#arena.height(node) !== height || this.#arena.keys.compare(key, right.firstKey) !== 0) {
      throw new SnapshotError("a node of the snapshot does not fit its children");
    }
    this.#stack.push({ node, firstKey: left.firstKey });
  }

  #hashLeaves(): void {
    this.#nodeHasher.hashLeaves(this.#leaves, this.#nodeHasher.hashValues(this.#values));
    this.#leaves = [];
    this.#values = [];
    this.#valueBytes = 0;
    const { memoryBudgetBytes } = this.#options;
    if (memoryBudgetBytes !== undefined && this.#arena.memoryBytes > memoryBudgetBytes) {
      throw new SnapshotError(
        `the snapshot's trees take more than the ${memoryBudgetBytes} bytes of memory allowed for the state`,
      );
    }
  }
}

/** Where the next item stands; undefined while its length has not arrived. */
function itemAt(buffer: Uint8Array, at: number): { readonly start: number; readonly end: number } | undefined {
  let length = 0;
  for (let i = 0; at + i < buffer.length; i++) {
    const byte = buffer[at + i]!;
    // Four bytes hold 2^28, more than any item may be long.
    if (i === 4) break;
    length |= (byte & 0x7f) << (7 * i);
    if (byte > 0x7f) continue;
    if (length > MAX_SNAPSHOT_ITEM_BYTES || length === 0) break;
    const start = at + i + 1;
    return { start, end: start + length };
  }
  if (buffer.length - at > 4 || length > MAX_SNAPSHOT_ITEM_BYTES || (at < buffer.length && buffer[at] === 0)) {
    throw new SnapshotError("the snapshot has an item of an impossible length");
  }
  return undefined;
}

function decoded(bytes: Uint8Array): Messages["cosmos.store.snapshots.v1.SnapshotItem"] {
  try {
    return decode("cosmos.store.snapshots.v1.SnapshotItem", bytes);
  } catch (error) {
    if (error instanceof DecodeError) throw new SnapshotError(`the snapshot does not decode: ${error.message}`);
    throw error;
  }
}
