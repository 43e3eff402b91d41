/**
 * Owns votes and proposals: the bytes that are signed, their form and the check of their signatures. It does not own
 * when to vote (chain/consensus) nor keys (node/engine/signer.ts). The signed bytes are behind their length and leave
 * out the validator's identity (CometBFT types/canonical.go, spec/consensus/signing.md).
 */
import { concat, equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId } from "./block-id.ts";
import { formatBlockId, isCompleteBlockId, isZeroBlockId, validateBlockId } from "./block-id.ts";
import type { Verifier } from "./crypto.ts";
import { ValidationError, within } from "./errors.ts";
import {
  ADDRESS_BYTES,
  BLOCK_PART_BYTES,
  MAX_BLOCK_BYTES,
  MAX_SIGNATURE_BYTES,
  MAX_VOTE_EXTENSION_BYTES,
} from "./limits.ts";
import type { Timestamp } from "./time.ts";
import { validateTime } from "./time.ts";
import type { PublicKey } from "./validator.ts";
import { publicKeyToAddress, verifySignature } from "./validator.ts";
import {
  blockIdBytes,
  bytesField,
  delimited,
  fixed64Field,
  messageField,
  stringField,
  timestampBytes,
  varintField,
} from "./wire.ts";

/** A prevote or precommit (tendermint.types.Vote). */
export type Vote = Messages["tendermint.types.Vote"];
/** A proposed block's id (tendermint.types.Proposal). */
export type Proposal = Messages["tendermint.types.Proposal"];

/** What was signed (tendermint.types.SignedMsgType). A number here is on the wire and never reused. */
export const SIGNED_PREVOTE = 1;
export const SIGNED_PRECOMMIT = 2;
export const SIGNED_PROPOSAL = 32;

/** The fields of a vote its signature covers. */
export type SignedVote = Pick<Vote, "type" | "height" | "round" | "blockId" | "timestamp">;

/** What a validator signs to vote (VoteSignBytes). */
export function voteSignBytes(chainId: string, vote: SignedVote): Uint8Array {
  return voteSignTemplate(chainId, vote)(vote.timestamp);
}

/**
 * The sign bytes of votes that differ only in their time: the signatures of one commit. The rest is encoded once.
 */
export function voteSignTemplate(
  chainId: string,
  vote: Omit<SignedVote, "timestamp">,
): (timestamp: Timestamp) => Uint8Array {
  const before = concat(
    varintField(1, BigInt(vote.type)),
    fixed64Field(2, vote.height),
    fixed64Field(3, BigInt(vote.round)),
    canonicalBlockIdField(4, vote.blockId),
  );
  const after = stringField(6, chainId);
  return (timestamp) => delimited(concat(before, messageField(5, timestampBytes(timestamp)), after));
}

/** What a proposer signs (ProposalSignBytes). */
export function proposalSignBytes(
  chainId: string,
  proposal: Pick<Proposal, "height" | "round" | "polRound" | "blockId" | "timestamp">,
): Uint8Array {
  return delimited(
    concat(
      varintField(1, BigInt(SIGNED_PROPOSAL)),
      fixed64Field(2, proposal.height),
      fixed64Field(3, BigInt(proposal.round)),
      varintField(4, BigInt(proposal.polRound)),
      canonicalBlockIdField(5, proposal.blockId),
      messageField(6, timestampBytes(proposal.timestamp)),
      stringField(7, chainId),
    ),
  );
}

/** What a validator signs besides its precommit when vote extensions are on (VoteExtensionSignBytes). */
export function voteExtensionSignBytes(
  chainId: string,
  vote: Pick<Vote, "extension" | "height" | "round">,
): Uint8Array {
  return delimited(
    concat(
      bytesField(1, vote.extension),
      fixed64Field(2, vote.height),
      fixed64Field(3, BigInt(vote.round)),
      stringField(4, chainId),
    ),
  );
}

