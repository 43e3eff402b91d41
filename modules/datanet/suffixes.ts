/**
 * Owns what a few opened entries of a segment's suffix array say against it. The array holds the offset of every token
 * of the segment's text, 4 bytes each, by the text that follows: its first 256 bytes, then its offset. It does not own
 * who challenges (keeper/segments.ts).
 *
 * Entries that are all offsets of tokens and strictly ascending are all different; when none is left out between two
 * neighbours, before the first or after the last, they are the suffix array.
 */
import { beginsToken } from "../../chain/types/lexer.ts";
import { compareBytes } from "../../proto/bytes.ts";
import { SUFFIX_BYTES } from "./limits.ts";
import type { OpenedText } from "./opening.ts";

const ENTRY_BYTES = 4;

/** What is known of the array without opening it. */
export interface SuffixArray {
  readonly count: bigint;
  readonly textLength: bigint;
}

/** What is wrong with the array, or why nothing is shown. */
export type IndexJudgement = { readonly ground: "range" | "token" | "order" | "missing" } | { readonly flaw: string };

/** Judges one entry or two neighbours. `texts` opens the text at each of them, and last at a token that is left out. */
export function judgeEntries(entries: OpenedText, texts: readonly OpenedText[], array: SuffixArray): IndexJudgement {
  const count = entries.bytes.length === ENTRY_BYTES ? 1 : entries.bytes.length === 2 * ENTRY_BYTES ? 2 : 0;
  if (count === 0 || entries.start % ENTRY_BYTES !== 0) return { flaw: "one or two whole entries are to be shown" };
  const view = new DataView(entries.bytes.buffer, entries.bytes.byteOffset, entries.bytes.byteLength);
  const offsets = Array.from({ length: count }, (_, i) => view.getUint32(i * ENTRY_BYTES));
  if (offsets.some((offset) => BigInt(offset) >= array.textLength)) return { ground: "range" };
  const shown = texts.slice(0, count);
  const misplaced = shown.length < count || shown.some((text, i) => text.start !== offsets[i]);
  if (misplaced) return { flaw: "the text is to be shown at each entry" };
  if (shown.some((text) => !startsToken(text))) return { ground: "token" };
  const missing = texts[count];
  const needed = count === 2 || missing !== undefined ? texts : [];
  if (needed.some((text) => !isSuffixStart(text, array.textLength))) {
    return { flaw: `${SUFFIX_BYTES} bytes of each text are to be shown, or all that are left` };
  }
  if (count === 2 && !precedes(shown[0]!, shown[1]!)) return { ground: "order" };
  if (missing === undefined) return { flaw: "the entries are tokens in order" };
  if (!startsToken(missing)) return { flaw: "no token begins where one is said to be missing" };
  return isLeftOut(entries, shown, missing, array)
    ? { ground: "missing" }
    : { flaw: "the token is not left out there" };
}

function isLeftOut(
  entries: OpenedText,
  shown: readonly OpenedText[],
  missing: OpenedText,
  array: SuffixArray,
): boolean {
  const [first, second] = shown;
  if (second !== undefined) return precedes(first!, missing) && precedes(missing, second);
  const isLast = BigInt(entries.start + ENTRY_BYTES) === array.count * BigInt(ENTRY_BYTES);
  return (entries.start === 0 && precedes(missing, first!)) || (isLast && precedes(first!, missing));
}

/** By their first bytes, then by their offsets. */
function precedes(left: OpenedText, right: OpenedText): boolean {
  const order = compareBytes(left.bytes, right.bytes);
  return order < 0 || (order === 0 && left.start < right.start);
}

function startsToken({ before, bytes }: OpenedText): boolean {
  return beginsToken(before, bytes[0]!);
}

function isSuffixStart({ start, bytes }: OpenedText, textLength: bigint): boolean {
  const left = textLength - BigInt(start);
  return BigInt(bytes.length) === (left < BigInt(SUFFIX_BYTES) ? left : BigInt(SUFFIX_BYTES));
}
