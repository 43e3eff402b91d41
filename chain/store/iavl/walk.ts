// Owns: finding and walking the leaves of one version of a tree. Works on a root node, so any kept version can be read
// while the next one is built. Does not own changing trees (tree.ts) or fetching values (multistore.ts).

import type { KeyRange } from "../kv.ts";
import { NONE, type NodeArena } from "./arena.ts";

/** The leaf of `key`, or NONE. */
export function findLeaf(arena: NodeArena, root: number, key: Uint8Array): number {
  if (root === NONE) return NONE;
  const { keys } = arena;
  let node = root;
  while (!arena.isLeaf(node)) {
    node = keys.compare(key, arena.key(node)) < 0 ? arena.left(node) : arena.right(node);
  }
  return keys.compare(key, arena.key(node)) === 0 ? node : NONE;
}

/** How many keys of the tree are below `key`. */
export function rank(arena: NodeArena, root: number, key: Uint8Array): number {
  if (root === NONE) return 0;
  const { keys } = arena;
  let below = 0;
  let node = root;
  while (!arena.isLeaf(node)) {
    if (keys.compare(key, arena.key(node)) < 0) {
      node = arena.left(node);
    } else {
      below += arena.size(arena.left(node));
      node = arena.right(node);
    }
  }
  return keys.compare(key, arena.key(node)) > 0 ? below + 1 : below;
}

/** How many keys lie in the range. */
export function countKeys(arena: NodeArena, root: number, range: KeyRange): number {
  if (root === NONE) return 0;
  const before = range.start === undefined ? 0 : rank(arena, root, range.start);
  const upTo = range.end === undefined ? arena.size(root) : rank(arena, root, range.end);
  return upTo > before ? upTo - before : 0;
}

/** The leaf with so many keys below it, which must be fewer than the tree has. */
function leafAt(arena: NodeArena, root: number, index: number): number {
  let node = root;
  for (let left = index; !arena.isLeaf(node); ) {
    const below = arena.size(arena.left(node));
    if (left < below) {
      node = arena.left(node);
    } else {
      left -= below;
      node = arena.right(node);
    }
  }
  return node;
}

/** The leaf at a place of the range in its direction, counted from 0, or NONE beyond its end. */
export function leafOfRange(arena: NodeArena, root: number, range: KeyRange, index: number): number {
  if (root === NONE) return NONE;
  const before = range.start === undefined ? 0 : rank(arena, root, range.start);
  const upTo = range.end === undefined ? arena.size(root) : rank(arena, root, range.end);
  const place = range.reverse === true ? upTo - 1 - index : before + index;
  return index < 0 || place < before || place >= upTo ? NONE : leafAt(arena, root, place);
}

/** Leaves of the range in its direction. */
export function walkLeaves(arena: NodeArena, root: number, range: KeyRange): Generator<number, void, undefined> {
  return range.reverse === true
    ? descend(arena, root, range.start, range.end)
    : ascend(arena, root, range.start, range.end);
}

function* ascend(
  arena: NodeArena,
  root: number,
  start: Uint8Array | undefined,
  end: Uint8Array | undefined,
): Generator<number, void, undefined> {
  if (root === NONE) return;
  const { keys } = arena;
  // Subtrees still to visit, the next one on top. Until a leaf is found, whole subtrees below `start` are passed by.
  const pending = [root];
  let isSeeking = start !== undefined;
  while (pending.length > 0) {
    let node = pending.pop()!;
    while (!arena.isLeaf(node)) {
      if (isSeeking && keys.compare(start!, arena.key(node)) >= 0) {
        node = arena.right(node);
      } else {
        pending.push(arena.right(node));
        node = arena.left(node);
      }
    }
    const key = arena.key(node);
    if (isSeeking) {
      isSeeking = false;
      if (keys.compare(start!, key) > 0) continue;
    }
    if (end !== undefined && keys.compare(end, key) <= 0) return;
    yield node;
  }
}

function* descend(
  arena: NodeArena,
  root: number,
  start: Uint8Array | undefined,
  end: Uint8Array | undefined,
): Generator<number, void, undefined> {
  if (root === NONE) return;
  const { keys } = arena;
  const pending = [root];
  let isSeeking = end !== undefined;
  while (pending.length > 0) {
    let node = pending.pop()!;
    while (!arena.isLeaf(node)) {
      // An inner node's key is the smallest of its right subtree: at or above `end`, that whole subtree is.
      if (isSeeking && keys.compare(end!, arena.key(node)) <= 0) {
        node = arena.left(node);
      } else {
        pending.push(arena.left(node));
        node = arena.right(node);
      }
    }
    const key = arena.key(node);
    if (isSeeking) {
      isSeeking = false;
      if (keys.compare(end!, key) <= 0) continue;
    }
    if (start !== undefined && keys.compare(start, key) > 0) return;
    yield node;
  }
}
