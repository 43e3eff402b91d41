// CometBFT's own tables: header hashes, sign bytes, Merkle trees, validator sets, time, parameters. Wire messages are
// the codec's test.

import { describe, expect, test } from "vitest";
import { validateTrustLevel } from "../../chain/light/verifier.ts";
import { formatBlockId } from "../../chain/types/block-id.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import { headerHash } from "../../chain/types/header.ts";
import { addClip64, multiplySafe64, subtractClip64 } from "../../chain/types/int.ts";
import * as limits from "../../chain/types/limits.ts";
import {
  innerHash,
  type MerkleProof,
  merkleRoot,
  type ProofOperator,
  splitPoint,
  validateMerkleProof,
  verifyProofOperators,
} from "../../chain/types/merkle.ts";
import {
  type ConsensusParams,
  consensusParamsHash,
  DEFAULT_CONSENSUS_PARAMS,
  maxDataBytes,
  validateConsensusParams,
  validateParamsUpdate,
} from "../../chain/types/params.ts";
import { ed25519Address, secp256k1Address } from "../../chain/types/public-key.ts";
import { addNanoseconds, durationFromNanoseconds, parseTime, weightedMedian } from "../../chain/types/time.ts";
import { txHash } from "../../chain/types/tx.ts";
import { newValidator, type Validator } from "../../chain/types/validator.ts";
import {
  averagePriority,
  EMPTY_VALIDATOR_SET,
  incrementProposerPriority,
  newValidatorSet,
  proposerOf,
  updateValidatorSet,
  type ValidatorSet,
  validatorSetHash,
} from "../../chain/types/validator-set.ts";
import { proposalSignBytes, SIGNED_PREVOTE, voteSignBytes } from "../../chain/types/vote.ts";
import { fromBase64, fromHex, hex, utf8, utf8Text } from "../../proto/bytes.ts";
import { blockIdFromComet, headerFromComet, type Recorded } from "./comet-json.ts";
import { describeVectors, vector } from "./vectors.ts";

describeVectors("header hashes", () => {
  const file = vector<Recorded>("comet-types/header_hash.json");

  test.each(file.vectors as Recorded[])("$name", (item: Recorded) => {
    const hash = headerHash(headerFromComet(item.header ?? item.header_json));
    expect(hash === undefined ? null : hex(hash)).toBe(item.expected_hash);
  });

  test.each(file.pre_0_34_amino_must_not_match.vectors as Recorded[])(
    "$name is of the go-amino age and must not match",
    (item: Recorded) => {
      expect(hex(headerHash(headerFromComet(item.header)) as Uint8Array)).not.toBe(item.expected_hash);
    },
  );

  test("the header with a known hash has that hash", () => {
    const header = vector<Recorded>("comet-types/tendermint-rs-header_with_known_hash.json");
    const known = "f30a71f2409fb15aacaedb6cc122dfa2525bee9cae521721b06bfdca291b8d56";
    expect(hex(headerHash(headerFromComet(header)) as Uint8Array)).toBe(known);
    const other = vector<Recorded>("comet-types/tendermint-rs-header.json");
    expect(headerHash(headerFromComet(other))).toHaveLength(32);
  });
});

describeVectors("sign bytes", () => {
  const file = vector<Recorded>("comet-types/sign_bytes.json");

  test.each([...file.vote, ...file.vote_tendermint_rs] as Recorded[])(
    "of the vote $sign_bytes_hex",
    ({ chain_id, vote, sign_bytes_hex }: Recorded) => {
      const bytes = voteSignBytes(chain_id, {
        type: vote.type,
        height: BigInt(vote.height),
        round: vote.round,
        blockId: blockIdFromComet(vote.block_id),
        timestamp: parseTime(vote.timestamp),
      });
      expect(hex(bytes)).toBe(sign_bytes_hex);
    },
  );

  test.each(file.proposal as Recorded[])(
    "of the proposal $sign_bytes_hex",
    ({ chain_id, proposal, sign_bytes_hex }: Recorded) => {
      const bytes = proposalSignBytes(chain_id, {
        height: BigInt(proposal.height),
        round: proposal.round,
        polRound: proposal.pol_round,
        blockId: blockIdFromComet(proposal.block_id),
        timestamp: parseTime(proposal.timestamp),
      });
      expect(hex(bytes)).toBe(sign_bytes_hex);
    },
  );
});

