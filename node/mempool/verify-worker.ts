/**
 * Owns a worker thread's life: verify the signatures of each batch that arrives, answer one byte each. Does not own what
 * a verdict is used for; node/mempool/signature-pool.ts starts it.
 */

import { type MessagePort, parentPort } from "node:worker_threads";
import { chooseCrypto } from "../crypto.ts";
import { unpackJobs } from "./signature-packing.ts";

/** A batch on its way to a worker. */
export interface VerifyRequest {
  readonly id: number;
  readonly packed: Uint8Array<ArrayBuffer>;
}

/** Its verdicts: 1 for a good signature, 0 for any other, in the order of the batch. */
export interface VerifyAnswer {
  readonly id: number;
  readonly verdicts: Uint8Array<ArrayBuffer>;
}

/** Messages that arrive while the backends are made ready wait in the port. */
async function serve(port: MessagePort): Promise<void> {
  const { verifier } = await chooseCrypto();
  port.on("message", ({ id, packed }: VerifyRequest) => {
    const verdicts: number[] = [];
    for (const { kind, publicKey, message, signature } of unpackJobs(packed)) {
      const good =
        kind === "secp256k1"
          ? verifier.secp256k1(publicKey, message, signature)
          : verifier.ed25519(publicKey, message, signature);
      verdicts.push(good ? 1 : 0);
    }
    const answer: VerifyAnswer = { id, verdicts: Uint8Array.from(verdicts) };
    port.postMessage(answer, [answer.verdicts.buffer]);
  });
}

if (parentPort !== null) void serve(parentPort);
