/**
 * Owns claims that a batch left out: a match that owns a token paid to another or to nobody, and a passage or example
 * that belongs between two ranks. Both show the text that was left out and the neighbours it proves wrong. Functions
 * give why a claim is no better, or undefined when it is and the batch falls.
 */
import { ProofType, ShareKind } from "../../../proto/enums.gen.ts";
import { isTerminator, type Share } from "../batch/shares.ts";
import { MAX_NEIGHBOURS } from "../limits.ts";
import { passageStart } from "../proof/bm25.ts";
import { checkMatch, compareMatches, type MatchPlace, type RecordFacts, showsMatch } from "../proof/match.ts";
import type { TextWindow } from "../proof/text-window.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { neighbourShown, passageScoreShown } from "./evidence.ts";
import { compareRanks } from "./share-flaw.ts";

/** A match with the texts that show it. */
export interface ShownMatch {
  readonly place: MatchPlace;
  readonly record: RecordFacts;
  readonly output: TextWindow;
  readonly text: TextWindow;
}

/** Why the match does not take a token from the share: omission, a longer span, or an earlier owner. */
export function omissionRefusal(share: Share, match: ShownMatch, facts: BatchFacts): string | undefined {
  const { place, record, output, text } = match;
  if (facts.uses[share.usePosition]?.proof !== ProofType.PROOF_TYPE_SPAN) return "the use is not divided by spans";
  if (!showsMatch(place, output, text)) return "the match is not shown whole";
  const check = checkMatch(place, output, text, facts.rules);
  if ("flaw" in check) return `the match is none: ${check.flaw}`;
  if (Math.max(place.matchStart, Number(share.start)) >= Math.min(place.matchEnd, Number(share.end))) {
    return "the match has no token of the share";
  }
  const shown = { tokens: check.tokens, matchStart: place.matchStart, record, recordStart: place.recordStart };
  return isBetter(shown, share, facts) ? undefined : "the share's own match comes first";
}

function isBetter(
  shown: { tokens: number; matchStart: number; record: RecordFacts; recordStart: number },
  share: Share,
  facts: BatchFacts,
): boolean {
  const [tokens, matchStart] = [share.matchTokens, Number(share.matchStart)];
  switch (share.kind) {
    case ShareKind.SHARE_KIND_UNMATCHED:
      return true;
    case ShareKind.SHARE_KIND_COMMON:
      // Its own match stands in many records; only a longer match, or an equally long one before it, takes its tokens.
      return shown.tokens > tokens || (shown.tokens === tokens && shown.matchStart < matchStart);
    default: {
      const record = share.record && facts.record(share.record);
      if (record === undefined) return true;
      return compareMatches(shown, { tokens, matchStart, record, recordStart: Number(share.recordStart) }) < 0;
    }
  }
}

/** A passage or example, with the texts that show its rank. */
export interface ShownRank {
  readonly record: RecordFacts;
  /** Where the passage begins in the record; 0 for an example. */
  readonly recordStart: number;
  readonly text: TextWindow;
  readonly prompt: TextWindow;
  /** The answer's label; for examples only. */
  readonly output: TextWindow | undefined;
}

/**
 * Why the record does not belong between two shares that follow each other, or before the first of a use: `before` is
 * undefined then. `after` may be the end of the list.
 */
export function rankRefusal(
  before: Share | undefined,
  after: Share,
  rank: ShownRank,
  facts: BatchFacts,
): string | undefined {
  const use = facts.uses[after.usePosition];
  if (use === undefined) return "there is no such use";
  const isPassage = use.proof === ProofType.PROOF_TYPE_BM25;
  const kind = isPassage ? ShareKind.SHARE_KIND_PASSAGE : ShareKind.SHARE_KIND_NEIGHBOUR;
  if (!isPassage && use.proof !== ProofType.PROOF_TYPE_KNN) return "the use is not divided by ranks";
  const score = isPassage
    ? passageScoreShown(rank.recordStart, use, facts, rank.prompt, rank.text)
    : neighbourShown(use, { output: rank.output, prompt: rank.prompt, record: rank.text })?.distance;
  if (score === undefined) return "the query and the text do not show a score";
  if (isPassage ? score === 0n || passageStart(rank.recordStart) !== rank.recordStart : rank.recordStart !== 0) {
    return "it is no passage with a score, or no whole example";
  }
  const candidate = { kind, score, record: rank.record.id, recordStart: BigInt(rank.recordStart) };
  const limit = isPassage ? facts.rules.maxPassages : MAX_NEIGHBOURS;
  if (isTerminator(after) && after.start >= BigInt(limit)) return "the list is full";
  if (before !== undefined && !precedes({ ...before }, candidate, facts)) return "it ranks before the share before it";
  if (!isTerminator(after) && !precedes(candidate, after, facts)) return "it ranks behind the share behind it";
  return undefined;
}

function precedes(
  a: Parameters<typeof compareRanks>[0],
  b: Parameters<typeof compareRanks>[1],
  facts: BatchFacts,
): boolean {
  const order = compareRanks(a, b, facts);
  return order !== undefined && order < 0;
}
