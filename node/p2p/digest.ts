/** A short name for some bytes, for the "has the peer seen it" sets. It is no commitment: a collision only means one message is pulled later. */
import { hash } from "node:crypto";

/** 128 bits of sha256, as base64. */
export function digest(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64").slice(0, 22);
}
