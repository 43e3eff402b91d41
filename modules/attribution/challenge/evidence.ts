/**
 * Owns what texts show about a share: whether its stretch holds the tokens it is paid for, whether its match, passage or
 * example is what it says. The same check serves both sides: a challenger shows a flaw, a host that is asked to open a
 * share shows that there is none. It does not own who sends it.
 */
import { sha256 } from "../../../chain/types/hash.ts";
import { areJoined, beginsToken, endsToken } from "../../../chain/types/lexer.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { ProofType, ShareKind } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { isTerminator, type Share } from "../batch/shares.ts";
import { MAX_QUERY_BYTES, MAX_STRETCH_BYTES, MAX_TERM_BYTES, PASSAGE_BYTES } from "../limits.ts";
import { passageScore, queryTerms } from "../proof/bm25.ts";
import { exampleOf, squaredDistance } from "../proof/knn-shapley.ts";
import { checkMatch, compareRecords, type RecordFacts, showsMatch } from "../proof/match.ts";
import type { TextWindow } from "../proof/text-window.ts";
import type { BatchFacts, UseFacts } from "./batch-facts.ts";

type Occurrence = Messages["tributary.attribution.v1.Occurrence"];

/** Proved bytes of the texts a share rests on. */
export interface Evidence {
  readonly output?: TextWindow | undefined;
  readonly prompt?: TextWindow | undefined;
  /** Of the record that the share or the chosen occurrence cites. */
  readonly record?: TextWindow | undefined;
  /** The list of a common share, and which of it `record` shows. */
  readonly occurrences?: readonly Occurrence[] | undefined;
  readonly chosen?: number | undefined;
}

/** What evidence came to. */
export type Finding =
  | { readonly is: "flawed"; readonly flaw: string }
  | { readonly is: "sound" }
  | { readonly is: "open"; readonly missing: string };

const SOUND: Finding = { is: "sound" };
const flawed = (flaw: string): Finding => ({ is: "flawed", flaw });
const open = (missing: string): Finding => ({ is: "open", missing });

/**
 * What the evidence shows of a share that has no flaw by itself (share-flaw.ts). A flaw counts as soon as one text shows
 * it; "sound" takes all texts that the share rests on.
 */
export function examine(share: Share, facts: BatchFacts, evidence: Evidence): Finding {
  const use = facts.uses[share.usePosition];
  if (use === undefined) return flawed(`there is no use at position ${share.usePosition}`);
  switch (use.proof) {
    case ProofType.PROOF_TYPE_SPAN:
      return both(examineStretch(share, facts, evidence.output), examineMatch(share, facts, evidence));
    case ProofType.PROOF_TYPE_BM25:
      return isTerminator(share) ? SOUND : examinePassage(share, use, facts, evidence);
    default:
      return isTerminator(share) ? SOUND : examineNeighbour(share, use, evidence);
  }
}

function both(a: Finding, b: Finding): Finding {
  if (a.is === "flawed") return a;
  if (b.is === "flawed") return b;
  return a.is === "open" ? a : b;
}

/** The stretch: it begins and ends at tokens' borders, its tokens lie in the match, and they weigh what it says. */
function examineStretch(share: Share, facts: BatchFacts, output: TextWindow | undefined): Finding {
  const [start, end] = [Number(share.start), Number(share.end)];
  if (output === undefined) return open("the output's chunks");
  if (end - start > MAX_STRETCH_BYTES) return examineLongStretch(share, facts, output);
  if (!output.coversWithBorders(start, end)) return open(`bytes ${start} to ${end} of the output`);
  if (start > 0 && !beginsToken(output.at(start - 1), output.at(start)!)) return flawed("it begins inside a token");
  if (end < output.length && areJoined(output.at(end - 1)!, output.at(end)!)) return flawed("it ends inside a token");
  let weight = 0n;
  for (let at = start; at < end; at++) {
    if (!beginsToken(output.at(at - 1), output.at(at)!)) continue;
    if (isOutsideMatch(share, at)) return flawed(`the token at byte ${at} is not in its match`);
    weight += weightAt(output, at, facts);
  }
  return weightFinding(share, weight);
}

/** A stretch over the limit holds at most the token it begins with: a very long token, or white space without end. */
function examineLongStretch(share: Share, facts: BatchFacts, output: TextWindow): Finding {
  const [start, end] = [Number(share.start), Number(share.end)];
  const [from, to] = [Math.max(output.start + 1, start + 1), Math.min(output.end, end)];
  for (let at = from; at < to; at++) {
    if (beginsToken(output.at(at - 1), output.at(at)!)) return flawed(`a second token begins at byte ${at}`);
  }
  const shownTo = Math.min(start + MAX_TERM_BYTES + 1, output.length);
  if (!output.covers(Math.max(start - 1, 0), shownTo)) return open(`bytes ${start} to ${shownTo} of the output`);
  const begins = beginsToken(output.at(start - 1), output.at(start)!);
  if (!begins && start > 0) return flawed("it begins inside a token");
  if (begins && isOutsideMatch(share, start)) return flawed("its token is not in its match");
  return weightFinding(share, begins ? weightAt(output, start, facts) : 0n);
}

function weightFinding({ weightBefore, weightAfter }: Share, weight: bigint): Finding {
  const stated = BigInt(weightAfter) - BigInt(weightBefore);
  return stated === weight ? SOUND : flawed(`its tokens weigh ${weight}, not ${stated}`);
}

function isOutsideMatch({ kind, matchStart, matchEnd }: Share, at: number): boolean {
  return kind !== ShareKind.SHARE_KIND_UNMATCHED && (at < Number(matchStart) || at >= Number(matchEnd));
}

