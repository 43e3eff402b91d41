import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ValidationError } from "../../../chain/types/errors.ts";
import { MAX_TOTAL_VOTING_POWER } from "../../../chain/types/limits.ts";
import { publicKeyOf, publicKeyParts, type Validator, validateValidator } from "../../../chain/types/validator.ts";
import {
  EMPTY_VALIDATOR_SET,
  findValidator,
  hasValidator,
  incrementProposerPriority,
  newValidatorSet,
  proposerOf,
  sumVotingPower,
  updateValidatorSet,
  type ValidatorSet,
  validateValidatorSet,
  validatorIndex,
  validatorSetFromProto,
  validatorSetHash,
  validatorSetToProto,
} from "../../../chain/types/validator-set.ts";
import { hex } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { newKeys } from "../../vectors/signing.ts";

const keys = newKeys(
  "rotation",
  Array.from({ length: 12 }, () => 1n),
);
const withPower = (index: number, votingPower: bigint): Validator => ({
  ...(keys[index] as (typeof keys)[0]).validator,
  votingPower,
});

const power = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: MAX_TOTAL_VOTING_POWER / 12n }));
const someSet = fc
  .array(power, { minLength: 1, maxLength: 8 })
  .map((powers) => newValidatorSet(powers.map((votingPower, i) => withPower(i, votingPower))));
const someChanges = fc.uniqueArray(fc.record({ index: fc.nat(11), votingPower: fc.oneof(fc.constant(0n), power) }), {
  selector: (change) => change.index,
  maxLength: 12,
});

/** What must hold after every change and every turn. */
function expectSound(set: ValidatorSet): void {
  validateValidatorSet(set);
  expect(set.totalVotingPower).toBe(sumVotingPower(set.validators));
  const priorities = set.validators.map(({ proposerPriority }) => proposerPriority);
  const sum = priorities.reduce((total, priority) => total + priority, 0n);
  // Centring leaves a remainder below one per validator.
  expect(sum >= 0n && sum < BigInt(set.validators.length)).toBe(true);
  for (let i = 1; i < set.validators.length; i++) {
    const [a, b] = [set.validators[i - 1] as Validator, set.validators[i] as Validator];
    expect(a.votingPower > b.votingPower || (a.votingPower === b.votingPower && hex(a.address) < hex(b.address))).toBe(
      true,
    );
  }
}

const spread = (set: ValidatorSet): bigint => {
  const priorities = set.validators.map(({ proposerPriority }) => proposerPriority);
  return priorities.reduce((a, b) => (a > b ? a : b)) - priorities.reduce((a, b) => (a < b ? a : b));
};

describe("the proposers' rotation", () => {
  test("keeps priorities centred and within a window of twice the power, whatever changes", () => {
    fc.assert(
      fc.property(
        someSet,
        fc.array(fc.tuple(someChanges, fc.integer({ min: 1, max: 20 })), { maxLength: 6 }),
        (start, steps) => {
          let set = start;
          for (const [changes, turns] of steps) {
            const known = changes.filter(
              ({ index, votingPower }) => votingPower > 0n || hasValidator(set, withPower(index, 1n).address),
            );
            try {
              set = updateValidatorSet(
                set,
                known.map(({ index, votingPower }) => withPower(index, votingPower)),
              );
            } catch (error) {
              // The only change refused here is the one that would leave nobody.
              expect((error as Error).message).toContain("empty set");
            }
            set = incrementProposerPriority(set, turns);
            expectSound(set);
            // Twice the power after rescaling, and at most one more power from the turn itself.
            expect(spread(set) <= 3n * set.totalVotingPower).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("gives everyone turns in proportion to power", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 15n }), { minLength: 1, maxLength: 6 }), (powers) => {
        let set = newValidatorSet(powers.map((votingPower, i) => withPower(i, votingPower)));
        const turns = new Map<string, bigint>();
        for (let i = 0n; i < set.totalVotingPower; i++) {
          const proposer = hex(proposerOf(set).address);
          turns.set(proposer, (turns.get(proposer) ?? 0n) + 1n);
          set = incrementProposerPriority(set, 1);
        }
        for (const { address, votingPower } of set.validators) expect(turns.get(hex(address))).toBe(votingPower);
      }),
    );
  });

  test("of several turns at once is that of single turns", () => {
    fc.assert(
      fc.property(someSet, fc.integer({ min: 1, max: 15 }), (set, turns) => {
        let single = set;
        for (let i = 0; i < turns; i++) single = incrementProposerPriority(single, 1);
        expect(incrementProposerPriority(set, turns)).toEqual(single);
      }),
    );
  });

  test("divides priorities towards zero and their average downwards", () => {
    // Window 2 × 3 = 6, distance 13, ratio 3: −7 becomes −2 (not −3), 6 becomes 2; their average, 0, is exact. Then the
    // average of −3 and 2 must be −1, not 0.
    const at = (set: readonly [bigint, bigint]): ValidatorSet => ({
      validators: [withPower(0, 2n), withPower(1, 1n)].map((v, i) => ({ ...v, proposerPriority: set[i] as bigint })),
      proposer: undefined,
      totalVotingPower: 3n,
    });
    const priorities = (set: ValidatorSet) => set.validators.map(({ proposerPriority }) => proposerPriority);
    expect(priorities(incrementProposerPriority(at([-7n, 6n]), 1))).toEqual([0n, 0n]);
    expect(priorities(incrementProposerPriority(at([-3n, 2n]), 1))).toEqual([0n, 1n]);
  });

  test("needs somebody and at least one turn", () => {
    expect(() => incrementProposerPriority(EMPTY_VALIDATOR_SET, 1)).toThrow("empty validator set");
    expect(() => incrementProposerPriority(newValidatorSet([withPower(0, 1n)]), 0)).toThrow("non-positive times");
    expect(() => proposerOf(EMPTY_VALIDATOR_SET)).toThrow("empty validator set");
  });
});

