// What consensus asks of a validator set: powers by index, whose turn it is. Owns no arithmetic on priorities, which is
// chain/types/validator-set.ts.

import { equalBytes } from "../../proto/bytes.ts";
import { ProposerRotation } from "../types/proposer-rotation.ts";
import type { ValidatorSet } from "../types/validator-set.ts";
import type { Powers } from "./votes.ts";

export function powersOf(set: ValidatorSet): Powers {
  const each = set.validators.map((validator) => validator.votingPower);
  return { each, total: each.reduce((sum, power) => sum + power, 0n) };
}

/** The index of the validator with this address, or undefined. */
export function indexOf(set: ValidatorSet, address: Uint8Array): number | undefined {
  const index = set.validators.findIndex((validator) => equalBytes(validator.address, address));
  return index < 0 ? undefined : index;
}

/** Turns already taken from a set, for as long as anyone holds the set. A memory only: it changes no answer. */
const rotations = new WeakMap<ValidatorSet, ProposerRotation>();

/**
 * The address of the proposer of a round: the set as it stands at the height, incremented `round` times at once
 * (spec/consensus/proposer-selection.md). It is always computed from the height's base set, never from the set of an
 * earlier round, so that a node that skipped rounds agrees with one that did not.
 */
export function proposerAddress(set: ValidatorSet, round: number): Uint8Array {
  let rotation = rotations.get(set);
  if (rotation === undefined) {
    rotation = new ProposerRotation(set);
    rotations.set(set, rotation);
  }
  return rotation.at(round);
}

export function isProposer(set: ValidatorSet, round: number, address: Uint8Array): boolean {
  return equalBytes(proposerAddress(set, round), address);
}
