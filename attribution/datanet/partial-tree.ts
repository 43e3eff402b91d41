/**
 * Owns what is known of a text of which only the root stands on the chain: the chunks and hashes that openings have shown. It
 * compares them with a text that the root should be of, and opens again what it knows. It does not own what a difference
 * means (segment-faults.ts, index-faults.ts).
 */
import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import { innerHash, leafHash } from "../../chain/types/merkle.ts";
import { chunkCount, type TextTree } from "../../chain/types/text-tree.ts";
import { checkOpening, chunksOf, type TextOpening } from "../../modules/datanet/opening.ts";
import { equalBytes } from "../../proto/bytes.ts";

/** Neighbouring chunks, both ends included. */
export interface ChunkRange {
  readonly first: number;
  readonly last: number;
}

/** The known part of one text's tree. */
export class PartialTree {
  readonly root: Uint8Array;
  /** Length of the text in bytes. */
  readonly length: number;
  readonly #hasher: Hasher;
  /** Known hashes by level and place on it, the chunks' on level 0. */
  readonly #levels: Map<number, Uint8Array>[] = [];
  readonly #widths: number[] = [];
  readonly #chunks = new Map<number, Uint8Array>();

  constructor(root: Uint8Array, length: number, hasher: Hasher = nobleHasher) {
    this.root = root;
    this.length = length;
    this.#hasher = hasher;
    for (let width = chunkCount(length); ; width = (width + 1) >>> 1) {
      this.#widths.push(width);
      this.#levels.push(new Map());
      if (width <= 1) break;
    }
    this.#levels.at(-1)!.set(0, root);
  }

  /** Takes in an opening. Gives false for one that is not of this text. */
  add(opening: TextOpening): boolean {
    const opened = checkOpening(opening, { root: this.root, length: BigInt(this.length) }, this.#hasher);
    if ("flaw" in opened) return false;
    const { first, last } = chunksOf(Number(opening.start), opening.length, this.length);
    for (let chunk = first; chunk <= last; chunk++) {
      const from = (chunk - first) * TEXT_CHUNK_BYTES;
      const bytes = opening.chunks.slice(from, from + TEXT_CHUNK_BYTES);
      this.#chunks.set(chunk, bytes);
      this.#levels[0]!.set(chunk, leafHash(bytes, this.#hasher));
    }
    let used = 0;
    let [low, high] = [first, last];
    for (let level = 0; level + 1 < this.#levels.length; level++) {
      const nodes = this.#levels[level]!;
      if ((low & 1) === 1) nodes.set(low - 1, opening.path[used++]!);
      if ((high & 1) === 0 && high + 1 < this.#widths[level]!) nodes.set(high + 1, opening.path[used++]!);
      low >>>= 1;
      high >>>= 1;
      for (let parent = low; parent <= high; parent++) this.#join(level, parent);
    }
    return true;
  }

  /** A chunk's bytes; undefined for one that was not shown. */
  chunk(chunk: number): Uint8Array | undefined {
    return this.#chunks.get(chunk);
  }

  /** The chunks that were shown, ascending. */
  get shown(): readonly number[] {
    return [...this.#chunks.keys()].sort((a, b) => a - b);
  }

  /** Opens bytes from what is known; undefined when it does not suffice. */
  open(start: number, length: number): TextOpening | undefined {
    const { first, last } = chunksOf(start, length, this.length);
    const chunks: Uint8Array[] = [];
    for (let chunk = first; chunk <= last; chunk++) {
      const bytes = this.#chunks.get(chunk);
      if (bytes === undefined) return undefined;
      chunks.push(bytes);
    }
    const path: Uint8Array[] = [];
    let [low, high] = [first, last];
    for (let level = 0; level + 1 < this.#levels.length; level++) {
      const beside: number[] = [];
      if ((low & 1) === 1) beside.push(low - 1);
      if ((high & 1) === 0 && high + 1 < this.#widths[level]!) beside.push(high + 1);
      for (const place of beside) {
        const hash = this.#levels[level]!.get(place);
        if (hash === undefined) return undefined;
        path.push(hash);
      }
      low >>>= 1;
      high >>>= 1;
    }
    return { start: BigInt(start), length, chunks: new Uint8Array(Buffer.concat(chunks)), path };
  }

  /** The chunks under hashes that are not those of `truth`, a tree of as many bytes, and below which not all is known; the fewest first. */
  *differing(truth: TextTree): Generator<ChunkRange> {
    for (const [level, nodes] of this.#levels.entries()) {
      for (const [place, hash] of [...nodes].sort(([a], [b]) => a - b)) {
        const own = truth.hashAt(level, place);
        if (this.#isLookedInto(level, place) || (own !== undefined && equalBytes(own, hash))) continue;
        const end = Math.min((place + 1) * 2 ** level, this.#widths[0]!);
        yield { first: place * 2 ** level, last: end - 1 };
      }
    }
  }

  #isLookedInto(level: number, place: number): boolean {
    if (level === 0) return this.#chunks.has(place);
    const below = this.#levels[level - 1]!;
    return below.has(2 * place) && (below.has(2 * place + 1) || 2 * place + 1 === this.#widths[level - 1]);
  }

  /** Sets a node from the two below it; an odd last one rises as it is. */
  #join(level: number, parent: number): void {
    const nodes = this.#levels[level]!;
    const [left, right] = [nodes.get(2 * parent), nodes.get(2 * parent + 1)];
    if (left === undefined) return;
    if (right !== undefined) this.#levels[level + 1]!.set(parent, innerHash(left, right, this.#hasher));
    else if (2 * parent + 1 === this.#widths[level]!) this.#levels[level + 1]!.set(parent, left);
  }
}
