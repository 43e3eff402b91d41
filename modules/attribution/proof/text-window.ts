/**
 * Owns openings of texts: the bytes a message shows of an output, a prompt or a record, once they are proved to stand
 * under its text root. It does not own the tree (text-tree.ts) nor what the bytes are used to show.
 */
import { type Hasher, nobleHasher } from "../../../chain/types/hash.ts";
import { TEXT_CHUNK_BYTES } from "../../../chain/types/limits.ts";
import { chunkCount, chunkOf, type TextTree, verifyChunks } from "../../../chain/types/text-tree.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MAX_PATH_HASHES } from "../limits.ts";

export type TextOpening = Messages["tributary.attribution.v1.TextOpening"];

/** What a text is committed to by. */
export interface TextCommitment {
  readonly root: Uint8Array;
  /** In bytes. */
  readonly length: number;
}

/** Bytes of a text, proved, and where they stand in it. */
export class TextWindow {
  readonly start: number;
  readonly bytes: Uint8Array;
  /** The length of the whole text. */
  readonly length: number;

  constructor(start: number, bytes: Uint8Array, length: number) {
    this.start = start;
    this.bytes = bytes;
    this.length = length;
  }

  get end(): number {
    return this.start + this.bytes.length;
  }

  /** Whether all bytes from `from` up to, not including, `to` are shown. */
  covers(from: number, to: number): boolean {
    return from >= this.start && to <= this.end;
  }

  /**
   * Whether the bytes of a stretch are shown with the one before and the one behind it, as far as the text has these:
   * what it takes to see that tokens begin and end at its borders.
   */
  coversWithBorders(from: number, to: number): boolean {
    return this.covers(Math.max(from - 1, 0), Math.min(to + 1, this.length));
  }

  /** The byte at an offset of the text; undefined outside the text. Throws when it is not shown. */
  at(offset: number): number | undefined {
    if (offset < 0 || offset >= this.length) return undefined;
    if (!this.covers(offset, offset + 1)) throw new Error(`byte ${offset} is not shown`);
    return this.bytes[offset - this.start];
  }

  slice(from: number, to: number): Uint8Array {
    return this.bytes.subarray(from - this.start, to - this.start);
  }
}

/** The window an opening proves; undefined when it proves nothing. */
export function openText(
  opening: TextOpening,
  { root, length }: TextCommitment,
  hasher: Hasher = nobleHasher,
): TextWindow | undefined {
  const { firstChunk, chunks, path } = opening;
  if (firstChunk >= BigInt(chunkCount(length)) || path.length > MAX_PATH_HASHES) return undefined;
  const first = Number(firstChunk);
  if (!verifyChunks(root, length, first, chunks, path, hasher)) return undefined;
  return new TextWindow(first * TEXT_CHUNK_BYTES, chunks, length);
}

/** The opening that shows a stretch of a text with its borders (`TextWindow.coversWithBorders`). */
export function showStretch(tree: TextTree, length: number, from: number, to: number): TextOpening {
  const first = chunkOf(Math.max(from - 1, 0));
  const last = chunkOf(Math.min(Math.max(to, from + 1), length - 1));
  return { firstChunk: BigInt(first), ...tree.prove(first, last) };
}
