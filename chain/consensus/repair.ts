// Pull repair: what a node says of where it stands, and what another answers. Owns the choice of messages; the network
// sends them, and whoever receives them checks every one as if it had come unasked. Gossip alone loses messages, and a
// lost vote can stall a chain for good; asking for what is missing cannot (docs/decisions).

import type { BlockId } from "../types/block-id.ts";
import type { Proposal, Vote } from "../types/vote.ts";
import { type Certificate, certificateOf } from "./certificate.ts";
import type { RoundState, State } from "./state.ts";
import { quorumOf, quorumVotes, type Tally } from "./votes.ts";

/** Bit maps hold one bit per index, least significant bit of the first byte first. */
export type BitMap = Uint8Array;

export interface RoundVotes {
  readonly round: number;
  readonly hasProposal: boolean;
  readonly prevotes: BitMap;
  readonly precommits: BitMap;
  /** What has a quorum here: "polka/" or "commit/" and the key of the block id. */
  readonly certificates: readonly string[];
}

export interface RoundSummary {
  readonly height: bigint;
  readonly round: number;
  /** Ascending; rounds of which nothing is known are left out. */
  readonly rounds: readonly RoundVotes[];
  /** The block whose parts are missing, with the parts that are held. */
  readonly wanted: { readonly blockId: BlockId; readonly parts: BitMap } | undefined;
}

export type RepairMessage =
  | { readonly type: "proposal"; readonly proposal: Proposal }
  | { readonly type: "vote"; readonly vote: Vote }
  | { readonly type: "certificate"; readonly certificate: Certificate };

/** What this machine holds of its height. `wanted` is for whoever holds parts to fill in. */
export function summaryOf(state: State): Omit<RoundSummary, "wanted"> {
  const { total } = state.powers;
  const size = state.powers.each.length;
  const rounds = state.rounds.map((held) => ({
    round: held.round,
    hasProposal: held.proposals.length > 0,
    prevotes: bitMap(held.prevotes.votes, size),
    precommits: bitMap(held.precommits.votes, size),
    certificates: [
      ...quorumOf(held.prevotes, total).map((quorum) => `polka/${quorum.key}`),
      ...quorumOf(held.precommits, total).map((quorum) => `commit/${quorum.key}`),
    ],
  }));
  return { height: state.height, round: state.round, rounds };
}

/**
 * What the peer lacks of this height, most useful first: commits, then what the peer's round and later ones have.
 * Quorums go as certificates, since single votes may lose against an equivocator's other vote.
 */
export function missingOf(state: State, summary: RoundSummary): readonly RepairMessage[] {
  if (summary.height !== state.height) return [];
  const messages: RepairMessage[] = [];
  const known = new Map(summary.rounds.map((held) => [held.round, held]));
  for (const held of state.rounds) addCertificates(messages, "commit", held, known.get(held.round), state);
  for (const held of state.rounds.toReversed()) {
    const theirs = known.get(held.round);
    addCertificates(messages, "polka", held, theirs, state);
    if (theirs?.hasProposal !== true) {
      for (const proposal of held.proposals) messages.push({ type: "proposal", proposal });
    }
    addVotes(messages, held.prevotes, theirs?.prevotes);
    addVotes(messages, held.precommits, theirs?.precommits);
  }
  return messages;
}

export function hasBit(map: BitMap | undefined, index: number): boolean {
  return (((map?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** A bit for every defined entry. */
export function bitMap(entries: readonly unknown[], size: number): BitMap {
  const map = new Uint8Array((size + 7) >> 3);
  for (let index = 0; index < size; index++) {
    if (entries[index] === undefined) continue;
    map[index >> 3] = (map[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return map;
}

function addCertificates(
  messages: RepairMessage[],
  kind: "polka" | "commit",
  held: RoundState,
  theirs: RoundVotes | undefined,
  state: State,
): void {
  const tally = kind === "polka" ? held.prevotes : held.precommits;
  for (const { key } of quorumOf(tally, state.powers.total)) {
    if (theirs?.certificates.includes(`${kind}/${key}`)) continue;
    const decisive = quorumVotes(tally, key, state.powers.total);
    messages.push({ type: "certificate", certificate: certificateOf(kind, decisive, state.powers.each.length) });
  }
}

function addVotes(messages: RepairMessage[], tally: Tally, theirs: BitMap | undefined): void {
  tally.votes.forEach((vote, index) => {
    if (vote !== undefined && !hasBit(theirs, index)) messages.push({ type: "vote", vote });
  });
}
