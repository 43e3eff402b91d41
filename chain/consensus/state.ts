// What the consensus machine knows. Owns the shape of its state, all of it plain data that can be written down and read
// back, and small reads of it. Does not own how it changes (step.ts, rules.ts).

import type { BlockId } from "../types/block-id.ts";
import type { Commit } from "../types/commit.ts";
import type { ValidatorSet } from "../types/validator-set.ts";
import type { Proposal, Vote } from "../types/vote.ts";
import { blockKey } from "./block-key.ts";
import type { TimeoutConfig } from "./timeouts.ts";
import { EMPTY_TALLY, type Powers, type Tally } from "./votes.ts";

/**
 * Where in a round the machine stands. `propose`, `prevote` and `precommit` are the paper's steps. `newHeight` waits out
 * the commit timeout, `newRound` waits for transactions (when empty blocks are off), `committed` waits for the next
 * StartHeight, `halted` is final: a quorum decided a block that is not valid.
 */
export type StepName = "newHeight" | "newRound" | "propose" | "prevote" | "precommit" | "committed" | "halted";

export interface RoundState {
  readonly round: number;
  /** In order of arrival; a second one means the proposer equivocates. */
  readonly proposals: readonly Proposal[];
  readonly prevotes: Tally;
  readonly precommits: Tally;
  /** Whether the timeout of line 34, and of line 47, has been started: each once per round. */
  readonly prevoteTimeout: boolean;
  readonly precommitTimeout: boolean;
}

/** A block that was proposed or voted for by a quorum, and what is known of it. */
export interface Candidate {
  readonly blockId: BlockId;
  readonly verdict: "unknown" | "valid" | "invalid";
  /** A quorum stands behind it and peers have been asked for it. */
  readonly wanted: boolean;
}

export interface RoundValue {
  readonly round: number;
  readonly blockId: BlockId;
}

/** lockedRound and lockedValue of the paper, with the prevotes that justify them. */
export interface Lock extends RoundValue {
  readonly polka: readonly Vote[];
}

export interface State {
  /** The height being decided; 0n before the first StartHeight. */
  readonly height: bigint;
  readonly round: number;
  readonly step: StepName;
  readonly validators: ValidatorSet;
  readonly powers: Powers;
  /** This node's address and place among the validators; undefined for a node that only follows. */
  readonly self: { readonly address: Uint8Array; readonly index: number } | undefined;
  readonly timeouts: TimeoutConfig;
  /** Round 0 waits for a transaction before it asks for a block. */
  readonly waitForTxs: boolean;
  readonly lock: Lock | undefined;
  readonly valid: RoundValue | undefined;
  /** Ascending by round; only rounds of which something is known. */
  readonly rounds: readonly RoundState[];
  readonly candidates: readonly Candidate[];
  /** Precommits for the block below, for the next proposal. Late ones are added during `newHeight`. */
  readonly lastCommit: Commit | undefined;
  readonly decided: RoundValue | undefined;
}

/** The same, while one step works on a copy of it. Nested values are replaced, never changed in place. */
export type Draft = { -readonly [Key in keyof State]: State[Key] };

export function emptyRound(round: number): RoundState {
  return {
    round,
    proposals: [],
    prevotes: EMPTY_TALLY,
    precommits: EMPTY_TALLY,
    prevoteTimeout: false,
    precommitTimeout: false,
  };
}

export function roundOf(state: State, round: number): RoundState | undefined {
  return state.rounds.find((held) => held.round === round);
}

export function candidateOf(state: State, blockId: BlockId): Candidate | undefined {
  const key = blockKey(blockId);
  return state.candidates.find((candidate) => blockKey(candidate.blockId) === key);
}

/** What is known of a block's worth; nothing of a block that nobody spoke of. */
export function verdictOf(state: State, blockId: BlockId): Candidate["verdict"] {
  return candidateOf(state, blockId)?.verdict ?? "unknown";
}
