/**
 * Owns the check of a text opening: that the bytes it shows stand at their place under a text root, and which byte stands
 * before and after them. It does not own what the bytes are used to show (fingerprint.ts, keeper/).
 */
import type { Hasher } from "../../chain/types/hash.ts";
import { beginsToken, endsToken, isSpace } from "../../chain/types/lexer.ts";
import { TEXT_CHUNK_BYTES } from "../../chain/types/limits.ts";
import { chunkCount, chunkOf, verifyChunks } from "../../chain/types/text-tree.ts";
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_OPENING_BYTES, MAX_OPENING_PATH } from "./limits.ts";

export type TextOpening = Messages["tributary.datanet.v1.TextOpening"];

/** Bytes of a text that are proved to stand there. */
export interface OpenedText {
  /** Where the bytes begin in the text. */
  readonly start: number;
  readonly bytes: Uint8Array;
  /** The byte before the first and after the last; undefined where the text ends. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Whether nothing but white space is known to stand before them, and after them, in the whole text. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** What a text root commits to. */
export interface TextCommitment {
  readonly root: Uint8Array;
  /** Length of the text in bytes. */
  readonly length: bigint;
}

/** How many hashes the check takes, counted before any is made. */
export function hashesOf(opening: TextOpening): number {
  return 2 * chunkCount(opening.chunks.length) + opening.path.length;
}

/** The chunks that an opening shows: those of its bytes, of the one before and of the one after, as far as the text has them. */
export function chunksOf(start: number, length: number, textLength: number): { first: number; last: number } {
  return { first: chunkOf(Math.max(start - 1, 0)), last: chunkOf(Math.min(start + length, textLength - 1)) };
}

/** Checks an opening. Gives the bytes, or one sentence saying why it is refused. */
export function checkOpening(
  opening: TextOpening,
  text: TextCommitment,
  hasher: Hasher,
): OpenedText | { flaw: string } {
  const { length, chunks, path } = opening;
  if (length < 1 || length > MAX_OPENING_BYTES)
    return { flaw: `it shows ${length} bytes, not 1 to ${MAX_OPENING_BYTES}` };
  if (opening.start + BigInt(length) > text.length) {
    return { flaw: `it ends at byte ${opening.start + BigInt(length)} of a text of ${text.length}` };
  }
  if (path.length > MAX_OPENING_PATH) return { flaw: `its path has more than ${MAX_OPENING_PATH} hashes` };
  // A text has at most 2^25 bytes, so that all of these are exact.
  const start = Number(opening.start);
  const textLength = Number(text.length);
  const { first, last } = chunksOf(start, length, textLength);
  const origin = first * TEXT_CHUNK_BYTES;
  const shown = Math.min((last + 1) * TEXT_CHUNK_BYTES, textLength) - origin;
  if (chunks.length !== shown) {
    return { flaw: `chunks ${first} to ${last} of the text have ${shown} bytes, not ${chunks.length}` };
  }
  if (!verifyChunks(text.root, textLength, first, chunks, path, hasher)) {
    return { flaw: "its path does not lead from its chunks to the text root" };
  }
  return openedIn(chunks, origin, { start, length }, textLength);
}

/** A run within the chunks that show it, of which the first byte is at `origin`. */
function openedIn(
  chunks: Uint8Array,
  origin: number,
  { start, length }: { readonly start: number; readonly length: number },
  textLength: number,
): OpenedText {
  const from = start - origin;
  const to = from + length;
  return {
    start,
    bytes: chunks.subarray(from, to),
    before: chunks[from - 1],
    after: chunks[to],
    isFirst: origin === 0 && chunks.subarray(0, from).every(isSpace),
    isLast: origin + chunks.length === textLength && chunks.subarray(to).every(isSpace),
  };
}

/** Whether the bytes begin and end where tokens of the text do, or the text itself: white space may stand at its ends. */
export function isTokenRun({ bytes, before, after }: OpenedText): boolean {
  const begins = before === undefined || beginsToken(before, bytes[0]!);
  return begins && (after === undefined || endsToken(bytes[bytes.length - 1]!, after));
}

/**
 * An opening with its own bytes put back where they were left out: chunks shorter than the run hold only what stands around
 * it. So a run that two texts share is sent once. Any other opening is given as it is.
 */
export function withRun(opening: TextOpening, run: Uint8Array): TextOpening {
  const { chunks, length } = opening;
  if (chunks.length >= length || length !== run.length) return opening;
  const before = bytesBefore(opening.start);
  return { ...opening, chunks: concat(chunks.subarray(0, before), run, chunks.subarray(before)) };
}

/** As `withRun` takes it; an opening of few bytes stays as it is. */
export function withoutRun(opening: TextOpening): TextOpening {
  const { start, length, chunks } = opening;
  if (chunks.length - length >= length) return opening;
  const before = bytesBefore(start);
  return { ...opening, chunks: concat(chunks.subarray(0, before), chunks.subarray(before + length)) };
}

/** How many bytes of its chunks stand before a run: those of the chunk that holds the byte before it. */
function bytesBefore(start: bigint): number {
  return start === 0n ? 0 : Number((start - 1n) % BigInt(TEXT_CHUNK_BYTES)) + 1;
}

/** A run of a text as `checkOpening` gives it, without opening it: what a challenge would show is judged before it is made. */
export function runOf(text: Uint8Array, start: number, length: number): OpenedText {
  const { first, last } = chunksOf(start, length, text.length);
  const origin = first * TEXT_CHUNK_BYTES;
  return openedIn(text.subarray(origin, (last + 1) * TEXT_CHUNK_BYTES), origin, { start, length }, text.length);
}
