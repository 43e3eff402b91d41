/**
 * Owns the search over the segments of one or more datanets: at every token of an output the longest stretch that stands
 * in a record, the stretches that are part of no longer one, and where each stands, the earliest record first. Every
 * segment is loaded twice for any number of outputs. It does not own one segment's search (span-index.ts) nor what a
 * span earns (modules/attribution).
 */
import { type Tokens, tokenize } from "../chain/types/lexer.ts";
import type { Corpus } from "./corpus.ts";
import type { Segment } from "./datanet-index.ts";
import type { SpanIndex } from "./span-index.ts";

/** Where bytes stand on the chain. */
export interface RecordPlace {
  readonly datanetId: bigint;
  readonly number: bigint;
  /** The first byte, counted in the record. */
  readonly start: number;
}

/** A stretch of tokens of an output that is part of no longer one that stands in a record. */
export interface FoundSpan {
  /** The first token, counted in the output. */
  readonly firstToken: number;
  readonly tokenCount: number;
  /** Where it stands, in the order of the records, at most as many as were asked for; never none. */
  readonly places: readonly RecordPlace[];
}

/** What an output has in common with the records. */
export interface FoundSpans extends Tokens {
  /** How many tokens from each token on stand somewhere, at most; 0 for none. */
  readonly longest: Uint32Array;
  /** In the order of the output. */
  readonly spans: readonly FoundSpan[];
}

/** What is searched for, and where. */
export interface SearchOptions {
  /** The shortest stretch that counts, in tokens. */
  readonly minTokens: number;
  /** The longest stretch that is looked for, in tokens. */
  readonly maxTokens?: number;
  /** How many places of a stretch are given. */
  readonly maxPlaces?: number;
  /** The newest record of a datanet that counts; datanets that are absent do not count at all. All count by default. */
  readonly upTo?: ReadonlyMap<bigint, bigint>;
}

/** Searches all segments for what each output has from them. */
export function searchSpans(
  segments: readonly Segment[],
  outputs: readonly Uint8Array[],
  { minTokens, maxTokens, maxPlaces = 1, upTo }: SearchOptions,
): readonly FoundSpans[] {
  const counted = segments.filter(
    ({ datanetId, firstNumber }) => upTo === undefined || (upTo.get(datanetId) ?? 0n) >= firstNumber,
  );
  const open = outputs.map((output) => {
    const tokens = tokenize(output);
    return { output, tokens, longest: new Uint32Array(tokens.starts.length) };
  });
  for (const segment of counted) {
    const { index, before } = loaded(segment, upTo);
    for (const { output, longest } of open) {
      const text = index.corpus.encode(output);
      longest.forEach((known, first) => {
        const here = text.tokens[first] === -1 ? 0 : index.longestFrom(text, first, maxTokens, before);
        if (here > known) longest[first] = here;
      });
    }
  }
  const found = open.map(({ output, tokens, longest }) => ({
    ...{ output, tokens, longest },
    spans: maximalSpans(longest, minTokens).map((span) => ({ ...span, places: [] as RecordPlace[] })),
  }));
  for (const segment of counted) {
    const { index, before } = loaded(segment, upTo);
    for (const { output, spans } of found) {
      const text = index.corpus.encode(output);
      for (const { firstToken, tokenCount, places } of spans) {
        const positions = index.occurrences(text, firstToken, firstToken + tokenCount, maxPlaces, before);
        if (positions.length === 0) continue;
        for (const position of positions) places.push(placeOf(index.corpus, position));
        places.sort(comparePlaces).splice(maxPlaces);
      }
    }
  }
  return found.map(({ tokens, longest, spans }) => ({ ...tokens, longest, spans }));
}

/** A segment's index and the position its records no longer count from. */
function loaded(
  segment: Segment,
  upTo: ReadonlyMap<bigint, bigint> | undefined,
): { readonly index: SpanIndex; readonly before: number } {
  const index = segment.load();
  const last = upTo?.get(segment.datanetId) ?? segment.lastNumber;
  const { records, firstPositions, units } = index.corpus;
  const past = last >= segment.lastNumber ? -1 : records.findIndex(({ number }) => number > last);
  return { index, before: past === -1 ? units.length : firstPositions[past]! };
}

function placeOf(corpus: Corpus, position: number): RecordPlace {
  const { datanetId, number } = corpus.records[corpus.recordAt(position)]!;
  return { datanetId, number, start: corpus.starts[position]! };
}

/** The order of places: the smaller datanet, the earlier record, the earlier byte. */
function comparePlaces(a: RecordPlace, b: RecordPlace): number {
  if (a.datanetId !== b.datanetId) return a.datanetId < b.datanetId ? -1 : 1;
  if (a.number !== b.number) return a.number < b.number ? -1 : 1;
  return a.start - b.start;
}

/** The stretches of at least `minTokens` tokens that are part of no longer one, in the order of the output. */
export function maximalSpans(
  longest: ArrayLike<number>,
  minTokens: number,
): readonly { readonly firstToken: number; readonly tokenCount: number }[] {
  const spans: { firstToken: number; tokenCount: number }[] = [];
  let reached = 0;
  for (let firstToken = 0; firstToken < longest.length; firstToken++) {
    const tokenCount = longest[firstToken]!;
    if (firstToken + tokenCount <= reached) continue;
    reached = firstToken + tokenCount;
    if (tokenCount >= minTokens) spans.push({ firstToken, tokenCount });
  }
  return spans;
}

/**
 * For each token of an output the span that owns it, as an index of `spans`, or -1: the longest span that covers it, the
 * one that begins first among equals.
 */
export function ownersOfTokens(
  tokenCount: number,
  spans: readonly { readonly firstToken: number; readonly tokenCount: number }[],
): Int32Array {
  const owners = new Int32Array(tokenCount).fill(-1);
  spans.forEach((span, i) => {
    for (let token = span.firstToken; token < span.firstToken + span.tokenCount; token++) {
      const owner = owners[token]!;
      if (owner === -1 || spans[owner]!.tokenCount < span.tokenCount) owners[token] = i;
    }
  });
  return owners;
}
