/**
 * Owns matches: when a stretch of an output stands in a record, and which of two matches owns the tokens they share.
 * The longest covering match owns a token; among equally long ones the one that begins first in the output; then the
 * earliest record, and the earliest place in it. It does not own who says so in which message (challenge/).
 */

import { beginsToken, countTokens, endsToken } from "../../../chain/types/lexer.ts";
import { compareBytes } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MAX_MATCH_BYTES } from "../limits.ts";
import type { TextCommitment, TextWindow } from "./text-window.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** What the chain knows of a record of the model's lineage. */
export interface RecordFacts {
  readonly id: RecordId;
  readonly contributor: string;
  readonly text: TextCommitment;
  /** The block that counts for precedence: that of its commitment, or of its acceptance without one. */
  readonly height: bigint;
  /** Whether its datanet is private: then nobody is made to show its text. */
  readonly isPrivate?: boolean;
}

/** How many tokens a match may have. */
export interface MatchLimits {
  readonly minTokens: number;
  readonly maxTokens: number;
  /** How long it may be; by default what a share's match may be. */
  readonly maxBytes?: number;
}

/** A stretch of the output and where it is said to stand. Offsets in bytes. */
export interface MatchPlace {
  readonly matchStart: number;
  readonly matchEnd: number;
  readonly recordStart: number;
}

/** What ownership is decided by. */
export interface RankedMatch {
  readonly tokens: number;
  readonly matchStart: number;
  readonly record: RecordFacts;
  readonly recordStart: number;
}

/**
 * Earlier records come first: by block, then datanet, then number. Within a datanet that need not be the order of numbers: a
 * record that was committed to has the block of its commitment.
 */
export function compareRecords(a: Pick<RecordFacts, "height" | "id">, b: Pick<RecordFacts, "height" | "id">): number {
  return (
    compareIntegers(a.height, b.height) ||
    compareIntegers(a.id.datanetId, b.id.datanetId) ||
    compareIntegers(a.id.number, b.id.number)
  );
}

/** Below zero when `a` owns the tokens that both cover, above when `b` does, zero for the same match. */
export function compareMatches(a: RankedMatch, b: RankedMatch): number {
  return (
    b.tokens - a.tokens ||
    a.matchStart - b.matchStart ||
    compareRecords(a.record, b.record) ||
    a.recordStart - b.recordStart
  );
}

/** Whether the windows show enough to decide on the match. */
export function showsMatch(place: MatchPlace, output: TextWindow, record: TextWindow): boolean {
  const { matchStart, matchEnd, recordStart } = place;
  const recordEnd = recordStart + matchEnd - matchStart;
  return output.coversWithBorders(matchStart, matchEnd) && record.coversWithBorders(recordStart, recordEnd);
}

/**
 * How many tokens the match has, or why it is none. The windows must show it (`showsMatch`), and the place must lie
 * inside both texts.
 */
export function checkMatch(
  { matchStart, matchEnd, recordStart }: MatchPlace,
  output: TextWindow,
  record: TextWindow,
  limits: MatchLimits,
): { readonly tokens: number } | { readonly flaw: string } {
  const length = matchEnd - matchStart;
  const recordEnd = recordStart + length;
  if (length < 1 || length > (limits.maxBytes ?? MAX_MATCH_BYTES)) return { flaw: `it has ${length} bytes` };
  const inOutput = output.slice(matchStart, matchEnd);
  if (compareBytes(inOutput, record.slice(recordStart, recordEnd)) !== 0) {
    return { flaw: "its bytes in the output and in the record differ" };
  }
  for (const [window, from, to] of [
    [output, matchStart, matchEnd],
    [record, recordStart, recordEnd],
  ] as const) {
    if (!beginsToken(window.at(from - 1), window.at(from)!)) return { flaw: "it does not begin where a token begins" };
    if (!endsToken(window.at(to - 1)!, window.at(to))) return { flaw: "it does not end where a token ends" };
  }
  const tokens = countTokens(inOutput);
  if (tokens < limits.minTokens || tokens > limits.maxTokens) return { flaw: `it has ${tokens} tokens` };
  return { tokens };
}

function compareIntegers(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
