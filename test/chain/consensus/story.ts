// Scenarios that read like sentences: what one validator hears, and word for word what it does about it. Owns the words.
// Every act is compared with everything it led to, so a scenario fails on an effect too many as well as on one missing.

import { expect } from "vitest";
import type { Effect } from "../../../chain/consensus/effect.ts";
import type { Input, TimeoutKind } from "../../../chain/consensus/input.ts";
import type { BlockId } from "../../../chain/types/block-id.ts";
import type { Commit } from "../../../chain/types/commit.ts";
import type { ValidatorSet } from "../../../chain/types/validator-set.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../../../chain/types/vote.ts";
import { Machine, type MachineOptions, nameOf, validators } from "./machine.ts";

/** What an act led to, waiting to be compared with what it should have led to. */
export interface Consequence {
  /** Everything this led to, in order; the log and the publishing of what was signed are understood. */
  soIt(...deeds: readonly string[]): void;
  soNothing(): void;
  /** Not even logged: nothing at all has changed. */
  soItIsIgnored(): void;
}

/** Another validator, by its place in the set. */
export type Place = number;

export class Actor {
  readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** The other validators, in their order. */
  get others(): readonly [Place, Place, Place] {
    return this.machine.others as [Place, Place, Place];
  }

  get where(): string {
    return this.machine.where;
  }

  hears(input: Input): Consequence {
    return consequence(this.machine.give(input));
  }

