// Owns: reading one committed version: a store as a tree's leaves with their values. Does not own the trees or the values
// (multistore.ts), nor writing (branch.ts).

import type { NodeArena } from "./iavl/arena.ts";
import { IavlTree } from "./iavl/tree.ts";
import { countKeys, findLeaf, leafOfRange, walkLeaves } from "./iavl/walk.ts";
import type { Entry, KeyRange, KVRead, MultiRead } from "./kv.ts";
import type { StoreName } from "./limits.ts";
import type { PlainStore } from "./plain-store.ts";

/** The version asked for is pruned or not committed yet; the text is the SDK's (store/iavl). */
export class VersionNotFound extends Error {
  override readonly name = "VersionNotFound";
  readonly version: bigint;

  constructor(version: bigint) {
    super(
      "version mismatch on immutable IAVL tree; version does not exist. Version has either been pruned, or is for a future block height",
    );
    this.version = version;
  }
}

/** What a view needs of the multistore. */
export interface CommittedState {
  readonly arena: NodeArena;
  /** Throws VersionNotFound unless the version is committed and not pruned. */
  assertKept(version: bigint): void;
  relative(version: bigint): number;
  mounted(store: StoreName): IavlTree | PlainStore;
  /** Before the first version: the root of a tree in as much of it as was put away. */
  seededRoot(tree: IavlTree): number;
  valueOf(store: StoreName, leaf: number): Uint8Array;
}

/** All stores at one version. */
export class CommittedView implements MultiRead {
  readonly state: CommittedState;
  readonly version: bigint;
  readonly #stores = new Map<StoreName, KVRead>();

  constructor(state: CommittedState, version: bigint) {
    this.state = state;
    this.version = version;
  }

  kv(store: StoreName): KVRead {
    let view = this.#stores.get(store);
    if (view === undefined) {
      const mounted = this.state.mounted(store);
      view = mounted instanceof IavlTree ? new CommittedStore(this.state, this.version, store, mounted) : mounted;
      this.#stores.set(store, view);
    }
    return view;
  }
}

/** One store at one version. Every step makes sure the version is still kept: its nodes are reused once it is pruned. */
class CommittedStore implements KVRead {
  readonly #state: CommittedState;
  readonly #version: bigint;
  readonly #store: StoreName;
  readonly #tree: IavlTree;
  /** Undefined before the first version, whose pieces may yet come. */
  readonly #fixedRoot: number | undefined;

  constructor(state: CommittedState, version: bigint, store: StoreName, tree: IavlTree) {
    state.assertKept(version);
    this.#state = state;
    this.#version = version;
    this.#store = store;
    this.#tree = tree;
    this.#fixedRoot = version === 0n ? undefined : tree.rootAt(state.relative(version));
  }

  get #root(): number {
    return this.#fixedRoot ?? this.#state.seededRoot(this.#tree);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#state.assertKept(this.#version);
    const leaf = findLeaf(this.#state.arena, this.#root, key);
    return leaf < 0 ? undefined : this.#state.valueOf(this.#store, leaf);
  }

  has(key: Uint8Array): boolean {
    this.#state.assertKept(this.#version);
    return findLeaf(this.#state.arena, this.#root, key) >= 0;
  }

  count(range: KeyRange = {}): number {
    this.#state.assertKept(this.#version);
    return countKeys(this.#state.arena, this.#root, range);
  }

  keyAt(range: KeyRange, index: number): Uint8Array | undefined {
    this.#state.assertKept(this.#version);
    const { arena } = this.#state;
    const leaf = leafOfRange(arena, this.#root, range, index);
    return leaf < 0 ? undefined : arena.keys.read(arena.key(leaf));
  }

  *iterate(range: KeyRange = {}): Generator<Entry, void, undefined> {
    const { arena } = this.#state;
    for (const leaf of this.#leaves(range)) {
      yield [arena.keys.read(arena.key(leaf)), this.#state.valueOf(this.#store, leaf)];
    }
  }

  *keys(range: KeyRange = {}): Generator<Uint8Array, void, undefined> {
    const { arena } = this.#state;
    for (const leaf of this.#leaves(range)) yield arena.keys.read(arena.key(leaf));
  }

  *#leaves(range: KeyRange): Generator<number, void, undefined> {
    this.#state.assertKept(this.#version);
    for (const leaf of walkLeaves(this.#state.arena, this.#root, range)) {
      yield leaf;
      this.#state.assertKept(this.#version);
    }
  }
}
