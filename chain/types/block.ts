/**
 * Owns blocks: their bytes, their hash, their form. It does not own whether a block fits the chain (chain-state.ts)
 * nor how it is cut into parts (part-set.ts).
 */
import { equalBytes } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId } from "./block-id.ts";
import { upperHex } from "./block-id.ts";
import type { Commit } from "./commit.ts";
import { commitHash, validateCommit } from "./commit.ts";
import { ValidationError, within } from "./errors.ts";
import { evidenceListHash, validateEvidence } from "./evidence.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { headerHash, validateHeader } from "./header.ts";
import { MAX_BLOCK_BYTES } from "./limits.ts";
import { PartSet } from "./part-set.ts";
import { dataHash } from "./tx.ts";

/** Header, transactions, evidence and the commit of the block before (tendermint.types.Block). */
export type Block = Messages["tendermint.types.Block"];

/** The bytes that are cut into parts. */
export function encodeBlock(block: Block): Uint8Array {
  return encode("tendermint.types.Block", block);
}

/** Reads a block and checks its form. Throws DecodeError or ValidationError. */
export function decodeBlock(bytes: Uint8Array, hasher: Hasher = nobleHasher): Block {
  if (bytes.length > MAX_BLOCK_BYTES) throw new ValidationError(`block is too big (max: ${MAX_BLOCK_BYTES} bytes)`);
  const block = decode("tendermint.types.Block", bytes);
  validateBlockForm(block, hasher);
  return block;
}

/** The hash of the block's header. Throws ValidationError when the header is not finished. */
export function blockHash(block: Pick<Block, "header">, hasher: Hasher = nobleHasher): Uint8Array {
  const hash = headerHash(block.header, hasher);
  if (hash === undefined) throw new ValidationError("block header is not finished");
  return hash;
}

/** Cuts a block into parts and names it. */
export function partsOfBlock(
  block: Block,
  hasher: Hasher = nobleHasher,
): { readonly blockId: BlockId; readonly parts: PartSet; readonly bytes: Uint8Array } {
  const bytes = encodeBlock(block);
  const parts = PartSet.fromBytes(bytes, hasher);
  return { blockId: { hash: blockHash(block, hasher), partSetHeader: parts.header }, parts, bytes };
}

/** The commit a block carries. Throws ValidationError ("nil LastCommit") when there is none. */
export function lastCommitOf(block: Block): Commit {
  if (block.lastCommit === undefined) throw new ValidationError("nil LastCommit");
  return block.lastCommit;
}

/** Throws ValidationError unless all parts are well formed and the header's hashes are theirs (Block.ValidateBasic). */
export function validateBlockForm(block: Block, hasher: Hasher = nobleHasher): void {
  const { header } = block;
  within("invalid header", () => validateHeader(header));
  const lastCommit = lastCommitOf(block);
  within("wrong LastCommit", () => validateCommit(lastCommit));
  checkHash("LastCommitHash", commitHash(lastCommit, hasher), header.lastCommitHash);
  checkHash("DataHash", dataHash(block.data.txs, hasher), header.dataHash);
  block.evidence.evidence.forEach((evidence, i) => {
    within(`invalid evidence (#${i})`, () => validateEvidence(evidence));
  });
  checkHash("EvidenceHash", evidenceListHash(block.evidence.evidence, hasher), header.evidenceHash);
}

function checkHash(name: string, expected: Uint8Array, got: Uint8Array): void {
  if (equalBytes(expected, got)) return;
  throw new ValidationError(`wrong Header.${name}. Expected ${upperHex(expected)}, got ${upperHex(got)}`);
}
