// Everything that can happen to the consensus machine. Owns the union of inputs. Signatures, proposers and block
// contents have been checked before a value becomes an input: the machine reasons about correct bytes only.

import type { Messages } from "../../proto/types.gen.ts";
import type { BlockId } from "../types/block-id.ts";
import type { Commit } from "../types/commit.ts";
import type { ValidatorSet } from "../types/validator-set.ts";
import type { Proposal, Vote } from "../types/vote.ts";
import type { Lock } from "./state.ts";
import type { TimeoutConfig } from "./timeouts.ts";

/** Begins a height. The only input that is not logged: it follows from the stored chain state. */
export interface StartHeight {
  readonly type: "startHeight";
  readonly height: bigint;
  readonly validators: ValidatorSet;
  /** The address this node signs with, or undefined. Not being in `validators` is the same as undefined. */
  readonly self: Uint8Array | undefined;
  /** The commit of height - 1; undefined at the initial height. */
  readonly lastCommit: Commit | undefined;
  /** How much of the commit timeout is left, in milliseconds; 0 starts round 0 at once. */
  readonly delayMs: number;
  readonly timeouts: TimeoutConfig;
  readonly waitForTxs: boolean;
}

/** A proposal signed by the proposer of its height and round. */
export interface ProposalInput {
  readonly type: "proposal";
  readonly proposal: Proposal;
}

/** A vote with a good signature of the validator at its index; prevote or precommit. */
export interface VoteInput {
  readonly type: "vote";
  readonly vote: Vote;
}

/** Identical votes (type, height, round, block id) whose power is a quorum, each with a good signature. */
export interface CertInput {
  readonly type: "cert";
  readonly kind: "polka" | "commit";
  readonly votes: readonly Vote[];
}

/** The answer to Validate: the block is here and this is what the rules and the application say of it. */
export interface BlockReady {
  readonly type: "blockReady";
  readonly height: bigint;
  readonly blockId: BlockId;
  readonly valid: boolean;
}

/** The answer to BuildValue. */
export interface BuiltValue {
  readonly type: "builtValue";
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
}

export type TimeoutKind = "newHeight" | "propose" | "prevote" | "precommit";

export interface TimeoutInput {
  readonly type: "timeout";
  readonly kind: TimeoutKind;
  readonly height: bigint;
  readonly round: number;
}

/** A block that is here, valid, and decided by a commit whose every signature was verified. */
export interface SyncedBlock {
  readonly type: "syncedBlock";
  readonly height: bigint;
  readonly blockId: BlockId;
  readonly commit: Commit;
  /** The same commit with the extensions of its votes, at heights that have them: whoever proposes next needs them. */
  readonly extendedCommit?: Messages["tendermint.types.ExtendedCommit"] | undefined;
}

/** The mempool is no longer empty: ends the wait of `newRound`. */
export interface TxsAvailable {
  readonly type: "txsAvailable";
  readonly height: bigint;
}

/** A lock remembered by the sign journal and not by the log: the log was lost, the promise was not. */
export interface RestoreLock {
  readonly type: "restoreLock";
  readonly height: bigint;
  readonly lock: Lock;
}

export type Input =
  | StartHeight
  | ProposalInput
  | VoteInput
  | CertInput
  | BlockReady
  | BuiltValue
  | TimeoutInput
  | SyncedBlock
  | TxsAvailable
  | RestoreLock;

/** Inputs that stand in the write-ahead log. */
export type LoggedInput = Exclude<Input, StartHeight>;
