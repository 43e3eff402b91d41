/**
 * Owns validator sets: the proposer's rotation, changes of the set and its hash, number for number CometBFT's
 * types/validator_set.go (spec/consensus/proposer-selection.md). Sets are immutable data. It does not own signature
 * checks (commit.ts) nor who may be a validator (modules/staking).
 *
 * A set lists validators by power descending, then address ascending. Priorities are part of every node's state but
 * of no header, so the arithmetic here, clipping included, is consensus.
 */
import { equalBytes, hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { upperHex } from "./block-id.ts";
import { ValidationError, within } from "./errors.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import { addClip64, floorDivide, subtractClip64 } from "./int.ts";
import { MAX_TOTAL_VOTING_POWER, MAX_VOTES, PRIORITY_WINDOW_FACTOR } from "./limits.ts";
import { merkleRoot } from "./merkle.ts";
import type { Validator } from "./validator.ts";
import { compareByAddress, compareByPower, validateValidator, validatorLeaf } from "./validator.ts";

/**
 * Validators, the proposer they chose last and the sum of their powers (tendermint.types.ValidatorSet).
 * In memory the total is always set; on the wire it is zero, as CometBFT writes it.
 */
export type ValidatorSet = Messages["tendermint.types.ValidatorSet"];

/** The set of nobody: what signed before the first block. */
export const EMPTY_VALIDATOR_SET: ValidatorSet = { validators: [], proposer: undefined, totalVotingPower: 0n };

/** Makes a set from new validators and chooses its first proposer (NewValidatorSet). Throws ValidationError. */
export function newValidatorSet(validators: readonly Validator[]): ValidatorSet {
  if (validators.length === 0) return EMPTY_VALIDATOR_SET;
  const set = within("Cannot create validator set", () => applyChanges(EMPTY_VALIDATOR_SET, validators, false));
  return incrementProposerPriority(set, 1);
}

/** The validator with this address and its place in the set, or undefined. */
export function findValidator(
  set: ValidatorSet,
  address: Uint8Array,
): { readonly index: number; readonly validator: Validator } | undefined {
  for (let index = 0; index < set.validators.length; index++) {
    const validator = set.validators[index] as Validator;
    if (equalBytes(validator.address, address)) return { index, validator };
  }
  return undefined;
}

/** True when the set has a validator with this address. */
export function hasValidator(set: ValidatorSet, address: Uint8Array): boolean {
  return findValidator(set, address) !== undefined;
}

/** The places of all addresses, for many lookups: keys are lower-case hex. */
export function validatorIndex(set: ValidatorSet): ReadonlyMap<string, number> {
  return new Map(set.validators.map((validator, index) => [hex(validator.address), index]));
}

/** The validator whose turn it is. Throws ValidationError for an empty set. */
export function proposerOf(set: ValidatorSet): Validator {
  const proposer = set.proposer ?? set.validators[highestPriority(set.validators, prioritiesOf(set))];
  if (proposer === undefined) throw new ValidationError("empty validator set");
  return proposer;
}

/** ValidatorsHash: Merkle root over keys and powers in the set's order. */
export function validatorSetHash(set: ValidatorSet, hasher: Hasher = nobleHasher): Uint8Array {
  return merkleRoot(set.validators.map(validatorLeaf), hasher);
}

/**
 * The set after `times` turns: rescale and centre once, then each turn gives everyone their power and takes the total
 * from whoever has most. The proposer of height h is one turn after that of h − 1; of round r, r turns after round 0.
 */
export function incrementProposerPriority(set: ValidatorSet, times: number): ValidatorSet {
  if (set.validators.length === 0) throw new ValidationError("empty validator set");
  if (!Number.isInteger(times) || times <= 0) {
    throw new ValidationError("Cannot call IncrementProposerPriority with non-positive times");
  }
  const priorities = startingPriorities(set);
  let chosen = 0;
  for (let turn = 0; turn < times; turn++) {
    for (let i = 0; i < priorities.length; i++) {
      priorities[i] = addClip64(priorities[i] as bigint, (set.validators[i] as Validator).votingPower);
    }
    chosen = highestPriority(set.validators, priorities);
    priorities[chosen] = subtractClip64(priorities[chosen] as bigint, set.totalVotingPower);
  }
  const validators = withPriorities(set.validators, priorities);
  return { validators, proposer: validators[chosen], totalVotingPower: set.totalVotingPower };
}

/**
 * The set after adding, changing (by address) and, with power zero, removing validators (UpdateWithChangeSet).
 * The proposer stays as it was until the next incrementProposerPriority. Throws ValidationError, and then nothing
 * has changed: a set is never half updated.
 */
export function updateValidatorSet(set: ValidatorSet, changes: readonly Validator[]): ValidatorSet {
  return applyChanges(set, changes, true);
}

/** Throws ValidationError unless the set is one a chain can have (ValidatorSet.ValidateBasic). */
export function validateValidatorSet(set: ValidatorSet): void {
  if (set.validators.length === 0) throw new ValidationError("validator set is nil or empty");
  set.validators.forEach((validator, i) => {
    within(`invalid validator #${i}`, () => validateValidator(validator));
  });
  const proposer = set.proposer;
  if (proposer === undefined) throw new ValidationError("proposer failed validate basic, error: nil validator");
  within("proposer failed validate basic, error", () => validateValidator(proposer));
  if (!hasValidator(set, proposer.address)) throw new ValidationError("proposer not in validator set");
}

/** The form CometBFT stores and sends: the total is left to the reader. */
export function validatorSetToProto(set: ValidatorSet): ValidatorSet {
  return { ...set, totalVotingPower: 0n };
}

/** Reads a stored or received set and adds its powers up. Throws ValidationError when it is not a possible set. */
export function validatorSetFromProto(message: ValidatorSet | undefined): ValidatorSet {
  if (message === undefined) throw new ValidationError("nil validator set");
  if (message.validators.length > MAX_VOTES) {
    throw new ValidationError(`validator set is too big (max: ${MAX_VOTES})`);
  }
  const set = { ...message, totalVotingPower: sumVotingPower(message.validators) };
  validateValidatorSet(set);
  return set;
}

/** The sum of powers. Throws ValidationError above the maximum. */
export function sumVotingPower(validators: readonly Validator[]): bigint {
  let total = 0n;
  for (const { votingPower } of validators) {
    total = addClip64(total, votingPower);
    if (total > MAX_TOTAL_VOTING_POWER) {
      throw new ValidationError(`total voting power ${total} exceeds maximum ${MAX_TOTAL_VOTING_POWER}`);
    }
  }
  return total;
}

/** The average priority, rounded down; sums of 64-bit numbers, but never clipped. */
export function averagePriority(priorities: readonly bigint[]): bigint {
  let sum = 0n;
  for (const priority of priorities) sum += priority;
  return floorDivide(sum, BigInt(priorities.length));
}

/** The priorities from which a set's next turns are taken: rescaled and centred, which happens once before a run of turns. */
export function startingPriorities(set: ValidatorSet): bigint[] {
  const priorities = prioritiesOf(set);
  rescalePriorities(priorities, PRIORITY_WINDOW_FACTOR * set.totalVotingPower);
  centrePriorities(priorities);
  return priorities;
}

function prioritiesOf(set: ValidatorSet): bigint[] {
  return set.validators.map((validator) => validator.proposerPriority);
}

function withPriorities(validators: readonly Validator[], priorities: readonly bigint[]): readonly Validator[] {
  return validators.map((validator, i) => ({ ...validator, proposerPriority: priorities[i] as bigint }));
}

/** Shrinks the distance between the extremes to `window` by a whole, truncating division of every priority. */
function rescalePriorities(priorities: bigint[], window: bigint): void {
  if (window <= 0n) return;
  let highest = priorities[0] as bigint;
  let lowest = highest;
  for (const priority of priorities) {
    if (priority > highest) highest = priority;
    if (priority < lowest) lowest = priority;
  }
  // Go computes the distance in 64 bits and takes its magnitude; only priorities no set can reach overflow there.
  const wrapped = BigInt.asIntN(64, highest - lowest);
  const distance = wrapped < 0n ? -wrapped : wrapped;
  if (distance <= window) return;
  const ratio = (distance + window - 1n) / window;
  for (let i = 0; i < priorities.length; i++) priorities[i] = (priorities[i] as bigint) / ratio;
}

function centrePriorities(priorities: bigint[]): void {
  const average = averagePriority(priorities);
  for (let i = 0; i < priorities.length; i++) priorities[i] = subtractClip64(priorities[i] as bigint, average);
}

/** The place of the highest priority; of equals, the lower address. −1 in an empty set. */
function highestPriority(validators: readonly Validator[], priorities: readonly bigint[]): number {
  let best = -1;
  for (let i = 0; i < validators.length; i++) {
    const ahead =
      best === -1 ||
      (priorities[i] as bigint) > (priorities[best] as bigint) ||
      (priorities[i] === priorities[best] &&
        compareByAddress(validators[i] as Validator, validators[best] as Validator) < 0);
    if (ahead) best = i;
  }
  return best;
}

function applyChanges(set: ValidatorSet, changes: readonly Validator[], allowRemovals: boolean): ValidatorSet {
  if (changes.length === 0) return set;
  const { updates, removals } = sortChanges(changes);
  if (!allowRemovals && removals.length !== 0) {
    throw new ValidationError("cannot process validators with voting power 0");
  }
  const current = new Map(set.validators.map((validator) => [hex(validator.address), validator]));
  const added = updates.filter((update) => !current.has(hex(update.address)));
  if (added.length === 0 && set.validators.length === removals.length) {
    throw new ValidationError("applying the validator changes would result in empty set");
  }
  let removedPower = 0n;
  for (const removal of removals) {
    const validator = current.get(hex(removal.address));
    if (validator === undefined) {
      throw new ValidationError(`failed to find validator ${upperHex(removal.address)} to remove`);
    }
    removedPower += validator.votingPower;
  }
  const totalBeforeRemovals = checkTotal(set.totalVotingPower, removedPower, updates, current);
  // A newcomer starts behind everyone, lest leaving and coming back resets a negative priority.
  const newcomerPriority = -(totalBeforeRemovals + (totalBeforeRemovals >> 3n));
  for (const update of updates) {
    const key = hex(update.address);
    current.set(key, { ...update, proposerPriority: current.get(key)?.proposerPriority ?? newcomerPriority });
  }
  for (const removal of removals) current.delete(hex(removal.address));
  const validators = [...current.values()].sort(compareByPower);
  const totalVotingPower = sumVotingPower(validators);
  const priorities = validators.map((validator) => validator.proposerPriority);
  rescalePriorities(priorities, PRIORITY_WINDOW_FACTOR * totalVotingPower);
  centrePriorities(priorities);
  return { validators: withPriorities(validators, priorities), proposer: set.proposer, totalVotingPower };
}

/** Splits changes into updates and removals, by address, and refuses doubles and impossible powers. */
function sortChanges(changes: readonly Validator[]): {
  readonly updates: readonly Validator[];
  readonly removals: readonly Validator[];
} {
  const updates: Validator[] = [];
  const removals: Validator[] = [];
  let previous: Validator | undefined;
  for (const change of [...changes].sort(compareByAddress)) {
    if (previous !== undefined && equalBytes(previous.address, change.address)) {
      throw new ValidationError(`duplicate entry ${upperHex(change.address)}`);
    }
    if (change.votingPower < 0n) {
      throw new ValidationError(`voting power can't be negative: ${change.votingPower}`);
    }
    if (change.votingPower > MAX_TOTAL_VOTING_POWER) {
      throw new ValidationError(
        `to prevent clipping/overflow, voting power can't be higher than ${MAX_TOTAL_VOTING_POWER}, got ${change.votingPower}`,
      );
    }
    (change.votingPower === 0n ? removals : updates).push(change);
    previous = change;
  }
  return { updates, removals };
}

/** The total after updates and before removals. Throws ValidationError when the final total is above the maximum. */
function checkTotal(
  total: bigint,
  removedPower: bigint,
  updates: readonly Validator[],
  current: ReadonlyMap<string, Validator>,
): bigint {
  let after = total - removedPower;
  for (const update of updates) after += update.votingPower - (current.get(hex(update.address))?.votingPower ?? 0n);
  if (after > MAX_TOTAL_VOTING_POWER) {
    throw new ValidationError(`total voting power of resulting valset exceeds max ${MAX_TOTAL_VOTING_POWER}`);
  }
  return after + removedPower;
}
