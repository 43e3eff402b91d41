/**
 * Owns the bytes in which signatures go to a worker and verdicts come back: one buffer per batch, handed over, not
 * copied. Does not own verifying.
 */

import type { SignatureJob } from "../../chain/app/facts.ts";

/** kind (1), key length (1), signature length (4), message length (4), then the three. */
const headerBytes = 10;

/** Packs signatures into a buffer of its own. A key longer than 255 bytes is no key; it must not come here. */
export function packJobs(jobs: readonly SignatureJob[]): Uint8Array<ArrayBuffer> {
  const size = jobs.reduce(
    (total, { publicKey, signature, message }) =>
      total + headerBytes + publicKey.length + signature.length + message.length,
    0,
  );
  const packed = new Uint8Array(new ArrayBuffer(size));
  const view = new DataView(packed.buffer);
  let offset = 0;
  for (const { kind, publicKey, signature, message } of jobs) {
    packed[offset] = kind === "secp256k1" ? 1 : 2;
    packed[offset + 1] = publicKey.length;
    view.setUint32(offset + 2, signature.length);
    view.setUint32(offset + 6, message.length);
    offset += headerBytes;
    for (const part of [publicKey, signature, message]) {
      packed.set(part, offset);
      offset += part.length;
    }
  }
  return packed;
}

/** Reads what `packJobs` wrote. */
export function* unpackJobs(packed: Uint8Array): Generator<SignatureJob> {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let offset = 0;
  while (offset < packed.length) {
    const kind = packed[offset] === 1 ? "secp256k1" : "ed25519";
    const lengths = [packed[offset + 1] ?? 0, view.getUint32(offset + 2), view.getUint32(offset + 6)];
    offset += headerBytes;
    const parts = lengths.map((length) => {
      const part = packed.subarray(offset, offset + length);
      offset += length;
      return part;
    });
    const [publicKey, signature, message] = parts as [Uint8Array, Uint8Array, Uint8Array];
    yield { kind, publicKey, signature, message };
  }
}
