/**
 * Owns SHA-256 and the port through which the core hashes. It does not own what is hashed.
 * `node/main.ts` may pass a native hasher; the pure one here is the default and always gives the same bytes.
 */
import { ripemd160 as nobleRipemd160 } from "@noble/hashes/legacy.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

/** SHA-256 as a service: one message, or many independent ones that a backend may compute together. */
export interface Hasher {
  hash(bytes: Uint8Array): Uint8Array;
  batch(preimages: readonly Uint8Array[]): readonly Uint8Array[];
  /**
   * As `batch`, without an array per message: `count` messages lie end to end in `preimages`, message i ends at
   * `ends[i]`, and its digest goes to `digests` at 32 i. A backend that can do this well offers it; trees prefer it.
   */
  batchInto?(preimages: Uint8Array, ends: Uint32Array, count: number, digests: Uint8Array): void;
}

/** The SHA-256 digest of `bytes`, 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** The RIPEMD-160 digest of `bytes`, 20 bytes; secp256k1 addresses use it. */
export function ripemd160(bytes: Uint8Array): Uint8Array {
  return nobleRipemd160(bytes);
}

/** The pure hasher. */
export const nobleHasher: Hasher = {
  hash: sha256,
  batch: (preimages) => preimages.map(sha256),
};
