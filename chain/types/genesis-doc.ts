/**
 * Owns the genesis document as data: reading it from parsed JSON in either of its forms, its rules, and writing it.
 * It does not own files, nor the modules' part of it (`appState`), which stays opaque here (genesis/ builds it).
 *
 * The two forms are CometBFT's (types/genesis.go: `consensus_params` and `validators` at the top, 64-bit numbers as
 * text) and the SDK's AppGenesis (x/genutil/types/genesis.go: both under `consensus`, a plain `initial_height`).
 */
import { base64, equalBytes, fromBase64, fromHex, utf8Length } from "../../proto/bytes.ts";
import { upperHex } from "./block-id.ts";
import { ValidationError } from "./errors.ts";
import { checkInt64 } from "./int.ts";
import { MAX_CHAIN_ID_BYTES, MAX_VOTES } from "./limits.ts";
import type { ConsensusParams } from "./params.ts";
import { DEFAULT_CONSENSUS_PARAMS, validateConsensusParams } from "./params.ts";
import type { Timestamp } from "./time.ts";
import {
  durationFromNanoseconds,
  durationToNanoseconds,
  formatTime,
  isZeroTime,
  parseTime,
  ZERO_TIME,
} from "./time.ts";
import type { PublicKey } from "./validator.ts";
import { publicKeyOf, publicKeyParts, publicKeyToAddress } from "./validator.ts";

/** The document is not a genesis document, or breaks one of its rules. */
export class GenesisError extends Error {
  override name = "GenesisError";
}

/** A validator the chain starts with. */
export interface GenesisValidator {
  readonly address: Uint8Array;
  readonly pubKey: PublicKey;
  readonly power: bigint;
  readonly name: string;
}

/** A complete and valid genesis document. */
export interface GenesisDocument {
  /** Name and version of the program that wrote it; empty in CometBFT's form. */
  readonly appName: string;
  readonly appVersion: string;
  readonly genesisTime: Timestamp;
  readonly chainId: string;
  /** Height of the first block, at least 1. */
  readonly initialHeight: bigint;
  readonly consensusParams: ConsensusParams;
  readonly validators: readonly GenesisValidator[];
  readonly appHash: Uint8Array;
  /** The modules' state as parsed JSON, undefined when the document has none. */
  readonly appState: unknown;
}

/** Any value JSON can hold, as a writer of it expects. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads and completes a document (ValidateAndComplete): height 0 becomes 1, missing parameters the defaults, missing
 * addresses those of the keys, and a missing time `defaultTime`. Throws GenesisError.
 */
export function parseGenesisDocument(json: unknown, defaultTime: Timestamp): GenesisDocument {
  try {
    return validateGenesisDocument(read(json, defaultTime));
  } catch (error) {
    if (error instanceof ValidationError) throw new GenesisError(error.message);
    throw error;
  }
}

/** Throws GenesisError unless the document keeps every rule; returns it. */
export function validateGenesisDocument(document: GenesisDocument): GenesisDocument {
  if (document.chainId === "") throw new GenesisError("genesis doc must include non-empty chain_id");
  if (utf8Length(document.chainId) > MAX_CHAIN_ID_BYTES) {
    throw new GenesisError(`chain_id in genesis doc is too long (max: ${MAX_CHAIN_ID_BYTES})`);
  }
  if (document.initialHeight < 0n) {
    throw new GenesisError(`initial_height cannot be negative (got ${document.initialHeight})`);
  }
  validateConsensusParams(document.consensusParams);
  if (document.validators.length > MAX_VOTES) throw new GenesisError(`more than ${MAX_VOTES} validators`);
  document.validators.forEach((validator, i) => {
    if (validator.power <= 0n) {
      throw new GenesisError(`the genesis file cannot contain validators with no voting power: #${i}`);
    }
    const expected = publicKeyToAddress(validator.pubKey);
    if (!equalBytes(expected, validator.address)) {
      throw new GenesisError(
        `incorrect address for validator #${i} in the genesis file, should be ${upperHex(expected)}`,
      );
    }
  });
  return document;
}

