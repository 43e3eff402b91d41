/**
 * Owns whose turn it is in every round of one height, quickly: the turns of incrementProposerPriority
 * (validator-set.ts, where their arithmetic is explained) taken once each and remembered. It owns no rule of its own:
 * for every round the answer is that of the plain iteration.
 *
 * A round far ahead costs as many turns as there are rounds, so turns are made of native 64-bit additions, some
 * nanoseconds per validator, and are never taken twice: nodes that sit through thousands of failed rounds pay for each
 * round once. How far ahead anyone may make a node look is bounded in chain/consensus/limits.ts.
 */
import { MAX_INT64, MIN_INT64 } from "./limits.ts";
import { compareByAddress, type Validator } from "./validator.ts";
import { incrementProposerPriority, proposerOf, startingPriorities, type ValidatorSet } from "./validator-set.ts";

/** Places remembered at first; doubled whenever they are used up. */
const FIRST_PLACES = 64;

/** The proposers of a height's rounds. */
export class ProposerRotation {
  readonly #set: ValidatorSet;
  readonly #powers: BigInt64Array;
  readonly #priorities: BigInt64Array;
  /** Rank of each validator's address, which decides between equal priorities. */
  readonly #ranks: Int32Array;
  /** Who was chosen in each turn so far. */
  #places = new Int32Array(FIRST_PLACES);
  #turns = 0;
  /** The next turn might not fit into 64 bits: from here on the plain iteration, which clips, has to answer. */
  #clips = false;

  constructor(set: ValidatorSet) {
    this.#set = set;
    this.#powers = BigInt64Array.from(set.validators, (validator) => validator.votingPower);
    this.#priorities = BigInt64Array.from(startingPriorities(set));
    this.#ranks = ranksOf(set.validators);
    for (const priority of this.#priorities) this.#noteRange(priority);
  }

  /** The address of a round's proposer: of round 0 the set's own, of round r who is chosen in the r-th turn after it. */
  at(round: number): Uint8Array {
    if (round === 0) return proposerOf(this.#set).address;
    while (this.#turns < round && !this.#clips) this.#turn();
    const place = round <= this.#turns ? this.#places[round - 1] : undefined;
    if (place === undefined) return proposerOf(incrementProposerPriority(this.#set, round)).address;
    return (this.#set.validators[place] as Validator).address;
  }

  #turn(): void {
    const priorities = this.#priorities;
    const powers = this.#powers;
    const ranks = this.#ranks;
    const total = this.#set.totalVotingPower;
    let chosen = 0;
    let highest = MIN_INT64;
    for (let place = 0; place < priorities.length; place++) {
      const priority = BigInt.asIntN(64, (priorities[place] as bigint) + (powers[place] as bigint));
      priorities[place] = priority;
      if (priority < highest) continue;
      if (priority === highest && place > 0 && (ranks[place] as number) > (ranks[chosen] as number)) continue;
      highest = priority;
      chosen = place;
    }
    priorities[chosen] = BigInt.asIntN(64, highest - total);
    this.#remember(chosen);
    this.#noteRange(highest);
  }

  /** No power is above the total, so while the highest priority leaves it room the next turn cannot overflow. */
  #noteRange(priority: bigint): void {
    const total = this.#set.totalVotingPower;
    if (priority > MAX_INT64 - total || priority < MIN_INT64 + total) this.#clips = true;
  }

  #remember(place: number): void {
    if (this.#turns === this.#places.length) {
      const more = new Int32Array(this.#places.length * 2);
      more.set(this.#places);
      this.#places = more;
    }
    this.#places[this.#turns++] = place;
  }
}

function ranksOf(validators: readonly Validator[]): Int32Array {
  const ranks = new Int32Array(validators.length);
  const places = validators.map((_, place) => place);
  places.sort((a, b) => compareByAddress(validators[a] as Validator, validators[b] as Validator));
  for (const [rank, place] of places.entries()) ranks[place] = rank;
  return ranks;
}
