/**
 * Owns how CometBFT's types look in RPC JSON: field names, order, and which of "", null and [] stands for nothing
 * (rpc/core/types/responses.go, libs/json, and for results abci/types through jsonpb). Does not own where values
 * come from. The recorded answers under vectors/rpc pin these shapes.
 */

import { publicKeyToJson } from "../../chain/types/genesis-doc.ts";
import { durationToNanoseconds, formatTime } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { base64, base64OrNull, hexUpper, type Json } from "./json.ts";

type Types<Name extends string> = Messages[`tendermint.types.${Name}` & keyof Messages];
type Abci<Name extends string> = Messages[`tendermint.abci.${Name}` & keyof Messages];

/** Leaves out what is "", "0", 0, null or an empty list, as Go's `omitempty`. */
export function omitEmpty(fields: Readonly<Record<string, Json>>): Json {
  const kept = Object.entries(fields).filter(
    ([, value]) =>
      value !== "" && value !== "0" && value !== 0 && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept);
}

/** A list, or null when it is empty: Go's nil slice after a round through storage. */
function listOrNull(items: readonly Json[]): Json {
  return items.length === 0 ? null : items;
}

/** Hash and part-set header of a block. */
export function renderBlockId(id: Types<"BlockID">): Json {
  return {
    hash: hexUpper(id.hash),
    parts: { total: id.partSetHeader.total, hash: hexUpper(id.partSetHeader.hash) },
  };
}

/** A block's header. */
export function renderHeader(header: Types<"Header">): Json {
  return {
    version: omitEmpty({ block: header.version.block.toString(), app: header.version.app.toString() }),
    chain_id: header.chainId,
    height: header.height.toString(),
    time: formatTime(header.time),
    last_block_id: renderBlockId(header.lastBlockId),
    last_commit_hash: hexUpper(header.lastCommitHash),
    data_hash: hexUpper(header.dataHash),
    validators_hash: hexUpper(header.validatorsHash),
    next_validators_hash: hexUpper(header.nextValidatorsHash),
    consensus_hash: hexUpper(header.consensusHash),
    app_hash: hexUpper(header.appHash),
    last_results_hash: hexUpper(header.lastResultsHash),
    evidence_hash: hexUpper(header.evidenceHash),
    proposer_address: hexUpper(header.proposerAddress),
  };
}

const zeroBlockId: Json = { hash: "", parts: { total: 0, hash: "" } };

/** A commit; the first block has none, which CometBFT shows as an empty one. */
export function renderCommit(commit: Types<"Commit"> | undefined): Json {
  if (commit === undefined) return { height: "0", round: 0, block_id: zeroBlockId, signatures: [] };
  return {
    height: commit.height.toString(),
    round: commit.round,
    block_id: renderBlockId(commit.blockId),
    signatures: commit.signatures.map((one) => ({
      block_id_flag: one.blockIdFlag,
      validator_address: hexUpper(one.validatorAddress),
      timestamp: formatTime(one.timestamp),
      signature: base64OrNull(one.signature),
    })),
  };
}

/** A whole block. */
export function renderBlock(block: Types<"Block">): Json {
  return {
    header: renderHeader(block.header),
    data: { txs: block.data.txs.map(base64) },
    evidence: { evidence: block.evidence.evidence.map(renderEvidence) },
    last_commit: renderCommit(block.lastCommit),
  };
}

/** A validator of a set. */
export function renderValidator(validator: Types<"Validator">): Json {
  return {
    address: hexUpper(validator.address),
    pub_key: publicKeyToJson(validator.pubKey),
    voting_power: validator.votingPower.toString(),
    proposer_priority: validator.proposerPriority.toString(),
  };
}

function renderVote(vote: Types<"Vote"> | undefined): Json {
  if (vote === undefined) return null;
  return {
    type: vote.type,
    height: vote.height.toString(),
    round: vote.round,
    block_id: renderBlockId(vote.blockId),
    timestamp: formatTime(vote.timestamp),
    validator_address: hexUpper(vote.validatorAddress),
    validator_index: vote.validatorIndex,
    signature: base64OrNull(vote.signature),
    extension: base64OrNull(vote.extension),
    extension_signature: base64OrNull(vote.extensionSignature),
  };
}

/** One piece of evidence with its amino name. */
export function renderEvidence(evidence: Types<"Evidence">): Json {
  const { duplicateVoteEvidence: double, lightClientAttackEvidence: attack } = evidence;
  if (double !== undefined) {
    return {
      type: "tendermint/DuplicateVoteEvidence",
      value: {
        vote_a: renderVote(double.voteA),
        vote_b: renderVote(double.voteB),
        total_voting_power: double.totalVotingPower.toString(),
        validator_power: double.validatorPower.toString(),
        timestamp: formatTime(double.timestamp),
      },
    };
  }
  if (attack === undefined) return null;
  const { conflictingBlock: block } = attack;
  return {
    type: "tendermint/LightClientAttackEvidence",
    value: {
      conflicting_block: {
        signed_header: {
          header: block?.signedHeader?.header === undefined ? null : renderHeader(block.signedHeader.header),
          commit: block?.signedHeader?.commit === undefined ? null : renderCommit(block.signedHeader.commit),
        },
        validator_set: renderValidatorSet(block?.validatorSet),
      },
      common_height: attack.commonHeight.toString(),
      byzantine_validators: attack.byzantineValidators.map(renderValidator),
      total_voting_power: attack.totalVotingPower.toString(),
      timestamp: formatTime(attack.timestamp),
    },
  };
}

