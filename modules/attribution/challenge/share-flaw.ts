/**
 * Owns what a share must be by itself and beside its neighbours, without any text: its fields, its amount, its place in
 * the order. Every function gives one sentence for what is wrong, or undefined. What texts show is evidence.ts's.
 */
import { ProofType, ShareKind } from "../../../proto/enums.gen.ts";
import { integerOf, naturalOf } from "../batch/numbers.ts";
import { isTerminator, type Share, shareAmount } from "../batch/shares.ts";
import { MAX_MATCH_BYTES, MAX_NEIGHBOURS, PASSAGE_BYTES } from "../limits.ts";
import { lastValue, valueBefore } from "../proof/knn-shapley.ts";
import { compareRecords } from "../proof/match.ts";
import type { BatchFacts, UseFacts } from "./batch-facts.ts";

const KINDS: { readonly [proof: number]: readonly number[] } = {
  [ProofType.PROOF_TYPE_SPAN]: [ShareKind.SHARE_KIND_UNMATCHED, ShareKind.SHARE_KIND_SPAN, ShareKind.SHARE_KIND_COMMON],
  [ProofType.PROOF_TYPE_BM25]: [ShareKind.SHARE_KIND_UNMATCHED, ShareKind.SHARE_KIND_PASSAGE],
  [ProofType.PROOF_TYPE_KNN]: [ShareKind.SHARE_KIND_UNMATCHED, ShareKind.SHARE_KIND_NEIGHBOUR],
};

/** A share's numbers, read. */
interface Numbers {
  readonly before: bigint;
  readonly after: bigint;
  readonly total: bigint;
}

/** What is wrong with a share by itself. */
export function shareFlaw(share: Share, facts: BatchFacts): string | undefined {
  const use = facts.uses[share.usePosition];
  if (use === undefined) return `there is no use at position ${share.usePosition}`;
  const numbers = numbersOf(share);
  if (numbers === undefined) return "its weights are not ascending natural numbers";
  if (!(KINDS[use.proof] ?? []).includes(share.kind)) return `kind ${share.kind} is not one of its use's proof`;
  const takesAll = numbers.total === 0n && share.kind === ShareKind.SHARE_KIND_UNMATCHED && endsUse(share, use);
  const amount = shareAmount(use.part, numbers.before, numbers.after, numbers.total, takesAll);
  if (share.amount !== amount.toString()) return `its amount is ${share.amount}, its weights give ${amount}`;
  return placeFlaw(share, use) ?? kindFlaw(share, use, numbers, facts);
}

/** What is wrong with two shares that follow each other; undefined stands for the beginning and the end of the tree. */
export function neighbourFlaw(
  left: Share | undefined,
  right: Share | undefined,
  facts: BatchFacts,
): string | undefined {
  if (left !== undefined && right !== undefined && left.usePosition === right.usePosition) {
    return successionFlaw(left, right, facts);
  }
  const lastPosition = left === undefined ? -1 : left.usePosition;
  const nextPosition = right === undefined ? facts.uses.length : right.usePosition;
  if (nextPosition !== lastPosition + 1) return `use ${nextPosition} follows use ${lastPosition}`;
  if (left !== undefined) {
    const use = facts.uses[left.usePosition];
    if (use === undefined || !endsUse(left, use)) return "the use ends before its output or list does";
    if (left.weightAfter !== left.weightTotal) return "the use ends before its total weight";
  }
  if (right !== undefined && (right.start !== 0n || right.weightBefore !== "0")) {
    return "the use does not start at nothing";
  }
  return undefined;
}

function numbersOf({ weightBefore, weightAfter, weightTotal }: Share): Numbers | undefined {
  const [before, after, total] = [weightBefore, weightAfter, weightTotal].map(naturalOf);
  if (before === undefined || after === undefined || total === undefined) return undefined;
  return before <= after && after <= total ? { before, after, total } : undefined;
}

/** Whether nothing of the use can follow. */
function endsUse(share: Share, use: UseFacts): boolean {
  return use.proof === ProofType.PROOF_TYPE_SPAN ? share.end === BigInt(use.output.length) : isTerminator(share);
}

function placeFlaw({ kind, start, end }: Share, use: UseFacts): string | undefined {
  if (use.proof === ProofType.PROOF_TYPE_SPAN) {
    return start < end && end <= BigInt(use.output.length) ? undefined : `it goes from byte ${start} to ${end}`;
  }
  const width = kind === ShareKind.SHARE_KIND_UNMATCHED ? 0n : 1n;
  return end - start === width ? undefined : `it goes from rank ${start} to ${end}`;
}

function kindFlaw(share: Share, use: UseFacts, numbers: Numbers, facts: BatchFacts): string | undefined {
  const { kind, match, cited } = {
    kind: share.kind,
    match: matchFlaw(share, use, facts),
    cited: citationFlaw(share, facts),
  };
  const weight = numbers.after - numbers.before;
  switch (kind) {
    case ShareKind.SHARE_KIND_UNMATCHED:
      if (use.proof !== ProofType.PROOF_TYPE_SPAN && weight !== 0n) return "the end of a list has no weight";
      return strayFlaw(share, []);
    case ShareKind.SHARE_KIND_SPAN:
      return (
        strayFlaw(share, ["match", "record"]) ??
        match ??
        cited ??
        fitsRecordFlaw(share, share.matchEnd - share.matchStart, facts)
      );
    case ShareKind.SHARE_KIND_COMMON:
      if (share.occurrencesHash.length !== 32) return "its occurrences_hash is no SHA-256";
      return strayFlaw(share, ["match", "occurrences"]) ?? match;
    case ShareKind.SHARE_KIND_PASSAGE:
      if (share.start >= BigInt(facts.rules.maxPassages)) return `rank ${share.start} is not paid`;
      if (share.recordStart % BigInt(PASSAGE_BYTES) !== 0n) return "no passage begins there";
      if (share.score === 0n || share.score !== weight) return "its weight is not its score, above zero";
      return strayFlaw(share, ["record", "score"]) ?? cited ?? fitsRecordFlaw(share, 1n, facts);
    default:
      return neighbourKindFlaw(share, weight) ?? cited;
  }
}

