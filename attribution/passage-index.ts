/**
 * Owns the search for the passages of a segment that score best for a query by integer BM25: which terms stand in which
 * passage and how often, in flat arrays. Scores are the chain's own (modules/attribution/proof/bm25.ts), so host and chain
 * agree on them. It does not own shares (rank-shares.ts).
 */
import { PASSAGE_BYTES } from "../modules/attribution/limits.ts";
import { queryTerms, termScore, termsOf } from "../modules/attribution/proof/bm25.ts";
import { compareRecords } from "../modules/attribution/proof/match.ts";
import { type TermCounts, type TermTable, tableFlaw } from "../modules/attribution/proof/term-table.ts";
import { compareBytes, fromHex, hex } from "../proto/bytes.ts";
import type { CorpusRecord } from "./corpus.ts";
import type { Segment } from "./datanet-index.ts";
import type { RecordPlace } from "./span-search.ts";

/** A passage and what it scores. */
export interface ScoredPassage extends RecordPlace {
  readonly score: bigint;
}

/** The passages of some records by their terms. */
export class PassageIndex {
  readonly #records: readonly CorpusRecord[];
  /** For each passage its record, as an index, where it begins and how many terms it has. */
  readonly #recordOf: Uint32Array;
  readonly #startOf: Uint32Array;
  readonly #termsIn: Uint32Array;
  /** Term numbers by the terms' bytes in hex. */
  readonly #termIds = new Map<string, number>();
  /** The postings of term i are those from `#firstPosting[i]` to `#firstPosting[i + 1]`. */
  readonly #firstPosting: Uint32Array;
  readonly #passages: Uint32Array;
  readonly #counts: Uint16Array;

