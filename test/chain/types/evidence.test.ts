import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import {
  byzantineValidators,
  type DuplicateVoteEvidence,
  type Evidence,
  evidenceBytes,
  evidenceHash,
  evidenceHeight,
  evidenceKind,
  evidenceListHash,
  evidenceListSize,
  evidenceTime,
  evidenceToAbci,
  isEvidenceExpired,
  type LightClientAttackEvidence,
  newDuplicateVoteEvidence,
  validateEvidence,
  verifyDuplicateVote,
  verifyLightClientAttack,
} from "../../../chain/types/evidence.ts";
import { headerHash } from "../../../chain/types/header.ts";
import type { LightBlock } from "../../../chain/types/light-block.ts";
import { merkleRoot } from "../../../chain/types/merkle.ts";
import { addNanoseconds, parseTime } from "../../../chain/types/time.ts";
import type { Validator } from "../../../chain/types/validator.ts";
import { validatorSetToProto } from "../../../chain/types/validator-set.ts";
import { hex } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { newKeys, signCommit, signLightBlock, signVote, type TestKey, validatorSetOf } from "../../vectors/signing.ts";

const chainId = "evidence-chain";
const keys = newKeys("evidence", [10n, 20n, 30n]);
const validators = validatorSetOf(keys);
const time = parseTime("2024-05-06T07:08:09.1Z");
const idOf = (fill: number) => ({
  hash: new Uint8Array(32).fill(fill),
  partSetHeader: { total: 1, hash: new Uint8Array(32).fill(fill) },
});
const key = keys[1] as TestKey;
const voteA = signVote(chainId, key, { height: 9n, round: 3, blockId: idOf(1) });
const voteB = signVote(chainId, key, { height: 9n, round: 3, blockId: idOf(2) });

describe("two votes for different blocks", () => {
  const evidence = newDuplicateVoteEvidence(voteB, voteA, time, validators);
  const duplicate = evidence.duplicateVoteEvidence as DuplicateVoteEvidence;

  test("are put in the order of their blocks, whichever came first", () => {
    expect(duplicate.voteA).toBe(voteA);
    expect(newDuplicateVoteEvidence(voteA, voteB, time, validators)).toEqual(evidence);
    const nil = signVote(chainId, key, { height: 9n, round: 3, blockId: ZERO_BLOCK_ID });
    expect(newDuplicateVoteEvidence(voteA, nil, time, validators).duplicateVoteEvidence?.voteA).toBe(nil);
    expect(() => newDuplicateVoteEvidence(voteA, voteB, time, validatorSetOf(newKeys("others", [1n])))).toThrow(
      "not in validator set",
    );
  });

  test("prove themselves, and are told to the application", () => {
    validateEvidence(evidence);
    verifyDuplicateVote(duplicate, chainId, validators, nobleVerifier);
    expect(evidenceHeight(evidence)).toBe(9n);
    expect(evidenceTime(evidence)).toEqual(time);
    expect(evidenceToAbci([evidence])).toEqual([
      { type: 1, validator: { address: key.validator.address, power: 20n }, height: 9n, time, totalVotingPower: 60n },
    ]);
  });

  test("are hashed as the concrete message, and keep both hash and size through the wire", () => {
    const bytes = encode("tendermint.types.DuplicateVoteEvidence", duplicate);
    expect(hex(evidenceHash(evidence))).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(evidenceListHash([evidence, evidence])).toEqual(merkleRoot([bytes, bytes]));
    const list = encode("tendermint.types.EvidenceList", { evidence: [evidence] });
    expect(evidenceListSize([evidence])).toBe(BigInt(list.length));
    expect(evidenceListSize([])).toBe(0n);
    const read = decode("tendermint.types.EvidenceList", list).evidence;
    expect(evidenceHash(read[0] as Evidence)).toEqual(evidenceHash(evidence));
  });

  test("prove nothing when anything about them is wrong", () => {
    const foreign = signVote(chainId, keys[0] as TestKey, { height: 9n, round: 3, blockId: idOf(2) });
    const cases: readonly (readonly [Partial<DuplicateVoteEvidence>, string])[] = [
      [{ voteB: { ...voteB, round: 4 } }, "h/r/s does not match"],
      [{ voteB: { ...voteB, height: 8n } }, "h/r/s does not match"],
      [{ voteB: foreign }, "validator addresses do not match"],
      [{ voteB: voteA }, "block IDs are the same"],
      [{ validatorPower: 21n }, "validator power from evidence and our validator set does not match (21 != 20)"],
      [
        { totalVotingPower: 61n },
        "total voting power from the evidence and our validator set does not match (61 != 60)",
      ],
      [{ voteA: { ...voteA, signature: voteB.signature } }, "verifying VoteA: invalid signature"],
      [{ voteB: { ...voteB, signature: voteA.signature } }, "verifying VoteB: invalid signature"],
      [{ voteA: undefined }, "one or both of the votes are empty"],
    ];
    for (const [change, words] of cases) {
      const changed = { ...duplicate, ...change };
      expect(() => verifyDuplicateVote(changed, chainId, validators, nobleVerifier), words).toThrow(words);
    }
    expect(() => verifyDuplicateVote(duplicate, "other", validators, nobleVerifier)).toThrow("verifying VoteA");
    const others = validatorSetOf(newKeys("others", [60n]));
    expect(() => verifyDuplicateVote(duplicate, chainId, others, nobleVerifier)).toThrow("was not a validator");
  });

  test("have a form", () => {
    const refuse = (changed: Evidence, words: string) => expect(() => validateEvidence(changed), words).toThrow(words);
    refuse({ duplicateVoteEvidence: { ...duplicate, voteA: voteB, voteB: voteA } }, "duplicate votes in invalid order");
    refuse(
      { duplicateVoteEvidence: { ...duplicate, voteA: { ...voteA, height: 0n } } },
      "invalid VoteA: negative or zero",
    );
    refuse({ duplicateVoteEvidence: { ...duplicate, voteB: undefined } }, "one or both of the votes are empty");
    refuse({}, "evidence is not recognized");
    expect(evidenceKind(evidence).kind).toBe("duplicateVote");
  });

  test("expire when both their ages are passed", () => {
    const hour = 3_600_000_000_000n;
    const expired = (blocks: bigint, age: bigint) =>
      isEvidenceExpired(9n + blocks, addNanoseconds(time, age), 9n, time, 10n, hour);
    expect(expired(11n, hour + 1n)).toBe(true);
    expect(expired(10n, hour + 1n)).toBe(false);
    expect(expired(11n, hour)).toBe(false);
  });
});

