// Between votes and commits. Owns the conversion of a round's precommits to CometBFT's Commit, of certificates to votes
// and back, and the place of a late precommit. Does not own signature verification.

import { type BlockId, isZeroBlockId } from "../types/block-id.ts";
import {
  ABSENT_COMMIT_SIG,
  BLOCK_ID_FLAG_ABSENT,
  BLOCK_ID_FLAG_COMMIT,
  BLOCK_ID_FLAG_NIL,
  type Commit,
  type CommitSig,
} from "../types/commit.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../types/vote.ts";
import { blockKey } from "./block-key.ts";

/** Q signatures for one thing: a polka (prevotes) or a commit (precommits), in CometBFT's Commit shape. */
export interface Certificate {
  readonly kind: "polka" | "commit";
  /** Slots of validators that did not sign this block id are absent. */
  readonly commit: Commit;
  /** What the application added to each of these precommits, in their order; absent where votes are not extended. */
  readonly extensions?: readonly VoteExtension[];
}

export type VoteExtension = Pick<Vote, "extension" | "extensionSignature">;

/**
 * The commit made of a round's precommits: for the block, for nil, or absent. A precommit for another block counts as
 * absent (CometBFT types/block.go, MakeExtendedCommit). `decisive` votes win over `others` in the same slot.
 */
export function commitOf(
  height: bigint,
  round: number,
  blockId: BlockId,
  size: number,
  decisive: readonly Vote[],
  others: readonly (Vote | undefined)[],
): Commit {
  const signatures: CommitSig[] = [];
  for (let index = 0; index < size; index++) {
    const vote = decisive.find((held) => held.validatorIndex === index) ?? others[index];
    signatures.push((vote && signatureOf(vote, blockId)) ?? ABSENT_COMMIT_SIG);
  }
  return { height, round, blockId, signatures };
}

/** The commit with one more precommit in it, or undefined when the vote has no place there. */
export function withLateVote(commit: Commit, vote: Vote): Commit | undefined {
  if (vote.height !== commit.height || vote.round !== commit.round || vote.type !== SIGNED_PRECOMMIT) return undefined;
  if (commit.signatures[vote.validatorIndex]?.blockIdFlag !== BLOCK_ID_FLAG_ABSENT) return undefined;
  const signature = signatureOf(vote, commit.blockId);
  if (signature === undefined) return undefined;
  const signatures = commit.signatures.map((held, index) => (index === vote.validatorIndex ? signature : held));
  return { ...commit, signatures };
}

/** The votes inside a certificate, or inside any commit: those for its block id. */
export function votesOf(certificate: Certificate): readonly Vote[] {
  const { height, round, blockId, signatures } = certificate.commit;
  const votes: Vote[] = [];
  signatures.forEach((signature, validatorIndex) => {
    if (signature.blockIdFlag !== BLOCK_ID_FLAG_COMMIT) return;
    const { extension, extensionSignature } = certificate.extensions?.[votes.length] ?? NOT_EXTENDED;
    votes.push({
      type: certificate.kind === "polka" ? SIGNED_PREVOTE : SIGNED_PRECOMMIT,
      height,
      round,
      blockId,
      timestamp: signature.timestamp,
      validatorAddress: signature.validatorAddress,
      validatorIndex,
      signature: signature.signature,
      extension,
      extensionSignature,
    });
  });
  return votes;
}

/** The certificate made of a quorum's votes. */
export function certificateOf(kind: "polka" | "commit", votes: readonly Vote[], size: number): Certificate {
  const [first] = votes;
  if (first === undefined) throw new Error("a certificate without votes");
  const commit = commitOf(first.height, first.round, first.blockId, size, votes, []);
  if (votes.every(({ extensionSignature }) => extensionSignature.length === 0)) return { kind, commit };
  const ordered = votes.toSorted((one, other) => one.validatorIndex - other.validatorIndex);
  return {
    kind,
    commit,
    extensions: ordered.map(({ extension, extensionSignature }) => ({ extension, extensionSignature })),
  };
}

const NOT_EXTENDED: VoteExtension = { extension: new Uint8Array(0), extensionSignature: new Uint8Array(0) };

function signatureOf(vote: Vote, blockId: BlockId): CommitSig | undefined {
  const same = blockKey(vote.blockId) === blockKey(blockId);
  // A certificate may be for nil: then every vote in it is "for the block id", which is nil.
  if (!same && !isZeroBlockId(vote.blockId)) return undefined;
  return {
    blockIdFlag: same ? BLOCK_ID_FLAG_COMMIT : BLOCK_ID_FLAG_NIL,
    validatorAddress: vote.validatorAddress,
    timestamp: vote.timestamp,
    signature: vote.signature,
  };
}
