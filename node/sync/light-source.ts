/**
 * Owns asking one RPC server for light blocks: `commit` and `validators`, as CometBFT's state sync asks them. Whatever comes back is
 * bounded, read strictly, and believed by nobody yet: verification is chain/light's and trusted-headers.ts's.
 */
import { publicKeyFromJson } from "../../chain/types/genesis-doc.ts";
import type { LightBlock, SignedHeader } from "../../chain/types/light-block.ts";
import { MAX_VOTES } from "../../chain/types/limits.ts";
import { parseTime, ZERO_TIME } from "../../chain/types/time.ts";
import { compareByPower, newValidator } from "../../chain/types/validator.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { sumVotingPower } from "../../chain/types/validator-set.ts";
import { LIGHT_ANSWER_TIMEOUT_MS, MAX_LIGHT_ANSWER_BYTES } from "./limits.ts";

/** The server is out of reach, does not have the height, or answers what is no light block. */
export class LightSourceError extends Error {
  override readonly name = "LightSourceError";
}

/** Where light blocks come from. */
export interface LightSource {
  /** For people. */
  readonly name: string;
  /** Rejects with LightSourceError. */
  signedHeader(height: bigint): Promise<SignedHeader>;
  /** Rejects with LightSourceError. */
  lightBlock(height: bigint): Promise<LightBlock>;
}

type Json = { readonly [name: string]: unknown };

const PER_PAGE = 100;

/** A server by its address: `host:port`, or a URL. */
export class RpcLightSource implements LightSource {
  readonly name: string;
  readonly #url: string;

  constructor(address: string) {
    this.name = address;
    const url = address.replace(/^tcp:\/\//, "http://").replace(/\/+$/, "");
    this.#url = /^https?:\/\//.test(url) ? url : `http://${url}`;
  }

  async signedHeader(height: bigint): Promise<SignedHeader> {
    const answer = await this.#ask(`commit?height=${height}`);
    return this.#reading(() => signedHeaderOf(object(answer.signed_header)));
  }

  async lightBlock(height: bigint): Promise<LightBlock> {
    const signedHeader = await this.signedHeader(height);
    const found: Json[] = [];
    for (let page = 1; ; page++) {
      const answer = await this.#ask(`validators?height=${height}&page=${page}&per_page=${PER_PAGE}`);
      const total = this.#reading(() => numberOf(answer.total, MAX_VOTES));
      const listed = this.#reading(() => list(answer.validators).map(object));
      found.push(...listed);
      if (listed.length === 0 || found.length >= total) break;
    }
    return { signedHeader, validators: this.#reading(() => validatorsOf(found)) };
  }

  async #ask(path: string): Promise<Json> {
    let text: string;
    try {
      const response = await fetch(`${this.#url}/${path}`, {
        signal: AbortSignal.timeout(LIGHT_ANSWER_TIMEOUT_MS),
        redirect: "error",
      });
      text = await boundedText(response);
    } catch (error) {
      if (error instanceof LightSourceError) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
      throw new LightSourceError(`${this.name} is out of reach: ${cause.message || String(cause)}`);
    }
    return this.#reading(() => {
      const { result, error } = object(JSON.parse(text));
      if (error !== undefined) throw new Error(`it answers ${JSON.stringify(error).slice(0, 200)}`);
      return object(result);
    });
  }

  #reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw new LightSourceError(`${this.name} has no such light block: ${(error as Error).message}`);
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_LIGHT_ANSWER_BYTES) throw new LightSourceError("an RPC server's answer is too long");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function signedHeaderOf(json: Json): SignedHeader {
  const header = object(json.header);
  const version = object(header.version);
  const commit = object(json.commit);
  return {
    header: {
      version: { block: integer(version.block), app: integer(version.app ?? "0") },
      chainId: text(header.chain_id),
      height: integer(header.height),
      time: parseTime(text(header.time)),
      lastBlockId: blockIdOf(header.last_block_id),
      lastCommitHash: hexBytes(header.last_commit_hash),
      dataHash: hexBytes(header.data_hash),
      validatorsHash: hexBytes(header.validators_hash),
      nextValidatorsHash: hexBytes(header.next_validators_hash),
      consensusHash: hexBytes(header.consensus_hash),
      appHash: hexBytes(header.app_hash),
      lastResultsHash: hexBytes(header.last_results_hash),
      evidenceHash: hexBytes(header.evidence_hash),
      proposerAddress: hexBytes(header.proposer_address),
    },
    commit: {
      height: integer(commit.height),
      round: numberOf(commit.round, 0x7fff_ffff),
      blockId: blockIdOf(commit.block_id),
      signatures: list(commit.signatures).map((place) => {
        const { block_id_flag, validator_address, timestamp, signature } = object(place);
        const flag = numberOf(block_id_flag, 3);
        return {
          blockIdFlag: flag,
          validatorAddress: hexBytes(validator_address),
          timestamp: flag === 1 ? ZERO_TIME : parseTime(text(timestamp)),
          signature: signature === null || signature === undefined ? new Uint8Array() : base64Bytes(signature),
        };
      }),
    },
  };
}

/** Priorities are not taken from here: they are in no header, so nobody can check them. */
function validatorsOf(found: readonly Json[]): ValidatorSet {
  if (found.length > MAX_VOTES) throw new Error("it has more validators than a commit has places");
  const validators = found
    .map(({ pub_key, voting_power }) => newValidator(publicKeyFromJson(pub_key), integer(voting_power)))
    .sort(compareByPower);
  return { validators, proposer: validators[0], totalVotingPower: sumVotingPower(validators) };
}

function blockIdOf(json: unknown): SignedHeader["commit"]["blockId"] {
  const { hash, parts } = object(json);
  const { total, hash: partsHash } = object(parts);
  return { hash: hexBytes(hash), partSetHeader: { total: numberOf(total, 0xffff_ffff), hash: hexBytes(partsHash) } };
}

function object(json: unknown): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw new Error("an object is missing");
  return json as Json;
}

function list(json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw new Error("a list is missing");
  return json;
}

function text(json: unknown): string {
  if (typeof json !== "string") throw new Error("a text is missing");
  return json;
}

function integer(json: unknown): bigint {
  const digits = typeof json === "number" ? String(json) : text(json);
  if (!/^-?\d{1,20}$/.test(digits)) throw new Error("a number is malformed");
  return BigInt.asIntN(64, BigInt(digits));
}

function numberOf(json: unknown, most: number): number {
  const value = Number(integer(json));
  if (!(value >= 0 && value <= most)) throw new Error("a number is out of range");
  return value;
}

function hexBytes(json: unknown): Uint8Array {
  const digits = text(json);
  if (digits.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(digits)) throw new Error("bytes are not hexadecimal");
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

function base64Bytes(json: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(text(json), "base64"));
}