describe("a validator set", () => {
  test("survives its stored form, total and all", () => {
    fc.assert(
      fc.property(someSet, (set) => {
        const bytes = encode("tendermint.types.ValidatorSet", validatorSetToProto(set));
        const stored = decode("tendermint.types.ValidatorSet", bytes);
        expect(stored.totalVotingPower).toBe(0n);
        expect(validatorSetFromProto(stored)).toEqual(set);
      }),
    );
  });

  test("is refused when it is not possible", () => {
    const set = newValidatorSet([withPower(0, 1n), withPower(1, 2n)]);
    const [first, second] = set.validators as readonly [Validator, Validator];
    const cases: readonly (readonly [ValidatorSet | undefined, string])[] = [
      [undefined, "nil validator set"],
      [EMPTY_VALIDATOR_SET, "validator set is nil or empty"],
      [{ ...set, proposer: undefined }, "proposer failed validate basic, error: nil validator"],
      [{ ...set, proposer: withPower(5, 1n) }, "proposer not in validator set"],
      [
        { ...set, validators: [first, { ...second, address: first.address }] },
        "address is incorrectly derived from pubkey",
      ],
      [{ ...set, validators: [{ ...first, pubKey: {} }] }, "validator does not have a public key"],
      [{ ...set, validators: [{ ...first, votingPower: -1n }] }, "validator has negative voting power"],
      [{ ...set, validators: [{ ...first, votingPower: MAX_TOTAL_VOTING_POWER + 1n }] }, "exceeds maximum"],
    ];
    for (const [bad, words] of cases) expect(() => validatorSetFromProto(bad), words).toThrow(words);
  });

  test("finds its members by address", () => {
    const set = newValidatorSet([0, 1, 2].map((i) => withPower(i, BigInt(i + 1))));
    set.validators.forEach((validator, index) => {
      expect(findValidator(set, validator.address)).toEqual({ index, validator });
      expect(validatorIndex(set).get(hex(validator.address))).toBe(index);
    });
    expect(findValidator(set, new Uint8Array(20))).toBeUndefined();
  });

  test("has a hash over keys and powers alone", () => {
    const set = newValidatorSet([withPower(0, 3n), withPower(1, 4n)]);
    expect(validatorSetHash(incrementProposerPriority(set, 3))).toEqual(validatorSetHash(set));
    expect(validatorSetHash(updateValidatorSet(set, [withPower(0, 2n)]))).not.toEqual(validatorSetHash(set));
  });

  test("knows keys of two types and no others", () => {
    expect(() => publicKeyOf("ed25519", new Uint8Array(33))).toThrow(ValidationError);
    expect(() => publicKeyParts({})).toThrow("key type is not supported");
    expect(() => validateValidator(withPower(0, 1n))).not.toThrow();
  });
});