/** Writes the SDK's form (AppGenesis). */
export function genesisDocumentToAppJson(document: GenesisDocument): Json {
  return {
    app_name: document.appName,
    app_version: document.appVersion,
    genesis_time: formatTime(document.genesisTime),
    chain_id: document.chainId,
    initial_height: Number(document.initialHeight),
    app_hash: base64(document.appHash),
    ...(document.appState === undefined ? {} : { app_state: document.appState as Json }),
    consensus: {
      ...(document.validators.length === 0 ? {} : { validators: document.validators.map(validatorToJson) }),
      params: consensusParamsToJson(document.consensusParams),
    },
  };
}

/** Writes CometBFT's form, as `/genesis` answers. */
export function genesisDocumentToCometJson(document: GenesisDocument): Json {
  return {
    genesis_time: formatTime(document.genesisTime),
    chain_id: document.chainId,
    initial_height: document.initialHeight.toString(),
    consensus_params: consensusParamsToJson(document.consensusParams),
    ...(document.validators.length === 0 ? {} : { validators: document.validators.map(validatorToJson) }),
    app_hash: upperHex(document.appHash),
    ...(document.appState === undefined ? {} : { app_state: document.appState as Json }),
  };
}

/** Consensus parameters as CometBFT's JSON: 64-bit numbers as text, durations in nanoseconds. */
export function consensusParamsToJson(params: ConsensusParams): Json {
  return {
    block: { max_bytes: params.block.maxBytes.toString(), max_gas: params.block.maxGas.toString() },
    evidence: {
      max_age_num_blocks: params.evidence.maxAgeNumBlocks.toString(),
      max_age_duration: durationToNanoseconds(params.evidence.maxAgeDuration).toString(),
      max_bytes: params.evidence.maxBytes.toString(),
    },
    validator: { pub_key_types: [...params.validator.pubKeyTypes] },
    version: { app: params.version.app.toString() },
    abci: { vote_extensions_enable_height: params.abci.voteExtensionsEnableHeight.toString() },
  };
}

/** Reads consensus parameters from CometBFT's JSON. What is missing is zero, which most parameters refuse. */
export function consensusParamsFromJson(json: unknown): ConsensusParams {
  const object = objectOf(json, "consensus_params");
  const part = (name: string): JsonObject => objectOf(object[name] ?? {}, `consensus_params.${name}`);
  const [block, evidence, version, abci] = [part("block"), part("evidence"), part("version"), part("abci")];
  const types = part("validator").pub_key_types ?? [];
  if (!Array.isArray(types) || !types.every((type) => typeof type === "string")) {
    throw new GenesisError("consensus_params.validator.pub_key_types must be a list of texts");
  }
  return {
    block: { maxBytes: integerOf(block.max_bytes, "max_bytes"), maxGas: integerOf(block.max_gas, "max_gas") },
    evidence: {
      maxAgeNumBlocks: integerOf(evidence.max_age_num_blocks, "max_age_num_blocks"),
      maxAgeDuration: durationFromNanoseconds(integerOf(evidence.max_age_duration, "max_age_duration")),
      maxBytes: integerOf(evidence.max_bytes, "max_bytes"),
    },
    validator: { pubKeyTypes: types },
    // Early documents say app_version where later ones say app.
    version: { app: integerOf(version.app ?? version.app_version, "app") },
    abci: {
      voteExtensionsEnableHeight: integerOf(abci.vote_extensions_enable_height, "vote_extensions_enable_height"),
    },
  };
}

/** A consensus key as CometBFT's JSON. */
export function publicKeyToJson(key: PublicKey): { readonly type: string; readonly value: string } {
  const { type, bytes } = publicKeyParts(key);
  return {
    type: type === "ed25519" ? "tendermint/PubKeyEd25519" : "tendermint/PubKeySecp256k1",
    value: base64(bytes),
  };
}

