/**
 * Owns finding the run of bytes that shows a record to be little else than a copy of an earlier one. It does not own how much
 * may be shared (the chain's parameters), which records come before which (record-watcher.ts), nor the index.
 */
import { beginsToken, countTokens, endsToken, type Tokens, tokenize } from "../../chain/types/lexer.ts";
import { DUPLICATE_TOKENS, MAX_OPENING_BYTES, PARTS_PER_MILLION } from "../../modules/datanet/limits.ts";
import { runOf } from "../../modules/datanet/opening.ts";
import type { Segment } from "../datanet-index.ts";
import { MAX_COPY_CANDIDATES, MAX_PROBE_PLACES } from "../limits.ts";

/** The same bytes in two texts. */
export interface CopiedRun {
  readonly copyStart: number;
  readonly originalStart: number;
  readonly length: number;
}

/** Tokens of a text, from one up to another. */
interface Probe {
  readonly first: number;
  readonly end: number;
}

/** The fewest bytes that must stand in one run for a text of `length` bytes to be struck as a copy. */
export function leastCopied(length: number, minNoveltyPpm: number): number {
  const shared = BigInt(PARTS_PER_MILLION - minNoveltyPpm) * BigInt(length);
  // A run of fewer tokens than the chain asks for, and so of fewer bytes, strikes when it is the whole text alone.
  return Math.max(Number(shared / BigInt(PARTS_PER_MILLION)) + 1, Math.min(DUPLICATE_TOKENS, length));
}

/** The numbers of records that may hold such a run of the copy, ascending. All texts of the index are searched. */
export function copyCandidates(
  segments: readonly Segment[],
  copy: Uint8Array,
  least: number,
  counts: (number: bigint, height: bigint) => boolean,
): readonly bigint[] {
  const found = new Set<bigint>();
  const probes = probesOf(copy, tokenize(copy), least);
  if (probes.length === 0) return [];
  for (const segment of segments) {
    const index = segment.load();
    const { corpus } = index;
    const text = corpus.encode(copy);
    for (const { first, end } of probes) {
      for (const position of index.firstInRecords(text, first, end, Number.POSITIVE_INFINITY)) {
        const { number, height = 0n } = corpus.records[corpus.recordAt(position)]!;
        if (counts(number, height)) found.add(number);
      }
    }
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1)).slice(0, MAX_COPY_CANDIDATES);
}

/** A run of `least` bytes or little more that stands in both texts and that the chain takes for a copied one. */
export function copiedRun(copy: Uint8Array, original: Uint8Array, least: number): CopiedRun | undefined {
  const tokens = tokenize(copy);
  const haystack = Buffer.from(original.buffer, original.byteOffset, original.byteLength);
  for (const { first, end } of probesOf(copy, tokens, least)) {
    const start = tokens.starts[first]!;
    const probe = copy.subarray(start, tokens.ends[end - 1]);
    let at = haystack.indexOf(probe);
    for (let places = 0; at !== -1 && places < MAX_PROBE_PLACES; places++) {
      const run = cut(copy, tokens, widened(copy, start, original, at, probe.length), least);
      if (run !== undefined) return run;
      at = haystack.indexOf(probe, at + 1);
    }
  }
  return undefined;
}

/**
 * Pieces of the copy of which every run of `least` bytes holds one whole: half as long as such a run, and so far apart that
 * one begins in each of its first halves. A piece is widened to whole tokens, which the run holds too.
 */
function probesOf(copy: Uint8Array, { starts, ends }: Tokens, least: number): readonly Probe[] {
  if (least > Math.min(copy.length, MAX_OPENING_BYTES)) return [];
  const width = Math.ceil(least / 2);
  const probes: Probe[] = [];
  for (let from = 0; from + width <= copy.length; from += least - width + 1) {
    const first = ends.findIndex((end) => end > from);
    const end = starts.findLastIndex((start) => start < from + width) + 1;
    if (first !== -1 && first < end) probes.push({ first, end });
  }
  return probes;
}

/** The longest run of whole tokens around a place where the texts agree. */
function widened(copy: Uint8Array, start: number, original: Uint8Array, at: number, length: number): CopiedRun {
  let left = 0;
  while (left < Math.min(start, at) && copy[start - left - 1] === original[at - left - 1]) left++;
  let right = length;
  while (start + right < copy.length && copy[start + right] === original[at + right]) right++;
  const begins = (text: Uint8Array, from: number) => beginsToken(text[from - 1], text[from]!);
  const finishes = (text: Uint8Array, to: number) => endsToken(text[to - 1]!, text[to]);
  while (left > 0 && !(begins(copy, start - left) && begins(original, at - left))) left--;
  while (right > length && !(finishes(copy, start + right) && finishes(original, at + right))) right--;
  return { copyStart: start - left, originalStart: at - left, length: left + right };
}

/** The beginning of a run that suffices: of `least` bytes and as many tokens as the chain asks for, or the whole text. */
function cut(copy: Uint8Array, { ends }: Tokens, run: CopiedRun, least: number): CopiedRun | undefined {
  const { copyStart, length } = run;
  if (length < least) return undefined;
  const shown = runOf(copy, copyStart, length);
  const isWhole = shown.isFirst && shown.isLast;
  const tokens = countTokens(shown.bytes);
  if (tokens < DUPLICATE_TOKENS) return isWhole ? run : undefined;
  const first = ends.findIndex((end) => end > copyStart);
  const last = ends.findIndex((end, i) => end >= copyStart + least && i >= first + DUPLICATE_TOKENS - 1);
  return { ...run, length: ends[last]! - copyStart };
}
