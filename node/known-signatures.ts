/**
 * Owns the memory of ed25519 signatures found good lately: those of votes, which are met again in the commit of the next
 * block, and those that workers verified beforehand. Only a true verification is ever remembered, and what is not
 * remembered is verified, so no verdict depends on it. Does not own verifying.
 */

import type { Verifier } from "../chain/types/crypto.ts";

/** Signatures remembered, some 300 bytes each: heights of votes, and the commits that block sync has verified ahead. */
const remembered = 8_192;
/** Signatures verified ahead of their block: what is remembered must still be there when its turn comes. */
export const maximumForeseen = 6_000;

/** The memory, and a verifier that uses it. */
export class KnownSignatures {
  /** Accepts what the verifier it was made of accepts. */
  readonly verifier: Verifier;
  readonly #good = new Set<string>();

  constructor(verifier: Verifier) {
    this.verifier = {
      secp256k1: verifier.secp256k1,
      ed25519: (publicKey, message, signature) => {
        if (publicKey.length !== 32 || signature.length !== 64) return false;
        const name = nameOf(publicKey, message, signature);
        if (this.#good.has(name)) return true;
        const good = verifier.ed25519(publicKey, message, signature);
        if (good) this.#remember(name);
        return good;
      },
    };
  }

  /** Whether this signature needs no verification any more. */
  knows(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    return this.#good.has(nameOf(publicKey, message, signature));
  }

  /** Takes in a signature that was verified, by a verifier that accepts the same ones. */
  learn(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
    if (publicKey.length === 32 && signature.length === 64) this.#remember(nameOf(publicKey, message, signature));
  }

  #remember(name: string): void {
    this.#good.add(name);
    if (this.#good.size <= remembered) return;
    // A Set iterates in insertion order, so the first is the oldest.
    for (const oldest of this.#good) {
      this.#good.delete(oldest);
      return;
    }
  }
}

/** Key and signature have one length each, so no two triples share a name. */
function nameOf(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): string {
  return latin1(publicKey) + latin1(signature) + latin1(message);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
