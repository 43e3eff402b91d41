/** Valid values of what travels between nodes and lies on their disks, for decoders to be tried on. Owns test data only. */
import { partsOfBlock } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import {
  applyInitChain,
  chainStateToProto,
  genesisState,
  makeBlock,
  nextChainState,
  proposerAt,
} from "../../chain/types/chain-state.ts";
import { newDuplicateVoteEvidence } from "../../chain/types/evidence.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { parseTime } from "../../chain/types/time.ts";
import { SIGNED_PREVOTE } from "../../chain/types/vote.ts";
import { utf8 } from "../../proto/bytes.ts";
import { newKeys, signCommit, signLightBlock, signVote, validatorSetOf } from "../vectors/signing.ts";

export const chainId = "decoders-1";
export const time = parseTime("2026-01-02T03:04:05.678Z");
export const keys = newKeys("decoders", [10n, 20n, 30n]);
export const validators = validatorSetOf(keys);

const genesis = {
  appName: "",
  appVersion: "",
  genesisTime: time,
  chainId,
  initialHeight: 1n,
  consensusParams: DEFAULT_CONSENSUS_PARAMS,
  validators: keys.map(({ validator }) => ({ ...validator, power: validator.votingPower, name: "" })),
  appHash: new Uint8Array(0),
  appState: undefined,
};

const first = applyInitChain(genesisState(genesis), {
  consensusParams: undefined,
  validators: [],
  appHash: utf8("app 0"),
});
const firstBlock = makeBlock(first, [utf8("a transaction")], undefined, [], proposerAt(first, 1n, 0).address);
const { blockId } = partsOfBlock(firstBlock);

export const commit = signCommit(chainId, { height: 1n, round: 0, blockId }, validators, keys.slice(1), () => time);

const second = nextChainState(first, blockId, firstBlock, {
  events: [],
  txResults: [],
  validatorUpdates: [],
  consensusParamUpdates: undefined,
  appHash: utf8("app 1"),
});
/** The state after block 1, as it is stored. */
export const chainState = chainStateToProto(second);

export function idOf(byte: number): BlockId {
  return { hash: new Uint8Array(32).fill(byte), partSetHeader: { total: 1, hash: new Uint8Array(32).fill(byte + 1) } };
}

export const votes = keys.map((key, validatorIndex) =>
  signVote(chainId, key, { type: SIGNED_PREVOTE, height: 1n, blockId: idOf(7), timestamp: time, validatorIndex }),
);

const twice = keys.map((key) =>
  [idOf(3), idOf(9)].map((id) => signVote(chainId, key, { height: 1n, blockId: id, timestamp: time })),
);
const doubleVote = newDuplicateVoteEvidence(twice[0]![0]!, twice[0]![1]!, time, validators);
const conflicting = signLightBlock({ chainId, height: 4n, time, validators, keys });
const attack = {
  lightClientAttackEvidence: {
    conflictingBlock: {
      signedHeader: conflicting.signedHeader,
      validatorSet: validators,
    },
    commonHeight: 2n,
    byzantineValidators: [keys[1]!.validator],
    totalVotingPower: 60n,
    timestamp: time,
  },
};
export const evidence = [doubleVote, attack];

/** Block 2: transactions, both kinds of evidence, and a commit that one of three is absent from. */
export const block = makeBlock(second, [utf8("one"), utf8("two")], commit, evidence, proposerAt(second, 2n, 0).address);

export const parts = partsOfBlock(block).parts;
