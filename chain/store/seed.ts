// Owns: a first version that is too large to be one branch: it enters the trees in pieces, each in ascending byte order of
// keys, and is stored as a checkpoint instead of a record of changes. Does not own when a piece is full (chain/app), later
// versions (multistore.ts) or loading, which sees a checkpoint like any other (restore.ts).
//
// The shape of the trees depends on where the pieces end. That is consensus, as the order within a piece is.

import type { Hasher } from "../types/hash.ts";
import type { MultiBranch } from "./branch.ts";
import { writeTree } from "./checkpoint.ts";
import { appHashOf } from "./commit-info.ts";
import type { NodeArena } from "./iavl/arena.ts";
import type { NodeHasher } from "./iavl/hashing.ts";
import { walkLeaves } from "./iavl/walk.ts";
import type { Mounts } from "./mounts.ts";
import type { Staged } from "./multistore-types.ts";
import { PackedValues } from "./packed-values.ts";
import type { StateWrite } from "./ports.ts";
import {
  type Checkpoint,
  checkpointKey,
  chunkKey,
  encodeCheckpoint,
  encodeFormat,
  encodeHead,
  formatKey,
  headKey,
  valueKey,
} from "./records.ts";
import { leafChanges } from "./store-changes.ts";

/** What a seed is made in. */
interface SeedParts {
  readonly version: bigint;
  readonly mounts: Mounts;
  readonly arena: NodeArena;
  readonly nodeHasher: NodeHasher;
  readonly hasher: Hasher;
}

/** The first version while it is made. */
export class Seed {
  readonly values = new PackedValues();
  readonly #parts: SeedParts;
  #staged: { readonly public: Staged; readonly checkpoint: Checkpoint } | undefined;

  constructor(parts: SeedParts) {
    this.#parts = parts;
    for (const { tree } of parts.mounts.all) tree.begin(1);
  }

  /** Applies the changes of a branch; the branch is only read. */
  take(branch: MultiBranch): void {
    if (this.#staged !== undefined) throw new Error("the first version is staged: load the state again to change it");
    const { mounts, nodeHasher } = this.#parts;
    for (const [name, changes] of branch.changes()) {
      const mount = mounts.get(name);
      if (mount === undefined) throw new Error(`store ${name} is not mounted`);
      const leaves = mount.tree.apply(leafChanges(changes, nodeHasher));
      for (const [i, { value }] of changes.entries()) {
        if (value !== undefined && value.length > 0) this.values.set(leaves[i]!, value);
      }
    }
  }

  /** The version with the last piece. Its many records come before the few that make it the state. */
  stage(lastPiece: MultiBranch): Staged {
    this.take(lastPiece);
    const { version, mounts, hasher } = this.#parts;
    const stores = mounts.at(version);
    const storeHashes = stores.map(({ name, tree }) => ({ name, hash: tree.rootHash() }));
    const appHash = appHashOf(storeHashes, hasher);
    const chunks = stores.map((_, store) => [...this.#chunksOf(store)].length);
    const checkpoint = { version, chunks, appHash };
    const writes: StateWrite[] = [
      { key: checkpointKey, value: encodeCheckpoint(checkpoint) },
      { key: formatKey, value: encodeFormat(mounts.lists.format) },
      { key: headKey, value: encodeHead({ latest: version, oldest: version, partial: undefined }) },
    ];
    const before = { [Symbol.iterator]: () => this.#records() };
    const staged = { version, appHash, storeHashes, before, writes };
    this.#staged = { public: staged, checkpoint };
    return staged;
  }

  /** Makes the trees those of the version, and gives its checkpoint. */
  commit(staged: Staged): Checkpoint {
    if (this.#staged?.public !== staged) throw new Error("only what was staged last can be committed");
    for (const { tree } of this.#parts.mounts.all) tree.save();
    return this.#staged.checkpoint;
  }

  /** Records that say nothing without the last ones: values, and the trees in chunks. */
  *#records(): Generator<StateWrite, void, undefined> {
    const { version, mounts, arena } = this.#parts;
    for (const [store, { tree, valuePrefix }] of mounts.at(version).entries()) {
      for (const leaf of walkLeaves(arena, tree.root, {})) {
        const value = this.values.get(leaf, arena.valueLength(leaf));
        if (arena.valueLength(leaf) === 0 || value === undefined) continue;
        yield { key: valueKey(valuePrefix, arena.keys.read(arena.key(leaf)), version), value };
      }
      let number = 0;
      for (const chunk of this.#chunksOf(store)) yield { key: chunkKey(version, store, number++), value: chunk };
    }
  }

  *#chunksOf(store: number): Generator<Uint8Array, void, undefined> {
    const { version, mounts, arena } = this.#parts;
    for (const { chunk } of writeTree(arena, mounts.at(version)[store]!.tree.root))
      if (chunk !== undefined) yield chunk;
  }
}
