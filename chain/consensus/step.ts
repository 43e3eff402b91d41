// The consensus machine as a function: a state and an input in, a state and effects out. Transaction step 8.
// Owns how inputs become known facts, with their bounds; what follows from the facts is rules.ts. No clock, no IO, no
// signatures, no block contents.
//
// An input that changes nothing produces no effect at all, in particular no Log: the write-ahead log holds exactly the
// inputs that made the state what it is, so that replaying it makes the same state.

import { equalBytes } from "../../proto/bytes.ts";
import { equalBlockIds } from "../types/block-id.ts";
import type { Commit } from "../types/commit.ts";
import { impossible } from "../types/impossible.ts";
import type { ValidatorSet } from "../types/validator-set.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../types/vote.ts";
import { blockKey } from "./block-key.ts";
import { withLateVote } from "./certificate.ts";
import type { Effect } from "./effect.ts";
import type {
  BlockReady,
  BuiltValue,
  CertInput,
  Input,
  LoggedInput,
  ProposalInput,
  RestoreLock,
  StartHeight,
  TimeoutInput,
  VoteInput,
} from "./input.ts";
import { MAX_PAST_ROUNDS, MAX_PROPOSALS_PER_ROUND, MAX_ROUND } from "./limits.ts";
import { makeRoomFor, putRound } from "./rounds.ts";
import { advance, decide, enterPropose, isRunning, noteCandidate, onTimeout, startRound, type Work } from "./rules.ts";
import { type Draft, emptyRound, roundOf, type State } from "./state.ts";
import { DEFAULT_TIMEOUTS } from "./timeouts.ts";
import { indexOf, isProposer, powersOf } from "./validators.ts";
import { addCertificate, addVote, isQuorum } from "./votes.ts";

