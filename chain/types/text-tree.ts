/**
 * Owns a record's commitment to its text: the RFC 6962 Merkle tree over the text's 128-byte chunks, its root, and proofs
 * for a run of neighbouring chunks. It does not own what the chunks are used to show (modules/attribution/span-proof.ts).
 *
 * Chunks are counted in bytes, not tokens, so that a root does not depend on the lexer, which is a parameter and may
 * change; and so that a chunk's place in the text follows from its number and needs no proof. The last chunk is what
 * is left. modules/attribution/README.md gives the sizes of proofs.
 */

import { concat, equalBytes } from "../../proto/bytes.ts";
import { type Hasher, nobleHasher } from "./hash.ts";
import { TEXT_CHUNK_BYTES } from "./limits.ts";
import { innerHash, leafHash } from "./merkle.ts";

const CHUNK_SHIFT = 7;
const HASH_BYTES = 32;

/** How many chunks a text of `length` bytes has. */
export function chunkCount(length: number): number {
  return (length + TEXT_CHUNK_BYTES - 1) >>> CHUNK_SHIFT;
}

/** The number of the chunk that holds the byte at `offset`. */
export function chunkOf(offset: number): number {
  return offset >>> CHUNK_SHIFT;
}

/** The tree over one text, all levels kept: about 64 bytes for each 128 of the text. */
export class TextTree {
  /** Hashes by level, the chunks' first; an odd last hash rises to the next level as it is. */
  readonly #levels: readonly (readonly Uint8Array[])[];
  readonly #text: Uint8Array;

  /** Throws on an empty text: a record has at least one byte. */
  constructor(text: Uint8Array, hasher: Hasher = nobleHasher) {
    if (text.length === 0) throw new Error("an empty text has no tree");
    this.#text = text;
    const leaves: Uint8Array[] = [];
    for (let start = 0; start < text.length; start += TEXT_CHUNK_BYTES) {
      leaves.push(leafHash(text.subarray(start, start + TEXT_CHUNK_BYTES), hasher));
    }
    const levels: (readonly Uint8Array[])[] = [leaves];
    for (let level: readonly Uint8Array[] = leaves; level.length > 1; ) {
      level = parentLevel(level, hasher);
      levels.push(level);
    }
    this.#levels = levels;
  }

  get root(): Uint8Array {
    return this.#levels[this.#levels.length - 1]![0]!;
  }

  /** The hash of a node: of the chunk `index` on level 0; undefined where the tree has none. */
  hashAt(level: number, index: number): Uint8Array | undefined {
    return this.#levels[level]?.[index];
  }

  /** The bytes of chunks `first` to `last` and the hashes that lead from them to the root. */
  prove(first: number, last: number): { readonly chunks: Uint8Array; readonly path: readonly Uint8Array[] } {
    const path: Uint8Array[] = [];
    let [low, high] = [first, last];
    for (const level of this.#levels) {
      if (level.length === 1) break;
      if ((low & 1) === 1) path.push(level[low - 1]!);
      if ((high & 1) === 0 && high + 1 < level.length) path.push(level[high + 1]!);
      low >>>= 1;
      high >>>= 1;
    }
    return { chunks: this.#text.slice(first * TEXT_CHUNK_BYTES, (last + 1) * TEXT_CHUNK_BYTES), path };
  }
}

/** The root over a text of at least one byte. */
export function textRoot(text: Uint8Array, hasher: Hasher = nobleHasher): Uint8Array {
  return new TextTree(text, hasher).root;
}

/**
 * Whether `chunks`, cut at 128 bytes, are the chunks from number `first` on of the text under `root`, whose length in
 * bytes is `textLength`. `path` must hold exactly the hashes that are needed, none over.
 */
export function verifyChunks(
  root: Uint8Array,
  textLength: number,
  first: number,
  chunks: Uint8Array,
  path: readonly Uint8Array[],
  hasher: Hasher = nobleHasher,
): boolean {
  const last = first + chunkCount(chunks.length) - 1;
  if (
    chunks.length === 0 ||
    chunks.length !== Math.min((last + 1) * TEXT_CHUNK_BYTES, textLength) - first * TEXT_CHUNK_BYTES
  ) {
    return false;
  }
  if (path.some((hash) => hash.length !== HASH_BYTES)) return false;
  let hashes: readonly Uint8Array[] = hasher.batch(leafPreimages(chunks));
  let used = 0;
  let [low, high, width] = [first, last, chunkCount(textLength)];
  while (width > 1) {
    const level: Uint8Array[] = [];
    if ((low & 1) === 1) {
      const left = path[used++];
      if (left === undefined) return false;
      level.push(left);
    }
    for (const hash of hashes) level.push(hash);
    if ((high & 1) === 0 && high + 1 < width) {
      const right = path[used++];
      if (right === undefined) return false;
      level.push(right);
    }
    hashes = parentLevel(level, hasher);
    low >>>= 1;
    high >>>= 1;
    width = (width + 1) >>> 1;
  }
  return used === path.length && hashes.length === 1 && equalBytes(hashes[0]!, root);
}

function leafPreimages(chunks: Uint8Array): Uint8Array[] {
  const preimages: Uint8Array[] = [];
  for (let start = 0; start < chunks.length; start += TEXT_CHUNK_BYTES) {
    preimages.push(concat(Uint8Array.of(0), chunks.subarray(start, start + TEXT_CHUNK_BYTES)));
  }
  return preimages;
}

/** Pairs neighbours; an odd last one rises. The first of `level` must have an even number on its level. */
function parentLevel(level: readonly Uint8Array[], hasher: Hasher): readonly Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i + 1 < level.length; i += 2) parents.push(innerHash(level[i]!, level[i + 1]!, hasher));
  if ((level.length & 1) === 1) parents.push(level[level.length - 1]!);
  return parents;
}
