// Owns: the proof of one key of one store under the app hash (SDK store/rootmulti/proof.go). Does not own the trees, nor
// checking proofs (proof.ts).

import { encode } from "../../proto/codec.ts";
import type { Hasher } from "../types/hash.ts";
import { appHashOf, proveStore, type StoreHash } from "./commit-info.ts";
import { type ProvableTree, proveKey } from "./iavl/prove.ts";
import { findLeaf } from "./iavl/walk.ts";
import type { StoreName } from "./limits.ts";
import { ProofUnavailable, type Proven } from "./multistore-types.ts";

/** Which key, and what its store stands beside. */
interface Asked {
  readonly store: StoreName;
  readonly key: Uint8Array;
  readonly version: bigint;
  readonly storeHashes: readonly StoreHash[];
  readonly hasher: Hasher;
}

/** The value or absence of a key with its two operations. Throws ProofUnavailable when the store is empty. */
export function proveValue(tree: ProvableTree, { store, key, version, storeHashes, hasher }: Asked): Proven {
  const leaf = findLeaf(tree.arena, tree.root, key);
  const proof = proveKey(tree, key);
  if (proof === undefined)
    throw new ProofUnavailable(`store ${store} is empty at version ${version}: nothing to prove`);
  const ofStore = proveStore(storeHashes, store, hasher);
  return {
    version,
    value: leaf < 0 ? undefined : tree.valueOf(leaf),
    appHash: appHashOf(storeHashes, hasher),
    ops: [
      { type: "ics23:iavl", key, data: encode("cosmos.ics23.v1.CommitmentProof", proof) },
      { type: "ics23:simple", key: ofStore.exist!.key, data: encode("cosmos.ics23.v1.CommitmentProof", ofStore) },
    ],
  };
}
