import { describe, expect, test } from "vitest";
import { type Block, blockHash, decodeBlock, encodeBlock, partsOfBlock } from "../../../chain/types/block.ts";
import { ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import {
  applyInitChain,
  type ChainState,
  chainStateFromProto,
  chainStateToProto,
  type FinalizeBlockResponse,
  genesisState,
  makeBlock,
  nextChainState,
  nextHeight,
  proposerAt,
  validateBlock,
} from "../../../chain/types/chain-state.ts";
import { type Commit, commitHash, EMPTY_COMMIT } from "../../../chain/types/commit.ts";
import { nobleVerifier, type Verifier } from "../../../chain/types/crypto.ts";
import { ValidationError } from "../../../chain/types/errors.ts";
import { evidenceListHash, newDuplicateVoteEvidence } from "../../../chain/types/evidence.ts";
import type { GenesisDocument } from "../../../chain/types/genesis-doc.ts";
import type { Header } from "../../../chain/types/header.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../../chain/types/params.ts";
import { resultsHash } from "../../../chain/types/results.ts";
import { addNanoseconds, parseTime } from "../../../chain/types/time.ts";
import {
  findValidator,
  incrementProposerPriority,
  proposerOf,
  validatorSetHash,
} from "../../../chain/types/validator-set.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { DecodeError, decode, encode } from "../../../proto/codec.ts";
import { newKeys, signCommit, signVote, type TestKey } from "../../vectors/signing.ts";

const chainId = "state-chain";
const start = parseTime("2025-01-01T00:00:00Z");
const keys = newKeys("state", [10n, 20n, 30n]);
const newcomer = (newKeys("newcomer", [25n]) as readonly [TestKey])[0];
const everyone = [...keys, newcomer];

const genesis: GenesisDocument = {
  appName: "",
  appVersion: "",
  genesisTime: start,
  chainId,
  initialHeight: 5n,
  consensusParams: DEFAULT_CONSENSUS_PARAMS,
  validators: keys.map(({ validator }) => ({ ...validator, power: validator.votingPower, name: "" })),
  appHash: new Uint8Array(0),
  appState: undefined,
};

const initChain = { consensusParams: undefined, validators: [], appHash: utf8("app 4") };
const quiet = (height: bigint): FinalizeBlockResponse => ({
  events: [],
  txResults: [],
  validatorUpdates: [],
  consensusParamUpdates: undefined,
  appHash: utf8(`app ${height}`),
});

interface Turn {
  readonly state: ChainState;
  readonly block: Block;
  readonly commit: Commit;
}

/** Makes, checks, signs and applies one block. */
function advance(
  state: ChainState,
  last: Commit | undefined,
  change: (height: bigint) => FinalizeBlockResponse = quiet,
  txs: readonly Uint8Array[] = [],
): Turn {
  const height = nextHeight(state);
  const block = makeBlock(state, txs, last, [], proposerAt(state, height, 0).address);
  validateBlock(state, block, nobleVerifier);
  const { blockId } = partsOfBlock(block);
  const time = addNanoseconds(block.header.time, 1_000_000_000n);
  const commit = signCommit(chainId, { height, round: 0, blockId }, state.validators, everyone, (i) =>
    addNanoseconds(time, BigInt(i)),
  );
  return { state: nextChainState(state, blockId, block, change(height)), block, commit };
}

const first = applyInitChain(genesisState(genesis), initChain);

describe("the state before the first block", () => {
  test("is the genesis document's, with what the application answered", () => {
    expect(first).toMatchObject({ initialHeight: 5n, lastBlockHeight: 0n, lastBlockTime: start, appVersion: 0n });
    expect(hex(first.lastResultsHash)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(first.appHash).toEqual(utf8("app 4"));
    expect(first.nextValidators).toEqual(incrementProposerPriority(first.validators, 1));
    expect(proposerAt(first, 5n, 0)).toEqual(proposerOf(first.validators));
    expect(proposerAt(first, 6n, 0)).toEqual(proposerOf(first.nextValidators));
  });

  test("takes validators, parameters and version from the application", () => {
    const answered = applyInitChain(genesisState({ ...genesis, validators: [] }), {
      ...initChain,
      validators: [{ pubKey: newcomer.validator.pubKey, power: 7n }],
      consensusParams: { ...DEFAULT_CONSENSUS_PARAMS, version: { app: 3n } },
    });
    expect(answered.validators.totalVotingPower).toBe(7n);
    expect(answered.appVersion).toBe(3n);
    expect(() => applyInitChain(genesisState({ ...genesis, validators: [] }), initChain)).toThrow(
      "validator set is nil in genesis and still empty after InitChain",
    );
    expect(applyInitChain(genesisState(genesis), { ...initChain, appHash: new Uint8Array(0) }, 9n).appVersion).toBe(9n);
  });
});

describe("a chain of blocks", () => {
  test("passes every check, keeps BFT time, and its state survives storage at each height", () => {
    let { state, commit }: { state: ChainState; commit: Commit | undefined } = { state: first, commit: undefined };
    for (let height = 5n; height < 15n; height++) {
      const turn = advance(state, commit, quiet, [utf8(`tx at ${height}`)]);
      expect(turn.block.header.height).toBe(height);
      expect(decodeBlock(encodeBlock(turn.block))).toEqual(turn.block);
      const bytes = encode("tendermint.state.State", chainStateToProto(turn.state));
      expect(chainStateFromProto(decode("tendermint.state.State", bytes))).toEqual(turn.state);
      // The second voter in the set's order is at the weighted middle: 30, then 20, then 10 of 60.
      if (commit !== undefined) expect(turn.block.header.time).toEqual(commit.signatures[0]?.timestamp);
      ({ state, commit } = turn);
    }
    expect(state.lastBlockHeight).toBe(14n);
  });

  test("lets validators in and out two heights after the block that said so", () => {
    const join = { pubKey: newcomer.validator.pubKey, power: 25n };
    const leaver = (keys[0] as TestKey).validator;
    const leave = { pubKey: leaver.pubKey, power: 0n };
    const one = advance(first, undefined, (height) => ({ ...quiet(height), validatorUpdates: [join, leave] }));
    expect(one.state.lastHeightValidatorsChanged).toBe(7n);
    expect(validatorSetHash(one.state.validators)).toEqual(validatorSetHash(first.validators));
    expect(findValidator(one.state.nextValidators, newcomer.validator.address)?.validator.votingPower).toBe(25n);
    expect(findValidator(one.state.nextValidators, leaver.address)).toBeUndefined();
    // Height 6 names them as the next validators, height 7 is theirs to sign.
    const two = advance(one.state, one.commit);
    expect(two.block.header.nextValidatorsHash).toEqual(validatorSetHash(one.state.nextValidators));
    expect(two.commit.signatures).toHaveLength(3);
    const three = advance(two.state, two.commit);
    expect(three.block.header.validatorsHash).toEqual(two.block.header.nextValidatorsHash);
    const four = advance(three.state, three.commit);
    expect(four.state.lastValidators).toEqual(three.state.validators);
  });

  test("changes parameters at the next height, and results show in the next header", () => {
    const params = { ...DEFAULT_CONSENSUS_PARAMS, block: { maxBytes: 2_000_000n, maxGas: 5n }, version: { app: 2n } };
    const txResults = [
      { code: 5, data: utf8("d"), log: "l", info: "", gasWanted: 3n, gasUsed: 2n, events: [], codespace: "sdk" },
    ];
    const one = advance(first, undefined, (height) => ({ ...quiet(height), consensusParamUpdates: params, txResults }));
    expect(one.block.header.version.app).toBe(0n);
    const two = advance(one.state, one.commit);
    expect(two.block.header.version.app).toBe(2n);
    expect(two.block.header.consensusHash).not.toEqual(one.block.header.consensusHash);
    expect(two.block.header.lastResultsHash).toEqual(resultsHash(txResults));
    expect(two.block.header.appHash).toEqual(utf8("app 5"));
    expect(two.state.lastHeightConsensusParamsChanged).toBe(6n);
  });

  test("halts on updates no chain can take", () => {
    const halt = (response: Partial<FinalizeBlockResponse>, words: string) =>
      expect(() => advance(first, undefined, (height) => ({ ...quiet(height), ...response })), words).toThrow(words);
    const { pubKey } = newcomer.validator;
    halt({ validatorUpdates: [{ pubKey, power: -1n }] }, "voting power can't be negative");
    halt({ validatorUpdates: [{ pubKey, power: 0n }] }, "failed to find validator");
    halt(
      {
        validatorUpdates: [
          { pubKey, power: 1n },
          { pubKey, power: 2n },
        ],
      },
      "duplicate entry",
    );
    halt(
      { validatorUpdates: [{ pubKey: { secp256k1: new Uint8Array(33).fill(2) }, power: 1n }] },
      "unsupported for consensus",
    );
    halt({ validatorUpdates: [{ pubKey: {}, power: 1n }] }, "key type is not supported");
    const removal = keys.map(({ validator }) => ({ pubKey: validator.pubKey, power: 0n }));
    halt({ validatorUpdates: removal }, "would result in empty set");
    const block = { maxBytes: 0n, maxGas: 0n };
    halt({ consensusParamUpdates: { ...DEFAULT_CONSENSUS_PARAMS, block } }, "validating new consensus params");
    const abci = { voteExtensionsEnableHeight: 5n };
    halt({ consensusParamUpdates: { ...DEFAULT_CONSENSUS_PARAMS, abci } }, "updating consensus params");
  });

  test("knows the proposer of every round of the next height, and no further than it can", () => {
    const { state } = advance(first, undefined);
    const next = nextHeight(state);
    const seen = new Set<string>();
    for (let round = 0; round < 12; round++) seen.add(hex(proposerAt(state, next, round).address));
    expect(seen.size).toBe(3);
    expect(proposerAt(state, next + 1n, 0)).toEqual(proposerOf(state.nextValidators));
    expect(() => proposerAt(state, next + 2n, 0)).toThrow(ValidationError);
    expect(() => proposerAt(state, next - 1n, 0)).toThrow(ValidationError);
  });
});

describe("a block is refused", () => {
  const one = advance(first, undefined);
  const two = advance(one.state, one.commit);
  const { state } = two;
  const good = makeBlock(state, [utf8("tx")], two.commit, [], proposerAt(state, 7n, 0).address);
  const withHeader = (change: Partial<Header>): Block => ({ ...good, header: { ...good.header, ...change } });
  const refuse = (block: Block, words: string, verifier: Verifier = nobleVerifier) =>
    expect(() => validateBlock(state, block, verifier), words).toThrow(words);
  const hash = new Uint8Array(32).fill(9);

  test("when its header does not follow the state", () => {
    validateBlock(state, good, nobleVerifier);
    refuse(withHeader({ version: { block: 10n, app: 0n } }), "invalid header: block protocol is incorrect");
    refuse(withHeader({ version: { block: 11n, app: 1n } }), "wrong Block.Header.Version");
    refuse(withHeader({ chainId: "other" }), "wrong Block.Header.ChainID");
    refuse(withHeader({ chainId: "c".repeat(51) }), "chainID is too long; got: 51, max: 50");
    refuse(withHeader({ height: 8n }), "wrong Block.Header.Height. Expected 7, got 8");
    refuse(withHeader({ height: 0n }), "zero Height");
    refuse(withHeader({ height: -1n }), "negative Height");
    refuse(withHeader({ lastBlockId: ZERO_BLOCK_ID }), "wrong Block.Header.LastBlockID");
    refuse(withHeader({ appHash: hash }), "wrong Block.Header.AppHash");
    refuse(withHeader({ consensusHash: hash }), "wrong Block.Header.ConsensusHash");
    refuse(withHeader({ lastResultsHash: hash }), "wrong Block.Header.LastResultsHash");
    refuse(withHeader({ validatorsHash: hash }), "wrong Block.Header.ValidatorsHash");
    refuse(withHeader({ nextValidatorsHash: hash }), "wrong Block.Header.NextValidatorsHash");
    refuse(withHeader({ dataHash: hash }), "wrong Header.DataHash");
    refuse(withHeader({ lastCommitHash: hash }), "wrong Header.LastCommitHash");
    refuse(withHeader({ evidenceHash: hash }), "wrong Header.EvidenceHash");
    refuse(withHeader({ evidenceHash: hash.subarray(1) }), "wrong EvidenceHash: expected size to be 32 bytes, got 31");
    refuse(withHeader({ proposerAddress: new Uint8Array(20) }), "is not a validator");
    refuse(
      withHeader({ proposerAddress: new Uint8Array(19) }),
      "invalid ProposerAddress length; got: 19, expected: 20",
    );
    expect(() => blockHash(withHeader({ validatorsHash: new Uint8Array(0) }))).toThrow("not finished");
  });

  test("when its time is not the median of its commit, or not later than the last block's", () => {
    const time = (nanoseconds: bigint) => withHeader({ time: addNanoseconds(good.header.time, nanoseconds) });
    refuse(time(1n), "invalid block time. Expected");
    refuse(withHeader({ time: { seconds: 1n << 62n, nanos: 0 } }), "invalid header: wrong Time: time is out of range");
    refuse(withHeader({ time: state.lastBlockTime }), "not greater than last block time");
    const initial = makeBlock(first, [], undefined, [], proposerAt(first, 5n, 0).address);
    validateBlock(first, initial, nobleVerifier);
    const late = { ...initial, header: { ...initial.header, time: addNanoseconds(start, 1n) } };
    expect(() => validateBlock(first, late, nobleVerifier)).toThrow("is not equal to genesis time");
  });

  test("when its last commit is not enough, not valid or not there", () => {
    const withCommit = (lastCommit: Commit): Block => ({
      ...good,
      lastCommit,
      header: { ...good.header, lastCommitHash: commitHash(lastCommit) },
    });
    const weak = signCommit(chainId, two.commit, two.state.lastValidators, keys.slice(0, 2), () => good.header.time);
    refuse(withCommit(weak), "insufficient voting power: got 30, needed more than 40");
    refuse(withCommit({ ...two.commit, round: 1 }), "wrong signature (#0)");
    refuse(withCommit({ ...two.commit, height: 5n }), "wrong height");
    refuse(withCommit({ ...two.commit, signatures: [] }), "wrong LastCommit: no signatures in commit");
    refuse({ ...good, lastCommit: undefined }, "nil LastCommit");
    const initial = makeBlock(first, [], two.commit, [], proposerAt(first, 5n, 0).address);
    expect(() =>
      validateBlock(first, { ...initial, header: { ...initial.header, time: start } }, nobleVerifier),
    ).toThrow("initial block can't have LastCommit signatures");
    expect(() => makeBlock(state, [], undefined, [], new Uint8Array(20))).toThrow("only the first block");
    expect(commitHash(EMPTY_COMMIT)).toEqual(
      makeBlock(first, [], undefined, [], new Uint8Array(20)).header.lastCommitHash,
    );
  });

  test("unless the last commit was verified before, when its signatures are not looked at again", () => {
    const never: Verifier = {
      secp256k1: () => expect.fail("asked for a signature"),
      ed25519: () => expect.fail("asked for a signature"),
    };
    validateBlock(state, good, never, { skipLastCommit: true });
  });

  test("when its evidence is malformed or too much", () => {
    const id = (fill: number) => ({ hash: new Uint8Array(32).fill(fill), partSetHeader: { total: 1, hash } });
    const votes = [1, 2].map((fill) => signVote(chainId, keys[0] as TestKey, { height: 6n, blockId: id(fill) }));
    const [a, b] = votes as [(typeof votes)[0], (typeof votes)[0]];
    const evidence = newDuplicateVoteEvidence(a, b, start, state.lastValidators);
    const proposer = proposerAt(state, 7n, 0).address;
    const guilty = makeBlock(state, [], two.commit, [evidence], proposer);
    validateBlock(state, guilty, nobleVerifier);
    const strict = {
      ...state,
      consensusParams: { ...state.consensusParams, evidence: { ...state.consensusParams.evidence, maxBytes: 10n } },
    };
    expect(() => validateBlock(strict, guilty, nobleVerifier)).toThrow("Too much evidence: Max 10, got");
    const bad = { duplicateVoteEvidence: { ...evidence.duplicateVoteEvidence, voteA: b, voteB: a } } as typeof evidence;
    const header = { ...guilty.header, evidenceHash: evidenceListHash([bad]) };
    refuse(
      { ...guilty, header, evidence: { evidence: [bad] } },
      "invalid evidence (#0): duplicate votes in invalid order",
    );
  });

  test("when its bytes are not a block", () => {
    expect(() => decodeBlock(utf8("garbage"))).toThrow(DecodeError);
    expect(() => decodeBlock(new Uint8Array(0))).toThrow(ValidationError);
    expect(() => decodeBlock(encodeBlock(good).subarray(1))).toThrow();
  });
});

test("a stored state that no chain can have is refused", () => {
  const message = chainStateToProto(first);
  expect(() => chainStateFromProto({ ...message, validators: undefined })).toThrow("nil validator set");
  expect(() =>
    chainStateFromProto({ ...message, consensusParams: { ...message.consensusParams, block: undefined } }),
  ).toThrow("incomplete");
});