/** The weight of the token that begins at an offset: one, or by its rarity. A term beyond the table's longest is rare, whatever it is. */
function weightAt(output: TextWindow, start: number, { table }: BatchFacts): bigint {
  if (table === undefined) return 1n;
  let end = start + 1;
  while (end - start <= MAX_TERM_BYTES && end < output.end && !endsToken(output.at(end - 1)!, output.at(end))) end++;
  return table.weightOf(output.slice(start, end));
}

/** The match of a span, or one occurrence of a common one. */
function examineMatch(share: Share, facts: BatchFacts, evidence: Evidence): Finding {
  if (share.kind === ShareKind.SHARE_KIND_UNMATCHED) return SOUND;
  const place = { matchStart: Number(share.matchStart), matchEnd: Number(share.matchEnd) };
  if (share.kind === ShareKind.SHARE_KIND_SPAN) {
    return examinePlace(share, { ...place, recordStart: Number(share.recordStart) }, facts, evidence);
  }
  const { occurrences, chosen } = evidence;
  if (occurrences === undefined || chosen === undefined) return open("the list of occurrences");
  const list = encode("tributary.attribution.v1.OccurrenceList", { occurrences });
  if (!equalBytes(sha256(list), share.occurrencesHash)) return open("the list under its occurrences_hash");
  const flaw = occurrencesFlaw(occurrences, Number(share.matchEnd - share.matchStart), facts);
  if (flaw !== undefined) return flawed(flaw);
  const occurrence = occurrences[chosen];
  if (occurrence === undefined) return open(`occurrence ${chosen}`);
  return examinePlace(share, { ...place, recordStart: Number(occurrence.recordStart) }, facts, evidence);
}

function examinePlace(
  share: Share,
  place: { readonly matchStart: number; readonly matchEnd: number; readonly recordStart: number },
  { rules }: BatchFacts,
  { output, record }: Evidence,
): Finding {
  if (output === undefined || record === undefined || !showsMatch(place, output, record)) {
    return open("the match in the output and in the record");
  }
  const check = checkMatch(place, output, record, rules);
  if ("flaw" in check) return flawed(check.flaw);
  return check.tokens === share.matchTokens ? SOUND : flawed(`its match has ${check.tokens} tokens`);
}

/** What is wrong with a list of places that is to show commonness, whatever stands there. `length` in bytes. */
export function occurrencesFlaw(list: readonly Occurrence[], length: number, facts: BatchFacts): string | undefined {
  const wanted = facts.rules.maxOccurrences + 1;
  if (list.length !== wanted) return `${list.length} occurrences where ${wanted} make a match common`;
  let before: RecordFacts | undefined;
  for (const { record: id, recordStart } of list) {
    const record = facts.record(id);
    if (record === undefined) return `record ${id.datanetId}/${id.number} is not of the model's lineage`;
    if (recordStart + BigInt(length) > BigInt(record.text.length)) return "an occurrence ends behind its record";
    if (before !== undefined && compareRecords(before, record) >= 0) return "records are not in ascending order";
    before = record;
  }
  return undefined;
}

function examinePassage(share: Share, use: UseFacts, facts: BatchFacts, { prompt, record }: Evidence): Finding {
  const score = passageScoreShown(Number(share.recordStart), use, facts, prompt, record);
  if (score === undefined) return open("the query and the passage");
  return score === share.score ? SOUND : flawed(`its score is ${score}, not ${share.score}`);
}

/** The score of the passage that begins at an offset; undefined when the query or the passage is not shown whole. */
export function passageScoreShown(
  start: number,
  use: UseFacts,
  { table }: BatchFacts,
  prompt: TextWindow | undefined,
  record: TextWindow | undefined,
): bigint | undefined {
  if (prompt === undefined || record === undefined || table === undefined) return undefined;
  const queryEnd = Math.min(MAX_QUERY_BYTES, use.prompt.length);
  const passageEnd = Math.min(start + PASSAGE_BYTES, record.length);
  if (!prompt.covers(0, queryEnd) || !record.covers(start, passageEnd)) return undefined;
  return passageScore(queryTerms(prompt.slice(0, queryEnd), table), record.slice(start, passageEnd), table);
}

function examineNeighbour(share: Share, use: UseFacts, evidence: Evidence): Finding {
  const shown = neighbourShown(use, evidence);
  if (shown === undefined) return open("the query, the answer's first byte and the example");
  if (shown.distance === undefined) return flawed("the record is no example to compare with the query");
  if (shown.distance !== share.score) return flawed(`its distance is ${shown.distance}, not ${share.score}`);
  return shown.agrees === share.agrees ? SOUND : flawed(`agrees is ${shown.agrees}`);
}

/** The distance of an example and whether it agrees with the answer; undefined when not all of it is shown. */
export function neighbourShown(
  use: UseFacts,
  { output, prompt, record }: Pick<Evidence, "output" | "prompt" | "record">,
): { readonly distance: bigint | undefined; readonly agrees: boolean } | undefined {
  if (output === undefined || prompt === undefined || record === undefined) return undefined;
  if (!output.covers(0, 1) || !record.covers(0, Math.min(record.length, PASSAGE_BYTES))) return undefined;
  if (!prompt.covers(0, Math.min(use.prompt.length, PASSAGE_BYTES))) return undefined;
  const example = record.length > PASSAGE_BYTES ? undefined : exampleOf(record.bytes);
  const query = prompt.slice(0, Math.min(use.prompt.length, PASSAGE_BYTES));
  const distance = example && use.prompt.length === query.length ? squaredDistance(query, example.features) : undefined;
  return { distance, agrees: example?.label === output.at(0) };
}
