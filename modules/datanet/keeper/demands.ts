/**
 * Owns demands: whoever doubts that a sealed segment's text, or its suffix array, is there for others asks for one byte of
 * it, under a bond. One opening answers; without one in time the segment is struck. It does not own what an opening shows
 * (opening.ts) nor striking (segments.ts).
 *
 * A root of nothing can be challenged by no opening, since nobody has one. An opening also tells every hash beside its
 * path, so a demander that knows the records sees in which half the root differs from theirs, and finds the place with as
 * many demands as the tree has levels.
 *
 * A byte is demanded as one of a record that may earn: what was taken down need not be published to keep a segment.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { type DatanetKeeper, isEarning, type Segment } from "../keeper.ts";
import { MAX_OPEN_DEMANDS } from "../limits.ts";
import type { TextCommitment, TextOpening } from "../opening.ts";
import { state } from "../state.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";
import { indexText, segmentText, strikeSegment } from "./segments.ts";

export type Demand = Messages["tributary.datanet.v1.Demand"];

/** Throws datanet/42 when no such demand waits. */
export function demandOf(ctx: Read, id: bigint): Demand {
  const demand = state.demands.get(ctx, id);
  if (demand === undefined) throw errors.demandNotFound.because(`demand ${id}`);
  return demand;
}

/**
 * Takes a demand and its bond. Its time must end before the segment's window does: so no demand makes a window longer,
 * and the sealer is bonded until the last one is settled.
 */
export function demandOpening(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  asked: Pick<Demand, "datanetId" | "segment" | "part" | "offset" | "number">,
): Demand {
  const { datanetId, part, offset } = asked;
  const segment = keeper.segment(ctx, datanetId, asked.segment);
  const name = `segment ${datanetId}/${asked.segment}`;
  if (keeper.datanet(ctx, datanetId).isPrivate) throw errors.invalidDemand.because(`the texts of ${name} are private`);
  if (segment.status !== SegmentStatus.SEGMENT_STATUS_SEALED) throw errors.segmentClosed.because(name);
  const { length } = shownOf(segment, part);
  if (offset >= length) throw errors.invalidDemand.because(`byte ${offset} of ${length}`);
  checkRecord(keeper, ctx, asked);
  const { demandBond, demandSeconds } = keeper.params(ctx);
  const answerBy = ctx.time.seconds + demandSeconds;
  if (answerBy >= segment.finalAt) {
    throw errors.segmentClosed.because(
      `${name} is final at ${segment.finalAt}, before the demand's time to answer ends`,
    );
  }
  const waiting = [...state.demands.by.segment.keys(ctx, [datanetId, segment.index], { limit: MAX_OPEN_DEMANDS })];
  if (waiting.length === MAX_OPEN_DEMANDS) {
    throw errors.invalidDemand.because(`${MAX_OPEN_DEMANDS} demands about ${name} wait already`);
  }
  keeper.hold(ctx, challenger, demandBond);
  const id = state.demandCount.next(ctx) + 1n;
  const demand = { ...asked, id, challenger: ctx.addresses.account(challenger), bond: demandBond, answerBy };
  state.demands.set(ctx, id, demand);
  addDeadline(ctx, answerBy, DEADLINE.demand, id);
  emit(ctx, "opening_demanded", demand);
  return demand;
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
  keeper.open(ctx, "the segment", opening, shownOf(keeper.segment(ctx, demand.datanetId, demand.segment), part));
  state.demands.delete(ctx, id);
  dropDeadline(ctx, answerBy, DEADLINE.demand, id);
  // All of it would let a sealer ask itself and keep the places taken at no cost.
  const reward = keeper.slash(ctx, bond, answerer);
  emit(ctx, "demand_answered", demand, [["answerer", ctx.addresses.account(answerer)]]);
  return reward;
}

/** Strikes the segment of a demand that nobody answered. The bond goes back, with the bounty. */
export function expireDemand(keeper: DatanetKeeper, ctx: Write, id: bigint): void {
  const demand = demandOf(ctx, id);
  const { datanetId, segment, challenger, bond, number } = demand;
  state.demands.delete(ctx, id);
  const account = ctx.addresses.parseAccount(challenger);
  keeper.release(ctx, account, bond);
  if (number !== 0n && !isEarning(keeper.record(ctx, datanetId, number))) {
    emit(ctx, "demand_dropped", demand);
    return;
  }
  strikeSegment(keeper, ctx, account, keeper.segment(ctx, datanetId, segment), "withheld");
}

/** Throws datanet/43 when the byte is not that of the record that is named, or the record may not earn. */
function checkRecord(
  keeper: DatanetKeeper,
  ctx: Read,
  { datanetId, segment, part, offset, number }: Pick<Demand, "datanetId" | "segment" | "part" | "offset" | "number">,
): void {
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
  { id, datanetId, segment, challenger }: Demand,
  more: readonly (readonly [string, string])[] = [],
): void {
  ctx.emit(event, [
    ["demand_id", id.toString()],
    ["datanet_id", datanetId.toString()],
    ["segment", segment.toString()],
    ["challenger", challenger],
    ...more,
  ]);
}
