import { describe, expect, test } from "vitest";
import { ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import {
  ABSENT_COMMIT_SIG,
  type Commit,
  commitHash,
  commitSigOf,
  EMPTY_COMMIT,
  medianTime,
  validateCommit,
  verifyCommit,
  verifyCommitLight,
  verifyCommitLightTrusting,
  voteOf,
} from "../../../chain/types/commit.ts";
import { nobleVerifier, type Verifier } from "../../../chain/types/crypto.ts";
import { NotEnoughVotingPowerError, ValidationError } from "../../../chain/types/errors.ts";
import type { Timestamp } from "../../../chain/types/time.ts";
import type { Validator } from "../../../chain/types/validator.ts";
import { verifyVote } from "../../../chain/types/vote.ts";
import { hex } from "../../../proto/bytes.ts";
import { newKeys, signCommit, signVote, type TestKey, validatorSetOf } from "../../vectors/signing.ts";

const chainId = "commit-chain";
const height = 7n;
const keys = newKeys("commit", [10n, 20n, 30n, 40n, 50n]);
const validators = validatorSetOf(keys);
const blockId = { hash: new Uint8Array(32).fill(1), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(2) } };
const at = (seconds: number): Timestamp => ({ seconds: BigInt(seconds), nanos: 0 });
const target = { height, round: 2, blockId };
/** Keys in the set's order: powers 50, 40, 30, 20, 10. */
const ordered = [...keys].reverse() as readonly TestKey[];
const commitOf = (signers: readonly TestKey[], timeOf = at): Commit =>
  signCommit(chainId, target, validators, signers, timeOf);
const full = commitOf(keys);

function counting(): { readonly verifier: Verifier; count(): number } {
  let calls = 0;
  return {
    count: () => calls,
    verifier: {
      secp256k1: nobleVerifier.secp256k1,
      ed25519: (...args) => {
        calls++;
        return nobleVerifier.ed25519(...args);
      },
    },
  };
}

const replace = (commit: Commit, index: number, change: Partial<Commit["signatures"][0]>): Commit => ({
  ...commit,
  signatures: commit.signatures.map((place, i) => (i === index ? { ...place, ...change } : place)),
});

/** A precommit for no block at place `index`, rightly signed. */
function withNilVote(commit: Commit, index: number): Commit {
  const key = ordered[index] as TestKey;
  const vote = signVote(chainId, key, { height, round: 2, timestamp: at(index) });
  return replace(commit, index, commitSigOf(vote));
}

describe("a whole commit", () => {
  test("needs more than two thirds of the power, not two thirds", () => {
    verifyCommit(chainId, validators, blockId, height, full, nobleVerifier);
    // 100 of 150 is exactly two thirds.
    const exactly = commitOf([ordered[0], ordered[1], ordered[4]] as readonly TestKey[]);
    expect(() => verifyCommit(chainId, validators, blockId, height, exactly, nobleVerifier)).toThrow(
      "invalid commit -- insufficient voting power: got 100, needed more than 100",
    );
    const more = commitOf([ordered[0], ordered[1], ordered[3]] as readonly TestKey[]);
    verifyCommit(chainId, validators, blockId, height, more, nobleVerifier);
  });

  test("checks nil votes but does not count them", () => {
    const withNil = withNilVote(full, 4);
    verifyCommit(chainId, validators, blockId, height, withNil, nobleVerifier);
    expect(() => verifyCommit(chainId, validators, blockId, height, withNilVote(full, 0), nobleVerifier)).toThrow(
      new NotEnoughVotingPowerError(100n, 100n).message,
    );
    const bent = replace(withNil, 4, { signature: new Uint8Array(64) });
    expect(() => verifyCommit(chainId, validators, blockId, height, bent, nobleVerifier)).toThrow(
      "wrong signature (#4)",
    );
    // The light checks look at votes for the block only.
    verifyCommitLight(chainId, validators, blockId, height, bent, nobleVerifier);
  });

  test("must be of this set, height and block, and each place of its validator", () => {
    const check =
      (commit: Commit, id: Commit["blockId"] = blockId, at = height) =>
      () =>
        verifyCommit(chainId, validators, id, at, commit, nobleVerifier);
    expect(check({ ...full, signatures: full.signatures.slice(1) })).toThrow("wrong set size: 5 vs 4");
    expect(check(full, blockId, 8n)).toThrow("wrong height: 8 vs 7");
    expect(check(full, ZERO_BLOCK_ID)).toThrow("invalid commit -- wrong block ID");
    const [a, b, ...rest] = full.signatures as readonly [Commit["signatures"][0], Commit["signatures"][0]];
    expect(check({ ...full, signatures: [b, a, ...rest] })).toThrow("validator address mismatch at index 0");
    expect(check(replace(full, 1, { signature: new Uint8Array(0) }))).toThrow("signature is missing");
  });

  test("is refused for one wrong signature among enough good ones", () => {
    for (let index = 0; index < 5; index++) {
      const bent = replace(full, index, { timestamp: at(99) });
      expect(() => verifyCommit(chainId, validators, blockId, height, bent, nobleVerifier)).toThrow(
        `wrong signature (#${index})`,
      );
    }
  });
});