/** A validator set with its proposer. */
export function renderValidatorSet(set: Types<"ValidatorSet"> | undefined): Json {
  if (set === undefined) return null;
  return {
    validators: set.validators.map(renderValidator),
    proposer: set.proposer === undefined ? null : renderValidator(set.proposer),
  };
}

/** Changes of the parameters, as `block_results` shows the application's message: what is unset is left out. */
function renderParamUpdates(params: Types<"ConsensusParams"> | undefined): Json {
  if (params === undefined) return null;
  const { block, evidence, validator, version, abci } = params;
  return {
    ...(block && { block: omitEmpty({ max_bytes: block.maxBytes.toString(), max_gas: block.maxGas.toString() }) }),
    ...(evidence && {
      evidence: {
        ...(omitEmpty({ max_age_num_blocks: evidence.maxAgeNumBlocks.toString() }) as object),
        max_age_duration: durationToNanoseconds(evidence.maxAgeDuration).toString(),
        ...(omitEmpty({ max_bytes: evidence.maxBytes.toString() }) as object),
      },
    }),
    ...(validator && { validator: omitEmpty({ pub_key_types: validator.pubKeyTypes }) }),
    ...(version && { version: omitEmpty({ app: version.app.toString() }) }),
    ...(abci && {
      abci: omitEmpty({ vote_extensions_enable_height: abci.voteExtensionsEnableHeight.toString() }),
    }),
  };
}

/** One event with its attributes. */
export function renderEvent(event: Abci<"Event">): Json {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value, index }) => ({ key, value, index })),
  };
}

/** A transaction's result with every field, as `tx`, `tx_search` and `block_results` show it. */
export function renderTxResult(result: Abci<"ExecTxResult">): Json {
  return {
    code: result.code,
    data: base64OrNull(result.data),
    log: result.log,
    info: result.info,
    gas_wanted: result.gasWanted.toString(),
    gas_used: result.gasUsed.toString(),
    events: result.events.map(renderEvent),
    codespace: result.codespace,
  };
}

/** The same with empty fields left out, as events of type Tx carry it. */
export function renderTxResultShort(result: Abci<"ExecTxResult">): Json {
  return omitEmpty(renderTxResult(result) as Readonly<Record<string, Json>>);
}

/** CheckTx's answer, which has the shape of a result. */
export function renderCheckTx(result: Abci<"ResponseCheckTx">): Json {
  return renderTxResult(result);
}

/** A change of the validator set, as the application's message. */
function renderValidatorUpdate(update: Abci<"ValidatorUpdate">): Json {
  const { ed25519, secp256k1 } = update.pubKey;
  const sum =
    secp256k1 === undefined
      ? { type: "tendermint.crypto.PublicKey_Ed25519", value: { ed25519: base64(ed25519 ?? new Uint8Array(0)) } }
      : { type: "tendermint.crypto.PublicKey_Secp256K1", value: { secp256k1: base64(secp256k1) } };
  return { pub_key: { Sum: sum }, ...(update.power === 0n ? {} : { power: update.power.toString() }) };
}

/** `block_results`. */
export function renderBlockResults(height: bigint, response: Abci<"ResponseFinalizeBlock">): Json {
  return {
    height: height.toString(),
    txs_results: listOrNull(response.txResults.map(renderTxResult)),
    finalize_block_events: listOrNull(response.events.map(renderEvent)),
    validator_updates: listOrNull(response.validatorUpdates.map(renderValidatorUpdate)),
    consensus_param_updates: renderParamUpdates(response.consensusParamUpdates),
    app_hash: base64OrNull(response.appHash),
  };
}

/** FinalizeBlock's answer inside an event of type NewBlock. */
export function renderFinalizeBlock(response: Abci<"ResponseFinalizeBlock">): Json {
  return {
    ...(response.events.length > 0 && { events: response.events.map(renderEvent) }),
    ...(response.txResults.length > 0 && { tx_results: response.txResults.map(renderTxResult) }),
    validator_updates: response.validatorUpdates.map(renderValidatorUpdate),
    ...(response.consensusParamUpdates && {
      consensus_param_updates: renderParamUpdates(response.consensusParamUpdates),
    }),
    ...(response.appHash.length > 0 && { app_hash: base64(response.appHash) }),
  };
}

/** The application's answer to a query. */
export function renderQuery(response: Abci<"ResponseQuery">): Json {
  return {
    code: response.code,
    log: response.log,
    info: response.info,
    index: response.index.toString(),
    key: base64OrNull(response.key),
    value: base64OrNull(response.value),
    proofOps:
      response.proofOps === undefined
        ? null
        : {
            ops: response.proofOps.ops.map(({ type, key, data }) => ({ type, key: base64(key), data: base64(data) })),
          },
    height: response.height.toString(),
    codespace: response.codespace,
  };
}

/** The application's description of itself. */
export function renderInfo(info: Abci<"ResponseInfo">): Json {
  return omitEmpty({
    data: info.data,
    version: info.version,
    app_version: info.appVersion.toString(),
    last_block_height: info.lastBlockHeight.toString(),
    last_block_app_hash: base64(info.lastBlockAppHash),
  });
}

/** Header, id and sizes of a block. */
export function renderBlockMeta(meta: Types<"BlockMeta">): Json {
  return {
    block_id: renderBlockId(meta.blockId),
    block_size: meta.blockSize.toString(),
    header: renderHeader(meta.header),
    num_txs: meta.numTxs.toString(),
  };
}
