/**
 * Owns demands: whoever doubts that the text of a pending record or a sealed segment, or a segment's suffix array, is there
 * for others asks for one byte of it, under a bond. One opening answers, from whoever has it; without one in time the record
 * or segment is struck. It does not own what an opening shows (opening.ts) nor striking (records.ts, segments.ts).
 *
 * A root of nothing can be challenged by no opening, since nobody has one. An opening also tells every hash beside its
 * path, so a demander that knows the records sees in which half a segment's root differs from theirs, and finds the place
 * with as many demands as the tree has levels. The path's shape follows from the length, so any opening proves it.
 *
 * A byte of a segment is demanded as one of a record that may earn: what was taken down need not be published to keep a segment.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { type DatanetKeeper, isEarning, type Record, type Segment } from "../keeper.ts";
import { MAX_OPEN_DEMANDS } from "../limits.ts";
import type { TextCommitment, TextOpening } from "../opening.ts";
import { state } from "../state.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";
import { strikeRecord } from "./records.ts";
import { indexText, segmentText, strikeSegment } from "./segments.ts";

export type Demand = Messages["tributary.datanet.v1.Demand"];

/** What a demand asks for. */
type Asked = Pick<Demand, "datanetId" | "segment" | "part" | "offset" | "number">;

/** Throws datanet/42 when no such demand waits. */
export function demandOf(ctx: Read, id: bigint): Demand {
  const demand = state.demands.get(ctx, id);
  if (demand === undefined) throw errors.demandNotFound.because(`demand ${id}`);
  return demand;
}

/**
 * Takes a demand and its bond. Its time must end before the window of the segment or record does: so no demand makes a window
 * longer, and the sealer or contributor is bonded until the last one is settled.
 */
export function demandOpening(keeper: DatanetKeeper, ctx: Write, challenger: Uint8Array, asked: Asked): Demand {
  const { datanetId, offset } = asked;
  const subject =
    asked.part === SegmentPart.SEGMENT_PART_RECORD
      ? demandedRecord(keeper, ctx, asked)
      : demandedSegment(keeper, ctx, asked);
  const { name, finalAt } = subject;
  if (keeper.datanet(ctx, datanetId).isPrivate) throw errors.invalidDemand.because(`the texts of ${name} are private`);
  if (offset >= subject.length) throw errors.invalidDemand.because(`byte ${offset} of ${subject.length}`);
  const answerBy = ctx.time.seconds + subject.seconds;
  if (answerBy >= finalAt) {
    throw subject.closed.because(`${name} is final at ${finalAt}, before the demand's time to answer ends`);
  }
  if ([...subject.waiting].length === MAX_OPEN_DEMANDS) {
    throw errors.invalidDemand.because(`${MAX_OPEN_DEMANDS} demands about ${name} wait already`);
  }
  const { demandBond } = keeper.params(ctx);
  keeper.hold(ctx, challenger, demandBond);
  const id = state.demandCount.next(ctx) + 1n;
  const demand = { ...asked, id, challenger: ctx.addresses.account(challenger), bond: demandBond, answerBy };
  state.demands.set(ctx, id, demand);
  addDeadline(ctx, answerBy, DEADLINE.demand, id);
  emit(ctx, "opening_demanded", demand);
  return demand;
}

/** What a demand is about, while it can be made. */
interface Subject {
  readonly name: string;
  /** Bytes of what is to be shown. */
  readonly length: bigint;
  readonly finalAt: bigint;
  /** How long it can be answered. */
  readonly seconds: bigint;
  /** The demands about it that wait, so many as may. */
  readonly waiting: Iterable<unknown>;
  /** What says that it can be challenged no more. */
  readonly closed: typeof errors.segmentClosed;
}

/** Throws datanet/29, 30 or 43. */
function demandedSegment(keeper: DatanetKeeper, ctx: Read, asked: Asked): Subject {
  const { datanetId, part } = asked;
  const segment = keeper.segment(ctx, datanetId, asked.segment);
  const name = `segment ${datanetId}/${asked.segment}`;
  if (segment.status !== SegmentStatus.SEGMENT_STATUS_SEALED) throw errors.segmentClosed.because(name);
  const { length } = shownOf(segment, part);
  if (asked.offset < length) checkRecord(keeper, ctx, asked);
  return {
    ...{ name, length, finalAt: segment.finalAt, closed: errors.segmentClosed },
    seconds: keeper.params(ctx).demandSeconds,
    waiting: state.demands.by.segment.keys(ctx, [datanetId, segment.index], { limit: MAX_OPEN_DEMANDS }),
  };
}

/** Throws datanet/9, 17 or 43. */
function demandedRecord(keeper: DatanetKeeper, ctx: Read, { datanetId, segment, number }: Asked): Subject {
  if (segment !== 0n) throw errors.invalidDemand.because("a demand of a record names no segment");
  const { status, length, finalAt } = keeper.record(ctx, datanetId, number);
  const name = `record ${datanetId}/${number}`;
  if (status !== RecordStatus.RECORD_STATUS_PENDING) throw errors.recordClosed.because(`${name} is not pending`);
  return {
    ...{ name, length, finalAt, closed: errors.recordClosed },
    seconds: keeper.params(ctx).recordDemandSeconds,
    waiting: state.demands.by.record.keys(ctx, [datanetId, number], { limit: MAX_OPEN_DEMANDS }),
  };
}

