/**
 * Owns reading headers, commits and validators out of CometBFT's RPC JSON, from a node that is not trusted: whatever is
 * not of the expected form is refused with its place. Does not own fetching (rpc-source.ts) nor believing
 * (light-client.ts): what is read here is well formed, not true. The way out, the same JSON written, is node/rpc/render.ts.
 */

import type { BlockId } from "../../chain/types/block-id.ts";
import type { Commit, CommitSig } from "../../chain/types/commit.ts";
import { publicKeyFromJson } from "../../chain/types/genesis-doc.ts";
import type { Header } from "../../chain/types/header.ts";
import { MAX_VOTES } from "../../chain/types/limits.ts";
import { parseTime, type Timestamp, ZERO_TIME } from "../../chain/types/time.ts";
import type { Validator } from "../../chain/types/validator.ts";
import { fromBase64, fromHex } from "../../proto/bytes.ts";

/** The answer is not of CometBFT's form; the message says where. */
export class CometJsonError extends Error {
  override readonly name = "CometJsonError";
}

type Fields = Readonly<Record<string, unknown>>;

/** The members of an object. */
export function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(where, "an object");
  return value as Fields;
}

/** The items of a list; null is Go's empty list. */
export function itemsOf(value: unknown, where: string, most: number): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(where, "a list");
  if (value.length > most) throw wrong(where, `at most ${most} items`);
  return value;
}

/** A 64-bit integer in decimal text; absent or empty is 0, as Go leaves it out. */
export function int64Of(value: unknown, where: string): bigint {
  if (value === undefined || value === "") return 0n;
  if (typeof value !== "string" || !/^-?\d{1,19}$/.test(value)) throw wrong(where, "a 64-bit integer in quotes");
  const number = BigInt(value);
  if (BigInt.asIntN(64, number) !== number) throw wrong(where, "a 64-bit integer in quotes");
  return number;
}

function int32Of(value: unknown, where: string): number {
  if (value === undefined) return 0;
  if (!Number.isInteger(value) || Math.abs(value as number) > 0x7fff_ffff) throw wrong(where, "a 32-bit integer");
  return value as number;
}

function textOf(value: unknown, where: string): string {
  if (typeof value !== "string") throw wrong(where, "text");
  return value;
}

/** Bytes in hexadecimal of either case; "" is none. */
export function hexOf(value: unknown, where: string): Uint8Array {
  const text = textOf(value ?? "", where).toLowerCase();
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw wrong(where, "hexadecimal");
  return fromHex(text);
}

function base64Of(value: unknown, where: string): Uint8Array {
  const text = textOf(value ?? "", where);
  try {
    return fromBase64(text);
  } catch {
    throw wrong(where, "base64");
  }
}

function timeOf(value: unknown, where: string): Timestamp {
  if (value === undefined || value === null) return ZERO_TIME;
  try {
    return parseTime(textOf(value, where));
  } catch {
    throw wrong(where, "a time");
  }
}

function wrong(where: string, wanted: string): CometJsonError {
  return new CometJsonError(`${where} is not ${wanted}`);
}

function blockIdOf(value: unknown, where: string): BlockId {
  const id = fieldsOf(value ?? {}, where);
  const parts = fieldsOf(id.parts ?? {}, `${where}.parts`);
  return {
    hash: hexOf(id.hash, `${where}.hash`),
    partSetHeader: {
      total: int32Of(parts.total, `${where}.parts.total`),
      hash: hexOf(parts.hash, `${where}.parts.hash`),
    },
  };
}

/** A block's header. */
export function headerFromJson(value: unknown): Header {
  const json = fieldsOf(value, "header");
  const version = fieldsOf(json.version ?? {}, "header.version");
  const hex = (name: string): Uint8Array => hexOf(json[name], `header.${name}`);
  return {
    version: {
      block: int64Of(version.block, "header.version.block"),
      app: int64Of(version.app, "header.version.app"),
    },
    chainId: textOf(json.chain_id, "header.chain_id"),
    height: int64Of(json.height, "header.height"),
    time: timeOf(json.time, "header.time"),
    lastBlockId: blockIdOf(json.last_block_id, "header.last_block_id"),
    lastCommitHash: hex("last_commit_hash"),
    dataHash: hex("data_hash"),
    validatorsHash: hex("validators_hash"),
    nextValidatorsHash: hex("next_validators_hash"),
    consensusHash: hex("consensus_hash"),
    appHash: hex("app_hash"),
    lastResultsHash: hex("last_results_hash"),
    evidenceHash: hex("evidence_hash"),
    proposerAddress: hex("proposer_address"),
  };
}

/** A commit. */
export function commitFromJson(value: unknown): Commit {
  const json = fieldsOf(value, "commit");
  return {
    height: int64Of(json.height, "commit.height"),
    round: int32Of(json.round, "commit.round"),
    blockId: blockIdOf(json.block_id, "commit.block_id"),
    signatures: itemsOf(json.signatures, "commit.signatures", MAX_VOTES).map((one, index): CommitSig => {
      const where = `commit.signatures[${index}]`;
      const signature = fieldsOf(one, where);
      return {
        blockIdFlag: int32Of(signature.block_id_flag, `${where}.block_id_flag`) as CommitSig["blockIdFlag"],
        validatorAddress: hexOf(signature.validator_address, `${where}.validator_address`),
        timestamp: timeOf(signature.timestamp, `${where}.timestamp`),
        signature: base64Of(signature.signature, `${where}.signature`),
      };
    }),
  };
}

/** One validator of a set. */
export function validatorFromJson(value: unknown): Validator {
  const json = fieldsOf(value, "validator");
  let pubKey: Validator["pubKey"];
  try {
    pubKey = publicKeyFromJson(json.pub_key);
  } catch {
    throw wrong("validator.pub_key", "a public key");
  }
  return {
    address: hexOf(json.address, "validator.address"),
    pubKey,
    votingPower: int64Of(json.voting_power, "validator.voting_power"),
    proposerPriority: int64Of(json.proposer_priority, "validator.proposer_priority"),
  };
}
