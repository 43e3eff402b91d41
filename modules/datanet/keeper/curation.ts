/**
 * Owns what people say of records: attestations, the owner's and curators' votes, the validators' counts. It does not
 * own the arithmetic of scorecards (scorecard.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { AttestationKind, RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { curatorsOf, type DatanetKeeper, type Record } from "../keeper.ts";
import { MAX_NOTE_BYTES } from "../limits.ts";
import { type Score, type Scorecard, scorecardOf } from "../scorecard.ts";
import { state } from "../state.ts";
import { rejectRecord } from "./records.ts";

type Attestation = Messages["tributary.datanet.v1.Attestation"];

/** A record by datanet and number. */
export interface RecordAt {
  readonly datanetId: bigint;
  readonly number: bigint;
}

/** Keeps an account's word about a record, once for each kind. */
export function attest(
  keeper: DatanetKeeper,
  ctx: Write,
  attestor: Uint8Array,
  { datanetId, number }: RecordAt,
  kind: Attestation["kind"],
  note: string,
): void {
  keeper.record(ctx, datanetId, number);
  if (kind !== AttestationKind.ATTESTATION_KIND_RIGHTS && kind !== AttestationKind.ATTESTATION_KIND_CONTENT) {
    throw errors.invalidAttestation.because("kind must be rights or content");
  }
  if (utf8Length(note) > MAX_NOTE_BYTES) throw errors.invalidAttestation.because(`a note over ${MAX_NOTE_BYTES} bytes`);
  const at = [datanetId, number, [attestor, kind]] as const;
  const name = ctx.addresses.account(attestor);
  if (state.attestations.has(ctx, at)) {
    throw errors.invalidAttestation.because(`${name} has said this of record ${datanetId}/${number}`);
  }
  state.attestations.set(ctx, at, { datanetId, number, attestor: name, kind, note, height: ctx.height });
  ctx.emit("record_attested", [
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["attestor", name],
    ["kind", kind.toString()],
  ]);
}

/** Counts a vote of the owner or a curator; as many against it as the quorum asks for reject the record. */
export function curate(
  keeper: DatanetKeeper,
  ctx: Write,
  curator: Uint8Array,
  { datanetId, number }: RecordAt,
  approve: boolean,
): Record["status"] {
  const name = ctx.addresses.account(curator);
  const datanet = keeper.curated(ctx, datanetId, name);
  if (datanet.curationQuorum === 0) throw errors.noCuration.because(`datanet ${datanetId}`);
  const record = keeper.record(ctx, datanetId, number);
  if (record.status !== RecordStatus.RECORD_STATUS_PENDING) {
    throw errors.recordClosed.because(`record ${datanetId}/${number} is not pending`);
  }
  if (record.contributor === name)
    throw errors.recordClosed.because(`record ${datanetId}/${number} is the voter's own`);
  state.curationVotes.set(ctx, [datanetId, number, curator], {
    datanetId,
    number,
    curator: name,
    approve,
    height: ctx.height,
  });
  // Whoever is no curator any more has no say.
  const voters = new Set(curatorsOf(datanet));
  const votes = [...state.curationVotes.iterate(ctx, { prefix: [datanetId, number] })].map(([, vote]) => vote);
  const counted = votes.filter((vote) => voters.has(vote.curator));
  const approvals = counted.filter((vote) => vote.approve).length;
  const rejections = counted.length - approvals;
  const voted = { ...record, approvals, rejections };
  const isRejected = rejections >= datanet.curationQuorum;
  if (isRejected) rejectRecord(keeper, ctx, voted);
  else state.records.set(ctx, [datanetId, number], voted);
  ctx.emit(isRejected ? "record_rejected" : "record_curated", [
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["curator", name],
    ["approvals", approvals.toString()],
    ["rejections", rejections.toString()],
  ]);
  return isRejected ? RecordStatus.RECORD_STATUS_REJECTED : record.status;
}

/** Keeps what a validator counted, in place of what it counted before. */
export function scoreRecord(keeper: DatanetKeeper, ctx: Write, validator: Uint8Array, score: Score): void {
  const { datanetId, number } = score;
  const { validators } = keeper.datanet(ctx, datanetId);
  keeper.record(ctx, datanetId, number);
  if (!validators.includes(score.validator)) {
    throw errors.notValidator.because(`${score.validator} in datanet ${datanetId}`);
  }
  const parts = [
    [score.presentCells, score.requiredCells, "present_cells"],
    [score.correctItems, score.auditedItems, "correct_items"],
    [score.brokenRules, score.checkedRules, "broken_rules"],
  ] as const;
  for (const [part, whole, name] of parts) {
    if (part > whole) throw errors.invalidScore.because(`${name} is ${part} of ${whole}`);
  }
  state.scores.set(ctx, [datanetId, number, validator], score);
  ctx.emit("record_scored", [
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["validator", score.validator],
  ]);
}

/** A record's scorecard as of the context's time. */
export function scorecard(keeper: DatanetKeeper, ctx: Read, datanetId: bigint, number: bigint): Scorecard {
  const record = keeper.record(ctx, datanetId, number);
  const { validators } = keeper.datanet(ctx, datanetId);
  const age = ctx.time.seconds - record.acceptedAt;
  const halfLife = keeper.params(ctx).halfLifeSeconds;
  // Only who is a validator now is looked up: scores of former ones may be many, and claims of earnings must not cost by them.
  const scores = validators
    // Nobody vouches for a text of their own, also when it was taken over since.
    .filter((validator) => validator !== record.contributor)
    .map((validator) => state.scores.get(ctx, [datanetId, number, ctx.addresses.parseAccount(validator)]))
    .filter((score) => score !== undefined);
  return scorecardOf({ ...record, age, halfLife }, scores);
}

/** What a record's scores are worth where they are paid for; undefined while no validator of the datanet has scored it. */
export function attestedPpm(keeper: DatanetKeeper, ctx: Read, datanetId: bigint, number: bigint): number | undefined {
  const card = scorecard(keeper, ctx, datanetId, number);
  return card.validators === 0 ? undefined : card.attestedPpm;
}
