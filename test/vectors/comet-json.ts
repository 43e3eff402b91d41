// Turns CometBFT's JSON, as recorded from real nodes, into the chain's types for tests. Owns no expectation. It is
// written apart from the node's own JSON so that an error there cannot hide here.

import type { Block } from "../../chain/types/block.ts";
import type { BlockId } from "../../chain/types/block-id.ts";
import type { Commit, CommitSig } from "../../chain/types/commit.ts";
import type { Evidence } from "../../chain/types/evidence.ts";
import type { Header } from "../../chain/types/header.ts";
import { parseTime, type Timestamp, ZERO_TIME } from "../../chain/types/time.ts";
import { compareByPower, type PublicKey, type Validator } from "../../chain/types/validator.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import type { Vote } from "../../chain/types/vote.ts";
import { fromBase64, fromHex } from "../../proto/bytes.ts";

// biome-ignore lint/suspicious/noExplicitAny: recorded JSON of many shapes; every use below says what it expects.
export type Recorded = any;

const big = (value: Recorded): bigint => BigInt(value ?? 0);
const bytes = (value: Recorded): Uint8Array => fromHex(value ?? "");
const base64Bytes = (value: Recorded): Uint8Array => fromBase64(value ?? "");
const time = (value: Recorded): Timestamp => (value === undefined || value === null ? ZERO_TIME : parseTime(value));

export function blockIdFromComet(json: Recorded): BlockId {
  const parts = json?.parts ?? json?.part_set_header;
  return { hash: bytes(json?.hash), partSetHeader: { total: Number(parts?.total ?? 0), hash: bytes(parts?.hash) } };
}

export function headerFromComet(json: Recorded): Header {
  return {
    version: { block: big(json.version.block), app: big(json.version.app) },
    chainId: json.chain_id,
    height: big(json.height),
    time: time(json.time),
    lastBlockId: blockIdFromComet(json.last_block_id),
    lastCommitHash: bytes(json.last_commit_hash),
    dataHash: bytes(json.data_hash),
    validatorsHash: bytes(json.validators_hash),
    nextValidatorsHash: bytes(json.next_validators_hash),
    consensusHash: bytes(json.consensus_hash),
    appHash: bytes(json.app_hash),
    lastResultsHash: bytes(json.last_results_hash),
    evidenceHash: bytes(json.evidence_hash),
    proposerAddress: bytes(json.proposer_address),
  };
}

export function commitFromComet(json: Recorded): Commit {
  return {
    height: big(json.height),
    round: Number(json.round ?? 0),
    blockId: blockIdFromComet(json.block_id),
    signatures: (json.signatures ?? []).map(
      (signature: Recorded): CommitSig => ({
        blockIdFlag: signature.block_id_flag,
        validatorAddress: bytes(signature.validator_address),
        timestamp: time(signature.timestamp),
        signature: base64Bytes(signature.signature),
      }),
    ),
  };
}

export function publicKeyFromComet(json: Recorded): PublicKey {
  const key = fromBase64(json.value);
  return json.type === "tendermint/PubKeySecp256k1" ? { secp256k1: key } : { ed25519: key };
}

function validatorFromComet(json: Recorded): Validator {
  return {
    address: bytes(json.address),
    pubKey: publicKeyFromComet(json.pub_key),
    votingPower: big(json.voting_power ?? json.power),
    proposerPriority: big(json.proposer_priority),
  };
}

/** Recorded lists are unsorted in places; a set is always in its order. */
export function validatorSetFromComet(json: Recorded): ValidatorSet {
  const validators = json.validators.map(validatorFromComet).sort(compareByPower) as readonly Validator[];
  const proposer =
    json.proposer === undefined || json.proposer === null ? undefined : validatorFromComet(json.proposer);
  const totalVotingPower = validators.reduce((sum, validator) => sum + validator.votingPower, 0n);
  return { validators, proposer: proposer ?? validators[0], totalVotingPower };
}

export function voteFromComet(json: Recorded): Vote {
  return {
    type: json.type,
    height: big(json.height),
    round: Number(json.round ?? 0),
    blockId: blockIdFromComet(json.block_id),
    timestamp: time(json.timestamp),
    validatorAddress: bytes(json.validator_address),
    validatorIndex: Number(json.validator_index ?? 0),
    signature: base64Bytes(json.signature),
    extension: base64Bytes(json.extension),
    extensionSignature: base64Bytes(json.extension_signature),
  };
}

export function evidenceFromComet(json: Recorded): Evidence {
  if (json.type !== "tendermint/DuplicateVoteEvidence") throw new Error(`no reader for ${json.type}`);
  const { value } = json;
  return {
    duplicateVoteEvidence: {
      voteA: voteFromComet(value.vote_a),
      voteB: voteFromComet(value.vote_b),
      totalVotingPower: big(value.total_voting_power ?? value.TotalVotingPower),
      validatorPower: big(value.validator_power ?? value.ValidatorPower),
      timestamp: time(value.timestamp ?? value.Timestamp),
    },
  };
}

export function blockFromComet(json: Recorded): Block {
  return {
    header: headerFromComet(json.header),
    data: { txs: (json.data.txs ?? []).map((tx: string) => fromBase64(tx)) },
    evidence: { evidence: (json.evidence.evidence ?? []).map(evidenceFromComet) },
    lastCommit: json.last_commit === null ? undefined : commitFromComet(json.last_commit),
  };
}
