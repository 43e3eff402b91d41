// How far payouts are from the truth, where the truth is known. The truth is what share of the tokens each record gave to
// a sampler's outputs; the payout is what the chain's division gives each record for the spans that are found in these
// outputs. Owns no bound on either.

import { searchOutputs } from "../../../attribution/span-search.ts";
import { spanShares } from "../../../attribution/span-shares.ts";
import { Random } from "../../sim/random.ts";
import { sample } from "./sampler.ts";
import { benchRules, type Library, segmentOf } from "./texts.ts";

/** What one run came to. Distances are total variation: half the sum of differences, 0 for the same and 1 for disjoint. */
export interface Accounting {
  readonly tokens: number;
  /** The part of the tokens that some span covers. */
  readonly coverage: number;
  /** The part of the payouts that no record gets: words that are nobody's, or common to too many records. */
  readonly unpaid: number;
  readonly byRecord: Distances;
  readonly byContributor: Distances;
}

interface Distances {
  /** Between what was paid and the truth. What no span covers is paid to nobody who gave it, so it counts in full. */
  readonly paid: number;
  /** Between the truth and paying every record by its size. */
  readonly bySize: number;
}

export interface AccountingOptions {
  readonly order: number;
  readonly outputs: number;
  readonly minTokens: number;
  readonly seed: number;
}

/** An output's length, in tokens. */
const outputTokens = 64;
/** The proved part of one use's fee, in base units. */
const provedPart = 480_001n;
/** Who is paid for tokens that nobody's record has. */
const treasury = -1;

export function measureAccounting(library: Library, options: AccountingOptions): Accounting {
  const { index, contributors } = library;
  const { corpus } = index;
  const random = new Random(options.seed);
  const samples = Array.from({ length: options.outputs }, () => sample(index, options.order, outputTokens, random));
  const rules = benchRules(options.minTokens);
  const found = searchOutputs(
    [segmentOf(library)],
    samples.map(({ output }) => output),
    { ...rules, maxRecords: rules.maxOccurrences + 1 },
  );
  const truth = new Map<number, number>();
  const paid = new Map<number, number>();
  let [tokens, covered] = [0, 0];
  samples.forEach(({ output, sources }, i) => {
    for (const record of sources) add(truth, record, 1);
    const shares = spanShares(output, found[i]!, {
      usePosition: 0,
      use: { part: provedPart },
      rules,
      table: undefined,
      contributorOf: ({ number }) => contributors[Number(number) - 1]!,
    });
    for (const { share } of shares) {
      const payee = share.record === undefined ? treasury : Number(share.record.number) - 1;
      // A fee pays for an output whatever its length; for the comparison with tokens it counts as many times.
      add(paid, payee, (Number(share.amount) * sources.length) / Number(provedPart));
    }
    tokens += sources.length;
    covered += found[i]!.owners.filter((owner) => owner !== -1).length;
  });
  const sizes = new Map(contributors.map((_, i) => [i, corpus.firstPositions[i + 1]! - corpus.firstPositions[i]!]));
  const nameOf = (record: number): string => (record === treasury ? "" : contributors[record]!);
  const distances = <Key>(keyOf: (record: number) => Key): Distances => ({
    paid: totalVariation(gathered(truth, keyOf), gathered(paid, keyOf)),
    bySize: totalVariation(gathered(truth, keyOf), gathered(sizes, keyOf)),
  });
  return {
    tokens,
    coverage: covered / tokens,
    unpaid: (paid.get(treasury) ?? 0) / tokens,
    byRecord: distances((record) => record),
    byContributor: distances(nameOf),
  };
}

function add<Key>(totals: Map<Key, number>, key: Key, amount: number): void {
  totals.set(key, (totals.get(key) ?? 0) + amount);
}

function gathered<Key>(totals: ReadonlyMap<number, number>, keyOf: (record: number) => Key): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const [record, amount] of totals) add(sums, keyOf(record), amount);
  return sums;
}

/** Half the sum of the differences of two sets of shares. */
export function totalVariation<Key>(left: ReadonlyMap<Key, number>, right: ReadonlyMap<Key, number>): number {
  const sumOf = (totals: ReadonlyMap<Key, number>): number => [...totals.values()].reduce((sum, one) => sum + one, 0);
  const [leftSum, rightSum] = [sumOf(left), sumOf(right)];
  let difference = 0;
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    difference += Math.abs((left.get(key) ?? 0) / leftSum - (right.get(key) ?? 0) / rightSum);
  }
  return difference / 2;
}
