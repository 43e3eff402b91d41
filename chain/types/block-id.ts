/**
 * Owns block ids and part set headers as data: comparison, form and their text. It does not own what they identify
 * (block.ts, part-set.ts).
 */
import { concat, equalBytes, hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ValidationError, within } from "./errors.ts";
import { HASH_BYTES } from "./limits.ts";
import { partSetHeaderBytes } from "./wire.ts";

/** Names a block: the hash of its header and the root of its parts. */
export type BlockId = Messages["tendermint.types.BlockID"];
/** Number of parts of a block and the Merkle root over them. */
export type PartSetHeader = Messages["tendermint.types.PartSetHeader"];

/** The id of no block: what a nil vote names. */
export const ZERO_BLOCK_ID: BlockId = {
  hash: new Uint8Array(0),
  partSetHeader: { total: 0, hash: new Uint8Array(0) },
};

/** True when both headers have the same total and hash. */
export function equalPartSetHeaders(a: PartSetHeader, b: PartSetHeader): boolean {
  return a.total === b.total && equalBytes(a.hash, b.hash);
}

/** True when both ids name the same block cut into the same parts. */
export function equalBlockIds(a: BlockId, b: BlockId): boolean {
  return equalBytes(a.hash, b.hash) && equalPartSetHeaders(a.partSetHeader, b.partSetHeader);
}

/** True for the id of no block. An id without a hash but with a part set header is not it. */
export function isZeroBlockId(id: BlockId): boolean {
  return id.hash.length === 0 && id.partSetHeader.total === 0 && id.partSetHeader.hash.length === 0;
}

/** True when the id has both hashes and at least one part. */
export function isCompleteBlockId(id: BlockId): boolean {
  return id.hash.length === HASH_BYTES && id.partSetHeader.total > 0 && id.partSetHeader.hash.length === HASH_BYTES;
}

/** Bytes that order ids: the two votes of duplicate-vote evidence stand in this order (BlockID.Key). */
export function blockIdKey(id: BlockId): Uint8Array {
  return concat(id.hash, partSetHeaderBytes(id.partSetHeader));
}

/** Throws ValidationError unless the hash is empty or 32 bytes long. */
export function validateHash(hash: Uint8Array): void {
  if (hash.length !== 0 && hash.length !== HASH_BYTES) {
    throw new ValidationError(`expected size to be ${HASH_BYTES} bytes, got ${hash.length} bytes`);
  }
}

/** Throws ValidationError unless the hashes have the right lengths. */
export function validatePartSetHeader(header: PartSetHeader): void {
  within("wrong Hash", () => validateHash(header.hash));
}

/** Throws ValidationError unless the hashes have the right lengths. */
export function validateBlockId(id: BlockId): void {
  if (id.hash.length !== 0 && id.hash.length !== HASH_BYTES) throw new ValidationError("wrong Hash");
  within("wrong PartSetHeader", () => validatePartSetHeader(id.partSetHeader));
}

/** The id as CometBFT prints it: hash, number of parts and the first six bytes of their root. */
export function formatBlockId(id: BlockId): string {
  const fingerprint = new Uint8Array(6);
  fingerprint.set(id.partSetHeader.hash.subarray(0, 6));
  return `${upperHex(id.hash)}:${id.partSetHeader.total}:${upperHex(fingerprint)}`;
}

/** Upper-case hex, as CometBFT prints hashes and addresses. */
export function upperHex(bytes: Uint8Array): string {
  return hex(bytes).toUpperCase();
}
