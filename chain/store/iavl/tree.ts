// Owns: one IAVL v1 tree over a shared arena: insertion, removal and rotation, the versions kept, and giving nodes back
// when versions are pruned or a version is dropped. Does not own values, which are on disk under (store, key, leaf
// version), nor reading (walk.ts), proofs (prove.ts) or hash bytes (hashing.ts). Source: cosmos/iavl v1.2
// mutable_tree.go. Transaction step 13.
//
// Within one version nodes are changed in place; a node of an older version is copied first and then waits as an orphan
// for the last version that shows it to be pruned. Inner nodes are hashed once, at the end of a version.
//
// The shape of the tree, and so the root hash, depends on the order of changes within a version. This class accepts
// any order. The multistore always applies a block's net change set in ascending byte order of keys: that order is
// consensus.

import { compareBytes } from "../../../proto/bytes.ts";
import { MAX_RELATIVE_VERSION, MAX_TREE_HEIGHT } from "../limits.ts";
import { NONE, type NodeArena } from "./arena.ts";
import { EMPTY_ROOT, type NodeHasher } from "./hashing.ts";
import { VersionRoots } from "./version-roots.ts";

/** The change of one key as a tree needs it: without the value itself. */
export interface LeafChange {
  readonly key: Uint8Array;
  /** SHA-256 of the new value, or `undefined` to remove the key. */
  readonly valueHash: Uint8Array | undefined;
  /** Length of the new value in bytes. */
  readonly valueLength: number;
}

/** Versions here are relative: 1 is the first version of the multistore that the tree belongs to. */
export class IavlTree {
  readonly arena: NodeArena;
  readonly #hasher: NodeHasher;
  #root = NONE;
  #savedRoot = NONE;
  /** The version being built; nodes of this version may be changed in place. */
  #working = 0;
  #saved = 0;
  #isHashed = true;
  #workingOrphans: number[] = [];
  readonly #roots = new VersionRoots();
  /** Nodes that version v no longer shows and the version before it does, by v, oldest first. */
  readonly #orphans = new Map<number, Int32Array>();
  #orphanCount = 0;
  readonly #path = new Int32Array(MAX_TREE_HEIGHT);
  readonly #wentRight = new Uint8Array(MAX_TREE_HEIGHT);

  constructor(arena: NodeArena, hasher: NodeHasher) {
    this.arena = arena;
    this.#hasher = hasher;
  }

  /** Root node of the version being built, or of the latest one. NONE for an empty tree. */
  get root(): number {
    return this.#root;
  }

  /** Number of keys in the version being built, or in the latest one. */
  get size(): number {
    return this.#root === NONE ? 0 : this.arena.size(this.#root);
  }

  /** Nodes that only versions before the latest saved one show. */
  get orphanCount(): number {
    return this.#orphanCount;
  }

