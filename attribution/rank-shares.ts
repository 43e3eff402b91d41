/**
 * Owns what an honest host commits to for a use that is divided by ranks: the passages that score best for the prompt, or
 * the examples nearest to it with their exact Shapley values for the answer. It does not own scores
 * (modules/attribution/proof/) nor what a share may be (modules/attribution/challenge/).
 */
import { type Share, shareAmount } from "../modules/attribution/batch/shares.ts";
import { MAX_NEIGHBOURS } from "../modules/attribution/limits.ts";
import { exampleOf, shapleyValues, squaredDistance } from "../modules/attribution/proof/knn-shapley.ts";
import { compareRecords } from "../modules/attribution/proof/match.ts";
import { ShareKind } from "../proto/enums.gen.ts";
import type { Segment } from "./datanet-index.ts";
import type { ScoredPassage } from "./passage-index.ts";
import type { RecordPlace } from "./span-search.ts";
import { EMPTY_SHARE, type ShareContext } from "./span-shares.ts";

/** An example and how far it is from a query. */
export interface Neighbour extends RecordPlace {
  readonly distance: bigint;
  readonly label: number;
}

/** The shares of a retrieval: the passages in their order and the end of the list. */
export function passageShares(passages: readonly ScoredPassage[], context: ShareContext): readonly Share[] {
  const ranked = passages.map(({ id, start, score }) => ({
    weight: score,
    fields: { ...cited(id, start, context), kind: ShareKind.SHARE_KIND_PASSAGE, score },
  }));
  return rankedShares(ranked, context);
}

/** The shares of a classification: the neighbours in their order and the end of the list. `answer` is the output's first byte. */
export function neighbourShares(
  neighbours: readonly Neighbour[],
  answer: number,
  context: ShareContext,
): readonly Share[] {
  const agreeing = neighbours.map(({ label }) => label === answer);
  const values = shapleyValues(context.rules.neighbours, agreeing);
  const ranked = neighbours.map(({ id, distance }, i) => {
    const value = values[i]!;
    const kind = ShareKind.SHARE_KIND_NEIGHBOUR;
    const shown = { kind, score: distance, value: value.toString(), agrees: agreeing[i]! };
    return { weight: value > 0n ? value : 0n, fields: { ...cited(id, 0, context), ...shown } };
  });
  return rankedShares(ranked, context);
}

/** The examples nearest to a query, the nearest first. Records that are no examples of as many features are passed over. */
export function searchNeighbours(
  segments: readonly Segment[],
  query: Uint8Array,
  counts: (id: RecordPlace["id"]) => boolean = () => true,
): readonly Neighbour[] {
  const found: Neighbour[] = [];
  for (const segment of segments) {
    for (const { datanetId, number, height = 0n, text } of segment.load().corpus.records) {
      const example = exampleOf(text);
      const distance = example && squaredDistance(query, example.features);
      if (example === undefined || distance === undefined || !counts({ datanetId, number })) continue;
      found.push({ id: { datanetId, number }, height, start: 0, distance, label: example.label });
    }
    found.sort(compareNeighbours).splice(MAX_NEIGHBOURS);
  }
  return found;
}

function compareNeighbours(a: Neighbour, b: Neighbour): number {
  if (a.distance !== b.distance) return a.distance < b.distance ? -1 : 1;
  return compareRecords(a, b);
}

function cited(id: RecordPlace["id"], start: number, { contributorOf }: ShareContext): Partial<Share> {
  return { record: id, recordStart: BigInt(start), beneficiary: contributorOf(id) };
}

function rankedShares(
  ranked: readonly { readonly weight: bigint; readonly fields: Partial<Share> }[],
  { usePosition, use }: ShareContext,
): readonly Share[] {
  const total = ranked.reduce((sum, { weight }) => sum + weight, 0n);
  let before = 0n;
  const shares = ranked.map(({ weight, fields }, rank): Share => {
    const after = before + weight;
    const numbers = {
      ...{ usePosition, start: BigInt(rank), end: BigInt(rank + 1) },
      ...{ weightBefore: before.toString(), weightAfter: after.toString(), weightTotal: total.toString() },
      amount: shareAmount(use.part, before, after, total, false).toString(),
    };
    before = after;
    return { ...EMPTY_SHARE, ...fields, ...numbers };
  });
  const end = BigInt(ranked.length);
  const weights = { weightBefore: before.toString(), weightAfter: before.toString(), weightTotal: total.toString() };
  const amount = shareAmount(use.part, before, before, total, true).toString();
  return [...shares, { ...EMPTY_SHARE, usePosition, start: end, end, ...weights, amount }];
}