describeVectors("the RFC 6962 Merkle tree", () => {
  const file = vector<Recorded>("comet-types/merkle_rfc6962.json");
  const bytes = (text: string) => utf8(text);

  test("has the roots, inner hashes and split points of CometBFT", () => {
    for (const { items, root } of [...file.hasher, ...file.hash_from_byte_slices]) {
      expect(hex(merkleRoot(items.map(fromHex)))).toBe(root);
    }
    for (const { left, right, hash } of file.inner_hash) {
      expect(hex(innerHash(fromHex(left), fromHex(right)))).toBe(hash);
    }
    for (const { length, want } of file.split_point) expect(splitPoint(BigInt(length))).toBe(BigInt(want));
    for (const { tx_base64, hash } of file.tx_hash) expect(hex(txHash(fromBase64(tx_base64)))).toBe(hash);
  });

  test("refuses malformed proofs with CometBFT's words", () => {
    const good: MerkleProof = { total: 1n, index: 0n, leafHash: new Uint8Array(32), aunts: [] };
    const bad: MerkleProof[] = [
      { ...good, total: -1n },
      { ...good, index: -1n },
      { ...good, leafHash: new Uint8Array(10) },
      { ...good, aunts: Array.from({ length: 101 }, () => new Uint8Array(32)) },
      { ...good, aunts: [new Uint8Array(10)] },
    ];
    expect(() => validateMerkleProof(good)).not.toThrow();
    bad.forEach((proof, i) => {
      expect(() => validateMerkleProof(proof)).toThrow(file.proof_validate_basic.errors[i]);
    });
  });

  test("walks chained operators along a key path, and no other way", () => {
    const { domino_ops, good, bad } = file.key_path;
    const operators: ProofOperator[] = domino_ops.map((op: Recorded) => ({
      key: bytes(op.key),
      run(value: Uint8Array): Uint8Array {
        if (utf8Text(value) !== op.input) throw new Error("domino does not fit");
        return bytes(op.output);
      },
    }));
    const byName = (name: string): ProofOperator => operators[Number(name.slice(2)) - 1] as ProofOperator;
    expect(() => verifyProofOperators(operators, bytes(good.root), good.keypath, bytes(good.value))).not.toThrow();
    for (const change of bad) {
      const { root, keypath, value, ops } = { ...good, ...change };
      const chosen = ops === undefined ? operators : ops.slice(1, -1).split(",").filter(Boolean).map(byName);
      expect(() => verifyProofOperators(chosen, bytes(root), keypath, bytes(value)), JSON.stringify(change)).toThrow();
    }
  });
});

describeVectors("keys and addresses of validators", () => {
  test("are those of CometBFT", () => {
    for (const { type, pubkey, address } of vector<Recorded>("comet-types/addresses_pubkeys.json")
      .consensus_addresses) {
      const derive = type === "ed25519" ? ed25519Address : secp256k1Address;
      expect(hex(derive(fromHex(pubkey)))).toBe(address);
    }
  });

  test.each(vector<Recorded>("comet-types/validator_set_hash.json").vectors as Recorded[])(
    "make the validators' hash $expected_hash",
    ({ validators_in_input_order, expected_hash }: Recorded) => {
      const set = newValidatorSet(
        validators_in_input_order.map(({ ed25519_pubkey, power }: Recorded) =>
          newValidator({ ed25519: fromHex(ed25519_pubkey) }, BigInt(power)),
        ),
      );
      expect(hex(validatorSetHash(set))).toBe(expected_hash);
    },
  );
});

