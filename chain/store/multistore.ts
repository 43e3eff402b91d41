// Owns: the application's committed state: several IAVL stores with one app hash per version, the versions kept, and the
// records that persist them. Transaction step 13: the block's net changes become trees, app hash and batch.
// Does not own: branches (branch.ts), one tree (iavl/), loading (restore.ts), proof checking (proof.ts), the disk
// (node/storage).
//
// A block's net change set reaches each tree once, in ascending byte order of keys: the shape of the trees, and so the
// app hash, depends on that order. It is consensus, and not the order in which the SDK happens to write its caches.

import type { Hasher } from "../types/hash.ts";
import { type Change, MultiBranch } from "./branch.ts";
import { Checkpointer, DEFAULT_CHECKPOINT_POLICY } from "./checkpointer.ts";
import { appHashOf, type StoreHash } from "./commit-info.ts";
import { type CommittedState, CommittedView, VersionNotFound } from "./committed-view.ts";
import { History } from "./history.ts";
import { NONE, type NodeArena } from "./iavl/arena.ts";
import { EMPTY_ROOT, type NodeHasher } from "./iavl/hashing.ts";
import type { IavlTree } from "./iavl/tree.ts";
import { LeafValues } from "./leaf-values.ts";
import type { StoreName } from "./limits.ts";
import { type Mount, Mounts, moveStores, type PendingChange } from "./mounts.ts";
import {
  checkedStores,
  type MultiStoreDependencies,
  type MultiStoreOptions,
  type Proven,
  type ReadView,
  type Staged,
} from "./multistore-types.ts";
import { PlainStore } from "./plain-store.ts";
import type { StateWrite } from "./ports.ts";
import { proveValue } from "./prove-value.ts";
import {
  encodeFormat,
  encodeHead,
  encodeVersion,
  formatKey,
  headKey,
  type StoreChange,
  versionKey,
} from "./records.ts";
import { type RestoredState, restoreState, StateError } from "./restore.ts";
import { Seed } from "./seed.ts";
import { stageStore } from "./store-changes.ts";
import { changeRefusal, type StoreLists, type StoreUpgrade } from "./store-lists.ts";

export type { StoreHash } from "./commit-info.ts";
export { VersionNotFound } from "./committed-view.ts";
export {
  type MultiStoreDependencies,
  type MultiStoreOptions,
  type ProofOp,
  ProofUnavailable,
  type Proven,
  type ReadView,
  type Staged,
} from "./multistore-types.ts";
export type { RecordSource, StateReader, StateWrite } from "./ports.ts";
export { StateError } from "./restore.ts";

const DEFAULT_HISTORY_BYTES = 128 << 20;
const DEFAULT_CACHE_BYTES = 32 << 20;

/** What `commit` needs of a staged version. */
interface StagedDetail {
  readonly changed: readonly Mount[];
  readonly changeCount: number;
  readonly oldest: bigint;
  /** The values written, by their leaves. */
  readonly values: ReadonlyMap<number, Uint8Array>;
  readonly plain: readonly (readonly [PlainStore, readonly Change[]])[];
  /** Which stores there are with this version. */
  readonly lists: StoreLists;
}

/** The application's committed state. */
export class MultiStore implements CommittedState {
  readonly arena: NodeArena;
  readonly #hasher: Hasher;
  readonly #nodeHasher: NodeHasher;
  readonly #mounts: Mounts;
  /** What the next version does to the stores. */
  #pending: PendingChange | undefined;
  readonly #memoryStores: ReadonlyMap<StoreName, PlainStore>;
  readonly #transientStores: ReadonlyMap<StoreName, PlainStore>;
  readonly #initialVersion: bigint;
  readonly #history: History;
  readonly #values: LeafValues;
  readonly #checkpointer: Checkpointer;
  #version: bigint;
  #oldest: bigint;
  #appHash: Uint8Array;
  /** The first version while it is made in pieces. */
  #seed: Seed | undefined;
  #staged: { readonly public: Staged; readonly detail: StagedDetail } | undefined;

