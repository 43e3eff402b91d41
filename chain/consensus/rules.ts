// The rules of Tendermint, "The latest gossip on BFT consensus" (arXiv 1807.04938, algorithm 1). Owns what the machine
// does once something has become known; does not own how it becomes known (step.ts). Line numbers are the paper's.
//
// After every input the rules are tried in the order below until none applies, so the outcome does not depend on
// anything but the state. Each rule says whether it changed something; each can do so only finitely often.
//
// CometBFT also unlocks on a polka for nil or for a block it does not have. The paper does not, and neither do we.

import { type BlockId, ZERO_BLOCK_ID } from "../types/block-id.ts";
import { type Proposal, SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../types/vote.ts";
import { blockKey, NIL_KEY } from "./block-key.ts";
import { commitOf } from "./certificate.ts";
import type { Effect } from "./effect.ts";
import { MAX_ROUND, MAX_ROUNDS_SKIPPED } from "./limits.ts";
import { forgetOldRounds, putRound } from "./rounds.ts";
import {
  type Candidate,
  candidateOf,
  type Draft,
  type Lock,
  type RoundState,
  roundOf,
  type State,
  verdictOf,
} from "./state.ts";
import { timeoutMs } from "./timeouts.ts";
import { isProposer } from "./validators.ts";
import { hasQuorumFor, isMoreThanThird, isQuorum, quorumOf, quorumVotes } from "./votes.ts";

/** One step under way: the state it will end in and the effects so far. */
export interface Work {
  readonly state: Draft;
  readonly effects: Effect[];
}

type Rule = (work: Work) => boolean;

/** Applies the rules until nothing more follows. */
export function advance(work: Work): void {
  const rules: readonly Rule[] = [
    commitRule,
    roundSkipRule,
    prevoteRule,
    polkaRule,
    nilPolkaRule,
    prevoteTimeoutRule,
    precommitTimeoutRule,
  ];
  while (isRunning(work.state) && rules.some((rule) => rule(work)));
}

export function isRunning(state: State): boolean {
  return state.step !== "committed" && state.step !== "halted";
}

/** Lines 11 to 21: begin a round. */
export function startRound(work: Work, round: number): void {
  const { state } = work;
  state.round = round;
  forgetOldRounds(state);
  // Waiting for transactions is CometBFT's create_empty_blocks = false; only a height's first round waits.
  if (round === 0 && state.waitForTxs) state.step = "newRound";
  else enterPropose(work);
}

/** Lines 14 to 21. The proposer starts the timeout as well: building a block can fail. */
export function enterPropose(work: Work): void {
  const { state, effects } = work;
  const { height, round } = state;
  state.step = "propose";
  const ms = timeoutMs(state.timeouts.proposeMs, state.timeouts.proposeDeltaMs, round);
  effects.push({ type: "schedule", kind: "propose", height, round, ms });
  if (state.self === undefined || !isProposer(state.validators, round, state.self.address)) return;
  // Line 18: a fresh block; it is proposed when it comes (step.ts, takeBuiltValue).
  if (state.valid === undefined) {
    effects.push({ type: "buildValue", height, round, lastCommit: state.lastCommit });
  } else {
    // Line 16: a block that had a polka is proposed again, with the round of that polka as its reason.
    const { blockId, round: polRound } = state.valid;
    effects.push({ type: "sign", message: { type: "proposal", height, round, polRound, blockId } });
  }
}

/** Remembers a block worth knowing and asks for its verdict, once. */
export function noteCandidate(work: Work, round: number, blockId: BlockId): void {
  const { state, effects } = work;
  if (candidateOf(state, blockId) !== undefined) return;
  state.candidates = [...state.candidates, { blockId, verdict: "unknown", wanted: false }];
  effects.push({ type: "validate", height: state.height, round, blockId });
}

/** A quorum stands behind a block of unknown verdict: ask peers for it, once. */
function wantCandidate(work: Work, round: number, blockId: BlockId): void {
  const { state, effects } = work;
  noteCandidate(work, round, blockId);
  const { wanted, verdict } = candidateOf(state, blockId) as Candidate;
  if (wanted || verdict !== "unknown") return;
  const key = blockKey(blockId);
  state.candidates = state.candidates.map((held) =>
    blockKey(held.blockId) === key ? { ...held, wanted: true } : held,
  );
  effects.push({ type: "want", height: state.height, round, blockId });
}

/** Line 49: a quorum of precommits for a valid block, in any round, decides. */
function commitRule(work: Work): boolean {
  const { state, effects } = work;
  for (const held of state.rounds) {
    for (const { key, blockId } of quorumOf(held.precommits, state.powers.total)) {
      if (key === NIL_KEY) continue;
      const verdict = verdictOf(state, blockId);
      if (verdict === "valid") {
        const { height } = state;
        const decisive = quorumVotes(held.precommits, key, state.powers.total);
        const size = state.powers.each.length;
        const commit = commitOf(height, held.round, blockId, size, decisive, held.precommits.votes);
        precommitLate(work, held, blockId);
        decide(work, held.round, blockId, commit);
        return true;
      }
      if (verdict === "invalid") {
        state.step = "halted";
        effects.push({ type: "halt", height: state.height, blockId });
        return true;
      }
      wantCandidate(work, held.round, blockId);
    }
  }
  return false;
}

/**
 * The others decided before this validator's turn came: it still says its precommit, so that it is seen to be there, as
 * CometBFT does (enterPrecommit before enterCommit). For the block where its polka is here (line 36), else nil, which
 * binds nobody. Whether it is signed or not, the decision stands.
 */
function precommitLate(work: Work, held: RoundState, blockId: BlockId): void {
  const { state } = work;
  const spoke = state.round > held.round || (state.round === held.round && state.step === "precommit");
  if (state.self === undefined || spoke) return;
  state.round = held.round;
  if (hasQuorumFor(held.prevotes, blockKey(blockId), state.powers.total)) lockAndPrecommit(work, held, blockId);
  else precommit(work, undefined);
}

/** Ends the height with a commit that decides it. */
export function decide(work: Work, round: number, blockId: BlockId, commit: State["lastCommit"] & {}): void {
  const { state, effects } = work;
  state.step = "committed";
  state.decided = { round, blockId };
  effects.push({ type: "commit", height: state.height, round, blockId, commit });
}

/**
 * Line 55: votes of more than a third in a later round. A correct validator is already there, so waiting here is
 * useless. Prevotes and precommits count together, each validator once. The highest such round is taken.
 */
function roundSkipRule(work: Work): boolean {
  const { state } = work;
  for (const held of state.rounds.toReversed()) {
    if (held.round <= state.round) return false;
    // Every round on the way costs the computation of its proposer. No honest validator is that far ahead.
    if (held.round - state.round > MAX_ROUNDS_SKIPPED) continue;
    let power = 0n;
    state.powers.each.forEach((each, index) => {
      const voted = held.prevotes.votes[index] !== undefined || held.precommits.votes[index] !== undefined;
      if (voted) power += each;
    });
    // A certificate alone may have filled the tally, in which case the votes are there too.
    if (!isMoreThanThird(power, state.powers.total)) continue;
    startRound(work, held.round);
    return true;
  }
  return false;
}

/** Lines 22 and 28: answer the round's proposal with a prevote. */
function prevoteRule(work: Work): boolean {
  const { state } = work;
  const held = roundOf(state, state.round);
  if (held === undefined) return false;
  if (state.step === "newRound" && wakes(state, held)) {
    enterPropose(work);
    return true;
  }
  if (state.step !== "propose") return false;
  for (const proposal of held.proposals) {
    // Line 22 is for a fresh block, line 28 for one whose polka of an earlier round is here as well.
    if (proposal.polRound >= 0 && !hasPolka(state, proposal)) continue;
    const verdict = verdictOf(state, proposal.blockId);
    if (verdict === "unknown") continue;
    // Lines 24 and 30, or lines 26 and 32.
    const acceptable = verdict === "valid" && lockAllows(state, proposal);
    if (acceptable) prevote(work, proposal.blockId, proposal.polRound);
    else prevote(work, ZERO_BLOCK_ID, -1);
    return true;
  }
  return false;
}

/** A node waiting for transactions follows others that did not wait. */
function wakes(state: State, held: RoundState): boolean {
  return held.proposals.length > 0 || isMoreThanThird(held.prevotes.power, state.powers.total);
}

function hasPolka(state: State, proposal: Proposal): boolean {
  const earlier = roundOf(state, proposal.polRound);
  return earlier !== undefined && hasQuorumFor(earlier.prevotes, blockKey(proposal.blockId), state.powers.total);
}

/** The conditions on lockedRound and lockedValue in lines 23 and 29. */
function lockAllows(state: State, proposal: Proposal): boolean {
  if (state.lock === undefined) return true;
  if (blockKey(state.lock.blockId) === blockKey(proposal.blockId)) return true;
  return state.lock.round <= proposal.polRound;
}

/** Prevotes a block or nil; `polRound` is the round of the polka that justifies it, -1 for none. */
function prevote(work: Work, blockId: BlockId, polRound: number): void {
  const { state, effects } = work;
  state.step = "prevote";
  if (state.self === undefined) return;
  const { height, round } = state;
  const message = {
    type: "vote",
    voteType: SIGNED_PREVOTE,
    height,
    round,
    blockId,
    validatorIndex: state.self.index,
  } as const;
  // The signer keeps the lock rule too, on its own. It is shown the polka that lets a prevote pass an older lock.
  const earlier = roundOf(state, polRound);
  if (earlier === undefined) {
    effects.push({ type: "sign", message });
    return;
  }
  const votes = quorumVotes(earlier.prevotes, blockKey(blockId), state.powers.total);
  effects.push({ type: "sign", message, polka: { round: polRound, votes } });
}

/** Lines 38 to 43, with a polka of this round for a valid block. */
function lockAndPrecommit(work: Work, held: RoundState, blockId: BlockId): void {
  const { state } = work;
  const polka = quorumVotes(held.prevotes, blockKey(blockId), state.powers.total);
  state.lock = { round: state.round, blockId, polka };
  state.valid = { round: state.round, blockId };
  precommit(work, state.lock);
}

/** Precommits the block of the lock that was just made, or nil without one. */
function precommit(work: Work, lock: Lock | undefined): void {
  const { state, effects } = work;
  state.step = "precommit";
  if (state.self === undefined) return;
  const { height, round } = state;
  const message = {
    type: "vote",
    voteType: SIGNED_PRECOMMIT,
    height,
    round,
    blockId: lock?.blockId ?? ZERO_BLOCK_ID,
    validatorIndex: state.self.index,
  } as const;
  effects.push({ type: "sign", message, ...(lock && { lock }) });
}

/** Line 36: a polka for a valid block. In the prevote step lock it and precommit; in a later one only remember it. */
function polkaRule(work: Work): boolean {
  const { state } = work;
  const held = roundOf(state, state.round);
  if (held === undefined) return false;
  for (const { key, blockId } of quorumOf(held.prevotes, state.powers.total)) {
    if (key === NIL_KEY) continue;
    if (verdictOf(state, blockId) !== "valid") {
      wantCandidate(work, held.round, blockId);
      continue;
    }
    // Lines 37 to 43.
    if (state.step === "prevote") {
      lockAndPrecommit(work, held, blockId);
      return true;
    }
    // Lines 42 and 43 alone: too late to lock.
    if (state.step === "precommit" && (state.valid === undefined || state.valid.round < state.round)) {
      state.valid = { round: state.round, blockId };
      return true;
    }
  }
  return false;
}

/** Line 44: a polka for nil. */
function nilPolkaRule(work: Work): boolean {
  const { state } = work;
  if (state.step !== "prevote") return false;
  const held = roundOf(state, state.round);
  if (held === undefined || !hasQuorumFor(held.prevotes, NIL_KEY, state.powers.total)) return false;
  precommit(work, undefined);
  return true;
}

/** Line 34: prevotes of a quorum, for whatever, while in the prevote step. */
function prevoteTimeoutRule(work: Work): boolean {
  const { state, effects } = work;
  if (state.step !== "prevote") return false;
  const held = roundOf(state, state.round);
  if (held === undefined || held.prevoteTimeout || !isQuorum(held.prevotes.power, state.powers.total)) return false;
  putRound(state, { ...held, prevoteTimeout: true });
  const { height, round } = state;
  const ms = timeoutMs(state.timeouts.prevoteMs, state.timeouts.prevoteDeltaMs, round);
  effects.push({ type: "schedule", kind: "prevote", height, round, ms });
  return true;
}

/** Line 47: precommits of a quorum, for whatever, in any step. */
function precommitTimeoutRule(work: Work): boolean {
  const { state, effects } = work;
  if (state.step === "newHeight") return false;
  const held = roundOf(state, state.round);
  if (held === undefined || held.precommitTimeout) return false;
  if (!isQuorum(held.precommits.power, state.powers.total)) return false;
  putRound(state, { ...held, precommitTimeout: true });
  const { height, round } = state;
  const ms = timeoutMs(state.timeouts.precommitMs, state.timeouts.precommitDeltaMs, round);
  effects.push({ type: "schedule", kind: "precommit", height, round, ms });
  return true;
}

/** Lines 57 to 67: what an expired timeout means. True when it meant something. */
export function onTimeout(work: Work, kind: "propose" | "prevote" | "precommit", round: number): boolean {
  const { state } = work;
  if (round !== state.round) return false;
  // Lines 57 to 60.
  if (kind === "propose" && state.step === "propose") {
    prevote(work, ZERO_BLOCK_ID, -1);
    return true;
  }
  // Lines 61 to 64.
  if (kind === "prevote" && state.step === "prevote") {
    precommit(work, undefined);
    return true;
  }
  // Lines 65 to 67.
  if (kind === "precommit" && state.step !== "newHeight" && round < MAX_ROUND) {
    startRound(work, round + 1);
    return true;
  }
  return false;
}
