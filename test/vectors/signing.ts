// Keys, signed votes and light blocks for tests. Keys come from a text, so that a run is always the same run.
// Signing is @noble's; nothing here is expected of the code under test.

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import { ABSENT_COMMIT_SIG, type Commit, type CommitSig } from "../../chain/types/commit.ts";
import { type Header, headerHash } from "../../chain/types/header.ts";
import type { LightBlock } from "../../chain/types/light-block.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import { newValidator, type Validator } from "../../chain/types/validator.ts";
import { newValidatorSet, type ValidatorSet, validatorSetHash } from "../../chain/types/validator-set.ts";
import { SIGNED_PRECOMMIT, type Vote, voteSignBytes } from "../../chain/types/vote.ts";
import { hex, utf8 } from "../../proto/bytes.ts";

/** A validator's key and power. */
export interface TestKey {
  readonly secret: Uint8Array;
  readonly validator: Validator;
}

/** One key per power, always the same for the same name. */
export function newKeys(name: string, powers: readonly bigint[]): readonly TestKey[] {
  return powers.map((power, i) => {
    const secret = sha256(utf8(`${name}/${i}`));
    return { secret, validator: newValidator({ ed25519: ed25519.getPublicKey(secret) }, power) };
  });
}

export function validatorSetOf(keys: readonly TestKey[]): ValidatorSet {
  return newValidatorSet(keys.map(({ validator }) => validator));
}

/** The precommit (or another vote) of one key. */
export function signVote(chainId: string, key: TestKey, vote: Partial<Vote> & Pick<Vote, "height">): Vote {
  const unsigned: Vote = {
    type: SIGNED_PRECOMMIT,
    round: 0,
    blockId: ZERO_BLOCK_ID,
    timestamp: { seconds: 0n, nanos: 0 },
    validatorAddress: key.validator.address,
    validatorIndex: 0,
    signature: new Uint8Array(0),
    extension: new Uint8Array(0),
    extensionSignature: new Uint8Array(0),
    ...vote,
  };
  return { ...unsigned, signature: ed25519.sign(voteSignBytes(chainId, unsigned), key.secret) };
}

/** A commit for a block id by those of the set whose keys are given; the others are absent. */
export function signCommit(
  chainId: string,
  target: Pick<Commit, "height" | "round" | "blockId">,
  validators: ValidatorSet,
  keys: readonly TestKey[],
  timeOf: (index: number) => Timestamp,
): Commit {
  const byAddress = new Map(keys.map((key) => [hex(key.validator.address), key]));
  const signatures = validators.validators.map(({ address }, index): CommitSig => {
    const key = byAddress.get(hex(address));
    if (key === undefined) return ABSENT_COMMIT_SIG;
    const { signature, timestamp } = signVote(chainId, key, { ...target, timestamp: timeOf(index) });
    return { blockIdFlag: 2, validatorAddress: address, timestamp, signature };
  });
  return { ...target, signatures };
}

/** A light block whose header names `validators` as this and the next set. */
export function signLightBlock({
  chainId,
  height,
  time,
  validators,
  keys,
  nextValidators = validators,
}: {
  readonly chainId: string;
  readonly height: bigint;
  readonly time: Timestamp;
  readonly validators: ValidatorSet;
  readonly keys: readonly TestKey[];
  readonly nextValidators?: ValidatorSet;
}): LightBlock {
  const hash = (text: string) => sha256(utf8(text));
  const header: Header = {
    version: { block: 11n, app: 0n },
    chainId,
    height,
    time,
    lastBlockId: ZERO_BLOCK_ID,
    lastCommitHash: hash("last commit"),
    dataHash: hash("data"),
    validatorsHash: validatorSetHash(validators),
    nextValidatorsHash: validatorSetHash(nextValidators),
    consensusHash: hash("consensus"),
    appHash: hash("app"),
    lastResultsHash: hash("results"),
    evidenceHash: hash("evidence"),
    proposerAddress: (validators.proposer as Validator).address,
  };
  const blockId = { hash: headerHash(header) as Uint8Array, partSetHeader: { total: 1, hash: hash("parts") } };
  const commit = signCommit(chainId, { height, round: 1, blockId }, validators, keys, () => time);
  return { signedHeader: { header, commit }, validators };
}
