// Owns: the net changes of one store of a version: as its tree takes them, and as they are recorded. Does not own the tree
// (iavl/tree.ts) or the versions (multistore.ts).

import type { Change } from "./branch.ts";
import type { NodeHasher } from "./iavl/hashing.ts";
import type { LeafChange } from "./iavl/tree.ts";
import type { Mount } from "./mounts.ts";
import type { StateWrite } from "./ports.ts";
import { type encodeVersion, valueKey } from "./records.ts";

/** The changes in their order, each value as its hash and length. */
export function leafChanges(changes: readonly Change[], hasher: NodeHasher): readonly LeafChange[] {
  const hashes = hasher.hashValues(changes.flatMap(({ value }) => (value === undefined ? [] : [value])));
  let next = 0;
  return changes.map(({ key, value }) =>
    value === undefined
      ? { key, valueHash: undefined, valueLength: 0 }
      : { key, valueHash: hashes[next++]!, valueLength: value.length },
  );
}

/** Applies the changes to the version that the tree is building, adds the values and their records to `into`, and gives the store's part of the version's record. */
export function stageStore(
  { name, tree, valuePrefix }: Mount,
  version: bigint,
  changes: readonly Change[],
  hasher: NodeHasher,
  into: { readonly values: Map<number, Uint8Array>; readonly writes: StateWrite[] },
): Parameters<typeof encodeVersion>[1][number] {
  const ofLeaves = leafChanges(changes, hasher);
  const leaves = tree.apply(ofLeaves);
  for (const [i, { key, value }] of changes.entries()) {
    if (value === undefined || value.length === 0) continue;
    into.values.set(leaves[i]!, value);
    into.writes.push({ key: valueKey(valuePrefix, key, version), value });
  }
  return { name, hash: tree.rootHash(), changes: ofLeaves, values: changes.map(({ value }) => value) };
}
