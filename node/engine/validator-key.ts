// The consensus key: CometBFT's priv_validator_key.json, and signing with what is in it. Owns the file's format and the
// key in memory; does not own when it may sign (signer.ts). The key is never logged and leaves this file only as a
// signature.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { upperHex } from "../../chain/types/block-id.ts";
import { type PublicKey, publicKeyToAddress } from "../../chain/types/validator.ts";
import { base64, equalBytes, fromBase64 } from "../../proto/bytes.ts";

/** The file is not a key this node can sign with; the message says what to do. */
export class ValidatorKeyError extends Error {
  override name = "ValidatorKeyError";
}

/** A consensus key that can sign. */
export interface ValidatorKey {
  readonly publicKey: PublicKey;
  /** 20 bytes. */
  readonly address: Uint8Array;
  /** Ed25519 over the bytes, 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
}

const PRIVATE_TYPE = "tendermint/PrivKeyEd25519";
const PUBLIC_TYPE = "tendermint/PubKeyEd25519";
/** DER of PKCS 8 around a raw ed25519 seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const FILE_MODE = 0o600;

/** The key of a 32-byte seed. */
export function validatorKeyFromSeed(seed: Uint8Array): ValidatorKey {
  if (seed.length !== 32) throw new ValidatorKeyError(`an ed25519 seed has 32 bytes, not ${seed.length}`);
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  return keyOf(secret);
}

/** Writes a new random key; never over an existing file. */
export function createValidatorKeyFile(path: string): ValidatorKey {
  if (existsSync(path)) throw new ValidatorKeyError(`${path} exists already; a consensus key is never overwritten`);
  const { privateKey } = generateKeyPairSync("ed25519");
  writeValidatorKeyFile(path, seedOf(privateKey));
  return keyOf(privateKey);
}

/** Writes the key of a seed in CometBFT's format. */
export function writeValidatorKeyFile(path: string, seed: Uint8Array): void {
  const key = validatorKeyFromSeed(seed);
  const raw = key.publicKey.ed25519 ?? new Uint8Array(0);
  const content = {
    address: upperHex(key.address),
    pub_key: { type: PUBLIC_TYPE, value: base64(raw) },
    priv_key: { type: PRIVATE_TYPE, value: base64(Buffer.concat([seed, raw])) },
  };
  writeFileSync(path, JSON.stringify(content, undefined, 2), { mode: FILE_MODE, flag: "wx" });
  chmodSync(path, FILE_MODE);
}

/** Reads the file. Throws ValidatorKeyError when it is missing, readable by others, malformed or of another key type. */
export function readValidatorKeyFile(path: string): ValidatorKey {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ValidatorKeyError(`cannot read the validator key ${path}: ${(error as Error).message}`);
  }
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new ValidatorKeyError(`${path} can be read by others than its owner; run: chmod 600 ${path}`);
  }
  const key = validatorKeyFromSeed(parseSeed(path, text));
  const { pub_key: stated } = JSON.parse(text) as { pub_key?: { value?: string } };
  if (stated?.value !== undefined && stated.value !== base64(key.publicKey.ed25519 ?? new Uint8Array(0))) {
    throw new ValidatorKeyError(`${path}: pub_key does not belong to priv_key`);
  }
  return key;
}

function parseSeed(path: string, text: string): Uint8Array {
  let secret: { type?: unknown; value?: unknown } | undefined;
  try {
    secret = (JSON.parse(text) as { priv_key?: { type?: unknown; value?: unknown } }).priv_key;
  } catch {
    throw new ValidatorKeyError(`${path} is not JSON`);
  }
  if (secret?.type !== PRIVATE_TYPE || typeof secret.value !== "string") {
    throw new ValidatorKeyError(`${path}: priv_key must be of type ${PRIVATE_TYPE}`);
  }
  const bytes = secretBytes(path, secret.value);
  if (bytes.length !== 64) throw new ValidatorKeyError(`${path}: priv_key must have 64 bytes`);
  const seed = bytes.slice(0, 32);
  const { ed25519 } = validatorKeyFromSeed(seed).publicKey;
  if (ed25519 === undefined || !equalBytes(ed25519, bytes.slice(32))) {
    throw new ValidatorKeyError(`${path}: the two halves of priv_key do not belong together`);
  }
  return seed;
}

function secretBytes(path: string, text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch {
    // Not the error's own words: they might show a part of the key.
    throw new ValidatorKeyError(`${path}: priv_key is not base64`);
  }
}

function keyOf(secret: KeyObject): ValidatorKey {
  const der = createPublicKey(secret).export({ format: "der", type: "spki" });
  const publicKey: PublicKey = { ed25519: new Uint8Array(der.subarray(der.length - 32)) };
  return {
    publicKey,
    address: publicKeyToAddress(publicKey),
    sign: (bytes) => new Uint8Array(sign(null, bytes, secret)),
  };
}

function seedOf(secret: KeyObject): Uint8Array {
  const der = secret.export({ format: "der", type: "pkcs8" });
  return new Uint8Array(der.subarray(der.length - 32));
}