function neighbourKindFlaw(share: Share, weight: bigint): string | undefined {
  const value = integerOf(share.value);
  if (share.start >= BigInt(MAX_NEIGHBOURS)) return `rank ${share.start} is not paid`;
  if (share.recordStart !== 0n) return "an example is a whole record";
  if (value === undefined || weight !== (value > 0n ? value : 0n)) return "its weight is not its value, or zero";
  return strayFlaw(share, ["record", "score", "value"]);
}

/** A field that means nothing for the share's kind must be empty: otherwise one share could be written in two ways. */
function strayFlaw(
  share: Share,
  meant: readonly ("match" | "record" | "occurrences" | "score" | "value")[],
): string | undefined {
  const isEmpty = {
    match: share.matchStart === 0n && share.matchEnd === 0n && share.matchTokens === 0,
    record: share.record === undefined && share.recordStart === 0n && share.beneficiary === "",
    occurrences: share.occurrencesHash.length === 0,
    score: share.score === 0n,
    value: share.value === "" && !share.agrees,
  };
  for (const field of ["match", "record", "occurrences", "score", "value"] as const) {
    if (!meant.includes(field) && !isEmpty[field]) return `${field} means nothing for its kind`;
  }
  return undefined;
}

function matchFlaw(share: Share, use: UseFacts, { rules }: BatchFacts): string | undefined {
  const { start, end, matchStart, matchEnd, matchTokens } = share;
  const length = matchEnd - matchStart;
  if (matchEnd > BigInt(use.output.length) || length < 1n || length > BigInt(MAX_MATCH_BYTES)) {
    return `its match goes from byte ${matchStart} to ${matchEnd}`;
  }
  if (matchTokens < rules.minTokens || matchTokens > rules.maxTokens) return `its match has ${matchTokens} tokens`;
  // A first stretch may begin with white space, which belongs to no token.
  const begins = start === 0n ? matchStart < end : matchStart <= start;
  return begins && start < matchEnd ? undefined : "its match does not cover it";
}

function citationFlaw({ record: id, beneficiary }: Share, facts: BatchFacts): string | undefined {
  if (id === undefined) return "it cites no record";
  const record = facts.record(id);
  if (record === undefined) return `record ${id.datanetId}/${id.number} is not of the model's lineage`;
  if (beneficiary !== record.contributor) return `record ${id.datanetId}/${id.number} is ${record.contributor}'s`;
  return undefined;
}

function fitsRecordFlaw({ record: id, recordStart }: Share, length: bigint, facts: BatchFacts): string | undefined {
  const record = id && facts.record(id);
  if (record === undefined) return "it cites no record";
  return recordStart + length <= BigInt(record.text.length) ? undefined : "it ends behind its record";
}

function successionFlaw(left: Share, right: Share, facts: BatchFacts): string | undefined {
  if (isTerminator(left)) return "something follows the end of a list";
  if (right.start !== left.end) return `byte or rank ${right.start} follows ${left.end}`;
  if (right.weightBefore !== left.weightAfter) return "weights do not go on where they ended";
  if (right.weightTotal !== left.weightTotal) return "two totals for one use";
  if (left.kind === ShareKind.SHARE_KIND_PASSAGE || left.kind === ShareKind.SHARE_KIND_NEIGHBOUR) {
    return rankFlaw(left, right, facts) ?? recursionFlaw(left, right, facts);
  }
  return undefined;
}

/** Ranks are strictly ordered: passages by score, examples by distance, equals by record and place. */
function rankFlaw(left: Share, right: Share, facts: BatchFacts): string | undefined {
  if (isTerminator(right)) return undefined;
  const order = compareRanks(left, right, facts);
  return order !== undefined && order < 0 ? undefined : "two ranks are out of order";
}

/** Below zero when `a` ranks before `b`; undefined when a record of theirs is not of the lineage. */
export function compareRanks(
  a: Pick<Share, "kind" | "score" | "record" | "recordStart">,
  b: Pick<Share, "score" | "record" | "recordStart">,
  facts: BatchFacts,
): number | undefined {
  if (a.score !== b.score) {
    const isHigher = a.score > b.score;
    return (a.kind === ShareKind.SHARE_KIND_PASSAGE) === isHigher ? -1 : 1;
  }
  const [first, second] = [a.record && facts.record(a.record), b.record && facts.record(b.record)];
  if (first === undefined || second === undefined) return undefined;
  const order = compareRecords(first, second);
  if (order !== 0) return order;
  return a.recordStart < b.recordStart ? -1 : a.recordStart > b.recordStart ? 1 : 0;
}

/** A neighbour's value follows from the next one's, the last one's from how many there are. */
function recursionFlaw(left: Share, right: Share, { rules }: BatchFacts): string | undefined {
  if (left.kind !== ShareKind.SHARE_KIND_NEIGHBOUR) return undefined;
  const position = Number(left.start) + 1;
  const next = integerOf(right.value);
  const value = isTerminator(right)
    ? lastValue(rules.neighbours, position, left.agrees)
    : next === undefined
      ? undefined
      : valueBefore(rules.neighbours, position, left.agrees, right.agrees, next);
  return value?.toString() === left.value ? undefined : "its value does not follow from the next one's";
}
