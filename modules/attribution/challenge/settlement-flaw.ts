/**
 * Owns what an inline settlement must be beside true: its spans are chosen greedily. Of all matches of the output with
 * records of the lineage the best one is a span, then the best one that overlaps no span yet, and so on; the best is the
 * longest, then the one that begins first, then that of the earliest record (proof/match.ts). So whether a match was left
 * out can be seen from the spans it overlaps alone: it was, when it comes before all of them. Pure; the texts are proved
 * before they come here.
 */
import { compareMatches, type RankedMatch } from "../proof/match.ts";

/** A match with the stretch of the output it takes, in bytes. */
export interface RankedSpan extends RankedMatch {
  readonly matchEnd: number;
}

/** Why the settlement is right not to have the match; undefined when it was left out. */
export function leftOutRefusal(match: RankedSpan, spans: readonly RankedSpan[], maxSpans: number): string | undefined {
  const overlapped = spans.filter((span) => span.matchStart < match.matchEnd && match.matchStart < span.matchEnd);
  if (overlapped.some((span) => compareMatches(span, match) <= 0)) return "a span that it overlaps comes first";
  // A list that is full has the best spans; what overlaps none of them must be better than one of them.
  const isFull = overlapped.length === 0 && spans.length >= maxSpans;
  if (isFull && spans.every((span) => compareMatches(span, match) <= 0)) return "all spans there may be come first";
  return undefined;
}