/** Throws ValidationError unless the vote has the right form (Vote.ValidateBasic). */
export function validateVote(vote: Vote): void {
  if (vote.type !== SIGNED_PREVOTE && vote.type !== SIGNED_PRECOMMIT) throw new ValidationError("invalid Type");
  if (vote.height <= 0n) throw new ValidationError("negative or zero Height");
  if (vote.round < 0) throw new ValidationError("negative Round");
  within("wrong Timestamp", () => validateTime(vote.timestamp));
  within("wrong BlockID", () => validateBlockId(vote.blockId));
  const forNothing = isZeroBlockId(vote.blockId);
  if (!forNothing && !isCompleteBlockId(vote.blockId)) {
    throw new ValidationError(`blockID must be either empty or complete, got: ${formatBlockId(vote.blockId)}`);
  }
  if (vote.validatorAddress.length !== ADDRESS_BYTES) {
    throw new ValidationError(
      `expected ValidatorAddress size to be ${ADDRESS_BYTES} bytes, got ${vote.validatorAddress.length} bytes`,
    );
  }
  if (vote.validatorIndex < 0) throw new ValidationError("negative ValidatorIndex");
  validateSignatureSize(vote.signature);
  if (vote.type !== SIGNED_PRECOMMIT || forNothing) {
    if (vote.extension.length > 0) {
      throw new ValidationError(`unexpected vote extension; vote type ${vote.type}, isNil ${forNothing}`);
    }
    if (vote.extensionSignature.length > 0) throw new ValidationError("unexpected vote extension signature");
    return;
  }
  if (vote.extension.length > MAX_VOTE_EXTENSION_BYTES) {
    throw new ValidationError(`vote extension is too big (max: ${MAX_VOTE_EXTENSION_BYTES})`);
  }
  if (vote.extensionSignature.length > MAX_SIGNATURE_BYTES) {
    throw new ValidationError(`vote extension signature is too big (max: ${MAX_SIGNATURE_BYTES})`);
  }
  if (vote.extensionSignature.length === 0 && vote.extension.length !== 0) {
    throw new ValidationError("vote extension signature absent on vote with extension");
  }
}

/** Throws ValidationError unless `publicKey` is the voter's and made the signature (Vote.Verify). */
export function verifyVote(chainId: string, vote: Vote, publicKey: PublicKey, verifier: Verifier): void {
  if (!equalBytes(publicKeyToAddress(publicKey), vote.validatorAddress)) {
    throw new ValidationError("invalid validator address");
  }
  if (!verifySignature(publicKey, voteSignBytes(chainId, vote), vote.signature, verifier)) {
    throw new ValidationError("invalid signature");
  }
}

/**
 * Throws ValidationError unless a precommit for a block carries a valid extension signature. Other votes carry none
 * and pass (Vote.VerifyExtension).
 */
export function verifyVoteExtension(chainId: string, vote: Vote, publicKey: PublicKey, verifier: Verifier): void {
  if (vote.type !== SIGNED_PRECOMMIT || isZeroBlockId(vote.blockId)) return;
  if (vote.extensionSignature.length === 0) throw new ValidationError("expected vote extension signature");
  if (!verifySignature(publicKey, voteExtensionSignBytes(chainId, vote), vote.extensionSignature, verifier)) {
    throw new ValidationError("invalid signature");
  }
}

/** Throws ValidationError unless the proposal has the right form (Proposal.ValidateBasic). */
export function validateProposal(proposal: Proposal): void {
  if (proposal.type !== SIGNED_PROPOSAL) throw new ValidationError("invalid Type");
  if (proposal.height < 0n) throw new ValidationError("negative Height");
  if (proposal.round < 0) throw new ValidationError("negative Round");
  if (proposal.polRound < -1) throw new ValidationError("negative POLRound (exception: -1)");
  within("wrong Timestamp", () => validateTime(proposal.timestamp));
  within("wrong BlockID", () => validateBlockId(proposal.blockId));
  if (!isCompleteBlockId(proposal.blockId)) {
    throw new ValidationError(`expected a complete, non-empty BlockID, got: ${formatBlockId(proposal.blockId)}`);
  }
  validateSignatureSize(proposal.signature);
}

/** Throws ValidationError when the proposed block has more parts than `maxBytes` allow; −1 is no limit of its own. */
export function validateProposalSize(proposal: Proposal, maxBytes: bigint): void {
  const bound = maxBytes === -1n ? BigInt(MAX_BLOCK_BYTES) : maxBytes;
  const maxParts = (bound - 1n) / BigInt(BLOCK_PART_BYTES) + 1n;
  if (BigInt(proposal.blockId.partSetHeader.total) > maxParts) {
    throw new ValidationError(`proposal has too many parts ${proposal.blockId.partSetHeader.total} (max: ${maxParts})`);
  }
}

/** Throws ValidationError unless `publicKey` signed the proposal. */
export function verifyProposal(chainId: string, proposal: Proposal, publicKey: PublicKey, verifier: Verifier): void {
  if (!verifySignature(publicKey, proposalSignBytes(chainId, proposal), proposal.signature, verifier)) {
    throw new ValidationError("invalid signature");
  }
}

/** A canonical block id is left out when it is the zero id. */
function canonicalBlockIdField(field: number, id: BlockId): Uint8Array {
  return isZeroBlockId(id) ? new Uint8Array(0) : messageField(field, blockIdBytes(id));
}

function validateSignatureSize(signature: Uint8Array): void {
  if (signature.length === 0) throw new ValidationError("signature is missing");
  if (signature.length > MAX_SIGNATURE_BYTES) {
    throw new ValidationError(`signature is too big (max: ${MAX_SIGNATURE_BYTES})`);
  }
}
