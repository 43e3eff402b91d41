// The rounds of a height that are held. Owns their order and their bounds, ahead of the current round and behind it; what
// their votes mean is rules.ts.
//
// A chain can fail to agree for thousands of rounds, and would run out of memory, and out of room in what it tells its
// peers, if it remembered them all. What is forgotten can only delay: safety rests on the lock, and a quorum that was
// once seen is kept. A commit of a forgotten round comes as a certificate, which is taken for any round.

import type { Vote } from "../types/vote.ts";
import { blockKey, NIL_KEY } from "./block-key.ts";
import { MAX_FUTURE_ROUNDS_PER_VALIDATOR, MAX_PAST_POLKAS, MAX_PAST_ROUNDS } from "./limits.ts";
import { type Draft, type RoundState, roundOf } from "./state.ts";
import { quorumOf, removeVote, type Tally } from "./votes.ts";

/** Replaces what is known of a round, adding the round when it is new. */
export function putRound(state: Draft, changed: RoundState): void {
  const others = state.rounds.filter((held) => held.round !== changed.round);
  state.rounds = [...others, changed].sort((a, b) => a.round - b.round);
}

/**
 * Whether a vote is held. Far behind only what is known already grows. Beyond the next round only the highest few rounds
 * per validator are held: when a higher one comes the lowest goes, so that the newest votes of correct validators always
 * end up here and can make this node skip to them.
 */
export function makeRoomFor(state: Draft, vote: Vote): boolean {
  if (vote.round < state.round - MAX_PAST_ROUNDS && roundOf(state, vote.round) === undefined) return false;
  if (vote.round <= state.round + 1) return true;
  const index = vote.validatorIndex;
  const held = (round: RoundState): boolean =>
    round.prevotes.votes[index] !== undefined || round.precommits.votes[index] !== undefined;
  const ahead = state.rounds.filter((round) => round.round > state.round + 1 && held(round));
  if (ahead.some((round) => round.round === vote.round)) return true;
  if (ahead.length < MAX_FUTURE_ROUNDS_PER_VALIDATOR) return true;
  const lowest = ahead[0] as RoundState;
  if (lowest.round > vote.round) return false;
  const emptied: RoundState = {
    ...lowest,
    prevotes: removeVote(lowest.prevotes, index, state.powers),
    precommits: removeVote(lowest.precommits, index, state.powers),
  };
  if (emptied.prevotes.power > 0n || emptied.precommits.power > 0n) putRound(state, emptied);
  else state.rounds = state.rounds.filter((round) => round.round !== lowest.round);
  return true;
}

/**
 * Lets go of the rounds long past, except those that can still matter: a quorum of precommits whose block is awaited,
 * the rounds of lock and valid block, and the newest polkas, which justify proposing their blocks again. Then of the
 * blocks that nothing held speaks of.
 */
export function forgetOldRounds(state: Draft): void {
  const first = state.round - MAX_PAST_ROUNDS;
  const hasBlock = (tally: Tally): boolean => quorumOf(tally, state.powers.total).some(({ key }) => key !== NIL_KEY);
  const old = state.rounds.filter((held) => held.round < first);
  const polkas = old.filter((held) => hasBlock(held.prevotes)).slice(-MAX_PAST_POLKAS);
  const needed = (held: RoundState): boolean =>
    polkas.includes(held) ||
    hasBlock(held.precommits) ||
    held.round === state.lock?.round ||
    held.round === state.valid?.round;
  state.rounds = state.rounds.filter((held) => held.round >= first || needed(held));
  const spoken = new Set<string>();
  for (const value of [state.lock, state.valid]) if (value !== undefined) spoken.add(blockKey(value.blockId));
  for (const held of state.rounds) {
    for (const { blockId } of held.proposals) spoken.add(blockKey(blockId));
    for (const tally of [held.prevotes, held.precommits]) {
      for (const { key } of quorumOf(tally, state.powers.total)) spoken.add(key);
    }
  }
  state.candidates = state.candidates.filter(({ blockId }) => spoken.has(blockKey(blockId)));
}
