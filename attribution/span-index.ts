/**
 * Owns the search in one corpus: how much of an output stands there from a token on, and in which records; and which
 * stretches of an output are spans. It does not own searching many corpora, nor which record a span is of (span-search.ts).
 */
import type { Corpus, EncodedText } from "./corpus.ts";
import { suffixArray } from "./suffix-array.ts";

/** Neighbouring suffixes, from `low` up to, not including, `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A suffix array over a corpus. */
export class SpanIndex {
  readonly corpus: Corpus;
  /** The positions of all suffixes in order. */
  readonly suffixes: Int32Array;

  /** `suffixes` where they are known already, from a segment's file. */
  constructor(corpus: Corpus, suffixes: Int32Array = suffixArray(corpus.units, corpus.unitCount)) {
    this.corpus = corpus;
    this.suffixes = suffixes;
  }

  /** The suffixes that begin with these units, white space after the last one included. */
  findUnits(units: Int32Array): Interval {
    return this.#interval((position) => {
      for (let i = 0; i < units.length; i++, position++) {
        if (position >= this.corpus.units.length) return -1;
        const difference = this.corpus.units[position]! - units[i]!;
        if (difference !== 0) return difference;
      }
      return 0;
    });
  }

  /** The suffixes that begin with tokens `first` to `end - 1` of a text, whatever white space follows the last one. */
  findTokens(text: EncodedText, first: number, end: number): Interval {
    const { units, tokenOfUnit } = this.corpus;
    return this.#interval((position) => {
      for (let i = first; i < end; i++, position++) {
        if (position >= units.length) return -1;
        const isLast = i === end - 1;
        const difference = isLast
          ? tokenOfUnit[units[position]!]! - text.tokens[i]!
          : units[position]! - text.units[i]!;
        if (difference !== 0) return difference;
      }
      return 0;
    });
  }

  /**
   * How many tokens of a text from `first` on stand somewhere in the corpus: the longest stretch, `most` at most. With
   * `counted` in the records alone that it has a 1 for.
   */
  longestFrom(text: EncodedText, first: number, most: number = Number.POSITIVE_INFINITY, counted?: Uint8Array): number {
    const longest = Math.min(this.#longestAnywhere(text, first), most);
    if (counted === undefined) return longest;
    // What stands in some record with some length does so with every smaller one.
    let [known, unknown] = [0, longest + 1];
    while (unknown - known > 1) {
      const middle = (known + unknown) >>> 1;
      if (this.#stands(text, first, first + middle, counted)) known = middle;
      else unknown = middle;
    }
    return known;
  }

  /**
   * The first position in each of the `most` earliest records that hold tokens `first` to `end - 1` of a text, ascending;
   * with `counted` in the records alone that it has a 1 for.
   */
  firstInRecords(text: EncodedText, first: number, end: number, most: number, counted?: Uint8Array): readonly number[] {
    const { low, high } = this.findTokens(text, first, end);
    const found: number[] = [];
    let last = -1;
    for (const position of this.suffixes.slice(low, high).sort()) {
      if (found.length === most) break;
      const record = this.corpus.recordAt(position);
      if (record === last || counted?.[record] === 0) continue;
      found.push(position);
      last = record;
    }
    return found;
  }

  /** Whether the tokens stand in a record that counts. */
  #stands(text: EncodedText, first: number, end: number, counted: Uint8Array): boolean {
    const { low, high } = this.findTokens(text, first, end);
    for (let i = low; i < high; i++) if (counted[this.corpus.recordAt(this.suffixes[i]!)] === 1) return true;
    return false;
  }

  #longestAnywhere(text: EncodedText, first: number): number {
    const { suffixes } = this;
    let [low, high] = [0, suffixes.length];
    let longest = 0;
    // The longest common beginning is with a neighbour of the place where the output's suffix would be sorted in, and
    // the search for that place ends between the two, having compared with both.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { length, order } = this.#compare(suffixes[middle]!, text, first);
      longest = Math.max(longest, length);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return longest;
  }

  /** Compares the corpus from `position` with the output from token `first`: how many tokens agree, and which is less. */
  #compare(position: number, text: EncodedText, first: number): { readonly length: number; readonly order: number } {
    const { units, tokenOfUnit } = this.corpus;
    const limit = Math.min(text.units.length - first, units.length - position);
    let length = 0;
    while (length < limit && units[position + length] === text.units[first + length]) length++;
    if (length === limit) return { length, order: limit === text.units.length - first ? 1 : -1 };
    // The tokens may agree where only the white space after them does not.
    const token = tokenOfUnit[units[position + length]!]!;
    const wanted = text.tokens[first + length]!;
    if (token !== wanted) return { length, order: token - wanted };
    const order = units[position + length]! - text.units[first + length]!;
    return { length: length + 1, order };
  }

  /** The suffixes for which `compare` gives 0; it gives less for those before them and more for those after. */
  #interval(compare: (position: number) => number): Interval {
    const bound = (isBefore: (order: number) => boolean): number => {
      let [low, high] = [0, this.suffixes.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (isBefore(compare(this.suffixes[middle]!))) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return { low: bound((order) => order < 0), high: bound((order) => order <= 0) };
  }
}

/** A stretch of tokens from `first` up to, not including, `end`. */
export interface Stretch {
  readonly first: number;
  readonly end: number;
}

/**
 * Which stretches of an output are spans, in its order, by how many tokens stand somewhere from each of its `count` tokens on:
 * the longest of all, the one that begins first among equals, then the longest that overlaps none yet, and so on, down to
 * `minTokens`. It is what the chain holds an inline settlement to (modules/attribution/challenge/settlement-flaw.ts).
 */
export function chooseStretches(
  count: number,
  longestFrom: (first: number) => number,
  minTokens: number,
): readonly Stretch[] {
  const waiting = maximalStretches(count, longestFrom).sort(compareStretches);
  const taken = new Uint8Array(count);
  const chosen: Stretch[] = [];
  for (let next = 0; next < waiting.length; next++) {
    const stretch = waiting[next]!;
    let { first, end } = stretch;
    // Of a stretch, what is taken is a part at either end: nothing longer than the rest can lie inside it.
    while (first < end && taken[first] === 1) first++;
    while (end > first && taken[end - 1] === 1) end--;
    if (end - first < minTokens) continue;
    if (end - first < stretch.end - stretch.first) {
      // The rest waits its turn among those of its own length.
      insertStretch(waiting, next + 1, { first, end });
      continue;
    }
    taken.fill(1, first, end);
    chosen.push(stretch);
  }
  return chosen.sort((a, b) => a.first - b.first);
}

/** The stretches that are part of no longer one, in the order of the output. */
function maximalStretches(count: number, longestFrom: (first: number) => number): Stretch[] {
  const stretches: Stretch[] = [];
  let reached = 0;
  for (let first = 0; first < count; first++) {
    const end = first + longestFrom(first);
    if (end > reached) {
      stretches.push({ first, end });
      reached = end;
    }
  }
  return stretches;
}

/** The longest first, the one that begins first among equals. */
function compareStretches(a: Stretch, b: Stretch): number {
  return b.end - b.first - (a.end - a.first) || a.first - b.first;
}

/** Puts a stretch among those from `low` on, which are in order. */
function insertStretch(stretches: Stretch[], low: number, stretch: Stretch): void {
  let [from, to] = [low, stretches.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compareStretches(stretches[middle]!, stretch) < 0) from = middle + 1;
    else to = middle;
  }
  stretches.splice(from, 0, stretch);
}
