/**
 * Owns what a table of terms says: how rare a token is, in sixteenths of a bit, and in how many passages a term stands.
 * Terms are folded to lower case; only ASCII letters have two cases here. It does not own who registers tables.
 */

import { compareBytes } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MAX_TABLE_TERMS, MAX_TERM_BYTES } from "../limits.ts";
import { log2Sixteenths } from "./integer-log.ts";

export type TermTable = Messages["tributary.attribution.v1.TermTable"];
type TermCount = Messages["tributary.attribution.v1.TermCount"];

/** Counts are below this, so that the sixteenth powers in logarithms stay small. */
const COUNT_LIMIT = 1n << 48n;

/** The term of a token: its bytes with ASCII capitals as small letters. */
export function foldTerm(token: Uint8Array): Uint8Array {
  return token.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

/** Why a table cannot be counted with; undefined when it can. */
export function tableFlaw(table: Omit<TermTable, "id" | "creator">): string | undefined {
  const { tokens, documents, averageTokens, restOccurrences, restDocuments, terms } = table;
  if (terms.length > MAX_TABLE_TERMS) return `it lists ${terms.length} terms, at most ${MAX_TABLE_TERMS} are accepted`;
  const counts = [
    ["documents", documents, COUNT_LIMIT],
    ["tokens", tokens, COUNT_LIMIT],
    ["average_tokens", averageTokens, COUNT_LIMIT],
    ["rest_occurrences", restOccurrences, tokens + 1n],
    ["rest_documents", restDocuments, documents + 1n],
  ] as const;
  for (const [name, count, limit] of counts) {
    if (count < 1n || count >= limit) return `${name} ${count} is not from 1 to ${limit - 1n}`;
  }
  for (const [i, row] of terms.entries()) {
    const flaw = rowFlaw(row, terms[i - 1], table);
    if (flaw !== undefined) return `term ${i}: ${flaw}`;
  }
  return undefined;
}

function rowFlaw(
  { term, occurrences, documents }: TermCount,
  before: TermCount | undefined,
  table: Pick<TermTable, "tokens" | "documents">,
): string | undefined {
  if (term.length < 1 || term.length > MAX_TERM_BYTES) return `it has ${term.length} bytes`;
  if (compareBytes(term, foldTerm(term)) !== 0) return "it has capitals";
  if (before !== undefined && compareBytes(before.term, term) >= 0) return "it is out of order";
  if (occurrences < 1n || occurrences > table.tokens) return `${occurrences} occurrences of ${table.tokens} tokens`;
  if (documents < 1n || documents > table.documents) return `${documents} passages of ${table.documents}`;
  return undefined;
}

/** A table that can be looked up in; a sound one (`tableFlaw`). */
export class TermCounts {
  readonly table: TermTable;

  constructor(table: TermTable) {
    this.table = table;
  }

  /** A token's weight: one and its surprisal in sixteenths of a bit, log2(tokens / occurrences). Always above zero. */
  weightOf(token: Uint8Array): bigint {
    const occurrences = this.#find(token)?.occurrences ?? this.table.restOccurrences;
    return 1n + log2Sixteenths(this.table.tokens, occurrences);
  }

  /** In how many passages the term of a token stands. */
  documentsWith(token: Uint8Array): bigint {
    return this.#find(token)?.documents ?? this.table.restDocuments;
  }

  #find(token: Uint8Array): TermCount | undefined {
    if (token.length > MAX_TERM_BYTES) return undefined;
    const term = foldTerm(token);
    const { terms } = this.table;
    let [low, high] = [0, terms.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareBytes(terms[middle]!.term, term);
      if (order === 0) return terms[middle];
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }
}
