/**
 * Owns two public 32-bit hash steps, both on integers alone: FNV-1a over bytes, and the last step of MurmurHash3. They are
 * fast and not made against forgers. It does not own what is hashed.
 */

/** FNV-1a's first value (Fowler, Noll, Vo). */
export const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a of the bytes from `start` up to `end`, from a first value of one's own. */
export function fnv1a(bytes: Uint8Array, start: number, end: number, basis: number): number {
  let hash = basis;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
  return hash >>> 0;
}

/** MurmurHash3's fmix32: every bit of the input reaches every bit of the output, and no two inputs become one. */
export function mix32(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
