/**
 * Owns one validator and its consensus key: address, leaf in the validators' hash, form, order of priority. It does
 * not own sets of validators (validator-set.ts) nor the staking module's validators.
 */
import { compareBytes, concat, equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { upperHex } from "./block-id.ts";
import type { Verifier } from "./crypto.ts";
import { ValidationError } from "./errors.ts";
import type { KeyType } from "./public-key.ts";
import { PUBLIC_KEY_BYTES, publicKeyAddress } from "./public-key.ts";
import { messageField, varintField } from "./wire.ts";

/** A consensus key: ed25519 or secp256k1 (tendermint.crypto.PublicKey). */
export type PublicKey = Messages["tendermint.crypto.PublicKey"];
/** A member of a validator set (tendermint.types.Validator). */
export type Validator = Messages["tendermint.types.Validator"];

/** Makes a consensus key from its type and bytes. */
export function publicKeyOf(type: KeyType, bytes: Uint8Array): PublicKey {
  if (bytes.length !== PUBLIC_KEY_BYTES[type]) {
    throw new ValidationError(
      `invalid size for PubKey${type === "ed25519" ? "Ed25519" : "Secp256k1"}. Got ${bytes.length}, expected ${PUBLIC_KEY_BYTES[type]}`,
    );
  }
  return type === "ed25519" ? { ed25519: bytes } : { secp256k1: bytes };
}

/** Type and bytes of a consensus key. Throws ValidationError when there is no key or its length is wrong. */
export function publicKeyParts(key: PublicKey): { readonly type: KeyType; readonly bytes: Uint8Array } {
  const type: KeyType = key.ed25519 !== undefined ? "ed25519" : "secp256k1";
  const bytes = key[type];
  if (bytes === undefined) throw new ValidationError("key type is not supported");
  publicKeyOf(type, bytes);
  return { type, bytes };
}

/** The 20-byte address of a consensus key. */
export function publicKeyToAddress(key: PublicKey): Uint8Array {
  const { type, bytes } = publicKeyParts(key);
  return publicKeyAddress(type, bytes);
}

/** True when `key` signed `message`. */
export function verifySignature(
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
  verifier: Verifier,
): boolean {
  const { type, bytes } = publicKeyParts(key);
  return verifier[type](bytes, message, signature);
}

/** A validator with priority zero. */
export function newValidator(pubKey: PublicKey, votingPower: bigint): Validator {
  return { address: publicKeyToAddress(pubKey), pubKey, votingPower, proposerPriority: 0n };
}

/** Throws ValidationError unless key, power and address fit together (Validator.ValidateBasic). */
export function validateValidator(validator: Validator): void {
  if (validator.pubKey.ed25519 === undefined && validator.pubKey.secp256k1 === undefined) {
    throw new ValidationError("validator does not have a public key");
  }
  if (validator.votingPower < 0n) throw new ValidationError("validator has negative voting power");
  const address = publicKeyToAddress(validator.pubKey);
  if (!equalBytes(address, validator.address)) {
    throw new ValidationError(
      `validator address is incorrectly derived from pubkey. Exp: ${upperHex(address)}, got ${upperHex(validator.address)}`,
    );
  }
}

/** The leaf of a validator in ValidatorsHash: its key and power, and nothing that changes each round. */
export function validatorLeaf(validator: Validator): Uint8Array {
  const { type, bytes } = publicKeyParts(validator.pubKey);
  const key = messageField(type === "ed25519" ? 1 : 2, bytes);
  return concat(messageField(1, key), varintField(2, validator.votingPower));
}

/** Order of a validator set: power descending, address ascending. */
export function compareByPower(a: Validator, b: Validator): number {
  if (a.votingPower !== b.votingPower) return a.votingPower > b.votingPower ? -1 : 1;
  return compareBytes(a.address, b.address);
}

/** Order by address ascending. */
export function compareByAddress(a: Validator, b: Validator): number {
  return compareBytes(a.address, b.address);
}
