/**
 * Owns the search over the segments of one or more datanets: at every token of an output the longest match that stands in
 * a record, which match owns each token, and the records each owner stands in, the earliest first. Every segment is
 * loaded twice for any number of outputs. It does not own one segment's search (span-index.ts) nor what a token earns
 * (shares.ts); which match owns a token is the chain's rule (modules/attribution/proof/match.ts).
 */
import { type Tokens, tokenize } from "../chain/types/lexer.ts";
import { MAX_MATCH_BYTES } from "../modules/attribution/limits.ts";
import { compareRecords, type MatchLimits } from "../modules/attribution/proof/match.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { Corpus } from "./corpus.ts";
import type { Segment } from "./datanet-index.ts";
import { chooseStretches, type SpanIndex, type Stretch } from "./span-index.ts";

/** Where bytes stand on the chain. */
export interface RecordPlace {
  readonly id: Messages["tributary.datanet.v1.RecordId"];
  /** The block that counts for the record's precedence. */
  readonly height: bigint;
  /** The first byte, counted in the record. */
  readonly start: number;
}

/** A match that owns at least one token of an output. */
export interface OwningMatch {
  /** The first token, counted in the output. */
  readonly firstToken: number;
  readonly tokenCount: number;
  /** The first place in each of the earliest records that hold it, at most as many as were asked for; never none. */
  readonly places: readonly RecordPlace[];
}

/** What an output has in common with the records. */
export interface FoundMatches {
  readonly tokens: Tokens;
  /** How many tokens the longest match from each token on has; 0 for none. */
  readonly longest: Uint32Array;
  /** In the order of the output. */
  readonly matches: readonly OwningMatch[];
  /** The match that owns each token, as an index of `matches`; -1 for none. */
  readonly owners: Int32Array;
}

/** An index of some records, loaded when it is needed. */
export type Loadable = Pick<Segment, "load">;

/** What is searched for, and where. */
export interface SearchOptions extends MatchLimits {
  /** In how many records a match is looked up. Where more hold it, which of them are given is any. */
  readonly maxRecords: number;
  /** Whether a record counts; all do by default. */
  readonly counts?: (id: RecordPlace["id"]) => boolean;
}

/** Searches all segments for what each output has from them. */
export function searchOutputs(
  segments: readonly Segment[],
  outputs: readonly Uint8Array[],
  options: SearchOptions,
): readonly FoundMatches[] {
  const found = outputs.map((output) => {
    const tokens = tokenize(output);
    return { output, tokens, longest: new Uint32Array(tokens.starts.length) };
  });
  for (const segment of segments) {
    const index = segment.load();
    const counted = countedRecords(index.corpus, options.counts);
    for (const { output, longest } of found) lengthen(index, output, longest, options, counted);
  }
  const placed = found.map(({ output, tokens, longest }) => {
    const { matches, owners } = owningMatches(longest, options.minTokens);
    return {
      output,
      tokens,
      longest,
      owners,
      matches: matches.map((match) => ({ ...match, places: [] as RecordPlace[] })),
    };
  });
  for (const segment of segments) {
    const index = segment.load();
    const counted = countedRecords(index.corpus, options.counts);
    for (const { output, matches } of placed) {
      const text = index.corpus.encode(output);
      for (const { firstToken, tokenCount, places } of matches) {
        const end = firstToken + tokenCount;
        const positions = index.firstInRecords(text, firstToken, end, options.maxRecords, counted);
        for (const position of positions) places.push(placeOf(index.corpus, position));
        places.sort(comparePlaces).splice(options.maxRecords);
      }
    }
  }
  return placed.map(({ output: _, ...rest }) => rest);
}

/** A span of an output, and the earliest place that holds it. Offsets in bytes. */
export interface FoundSpan {
  readonly start: number;
  readonly end: number;
  readonly tokenCount: number;
  readonly place: RecordPlace;
}

/** Which records a search is about, and how long a match may be: 1024 bytes unless told otherwise. */
type SpanOptions = Pick<SearchOptions, "counts" | "maxBytes">;

/** The spans an inline settlement of the output must have, in its order, with a longer match counting as one of `maxBytes`. */
export function searchSpans(
  segments: readonly Loadable[],
  output: Uint8Array,
  { minTokens, ...options }: SpanOptions & Pick<SearchOptions, "minTokens">,
): readonly FoundSpan[] {
  const { starts, ends } = tokenize(output);
  const longest = longestMatches(segments, output, { ...options, maxTokens: starts.length });
  const chosen = chooseStretches(starts.length, (first) => longest[first]!, minTokens);
  const places = placesOf(segments, output, chosen, options.counts);
  return chosen.map(({ first, end }, i) => {
    return { start: starts[first]!, end: ends[end - 1]!, tokenCount: end - first, place: places[i]![0]! };
  });
}

