// Owns: the bytes that IAVL v1 hashes for a node, and hashing many nodes at once through the Hasher port.
// Does not own: which nodes need it (tree.ts). Source: cosmos/iavl docs/node/node.md and node.go (writeHashBytes).
//
//   leaf   zz(0) zz(1) zz(version) uvarint(len) key 20 sha256(value)
//   inner  zz(height) zz(size) zz(version) 20 left 20 right
//
// zz is the zig-zag varint of a signed 64-bit number; these are never negative, so it is the varint of the double.

import { equalBytes } from "../../../proto/bytes.ts";
import type { Hasher } from "../../types/hash.ts";
import { NONE, type NodeArena } from "./arena.ts";

/** SHA-256 of nothing: the root of a tree without keys. */
export const EMPTY_ROOT: Uint8Array = Uint8Array.of(
  ...[0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24],
  ...[0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55],
);

/** Nodes hashed in one call of the port: the preimages then stay within a processor's cache. */
const BATCH_NODES = 512;

/** The varint of `value`, an integer from 0 to 2^32 - 1, written to `target`; gives the position after it. */
export function writeVarint(value: number, target: Uint8Array, at: number): number {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** The zig-zag varint of a non-negative 64-bit number. */
export function zigzag(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value << 1n;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Preimages collected end to end, and their digests. */
export class PreimageBatch {
  readonly #hasher: Hasher;
  bytes = new Uint8Array(1 << 14);
  /** Where each preimage ends. */
  readonly #ends = new Uint32Array(BATCH_NODES);
  #count = 0;
  #length = 0;
  /** Digests of the last run, 32 bytes each. */
  readonly digests: Uint8Array;
  /** The same bytes as words, for copying. */
  readonly digestWords: Uint32Array;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
    this.digests = new Uint8Array(BATCH_NODES * 32);
    this.digestWords = new Uint32Array(this.digests.buffer);
  }

  get isFull(): boolean {
    return this.#count === BATCH_NODES;
  }

  get count(): number {
    return this.#count;
  }

  /** Makes room for a preimage of up to `length` bytes; write it into `bytes` from the position given back. */
  open(length: number): number {
    const needed = this.#length + length;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(needed * 2);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    return this.#length;
  }

  /** Ends the preimage that was opened. */
  close(end: number): void {
    this.#ends[this.#count++] = end;
    this.#length = end;
  }

  /** Hashes everything collected, leaves the digests in `digests`, and starts anew. Gives the number of digests. */
  run(): number {
    const count = this.#count;
    if (this.#hasher.batchInto !== undefined) {
      this.#hasher.batchInto(this.bytes, this.#ends, count, this.digests);
    } else {
      const preimages: Uint8Array[] = [];
      for (let i = 0, start = 0; i < count; i++) {
        const end = this.#ends[i]!;
        preimages.push(this.bytes.subarray(start, end));
        start = end;
      }
      const digests = this.#hasher.batch(preimages);
      for (let i = 0; i < count; i++) this.digests.set(digests[i]!, i * 32);
    }
    this.#count = 0;
    this.#length = 0;
    return count;
  }
}

/** Hashes nodes of one arena. */
export class NodeHasher {
  readonly #arena: NodeArena;
  readonly #hasher: Hasher;
  readonly #batch: PreimageBatch;
  /** The absolute version of relative version 0. */
  readonly #base: bigint;
  #versionBytes: Uint8Array = new Uint8Array(0);
  #versionOfBytes = -1;

  constructor(arena: NodeArena, hasher: Hasher, base: bigint) {
    this.#arena = arena;
    this.#hasher = hasher;
    this.#batch = new PreimageBatch(hasher);
    this.#base = base;
  }

  /** SHA-256 of one value. */
  hashValue(value: Uint8Array): Uint8Array {
    return this.#hasher.hash(value);
  }

  /** SHA-256 of many values. */
  hashValues(values: readonly Uint8Array[]): readonly Uint8Array[] {
    const batch = this.#batch;
    const digests = new Uint8Array(values.length * 32);
    const hashes: Uint8Array[] = [];
    for (const [i, value] of values.entries()) {
      const at = batch.open(value.length);
      batch.bytes.set(value, at);
      batch.close(at + value.length);
      hashes.push(digests.subarray(i * 32, i * 32 + 32));
      if (!batch.isFull && i + 1 < values.length) continue;
      const count = batch.run();
      digests.set(batch.digests.subarray(0, count * 32), (i + 1 - count) * 32);
    }
    return hashes;
  }

  /** Whether a leaf that has its hash stands for `value`. */
  standsFor(leaf: number, value: Uint8Array): boolean {
    this.#openLeaf(leaf, this.#hasher.hash(value));
    const last = this.#batch.run() - 1;
    return equalBytes(this.#arena.hash(leaf), this.#batch.digests.subarray(last * 32, last * 32 + 32));
  }

  /** Sets the hashes of leaves, given the SHA-256 of each one's value. */
  hashLeaves(leaves: ArrayLike<number>, valueHashes: readonly Uint8Array[]): void {
    const batch = this.#batch;
    let first = 0;
    for (let i = 0; i < leaves.length; i++) {
      this.#openLeaf(leaves[i]!, valueHashes[i]!);
      if (!batch.isFull && i + 1 < leaves.length) continue;
      const count = batch.run();
      for (let k = 0; k < count; k++) this.#arena.setHashWords(leaves[first + k]!, batch.digestWords, k * 8);
      first += count;
    }
  }

  /** Sets the hashes of inner nodes of one height whose children have theirs. */
  hashInners(nodes: ArrayLike<number>): void {
    const batch = this.#batch;
    let first = 0;
    for (let i = 0; i < nodes.length; i++) {
      this.#openInner(nodes[i]!);
      if (!batch.isFull && i + 1 < nodes.length) continue;
      const count = batch.run();
      for (let k = 0; k < count; k++) this.#arena.setHashWords(nodes[first + k]!, batch.digestWords, k * 8);
      first += count;
    }
  }

  /** Sets the hashes of all inner nodes reachable from `root` through inner nodes that `include` accepts, lowest first. */
  hashTree(root: number, include: (node: number) => boolean): void {
    const arena = this.#arena;
    if (root === NONE) return;
    const byHeight: number[][] = [];
    for (let height = 0; height <= arena.height(root); height++) byHeight.push([]);
    const stack = [root];
    while (stack.length > 0) {
      const node = stack.pop()!;
      if (arena.isLeaf(node) || !include(node)) continue;
      byHeight[arena.height(node)]!.push(node);
      stack.push(arena.left(node), arena.right(node));
    }
    for (const nodes of byHeight) if (nodes.length > 0) this.hashInners(nodes);
  }

  #openLeaf(leaf: number, valueHash: Uint8Array): void {
    const arena = this.#arena;
    const key = arena.key(leaf);
    const length = arena.keys.lengthOf(key);
    const batch = this.#batch;
    let at = batch.open(length + 64);
    const bytes = batch.bytes;
    bytes[at++] = 0;
    bytes[at++] = 2;
    at = this.#writeVersion(arena.version(leaf), bytes, at);
    at = writeVarint(length, bytes, at);
    at = arena.keys.copyTo(key, bytes, at);
    bytes[at++] = 32;
    bytes.set(valueHash, at);
    batch.close(at + 32);
  }

  #openInner(node: number): void {
    const arena = this.#arena;
    const batch = this.#batch;
    let at = batch.open(96);
    const bytes = batch.bytes;
    at = writeVarint(arena.height(node) << 1, bytes, at);
    at = writeVarint(arena.size(node) << 1, bytes, at);
    at = this.#writeVersion(arena.version(node), bytes, at);
    bytes[at++] = 32;
    at = arena.copyHash(arena.left(node), bytes, at);
    bytes[at++] = 32;
    at = arena.copyHash(arena.right(node), bytes, at);
    batch.close(at);
  }

  /** Nearly all nodes hashed together are of one version, so its bytes are remembered. */
  #writeVersion(version: number, target: Uint8Array, at: number): number {
    if (version !== this.#versionOfBytes) {
      this.#versionBytes = zigzag(this.#base + BigInt(version));
      this.#versionOfBytes = version;
    }
    const bytes = this.#versionBytes;
    for (let i = 0; i < bytes.length; i++) target[at++] = bytes[i]!;
    return at;
  }
}
