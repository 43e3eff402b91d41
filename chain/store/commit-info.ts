// Owns: one app hash over several stores, and the proof of one store's root under it. Does not own the roots.
// Source: cosmos-sdk store/types/commit_info.go, store/internal/maps, store/internal/proofs.
//
// Leaf of the simple Merkle tree: uvarint(len(name)) name 20 sha256(root). The root is hashed again, for the map hashes
// whatever its values are. Leaves are in byte order of names.

import { compareBytes, concat, utf8 } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Hasher } from "../types/hash.ts";
import { merkleProofs, merkleRoot } from "../types/merkle.ts";
import { delimited } from "../types/wire.ts";
import type { StoreName } from "./limits.ts";

type CommitmentProof = Messages["cosmos.ics23.v1.CommitmentProof"];

// Numbers of cosmos.ics23.v1.HashOp and LengthOp.
const NO_HASH = 0;
const SHA256 = 1;
const VAR_PROTO = 1;
const NO_BYTES = new Uint8Array(0);

/** The root of one store at one version. */
export interface StoreHash {
  readonly name: StoreName;
  readonly hash: Uint8Array;
}

/** Root of a simple Merkle map; keys in any order, none twice. The empty map has the hash of nothing. */
export function simpleMapRoot(
  entries: readonly (readonly [key: Uint8Array, value: Uint8Array])[],
  hasher: Hasher,
): Uint8Array {
  return merkleRoot(leaves(entries, hasher), hasher);
}

/** The app hash of a version. */
export function appHashOf(stores: readonly StoreHash[], hasher: Hasher): Uint8Array {
  return simpleMapRoot(entriesOf(stores), hasher);
}

/** Proof that a store has its root under the app hash. Throws when the store is not among them. */
export function proveStore(stores: readonly StoreHash[], name: StoreName, hasher: Hasher): CommitmentProof {
  const sorted = entriesOf(stores).toSorted((a, b) => compareBytes(a[0], b[0]));
  const key = utf8(name);
  const index = sorted.findIndex((entry) => compareBytes(entry[0], key) === 0);
  if (index < 0) throw new Error(`store ${name} is not mounted`);
  const { aunts } = merkleProofs(leaves(sorted, hasher), hasher).proofs[index]!;
  let used = 0;
  let position = index;
  const path: Messages["cosmos.ics23.v1.InnerOp"][] = [];
  for (let width = sorted.length; width > 1; width = (width + 1) >> 1, position >>= 1) {
    const isRight = (position & 1) === 1;
    // The last of an odd number has no sibling here and moves up as it is.
    if (!isRight && position + 1 === width) continue;
    const aunt = aunts[used++]!;
    path.push(
      isRight
        ? { hash: SHA256, prefix: concat(Uint8Array.of(1), aunt), suffix: NO_BYTES }
        : { hash: SHA256, prefix: Uint8Array.of(1), suffix: aunt },
    );
  }
  return {
    exist: {
      key,
      value: sorted[index]![1],
      leaf: { hash: SHA256, prehashKey: NO_HASH, prehashValue: SHA256, length: VAR_PROTO, prefix: Uint8Array.of(0) },
      path,
    },
  };
}

function entriesOf(stores: readonly StoreHash[]): readonly (readonly [Uint8Array, Uint8Array])[] {
  return stores.map(({ name, hash }) => [utf8(name), hash] as const);
}

function leaves(entries: readonly (readonly [Uint8Array, Uint8Array])[], hasher: Hasher): readonly Uint8Array[] {
  const sorted = entries.toSorted((a, b) => compareBytes(a[0], b[0]));
  const hashes = hasher.batch(sorted.map(([, value]) => value));
  return sorted.map(([key], i) => concat(delimited(key), Uint8Array.of(32), hashes[i]!));
}