  /** Reads the state back from its records, or starts an empty one. Throws StateError when the records do not agree. */
  static load(options: MultiStoreOptions, dependencies: MultiStoreDependencies): MultiStore {
    const names = checkedStores(options);
    const state = restoreState(names, options.initialVersion, dependencies.records, dependencies.hasher);
    const store = new MultiStore(options, dependencies, state);
    if (state.change !== undefined) store.#expect(state.change, options.upgradeDue?.(store.readView()));
    const budget = options.memoryBudgetBytes;
    if (budget !== undefined && store.memoryBytes > budget) {
      throw new StateError(
        `the state needs ${store.memoryBytes} bytes of memory for ${store.keyCount} keys, the budget is ${budget}: raise it, or run on a larger machine`,
      );
    }
    return store;
  }

  private constructor(options: MultiStoreOptions, { records, hasher }: MultiStoreDependencies, state: RestoredState) {
    const { initialVersion } = state;
    this.arena = state.arena;
    this.#hasher = hasher;
    this.#nodeHasher = state.hasher;
    this.#mounts = new Mounts(state.trees, state.lists);
    this.#memoryStores = new Map((options.memoryStores ?? []).map((name) => [name, new PlainStore()]));
    this.#transientStores = new Map((options.transientStores ?? []).map((name) => [name, new PlainStore()]));
    this.#initialVersion = initialVersion;
    this.#history = new History(options.keepRecent, options.historyBytes ?? DEFAULT_HISTORY_BYTES);
    const cacheBytes = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
    this.#values = new LeafValues(this.arena, state.hasher, records, initialVersion - 1n, cacheBytes);
    this.#version = state.head?.latest ?? 0n;
    this.#oldest = state.head?.oldest ?? 0n;
    this.#checkpointer = new Checkpointer(this.arena, options.checkpoints ?? DEFAULT_CHECKPOINT_POLICY, {
      origin: initialVersion - 1n,
      last: state.checkpoint,
      leftBehind: state.head?.partial,
      changeCounts: state.changeCounts,
    });
    this.#appHash = this.#version === 0n ? EMPTY_ROOT : appHashOf(this.#rootHashes(this.#version), hasher);
    this.#history.restore([...state.trees.values()], initialVersion - 1n);
  }

  /** Takes up stores that the state does not have. Throws StateError when no upgrade that is due brings them. */
  #expect(change: StoreChange, upgrade: StoreUpgrade | undefined): void {
    const refusal = changeRefusal(change, upgrade);
    if (refusal !== undefined) throw new StateError(refusal);
    this.#pending = { change, upgrade: upgrade! };
  }

  /** The latest committed version; 0 before the first commit. */
  get version(): bigint {
    return this.#version;
  }

  /** The oldest version kept; 0 before the first commit. */
  get oldestVersion(): bigint {
    return this.#oldest;
  }

  /** The app hash of the latest version; the hash of nothing before the first commit, as the SDK has it. */
  get appHash(): Uint8Array {
    return this.#appHash;
  }

  /** Names of the committed stores of a version, in byte order. */
  storesAt(version: bigint): readonly StoreName[] {
    return this.#mounts.lists.at(version);
  }

  /** Keys of all committed stores in the latest version. */
  get keyCount(): number {
    return this.#mounts.all.reduce((sum, { tree }) => sum + tree.size, 0);
  }

  /** Bytes that trees, history and cached values take, about. Compare with the budget the operator set. */
  get memoryBytes(): number {
    return this.arena.memoryBytes + this.#history.memoryBytes + this.#values.memoryBytes;
  }

  /** The app hash of a kept version. Throws VersionNotFound. */
  appHashAt(version: bigint): Uint8Array {
    return version === this.#version ? this.#appHash : appHashOf(this.storeHashesAt(version), this.#hasher);
  }

  /** The root of every committed store at a kept version, in byte order of names. Throws VersionNotFound. */
  storeHashesAt(version: bigint): readonly StoreHash[] {
    this.assertKept(version);
    return this.#mounts.at(version).map(({ name, tree }) => ({ name, hash: this.#rootHashAt(tree, version) }));
  }

  /** A view of a kept version, by default the latest. Throws VersionNotFound. */
  readView(version: bigint = this.#version): ReadView {
    this.assertKept(version);
    return new CommittedView(this, version);
  }

  /**
   * A new branch over the latest version, its stores as an upgrade that is due has them. Once another version is
   * committed it can be read but not staged.
   */
  branch(): MultiBranch {
    const branch = new MultiBranch(this.readView());
    if (this.#pending !== undefined) moveStores(branch, this.#pending);
    return branch;
  }

  /**
   * Computes the next version from a branch over the latest one, without making it visible. Staging again drops what was
   * staged before. The branch is only read. Throws StateError once a value was found damaged, whoever met it.
   */
  stage(branch: MultiBranch): Staged {
    this.#assertBranch(branch);
    this.#values.refuseDamage();
    if (this.#seed !== undefined) return this.#seed.stage(branch);
    this.#dropStaged();
    const version = this.#version === 0n ? this.#initialVersion : this.#version + 1n;
    const changes = branch.changes();
    const writes: StateWrite[] = [];
    const values = new Map<number, Uint8Array>();
    const changed: Mount[] = [];
    const plain: (readonly [PlainStore, readonly Change[]])[] = [];
    const recorded: Parameters<typeof encodeVersion>[1][number][] = [];
    let changeCount = 0;
    for (const [name, storeChanges] of changes) {
      const mount = this.#mounts.get(name);
      if (mount === undefined) {
        const memory = this.#memoryStores.get(name);
        if (memory !== undefined) plain.push([memory, storeChanges]);
        continue;
      }
      changed.push(mount);
      changeCount += storeChanges.length;
      mount.tree.begin(this.relative(version));
      recorded.push(stageStore(mount, version, storeChanges, this.#nodeHasher, { values, writes }));
    }
    const lists = this.#pending === undefined ? this.#mounts.lists : this.#mounts.lists.with(this.#pending.change);
    const storeHashes = this.#rootHashes(version, lists);
    const appHash = appHashOf(storeHashes, this.#hasher);
    const orphans = changed.reduce((sum, { tree }) => sum + tree.workingOrphanCount, 0);
    const floor = this.#oldest === 0n ? version : this.#oldest;
    const oldest = this.#history.oldestAfter(version, orphans, floor, this.#checkpointer.pinned);
    writes.push(...this.#values.prunedRecords(this.#mounts.all, this.relative(oldest)));
    writes.push(...this.#checkpointer.advance(changeCount));
    if (this.#version === 0n || lists !== this.#mounts.lists) {
      writes.push({ key: formatKey, value: encodeFormat(lists.format) });
    }
    writes.push({ key: versionKey(version), value: encodeVersion(appHash, recorded) });
    writes.push(this.#headRecord(version, oldest));
    const staged = { version, appHash, storeHashes, writes };
    this.#staged = { public: staged, detail: { changed, changeCount, oldest, values, plain, lists } };
    return staged;
  }

  /** Makes what was staged last the latest version, and prunes. Its writes must be durable before the next commit. */
  commit(staged: Staged): void {
    if (this.#seed !== undefined) {
      this.#commitSeed(this.#seed, staged);
      return;
    }
    if (this.#staged?.public !== staged) throw new Error("only what was staged last can be committed");
    const { changed, changeCount, oldest, values, plain, lists } = this.#staged.detail;
    this.#staged = undefined;
    this.#pending = undefined;
    this.#mounts.lists = lists;
    const orphans = changed.reduce((sum, { tree }) => sum + tree.workingOrphanCount, 0);
    for (const { tree } of changed) tree.save();
    this.#history.note(staged.version, orphans);
    this.#values.committed(values);
    for (const [store, storeChanges] of plain) store.apply(storeChanges);
    this.#version = staged.version;
    this.#appHash = staged.appHash;
    this.#prune(oldest);
    this.#checkpointer.committed(changeCount, oldest, this.keyCount, (version) => ({
      roots: this.#mounts.at(version).map(({ tree }) => tree.rootAt(this.relative(version))),
      appHash: this.appHashAt(version),
    }));
  }

  /**
   * Puts the changes of a branch over the empty state away as a piece of the first version, and empties the branch, which
   * goes on over what was put away. From then on only one version can be staged, once.
   */
  seed(branch: MultiBranch): void {
    this.#assertBranch(branch);
    if (this.#version !== 0n) throw new Error(`the first version is committed, this is ${this.#version}`);
    this.#dropStaged();
    if (this.#seed === undefined) {
      const parts = { mounts: this.#mounts, arena: this.arena, nodeHasher: this.#nodeHasher, hasher: this.#hasher };
      this.#seed = new Seed({ ...parts, version: this.#initialVersion });
      this.#values.committed(this.#seed.values);
    }
    this.#seed.take(branch);
    branch.discard();
  }

  #commitSeed(seed: Seed, staged: Staged): void {
    this.#checkpointer.begun(seed.commit(staged));
    this.#seed = undefined;
    this.#version = staged.version;
    this.#oldest = staged.version;
    this.#appHash = staged.appHash;
  }

  /** Prunes now what the next commit would prune. The records it gives must be written before that commit. */
  pruneNow(): readonly StateWrite[] {
    const oldest = this.#history.oldestAfter(this.#version, 0, this.#oldest, this.#checkpointer.pinned);
    const writes = this.#values.prunedRecords(this.#mounts.all, this.relative(oldest));
    this.#prune(oldest);
    return [...writes, this.#headRecord(this.#version, oldest)];
  }

  #headRecord(latest: bigint, oldest: bigint): StateWrite {
    return { key: headKey, value: encodeHead({ latest, oldest, partial: this.#checkpointer.partial }) };
  }

  /**
   * The value or absence of `key` at a kept version, with its proof (SDK store/rootmulti/proof.go). Throws
   * VersionNotFound, and ProofUnavailable when the store is empty.
   */
  prove(store: StoreName, key: Uint8Array, version: bigint = this.#version): Proven {
    this.assertKept(version);
    const mount = this.#mounts.get(store);
    if (mount === undefined) throw new Error(`store ${store} is not mounted`);
    return proveValue(
      {
        arena: this.arena,
        root: mount.tree.rootAt(this.relative(version)),
        base: this.#initialVersion - 1n,
        valueOf: (node) => this.valueOf(store, node),
      },
      { store, key, version, storeHashes: this.storeHashesAt(version), hasher: this.#hasher },
    );
  }

  // What views of committed versions use (committed-view.ts).

  /** The root of a tree in the version that is being seeded; NONE when none is. */
  seededRoot(tree: IavlTree): number {
    return this.#seed === undefined ? NONE : tree.root;
  }

  /** Throws VersionNotFound unless the version is committed and not pruned. Version 0 is the empty state before any. */
  assertKept(version: bigint): void {
    if (version < this.#oldest || version > this.#version) throw new VersionNotFound(version);
  }

  /** The tree's number of a version. */
  relative(version: bigint): number {
    return version === 0n ? 0 : Number(version - this.#initialVersion + 1n);
  }

  /** The tree of a committed store, or the store itself when it has none. Throws for a store that is not mounted. */
  mounted(store: StoreName): IavlTree | PlainStore {
    const found = this.#mounts.get(store)?.tree ?? this.#memoryStores.get(store) ?? this.#transientStores.get(store);
    if (found === undefined) throw new Error(`store ${store} is not mounted`);
    return found;
  }

  /** The value a leaf of a committed store stands for. One that is read `once` takes no place in the cache. */
  valueOf(store: StoreName, leaf: number, once = false): Uint8Array {
    return this.#values.read(store, this.#mounts.get(store)!.valuePrefix, leaf, once);
  }

  /** Keeps a version from being pruned until the function given back is called. Throws VersionNotFound. */
  pin(version: bigint): () => void {
    this.assertKept(version);
    return this.#history.pin(version);
  }

  #rootHashes(version: bigint, lists?: StoreLists): readonly StoreHash[] {
    return this.#mounts.at(version, lists).map(({ name, tree }) => ({ name, hash: tree.rootHash() }));
  }

  #rootHashAt(tree: IavlTree, version: bigint): Uint8Array {
    const root = tree.rootAt(this.relative(version));
    return root < 0 ? EMPTY_ROOT : this.arena.hash(root);
  }

  #assertBranch(branch: MultiBranch): void {
    const { below } = branch;
    if (!(below instanceof CommittedView) || below.state !== this) throw new Error("the branch is not over this state");
    if (below.version !== this.#version) {
      throw new Error(`the branch is over version ${below.version}, the latest is ${this.#version}`);
    }
  }

  #dropStaged(): void {
    if (this.#staged === undefined) return;
    for (const { tree } of this.#staged.detail.changed) tree.rollback();
    this.#staged = undefined;
  }

  #prune(oldest: bigint): void {
    const relative = this.relative(oldest);
    for (const { tree } of this.#mounts.all) tree.prune(relative, (leaf) => this.#values.forget(leaf));
    this.#history.prune(oldest);
    this.#oldest = oldest;
  }
}