/** Upstream's tables name validators by text; such a validator has no key, and none is needed here. */
function named(name: string, votingPower: bigint, proposerPriority = 0n): Validator {
  return { address: utf8(name), pubKey: {}, votingPower, proposerPriority };
}

describeVectors("the proposers' rotation", () => {
  const file = vector<Recorded>("comet-types/proposer_priority.json");

  test("chooses the 99 proposers of TestProposerSelection1", () => {
    const { validators, proposers } = file.selection1;
    let set = newValidatorSet(
      validators.map(({ address_utf8, power }: Recorded) => named(address_utf8, BigInt(power))),
    );
    const got: string[] = [];
    for (let i = 0; i < 99; i++) {
      got.push(utf8Text(proposerOf(set).address));
      set = incrementProposerPriority(set, 1);
    }
    expect(got).toEqual(proposers.slice(0, 99));
    expect(proposers.length).toBeGreaterThanOrEqual(99);
  });

  test("follows power in TestProposerSelection2", () => {
    const { addresses, cases } = file.selection2;
    for (const { powers, proposer_indexes, rounds, proposer_counts } of cases) {
      let set = newValidatorSet(
        powers.map((power: string, i: number) => ({ ...named("", BigInt(power)), address: fromHex(addresses[i]) })),
      );
      const counts = [0, 0, 0];
      const total: number = rounds ?? proposer_indexes.length;
      for (let i = 0; i < total; i++) {
        const index = addresses.indexOf(hex(proposerOf(set).address));
        counts[index] = (counts[index] as number) + 1;
        if (proposer_indexes !== undefined) expect(index, `turn ${i} of ${powers}`).toBe(proposer_indexes[i]);
        set = incrementProposerPriority(set, 1);
      }
      if (proposer_counts !== undefined) expect(counts).toEqual(proposer_counts);
    }
  });

  test("averages with floor division", () => {
    for (const { priorities, want } of file.avg.cases) {
      expect(averagePriority(priorities.map(BigInt))).toBe(BigInt(want));
    }
  });

  test("centres the priorities of validators without power", () => {
    for (const { priorities, times, avg } of file.averaging.cases) {
      const validators = priorities.map((priority: number, i: number) => named(`v${i}`, 0n, BigInt(priority)));
      const set = incrementProposerPriority({ validators, proposer: undefined, totalVotingPower: 0n }, times);
      expect(set.validators.map(({ proposerPriority }) => proposerPriority)).toEqual(
        priorities.map((priority: number) => BigInt(priority - avg)),
      );
    }
  });

  test("moves priorities as the table with powers says", () => {
    const { addresses, powers, cases } = file.with_voting_power;
    const validators = powers.map((power: number, i: number) => ({
      ...named("", BigInt(power)),
      address: fromHex(addresses[i]),
    }));
    for (const { times, want_priorities, want_proposer_index } of cases) {
      const start = { validators, proposer: undefined, totalVotingPower: 12n };
      const set = incrementProposerPriority(start, times);
      expect(set.validators.map(({ proposerPriority }) => Number(proposerPriority))).toEqual(want_priorities);
      expect(hex(proposerOf(set).address)).toBe(addresses[want_proposer_index]);
    }
  });

  test("clips and refuses 64-bit overflow", () => {
    for (const [a, b, want] of file.safe_math.add_clip) expect(addClip64(BigInt(a), BigInt(b))).toBe(BigInt(want));
    for (const [a, b, want] of file.safe_math.sub_clip) {
      expect(subtractClip64(BigInt(a), BigInt(b))).toBe(BigInt(want));
    }
    for (const { a, b, c, overflow } of file.safe_math.mul) {
      expect(multiplySafe64(BigInt(a), BigInt(b))).toBe(overflow ? undefined : BigInt(c));
    }
    expect(limits.MAX_TOTAL_VOTING_POWER).toBe(BigInt(file.constants.MaxTotalVotingPower));
  });

  test("keeps a leaver's debt and rescales when power shrinks (TestProposerPriorityDoesNotGetResetToZero)", () => {
    const steps = file.state_update.steps;
    const priorities = (set: ValidatorSet): Record<string, number> =>
      Object.fromEntries(set.validators.map((v) => [utf8Text(v.address), Number(v.proposerPriority)]));
    // nextChainState does the same to the next validators: change the set, then one turn.
    const turn = (set: ValidatorSet, ...changes: Validator[]): ValidatorSet =>
      incrementProposerPriority(updateValidatorSet(set, changes), 1);
    let set = turn(newValidatorSet([named("val1", 10n)]));
    expect(priorities(set)).toEqual(steps[0].want);
    set = turn(set, named("val2", 100n));
    expect(priorities(set)).toEqual(steps[1].want);
    set = turn(set, named("val2", 1n));
    expect(priorities(set)).toEqual(steps[2].want);
    // TestProposerPriorityProposerAlternates: equal powers take turns.
    let pair = turn(turn(newValidatorSet([named("val1", 10n)])), named("val2", 10n));
    expect(priorities(pair)).toEqual(file.state_update.alternates[0].want);
    pair = turn(pair);
    expect(priorities(pair)).toEqual(file.state_update.alternates[1].want);
  });
});