describe("light checks of a commit", () => {
  test("stop once the power suffices, unless told not to", () => {
    const light = counting();
    verifyCommitLight(chainId, validators, blockId, height, full, light.verifier);
    expect(light.count()).toBe(3);
    const all = counting();
    verifyCommitLight(chainId, validators, blockId, height, full, all.verifier, true);
    expect(all.count()).toBe(5);
    const whole = counting();
    verifyCommit(chainId, validators, blockId, height, full, whole.verifier);
    expect(whole.count()).toBe(5);
  });

  test("of another set count the validators both sets have", () => {
    const oneThird = { numerator: 1n, denominator: 3n };
    const trusted = validatorSetOf([...newKeys("trusted", [60n]), ...keys.slice(0, 3)]);
    // 60 of the 120 trusted are here; a third is 40.
    verifyCommitLightTrusting(chainId, trusted, full, oneThird, nobleVerifier);
    const few = commitOf(keys.slice(0, 2));
    expect(() => verifyCommitLightTrusting(chainId, trusted, few, oneThird, nobleVerifier)).toThrow(
      "got 30, needed more than 40",
    );
    const twice = { ...full, signatures: [...full.signatures, full.signatures[4] as Commit["signatures"][0]] };
    expect(() =>
      verifyCommitLightTrusting(chainId, validators, twice, { numerator: 1n, denominator: 1n }, nobleVerifier),
    ).toThrow("double vote from");
    expect(() =>
      verifyCommitLightTrusting(chainId, trusted, full, { numerator: 1n, denominator: 0n }, nobleVerifier),
    ).toThrow("trustLevel has zero Denominator");
    expect(() =>
      verifyCommitLightTrusting(chainId, trusted, full, { numerator: 1n << 62n, denominator: 1n }, nobleVerifier),
    ).toThrow("int64 overflow");
  });
});

describe("the form of a commit", () => {
  test("is refused in CometBFT's words", () => {
    validateCommit(full);
    validateCommit(EMPTY_COMMIT);
    expect(hex(commitHash(EMPTY_COMMIT))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const place = full.signatures[0] as Commit["signatures"][0];
    const cases: readonly (readonly [Commit, string])[] = [
      [{ ...full, height: -1n }, "negative Height"],
      [{ ...full, round: -1 }, "negative Round"],
      [{ ...full, blockId: ZERO_BLOCK_ID }, "commit cannot be for nil block"],
      [{ ...full, signatures: [] }, "no signatures in commit"],
      [{ ...full, signatures: new Array(10_001).fill(ABSENT_COMMIT_SIG) }, "too many signatures in commit"],
      [replace(full, 0, { blockIdFlag: 0 }), "wrong CommitSig #0: unknown BlockIDFlag: 0"],
      [replace(full, 1, { validatorAddress: new Uint8Array(3) }), "wrong CommitSig #1: expected ValidatorAddress size"],
      [replace(full, 1, { signature: new Uint8Array(65) }), "signature is too big (max: 64)"],
      [replace(full, 1, { timestamp: { seconds: 0n, nanos: 2e9 } }), "wrong CommitSig #1: wrong Timestamp"],
      [replace(full, 0, { ...ABSENT_COMMIT_SIG, signature: place.signature }), "signature is present"],
      [replace(full, 0, { ...ABSENT_COMMIT_SIG, validatorAddress: place.validatorAddress }), "address is present"],
      [replace(full, 0, { ...ABSENT_COMMIT_SIG, timestamp: at(0) }), "time is present"],
    ];
    for (const [bad, words] of cases) expect(() => validateCommit(bad), words).toThrow(words);
  });

  test("holds the votes it was made of", () => {
    full.signatures.forEach((_, index) => {
      const vote = voteOf(full, index);
      const validator = validators.validators[index] as Validator;
      verifyVote(chainId, vote, validator.pubKey, nobleVerifier);
      expect(commitSigOf(vote)).toEqual(full.signatures[index]);
    });
    const absent = commitOf(keys.slice(1));
    expect(absent.signatures[4]).toEqual(commitSigOf(undefined));
    expect(() => voteOf(absent, 4)).toThrow("no vote at index 4");
    expect(() => voteOf(absent, 5)).toThrow(ValidationError);
  });

  test("has the median time of those who signed, nil votes included", () => {
    expect(medianTime(full, validators)).toEqual(at(1));
    // Without the 50 at second 0, half of the remaining 100 is reached at second 2.
    const without = commitOf(ordered.slice(1));
    expect(medianTime(without, validators)).toEqual(at(2));
    expect(medianTime(withNilVote(full, 0), validators)).toEqual(at(1));
    expect(() => medianTime(full, validatorSetOf(newKeys("others", [1n])))).toThrow("not found in validator set");
  });
});
