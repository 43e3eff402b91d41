/**
 * Owns `broadcast_evidence`: reading DuplicateVoteEvidence from CometBFT's JSON and handing it to the engine, which checks
 * it against history and gossips it. Does not own that check (chain/types/evidence.ts, node/engine).
 */

import { ValidationError } from "../../../chain/types/errors.ts";
import { type Evidence, evidenceHash, validateEvidence } from "../../../chain/types/evidence.ts";
import { parseTime, TimeError, type Timestamp } from "../../../chain/types/time.ts";
import type { Vote } from "../../../chain/types/vote.ts";
import type { RpcEnvironment } from "../environment.ts";
import { base64, type Json, parseBase64, parseHex } from "../json.ts";
import { type Method, method, RequestError } from "../method.ts";

/** The methods of this file, on a node. */
export function evidenceMethods(environment: Pick<RpcEnvironment, "engine">): readonly Method[] {
  return [
    method("broadcast_evidence", { evidence: "json" }, async ({ evidence }) => await broadcast(environment, evidence)),
  ];
}

async function broadcast({ engine }: Pick<RpcEnvironment, "engine">, json: Json): Promise<Json> {
  if (json === null) throw new RequestError("no evidence was provided");
  const evidence = readEvidence(json);
  try {
    validateEvidence(evidence);
  } catch (error) {
    if (error instanceof ValidationError) throw new RequestError(`evidence.ValidateBasic failed: ${error.message}`);
    throw error;
  }
  // The engine knows peers by name; a client is none of them.
  const verdict = await engine.receive("rpc", { type: "evidence", evidence });
  if (verdict === "invalid") throw new RequestError("failed to add evidence: it does not hold against this chain");
  return { hash: base64(evidenceHash(evidence)) };
}

/** Reads `{"type":"tendermint/DuplicateVoteEvidence","value":{...}}`. Throws RequestError. */
export function readEvidence(json: Json): Evidence {
  const { type, value } = objectOf(json, "evidence");
  if (type !== "tendermint/DuplicateVoteEvidence") {
    throw new RequestError("only tendermint/DuplicateVoteEvidence can be sent");
  }
  const fields = objectOf(value, "value");
  return {
    duplicateVoteEvidence: {
      voteA: readVote(fields.vote_a, "vote_a"),
      voteB: readVote(fields.vote_b, "vote_b"),
      totalVotingPower: integerOf(fields.total_voting_power, "total_voting_power"),
      validatorPower: integerOf(fields.validator_power, "validator_power"),
      timestamp: timeOf(fields.timestamp, "timestamp"),
    },
  };
}

type Fields = Readonly<Record<string, Json | undefined>>;

function readVote(json: Json | undefined, name: string): Vote {
  const vote = objectOf(json, name);
  const id = objectOf(vote.block_id, `${name}.block_id`);
  const parts = objectOf(id.parts, `${name}.block_id.parts`);
  return {
    type: numberOf(vote.type, `${name}.type`),
    height: integerOf(vote.height, `${name}.height`),
    round: numberOf(vote.round, `${name}.round`),
    blockId: {
      hash: hexOf(id.hash, `${name}.block_id.hash`),
      partSetHeader: {
        total: numberOf(parts.total, `${name}.block_id.parts.total`),
        hash: hexOf(parts.hash, `${name}.block_id.parts.hash`),
      },
    },
    timestamp: timeOf(vote.timestamp, `${name}.timestamp`),
    validatorAddress: hexOf(vote.validator_address, `${name}.validator_address`),
    validatorIndex: numberOf(vote.validator_index, `${name}.validator_index`),
    signature: bytesOf(vote.signature, `${name}.signature`),
    extension: bytesOf(vote.extension, `${name}.extension`),
    extensionSignature: bytesOf(vote.extension_signature, `${name}.extension_signature`),
  };
}

function refuse(name: string, wanted: string): never {
  throw new RequestError(`${name} is not ${wanted}`);
}

function objectOf(json: Json | undefined, name: string): Fields {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return refuse(name, "an object");
  return json as Fields;
}

/** 32-bit numbers are JSON numbers; all of these are at least 0. */
function numberOf(json: Json | undefined, name: string): number {
  return Number.isInteger(json) && (json as number) >= 0 && (json as number) <= 0x7fff_ffff
    ? (json as number)
    : refuse(name, "a 32-bit number");
}

function integerOf(json: Json | undefined, name: string): bigint {
  return typeof json === "string" && /^\d{1,18}$/.test(json) ? BigInt(json) : refuse(name, "a decimal in quotes");
}

function hexOf(json: Json | undefined, name: string): Uint8Array {
  return (typeof json === "string" ? parseHex(json) : undefined) ?? refuse(name, "hex");
}

/** Base64; null stands for nothing, as in what CometBFT writes. */
function bytesOf(json: Json | undefined, name: string): Uint8Array {
  if (json === null || json === undefined) return new Uint8Array(0);
  return (typeof json === "string" ? parseBase64(json) : undefined) ?? refuse(name, "base64");
}

function timeOf(json: Json | undefined, name: string): Timestamp {
  try {
    return parseTime(typeof json === "string" ? json : "");
  } catch (error) {
    if (error instanceof TimeError) return refuse(name, "a time");
    throw error;
  }
}
