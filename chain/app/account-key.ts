// Owns: the keys that accounts sign with, out of their `Any` form: single keys and LegacyAminoPubKey multisigs, their
// addresses and how many single keys they hold. Does not own: checking a signature (signatures.ts).

import { DecodeError, decode, nameOfTypeUrl } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { sdkErrors } from "../module/errors.ts";
import { sha256 } from "../types/hash.ts";
import { impossible } from "../types/impossible.ts";
import { ADDRESS_BYTES } from "../types/limits.ts";
import { aminoPublicKey, aminoThresholdKey, PUBLIC_KEY_BYTES, publicKeyAddress } from "../types/public-key.ts";
import { MAX_MULTISIG_DEPTH, MAX_MULTISIG_KEYS } from "./limits.ts";

type Any = Messages["google.protobuf.Any"];

/** A key an account may have. */
export type AccountKey =
  | { readonly kind: "secp256k1" | "ed25519"; readonly bytes: Uint8Array }
  | { readonly kind: "multisig"; readonly threshold: number; readonly members: readonly AccountKey[] };

/** The key that simulation supposes when a transaction names none, as the SDK's ante does. Its value never matters. */
export const SIMULATED_KEY: AccountKey = { kind: "secp256k1", bytes: new Uint8Array(PUBLIC_KEY_BYTES.secp256k1) };

/** Reads a key. Throws sdk/8 (invalid pubkey) for another type, a wrong length or too deep a nesting. */
export function decodeAccountKey(any: Any): AccountKey {
  try {
    return decodeKey(any, 0);
  } catch (error) {
    if (error instanceof DecodeError) throw sdkErrors.invalidPubKey.because(error.message);
    throw error;
  }
}

function decodeKey(any: Any, depth: number): AccountKey {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === "cosmos.crypto.secp256k1.PubKey") {
    return singleKey("secp256k1", decode("cosmos.crypto.secp256k1.PubKey", any.value, "rejectUnknown").key);
  }
  if (name === "cosmos.crypto.ed25519.PubKey") {
    return singleKey("ed25519", decode("cosmos.crypto.ed25519.PubKey", any.value, "rejectUnknown").key);
  }
  if (name !== "cosmos.crypto.multisig.LegacyAminoPubKey") {
    throw sdkErrors.invalidPubKey.because(`unrecognized public key type: ${any.typeUrl}`);
  }
  if (depth >= MAX_MULTISIG_DEPTH) throw sdkErrors.invalidPubKey.because("multisig keys nest too deeply");
  const multisig = decode("cosmos.crypto.multisig.LegacyAminoPubKey", any.value, "rejectUnknown");
  if (multisig.publicKeys.length > MAX_MULTISIG_KEYS) {
    throw sdkErrors.invalidPubKey.because(`multisig has more than ${MAX_MULTISIG_KEYS} keys`);
  }
  if (multisig.threshold < 1 || multisig.threshold > multisig.publicKeys.length) {
    throw sdkErrors.invalidPubKey.because(
      `invalid multisig threshold ${multisig.threshold} of ${multisig.publicKeys.length} keys`,
    );
  }
  const members = multisig.publicKeys.map((member) => decodeKey(member, depth + 1));
  return { kind: "multisig", threshold: multisig.threshold, members };
}

function singleKey(kind: "secp256k1" | "ed25519", bytes: Uint8Array): AccountKey {
  const expected = PUBLIC_KEY_BYTES[kind];
  if (bytes.length !== expected) {
    throw sdkErrors.invalidPubKey.because(
      `length of ${kind} public key is incorrect: want ${expected}, got ${bytes.length}`,
    );
  }
  return { kind, bytes };
}

/** The 20-byte address of an account with this key. */
export function accountKeyAddress(key: AccountKey): Uint8Array {
  switch (key.kind) {
    case "secp256k1":
    case "ed25519":
      return publicKeyAddress(key.kind, key.bytes);
    case "multisig":
      return sha256(aminoBytes(key)).slice(0, ADDRESS_BYTES);
    default:
      return impossible(key);
  }
}

/** How many single keys a key holds, itself or by its members (ante CountSubKeys). */
export function countSubKeys(key: AccountKey): number {
  if (key.kind !== "multisig") return 1;
  return key.members.reduce((count, member) => count + countSubKeys(member), 0);
}

/** Amino bytes of a key; a multisig's members may be multisigs. */
export function aminoBytes(key: AccountKey): Uint8Array {
  if (key.kind !== "multisig") return aminoPublicKey(key.kind, key.bytes);
  return aminoThresholdKey(key.threshold, key.members.map(aminoBytes));
}
