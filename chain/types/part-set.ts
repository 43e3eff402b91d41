/**
 * Owns the parts a block travels in: cutting, proofs, and putting them together again. It does not own what the bytes
 * mean (block.ts) nor how they travel (node/p2p).
 */
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { PartSetHeader } from "./block-id.ts";
import { equalPartSetHeaders, validatePartSetHeader } from "./block-id.ts";
import { ValidationError } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { BLOCK_PART_BYTES, MAX_BLOCK_BYTES, MAX_BLOCK_PARTS } from "./limits.ts";
import { MerkleError, merkleProofs, validateMerkleProof, verifyMerkleProof } from "./merkle.ts";

/** One part and the proof that it belongs to the set (tendermint.types.Part). */
export type Part = Messages["tendermint.types.Part"];

/** The parts of one block, all of them or those that have arrived. */
export class PartSet {
  /** What the set must come to. */
  readonly header: PartSetHeader;
  readonly #parts: (Part | undefined)[];
  readonly #maxBytes: number;
  readonly #hasher: Hasher;
  #count = 0;
  #bytes = 0;

  private constructor(header: PartSetHeader, maxBytes: number, hasher: Hasher) {
    this.header = header;
    this.#parts = new Array<Part | undefined>(header.total).fill(undefined);
    this.#maxBytes = maxBytes;
    this.#hasher = hasher;
  }

  /** Cuts bytes into parts. Throws ValidationError above the protocol's largest block. */
  static fromBytes(bytes: Uint8Array, hasher: Hasher = nobleHasher, partBytes = BLOCK_PART_BYTES): PartSet {
    if (bytes.length === 0) throw new ValidationError("a block is never empty");
    if (bytes.length > MAX_BLOCK_BYTES) throw new ValidationError(`block is too big (max: ${MAX_BLOCK_BYTES} bytes)`);
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += partBytes) pieces.push(bytes.subarray(at, at + partBytes));
    const { root, proofs } = merkleProofs(pieces, hasher);
    const set = new PartSet({ total: pieces.length, hash: root }, MAX_BLOCK_BYTES, hasher);
    proofs.forEach((proof, index) => {
      set.#parts[index] = { index, bytes: pieces[index] as Uint8Array, proof };
    });
    set.#count = pieces.length;
    set.#bytes = bytes.length;
    return set;
  }

  /** An empty set to be filled. Throws ValidationError when the header promises more than `maxBytes` can need. */
  static fromHeader(header: PartSetHeader, maxBytes = MAX_BLOCK_BYTES, hasher: Hasher = nobleHasher): PartSet {
    validatePartSetHeader(header);
    if (!Number.isInteger(header.total) || header.total < 1 || header.total > MAX_BLOCK_PARTS) {
      throw new ValidationError(`part set of ${header.total} parts (max: ${MAX_BLOCK_PARTS})`);
    }
    return new PartSet(header, maxBytes, hasher);
  }

  /** Parts that are here. */
  get count(): number {
    return this.#count;
  }
  /** Bytes of the parts that are here. */
  get byteSize(): number {
    return this.#bytes;
  }
  /** True when every part is here. */
  get isComplete(): boolean {
    return this.#count === this.header.total;
  }
  /** True when this is the set `header` names. */
  hasHeader(header: PartSetHeader): boolean {
    return equalPartSetHeaders(this.header, header);
  }
  /** The part at `index`, or undefined while it is missing. */
  part(index: number): Part | undefined {
    return this.#parts[index];
  }

  /**
   * Adds a part after checking its form and proof. Returns false when it is here already. Throws ValidationError for a
   * part that does not belong, and when the parts together exceed the set's bytes.
   */
  add(part: Part): boolean {
    if (part.index >= this.header.total) throw new ValidationError("error part set unexpected index");
    if (this.#parts[part.index] !== undefined) return false;
    validatePart(part);
    if (part.proof.total !== BigInt(this.header.total)) throw new ValidationError("error part set invalid proof");
    try {
      verifyMerkleProof(part.proof, this.header.hash, part.bytes, this.#hasher);
    } catch (error) {
      if (error instanceof MerkleError) throw new ValidationError("error part set invalid proof");
      throw error;
    }
    const bytes = this.#bytes + part.bytes.length;
    if (bytes > this.#maxBytes) {
      throw new ValidationError(
        `total size of proposal block parts exceeds maximum block bytes (${bytes} > ${this.#maxBytes})`,
      );
    }
    this.#parts[part.index] = part;
    this.#count++;
    this.#bytes = bytes;
    return true;
  }

  /** The bytes the parts were cut from. Throws ValidationError while parts are missing. */
  assemble(): Uint8Array {
    if (!this.isComplete) throw new ValidationError("cannot read an incomplete part set");
    return concat(...this.#parts.map((part) => (part as Part).bytes));
  }
}

/** Throws ValidationError unless the part has the right form (Part.ValidateBasic). */
export function validatePart(part: Part): void {
  if (part.bytes.length > BLOCK_PART_BYTES) throw new ValidationError("error part size too big");
  if (BigInt(part.index) < part.proof.total - 1n && part.bytes.length !== BLOCK_PART_BYTES) {
    throw new ValidationError("error inner part with invalid size");
  }
  if (BigInt(part.index) !== part.proof.index) {
    throw new ValidationError(`invalid part: part index ${part.index} != proof index ${part.proof.index}`);
  }
  try {
    validateMerkleProof(part.proof);
  } catch (error) {
    if (error instanceof MerkleError) throw new ValidationError(`invalid part: wrong Proof: ${error.message}`);
    throw error;
  }
}
