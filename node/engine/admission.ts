// What a message must be before the consensus machine sees it. Owns the checks of form, signer and signature, cheap ones
// first; does not own what a good message leads to. A message that is merely stale, early or known is ignored, never
// blamed on the peer: honest nodes that lag send such messages too.

import { blockKey } from "../../chain/consensus/block-key.ts";
import { type Certificate, votesOf } from "../../chain/consensus/certificate.ts";
import { MAX_PROPOSALS_PER_ROUND } from "../../chain/consensus/limits.ts";
import { roundOf, type State } from "../../chain/consensus/state.ts";
import { proposerAddress } from "../../chain/consensus/validators.ts";
import { isQuorum } from "../../chain/consensus/votes.ts";
import { BLOCK_ID_FLAG_COMMIT, type Commit } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { findValidator, type ValidatorSet } from "../../chain/types/validator-set.ts";
import {
  type Proposal,
  SIGNED_PREVOTE,
  type Vote,
  validateProposal,
  validateProposalSize,
  validateVote,
  verifyProposal,
  verifyVote,
  verifyVoteExtension,
} from "../../chain/types/vote.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { ExtendedCommit } from "../ports.ts";
import { bareCommit, type ExtensionRule } from "./extensions.ts";

export interface AdmissionNeeds {
  readonly chainId: string;
  readonly verifier: Verifier;
}

/** Throws ValidationError unless the proposal is one the proposer of its round signed. */
export function checkProposal(
  proposal: Proposal,
  validators: ValidatorSet,
  maxBytes: bigint,
  { chainId, verifier }: AdmissionNeeds,
): void {
  validateProposal(proposal);
  validateProposalSize(proposal, maxBytes);
  if (proposal.polRound >= proposal.round) throw new ValidationError("proposal POLRound is not before its round");
  const proposer = findValidator(validators, proposerAddress(validators, proposal.round))?.validator;
  if (proposer === undefined) throw new ValidationError("no proposer");
  verifyProposal(chainId, proposal, proposer.pubKey, verifier);
}

/** Throws ValidationError unless the vote is one the validator at its index signed, its extension included. */
export function checkVote(
  vote: Vote,
  validators: ValidatorSet,
  { chainId, verifier }: AdmissionNeeds,
  rule: ExtensionRule,
): void {
  validateVote(vote);
  const validator = validators.validators[vote.validatorIndex];
  if (validator === undefined || !equalBytes(validator.address, vote.validatorAddress)) {
    throw new ValidationError(`no validator of that address at index ${vote.validatorIndex}`);
  }
  const isExtended = vote.extension.length > 0 || vote.extensionSignature.length > 0;
  if (isExtended && rule === "forbidden") throw new ValidationError("vote extensions are not enabled");
  verifyVote(chainId, vote, validator.pubKey, verifier);
  if (rule === "required" || isExtended) verifyVoteExtension(chainId, vote, validator.pubKey, verifier);
}

/**
 * The votes of a certificate. Throws ValidationError unless they are a quorum's and every one is signed, with its extension: who decides
 * by them must be able to propose on them, or a liar that shows its precommit in certificates alone would leave nobody who can.
 */
export function checkCertificate(
  certificate: Certificate,
  validators: ValidatorSet,
  needs: AdmissionNeeds,
  rule: ExtensionRule,
): readonly Vote[] {
  const { kind, commit, extensions = [] } = certificate;
  if (commit.signatures.length !== validators.validators.length) {
    throw new ValidationError(
      `certificate of ${commit.signatures.length} places for ${validators.validators.length} validators`,
    );
  }
  const votes = votesOf(certificate);
  let power = 0n;
  for (const vote of votes) power += validators.validators[vote.validatorIndex]?.votingPower ?? 0n;
  if (!isQuorum(power, validators.totalVotingPower)) throw new ValidationError("certificate without a quorum");
  if (extensions.length > 0 && (kind === "polka" || extensions.length !== votes.length))
    throw new ValidationError(`certificate of ${votes.length} votes with ${extensions.length} extensions`);
  for (const vote of votes) checkVote(vote, validators, needs, kind === "polka" ? "forbidden" : rule);
  return votes;
}

/**
 * Throws ValidationError unless a commit, verified by itself, has what its rule says: an extension signed by each validator that voted
 * for the block and by nobody else (CometBFT types/block.go, EnsureExtensions), or none.
 */
export function checkCommitExtensions(
  commit: Commit | ExtendedCommit,
  validators: ValidatorSet,
  { chainId, verifier }: AdmissionNeeds,
  rule: ExtensionRule,
): void {
  if ("signatures" in commit) {
    if (rule === "required") throw new ValidationError("its commit has no vote extensions");
    return;
  }
  if (rule === "forbidden") throw new ValidationError("vote extensions are not enabled");
  const isVote = ({ blockIdFlag }: { readonly blockIdFlag: number }) => blockIdFlag === BLOCK_ID_FLAG_COMMIT;
  for (const signature of commit.extendedSignatures) {
    const { extension, extensionSignature } = signature;
    if (!isVote(signature) && extension.length + extensionSignature.length > 0)
      throw new ValidationError("a vote extension without a vote for the block");
  }
  const certificate = { commit: bareCommit(commit), extensions: commit.extendedSignatures.filter(isVote) };
  for (const vote of votesOf({ kind: "commit", ...certificate })) {
    validateVote(vote);
    const validator = validators.validators[vote.validatorIndex];
    if (validator !== undefined) verifyVoteExtension(chainId, vote, validator.pubKey, verifier);
  }
}

/** Whether a vote adds nothing: it is held, or two of its validator's votes for the step are. Saves a verification. */
export function isKnownVote(state: State, vote: Vote): boolean {
  const held = roundOf(state, vote.round);
  if (held === undefined) return false;
  const tally = vote.type === SIGNED_PREVOTE ? held.prevotes : held.precommits;
  const first = tally.votes[vote.validatorIndex];
  if (first === undefined) return false;
  return blockKey(first.blockId) === blockKey(vote.blockId) || tally.conflicting[vote.validatorIndex] !== undefined;
}

/** Whether a proposal adds nothing: it is held, or its round has no place left. Saves a verification. */
export function isKnownProposal(state: State, proposal: Proposal): boolean {
  const proposals = roundOf(state, proposal.round)?.proposals ?? [];
  if (proposals.length >= MAX_PROPOSALS_PER_ROUND) return true;
  return proposals.some((held) => isSameProposal(held, proposal));
}

/** Whether the two propose the same, however they are signed. */
export function isSameProposal(a: Proposal, b: Proposal): boolean {
  const samePlace = a.height === b.height && a.round === b.round && a.polRound === b.polRound;
  return samePlace && blockKey(a.blockId) === blockKey(b.blockId);
}

/** Whether the two are one validator's word on the same, whenever it was given. */
export function isSameVote(a: Vote, b: Vote): boolean {
  const samePlace = a.height === b.height && a.round === b.round && a.type === b.type;
  return samePlace && a.validatorIndex === b.validatorIndex && blockKey(a.blockId) === blockKey(b.blockId);
}

/** Whether a late precommit could still enter the commit of the block below. */
export function hasPlaceFor(commit: Commit | undefined, vote: Vote): boolean {
  return (
    commit !== undefined &&
    commit.height === vote.height &&
    commit.round === vote.round &&
    commit.signatures[vote.validatorIndex]?.signature.length === 0
  );
}
