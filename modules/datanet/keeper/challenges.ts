/**
 * Owns challenges of records: near-copies, and fingerprints that are not their texts'. Each is decided at once, by what
 * one message shows. It does not own openings (opening.ts) nor what fingerprints say (fingerprint.ts).
 *
 * Sharing a passage is no offence: code and prose have common lines. A record that declares its fingerprint truly and
 * is new enough stands. What is struck is the record that hides a shared passage, or is little else than a copy.
 */
import type { Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { countTokens } from "../../../chain/types/lexer.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import { errors } from "../errors.ts";
import { declaresNoToken, type FingerprintFlaw, judgeFingerprint } from "../fingerprint.ts";
import { claimsBefore, type DatanetKeeper, isEarning, type Record } from "../keeper.ts";
import { DUPLICATE_TOKENS, GAS_PER_BYTE, GAS_PER_HASH, PARTS_PER_MILLION } from "../limits.ts";
import { isTokenRun, type OpenedText, type TextOpening, withRun } from "../opening.ts";
import { declaredGrams } from "./novelty.ts";
import { strikeRecord } from "./records.ts";

/** Openings of one run of bytes in both records. */
export interface SharedRun {
  readonly copy: TextOpening;
  readonly original: TextOpening;
}

/**
 * Strikes a near-copy. With openings: both show the same run of at least 32 tokens, and either the run contradicts the
 * copy's fingerprint, or so much of the copy stands in it that it is below the novelty floor. Without: the copy came
 * before a committed record into the datanet, and too little of its fingerprint is not the committed record's.
 */
export function challengeDuplicate(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  at: { readonly datanetId: bigint; readonly number: bigint; readonly earlier: bigint },
  run: SharedRun | undefined,
): Coin {
  const copy = challengedRecord(keeper, ctx, at.datanetId, at.number);
  const original = keeper.record(ctx, at.datanetId, at.earlier);
  if (!isEarning(original)) throw errors.recordClosed.because(`record ${nameOf(original)} may not earn`);
  if (!claimsBefore(original, copy)) {
    throw errors.challengeFailed.because(`record ${nameOf(original)} was not claimed before ${nameOf(copy)}`);
  }
  const ground =
    run === undefined ? comparedGround(keeper, ctx, copy, original) : openedGround(keeper, ctx, copy, original, run);
  if (ground === undefined) {
    throw errors.challengeFailed.because(`record ${nameOf(copy)} declares what it shares and enough of it is new`);
  }
  return struck(keeper, ctx, challenger, copy, "duplicate_slashed", ground, RecordStatus.RECORD_STATUS_DUPLICATE);
}

/** Strikes a record whose own text contradicts its fingerprint. */
export function challengeFingerprint(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  at: { readonly datanetId: bigint; readonly number: bigint },
  opening: TextOpening,
): Coin {
  const record = challengedRecord(keeper, ctx, at.datanetId, at.number);
  const shown = openBytes(keeper, ctx, record, opening);
  const declared = declaredGrams(ctx, at.datanetId, at.number, record.length);
  const flaw = declaresNoToken(shown, declared) ? "false" : judged(ctx, record, requireRun(record, shown));
  if (flaw === undefined)
    throw errors.challengeFailed.because(`the run agrees with the fingerprint of ${nameOf(record)}`);
  return struck(keeper, ctx, challenger, record, "fingerprint_slashed", flaw, RecordStatus.RECORD_STATUS_MISDECLARED);
}

/** What the openings show against the copy; undefined for nothing. */
function openedGround(
  keeper: DatanetKeeper,
  ctx: Write,
  copy: Record,
  original: Record,
  run: SharedRun,
): FingerprintFlaw | "copied" | undefined {
  const shown = openRun(keeper, ctx, copy, run.copy);
  const source = openRun(keeper, ctx, original, withRun(run.original, shown.bytes));
  if (!equalBytes(shown.bytes, source.bytes)) throw errors.challengeFailed.because("the runs differ");
  const tokens = countTokens(shown.bytes);
  // A text that is itself shorter may be shown whole.
  if (tokens < DUPLICATE_TOKENS && !(shown.isFirst && shown.isLast)) {
    throw errors.challengeFailed.because(`the run has ${tokens} tokens, at least ${DUPLICATE_TOKENS} are asked for`);
  }
  const most = BigInt(PARTS_PER_MILLION - keeper.params(ctx).minNoveltyPpm);
  if (BigInt(shown.bytes.length) * BigInt(PARTS_PER_MILLION) > most * copy.length) return "copied";
  return judged(ctx, copy, shown);
}

/** What the declared fingerprints show against a copy that overtook the original; undefined for nothing. */
function comparedGround(keeper: DatanetKeeper, ctx: Write, copy: Record, original: Record): "overtook" | undefined {
  if (original.number < copy.number) {
    throw errors.challengeFailed.because("fingerprints were compared when the record was accepted: show a run of both");
  }
  const declared = declaredGrams(ctx, copy.datanetId, copy.number, copy.length);
  const known = new Set(
    declaredGrams(ctx, original.datanetId, original.number, original.length).map(({ hash }) => hash),
  );
  const fresh = declared.filter(({ hash }) => !known.has(hash)).length;
  const isOld =
    BigInt(fresh) * BigInt(PARTS_PER_MILLION) < BigInt(keeper.params(ctx).minNoveltyPpm) * BigInt(declared.length);
  return isOld ? "overtook" : undefined;
}

function judged(ctx: Write, record: Record, run: OpenedText): FingerprintFlaw | undefined {
  ctx.gas.consume(GAS_PER_HASH * BigInt(countTokens(run.bytes)), "fingerprint hashes");
  const declared = declaredGrams(ctx, record.datanetId, record.number, record.length);
  return judgeFingerprint(run, declared);
}

function openRun(keeper: DatanetKeeper, ctx: Write, record: Record, opening: TextOpening): OpenedText {
  return requireRun(record, openBytes(keeper, ctx, record, opening));
}

function openBytes(keeper: DatanetKeeper, ctx: Write, record: Record, opening: TextOpening): OpenedText {
  const text = { root: record.textRoot, length: record.length };
  const opened = keeper.open(ctx, `record ${nameOf(record)}`, opening, text);
  ctx.gas.consume(GAS_PER_BYTE * BigInt(opened.bytes.length), "opened tokens");
  return opened;
}

function requireRun(record: Record, opened: OpenedText): OpenedText {
  if (isTokenRun(opened)) return opened;
  throw errors.invalidOpening.because(`record ${nameOf(record)}: the run does not begin and end where tokens do`);
}

function challengedRecord(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, number: bigint): Record {
  const record = keeper.record(ctx, datanetId, number);
  if (isEarning(record) || record.status === RecordStatus.RECORD_STATUS_SUSPENDED) return record;
  throw errors.recordClosed.because(`record ${nameOf(record)} is struck, rejected or removed already`);
}

function struck(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  record: Record,
  event: string,
  ground: string,
  status: Record["status"],
): Coin {
  const bounty = strikeRecord(keeper, ctx, record, status, challenger);
  ctx.emit(event, [
    ["datanet_id", record.datanetId.toString()],
    ["number", record.number.toString()],
    ["contributor", record.contributor],
    ["challenger", ctx.addresses.account(challenger)],
    ["ground", ground],
    ["bond", record.bond.toString()],
    ["bounty", `${bounty.amount}${bounty.denom}`],
  ]);
  return bounty;
}

function nameOf({ datanetId, number }: Record): string {
  return `${datanetId}/${number}`;
}