  /** How many nodes each saved version ceased to show, oldest first. */
  *orphansByVersion(): Generator<readonly [version: number, count: number], void, undefined> {
    for (const [version, nodes] of this.#orphans) yield [version, nodes.length];
  }

  /** Nodes that the version being built no longer shows and the one before it does. */
  get workingOrphanCount(): number {
    return this.#workingOrphans.length;
  }

  /** Starts a version above the latest saved one. */
  begin(version: number): void {
    if (this.#working !== this.#saved) throw new Error("a version of the tree is being built already");
    if (version <= this.#saved || version > MAX_RELATIVE_VERSION) throw new Error(`version ${version} cannot be built`);
    this.#working = version;
  }

  /** Sets a key to a value. Convenience over `apply`. */
  set(key: Uint8Array, value: Uint8Array): void {
    this.apply([{ key, valueHash: this.#hasher.hashValue(value), valueLength: value.length }]);
  }

  /** Removes a key. Gives false when it was not there; the tree is then unchanged. */
  remove(key: Uint8Array): boolean {
    this.#assertBuilding();
    return this.#remove(key);
  }

  /** Applies changes in the order given. Gives the leaf of each, NONE for removals. */
  apply(changes: readonly LeafChange[]): Int32Array {
    this.#assertBuilding();
    const leaves = new Int32Array(changes.length).fill(NONE);
    const hashedLeaves: number[] = [];
    const valueHashes: Uint8Array[] = [];
    for (let i = 0; i < changes.length; i++) {
      const change = changes[i]!;
      if (change.valueHash === undefined) {
        this.#remove(change.key);
        continue;
      }
      const leaf = this.#set(change.key, change.valueLength);
      leaves[i] = leaf;
      hashedLeaves.push(leaf);
      valueHashes.push(change.valueHash);
    }
    // A leaf that a later change of the same call replaced or removed is hashed in vain, never wrongly: its node is
    // either the same leaf, hashed again after this with the later value, or free.
    this.#hashLeaves(hashedLeaves, valueHashes, changes);
    return leaves;
  }

  /** Root hash of the version being built, or of the latest one, 32 bytes. */
  rootHash(): Uint8Array {
    if (this.#root === NONE) return EMPTY_ROOT;
    if (!this.#isHashed) {
      const working = this.#working;
      this.#hasher.hashTree(this.#root, (node) => this.arena.version(node) === working);
      this.#isHashed = true;
    }
    return this.arena.hash(this.#root);
  }

  /** Makes the version being built the latest one. */
  save(): void {
    this.#assertBuilding();
    this.rootHash();
    const version = this.#working;
    this.#roots.add(version, this.#root);
    if (this.#workingOrphans.length > 0) {
      this.#orphans.set(version, Int32Array.from(this.#workingOrphans));
      this.#orphanCount += this.#workingOrphans.length;
      this.#workingOrphans = [];
    }
    this.#savedRoot = this.#root;
    this.#saved = version;
  }

  /** Drops the version being built; the tree is the latest saved one again. */
  rollback(): void {
    if (this.#working === this.#saved) return;
    this.#freeFresh(this.#root);
    this.#root = this.#savedRoot;
    this.#workingOrphans = [];
    this.#working = this.#saved;
    this.#isHashed = true;
  }

  /** Root node of a saved version that is not pruned. The caller knows which versions exist. */
  rootAt(version: number): number {
    return this.#roots.at(version);
  }

  /**
   * Leaves that no version from `oldest` on shows: pruning to `oldest` gives them back. With `oldest` the version that is
   * being built, they include those it has ceased to show so far.
   */
  *prunableLeaves(oldest: number): Generator<number, void, undefined> {
    for (const [version, nodes] of this.#orphans) {
      if (version > oldest) return;
      for (const node of nodes) if (this.arena.isLeaf(node)) yield node;
    }
    if (this.#working === this.#saved || this.#working > oldest) return;
    for (const node of this.#workingOrphans) if (this.arena.isLeaf(node)) yield node;
  }

  /**
   * Gives back the nodes that no version from `oldest` on shows; `oldest` becomes the oldest version readable.
   * `onLeaf` hears of each leaf before it goes.
   */
  prune(oldest: number, onLeaf: (leaf: number) => void = () => undefined): void {
    for (const [version, nodes] of this.#orphans) {
      if (version > oldest) break;
      for (const node of nodes) {
        if (this.arena.isLeaf(node)) onLeaf(node);
        this.arena.free(node);
      }
      this.#orphanCount -= nodes.length;
      this.#orphans.delete(version);
    }
    this.#roots.prune(oldest);
  }

  /** Makes an empty tree show `root`, built in its arena and not hashed above the leaves, as saved version `version`. */
  restore(root: number, version: number): void {
    if (this.#saved !== 0 || this.#root !== NONE) throw new Error("only a new tree can be restored");
    this.#root = root;
    this.#savedRoot = root;
    this.#saved = version;
    this.#working = version;
    this.#roots.add(version, root);
    this.#hasher.hashTree(root, () => true);
  }

  #assertBuilding(): void {
    if (this.#working === this.#saved) throw new Error("no version of the tree is being built");
  }

  // Insertion (mutable_tree.go, recursiveSet).
  #set(key: Uint8Array, valueLength: number): number {
    const { arena } = this;
    const working = this.#working;
    this.#isHashed = false;
    if (this.#root === NONE) {
      this.#root = arena.newLeaf(arena.keys.add(key), working, valueLength);
      return this.#root;
    }
    const depth = this.#descend(key);
    const found = this.#path[depth]!;
    const order = arena.keys.compare(key, arena.key(found));
    if (order === 0) return this.#replace(found, depth, valueLength);
    const keyId = arena.keys.add(key);
    const leaf = arena.newLeaf(keyId, working, valueLength);
    let child =
      order < 0 ? arena.newInner(leaf, found, arena.key(found), working) : arena.newInner(found, leaf, keyId, working);
    for (let i = depth - 1; i >= 0; i--) {
      const node = this.#writable(this.#path[i]!);
      if (this.#wentRight[i] === 1) arena.setRight(node, child);
      else arena.setLeft(node, child);
      arena.refresh(node);
      child = this.#rebalance(node);
    }
    this.#root = child;
    return leaf;
  }

  /** Gives the key at the end of the path a new value: a new leaf, and every node above of this version. */
  #replace(found: number, depth: number, valueLength: number): number {
    const { arena } = this;
    if (arena.version(found) === this.#working) {
      arena.setValueLength(found, valueLength);
      return found;
    }
    const key = arena.key(found);
    arena.keys.retain(key);
    const leaf = arena.newLeaf(key, this.#working, valueLength);
    this.#discard(found);
    let child = leaf;
    for (let i = depth - 1; i >= 0; i--) {
      const node = this.#writable(this.#path[i]!);
      if (this.#wentRight[i] === 1) arena.setRight(node, child);
      else arena.setLeft(node, child);
      child = node;
    }
    this.#root = child;
    return leaf;
  }

  // Removal (mutable_tree.go, recursiveRemove).
  #remove(key: Uint8Array): boolean {
    const { arena } = this;
    if (this.#root === NONE) return false;
    const depth = this.#descend(key);
    const found = this.#path[depth]!;
    if (arena.keys.compare(key, arena.key(found)) !== 0) return false;
    this.#isHashed = false;
    if (depth === 0) {
      this.#discard(found);
      this.#root = NONE;
      return true;
    }
    const parent = this.#path[depth - 1]!;
    const wasRight = this.#wentRight[depth - 1] === 1;
    let child = wasRight ? arena.left(parent) : arena.right(parent);
    // When the smallest key of a right subtree goes, the node above that subtree takes the next one as its key.
    let nextKey = wasRight ? NONE : arena.key(parent);
    this.#discard(found);
    this.#discard(parent);
    for (let i = depth - 2; i >= 0; i--) {
      const node = this.#writable(this.#path[i]!);
      if (this.#wentRight[i] === 1) {
        arena.setRight(node, child);
        if (nextKey !== NONE) arena.setKey(node, nextKey);
        nextKey = NONE;
      } else arena.setLeft(node, child);
      arena.refresh(node);
      child = this.#rebalance(node);
    }
    this.#root = child;
    return true;
  }

  /** Walks from the root to the leaf where `key` is or would be; fills the path and gives its depth. */
  #descend(key: Uint8Array): number {
    const { arena } = this;
    const { keys } = arena;
    const path = this.#path;
    const wentRight = this.#wentRight;
    let node = this.#root;
    let depth = 0;
    while (!arena.isLeaf(node)) {
      path[depth] = node;
      if (keys.compare(key, arena.key(node)) < 0) {
        wentRight[depth] = 0;
        node = arena.left(node);
      } else {
        wentRight[depth] = 1;
        node = arena.right(node);
      }
      depth++;
    }
    path[depth] = node;
    return depth;
  }

  /** The node itself when it is of this version, otherwise a copy that is. */
  #writable(node: number): number {
    if (this.arena.version(node) === this.#working) return node;
    const copy = this.arena.copyInner(node, this.#working);
    this.#workingOrphans.push(node);
    return copy;
  }

  /** The version being built no longer shows the node. */
  #discard(node: number): void {
    if (this.arena.version(node) === this.#working) this.arena.free(node);
    else this.#workingOrphans.push(node);
  }

  // Balance (mutable_tree.go, balance). The node is of this version. A tie in the taller child rotates once.
  #rebalance(node: number): number {
    const { arena } = this;
    const balance = arena.balance(node);
    if (balance > 1) {
      const left = arena.left(node);
      if (arena.balance(left) < 0) arena.setLeft(node, this.#rotateLeft(this.#writable(left)));
      return this.#rotateRight(node);
    }
    if (balance < -1) {
      const right = arena.right(node);
      if (arena.balance(right) > 0) arena.setRight(node, this.#rotateRight(this.#writable(right)));
      return this.#rotateLeft(node);
    }
    return node;
  }

  #rotateRight(node: number): number {
    const { arena } = this;
    const top = this.#writable(arena.left(node));
    arena.setLeft(node, arena.right(top));
    arena.setRight(top, node);
    arena.refresh(node);
    arena.refresh(top);
    return top;
  }

  #rotateLeft(node: number): number {
    const { arena } = this;
    const top = this.#writable(arena.right(node));
    arena.setRight(node, arena.left(top));
    arena.setLeft(top, node);
    arena.refresh(node);
    arena.refresh(top);
    return top;
  }

  #hashLeaves(leaves: readonly number[], valueHashes: readonly Uint8Array[], changes: readonly LeafChange[]): void {
    if (leaves.length === 0) return;
    if (isStrictlyAscending(changes)) {
      this.#hasher.hashLeaves(leaves, valueHashes);
      return;
    }
    // Keys may repeat, so a node may have been freed and reused in between: keep each node's last leaf alone.
    const last = new Map<number, Uint8Array>();
    for (let i = 0; i < leaves.length; i++) last.set(leaves[i]!, valueHashes[i]!);
    const live = [...last.keys()].filter((node) => this.arena.isLeaf(node));
    this.#hasher.hashLeaves(
      live,
      live.map((node) => last.get(node)!),
    );
  }

  /** Gives back every node of the version being built. Above a node of this version there are only such nodes. */
  #freeFresh(root: number): void {
    if (root === NONE) return;
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (this.arena.version(node) !== this.#working) continue;
      if (!this.arena.isLeaf(node)) stack.push(this.arena.left(node), this.arena.right(node));
      this.arena.free(node);
    }
  }
}

function isStrictlyAscending(changes: readonly LeafChange[]): boolean {
  for (let i = 1; i < changes.length; i++) {
    const a = changes[i - 1]!.key;
    const b = changes[i]!.key;
    if (compareBytes(a, b) >= 0) return false;
  }
  return true;
}
