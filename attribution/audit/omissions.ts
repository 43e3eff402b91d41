/**
 * Owns finding what a batch left out: matches that own tokens it pays to others or to nobody (a span left out, a longer
 * one, an earlier owner), paid matches that are common, and passages or examples that belong between two ranks.
 */
import { beginsToken } from "../../chain/types/lexer.ts";
import type { Share } from "../../modules/attribution/batch/shares.ts";
import {
  omissionRefusal,
  rankRefusal,
  type ShownMatch,
  type ShownRank,
} from "../../modules/attribution/challenge/better-claim.ts";
import { MAX_QUERY_BYTES, PASSAGE_BYTES } from "../../modules/attribution/limits.ts";
import { ProofType, ShareKind } from "../../proto/enums.gen.ts";
import type { BuiltShare, Occurrence } from "../span-shares.ts";
import type { AuditSubject, Flaw } from "./subject.ts";

/** All matches left out, one for each share that lost a token, and all paid matches that are common. */
export function* omittedMatches(subject: AuditSubject): Generator<Flaw> {
  const { facts, batch } = subject;
  const ownByUse = Map.groupBy(subject.honest, ({ share }) => share.usePosition);
  for (const [i, share] of batch.body.shares.entries()) {
    if (facts.uses[share.usePosition]?.proof !== ProofType.PROOF_TYPE_SPAN) continue;
    for (const own of ownByUse.get(share.usePosition) ?? []) {
      if (!sharesToken(subject, own.share, share)) continue;
      const flaw = omission(subject, i, own) ?? commonness(subject, i, own);
      if (flaw === undefined) continue;
      yield flaw;
      break;
    }
  }
}

/** Whether a token of the output begins in both stretches. */
function sharesToken(subject: AuditSubject, a: Share, b: Share): boolean {
  const { bytes } = subject.output(a.usePosition);
  const [from, to] = [Math.max(Number(a.start), Number(b.start)), Math.min(Number(a.end), Number(b.end), bytes.length)];
  for (let at = from; at < to; at++) if (beginsToken(bytes[at - 1], bytes[at]!)) return true;
  return false;
}

/** Where the auditor's own match stands: a common one's in the first of its records. */
function placeOf({ share, occurrences }: BuiltShare): Occurrence | undefined {
  if (share.record !== undefined) return { record: share.record, recordStart: share.recordStart };
  return occurrences[0];
}

function omission(subject: AuditSubject, index: number, own: BuiltShare): Flaw | undefined {
  const { facts, batch } = subject;
  const place = placeOf(own);
  const record = place && facts.record(place.record);
  const text = place && subject.record(place.record);
  if (place === undefined || record === undefined || text === undefined) return undefined;
  const [matchStart, matchEnd] = [Number(own.share.matchStart), Number(own.share.matchEnd)];
  const recordStart = Number(place.recordStart);
  const output = subject.output(own.share.usePosition);
  const shown = {
    output: output.open(matchStart, matchEnd),
    record: text.open(recordStart, recordStart + matchEnd - matchStart),
  };
  const match: ShownMatch = {
    ...{ place: { matchStart, matchEnd, recordStart }, record },
    ...{ output: output.window(shown.output), text: text.window(shown.record) },
  };
  if (omissionRefusal(batch.body.shares[index]!, match, facts) !== undefined) return undefined;
  const { datanetId, number } = place.record;
  return {
    reason: `share ${index}: a match of ${own.share.matchTokens} tokens in record ${datanetId}/${number} was left out`,
    challenge: {
      ...{ kind: "omission", share: batch.shares.open(index), ...shown, recordId: place.record },
      ...{ matchStart: BigInt(matchStart), matchEnd: BigInt(matchEnd), recordStart: place.recordStart },
    },
  };
}

function commonness({ batch }: AuditSubject, index: number, { share: own, occurrences }: BuiltShare): Flaw | undefined {
  const share = batch.body.shares[index]!;
  const isSameMatch = own.matchStart === share.matchStart && own.matchEnd === share.matchEnd;
  const isPaidCommon = share.kind === ShareKind.SHARE_KIND_SPAN && own.kind === ShareKind.SHARE_KIND_COMMON;
  if (!isPaidCommon || !isSameMatch) return undefined;
  return {
    reason: `share ${index}: its match stands in ${occurrences.length} records, which makes it common`,
    challenge: { kind: "commonness", share: batch.shares.open(index), occurrences },
  };
}

/** All passages and examples left out, one for each use. */
export function* omittedRanks(subject: AuditSubject): Generator<Flaw> {
  const { facts, batch, honest } = subject;
  for (const usePosition of facts.uses.keys()) {
    if (facts.uses[usePosition]!.proof === ProofType.PROOF_TYPE_SPAN) continue;
    const listed = [...batch.body.shares.entries()].filter(([, share]) => share.usePosition === usePosition);
    const wanted = honest.map(({ share }) => share).filter((share) => share.usePosition === usePosition);
    const flaw = firstOmittedRank(subject, listed, wanted);
    if (flaw !== undefined) yield flaw;
  }
}

function firstOmittedRank(
  subject: AuditSubject,
  listed: readonly (readonly [index: number, share: Share])[],
  wanted: readonly Share[],
): Flaw | undefined {
  const { batch, facts } = subject;
  const isSame = (a: Share, b: Share): boolean =>
    a.record?.datanetId === b.record?.datanetId &&
    a.record?.number === b.record?.number &&
    a.recordStart === b.recordStart;
  for (const own of wanted) {
    if (own.record === undefined || listed.some(([, share]) => isSame(share, own))) continue;
    const rank = shownRank(subject, own);
    if (rank === undefined) continue;
    for (const [at, [index, after]] of listed.entries()) {
      const before = at === 0 ? undefined : listed[at - 1]![1];
      if (rankRefusal(before, after, rank.shown, facts) !== undefined) continue;
      const opened = (before === undefined ? [index] : [index - 1, index]).map((one) => batch.shares.open(one));
      const { datanetId, number } = own.record;
      return {
        reason: `use ${after.usePosition}: record ${datanetId}/${number} belongs at rank ${at} and was left out`,
        challenge: {
          kind: "rank",
          shares: opened,
          recordId: own.record,
          recordStart: own.recordStart,
          ...rank.openings,
        },
      };
    }
  }
  return undefined;
}

/** What shows where a passage or example ranks. */
function shownRank(subject: AuditSubject, own: Share) {
  const { facts } = subject;
  const record = facts.record(own.record!);
  const text = subject.record(own.record!);
  if (record === undefined || text === undefined) return undefined;
  const isPassage = own.kind === ShareKind.SHARE_KIND_PASSAGE;
  const prompt = subject.prompt(own.usePosition);
  const output = subject.output(own.usePosition);
  const start = Number(own.recordStart);
  const openings = {
    record: text.open(start, Math.min(start + PASSAGE_BYTES, text.bytes.length)),
    prompt: prompt.open(0, Math.min(isPassage ? MAX_QUERY_BYTES : PASSAGE_BYTES, prompt.bytes.length)),
    output: isPassage ? undefined : output.open(0, 1),
  };
  const shown: ShownRank = {
    ...{ record, recordStart: start, text: text.window(openings.record), prompt: prompt.window(openings.prompt) },
    output: openings.output && output.window(openings.output),
  };
  return { openings, shown };
}
