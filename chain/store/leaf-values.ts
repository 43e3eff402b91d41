// Owns: the value that a tree's leaf stands for: from memory while its batch may not be on disk, from the cache while it
// is hot, else from its record. Does not own trees (iavl/) or what is written (multistore.ts).

import type { NodeArena } from "./iavl/arena.ts";
import type { NodeHasher } from "./iavl/hashing.ts";
import type { IavlTree } from "./iavl/tree.ts";
import type { StoreName } from "./limits.ts";
import { PackedValues } from "./packed-values.ts";
import type { RecordSource, StateWrite } from "./ports.ts";
import { valueKey } from "./records.ts";
import { StateError } from "./restore.ts";
import { ValueCache } from "./value-cache.ts";

const NO_BYTES = new Uint8Array(0);

export class LeafValues {
  readonly #arena: NodeArena;
  readonly #hasher: NodeHasher;
  readonly #records: RecordSource;
  /** The absolute version of relative version 0. */
  readonly #base: bigint;
  readonly #cache: ValueCache;
  #damage: StateError | undefined;
  /** Values of the latest version: its batch may not be on disk yet, so reads must not depend on it. */
  #latest: ReadonlyMap<number, Uint8Array> | PackedValues = new Map();

  constructor(arena: NodeArena, hasher: NodeHasher, records: RecordSource, base: bigint, cacheBytes: number) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#records = records;
    this.#base = base;
    this.#cache = new ValueCache(cacheBytes);
  }

  /** The value of a leaf of `store`, whose value records begin with `prefix`. Throws StateError when it is not there. */
  read(store: StoreName, prefix: Uint8Array, leaf: number, once = false): Uint8Array {
    const length = this.#arena.valueLength(leaf);
    // An empty value has no record: its leaf says everything.
    if (length === 0) return NO_BYTES;
    const held = this.#latest.get(leaf, length) ?? this.#cache.get(leaf);
    if (held !== undefined) return held;
    const value = this.#records.get(this.recordKey(prefix, leaf));
    // The tree knows the value's hash. LevelDB does not check its own sums when it reads, so a disk that changed a bit
    // would otherwise pass for a balance.
    if (value === undefined || value.length !== length || !this.#hasher.standsFor(leaf, value)) {
      this.#damage = new StateError(
        `the value of a key of store ${store} is ${value === undefined ? "missing" : "damaged"}: restore the data folder from a copy, or move it away and sync from peers`,
      );
      throw this.#damage;
    }
    if (!once) this.#cache.put(leaf, value);
    return value;
  }

  /** Throws StateError once a value was missing or damaged: what was computed without it must not be committed. */
  refuseDamage(): void {
    if (this.#damage !== undefined) throw this.#damage;
  }

  /** The key of the record of a leaf's value. */
  recordKey(prefix: Uint8Array, leaf: number): Uint8Array {
    const key = this.#arena.keys.read(this.#arena.key(leaf));
    return valueKey(prefix, key, this.#base + BigInt(this.#arena.version(leaf)));
  }

  /** Deletions of the records of values that no version from `oldest` (the trees' number) on can reach. */
  prunedRecords(mounts: Iterable<{ readonly tree: IavlTree; readonly valuePrefix: Uint8Array }>, oldest: number) {
    const writes: StateWrite[] = [];
    for (const { tree, valuePrefix } of mounts) {
      for (const leaf of tree.prunableLeaves(oldest)) {
        if (this.#arena.valueLength(leaf) === 0) continue;
        writes.push({ key: this.recordKey(valuePrefix, leaf), value: undefined });
      }
    }
    return writes;
  }

  /** A version is committed that wrote these values, by leaf. The version before it is durable by now. */
  committed(values: ReadonlyMap<number, Uint8Array> | PackedValues): void {
    // Packed values are far more than the cache has room for: they are read from the disk again.
    if (!(this.#latest instanceof PackedValues)) {
      for (const [leaf, value] of this.#latest) this.#cache.put(leaf, value);
    }
    this.#latest = values;
  }

  /** A leaf is pruned; its number may be given to another one. A version never prunes the leaves it has just made. */
  forget(leaf: number): void {
    this.#cache.delete(leaf);
  }

  /** Bytes of cached values, about. */
  get memoryBytes(): number {
    return this.#cache.bytes + (this.#latest instanceof PackedValues ? this.#latest.bytes : 0);
  }
}
