// How well the source of an output is found when some of its words were replaced: by spans, by integer BM25 with the output
// as the query, and by taking the largest records. The source is the record that gave most of a sampler's tokens. Words are
// replaced by chance, not by meaning, so this is no paraphrase. Owns no bound.

import { searchPassages, termTableOf } from "../../../attribution/passage-index.ts";
import { searchOutputs } from "../../../attribution/span-search.ts";
import { TermCounts } from "../../../modules/attribution/proof/term-table.ts";
import { concat } from "../../../proto/bytes.ts";
import { Random } from "../../sim/random.ts";
import { sample } from "./sampler.ts";
import { benchRules, type Library, segmentOf } from "./texts.ts";

/** The part of outputs, or of tokens for the coverage. */
export interface Findings {
  readonly coverage: number;
  readonly spanTop1: number;
  readonly spanTop5: number;
  readonly passageTop1: number;
  readonly passageTop5: number;
  /** How often the source is among the five largest records. */
  readonly sizeTop5: number;
}

export interface SubstitutionOptions {
  readonly rate: number;
  readonly outputs: number;
  readonly minTokens: number;
  readonly seed: number;
}

const order = 8;
const outputTokens = 64;
const listedTerms = 1024;
/** Passages looked at to have five different records. */
const passagesWanted = 64;

/** Finds the sources of outputs in which each token was replaced with a chance of `rate`. */
export function measureSubstitution(library: Library, options: SubstitutionOptions): Findings {
  const { corpus } = library.index;
  const segment = segmentOf(library);
  const random = new Random(options.seed);
  const table = new TermCounts({ id: 1n, creator: "", ...termTableOf([segment], listedTerms) });
  const sizes = corpus.records.map((_, i) => corpus.firstPositions[i + 1]! - corpus.firstPositions[i]!);
  const largest = [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]!).slice(0, 5);
  const samples = Array.from({ length: options.outputs }, () => {
    const { units, sources } = sample(library.index, order, outputTokens, random);
    const parts = units.map((position) =>
      corpus.unitText(random.chance(options.rate) ? random.below(corpus.units.length) : position),
    );
    return { output: concat(...parts), source: commonest(sources) };
  });
  const rules = benchRules(options.minTokens);
  const found = searchOutputs(
    [segment],
    samples.map(({ output }) => output),
    { ...rules, maxRecords: rules.maxOccurrences + 1 },
  );
  const hits = { spanTop1: 0, spanTop5: 0, passageTop1: 0, passageTop5: 0, sizeTop5: 0 };
  let [tokens, covered] = [0, 0];
  samples.forEach(({ output, source }, i) => {
    const { owners, matches } = found[i]!;
    const owned = new Map<number, number>();
    for (const owner of owners) {
      if (owner === -1) continue;
      covered++;
      const record = Number(matches[owner]!.places[0]!.id.number) - 1;
      owned.set(record, (owned.get(record) ?? 0) + 1);
    }
    tokens += owners.length;
    const bySpans = [...owned].sort(([, a], [, b]) => b - a).map(([record]) => record);
    const passages = searchPassages([segment], output, table, passagesWanted);
    const byPassages = [...new Set(passages.map(({ id }) => Number(id.number) - 1))];
    hits.spanTop1 += Number(bySpans[0] === source);
    hits.spanTop5 += Number(bySpans.slice(0, 5).includes(source));
    hits.passageTop1 += Number(byPassages[0] === source);
    hits.passageTop5 += Number(byPassages.slice(0, 5).includes(source));
    hits.sizeTop5 += Number(largest.includes(source));
  });
  const part = (count: number): number => count / samples.length;
  return {
    coverage: covered / tokens,
    ...{ spanTop1: part(hits.spanTop1), spanTop5: part(hits.spanTop5) },
    ...{ passageTop1: part(hits.passageTop1), passageTop5: part(hits.passageTop5), sizeTop5: part(hits.sizeTop5) },
  };
}

/** The value that occurs most often, the first of several. */
function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
