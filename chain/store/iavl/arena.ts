// Owns: the memory of all tree nodes: one array of numbers and one of hashes, shared by every tree of a multistore, with
// a free list. Does not own: what a tree is (tree.ts).
//
// Six numbers a node, side by side so that visiting a node touches one cache line:
//   left, right   child nodes; of a leaf, the length of its value and NONE
//   key           key slab id: a leaf's own key, an inner node's smallest key of its right subtree
//   size          number of leaves below
//   version       relative version in which the node was created
//   height        0 for a leaf; FREE while the node is on the free list, which is linked through `left`
// The hash of node n is 32 bytes at 32 n.

import { MAX_TREE_NODES } from "../limits.ts";
import { grownCapacity, KeySlab } from "./key-slab.ts";

/** No node. */
export const NONE = -1;

const FREE = -1;
const LEFT = 0;
const RIGHT = 1;
const KEY = 2;
const SIZE = 3;
const VERSION = 4;
const HEIGHT = 5;
const FIELDS = 6;

/** Bytes that one node takes. */
export const NODE_BYTES = FIELDS * 4 + 32;

const FIRST_CAPACITY = 256;

export class NodeArena {
  readonly keys = new KeySlab();
  #fields = new Int32Array(FIRST_CAPACITY * FIELDS);
  #hashBytes = new Uint8Array(FIRST_CAPACITY * 32);
  #hashWords = new Uint32Array(this.#hashBytes.buffer);
  #capacity = FIRST_CAPACITY;
  #used = 0;
  #firstFree = NONE;
  #freeCount = 0;

  left(node: number): number {
    return this.#fields[node * FIELDS + LEFT]!;
  }
  right(node: number): number {
    return this.#fields[node * FIELDS + RIGHT]!;
  }
  key(node: number): number {
    return this.#fields[node * FIELDS + KEY]!;
  }
  /** Number of leaves below the node; 1 for a leaf. */
  size(node: number): number {
    return this.#fields[node * FIELDS + SIZE]!;
  }
  version(node: number): number {
    return this.#fields[node * FIELDS + VERSION]!;
  }
  height(node: number): number {
    return this.#fields[node * FIELDS + HEIGHT]!;
  }
  isLeaf(node: number): boolean {
    return this.#fields[node * FIELDS + HEIGHT] === 0;
  }
  /** Length in bytes of the value a leaf stands for. */
  valueLength(leaf: number): number {
    return this.#fields[leaf * FIELDS + LEFT]!;
  }

  setLeft(node: number, child: number): void {
    this.#fields[node * FIELDS + LEFT] = child;
  }
  setRight(node: number, child: number): void {
    this.#fields[node * FIELDS + RIGHT] = child;
  }
  setKey(node: number, key: number): void {
    this.#fields[node * FIELDS + KEY] = key;
  }
  setValueLength(leaf: number, length: number): void {
    this.#fields[leaf * FIELDS + LEFT] = length;
  }

  /** Recomputes an inner node's height and size from its children. */
  refresh(node: number): void {
    const fields = this.#fields;
    const at = node * FIELDS;
    const left = fields[at + LEFT]! * FIELDS;
    const right = fields[at + RIGHT]! * FIELDS;
    const leftHeight = fields[left + HEIGHT]!;
    const rightHeight = fields[right + HEIGHT]!;
    fields[at + HEIGHT] = (leftHeight > rightHeight ? leftHeight : rightHeight) + 1;
    fields[at + SIZE] = fields[left + SIZE]! + fields[right + SIZE]!;
  }

  /** Height of the left subtree less that of the right one. */
  balance(node: number): number {
    const fields = this.#fields;
    const at = node * FIELDS;
    return fields[fields[at + LEFT]! * FIELDS + HEIGHT]! - fields[fields[at + RIGHT]! * FIELDS + HEIGHT]!;
  }

  /** A new leaf. Its key must already count it as a holder. */
  newLeaf(key: number, version: number, valueLength: number): number {
    return this.#allocate(valueLength, NONE, key, 1, version, 0);
  }

