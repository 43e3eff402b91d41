/**
 * Owns public keys as data and the 20-byte addresses derived from them. It does not own signature checking (crypto.ts)
 * nor bech32 text (address.ts). Amino bytes appear here only because multisig addresses are their hash.
 */
import { concat } from "../../proto/bytes.ts";
import { ripemd160, sha256 } from "./hash.ts";
import { ADDRESS_BYTES } from "./limits.ts";
import { messageField, varintField } from "./wire.ts";

/** The key types validators and accounts have. */
export type KeyType = "ed25519" | "secp256k1";

/** Bytes of a public key of each type; secp256k1 keys are compressed. */
export const PUBLIC_KEY_BYTES: Readonly<Record<KeyType, number>> = { ed25519: 32, secp256k1: 33 };

/** The key is not of a known type or length. */
export class PublicKeyError extends Error {
  override name = "PublicKeyError";
}

const AMINO_ED25519 = Uint8Array.of(0x16, 0x24, 0xde, 0x64, 0x20);
const AMINO_SECP256K1 = Uint8Array.of(0xeb, 0x5a, 0xe9, 0x87, 0x21);
const AMINO_MULTISIG = Uint8Array.of(0x22, 0xc1, 0xf7, 0xe2);

/** Address of an ed25519 key: the first 20 bytes of its SHA-256. */
export function ed25519Address(publicKey: Uint8Array): Uint8Array {
  checkLength("ed25519", publicKey);
  return sha256(publicKey).slice(0, ADDRESS_BYTES);
}

/** Address of a compressed secp256k1 key: RIPEMD-160 of its SHA-256. */
export function secp256k1Address(publicKey: Uint8Array): Uint8Array {
  checkLength("secp256k1", publicKey);
  return ripemd160(sha256(publicKey));
}

/** Address of a key of either type. */
export function publicKeyAddress(type: KeyType, publicKey: Uint8Array): Uint8Array {
  return type === "ed25519" ? ed25519Address(publicKey) : secp256k1Address(publicKey);
}

/** Amino bytes of a single key: four bytes that name the type, the length and the key. */
export function aminoPublicKey(type: KeyType, publicKey: Uint8Array): Uint8Array {
  checkLength(type, publicKey);
  return concat(type === "ed25519" ? AMINO_ED25519 : AMINO_SECP256K1, publicKey);
}

/** Amino bytes of a LegacyAminoPubKey: threshold and member keys in their order. Members are single keys. */
export function aminoMultisig(
  threshold: number,
  members: readonly { readonly type: KeyType; readonly publicKey: Uint8Array }[],
): Uint8Array {
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > members.length) {
    throw new PublicKeyError(`invalid multisig threshold ${threshold} of ${members.length} keys`);
  }
  return aminoThresholdKey(
    threshold,
    members.map(({ type, publicKey }) => aminoPublicKey(type, publicKey)),
  );
}

/** The same of members whose amino bytes are made already; they may be multisigs themselves. */
export function aminoThresholdKey(threshold: number, members: readonly Uint8Array[]): Uint8Array {
  const fields = members.map((member) => messageField(2, member));
  return concat(AMINO_MULTISIG, varintField(1, BigInt(threshold)), ...fields);
}

/** Address of a multisig: the first 20 bytes of the SHA-256 of its amino bytes (LegacyAminoPubKey.Address). */
export function multisigAddress(
  threshold: number,
  members: readonly { readonly type: KeyType; readonly publicKey: Uint8Array }[],
): Uint8Array {
  return sha256(aminoMultisig(threshold, members)).slice(0, ADDRESS_BYTES);
}

function checkLength(type: KeyType, publicKey: Uint8Array): void {
  const expected = PUBLIC_KEY_BYTES[type];
  if (publicKey.length !== expected) {
    throw new PublicKeyError(`length of ${type} public key is incorrect: want ${expected}, got ${publicKey.length}`);
  }
}
