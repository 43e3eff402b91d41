// Everything the consensus machine can ask for. Owns the union of effects. They are performed in the order given: Log
// comes before what follows from the logged input, and Publish only ever names what the log and journal already hold.

import type { BlockId } from "../types/block-id.ts";
import type { Commit } from "../types/commit.ts";
import type { Proposal, Vote } from "../types/vote.ts";
import type { LoggedInput, TimeoutKind } from "./input.ts";
import type { Lock } from "./state.ts";
import type { Conflict } from "./votes.ts";

/** Append to the write-ahead log. */
export interface LogEffect {
  readonly type: "log";
  readonly input: LoggedInput;
}

/** A vote to be signed. The signer adds time, address and signature; the signed vote comes back as an input. */
export interface UnsignedVote {
  readonly type: "vote";
  readonly voteType: number;
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
  readonly validatorIndex: number;
}

export interface UnsignedProposal {
  readonly type: "proposal";
  readonly height: bigint;
  readonly round: number;
  /** The round of the polka that justifies proposing this block again; -1 for a fresh block. */
  readonly polRound: number;
  readonly blockId: BlockId;
}

export interface Polka {
  readonly round: number;
  readonly votes: readonly Vote[];
}

export interface SignEffect {
  readonly type: "sign";
  readonly message: UnsignedVote | UnsignedProposal;
  /** With a precommit for a block: the lock it makes, durable no later than the signature. */
  readonly lock?: Lock;
  /** With a prevote that a lock would forbid: the later polka that allows it (line 28). */
  readonly polka?: Polka;
}

/** Send this node's own message to everyone; with a proposal, the parts of its block too. */
export interface PublishEffect {
  readonly type: "publish";
  readonly message:
    | { readonly type: "proposal"; readonly proposal: Proposal }
    | { readonly type: "vote"; readonly vote: Vote };
}

export interface ScheduleEffect {
  readonly type: "schedule";
  readonly kind: TimeoutKind;
  readonly height: bigint;
  readonly round: number;
  readonly ms: number;
}

/** Build a block on `lastCommit` and answer with BuiltValue. No answer is an answer: the round then times out. */
export interface BuildValueEffect {
  readonly type: "buildValue";
  readonly height: bigint;
  readonly round: number;
  readonly lastCommit: Commit | undefined;
}

/** Answer with BlockReady as soon as the block is here and checked. */
export interface ValidateEffect {
  readonly type: "validate";
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
}

/** A quorum stands behind a block that is not here: ask peers for it. */
export interface WantEffect {
  readonly type: "want";
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
}

export interface EvidenceEffect {
  readonly type: "evidence";
  readonly conflict: Conflict;
}

/** The height is decided. Execute the block, store it, then start the next height. */
export interface CommitEffect {
  readonly type: "commit";
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
  readonly commit: Commit;
}

/** More than two thirds decided a block this node finds invalid. Going on could only make it worse. */
export interface HaltEffect {
  readonly type: "halt";
  readonly height: bigint;
  readonly blockId: BlockId;
}

export type Effect =
  | LogEffect
  | SignEffect
  | PublishEffect
  | ScheduleEffect
  | BuildValueEffect
  | ValidateEffect
  | WantEffect
  | EvidenceEffect
  | CommitEffect
  | HaltEffect;
