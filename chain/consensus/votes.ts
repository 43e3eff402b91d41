// Counting one kind of vote in one round. Owns tallies and certificates; does not own signatures, which are checked
// before a vote gets here, nor what a quorum leads to (rules.ts).
//
// Of a validator that signs two different votes the first counts and one other is kept as evidence. What arrives first
// differs between nodes, so an equivocator could keep two correct halves from ever seeing the same quorum. A certificate
// (the quorum's votes in one message) is therefore always accepted and overrides the order of arrival. CometBFT's
// VoteSetMaj23 and Malachite's polka certificates exist for the same reason.

import type { BlockId } from "../types/block-id.ts";
import type { Vote } from "../types/vote.ts";
import { blockKey } from "./block-key.ts";

export interface Weight {
  readonly key: string;
  readonly blockId: BlockId;
  readonly power: bigint;
}

export interface CertificateVotes {
  readonly key: string;
  readonly blockId: BlockId;
  readonly votes: readonly Vote[];
}

/** Votes of one type in one round. Plain data. */
export interface Tally {
  /** By validator index; the first vote seen. */
  readonly votes: readonly (Vote | undefined)[];
  /** By validator index; one vote that contradicts the first. */
  readonly conflicting: readonly (Vote | undefined)[];
  /** Power per block id, in order of first appearance. */
  readonly weights: readonly Weight[];
  /** Power of all validators that have voted, for whatever. */
  readonly power: bigint;
  readonly certificates: readonly CertificateVotes[];
}

export interface Conflict {
  readonly first: Vote;
  readonly second: Vote;
}

/** The powers a tally is counted against, by validator index, and their sum. */
export interface Powers {
  readonly each: readonly bigint[];
  readonly total: bigint;
}

export const EMPTY_TALLY: Tally = { votes: [], conflicting: [], weights: [], power: 0n, certificates: [] };

/** Q of CONSENSUS: strictly more than two thirds. */
export function isQuorum(power: bigint, total: bigint): boolean {
  return power * 3n > total * 2n;
}

/** F of CONSENSUS: strictly more than one third, so at least one correct validator is among them. */
export function isMoreThanThird(power: bigint, total: bigint): boolean {
  return power * 3n > total;
}

export type AddResult =
  | { readonly outcome: "added"; readonly tally: Tally }
  | { readonly outcome: "conflict"; readonly tally: Tally; readonly conflict: Conflict }
  | { readonly outcome: "known" };

/** Adds one vote, whose validator index must be below `powers.each.length`. */
export function addVote(tally: Tally, vote: Vote, powers: Powers): AddResult {
  const index = vote.validatorIndex;
  const power = powers.each[index];
  if (power === undefined) throw new Error(`vote of validator ${index}, but there are ${powers.each.length}`);
  const first = tally.votes[index];
  const key = blockKey(vote.blockId);
  if (first !== undefined) {
    if (blockKey(first.blockId) === key) return { outcome: "known" };
    if (tally.conflicting[index] !== undefined) return { outcome: "known" };
    const changed = { ...tally, conflicting: withAt(tally.conflicting, index, vote) };
    return { outcome: "conflict", tally: changed, conflict: { first, second: vote } };
  }
  const changed: Tally = {
    ...tally,
    votes: withAt(tally.votes, index, vote),
    weights: withWeight(tally.weights, key, vote.blockId, power),
    power: tally.power + power,
  };
  return { outcome: "added", tally: changed };
}

/** Removes a validator's votes again: how the bound on future rounds makes room. */
export function removeVote(tally: Tally, index: number, powers: Powers): Tally {
  const vote = tally.votes[index];
  const power = powers.each[index];
  if (vote === undefined || power === undefined) return tally;
  const key = blockKey(vote.blockId);
  return {
    ...tally,
    votes: withAt(tally.votes, index, undefined),
    conflicting: withAt(tally.conflicting, index, undefined),
    weights: withWeight(tally.weights, key, vote.blockId, -power).filter((weight) => weight.power > 0n),
    power: tally.power - power,
  };
}

export interface CertificateResult {
  readonly tally: Tally;
  readonly changed: boolean;
  readonly conflicts: readonly Conflict[];
}

/** Adds a quorum of identical votes. The caller has checked signatures and that their power is a quorum. */
export function addCertificate(tally: Tally, votes: readonly Vote[], powers: Powers): CertificateResult {
  const blockId = votes[0]?.blockId;
  if (blockId === undefined) throw new Error("a certificate without votes");
  const key = blockKey(blockId);
  if (quorumOf(tally, powers.total).some((quorum) => quorum.key === key)) {
    return { tally, changed: false, conflicts: [] };
  }
  let result = tally;
  const conflicts: Conflict[] = [];
  for (const vote of votes) {
    const added = addVote(result, vote, powers);
    if (added.outcome === "known") continue;
    result = added.tally;
    if (added.outcome === "conflict") conflicts.push(added.conflict);
  }
  result = { ...result, certificates: [...result.certificates, { key, blockId, votes }] };
  return { tally: result, changed: true, conflicts };
}

/**
 * Every block id with a quorum. More than one needs a third of the power to equivocate; all are told, in order of
 * first appearance, and the rules take the one that is acted on first.
 */
export function quorumOf(tally: Tally, total: bigint): readonly Weight[] {
  const found: Weight[] = [];
  for (const weight of tally.weights) if (isQuorum(weight.power, total)) found.push(weight);
  for (const { key, blockId } of tally.certificates) {
    if (!found.some((weight) => weight.key === key)) found.push({ key, blockId, power: total });
  }
  return found;
}

export function hasQuorumFor(tally: Tally, key: string, total: bigint): boolean {
  return quorumOf(tally, total).some((quorum) => quorum.key === key);
}

/** The votes that make the quorum for `key`, in validator order; empty when there is none. */
export function quorumVotes(tally: Tally, key: string, total: bigint): readonly Vote[] {
  const certificate = tally.certificates.find((held) => held.key === key);
  const counted = tally.votes.filter((vote): vote is Vote => vote !== undefined && blockKey(vote.blockId) === key);
  const weight = tally.weights.find((held) => held.key === key);
  // Counted votes first: there may be more of them than the certificate had.
  if (weight !== undefined && isQuorum(weight.power, total)) return counted;
  return certificate?.votes ?? [];
}

function withAt<T>(list: readonly (T | undefined)[], index: number, value: T | undefined): readonly (T | undefined)[] {
  const copy = list.slice();
  while (copy.length <= index) copy.push(undefined);
  copy[index] = value;
  return copy;
}

function withWeight(weights: readonly Weight[], key: string, blockId: BlockId, power: bigint): readonly Weight[] {
  const index = weights.findIndex((weight) => weight.key === key);
  if (index < 0) return [...weights, { key, blockId, power }];
  return weights.map((weight, at) => (at === index ? { ...weight, power: weight.power + power } : weight));
}
