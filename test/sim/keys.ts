// Keys for the simulator: the real shape with a cheap signature (a keyed mix, no curve), so that a run spends its time on
// consensus. Owns the stand-in verifier too. Nobody in a simulation tries to break it: only whoever holds a key signs.

import type { Verifier } from "../../chain/types/crypto.ts";
import { type PublicKey, publicKeyToAddress } from "../../chain/types/validator.ts";
import { sha256 } from "../../node/crypto.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import { equalBytes } from "../../proto/bytes.ts";

export function stubKey(number: number): ValidatorKey {
  const raw = sha256(Uint8Array.of(number));
  const publicKey: PublicKey = { ed25519: raw };
  return { publicKey, address: publicKeyToAddress(publicKey), sign: (bytes) => stubSignature(raw, bytes) };
}

export const stubVerifier: Verifier = {
  secp256k1: (publicKey, message, signature) => equalBytes(signature, stubSignature(publicKey, message)),
  ed25519: (publicKey, message, signature) => equalBytes(signature, stubSignature(publicKey, message)),
};

/** 64 bytes that depend on every byte of both. */
export function stubSignature(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (const bytes of [publicKey, message]) {
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b + byte + (a >>> 15), 0xc2b2ae35);
    }
  }
  const signature = new Uint8Array(64);
  const view = new DataView(signature.buffer);
  for (let at = 0; at < 64; at += 8) {
    a = Math.imul(a ^ (b >>> 13), 0x5bd1e995) + at;
    b = Math.imul(b ^ (a >>> 15), 0x27d4eb2f) + at;
    view.setUint32(at, a >>> 0);
    view.setUint32(at + 4, b >>> 0);
  }
  return signature;
}