  constructor(records: readonly CorpusRecord[]) {
    this.#records = records;
    const [recordOf, startOf, termsIn]: [number[], number[], number[]] = [[], [], []];
    const rows: { readonly term: number; readonly passage: number; readonly count: number }[] = [];
    records.forEach(({ text }, record) => {
      for (let start = 0; start < text.length; start += PASSAGE_BYTES) {
        const terms = termsOf(text.subarray(start, start + PASSAGE_BYTES));
        const passage = recordOf.push(record) - 1;
        startOf.push(start);
        termsIn.push(terms.length);
        for (const [term, count] of this.#counted(terms)) rows.push({ term, passage, count });
      }
    });
    this.#recordOf = Uint32Array.from(recordOf);
    this.#startOf = Uint32Array.from(startOf);
    this.#termsIn = Uint32Array.from(termsIn);
    this.#firstPosting = new Uint32Array(this.#termIds.size + 1);
    for (const { term } of rows) this.#firstPosting[term + 1]!++;
    for (let i = 0; i < this.#termIds.size; i++) this.#firstPosting[i + 1]! += this.#firstPosting[i]!;
    const next = this.#firstPosting.slice();
    this.#passages = new Uint32Array(rows.length);
    this.#counts = new Uint16Array(rows.length);
    for (const { term, passage, count } of rows) {
      const at = next[term]!++;
      this.#passages[at] = passage;
      this.#counts[at] = count;
    }
  }

  get passageCount(): number {
    return this.#recordOf.length;
  }

  /** The best passages for a prompt, the best first, at most `most`; those without a term of it are none. */
  best(
    prompt: Uint8Array,
    table: TermCounts,
    most: number,
    counted?: (id: RecordPlace["id"]) => boolean,
  ): readonly ScoredPassage[] {
    const scores = new Map<number, bigint>();
    for (const { name, rarity } of queryTerms(prompt, table)) {
      const term = this.#termIds.get(name);
      if (term === undefined) continue;
      for (let at = this.#firstPosting[term]!; at < this.#firstPosting[term + 1]!; at++) {
        const passage = this.#passages[at]!;
        const total = BigInt(this.#termsIn[passage]!);
        const added = termScore(rarity, BigInt(this.#counts[at]!), total, table);
        scores.set(passage, (scores.get(passage) ?? 0n) + added);
      }
    }
    const found = [...scores]
      .filter(([, score]) => score > 0n)
      .map(([passage, score]) => ({ ...this.#placeOf(passage), score }))
      .filter(({ id }) => counted === undefined || counted(id));
    return found.sort(comparePassages).slice(0, most);
  }

  /** How often each term occurs, and in how many passages. */
  *termStatistics(): Generator<{ readonly term: string; readonly occurrences: number; readonly passages: number }> {
    for (const [term, id] of this.#termIds) {
      const [from, to] = [this.#firstPosting[id]!, this.#firstPosting[id + 1]!];
      let occurrences = 0;
      for (let at = from; at < to; at++) occurrences += this.#counts[at]!;
      yield { term, occurrences, passages: to - from };
    }
  }

  /** How many terms all passages have. */
  get termCount(): number {
    return this.#termsIn.reduce((sum, count) => sum + count, 0);
  }

  #counted(terms: readonly Uint8Array[]): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const bytes of terms) {
      const name = hex(bytes);
      const term = this.#termIds.get(name) ?? this.#termIds.size;
      this.#termIds.set(name, term);
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    return counts;
  }

  #placeOf(passage: number): RecordPlace {
    const { datanetId, number, height = 0n } = this.#records[this.#recordOf[passage]!]!;
    return { id: { datanetId, number }, height, start: this.#startOf[passage]! };
  }
}

/** The order of ranks: the higher score, then the earlier record, then the earlier passage. */
function comparePassages(a: ScoredPassage, b: ScoredPassage): number {
  if (a.score !== b.score) return a.score > b.score ? -1 : 1;
  return compareRecords(a, b) || a.start - b.start;
}

const indexOfSegment = new WeakMap<object, PassageIndex>();

/** The best passages over segments. A segment's passages are indexed when first asked for, and kept as long as it is. */
export function searchPassages(
  segments: readonly Segment[],
  prompt: Uint8Array,
  table: TermCounts,
  most: number,
  counts?: (id: RecordPlace["id"]) => boolean,
): readonly ScoredPassage[] {
  const found = segments.flatMap((segment) => passagesOf(segment).best(prompt, table, most, counts));
  return found.sort(comparePassages).slice(0, most);
}

function passagesOf(segment: Segment): PassageIndex {
  const loaded = segment.load();
  const known = indexOfSegment.get(loaded);
  if (known !== undefined) return known;
  const made = new PassageIndex(loaded.corpus.records);
  indexOfSegment.set(loaded, made);
  return made;
}

/** A table over the terms of segments, with the commonest listed: what `MsgRegisterTable` carries. */
export function termTableOf(segments: readonly Segment[], listed: number): Omit<TermTable, "id" | "creator"> {
  const totals = new Map<string, { occurrences: number; passages: number }>();
  let [documents, termCount, tokens] = [0, 0, 0];
  for (const segment of segments) {
    const index = passagesOf(segment);
    documents += index.passageCount;
    termCount += index.termCount;
    tokens += segment.load().corpus.units.length;
    for (const { term, occurrences, passages } of index.termStatistics()) {
      const known = totals.get(term) ?? { occurrences: 0, passages: 0 };
      totals.set(term, { occurrences: known.occurrences + occurrences, passages: known.passages + passages });
    }
  }
  const ordered = [...totals].sort(([a, left], [b, right]) => right.occurrences - left.occurrences || (a < b ? -1 : 1));
  const rest = ordered.slice(listed);
  const mean = (values: readonly number[]): bigint =>
    BigInt(Math.max(1, Math.round(values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length))));
  const table = {
    tokens: BigInt(Math.max(tokens, termCount)),
    documents: BigInt(documents),
    averageTokens: mean([termCount / Math.max(1, documents)]),
    restOccurrences: mean(rest.map(([, { occurrences }]) => occurrences)),
    restDocuments: mean(rest.map(([, { passages }]) => passages)),
    terms: ordered
      .slice(0, listed)
      .map(([term, { occurrences, passages }]) => ({
        term: fromHex(term),
        occurrences: BigInt(occurrences),
        documents: BigInt(passages),
      }))
      .filter(({ term }) => term.length <= 32)
      .sort((a, b) => compareBytes(a.term, b.term)),
  };
  const flaw = tableFlaw(table);
  if (flaw !== undefined) throw new Error(`no table can be made of these texts: ${flaw}`);
  return table;
}
