/**
 * Owns scores of passages for a query by BM25 in whole numbers, with k1 = 6/5 and b = 3/4 (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework", 2009, section 3.2). A passage is an aligned kilobyte of a record, lexed as a text
 * of its own, so one opening shows all that its score depends on. It does not own which passages are cited.
 */

import { isWord, tokenize } from "../../../chain/types/lexer.ts";
import { hex } from "../../../proto/bytes.ts";
import { MAX_QUERY_BYTES, MAX_QUERY_TERMS, PASSAGE_BYTES } from "../limits.ts";
import { log2Sixteenths } from "./integer-log.ts";
import { foldTerm, type TermCounts } from "./term-table.ts";

/** How often each term stands in a text, and how many terms the text has. */
interface TermBag {
  readonly counts: ReadonlyMap<string, bigint>;
  readonly total: bigint;
}

/** A term of a query and how rare it is. */
export interface QueryTerm {
  /** Its bytes in hex. */
  readonly name: string;
  /** Its inverse document frequency in sixteenths of a bit. */
  readonly rarity: bigint;
}

/** Six binary digits' worth of precision below one: every term's part of a score is rounded down to 2^-16. */
const SCALE = 1n << 16n;

/** The terms of a text: its words and characters beyond ASCII, folded; marks are none. */
export function termsOf(text: Uint8Array): readonly Uint8Array[] {
  const { starts, ends } = tokenize(text);
  const terms: Uint8Array[] = [];
  starts.forEach((start, i) => {
    const first = text[start]!;
    if (isWord(first) || first >= 0x80) terms.push(foldTerm(text.subarray(start, ends[i])));
  });
  return terms;
}

/** The first 32 different terms in the first 512 bytes of a prompt. */
export function queryTerms(prompt: Uint8Array, table: TermCounts): readonly QueryTerm[] {
  const terms = new Map<string, QueryTerm>();
  const { documents } = table.table;
  for (const term of termsOf(prompt.subarray(0, MAX_QUERY_BYTES))) {
    const name = hex(term);
    if (terms.size === MAX_QUERY_TERMS) break;
    if (terms.has(name)) continue;
    // log2(1 + (N - df + 1/2) / (df + 1/2)), which is never below zero.
    const rarity = log2Sixteenths(2n * documents + 2n, 2n * table.documentsWith(term) + 1n);
    terms.set(name, { name, rarity });
  }
  return [...terms.values()];
}

/** Where the passage that holds the byte at `offset` begins. */
export function passageStart(offset: number): number {
  return offset - (offset & (PASSAGE_BYTES - 1));
}

/**
 * The passage's score: the sum over the query's terms of rarity · tf·(k1+1) / (tf + k1·(1 − b + b·length/average)), each
 * rounded down. Zero when no term of the query stands in it.
 */
export function passageScore(query: readonly QueryTerm[], passage: Uint8Array, table: TermCounts): bigint {
  const bag = bagOf(passage);
  let score = 0n;
  for (const { name, rarity } of query) {
    const count = bag.counts.get(name);
    if (count !== undefined) score += termScore(rarity, count, bag.total, table);
  }
  return score;
}

/** What a term adds to the score of a passage of `total` terms in which it stands `count` times, at least once. */
export function termScore(rarity: bigint, count: bigint, total: bigint, table: TermCounts): bigint {
  const average = table.table.averageTokens;
  // With k1 = 6/5 and b = 3/4, numerator and denominator times 20 and the average.
  const denominator = 20n * count * average + 6n * average + 18n * total;
  return (rarity * 44n * count * average * SCALE) / denominator;
}

function bagOf(text: Uint8Array): TermBag {
  const counts = new Map<string, bigint>();
  const terms = termsOf(text);
  for (const term of terms) {
    const name = hex(term);
    counts.set(name, (counts.get(name) ?? 0n) + 1n);
  }
  return { counts, total: BigInt(terms.length) };
}
