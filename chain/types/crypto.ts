/**
 * Owns signature checking: the port through which the core checks signatures and the pure implementation of it.
 * It does not own keys in storage nor signing (node/engine/signer.ts), nor addresses (public-key.ts).
 * A backend may be faster but must accept exactly the same signatures: acceptance is consensus.
 */
import { ed25519 as nobleEd25519 } from "@noble/curves/ed25519.js";
import { secp256k1 as nobleSecp256k1 } from "@noble/curves/secp256k1.js";

/** Checks signatures. Malformed keys and signatures are `false`, never a throw. */
export interface Verifier {
  /**
   * ECDSA over the SHA-256 of `message`: a 33-byte compressed key and a 64-byte r‖s whose s lies in the lower half of
   * the group order (SDK crypto/keys/secp256k1).
   */
  secp256k1(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** Ed25519 under ZIP-215: 32-byte key, 64-byte signature, cofactored equation, non-canonical points accepted. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** The pure verifier. */
export const nobleVerifier: Verifier = {
  secp256k1(publicKey, message, signature) {
    if (publicKey.length !== 33 || signature.length !== 64) return false;
    try {
      return nobleSecp256k1.verify(signature, message, publicKey, { prehash: true, lowS: true, format: "compact" });
    } catch {
      return false;
    }
  },
  ed25519(publicKey, message, signature) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    try {
      return nobleEd25519.verify(signature, message, publicKey, { zip215: true });
    } catch {
      return false;
    }
  },
};
