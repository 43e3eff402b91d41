/**
 * Owns Merkle-sum trees: a root that commits to leaves and to the sum of their amounts. A parent's hash covers both
 * children's sums and both hashes; without the sums a tree could promise more than it holds. The shape is that of RFC
 * 6962: a level's neighbours are paired and an odd last node rises. It does not own what the leaves are (payees.ts).
 *
 * Whoever checks an opening adds the sums up itself. A node whose sum is not that of its children therefore has no
 * opening for anything below it, and a demand to open one of those leaves is lost.
 */
import { type Hasher, nobleHasher } from "../../../chain/types/hash.ts";
import { leafHash } from "../../../chain/types/merkle.ts";
import { concat, equalBytes } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { naturalOf } from "./numbers.ts";

type SumNodeMessage = Messages["tributary.attribution.v1.SumNode"];

/** A node: the sum of the leaves under it, below 2^128, and its hash. */
export interface SumNode {
  readonly sum: bigint;
  readonly hash: Uint8Array;
}

/** A leaf before it is hashed. */
export interface SumLeaf {
  readonly amount: bigint;
  readonly bytes: Uint8Array;
}

const HASH_BYTES = 32;
const SUM_BYTES = 16;
const SUM_LIMIT = 1n << 128n;
const INNER_PREFIX = Uint8Array.of(1);

/** What a tree over nothing commits to. */
export const EMPTY_SUM: SumNode = { sum: 0n, hash: nobleHasher.hash(new Uint8Array(0)) };

/** SHA-256(01 ‖ left sum ‖ left hash ‖ right sum ‖ right hash). Throws when the sum reaches 2^128. */
export function sumParent(left: SumNode, right: SumNode, hasher: Hasher = nobleHasher): SumNode {
  const sum = left.sum + right.sum;
  if (sum >= SUM_LIMIT) throw new Error("a sum of 2^128 or more");
  const preimage = concat(INNER_PREFIX, sumBytes(left.sum), left.hash, sumBytes(right.sum), right.hash);
  return { sum, hash: hasher.hash(preimage) };
}

/** A tree with all levels kept, for whoever opens leaves. */
export class SumTree {
  readonly #levels: readonly (readonly SumNode[])[];

  constructor(leaves: readonly SumLeaf[], hasher: Hasher = nobleHasher) {
    let level: readonly SumNode[] = leaves.map(({ amount, bytes }) => ({ sum: amount, hash: leafHash(bytes, hasher) }));
    const levels = [level];
    while (level.length > 1) {
      const parents: SumNode[] = [];
      for (let i = 0; i + 1 < level.length; i += 2) parents.push(sumParent(level[i]!, level[i + 1]!, hasher));
      if ((level.length & 1) === 1) parents.push(level[level.length - 1]!);
      level = parents;
      levels.push(level);
    }
    this.#levels = levels;
  }

  get root(): SumNode {
    return this.#levels[this.#levels.length - 1]![0] ?? EMPTY_SUM;
  }

  /** The nodes that lead from leaf `index` to the root, as messages carry them. */
  path(index: number): readonly SumNodeMessage[] {
    const path: SumNodeMessage[] = [];
    for (let [level, at] = [0, index]; level < this.#levels.length - 1; level++, at >>>= 1) {
      const sibling = this.#levels[level]![at ^ 1];
      if (sibling !== undefined) path.push({ sum: sibling.sum.toString(), hash: sibling.hash });
    }
    return path;
  }
}

/** Whether `leaf` is number `index` of `count` leaves under `root`. `path` must hold exactly the nodes that are needed. */
export function verifySumPath(
  root: SumNode,
  count: bigint,
  index: bigint,
  leaf: SumLeaf,
  path: readonly SumNodeMessage[],
  hasher: Hasher = nobleHasher,
): boolean {
  if (index < 0n || index >= count || leaf.amount < 0n || leaf.amount >= SUM_LIMIT) return false;
  let node: SumNode = { sum: leaf.amount, hash: leafHash(leaf.bytes, hasher) };
  let used = 0;
  for (let [at, width] = [index, count]; width > 1n; at >>= 1n, width = (width + 1n) >> 1n) {
    // The odd last node of a level rises as it is.
    if ((at ^ 1n) >= width) continue;
    const sibling = nodeOf(path[used++]);
    if (sibling === undefined || node.sum + sibling.sum >= SUM_LIMIT) return false;
    node = (at & 1n) === 0n ? sumParent(node, sibling, hasher) : sumParent(sibling, node, hasher);
  }
  return used === path.length && node.sum === root.sum && equalBytes(node.hash, root.hash);
}

function nodeOf(message: SumNodeMessage | undefined): SumNode | undefined {
  if (message === undefined || message.hash.length !== HASH_BYTES) return undefined;
  const sum = naturalOf(message.sum);
  return sum === undefined || sum >= SUM_LIMIT ? undefined : { sum, hash: message.hash };
}

function sumBytes(sum: bigint): Uint8Array {
  const bytes = new Uint8Array(SUM_BYTES);
  let rest = sum;
  for (let i = SUM_BYTES - 1; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}
