/**
 * Owns the tree of shares: how a share is encoded, what it earns by its weights, and openings under a batch's
 * `shares_root`. It does not own what a share must be (challenge/share-flaw.ts) nor whom it is summed up for (payees.ts).
 */
import { type Hasher, nobleHasher } from "../../../chain/types/hash.ts";
import { leafHash, MerkleError, merkleProofs, verifyMerkleProof } from "../../../chain/types/merkle.ts";
import { encode } from "../../../proto/codec.ts";
import { ShareKind } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";

export type Share = Messages["tributary.attribution.v1.Share"];
export type ShareOpening = Messages["tributary.attribution.v1.ShareOpening"];

/** The leaf's bytes: the canonical encoding of the message. */
export function shareBytes(share: Share): Uint8Array {
  return encode("tributary.attribution.v1.Share", share);
}

/** Whether the share ends a list of ranks: nothing is ranked behind it. */
export function isTerminator({ kind, start, end }: Share): boolean {
  return kind === ShareKind.SHARE_KIND_UNMATCHED && start === end;
}

/**
 * What a stretch of the weights earns of a use's proved part: ⌊part·after/total⌋ − ⌊part·before/total⌋. The amounts of
 * neighbours add up to that of their union, so all shares of a use sum to the part. Without any weight the use's one
 * unmatched share takes all: `takesAll` says that this is it.
 */
export function shareAmount(part: bigint, before: bigint, after: bigint, total: bigint, takesAll: boolean): bigint {
  if (total === 0n) return takesAll ? part : 0n;
  return (part * after) / total - (part * before) / total;
}

/** The tree over a batch's shares, for whoever opens them. */
export class ShareTree {
  readonly shares: readonly Share[];
  readonly root: Uint8Array;
  readonly #paths: readonly (readonly Uint8Array[])[];

  constructor(shares: readonly Share[], hasher: Hasher = nobleHasher) {
    const { root, proofs } = merkleProofs(shares.map(shareBytes), hasher);
    this.shares = shares;
    this.root = root;
    this.#paths = proofs.map(({ aunts }) => aunts);
  }

  open(index: number): ShareOpening {
    return { index: BigInt(index), share: this.shares[index]!, path: this.#paths[index]! };
  }
}

/** Whether the opening shows its share under the root of a tree of `count` shares. */
export function verifyShare(
  root: Uint8Array,
  count: bigint,
  { index, share, path }: ShareOpening,
  hasher: Hasher = nobleHasher,
): boolean {
  const bytes = shareBytes(share);
  try {
    verifyMerkleProof({ total: count, index, leafHash: leafHash(bytes, hasher), aunts: path }, root, bytes, hasher);
    return path.every((hash) => hash.length === 32);
  } catch (error) {
    if (error instanceof MerkleError) return false;
    throw error;
  }
}