/** Ends a demand with an opening that holds the byte. Gives the answerer's part of the bond; the rest is burned. */
export function answerDemand(
  keeper: DatanetKeeper,
  ctx: Write,
  answerer: Uint8Array,
  id: bigint,
  opening: TextOpening,
): Coin {
  const demand = demandOf(ctx, id);
  const { offset, answerBy, bond, part } = demand;
  if (ctx.time.seconds > answerBy)
    throw errors.invalidAnswer.because(`demand ${id} could be answered until ${answerBy}`);
  if (offset < opening.start || offset >= opening.start + BigInt(opening.length)) {
    throw errors.invalidAnswer.because(`the opening does not hold byte ${offset}`);
  }
  if (part === SegmentPart.SEGMENT_PART_RECORD) {
    const { textRoot: root, length } = keeper.record(ctx, demand.datanetId, demand.number);
    keeper.open(ctx, "the record", opening, { root, length });
  } else keeper.open(ctx, "the segment", opening, shownOf(keeper.segment(ctx, demand.datanetId, demand.segment), part));
  state.demands.delete(ctx, id);
  dropDeadline(ctx, answerBy, DEADLINE.demand, id);
  // All of it would let a sealer ask itself and keep the places taken at no cost.
  const reward = keeper.slash(ctx, bond, answerer);
  emit(ctx, "demand_answered", demand, [["answerer", ctx.addresses.account(answerer)]]);
  return reward;
}

/** Strikes the segment or record of a demand that nobody answered. The bond goes back, with the bounty. */
export function expireDemand(keeper: DatanetKeeper, ctx: Write, id: bigint): void {
  const demand = demandOf(ctx, id);
  const { datanetId, segment, challenger, bond, number } = demand;
  state.demands.delete(ctx, id);
  const account = ctx.addresses.parseAccount(challenger);
  keeper.release(ctx, account, bond);
  const record = number === 0n ? undefined : keeper.record(ctx, datanetId, number);
  if (demand.part === SegmentPart.SEGMENT_PART_RECORD) {
    // A notice does not save a record from being shown: anybody could give one to the record that cannot be.
    const isThere = record?.status === RecordStatus.RECORD_STATUS_SUSPENDED || (record && isEarning(record));
    if (isThere === true) strikeWithheld(keeper, ctx, account, record!);
    else emit(ctx, "demand_dropped", demand);
    return;
  }
  if (record !== undefined && !isEarning(record)) {
    emit(ctx, "demand_dropped", demand);
    return;
  }
  strikeSegment(keeper, ctx, account, keeper.segment(ctx, datanetId, segment), "withheld");
}

function strikeWithheld(keeper: DatanetKeeper, ctx: Write, challenger: Uint8Array, record: Record): void {
  const bounty = strikeRecord(keeper, ctx, record, RecordStatus.RECORD_STATUS_WITHHELD, challenger);
  ctx.emit("record_withheld", [
    ["datanet_id", record.datanetId.toString()],
    ["number", record.number.toString()],
    ["contributor", record.contributor],
    ["challenger", ctx.addresses.account(challenger)],
    ["bounty", `${bounty.amount}${bounty.denom}`],
  ]);
}

/** Throws datanet/43 when the byte is not that of the record that is named, or the record may not earn. */
function checkRecord(keeper: DatanetKeeper, ctx: Read, { datanetId, segment, part, offset, number }: Asked): void {
  if (part === SegmentPart.SEGMENT_PART_INDEX) {
    if (number !== 0n) throw errors.invalidDemand.because("the suffix array is of no record");
    return;
  }
  const record = keeper.findRecord(ctx, datanetId, number);
  const placement = keeper.findPlacement(ctx, datanetId, number);
  const isThere =
    record !== undefined &&
    placement?.segment === segment &&
    offset >= placement.offset &&
    offset <= placement.offset + record.length;
  if (!isThere) throw errors.invalidDemand.because(`byte ${offset} is not one of record ${datanetId}/${number}`);
  if (!isEarning(record)) throw errors.invalidDemand.because(`record ${datanetId}/${number} may not earn`);
}

/** What a part of a segment commits to. Throws datanet/43 for no part, or an index that is not there. */
function shownOf(segment: Segment, part: Demand["part"]): TextCommitment {
  if (part === SegmentPart.SEGMENT_PART_TEXT) return segmentText(segment);
  if (part !== SegmentPart.SEGMENT_PART_INDEX) throw errors.invalidDemand.because("part is neither text nor index");
  if (segment.indexCount === 0n) throw errors.invalidDemand.because(`segment ${segment.index} has no index`);
  return indexText(segment);
}

function emit(
  ctx: Write,
  event: string,
  { id, datanetId, segment, number, challenger }: Demand,
  more: readonly (readonly [string, string])[] = [],
): void {
  ctx.emit(event, [
    ["demand_id", id.toString()],
    ["datanet_id", datanetId.toString()],
    ["segment", segment.toString()],
    ["number", number.toString()],
    ["challenger", challenger],
    ...more,
  ]);
}
