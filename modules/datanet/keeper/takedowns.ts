/**
 * Owns takedown notices: a bonded claim suspends a record until its contributor answers; the owner and curators decide an
 * answered claim, and one that had its time to be; whoever loses pays the other. It does not own what removal means (records.ts).
 *
 * Silence removes nothing: only arbiters' votes do, so that nobody takes a record from a contributor who is away. A notice
 * costs its claimant a bond that goes to the contributor when it fails, and twice as much the next time; one answer ends the
 * suspension, also a late one. So notices against records that stand pay their contributors.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { NoticeStatus, RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { curatorsOf, type DatanetKeeper, isEarning, type Record } from "../keeper.ts";
import { MAX_BOND_DOUBLINGS, MAX_NOTE_BYTES } from "../limits.ts";
import { state } from "../state.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";
import { restoreRecord, strikeRecord, suspendRecord } from "./records.ts";
import { fundAddress, takeSponsoredCounterBond } from "./sponsorship.ts";

export type Notice = Messages["tributary.datanet.v1.Notice"];

/** Throws datanet/25 when there is no such notice. */
export function noticeOf(ctx: Read, id: bigint): Notice {
  const notice = state.notices.get(ctx, id);
  if (notice === undefined) throw errors.noticeNotFound.because(`notice ${id}`);
  return notice;
}