  hearsProposal(blockId: BlockId, { round = this.#round, polka = -1 } = {}): Consequence {
    return consequence(this.machine.propose(round, blockId, polka));
  }

  finds(verdict: "valid" | "invalid", blockId: BlockId): Consequence {
    return consequence(this.machine.ready(blockId, verdict === "valid"));
  }

  /** A proposal with its block, which is valid. */
  hearsGoodProposal(blockId: BlockId, at: { round?: number; polka?: number } = {}): Consequence {
    const { machine } = this;
    const before = machine.effects.length;
    this.hearsProposal(blockId, at);
    machine.ready(blockId);
    return consequence(machine.effects.slice(before).filter((effect) => effect.type !== "validate"));
  }

  hearsPrevotes(from: readonly Place[], blockId: BlockId, round = this.#round): Consequence {
    return this.#hearsVotes(SIGNED_PREVOTE, from, blockId, round);
  }

  hearsPrecommits(from: readonly Place[], blockId: BlockId, round = this.#round): Consequence {
    return this.#hearsVotes(SIGNED_PRECOMMIT, from, blockId, round);
  }

  hearsPolkaCertificate(from: readonly Place[], blockId: BlockId, round = this.#round): Consequence {
    return this.hears({ type: "cert", kind: "polka", votes: this.#votes(SIGNED_PREVOTE, from, blockId, round) });
  }

  hearsCommitCertificate(from: readonly Place[], blockId: BlockId, round = this.#round): Consequence {
    return this.hears({ type: "cert", kind: "commit", votes: this.#votes(SIGNED_PRECOMMIT, from, blockId, round) });
  }

  waitsInVainFor(what: "the proposal" | "prevotes" | "precommits" | "the height", round = this.#round): Consequence {
    const kinds: Readonly<Record<typeof what, TimeoutKind>> = {
      "the proposal": "propose",
      prevotes: "prevote",
      precommits: "precommit",
      "the height": "newHeight",
    };
    return consequence(this.machine.timeout(kinds[what], round));
  }

  hasBuilt(blockId: BlockId, round = this.#round): Consequence {
    return this.hears({ type: "builtValue", height: this.machine.height, round, blockId });
  }

  isLockedOn(blockId: BlockId, round: number): void {
    expect(this.machine.state.lock).toMatchObject({ round, blockId });
  }

  isNotLocked(): void {
    expect(this.machine.state.lock).toBeUndefined();
  }

  /** What it would propose again, and because of which round. */
  wouldProposeAgain(blockId: BlockId, round: number): void {
    expect(this.machine.state.valid).toEqual({ round, blockId });
  }

  hasNothingToProposeAgain(): void {
    expect(this.machine.state.valid).toBeUndefined();
  }

  get #round(): number {
    return this.machine.state.round;
  }

  #votes(type: number, from: readonly Place[], blockId: BlockId, round: number): readonly Vote[] {
    return from.map((place) => this.machine.vote(type, place, round, blockId));
  }

  #hearsVotes(type: number, from: readonly Place[], blockId: BlockId, round: number): Consequence {
    const effects = this.#votes(type, from, blockId, round).flatMap((vote) =>
      this.machine.give({ type: "vote", vote }),
    );
    return consequence(effects);
  }
}

export const FOUR: ValidatorSet = validators(1n, 1n, 1n, 1n);

/** One of four equal validators, which proposes in none of the rounds 0 to 2: scenarios choose the proposals. */
export function bystander(options: MachineOptions = {}): Actor {
  const probe = new Machine(FOUR, undefined);
  const proposers = [0, 1, 2].map((round) => probe.proposerOf(round));
  const self = [0, 1, 2, 3].find((place) => !proposers.includes(place)) as Place;
  return new Actor(new Machine(FOUR, self, options));
}

/** The one of four equal validators whose turn it is in a round. */
export function proposerOf(round: number, options: MachineOptions = {}): Actor {
  return new Actor(new Machine(FOUR, new Machine(FOUR, undefined).proposerOf(round), options));
}

/** A node that only follows validators of these powers, which stand in this order when it falls. */
export function follower(...powers: readonly bigint[]): Actor {
  return new Actor(new Machine(powers.length === 0 ? FOUR : validators(...powers), undefined));
}

function consequence(effects: readonly Effect[]): Consequence {
  const deeds = deedsOf(effects);
  return {
    soIt: (...expected) => expect(deeds).toEqual(expected),
    soNothing: () => expect(deeds).toEqual([]),
    soItIsIgnored: () => expect(effects).toEqual([]),
  };
}

/** Effects as sentences. What is signed must be published right away, unchanged; then the two are one deed. */
export function deedsOf(effects: readonly Effect[]): readonly string[] {
  const deeds: string[] = [];
  const unpublished: string[] = [];
  for (const effect of effects) {
    if (effect.type === "publish") {
      const { message } = effect;
      const words =
        message.type === "vote"
          ? voted(message.vote.type, message.vote.blockId, message.vote.round)
          : proposed(message.proposal);
      expect(unpublished.shift(), `published "${words}" without signing it`).toBe(words);
      continue;
    }
    const deed = deedOf(effect);
    if (deed === undefined) continue;
    deeds.push(deed);
    if (effect.type === "sign") {
      const { message } = effect;
      unpublished.push(
        message.type === "vote" ? voted(message.voteType, message.blockId, message.round) : proposed(message),
      );
    }
  }
  expect(unpublished, "signed and not published").toEqual([]);
  return deeds;
}

function deedOf(effect: Effect): string | undefined {
  switch (effect.type) {
    case "log":
    case "publish":
      return undefined;
    case "sign": {
      const { message, lock, polka } = effect;
      if (message.type === "proposal") return proposed(message);
      const locking = lock === undefined ? "" : `, locking ${nameOf(lock.blockId)} with ${countOf(lock.polka, lock)}`;
      const showing = polka === undefined ? "" : `, showing ${countOf(polka.votes, { ...message, ...polka })}`;
      return `${voted(message.voteType, message.blockId, message.round)}${locking}${showing}`;
    }
    case "schedule": {
      const whats = { newHeight: "the height", propose: "the proposal", prevote: "prevotes", precommit: "precommits" };
      return `gives ${whats[effect.kind]} of round ${effect.round} ${effect.ms} ms`;
    }
    case "buildValue":
      return `builds a block for round ${effect.round}${effect.lastCommit === undefined ? "" : ` on ${flags(effect.lastCommit)}`}`;
    case "validate":
      return `checks ${nameOf(effect.blockId)}`;
    case "want":
      return `asks peers for ${nameOf(effect.blockId)}`;
    case "evidence": {
      const { first, second } = effect.conflict;
      const kind = first.type === SIGNED_PREVOTE ? "prevoting" : "precommitting";
      expect([second.type, second.round, second.validatorIndex]).toEqual([
        first.type,
        first.round,
        first.validatorIndex,
      ]);
      return `accuses ${first.validatorIndex} of ${kind} ${nameOf(first.blockId)} and ${nameOf(second.blockId)} in round ${first.round}`;
    }
    case "commit": {
      expect(effect.commit).toMatchObject({ height: effect.height, round: effect.round, blockId: effect.blockId });
      return `commits ${nameOf(effect.blockId)} of round ${effect.round} with ${flags(effect.commit)}`;
    }
    case "halt":
      return `halts over ${nameOf(effect.blockId)}`;
  }
}

/** One letter per validator: C for the block, N for nil, - for nothing. */
export function flags({ signatures }: Commit): string {
  return signatures.map(({ blockIdFlag }) => "?-CN"[blockIdFlag]).join("");
}

/** "the 3 prevotes of round 0", when that is what the votes are. */
function countOf(
  votes: readonly Vote[],
  { round, blockId }: { readonly round: number; readonly blockId: BlockId },
): string {
  for (const vote of votes) expect(vote).toMatchObject({ type: SIGNED_PREVOTE, round, blockId });
  return `the ${votes.length} prevotes of round ${round}`;
}

function voted(type: number, blockId: BlockId, round: number): string {
  return `${type === SIGNED_PREVOTE ? "prevotes" : "precommits"} ${nameOf(blockId)} in round ${round}`;
}

function proposed(message: { readonly blockId: BlockId; readonly round: number; readonly polRound: number }): string {
  const reason = message.polRound < 0 ? "" : ` for the polka of round ${message.polRound}`;
  return `proposes ${nameOf(message.blockId)} in round ${message.round}${reason}`;
}