describeVectors("changes of the validator set", () => {
  const file = vector<Recorded>("comet-types/validator_set_updates.json");
  const listOf = (items: Recorded): Validator[] => items.map(({ name, power }: Recorded) => named(name, BigInt(power)));
  const plain = (set: ValidatorSet) =>
    set.validators.map(({ address, votingPower }) => ({ name: utf8Text(address), power: votingPower.toString() }));

  test.each([...file.basic, ...file.overflow_related, ...file.priority_order] as Recorded[])(
    "start $start and update $update",
    ({ start, update, expected, error, error_text, note }: Recorded) => {
      const set = newValidatorSet(listOf(start));
      if (error === true) {
        expect(() => updateValidatorSet(set, listOf(update))).toThrow(error_text);
        expect(plain(set)).toEqual(expected);
        return;
      }
      const updated = updateValidatorSet(set, listOf(update));
      expect(plain(updated)).toEqual(expected);
      if (note === undefined) return;
      // The note of the last case: those who were added share one priority, the lowest.
      const [a, b, ...others] = updated.validators.map(({ proposerPriority }) => proposerPriority);
      expect(a).toBe(b);
      for (const other of others) expect(other > (a as bigint)).toBe(true);
    },
  );

  test.each(file.errors as Recorded[])("start $start refuses $update", ({ start, update }: Recorded) => {
    const set = newValidatorSet(listOf(start));
    const before = structuredClone(set);
    expect(() => updateValidatorSet(set, listOf(update))).toThrow(ValidationError);
    expect(set).toEqual(before);
  });

  test("a set never becomes empty and never starts with a removal", () => {
    expect(() => newValidatorSet([named("v1", 0n)])).toThrow(ValidationError);
    expect(updateValidatorSet(EMPTY_VALIDATOR_SET, [])).toBe(EMPTY_VALIDATOR_SET);
  });
});

describeVectors("BFT time", () => {
  test.each(vector<Recorded>("comet-types/bft_time.json").cases as Recorded[])(
    "the median of $weights is $median",
    ({ weights, total, median }: Recorded) => {
      const start = parseTime("2024-01-01T00:00:00Z");
      const at = (seconds: number) => addNanoseconds(start, BigInt(seconds) * 1_000_000_000n);
      const times = weights.map(([seconds, weight]: [number, number]) => ({
        time: at(seconds),
        weight: BigInt(weight),
      }));
      expect(weightedMedian(times, BigInt(total))).toEqual(at(median));
      expect(weightedMedian(times.toReversed(), BigInt(total))).toEqual(at(median));
    },
  );
});