/** Takes a bonded claim and suspends the record. */
export function giveNotice(
  keeper: DatanetKeeper,
  ctx: Write,
  claimant: Uint8Array,
  claim: Pick<Notice, "datanetId" | "number" | "reason" | "evidence">,
): Notice {
  const { datanetId, number, reason, evidence } = claim;
  const record = keeper.record(ctx, datanetId, number);
  const name = ctx.addresses.account(claimant);
  if (reason === "" || utf8Length(reason) > MAX_NOTE_BYTES || utf8Length(evidence) > MAX_NOTE_BYTES) {
    throw errors.invalidNotice.because(`a reason has 1 to ${MAX_NOTE_BYTES} bytes, evidence at most as many`);
  }
  if (record.contributor === name) throw errors.invalidNotice.because("the claimant is the contributor");
  const open = state.notices.by.open.find(ctx, [datanetId, number]);
  if (open !== undefined) throw errors.invalidNotice.because(`notice ${open} about the record is open`);
  if (!isEarning(record)) throw errors.recordClosed.because(`record ${datanetId}/${number} may not earn`);
  const params = keeper.params(ctx);
  const bond = params.takedownBond << BigInt(Math.min(record.dismissedNotices, MAX_BOND_DOUBLINGS));
  keeper.hold(ctx, claimant, bond);
  const notice: Notice = {
    id: (state.notices.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n,
    ...{ datanetId, number, reason, evidence, bond },
    claimant: name,
    status: NoticeStatus.NOTICE_STATUS_OPEN,
    counterStatement: "",
    counterBond: 0n,
    deadline: ctx.time.seconds + params.takedownSeconds,
    upholders: [],
    dismissers: [],
    height: ctx.height,
    respondent: "",
    isCounterSponsored: false,
  };
  state.notices.set(ctx, notice.id, notice);
  addDeadline(ctx, notice.deadline, DEADLINE.notice, notice.id);
  suspendRecord(keeper, ctx, record);
  emit(ctx, "takedown_noticed", notice);
  return notice;
}

/** Takes the contributor's bonded answer: the record earns again until it is decided, and votes from before it count no more. */
export function counterNotice(
  keeper: DatanetKeeper,
  ctx: Write,
  contributor: Uint8Array,
  id: bigint,
  statement: string,
): void {
  const notice = noticeOf(ctx, id);
  const record = keeper.record(ctx, notice.datanetId, notice.number);
  if (notice.status !== NoticeStatus.NOTICE_STATUS_OPEN) throw errors.noticeClosed.because(`notice ${id} is not open`);
  if (record.contributor !== ctx.addresses.account(contributor)) {
    throw errors.invalidNotice.because("only the record's contributor can answer");
  }
  if (statement === "" || utf8Length(statement) > MAX_NOTE_BYTES) {
    throw errors.invalidNotice.because(`a statement has 1 to ${MAX_NOTE_BYTES} bytes`);
  }
  const isCounterSponsored = takeSponsoredCounterBond(keeper, ctx, record, notice.bond);
  if (!isCounterSponsored) keeper.hold(ctx, contributor, notice.bond);
  dropDeadline(ctx, notice.deadline, DEADLINE.notice, id);
  const answered: Notice = {
    ...notice,
    status: NoticeStatus.NOTICE_STATUS_COUNTERED,
    counterStatement: statement,
    counterBond: notice.bond,
    isCounterSponsored,
    respondent: record.contributor,
    upholders: [],
    dismissers: [],
    deadline: ctx.time.seconds + keeper.params(ctx).takedownSeconds,
  };
  state.notices.set(ctx, id, answered);
  addDeadline(ctx, answered.deadline, DEADLINE.notice, id);
  if (record.status === RecordStatus.RECORD_STATUS_SUSPENDED) restoreRecord(keeper, ctx, record);
  emit(ctx, "takedown_countered", answered);
}

/** Counts an arbiter's vote on a notice that was answered or had its time to be; more than half of the arbiters decide it at once. */
export function decideNotice(
  keeper: DatanetKeeper,
  ctx: Write,
  arbiter: string,
  id: bigint,
  uphold: boolean,
): Notice["status"] {
  const notice = noticeOf(ctx, id);
  const isUnanswered = notice.status === NoticeStatus.NOTICE_STATUS_OPEN;
  if (isUnanswered && ctx.time.seconds < notice.deadline) {
    throw errors.noticeClosed.because(`notice ${id} can be answered until ${notice.deadline} before it is decided`);
  }
  if (!isUnanswered && notice.status !== NoticeStatus.NOTICE_STATUS_COUNTERED) {
    throw errors.noticeClosed.because(`notice ${id} waits for no decision`);
  }
  const arbiters = arbitersOf(keeper, ctx, notice);
  if (!arbiters.includes(arbiter)) throw errors.notArbiter.because(`${arbiter} of notice ${id}`);
  const others = (names: readonly string[]) => names.filter((name) => name !== arbiter);
  const voted: Notice = {
    ...notice,
    upholders: [...others(notice.upholders), ...(uphold ? [arbiter] : [])],
    dismissers: [...others(notice.dismissers), ...(uphold ? [] : [arbiter])],
  };
  state.notices.set(ctx, id, voted);
  const { upholders, dismissers } = countedVotes(voted, arbiters);
  if (2 * upholders > arbiters.length || 2 * dismissers >= arbiters.length) {
    dropDeadline(ctx, notice.deadline, DEADLINE.notice, id);
    concludeNotice(keeper, ctx, notice, upholders > dismissers);
  }
  return noticeOf(ctx, id).status;
}

/**
 * What the end of a notice's time brings: answered, the votes decide, a tie for the contributor. Unanswered it waits on, for
 * arbiters or for the contributor; only when the record was struck meanwhile is nothing left to decide.
 */
export function settleNotice(keeper: DatanetKeeper, ctx: Write, id: bigint): void {
  const notice = noticeOf(ctx, id);
  if (notice.status === NoticeStatus.NOTICE_STATUS_OPEN) {
    const { status } = keeper.record(ctx, notice.datanetId, notice.number);
    if (status === RecordStatus.RECORD_STATUS_SUSPENDED) emit(ctx, "takedown_unanswered", notice);
    else concludeNotice(keeper, ctx, notice, true);
    return;
  }
  const { upholders, dismissers } = countedVotes(notice, arbitersOf(keeper, ctx, notice));
  concludeNotice(keeper, ctx, notice, upholders > dismissers);
}

function concludeNotice(keeper: DatanetKeeper, ctx: Write, notice: Notice, isUpheld: boolean): void {
  const record = keeper.record(ctx, notice.datanetId, notice.number);
  const isSuspended = record.status === RecordStatus.RECORD_STATUS_SUSPENDED;
  const winner = ctx.addresses.parseAccount(isUpheld ? notice.claimant : notice.respondent || record.contributor);
  // A record may have been struck meanwhile: then nothing is left to remove, and the bonds are settled alike.
  const isLive = isEarning(record) || isSuspended;
  if (isUpheld && isLive) strikeRecord(keeper, ctx, record, RecordStatus.RECORD_STATUS_REMOVED, winner);
  if (!isUpheld) {
    const dismissed = countDismissal(ctx, record);
    if (isSuspended) restoreRecord(keeper, ctx, dismissed);
  }
  // Else a newcomer and an accomplice who claims against it could empty the fund.
  const toFund = notice.isCounterSponsored ? notice.counterBond : 0n;
  keeper.release(ctx, fundAddress(notice.datanetId), toFund);
  keeper.release(ctx, winner, notice.bond + notice.counterBond - toFund);
  const status = isUpheld ? NoticeStatus.NOTICE_STATUS_UPHELD : NoticeStatus.NOTICE_STATUS_DISMISSED;
  const concluded = { ...notice, status, bond: 0n, counterBond: 0n };
  state.notices.set(ctx, notice.id, concluded);
  emit(ctx, isUpheld ? "takedown_upheld" : "takedown_dismissed", concluded);
}

function countDismissal(ctx: Write, record: Record): Record {
  const counted = { ...record, dismissedNotices: record.dismissedNotices + 1 };
  state.records.set(ctx, [record.datanetId, record.number], counted);
  return counted;
}

/** The owner and curators but for the two sides. */
function arbitersOf(keeper: DatanetKeeper, ctx: Read, { datanetId, number, claimant }: Notice): readonly string[] {
  const { contributor } = keeper.record(ctx, datanetId, number);
  return curatorsOf(keeper.datanet(ctx, datanetId)).filter((name) => name !== claimant && name !== contributor);
}

function countedVotes(notice: Notice, arbiters: readonly string[]): { upholders: number; dismissers: number } {
  const count = (names: readonly string[]) => names.filter((name) => arbiters.includes(name)).length;
  return { upholders: count(notice.upholders), dismissers: count(notice.dismissers) };
}

function emit(ctx: Write, event: string, { id, datanetId, number, claimant }: Notice): void {
  ctx.emit(event, [
    ["notice_id", id.toString()],
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["claimant", claimant],
  ]);
}