describe("an attack on light clients", () => {
  const block = (height: bigint, seconds: bigint, set = validators, signers = keys) =>
    signLightBlock({
      chainId,
      height,
      time: addNanoseconds(time, seconds * 1_000_000_000n),
      validators: set,
      keys: signers,
    });
  const common = block(4n, 0n);
  const trusted = block(8n, 5n);
  /** Another chain from height 4 on: its validators are only keys 1 and 2, which are 50 of 60 of the common set. */
  const forkedSet = validatorSetOf(keys.slice(1));
  const lunatic = block(8n, 6n, forkedSet, keys.slice(1));
  const evidenceOf = (
    conflicting: LightBlock,
    named: readonly Validator[],
    commonHeight = 4n,
  ): LightClientAttackEvidence => ({
    conflictingBlock: {
      signedHeader: conflicting.signedHeader,
      validatorSet: validatorSetToProto(conflicting.validators),
    },
    commonHeight,
    byzantineValidators: named,
    totalVotingPower: validators.totalVotingPower,
    timestamp: common.signedHeader.header.time,
  });
  const liars = byzantineValidators(lunatic, validators, trusted.signedHeader);
  const attack = evidenceOf(lunatic, liars);
  const verify = (evidence: LightClientAttackEvidence) =>
    verifyLightClientAttack(evidence, common.signedHeader, trusted.signedHeader, validators, nobleVerifier);

  test("with an invented state names everyone of the common set who signed it", () => {
    expect(liars.map(({ votingPower }) => votingPower)).toEqual([30n, 20n]);
    validateEvidence({ lightClientAttackEvidence: attack });
    verify(attack);
    expect(evidenceToAbci([{ lightClientAttackEvidence: attack }])).toEqual(
      liars.map(({ address, votingPower }) => ({
        type: 2,
        validator: { address, power: votingPower },
        height: 4n,
        time: common.signedHeader.header.time,
        totalVotingPower: 60n,
      })),
    );
  });

  test("by equivocation names those who signed both blocks in one round", () => {
    // The same state and validators, another time: a second block of the same round.
    const second = block(8n, 6n);
    const named = byzantineValidators(second, validators, trusted.signedHeader);
    expect(named).toHaveLength(3);
    verify(evidenceOf(second, named));
    const { header, commit } = second.signedHeader;
    const target = { height: 8n, round: 2, blockId: commit.blockId };
    const later = {
      ...second,
      signedHeader: { header, commit: signCommit(chainId, target, validators, keys, () => header.time) },
    };
    // Signed in another round it is amnesia, and nobody can be named.
    expect(byzantineValidators(later, validators, trusted.signedHeader)).toEqual([]);
    verify(evidenceOf(later, []));
    expect(() => verify(evidenceOf(later, named))).toThrow("expected 0 byzantine validators from evidence but got 3");
  });

  test("is known by the header and the common height", () => {
    // No third-party bytes were found for this hash. CometBFT's types/evidence.go: 31 bytes of the header hash, a zero,
    // and the common height as a signed varint.
    const header = headerHash(lunatic.signedHeader.header) as Uint8Array;
    const expected = createHash("sha256").update(header.subarray(0, 31)).update(Uint8Array.of(0, 8)).digest("hex");
    expect(hex(evidenceHash({ lightClientAttackEvidence: attack }))).toBe(expected);
    const claimed = {
      ...attack,
      conflictingBlock: { ...attack.conflictingBlock, validatorSet: { ...lunatic.validators, totalVotingPower: 999n } },
    };
    expect(evidenceBytes({ lightClientAttackEvidence: claimed as LightClientAttackEvidence })).toEqual(
      evidenceBytes({ lightClientAttackEvidence: attack }),
    );
  });

  test("proves nothing when anything about it is wrong", () => {
    expect(() => verify({ ...attack, totalVotingPower: 59n })).toThrow("total voting power from the evidence");
    expect(() => verify({ ...attack, byzantineValidators: liars.slice(1) })).toThrow("expected 2 byzantine validators");
    expect(() => verify({ ...attack, byzantineValidators: [...liars].reverse() })).toThrow(
      "unexpected byzantine validator",
    );
    const [first, second] = liars as readonly [Validator, Validator];
    expect(() => verify({ ...attack, byzantineValidators: [{ ...first, votingPower: 1n }, second] })).toThrow("power");
    expect(() => verify({ ...attack, byzantineValidators: [{ ...first, pubKey: second.pubKey }, second] })).toThrow(
      "pubkey",
    );
    expect(() => verify(evidenceOf(trusted, []))).toThrow("trusted header hash matches");
    const future = block(9n, 60n, forkedSet, keys.slice(1));
    expect(() => verify(evidenceOf(future, liars))).toThrow("doesn't violate monotonically increasing time");
    const weak = block(8n, 6n, validatorSetOf(keys.slice(0, 1)), keys.slice(0, 1));
    expect(() => verify(evidenceOf(weak, []))).toThrow("insufficient voting power: got 10, needed more than 20");
    const atCommon = block(4n, 6n, forkedSet, keys.slice(1));
    expect(() =>
      verifyLightClientAttack(
        evidenceOf(atCommon, liars),
        common.signedHeader,
        common.signedHeader,
        validators,
        nobleVerifier,
      ),
    ).toThrow("common height is the same as conflicting block height");
  });

  test("has a form", () => {
    const refuse = (changed: Partial<LightClientAttackEvidence>, words: string) =>
      expect(() => validateEvidence({ lightClientAttackEvidence: { ...attack, ...changed } }), words).toThrow(words);
    refuse({ conflictingBlock: undefined }, "conflicting block is nil");
    refuse({ conflictingBlock: { signedHeader: undefined, validatorSet: undefined } }, "missing signed header");
    refuse({ totalVotingPower: 0n }, "negative or zero total voting power");
    refuse({ commonHeight: 0n }, "negative or zero common height");
    refuse({ commonHeight: 9n }, "common height is ahead of the conflicting block height (9 > 8)");
  });
});