describeVectors("consensus parameters", () => {
  const file = vector<Recorded>("comet-types/params_and_limits.json");

  test.each(file.consensus_params_validation.cases as Recorded[])(
    "%j is valid: %s",
    (args: Recorded, valid: boolean) => {
      const [maxBytes, maxGas, age, evidenceBytes, pubKeyTypes, enableHeight] = args;
      const params: ConsensusParams = {
        block: { maxBytes: BigInt(maxBytes), maxGas: BigInt(maxGas) },
        evidence: {
          maxAgeNumBlocks: BigInt(age),
          maxAgeDuration: durationFromNanoseconds(BigInt(age)),
          maxBytes: BigInt(evidenceBytes),
        },
        validator: { pubKeyTypes },
        version: { app: 0n },
        abci: { voteExtensionsEnableHeight: BigInt(enableHeight) },
      };
      if (valid) expect(() => validateConsensusParams(params)).not.toThrow();
      else expect(() => validateConsensusParams(params)).toThrow(ValidationError);
    },
  );

  test.each(file.vote_extensions_enable_height.cases as Recorded[])(
    "at height %s, vote extensions from %s may move to %s: error %s",
    (height: number, from: number, to: number | null, error: boolean) => {
      const params = { ...DEFAULT_CONSENSUS_PARAMS, abci: { voteExtensionsEnableHeight: BigInt(from) } };
      const update = {
        block: undefined,
        evidence: undefined,
        validator: undefined,
        version: undefined,
        abci: to === null ? undefined : { voteExtensionsEnableHeight: BigInt(to) },
      };
      const change = () => validateParamsUpdate(params, update, BigInt(height));
      if (error) expect(change).toThrow(ValidationError);
      else expect(change).not.toThrow();
    },
  );

  test("hash to what real headers carry", () => {
    for (const { max_bytes, max_gas, hash } of file.consensus_hash.cases) {
      const params = { ...DEFAULT_CONSENSUS_PARAMS, block: { maxBytes: BigInt(max_bytes), maxGas: BigInt(max_gas) } };
      expect(hex(consensusParamsHash(params))).toBe(hash);
    }
    expect(hex(consensusParamsHash(DEFAULT_CONSENSUS_PARAMS))).toBe(file.consensus_hash.cases[0].hash);
  });

  test("leave the room for transactions that CometBFT 0.38 leaves", () => {
    for (const [maxBytes, validators, evidenceBytes, panics, result] of file.max_data_bytes.v0_38) {
      const room = () => maxDataBytes(BigInt(maxBytes), BigInt(evidenceBytes), validators);
      if (panics) expect(room).toThrow(ValidationError);
      else expect(room()).toBe(BigInt(result));
    }
    const constants = file.max_data_bytes.constants_038;
    expect(limits.MAX_HEADER_BYTES).toBe(BigInt(constants.MaxHeaderBytes));
    expect(limits.BLOCK_PART_BYTES).toBe(constants.BlockPartSizeBytes);
    expect(limits.MAX_BLOCK_BYTES).toBe(constants.MaxBlockSizeBytes);
    expect(limits.MAX_VOTES).toBe(constants.MaxVotesCount);
    expect(limits.MAX_CHAIN_ID_BYTES).toBe(constants.MaxChainIDLen);
  });

  test("a light client's trust level lies between one third and one", () => {
    const level = (text: string) => {
      const [numerator = "", denominator = ""] = text.split("/");
      return () => validateTrustLevel({ numerator: BigInt(numerator), denominator: BigInt(denominator) });
    };
    for (const text of file.trust_level.valid) expect(level(text), text).not.toThrow();
    for (const text of file.trust_level.invalid) expect(level(text), text).toThrow("trustLevel");
  });
});

describe("block ids", () => {
  test("are printed as CometBFT prints them", () => {
    const id = { hash: Uint8Array.of(0xab), partSetHeader: { total: 2, hash: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) } };
    expect(formatBlockId(id)).toBe("AB:2:010203040506");
    expect(
      voteSignBytes("", {
        type: SIGNED_PREVOTE,
        height: 1n,
        round: 0,
        blockId: id,
        timestamp: { seconds: 0n, nanos: 0 },
      }),
    ).toBeInstanceOf(Uint8Array);
  });
});
