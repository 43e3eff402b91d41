/**
 * Owns finding shares that cannot be: by their fields, beside their neighbours, or by the texts they rest on
 * (fabrications, false borders, false weights, false scores). What is wrong with a share is decided by the chain's own
 * functions; here it is looked for, with as little text as shows it.
 */
import { beginsToken } from "../../chain/types/lexer.ts";
import { isTerminator, type Share } from "../../modules/attribution/batch/shares.ts";
import { type Evidence, examine } from "../../modules/attribution/challenge/evidence.ts";
import { neighbourFlaw, shareFlaw } from "../../modules/attribution/challenge/share-flaw.ts";
import { MAX_QUERY_BYTES, MAX_STRETCH_BYTES, PASSAGE_BYTES } from "../../modules/attribution/limits.ts";
import type { TextOpening } from "../../modules/attribution/proof/text-window.ts";
import { ProofType, ShareKind } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { AuditSubject, Challenge, Flaw, ShownText } from "./subject.ts";

type ShareChallenge = Extract<Challenge, { readonly kind: "share" }>;

/** The texts one attempt shows. */
interface Attempt {
  readonly output?: TextOpening | undefined;
  readonly prompt?: TextOpening | undefined;
  readonly record?: TextOpening | undefined;
  /** The record that is shown. */
  readonly recordId?: Messages["tributary.datanet.v1.RecordId"] | undefined;
  readonly chosen?: number;
}

/** All shares that cannot be, in their order. */
export function* falseShares(subject: AuditSubject): Generator<Flaw> {
  const { facts, batch } = subject;
  const { shares } = batch.body;
  for (let i = 0; i <= shares.length; i++) {
    const [left, right] = [shares[i - 1], shares[i]];
    const between = neighbourFlaw(left, right, facts);
    if (between !== undefined) {
      const opened = [i - 1, i].filter((at) => at >= 0 && at < shares.length).map((at) => batch.shares.open(at));
      yield { reason: `at share ${i}: ${between}`, challenge: bare(opened) };
    }
    if (right === undefined) continue;
    const flaw = shareFlaw(right, facts);
    if (flaw !== undefined) yield { reason: `share ${i}: ${flaw}`, challenge: bare([batch.shares.open(i)]) };
    else yield* falseByText(subject, i, right);
  }
}

function bare(shares: ShareChallenge["shares"]): ShareChallenge {
  return { kind: "share", shares, occurrences: [], chosen: 0 };
}

/** A share that texts show to be false, with the smallest attempt that does. */
function* falseByText(subject: AuditSubject, index: number, share: Share): Generator<Flaw> {
  const { facts, batch } = subject;
  const occurrences = batch.occurrencesOf(index);
  for (const attempt of attempts(subject, index, share)) {
    const finding = examine(share, facts, evidenceOf(subject, share, attempt, occurrences));
    if (finding.is !== "flawed") continue;
    const { output, prompt, record, chosen = 0 } = attempt;
    const challenge = { ...bare([batch.shares.open(index)]), output, prompt, record, occurrences, chosen };
    yield { reason: `share ${index}: ${finding.flaw}`, challenge };
    return;
  }
}

function evidenceOf(
  subject: AuditSubject,
  { usePosition, kind }: Share,
  { output, prompt, record, recordId, chosen }: Attempt,
  occurrences: Evidence["occurrences"],
): Evidence {
  const text = recordId && subject.record(recordId);
  return {
    output: output && subject.output(usePosition).window(output),
    prompt: prompt && subject.prompt(usePosition).window(prompt),
    record: record && text?.window(record),
    occurrences: kind === ShareKind.SHARE_KIND_COMMON ? occurrences : undefined,
    chosen,
  };
}

/** What may be shown of a share, by what it rests on. */
function* attempts(subject: AuditSubject, index: number, share: Share): Generator<Attempt> {
  const use = subject.facts.uses[share.usePosition]!;
  if (use.proof === ProofType.PROOF_TYPE_SPAN) {
    yield* stretchAttempts(subject.output(share.usePosition), share);
    yield* matchAttempts(subject, index, share);
    return;
  }
  const text = share.record && subject.record(share.record);
  if (isTerminator(share) || text === undefined) return;
  const prompt = subject.prompt(share.usePosition);
  const recordId = share.record;
  if (use.proof === ProofType.PROOF_TYPE_BM25) {
    const start = Number(share.recordStart);
    yield {
      ...{ recordId, prompt: prompt.open(0, Math.min(MAX_QUERY_BYTES, prompt.bytes.length)) },
      record: text.open(start, Math.min(start + PASSAGE_BYTES, text.bytes.length)),
    };
    return;
  }
  yield {
    ...{ recordId, output: subject.output(share.usePosition).open(0, 1) },
    prompt: prompt.open(0, Math.min(PASSAGE_BYTES, prompt.bytes.length)),
    record: text.open(0, Math.min(PASSAGE_BYTES, text.bytes.length)),
  };
}

/** The stretch in the output; of one that is too long to show, its beginning and the second token in it. */
function* stretchAttempts(output: ShownText, { start, end }: Share): Generator<Attempt> {
  const [from, to] = [Number(start), Number(end)];
  if (to - from <= MAX_STRETCH_BYTES) {
    yield { output: output.open(from, to) };
    return;
  }
  yield { output: output.open(from, Math.min(from + 64, output.bytes.length)) };
  for (let at = from + 1; at < to; at++) {
    if (!beginsToken(output.bytes[at - 1], output.bytes[at]!)) continue;
    yield { output: output.open(at, at + 1) };
    return;
  }
}

/** The match in the output and in the record, or in each record of a common one's list. */
function* matchAttempts(subject: AuditSubject, index: number, share: Share): Generator<Attempt> {
  if (share.kind === ShareKind.SHARE_KIND_UNMATCHED) return;
  const [from, to] = [Number(share.matchStart), Number(share.matchEnd)];
  const output = subject.output(share.usePosition).open(from, to);
  const listed = subject.batch.occurrencesOf(index);
  const places =
    share.kind === ShareKind.SHARE_KIND_SPAN ? [{ record: share.record!, recordStart: share.recordStart }] : listed;
  for (const [chosen, { record: id, recordStart }] of places.entries()) {
    const text = subject.record(id);
    const at = Number(recordStart);
    if (text === undefined || at + to - from > text.bytes.length) yield { output, chosen };
    else yield { output, record: text.open(at, at + to - from), recordId: id, chosen };
  }
}
