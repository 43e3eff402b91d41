/**
 * Owns transactions as opaque bytes: their hash, the hash over a list of them and inclusion proofs. It does not own
 * what they mean (chain/app).
 */
import { equalBytes } from "../../proto/bytes.ts";
import { upperHex } from "./block-id.ts";
import { ValidationError } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import type { MerkleProof } from "./merkle.ts";
import { MerkleError, merkleProofs, merkleRoot, verifyMerkleProof } from "./merkle.ts";

/** A transaction, the root it is under and the way there (tendermint.types.TxProof). */
export interface TxProof {
  readonly rootHash: Uint8Array;
  readonly data: Uint8Array;
  readonly proof: MerkleProof;
}

/** The hash wallets and explorers know a transaction by: SHA-256 of its bytes. */
export function txHash(tx: Uint8Array, hasher: Hasher = nobleHasher): Uint8Array {
  return hasher.hash(tx);
}

/** The hash as it is printed: upper-case hex. */
export function txHashText(tx: Uint8Array, hasher: Hasher = nobleHasher): string {
  return upperHex(txHash(tx, hasher));
}

/** DataHash: Merkle root whose leaves are the hashes of the transactions. */
export function dataHash(txs: readonly Uint8Array[], hasher: Hasher = nobleHasher): Uint8Array {
  return merkleRoot(hasher.batch(txs), hasher);
}

/** Proves that transaction `index` is under the DataHash of `txs`. */
export function proveTx(txs: readonly Uint8Array[], index: number, hasher: Hasher = nobleHasher): TxProof {
  const { root, proofs } = merkleProofs(hasher.batch(txs), hasher);
  const data = txs[index];
  const proof = proofs[index];
  if (data === undefined || proof === undefined) throw new ValidationError(`no transaction #${index}`);
  return { rootHash: root, data, proof };
}

/** Throws ValidationError unless the proof shows that its transaction is under `hash` (TxProof.Validate). */
export function verifyTxProof(proof: TxProof, hash: Uint8Array, hasher: Hasher = nobleHasher): void {
  if (!equalBytes(hash, proof.rootHash)) throw new ValidationError("proof matches different data hash");
  if (proof.proof.index < 0n) throw new ValidationError("proof index cannot be negative");
  if (proof.proof.total <= 0n) throw new ValidationError("proof total must be positive");
  try {
    verifyMerkleProof(proof.proof, proof.rootHash, txHash(proof.data, hasher), hasher);
  } catch (error) {
    if (error instanceof MerkleError) throw new ValidationError("proof is not internally consistent");
    throw error;
  }
}

/** Bytes the transactions take inside a block: each has a tag and a length before it. */
export function txsSize(txs: readonly Uint8Array[]): bigint {
  let size = 0n;
  for (const tx of txs) size += txSize(tx);
  return size;
}

/** Bytes one transaction takes inside a block. */
export function txSize(tx: Uint8Array): bigint {
  let lengthBytes = 1n;
  for (let left = tx.length >> 7; left > 0; left >>= 7) lengthBytes++;
  return 1n + lengthBytes + BigInt(tx.length);
}

/** Throws ValidationError when the transactions take more than `maxBytes` of a block (Txs.Validate). */
export function validateTxsSize(txs: readonly Uint8Array[], maxBytes: bigint): void {
  if (txsSize(txs) > maxBytes) throw new ValidationError(`transaction data size exceeds maximum ${maxBytes}`);
}
