import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_INT64, MAX_TOTAL_VOTING_POWER, MIN_INT64 } from "../../../chain/types/limits.ts";
import { ProposerRotation } from "../../../chain/types/proposer-rotation.ts";
import { newValidator, publicKeyOf, type Validator } from "../../../chain/types/validator.ts";
import {
  incrementProposerPriority,
  newValidatorSet,
  proposerOf,
  updateValidatorSet,
  type ValidatorSet,
} from "../../../chain/types/validator-set.ts";
import { hex } from "../../../proto/bytes.ts";

const validator = (index: number, power: bigint): Validator =>
  newValidator(publicKeyOf("ed25519", new Uint8Array(32).fill(index + 1)), power);

const setOf = (powers: readonly bigint[]): ValidatorSet =>
  newValidatorSet(powers.map((power, index) => validator(index, power)));

/** CometBFT's way: all the turns, one after the other, from the height's own set. */
const plain = (set: ValidatorSet, round: number): string =>
  hex((round === 0 ? proposerOf(set) : proposerOf(incrementProposerPriority(set, round))).address);

const power = fc.oneof(
  fc.constant(1n),
  fc.bigInt({ min: 1n, max: 20n }),
  fc.bigInt({ min: 1n, max: MAX_TOTAL_VOTING_POWER / 12n }),
);
const powers = fc.array(power, { minLength: 1, maxLength: 9 });
const rounds = fc.array(fc.nat(400), { minLength: 1, maxLength: 12 });

describe("the rotation of a height's proposers", () => {
  test("is that of the plain iteration in every round, in whatever order rounds are asked for", () => {
    fc.assert(
      fc.property(powers, rounds, fc.nat(60), (each, asked, turns) => {
        const set = incrementProposerPriority(setOf(each), turns + 1);
        const rotation = new ProposerRotation(set);
        for (const round of asked) expect(hex(rotation.at(round)), `round ${round}`).toBe(plain(set, round));
      }),
    );
  });

  test("is that of the plain iteration after validators joined, left and changed their power", () => {
    const change = fc.tuple(fc.nat(8), fc.oneof(fc.constant(0n), power));
    fc.assert(
      fc.property(powers, fc.array(change, { maxLength: 5 }), rounds, (each, changes, asked) => {
        let set = setOf(each);
        for (const [index, changed] of changes) {
          const known = set.validators.some((held) => hex(held.address) === hex(validator(index, 1n).address));
          if (changed === 0n && (!known || set.validators.length === 1)) continue;
          set = incrementProposerPriority(updateValidatorSet(set, [validator(index, changed)]), 1);
        }
        const rotation = new ProposerRotation(set);
        for (const round of asked) expect(hex(rotation.at(round)), `round ${round}`).toBe(plain(set, round));
      }),
    );
  });

  test("is that of the plain iteration where 64 bits do not suffice and CometBFT clips", () => {
    const extreme = fc.oneof(
      fc.bigInt({ min: MAX_INT64 - 100n, max: MAX_INT64 }),
      fc.bigInt({ min: MIN_INT64, max: MIN_INT64 + 100n }),
      fc.bigInt({ min: MIN_INT64, max: MAX_INT64 }),
    );
    const strange = fc
      .array(fc.tuple(fc.bigInt({ min: 1n, max: MAX_INT64 / 5n }), extreme), { minLength: 1, maxLength: 5 })
      .map((list): ValidatorSet => {
        const validators = list.map(([votingPower, proposerPriority], index) => ({
          ...validator(index, votingPower),
          proposerPriority,
        }));
        return {
          validators,
          proposer: undefined,
          totalVotingPower: validators.reduce((sum, v) => sum + v.votingPower, 0n),
        };
      });
    fc.assert(
      fc.property(strange, fc.array(fc.nat(60), { minLength: 1, maxLength: 6 }), (set, asked) => {
        const rotation = new ProposerRotation(set);
        for (const round of asked) expect(hex(rotation.at(round)), `round ${round}`).toBe(plain(set, round));
      }),
      { numRuns: 400 },
    );
  });

  test("of equal powers goes round, for as long as anyone likes", () => {
    const set = setOf([10n, 10n, 10n, 10n, 10n]);
    const rotation = new ProposerRotation(set);
    const first = [0, 1, 2, 3, 4].map((round) => hex(rotation.at(round)));
    expect(new Set(first).size).toBe(5);
    for (let round = 5; round < 2_000; round++) expect(hex(rotation.at(round))).toBe(first[round % 5]);
  });

  test("is known at once a million rounds ahead, and again for every round before that", () => {
    const set = setOf([7n, 5n, 3n]);
    const rotation = new ProposerRotation(set);
    // The sum of the powers is their period: every full period gives each its turns and leaves all priorities as they were.
    const far = 15 * 70_000;
    expect(hex(rotation.at(far))).toBe(plain(set, 15));
    for (const round of [1, 15, 64, 65, 128, 129, 1_000, far - 1]) {
      expect(hex(rotation.at(round))).toBe(plain(set, (round % 15) + 15));
    }
  });
});
