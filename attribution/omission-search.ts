/**
 * Owns the search for words that show an omission: stretches of an output that stand in records which a lineage leaves out, as
 * long as a dispute may show, and none of whose short runs of tokens stand in the prompt. It does not own the rule
 * (modules/attribution/challenge/omitted-words.ts) nor which records are left out (lineage-watcher.ts).
 */
import { tokenize } from "../chain/types/lexer.ts";
import { type OmissionLimits, runsOf } from "../modules/attribution/challenge/omitted-words.ts";
import { MAX_MATCH_TOKENS } from "../modules/attribution/limits.ts";
import { MAX_WORDS_TRIED } from "./limits.ts";
import { type Loadable, longestMatches, placesOf, type RecordPlace, type SearchOptions } from "./span-search.ts";

/** Words of an output, and the records that hold them. Offsets in bytes. */
export interface OmittedWords {
  readonly start: number;
  readonly end: number;
  /** The first place in each record, the earliest record first. */
  readonly places: readonly RecordPlace[];
}

/** What is searched in. */
interface Texts {
  readonly prompt: Uint8Array;
  readonly output: Uint8Array;
}

/**
 * The longest words first, since the more there are the less they stand elsewhere. Of stretches that nearly are the same one is
 * given; of very many the longest ones.
 */
export function* omittedWords(
  segments: readonly Loadable[],
  { prompt, output }: Texts,
  { minTokens, promptTokens }: OmissionLimits,
  counts: NonNullable<SearchOptions["counts"]>,
): Generator<OmittedWords> {
  const { starts, ends } = tokenize(output);
  const longest = longestMatches(segments, output, { counts, maxTokens: MAX_MATCH_TOKENS });
  const free = unpromptedFrom(output, starts.length, prompt, promptTokens);
  const waiting = Array.from(longest, (length, first) => ({ first, tokens: Math.min(length, free[first]!) }))
    .filter(({ tokens }) => tokens >= minTokens)
    .sort((a, b) => b.tokens - a.tokens || a.first - b.first);
  const nearby = Math.ceil(minTokens / 8);
  const given: number[] = [];
  for (const { first, tokens } of waiting) {
    if (given.length === MAX_WORDS_TRIED) return;
    if (given.some((other) => Math.abs(other - first) < nearby)) continue;
    given.push(first);
    const end = first + tokens;
    const [places] = placesOf(segments, output, [{ first, end }], counts);
    yield { start: starts[first]!, end: ends[end - 1]!, places: places! };
  }
}

/**
 * The longest part of words that no declared record explains: what is left without the stretches that stand in these, a quarter
 * as long as a dispute needs or longer. In bytes of the words; undefined when it is too short to be shown. The chain's rule asks
 * for the words as a whole, so a few more before and behind would do for an accusation; a watcher accuses nobody for that.
 */
export function undeclaredPart(
  declared: readonly Loadable[],
  words: Uint8Array,
  minTokens: number,
  counts: NonNullable<SearchOptions["counts"]>,
): { readonly start: number; readonly end: number } | undefined {
  const { starts, ends } = tokenize(words);
  const longest = longestMatches(declared, words, { counts, maxTokens: starts.length });
  const least = explainingTokens(minTokens);
  let [best, from, explained] = [{ first: 0, end: 0 }, 0, 0];
  for (let token = 0; token <= starts.length; token++) {
    const length = longest[token] ?? 0;
    if (length >= least) explained = Math.max(explained, token + length);
    const isFree = token < starts.length && token >= explained;
    if (isFree) continue;
    if (token - from > best.end - best.first) best = { first: from, end: token };
    from = Math.max(from, token + 1, explained);
  }
  if (best.end - best.first < minTokens) return undefined;
  return { start: starts[best.first]!, end: ends[best.end - 1]! };
}

/** The fewest tokens of a declared record that explain words, where a dispute shows so many at least. */
export function explainingTokens(minTokens: number): number {
  return Math.ceil(minTokens / 4);
}

/** How many tokens from each token of the output on hold no run of so many tokens that stands in the prompt. */
function unpromptedFrom(output: Uint8Array, count: number, prompt: Uint8Array, tokens: number): Uint32Array {
  const prompted = new Set(runsOf(prompt, tokens));
  const runs = runsOf(output, tokens);
  const free = new Uint32Array(count);
  let end = count;
  for (let first = count - 1; first >= 0; first--) {
    const run = runs[first];
    // All of the run but its last token.
    if (run !== undefined && prompted.has(run)) end = first + tokens - 1;
    free[first] = end - first;
  }
  return free;
}
