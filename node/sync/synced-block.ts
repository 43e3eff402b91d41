/**
 * Owns reading blocks that a peer sent: bounds that are checked on the bytes come before decoding, which costs far more memory than the
 * bytes themselves. Does not own verification (node/engine).
 */
import { MAX_VOTES } from "../../chain/types/limits.ts";
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Block, Commit, ExtendedCommit } from "../ports.ts";
import { nthField } from "../storage/wire-walk.ts";

/** A block with a commit for it, as its sender had it. */
export interface SyncedBlock {
  readonly block: Block;
  /** With the extensions of its votes, where the sender gave any. */
  readonly commit: Commit | ExtendedCommit;
  readonly bytes: number;
}

/** `last_commit` of a block, and `signatures` of a commit, `extended_signatures` of an extended one. */
const LAST_COMMIT_FIELD = 4;
const SIGNATURES_FIELD = 4;

/** Throws DecodeError. */
export function readSyncedBlock(sent: Messages["tributary.p2p.v1.CommittedBlock"]): SyncedBlock {
  const isExtended = sent.extendedCommit.length > 0;
  if (isExtended && sent.commit.length > 0) throw new DecodeError("a block came with two commits");
  const name = isExtended ? "tendermint.types.ExtendedCommit" : "tendermint.types.Commit";
  const commit = isExtended ? sent.extendedCommit : sent.commit;
  checkSignatures(commit);
  checkSignatures(field(sent.block, LAST_COMMIT_FIELD, 0) ?? new Uint8Array());
  return {
    block: decode("tendermint.types.Block", sent.block, "lenient", maxValues(sent.block)),
    commit: decode(name, commit, "lenient", maxValues(commit)),
    bytes: sent.block.length + commit.length,
  };
}

/** What a commit of all validators there can be holds, and a transaction in so many bytes: empty ones would cost memory without end. */
function maxValues(bytes: Uint8Array): number {
  return 8 * MAX_VOTES + Math.floor(bytes.length / 16);
}

function checkSignatures(commit: Uint8Array): void {
  if (field(commit, SIGNATURES_FIELD, MAX_VOTES) !== undefined)
    throw new DecodeError(`a commit has more than ${MAX_VOTES} signatures`);
}

function field(message: Uint8Array, number: number, index: number): Uint8Array | undefined {
  try {
    return nthField(message, number, index);
  } catch (error) {
    throw new DecodeError((error as Error).message);
  }
}