export interface StepResult {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** The machine before its first StartHeight. */
export function initialState(): State {
  return {
    height: 0n,
    round: 0,
    step: "committed",
    validators: { validators: [], proposer: undefined, totalVotingPower: 0n },
    powers: { each: [], total: 0n },
    self: undefined,
    timeouts: DEFAULT_TIMEOUTS,
    waitForTxs: false,
    lock: undefined,
    valid: undefined,
    rounds: [],
    candidates: [],
    lastCommit: undefined,
    decided: undefined,
  };
}

/** One input. Pure: the given state is not changed. Throws only on inputs that break the contract of input.ts. */
export function step(state: State, input: Input): StepResult {
  if (input.type === "startHeight") return startHeight(state, input);
  const work: Work = { state: { ...state }, effects: [] };
  // Log first: everything the input leads to must come after the input itself is on record.
  work.effects.push({ type: "log", input });
  const taken = isRunning(state) ? take(work, input) : takeOwnAfterDecision(work, input);
  if (!taken) return { state, effects: [] };
  advance(work);
  return work;
}

/** The precommit that this validator was asked for by the decision itself (rules.ts): it is sent, and decides nothing. */
function takeOwnAfterDecision(work: Work, input: LoggedInput): boolean {
  const { step: name, height, self, decided } = work.state;
  if (input.type !== "vote" || name !== "committed" || self === undefined) return false;
  const { vote } = input;
  const own = vote.validatorIndex === self.index && vote.type === SIGNED_PRECOMMIT;
  return own && vote.height === height && vote.round === decided?.round && takeVote(work, input);
}

/** Takes the input in. False when it is stale, known, out of bounds or meaningless here: then nothing has changed. */
function take(work: Work, input: LoggedInput): boolean {
  switch (input.type) {
    case "proposal":
      return takeProposal(work, input);
    case "vote":
      return takeVote(work, input);
    case "cert":
      return takeCertificate(work, input);
    case "blockReady":
      return takeBlockReady(work, input);
    case "builtValue":
      return takeBuiltValue(work, input);
    case "timeout":
      return takeTimeout(work, input);
    case "syncedBlock":
      if (input.height !== work.state.height) return false;
      decide(work, input.commit.round, input.blockId, input.commit);
      return true;
    case "txsAvailable":
      if (input.height !== work.state.height || !work.state.waitForTxs) return false;
      work.state.waitForTxs = false;
      if (work.state.step === "newRound") enterPropose(work);
      return true;
    case "restoreLock":
      return takeLock(work, input);
    default:
      return impossible(input);
  }
}

function startHeight(previous: State, input: StartHeight): StepResult {
  if (input.height <= previous.height) throw new Error(`height ${input.height} starts after ${previous.height}`);
  const state: Draft = {
    ...initialState(),
    height: input.height,
    step: "newHeight",
    validators: input.validators,
    powers: powersOf(input.validators),
    self: input.self && memberOf(input.validators, input.self),
    timeouts: input.timeouts,
    waitForTxs: input.waitForTxs,
    lastCommit: input.lastCommit && withOwnLateVote(input.lastCommit, previous),
  };
  const work: Work = { state, effects: [] };
  if (input.delayMs > 0) {
    const { height } = input;
    work.effects.push({ type: "schedule", kind: "newHeight", height, round: 0, ms: input.delayMs });
  } else {
    startRound(work, 0);
  }
  return work;
}

/** The commit below, with this validator's own precommit where that came only after the decision. */
function withOwnLateVote(commit: Commit, previous: State): Commit {
  if (commit.height !== previous.height || previous.self === undefined) return commit;
  const vote = roundOf(previous, commit.round)?.precommits.votes[previous.self.index];
  return (vote && withLateVote(commit, vote)) ?? commit;
}

/** The validator with this address; undefined when it is none of this height. */
function memberOf(validators: ValidatorSet, address: Uint8Array): State["self"] {
  const index = indexOf(validators, address);
  return index === undefined ? undefined : { address, index };
}

function takeProposal(work: Work, { proposal }: ProposalInput): boolean {
  const { state } = work;
  if (proposal.height !== state.height || proposal.round > MAX_ROUND) return false;
  // Proposals for far rounds are pulled again once the round is reached; long past ones matter through votes alone.
  if (proposal.round > state.round + 1 || proposal.round < state.round - MAX_PAST_ROUNDS) return false;
  // A round before the first is refused here as well: no polka can be earlier.
  if (proposal.polRound < -1 || proposal.polRound >= proposal.round) return false;
  const held = roundOf(state, proposal.round) ?? emptyRound(proposal.round);
  if (held.proposals.length >= MAX_PROPOSALS_PER_ROUND) return false;
  const known = held.proposals.some(
    (other) => equalBlockIds(other.blockId, proposal.blockId) && other.polRound === proposal.polRound,
  );
  if (known) return false;
  putRound(state, { ...held, proposals: [...held.proposals, proposal] });
  if (state.self !== undefined && isProposer(state.validators, proposal.round, state.self.address)) {
    work.effects.push({ type: "publish", message: { type: "proposal", proposal } });
  }
  noteCandidate(work, proposal.round, proposal.blockId);
  return true;
}

function takeVote(work: Work, { vote }: VoteInput): boolean {
  const { state } = work;
  if (vote.height === state.height - 1n) return takeLateVote(state, vote);
  if (vote.height !== state.height || vote.round < 0 || vote.round > MAX_ROUND) return false;
  if (vote.type !== SIGNED_PREVOTE && vote.type !== SIGNED_PRECOMMIT) return false;
  const validator = state.validators.validators[vote.validatorIndex];
  if (validator === undefined || !equalBytes(validator.address, vote.validatorAddress)) return false;
  if (!makeRoomFor(state, vote)) return false;
  const held = roundOf(state, vote.round) ?? emptyRound(vote.round);
  const added = addVote(vote.type === SIGNED_PREVOTE ? held.prevotes : held.precommits, vote, state.powers);
  if (added.outcome === "known") return false;
  putRound(
    state,
    vote.type === SIGNED_PREVOTE ? { ...held, prevotes: added.tally } : { ...held, precommits: added.tally },
  );
  if (added.outcome === "conflict") work.effects.push({ type: "evidence", conflict: added.conflict });
  else if (state.self?.index === vote.validatorIndex) {
    work.effects.push({ type: "publish", message: { type: "vote", vote } });
  }
  return true;
}

/** A precommit for the block below completes the commit that the next proposal will carry, until round 0 begins. */
function takeLateVote(state: Draft, vote: Vote): boolean {
  if (state.step !== "newHeight" || state.lastCommit === undefined) return false;
  const commit = withLateVote(state.lastCommit, vote);
  if (commit === undefined) return false;
  state.lastCommit = commit;
  return true;
}

function takeCertificate(work: Work, { kind, votes }: CertInput): boolean {
  const { state } = work;
  const [first] = votes;
  if (first === undefined || first.height !== state.height) return false;
  if (first.round < 0 || first.round > MAX_ROUND) return false;
  const type = kind === "polka" ? SIGNED_PREVOTE : SIGNED_PRECOMMIT;
  let power = 0n;
  const seen = new Set<number>();
  for (const vote of votes) {
    const same = vote.type === type && vote.height === first.height && vote.round === first.round;
    if (!same || blockKey(vote.blockId) !== blockKey(first.blockId) || seen.has(vote.validatorIndex)) return false;
    seen.add(vote.validatorIndex);
    power += state.powers.each[vote.validatorIndex] ?? 0n;
  }
  if (!isQuorum(power, state.powers.total)) return false;
  const held = roundOf(state, first.round) ?? emptyRound(first.round);
  const added = addCertificate(kind === "polka" ? held.prevotes : held.precommits, votes, state.powers);
  if (!added.changed) return false;
  putRound(state, kind === "polka" ? { ...held, prevotes: added.tally } : { ...held, precommits: added.tally });
  for (const conflict of added.conflicts) work.effects.push({ type: "evidence", conflict });
  return true;
}

function takeBlockReady({ state }: Work, input: BlockReady): boolean {
  if (input.height !== state.height) return false;
  const key = blockKey(input.blockId);
  const verdict = input.valid ? "valid" : "invalid";
  const at = state.candidates.findIndex((held) => blockKey(held.blockId) === key && held.verdict === "unknown");
  if (at < 0) return false;
  state.candidates = state.candidates.map((held, index) => (index === at ? { ...held, verdict } : held));
  return true;
}

/** Lines 17 and 19: the fresh block is proposed, if the round it was built for still waits for it. */
function takeBuiltValue({ state, effects }: Work, input: BuiltValue): boolean {
  const { height, round, blockId } = input;
  if (height !== state.height || round !== state.round || state.step !== "propose") return false;
  if (state.self === undefined || !isProposer(state.validators, round, state.self.address)) return false;
  if ((roundOf(state, round)?.proposals.length ?? 0) > 0) return false;
  effects.push({ type: "sign", message: { type: "proposal", height, round, polRound: -1, blockId } });
  return true;
}

function takeTimeout(work: Work, input: TimeoutInput): boolean {
  const { state } = work;
  if (input.height !== state.height) return false;
  if (input.kind === "newHeight") {
    if (state.step !== "newHeight") return false;
    startRound(work, state.round);
    return true;
  }
  return onTimeout(work, input.kind, input.round);
}

/** Takes back a promise that the log no longer shows. The polka comes with it: it justifies proposing the block again. */
function takeLock(work: Work, { height, lock }: RestoreLock): boolean {
  const { state } = work;
  if (height !== state.height) return false;
  if (state.lock !== undefined && state.lock.round >= lock.round) return false;
  state.lock = lock;
  if (state.valid === undefined || state.valid.round < lock.round) {
    state.valid = { round: lock.round, blockId: lock.blockId };
  }
  if (lock.polka.length > 0) {
    const held = roundOf(state, lock.round) ?? emptyRound(lock.round);
    const { tally } = addCertificate(held.prevotes, lock.polka, state.powers);
    putRound(state, { ...held, prevotes: tally });
  }
  noteCandidate(work, lock.round, lock.blockId);
  return true;
}
