// Seeded randomness and native hashing for the store's tests: a failing seed can be run again.

import { createHash } from "node:crypto";
import type { Hasher } from "../../../chain/types/hash.ts";

/** Numbers from 0 up to a bound, from a seed (mulberry32). */
export function randomNumbers(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Bytes below `alphabet`: a small one makes keys collide and share prefixes. */
export function randomBytes(random: (bound: number) => number, length: number, alphabet: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(alphabet));
}

/** Another implementation of the hashing port, to run beside the pure one. */
export const nativeHasher: Hasher = {
  hash: (bytes) => Uint8Array.from(createHash("sha256").update(bytes).digest()),
  batch: (preimages) => preimages.map((bytes) => Uint8Array.from(createHash("sha256").update(bytes).digest())),
  batchInto: (preimages, ends, count, digests) => {
    for (let i = 0, start = 0; i < count; i++) {
      const end = ends[i]!;
      digests.set(createHash("sha256").update(preimages.subarray(start, end)).digest(), i * 32);
      start = end;
    }
  },
};
