// Owns account keys as bytes: the public key of a private key, and signatures as the SDK makes them. It derives nothing
// from words (derivation.ts) and stores nothing (keyring.ts).
import { secp256k1 } from "@noble/curves/secp256k1.js";

/** The 33-byte compressed public key of a private key. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  return secp256k1.getPublicKey(privateKey, true);
}

/** Whether 32 bytes are a private key of the curve. */
export function isPrivateKey(bytes: Uint8Array): boolean {
  return secp256k1.utils.isValidSecretKey(bytes);
}

/** The 64-byte signature (r ‖ s, low s, RFC 6979) over the SHA-256 of the message, as the SDK signs. */
export function signSecp256k1(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return secp256k1.sign(message, privateKey);
}