  /** A new inner node; height and size come from the children. */
  newInner(left: number, right: number, key: number, version: number): number {
    const node = this.#allocate(left, right, key, 0, version, 1);
    this.refresh(node);
    return node;
  }

  /** A copy of an inner node for another version. Its hash is not copied. */
  copyInner(node: number, version: number): number {
    const copy = this.#allocate(0, 0, 0, 0, 0, 0);
    const fields = this.#fields;
    fields.copyWithin(copy * FIELDS, node * FIELDS, node * FIELDS + FIELDS);
    fields[copy * FIELDS + VERSION] = version;
    return copy;
  }

  /** Gives a node back; a leaf stops holding its key. */
  free(node: number): void {
    const fields = this.#fields;
    const at = node * FIELDS;
    const height = fields[at + HEIGHT]!;
    if (height === FREE) throw new Error("a tree node was freed twice");
    if (height === 0) this.keys.release(fields[at + KEY]!);
    fields[at + HEIGHT] = FREE;
    fields[at + LEFT] = this.#firstFree;
    this.#firstFree = node;
    this.#freeCount++;
  }

  /** The node's hash, as an array of its own. */
  hash(node: number): Uint8Array {
    return this.#hashBytes.slice(node * 32, node * 32 + 32);
  }

  /** Sets the node's hash from 32 bytes of `source` at `at`. */
  setHash(node: number, source: Uint8Array, at = 0): void {
    const bytes = this.#hashBytes;
    const to = node * 32;
    for (let i = 0; i < 32; i++) bytes[to + i] = source[at + i]!;
  }

  /** Sets the node's hash from eight words of `source`, which view the digest's bytes. */
  setHashWords(node: number, source: Uint32Array, at: number): void {
    const words = this.#hashWords;
    const to = node * 8;
    for (let i = 0; i < 8; i++) words[to + i] = source[at + i]!;
  }

  /** Copies the node's hash to `target` and gives the position after it. */
  copyHash(node: number, target: Uint8Array, at: number): number {
    const bytes = this.#hashBytes;
    const from = node * 32;
    for (let i = 0; i < 32; i++) target[at + i] = bytes[from + i]!;
    return at + 32;
  }

  /** Makes room for `nodes` more, so that a large load does not grow step by step. */
  reserve(nodes: number): void {
    const needed = this.#used + nodes - this.#freeCount;
    if (needed > this.#capacity) this.#resize(needed);
  }

  /** Bytes reserved for nodes and keys. */
  get memoryBytes(): number {
    return this.#capacity * NODE_BYTES + this.keys.memoryBytes;
  }

  /** Nodes in use. */
  get liveNodes(): number {
    return this.#used - this.#freeCount;
  }

  #allocate(left: number, right: number, key: number, size: number, version: number, height: number): number {
    let node = this.#firstFree;
    if (node === NONE) {
      node = this.#used;
      if (node >= this.#capacity) this.#resize(grownCapacity(this.#capacity));
      this.#used++;
    } else {
      this.#firstFree = this.#fields[node * FIELDS + LEFT]!;
      this.#freeCount--;
    }
    const fields = this.#fields;
    const at = node * FIELDS;
    fields[at + LEFT] = left;
    fields[at + RIGHT] = right;
    fields[at + KEY] = key;
    fields[at + SIZE] = size;
    fields[at + VERSION] = version;
    fields[at + HEIGHT] = height;
    return node;
  }

  #resize(capacity: number): void {
    if (capacity > MAX_TREE_NODES) throw new Error("the state has more tree nodes than the memory index can hold");
    const fields = new Int32Array(capacity * FIELDS);
    fields.set(this.#fields);
    this.#fields = fields;
    const hashBytes = new Uint8Array(capacity * 32);
    hashBytes.set(this.#hashBytes);
    this.#hashBytes = hashBytes;
    this.#hashWords = new Uint32Array(hashBytes.buffer);
    this.#capacity = capacity;
  }
}
