/**
 * Owns the bit array that says which members of a multisig signed (SDK crypto/types/CompactBitArray). The most
 * significant bit of each byte comes first. It does not own the signatures.
 */
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_COMPACT_BITS } from "./limits.ts";
import { varint } from "./wire.ts";

/** `elems` and the number of bits used in its last byte; zero means all eight. */
export type CompactBitArray = Messages["cosmos.crypto.multisig.v1beta1.CompactBitArray"];

/** The array is malformed or the bit is outside it. */
export class CompactBitArrayError extends Error {
  override name = "CompactBitArrayError";
}

/** Makes an array from its bits. */
export function compactBits(bits: readonly boolean[]): CompactBitArray {
  if (bits.length > MAX_COMPACT_BITS) throw new CompactBitArrayError(`more than ${MAX_COMPACT_BITS} bits`);
  const elems = new Uint8Array((bits.length + 7) >> 3);
  bits.forEach((bit, i) => {
    if (bit) elems[i >> 3] = (elems[i >> 3] as number) | (0x80 >> (i & 7));
  });
  return { extraBitsStored: bits.length & 7, elems };
}

/** Number of bits in the array. Throws CompactBitArrayError when the two fields do not fit. */
export function compactBitCount({ elems, extraBitsStored }: CompactBitArray): number {
  if (!Number.isInteger(extraBitsStored) || extraBitsStored < 0 || extraBitsStored > 7) {
    throw new CompactBitArrayError(`extra bits stored must be below 8, got ${extraBitsStored}`);
  }
  if (elems.length === 0) {
    if (extraBitsStored !== 0) throw new CompactBitArrayError("extra bits stored without any bytes");
    return 0;
  }
  const count = extraBitsStored === 0 ? elems.length * 8 : (elems.length - 1) * 8 + extraBitsStored;
  if (count > MAX_COMPACT_BITS) throw new CompactBitArrayError(`more than ${MAX_COMPACT_BITS} bits`);
  return count;
}

/** Whether bit `index` is set; false outside the array. */
export function compactBit(array: CompactBitArray, index: number): boolean {
  if (index < 0 || index >= compactBitCount(array)) return false;
  return ((array.elems[index >> 3] as number) & (0x80 >> (index & 7))) !== 0;
}

/** All bits in their order. */
export function compactBitList(array: CompactBitArray): readonly boolean[] {
  return Array.from({ length: compactBitCount(array) }, (_, i) => compactBit(array, i));
}

/** How many bits before `index` are set: the place of a member's signature in the list of signatures. */
export function compactBitsBefore(array: CompactBitArray, index: number): number {
  const count = compactBitCount(array);
  const end = index < count ? index : count;
  let before = 0;
  for (let i = 0; i < end; i++) if (compactBit(array, i)) before++;
  return before;
}

/** The bits as `x` and `_`, the SDK's JSON text of them. */
export function formatCompactBits(array: CompactBitArray): string {
  return compactBitList(array)
    .map((bit) => (bit ? "x" : "_"))
    .join("");
}

/** Reads `x` and `_`. Throws CompactBitArrayError for anything else. */
export function parseCompactBits(text: string): CompactBitArray {
  if (!/^[x_]*$/.test(text)) throw new CompactBitArrayError("bit array text must be made of x and _");
  return compactBits([...text].map((letter) => letter === "x"));
}

/** Number of bits as a varint and the bytes (CompactMarshal); no bits are the text `null`. */
export function marshalCompactBits(array: CompactBitArray): Uint8Array {
  const count = compactBitCount(array);
  if (count === 0) return Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c);
  return concat(varint(BigInt(count)), array.elems);
}

/** Reads what marshalCompactBits wrote. Throws CompactBitArrayError. */
export function unmarshalCompactBits(bytes: Uint8Array): CompactBitArray {
  if (bytes.length === 4 && bytes[0] === 0x6e && bytes[1] === 0x75 && bytes[2] === 0x6c && bytes[3] === 0x6c) {
    return compactBits([]);
  }
  if (bytes.length < 2) throw new CompactBitArrayError("compact bit array: invalid compact unmarshal size");
  let count = 0;
  let at = 0;
  for (let more = true; more; at++) {
    const byte = bytes[at];
    if (byte === undefined || at >= 2) {
      throw new CompactBitArrayError(`compact bit array: bit count is out of range of len(bz)=${bytes.length}`);
    }
    count |= (byte & 0x7f) << (7 * at);
    more = byte >= 0x80;
  }
  const elems = bytes.slice(at);
  if (count > MAX_COMPACT_BITS || elems.length !== (count + 7) >> 3) {
    throw new CompactBitArrayError("compact bit array: invalid compact unmarshal size");
  }
  return { extraBitsStored: count & 7, elems };
}
