/**
 * Owns CometBFT's Merkle tree: RFC 6962 roots and inclusion proofs over SHA-256, and the walk over chained proof
 * operators with its key paths (crypto/merkle). It does not own IAVL trees nor ICS-23 proofs (chain/store).
 */
import { concat, equalBytes, fromHex, hex, utf8 } from "../../proto/bytes.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { HASH_BYTES, MAX_AUNTS } from "./limits.ts";

/** The proof is malformed or does not lead to the root. */
export class MerkleError extends Error {
  override name = "MerkleError";
}

/** That a leaf is item `index` of `total`. Aunts go from the leaf's sibling to a child of the root. */
export interface MerkleProof {
  readonly total: bigint;
  readonly index: bigint;
  readonly leafHash: Uint8Array;
  readonly aunts: readonly Uint8Array[];
}

const LEAF_PREFIX = Uint8Array.of(0);
const INNER_PREFIX = Uint8Array.of(1);

/** Hash of a leaf: SHA-256(00 ‖ leaf). */
export function leafHash(leaf: Uint8Array, hasher: Hasher = nobleHasher): Uint8Array {
  return hasher.hash(concat(LEAF_PREFIX, leaf));
}

/** Hash of an inner node: SHA-256(01 ‖ left ‖ right). */
export function innerHash(left: Uint8Array, right: Uint8Array, hasher: Hasher = nobleHasher): Uint8Array {
  return hasher.hash(concat(INNER_PREFIX, left, right));
}

/** The largest power of two below `length`; for one leaf it is zero (getSplitPoint). */
export function splitPoint(length: bigint): bigint {
  if (length < 1n) throw new MerkleError("trying to split a tree with size < 1");
  if (length === 1n) return 0n;
  let power = 1n;
  while (power * 2n < length) power *= 2n;
  return power;
}

/**
 * Root of the tree over `leaves`; without leaves it is SHA-256 of nothing.
 * Pairing neighbours level by level and lifting an odd last node gives the tree that splits at the largest power of
 * two, and lets a whole level be hashed as one batch.
 */
export function merkleRoot(leaves: readonly Uint8Array[], hasher: Hasher = nobleHasher): Uint8Array {
  if (leaves.length === 0) return hasher.hash(new Uint8Array(0));
  let level = hasher.batch(leaves.map((leaf) => concat(LEAF_PREFIX, leaf)));
  while (level.length > 1) level = nextLevel(level, hasher);
  return level[0] as Uint8Array;
}

/** Root and one proof per leaf. */
export function merkleProofs(
  leaves: readonly Uint8Array[],
  hasher: Hasher = nobleHasher,
): { readonly root: Uint8Array; readonly proofs: readonly MerkleProof[] } {
  if (leaves.length === 0) return { root: merkleRoot(leaves, hasher), proofs: [] };
  let level = hasher.batch(leaves.map((leaf) => concat(LEAF_PREFIX, leaf)));
  const leafHashes = level;
  const aunts: Uint8Array[][] = leaves.map(() => []);
  // The position of each leaf's ancestor in the current level.
  for (let depth = 0; level.length > 1; depth++) {
    for (let i = 0; i < leaves.length; i++) {
      const sibling = level[(i >> depth) ^ 1];
      if (sibling !== undefined) (aunts[i] as Uint8Array[]).push(sibling);
    }
    level = nextLevel(level, hasher);
  }
  const total = BigInt(leaves.length);
  return {
    root: level[0] as Uint8Array,
    proofs: aunts.map((aunt, i) => ({
      total,
      index: BigInt(i),
      leafHash: leafHashes[i] as Uint8Array,
      aunts: aunt,
    })),
  };
}

/** Throws MerkleError unless the proof's numbers and hashes have the right form (Proof.ValidateBasic). */
export function validateMerkleProof(proof: MerkleProof): void {
  if (proof.total < 0n) throw new MerkleError("negative Total");
  if (proof.index < 0n) throw new MerkleError("negative Index");
  if (proof.leafHash.length !== HASH_BYTES) {
    throw new MerkleError(`expected LeafHash size to be ${HASH_BYTES}, got ${proof.leafHash.length}`);
  }
  if (proof.aunts.length > MAX_AUNTS) {
    throw new MerkleError(`expected no more than ${MAX_AUNTS} aunts, got ${proof.aunts.length}`);
  }
  proof.aunts.forEach((aunt, i) => {
    if (aunt.length !== HASH_BYTES) {
      throw new MerkleError(`expected Aunts#${i} size to be ${HASH_BYTES}, got ${aunt.length}`);
    }
  });
}

/** The root a proof leads to. Throws MerkleError when the number of aunts does not fit index and total. */
export function computeMerkleRoot(proof: MerkleProof, hasher: Hasher = nobleHasher): Uint8Array {
  return rootFromAunts(proof.index, proof.total, proof.leafHash, proof.aunts, hasher);
}

