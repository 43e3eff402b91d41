/**
 * Owns the semantic signature of a text: 64 bits that differ in few places when texts are alike, in the manner of the
 * ISCC Text-Code (ISO 24138): n-grams of 13 characters and MinHash. It is not that code: it normalises bytes, not
 * Unicode, and takes the 64 minima from one hash (Li, Owen, Zhang, "One permutation hashing", 2012). The chain stores it
 * and never judges by it.
 */
import { isSpace } from "../../chain/types/lexer.ts";
import { SEMANTIC_SIGNATURE_BYTES } from "./limits.ts";
import { FNV_BASIS, fnv1a, mix32 } from "./token-hash.ts";

const NGRAM_BYTES = 13;
const BITS = 64;
/** The upper 6 bits of a hash choose its bin. */
const BIN_SHIFT = 26;
/** Above every 26-bit rest: no n-gram fell into the bin. */
const EMPTY = 0xffff_ffff;

/**
 * The signature of a text, 8 bytes. Each n-gram's hash falls into one of 64 bins; bit i, the highest first, is the lowest
 * bit of the least rest in bin i, or of the next bin that has one.
 */
export function semanticSignature(text: Uint8Array): Uint8Array {
  const bytes = normalised(text);
  const minima = new Uint32Array(BITS).fill(EMPTY);
  const last = Math.max(bytes.length - NGRAM_BYTES, 0);
  for (let start = 0; start <= last; start++) {
    const hash = mix32(fnv1a(bytes, start, Math.min(start + NGRAM_BYTES, bytes.length), FNV_BASIS));
    const rest = hash & ((1 << BIN_SHIFT) - 1);
    if (rest < minima[hash >>> BIN_SHIFT]!) minima[hash >>> BIN_SHIFT] = rest;
  }
  const signature = new Uint8Array(SEMANTIC_SIGNATURE_BYTES);
  for (let i = 0; i < BITS; i++) {
    let bin = i;
    while (minima[bin] === EMPTY) bin = (bin + 1) & (BITS - 1);
    signature[i >>> 3]! |= (minima[bin]! & 1) << (7 - (i & 7));
  }
  return signature;
}

/** In how many of 64 bits two signatures differ. */
export function signatureDistance(left: Uint8Array, right: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < SEMANTIC_SIGNATURE_BYTES; i++) {
    for (let bits = (left[i] ?? 0) ^ (right[i] ?? 0); bits !== 0; bits &= bits - 1) distance++;
  }
  return distance;
}

/** Without white space, and with the letters of ASCII in lower case. */
function normalised(text: Uint8Array): Uint8Array {
  const bytes = text.filter((byte) => !isSpace(byte));
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}