/** How many tokens of an output, from each of its tokens on, stand in some record. */
export function longestMatches(
  segments: readonly Loadable[],
  output: Uint8Array,
  options: SpanOptions & Pick<SearchOptions, "maxTokens">,
): Uint32Array {
  const longest = new Uint32Array(tokenize(output).starts.length);
  for (const segment of segments) {
    const index = segment.load();
    lengthen(index, output, longest, options, countedRecords(index.corpus, options.counts));
  }
  return longest;
}

/** The first place of each stretch of an output in every record that holds it, the earliest record first. */
export function placesOf(
  segments: readonly Loadable[],
  output: Uint8Array,
  stretches: readonly Stretch[],
  counts?: SearchOptions["counts"],
): readonly (readonly RecordPlace[])[] {
  const found = stretches.map((): RecordPlace[] => []);
  for (const segment of segments) {
    const index = segment.load();
    const counted = countedRecords(index.corpus, counts);
    const text = index.corpus.encode(output);
    stretches.forEach(({ first, end }, i) => {
      // All of them: the record that was claimed first need not have the smallest number.
      const positions = index.firstInRecords(text, first, end, Number.POSITIVE_INFINITY, counted);
      for (const position of positions) found[i]!.push(placeOf(index.corpus, position));
    });
  }
  return found.map((places) => places.sort(comparePlaces));
}

/** Raises the longest lengths to what a segment has, within the limits on tokens and bytes. */
function lengthen(
  index: SpanIndex,
  output: Uint8Array,
  longest: Uint32Array,
  { maxTokens, maxBytes = MAX_MATCH_BYTES }: Pick<MatchLimits, "maxTokens" | "maxBytes">,
  counted: Uint8Array | undefined,
): void {
  const text = index.corpus.encode(output);
  for (let first = 0; first < longest.length; first++) {
    if (text.tokens[first] === -1) continue;
    let most = Math.min(maxTokens, longest.length - first);
    while (most > 0 && text.ends[first + most - 1]! - text.starts[first]! > maxBytes) most--;
    if (most <= longest[first]!) continue;
    longest[first] = Math.max(longest[first]!, index.longestFrom(text, first, most, counted));
  }
}

/** A 1 for each record that counts; undefined when all of the segment's do. */
function countedRecords({ records }: Corpus, counts: SearchOptions["counts"]): Uint8Array | undefined {
  if (counts === undefined) return undefined;
  const counted = Uint8Array.from(records, ({ datanetId, number }) => (counts({ datanetId, number }) ? 1 : 0));
  return counted.includes(0) ? counted : undefined;
}

function placeOf(corpus: Corpus, position: number): RecordPlace {
  const { datanetId, number, height = 0n } = corpus.records[corpus.recordAt(position)]!;
  return { id: { datanetId, number }, height, start: corpus.starts[position]! };
}

/** The order of places: the earlier record, the earlier byte. */
function comparePlaces(a: RecordPlace, b: RecordPlace): number {
  return compareRecords(a, b) || a.start - b.start;
}

/**
 * Which match owns each token, given the longest from each token on: the longest one that covers it, the one that begins
 * first among equals. Matches that own nothing are left out.
 */
export function owningMatches(
  longest: ArrayLike<number>,
  minTokens: number,
): {
  readonly matches: readonly { readonly firstToken: number; readonly tokenCount: number }[];
  readonly owners: Int32Array;
} {
  const begins = new Int32Array(longest.length).fill(-1);
  for (let first = 0; first < longest.length; first++) {
    const length = longest[first]!;
    if (length < minTokens) continue;
    for (let token = first; token < first + length; token++) {
      const owner = begins[token]!;
      if (owner === -1 || longest[owner]! < length) begins[token] = first;
    }
  }
  // From token to token the owner's beginning never falls, so equal ones are neighbours.
  const matches: { firstToken: number; tokenCount: number }[] = [];
  const owners = begins.map((first) => {
    if (first === -1) return -1;
    if (matches.at(-1)?.firstToken !== first) matches.push({ firstToken: first, tokenCount: longest[first]! });
    return matches.length - 1;
  });
  return { matches, owners };
}
