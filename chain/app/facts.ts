// Owns: the memory of signatures already verified, so that a signature seen in CheckTx is not verified again in
// FinalizeBlock, and the names under which facts come from outside. Does not own: verifying (signatures.ts).
//
// Only a true verification is ever remembered, and what is not remembered is verified: forgetting changes no result.

import { concat, hex } from "../../proto/bytes.ts";
import type { Verifier } from "../types/crypto.ts";
import type { Hasher } from "../types/hash.ts";
import type { SignatureFacts } from "./abci.ts";
import { MAX_SIGNATURE_FACTS } from "./limits.ts";

/** One signature by one single key, as it would be verified. */
export interface SignatureJob {
  readonly kind: "secp256k1" | "ed25519";
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** The name of the fact "this signature is good": a hash over key kind, key, signature and message. */
export function signatureFact(hasher: Hasher, job: SignatureJob): string {
  // A transaction may carry signatures of any length: without the whole lengths, one could be continued by the first
  // bytes of its message and pass for another message's on the nodes that remember it, and on no other.
  const head = concat(
    Uint8Array.of(job.kind === "secp256k1" ? 1 : 2),
    lengthBytes(job.publicKey.length),
    lengthBytes(job.signature.length),
  );
  return hex(hasher.hash(concat(head, job.publicKey, job.signature, job.message)));
}

function lengthBytes(length: number): Uint8Array {
  return Uint8Array.of(length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff);
}

/** Verifies signatures, remembering the good ones up to a limit. */
export class SignatureMemory {
  readonly #hasher: Hasher;
  readonly #verifier: Verifier;
  readonly #known = new Set<string>();

  constructor({ hasher, verifier }: { readonly hasher: Hasher; readonly verifier: Verifier }) {
    this.#hasher = hasher;
    this.#verifier = verifier;
  }

  /** Whether the signature is good: from `facts`, from memory, or by verifying it now. */
  check(job: SignatureJob, facts: SignatureFacts | undefined): boolean {
    const fact = signatureFact(this.#hasher, job);
    if (this.#known.has(fact)) return true;
    const good = facts?.has(fact) === true || this.#verify(job);
    if (good) this.#remember(fact);
    return good;
  }

  #verify(job: SignatureJob): boolean {
    return job.kind === "secp256k1"
      ? this.#verifier.secp256k1(job.publicKey, job.message, job.signature)
      : this.#verifier.ed25519(job.publicKey, job.message, job.signature);
  }

  #remember(fact: string): void {
    if (this.#known.size >= MAX_SIGNATURE_FACTS) {
      // A Set iterates in insertion order, so the first is the oldest.
      for (const oldest of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.add(fact);
  }
}