/** Throws MerkleError unless `proof` shows that `leaf` is under `root`. */
export function verifyMerkleProof(
  proof: MerkleProof,
  root: Uint8Array,
  leaf: Uint8Array,
  hasher: Hasher = nobleHasher,
): void {
  if (proof.total < 0n) throw new MerkleError("proof total must be positive");
  if (proof.index < 0n) throw new MerkleError("proof index cannot be negative");
  const expected = leafHash(leaf, hasher);
  if (!equalBytes(proof.leafHash, expected)) {
    throw new MerkleError(`invalid leaf hash: wanted ${upperHex(expected)} got ${upperHex(proof.leafHash)}`);
  }
  const computed = computeMerkleRoot(proof, hasher);
  if (!equalBytes(computed, root)) {
    throw new MerkleError(`invalid root hash: wanted ${upperHex(root)} got ${upperHex(computed)}`);
  }
}

/**
 * One step of a chained proof: it turns the value proven so far into the root of the next tree. Its key must be the
 * next one of the path, unless it is empty.
 */
export interface ProofOperator {
  readonly key: Uint8Array;
  run(value: Uint8Array): Uint8Array;
}

/**
 * Runs chained proof operators from `value` to `root` along a key path such as `/store/x:0102`, outermost key first
 * (ProofOperators.Verify). Throws MerkleError when a key, a step or the root does not fit.
 */
export function verifyProofOperators(
  operators: readonly ProofOperator[],
  root: Uint8Array,
  keyPath: string,
  value: Uint8Array,
): void {
  const keys = [...parseKeyPath(keyPath)];
  let current = value;
  operators.forEach((operator, i) => {
    if (operator.key.length > 0) {
      const last = keys.pop();
      if (last === undefined) {
        throw new MerkleError(
          `key path has insufficient # of parts: expected no more keys but got ${hex(operator.key)}`,
        );
      }
      if (!equalBytes(last, operator.key)) {
        throw new MerkleError(`key mismatch on operation #${i}: expected ${hex(last)} but got ${hex(operator.key)}`);
      }
    }
    current = operator.run(current);
  });
  if (operators.length === 0 || !equalBytes(current, root)) {
    throw new MerkleError(`calculated root hash is invalid: expected ${hex(root)} but got ${hex(current)}`);
  }
  if (keys.length !== 0) throw new MerkleError("keypath not consumed all");
}

/** Cuts a key path into its keys: parts are URL-escaped text, or hex after `x:` (KeyPathToKeys). */
export function parseKeyPath(path: string): readonly Uint8Array[] {
  if (!path.startsWith("/")) throw new MerkleError("key path string must start with a forward slash '/'");
  return path
    .slice(1)
    .split("/")
    .map((part, i) => {
      try {
        return part.startsWith("x:") ? fromHex(part.slice(2)) : unescapePath(part);
      } catch {
        throw new MerkleError(`decoding part #${i} of the key path: /${part}`);
      }
    });
}

function unescapePath(part: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < part.length; ) {
    if (part[at] === "%") {
      pieces.push(fromHex(part.slice(at + 1, at + 3).padEnd(2, "?")));
      at += 3;
    } else {
      const next = part.indexOf("%", at);
      const end = next === -1 ? part.length : next;
      pieces.push(utf8(part.slice(at, end)));
      at = end;
    }
  }
  return concat(...pieces);
}

function nextLevel(level: readonly Uint8Array[], hasher: Hasher): readonly Uint8Array[] {
  const preimages: Uint8Array[] = [];
  for (let i = 0; i + 1 < level.length; i += 2) {
    preimages.push(concat(INNER_PREFIX, level[i] as Uint8Array, level[i + 1] as Uint8Array));
  }
  const hashes = hasher.batch(preimages);
  return (level.length & 1) === 1 ? [...hashes, level[level.length - 1] as Uint8Array] : hashes;
}

/** computeHashFromAunts: the last aunt is a child of the root. At most MAX_AUNTS levels deep. */
function rootFromAunts(
  index: bigint,
  total: bigint,
  leaf: Uint8Array,
  aunts: readonly Uint8Array[],
  hasher: Hasher,
): Uint8Array {
  if (index >= total || index < 0n || total <= 0n) {
    throw new MerkleError(`compute root hash: invalid index ${index} and/or total ${total}`);
  }
  const aunt = aunts[aunts.length - 1];
  if (total === 1n) {
    if (aunt !== undefined) throw new MerkleError("compute root hash: unexpected inner hashes");
    return leaf;
  }
  if (aunt === undefined) throw new MerkleError("compute root hash: expected at least one inner hash");
  const left = splitPoint(total);
  const rest = aunts.slice(0, -1);
  if (index < left) return innerHash(rootFromAunts(index, left, leaf, rest, hasher), aunt, hasher);
  return innerHash(aunt, rootFromAunts(index - left, total - left, leaf, rest, hasher), hasher);
}

function upperHex(bytes: Uint8Array): string {
  return hex(bytes).toUpperCase();
}
