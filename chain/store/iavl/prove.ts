// Owns: building ICS-23 proofs from a kept version of a tree, as cosmos/iavl does (proof_ics23.go): existence of a key,
// or its absence by its two neighbours. Does not own checking proofs (../proof.ts) or the proof of a store among the
// others (../commit-info.ts).

import type { Messages } from "../../../proto/types.gen.ts";
import { NONE, type NodeArena } from "./arena.ts";
import { zigzag } from "./hashing.ts";
import { findLeaf, walkLeaves } from "./walk.ts";

export type ExistenceProof = Messages["cosmos.ics23.v1.ExistenceProof"];
export type CommitmentProof = Messages["cosmos.ics23.v1.CommitmentProof"];
type InnerOp = Messages["cosmos.ics23.v1.InnerOp"];

// Numbers of cosmos.ics23.v1.HashOp and LengthOp.
const NO_HASH = 0;
const SHA256 = 1;
const VAR_PROTO = 1;

const CHILD_HASH_LENGTH = 32;
const EMPTY = new Uint8Array(0);

/** One version of a tree, with what its nodes do not hold. */
export interface ProvableTree {
  readonly arena: NodeArena;
  readonly root: number;
  /** The absolute version of relative version 0. */
  readonly base: bigint;
  /** The value a leaf stands for. */
  valueOf(leaf: number): Uint8Array;
}

/** Proof that `key` is in the tree with its value, or that it is not. `undefined` for an empty tree: it proves nothing. */
export function proveKey(tree: ProvableTree, key: Uint8Array): CommitmentProof | undefined {
  const { arena, root } = tree;
  if (root === NONE) return undefined;
  const leaf = findLeaf(arena, root, key);
  if (leaf !== NONE) return { exist: existence(tree, leaf) };
  const left = first(walkLeaves(arena, root, { end: key, reverse: true }));
  const right = first(walkLeaves(arena, root, { start: key }));
  return {
    nonexist: {
      key,
      left: left === undefined ? undefined : existence(tree, left),
      right: right === undefined ? undefined : existence(tree, right),
    },
  };
}

function first(leaves: Iterable<number>): number | undefined {
  for (const leaf of leaves) return leaf;
  return undefined;
}

function existence(tree: ProvableTree, leaf: number): ExistenceProof {
  const { arena } = tree;
  const key = arena.keys.read(arena.key(leaf));
  const path: InnerOp[] = [];
  let node = tree.root;
  while (!arena.isLeaf(node)) {
    const goesRight = arena.keys.compare(key, arena.key(node)) >= 0;
    path.push(innerOp(tree, node, goesRight));
    node = goesRight ? arena.right(node) : arena.left(node);
  }
  path.reverse();
  return {
    key,
    value: tree.valueOf(leaf),
    leaf: {
      hash: SHA256,
      prehashKey: NO_HASH,
      prehashValue: SHA256,
      length: VAR_PROTO,
      prefix: header(tree, leaf),
    },
    path,
  };
}

/** The step over `node` for a child on its left or right side: everything of the node's preimage but that child. */
function innerOp(tree: ProvableTree, node: number, childIsRight: boolean): InnerOp {
  const { arena } = tree;
  const numbers = header(tree, node);
  if (childIsRight) {
    const prefix = new Uint8Array(numbers.length + 34);
    prefix.set(numbers);
    prefix[numbers.length] = CHILD_HASH_LENGTH;
    const at = arena.copyHash(arena.left(node), prefix, numbers.length + 1);
    prefix[at] = CHILD_HASH_LENGTH;
    return { hash: SHA256, prefix, suffix: EMPTY };
  }
  const prefix = new Uint8Array(numbers.length + 1);
  prefix.set(numbers);
  prefix[numbers.length] = CHILD_HASH_LENGTH;
  const suffix = new Uint8Array(33);
  suffix[0] = CHILD_HASH_LENGTH;
  arena.copyHash(arena.right(node), suffix, 1);
  return { hash: SHA256, prefix, suffix };
}

/** Height, size and version as zig-zag varints: the beginning of every node's preimage. */
function header(tree: ProvableTree, node: number): Uint8Array {
  const { arena } = tree;
  const parts = [
    zigzag(BigInt(arena.height(node))),
    zigzag(BigInt(arena.size(node))),
    zigzag(tree.base + BigInt(arena.version(node))),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
