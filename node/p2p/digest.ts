/**
 * Short names of byte strings: for the sets of what a peer has seen, and for the transactions of a compact proposal. A name is no
 * commitment: where two coincide a message is pulled later, or a block fetched in full.
 */
import { hash } from "node:crypto";

/** Bytes of SHA-256 in a name: 120 bits, which are 20 digits of base64 without a rest. */
export const DIGEST_BYTES = 15;
const DIGITS = (DIGEST_BYTES / 3) * 4;

/** The name of some bytes, as text. */
export function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64").slice(0, DIGITS);
}

/** Names end to end, as they travel. */
export function joinDigests(digests: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(digests.join(""), "base64"));
}

/** The names in `joined`, or undefined when its length is no multiple of a name's. */
export function splitDigests(joined: Uint8Array): string[] | undefined {
  if (joined.length % DIGEST_BYTES !== 0) return undefined;
  const text = Buffer.from(joined).toString("base64");
  return Array.from({ length: joined.length / DIGEST_BYTES }, (_, index) =>
    text.slice(index * DIGITS, (index + 1) * DIGITS),
  );
}