/** Reads a consensus key from CometBFT's JSON. Throws GenesisError. */
export function publicKeyFromJson(json: unknown): PublicKey {
  const object = objectOf(json, "pub_key");
  const { type, value } = object;
  if (typeof value !== "string") throw new GenesisError("pub_key.value must be text");
  if (type !== "tendermint/PubKeyEd25519" && type !== "tendermint/PubKeySecp256k1") {
    throw new GenesisError(`unknown public key type ${JSON.stringify(type)}`);
  }
  const bytes = bytesFrom(value, fromBase64, "pub_key.value");
  try {
    return publicKeyOf(type === "tendermint/PubKeyEd25519" ? "ed25519" : "secp256k1", bytes);
  } catch (error) {
    if (error instanceof ValidationError) throw new GenesisError(error.message);
    throw error;
  }
}

function read(json: unknown, defaultTime: Timestamp): GenesisDocument {
  const document = objectOf(json, "the genesis document");
  // AppGenesis is known by what CometBFT's form never has.
  const isApp = "consensus" in document || "app_name" in document || typeof document.initial_height === "number";
  const consensus = isApp ? objectOf(document.consensus ?? {}, "consensus") : document;
  const params = isApp ? consensus.params : consensus.consensus_params;
  const initialHeight = integerOf(document.initial_height, "initial_height");
  const time =
    document.genesis_time === undefined ? ZERO_TIME : parseTime(textOf(document.genesis_time, "genesis_time"));
  return {
    appName: textOf(document.app_name, "app_name"),
    appVersion: textOf(document.app_version, "app_version"),
    genesisTime: isZeroTime(time) ? defaultTime : time,
    chainId: textOf(document.chain_id, "chain_id"),
    initialHeight: initialHeight === 0n ? 1n : initialHeight,
    consensusParams:
      params === undefined || params === null ? DEFAULT_CONSENSUS_PARAMS : consensusParamsFromJson(params),
    validators: validatorsOf(consensus.validators),
    appHash: bytesFrom(textOf(document.app_hash, "app_hash"), isApp ? fromBase64 : fromHex, "app_hash"),
    appState: document.app_state ?? undefined,
  };
}

function validatorsOf(json: unknown): readonly GenesisValidator[] {
  if (json === undefined || json === null) return [];
  if (!Array.isArray(json)) throw new GenesisError("validators must be a list");
  return json.map((item: unknown, i) => {
    const object = objectOf(item, `validator #${i}`);
    const pubKey = publicKeyFromJson(object.pub_key);
    const address = bytesFrom(textOf(object.address, "address"), fromHex, "address");
    return {
      address: address.length === 0 ? publicKeyToAddress(pubKey) : address,
      pubKey,
      power: integerOf(object.power, "power"),
      name: textOf(object.name, "name"),
    };
  });
}

function validatorToJson(validator: GenesisValidator): Json {
  return {
    address: upperHex(validator.address),
    pub_key: publicKeyToJson(validator.pubKey),
    power: validator.power.toString(),
    name: validator.name,
  };
}

function objectOf(json: unknown, name: string): JsonObject {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new GenesisError(`${name} must be an object`);
  }
  return json as JsonObject;
}

/** A text member; missing or null is empty. */
function textOf(json: unknown, name: string): string {
  if (json === undefined || json === null) return "";
  if (typeof json !== "string") throw new GenesisError(`${name} must be text`);
  try {
    utf8Length(json);
  } catch {
    // JSON can spell half a surrogate pair; such text has no bytes to hash or to send.
    throw new GenesisError(`${name} is not text that UTF-8 can hold`);
  }
  return json;
}

/** A 64-bit integer as text or as a number that is exact in JSON; missing or null is zero. */
function integerOf(json: unknown, name: string): bigint {
  if (json === undefined || json === null) return 0n;
  if (typeof json === "number" && Number.isSafeInteger(json)) return BigInt(json);
  if (typeof json === "string" && /^-?(?:0|[1-9][0-9]{0,18})$/.test(json)) {
    try {
      return checkInt64(BigInt(json));
    } catch {
      // Falls through to the one message for everything that is not a 64-bit integer.
    }
  }
  throw new GenesisError(`${name} must be a 64-bit integer`);
}

function bytesFrom(text: string, reader: (text: string) => Uint8Array, name: string): Uint8Array {
  try {
    return reader(text);
  } catch {
    throw new GenesisError(`${name} is not valid`);
  }
}
