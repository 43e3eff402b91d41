// Keys for the simulator: the real shape with a cheap signature (two hashes), so that a run spends its time on consensus
// and not on curves. Owns the stand-in verifier too.

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
  secp256k1: () => false,
  ed25519: (publicKey, message, signature) => equalBytes(signature, stubSignature(publicKey, message)),
};

function stubSignature(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const first = sha256(Buffer.concat([publicKey, message]));
  return Buffer.concat([first, sha256(first)]);
}
