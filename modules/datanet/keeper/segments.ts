/**
 * Owns segments: sealing the next run of records as one text, and striking a segment whose root is not that text's or
 * whose index is not its suffix array. It does not own openings (opening.ts) nor the order of suffixes (suffixes.ts).
 */
import type { Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { equalBytes, hex } from "../../../proto/bytes.ts";
import { RecordStatus, SegmentStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { type DatanetKeeper, isEarning, type Record, type Segment } from "../keeper.ts";
import { HASH_BYTES, MAX_SEGMENT_BYTES, MAX_SEGMENT_RECORDS } from "../limits.ts";
import type { TextCommitment, TextOpening } from "../opening.ts";
import { state } from "../state.ts";
import { judgeEntries } from "../suffixes.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";

type SealRequest = Omit<Messages["tributary.datanet.v1.MsgSealSegment"], "sealer" | "datanetId">;

/** Bytes of one entry of a suffix array. */
const INDEX_ENTRY_BYTES = 4n;

/** Seals the next run of records, or that of a struck segment anew. */
export function sealSegment(
  keeper: DatanetKeeper,
  ctx: Write,
  sealer: Uint8Array,
  datanetId: bigint,
  request: SealRequest,
): Segment {
  const name = ctx.addresses.account(sealer);
  const datanet = keeper.curated(ctx, datanetId, name);
  const replaced = request.replaces === 0n ? undefined : struckSegment(keeper, ctx, datanetId, request.replaces);
  const first = replaced?.first ?? datanet.sealedThrough + 1n;
  const last = replaced?.last ?? request.last;
  checkRun(first, last, datanet.recordCount);
  checkRoots(request);
  const index = datanet.segmentCount + 1n;
  const { leftOut } = request;
  const content = placeRecords(keeper, ctx, {
    datanetId,
    index,
    first,
    last,
    leftOut,
    isAgain: replaced !== undefined,
  });
  const params = keeper.params(ctx);
  if (content.tokenCount > params.maxSegmentTokens) {
    throw errors.invalidSegment.because(
      `${content.tokenCount} tokens, at most ${params.maxSegmentTokens}: seal fewer records`,
    );
  }
  // Every token of the text has one suffix, and there are no more tokens than bytes.
  if (request.indexCount > content.byteCount)
    throw errors.invalidSegment.because("index_count is above the text's bytes");
  keeper.hold(ctx, sealer, params.segmentBond);
  const segment: Segment = {
    ...{ datanetId, index, first, last, ...content },
    textRoot: request.textRoot,
    indexRoot: request.indexRoot,
    indexCount: request.indexCount,
    sealer: name,
    bond: params.segmentBond,
    status: SegmentStatus.SEGMENT_STATUS_SEALED,
    sealedHeight: ctx.height,
    finalAt: ctx.time.seconds + params.challengeSeconds,
    replaces: request.replaces,
    replacedBy: 0n,
  };
  state.segments.set(ctx, [datanetId, index], segment);
  addDeadline(ctx, segment.finalAt, DEADLINE.segment, datanetId, index);
  const sealedThrough = replaced === undefined ? last : datanet.sealedThrough;
  state.datanets.set(ctx, datanetId, { ...datanet, segmentCount: index, sealedThrough });
  if (replaced !== undefined) state.segments.set(ctx, [datanetId, replaced.index], { ...replaced, replacedBy: index });
  ctx.emit("segment_sealed", [
    ...attributesOf(segment),
    ["first", first.toString()],
    ["last", last.toString()],
    ["text_root", hex(segment.textRoot)],
  ]);
  return segment;
}

/** Strikes a segment that differs from one of its records where both are opened. */
export function challengeSegment(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  at: { readonly datanetId: bigint; readonly segment: bigint; readonly number: bigint },
  openings: { readonly record: TextOpening; readonly sealed: TextOpening },
): Coin {
  const segment = challengedSegment(keeper, ctx, at.datanetId, at.segment);
  const record = keeper.record(ctx, at.datanetId, at.number);
  const placement = keeper.findPlacement(ctx, at.datanetId, at.number);
  if (placement === undefined || placement.segment !== segment.index) {
    throw errors.challengeFailed.because(`record ${at.datanetId}/${at.number} is not in segment ${segment.index}`);
  }
  const expected = expectedBytes(keeper, ctx, record, openings.record);
  const sealed = keeper.open(ctx, "the segment", openings.sealed, segmentText(segment));
  if (openings.sealed.start !== placement.offset + openings.record.start || sealed.bytes.length !== expected.length) {
    throw errors.challengeFailed.because("the openings are not of the same place");
  }
  if (equalBytes(sealed.bytes, expected)) throw errors.challengeFailed.because("the segment has the record's bytes");
  return strikeSegment(keeper, ctx, challenger, segment, "text");
}

/** Strikes a segment whose suffix array has a wrong entry, two out of order, or lacks one between two. */
export function challengeIndex(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  at: { readonly datanetId: bigint; readonly segment: bigint },
  entries: TextOpening,
  texts: readonly TextOpening[],
): Coin {
  const segment = challengedSegment(keeper, ctx, at.datanetId, at.segment);
  if (segment.indexCount === 0n) throw errors.challengeFailed.because(`segment ${segment.index} has no index`);
  const opened = keeper.open(ctx, "the suffix array", entries, indexText(segment));
  const text = segmentText(segment);
  const shown = texts.map((opening, i) => keeper.open(ctx, `text ${i}`, opening, text));
  const judgement = judgeEntries(opened, shown, { count: segment.indexCount, textLength: segment.byteCount });
  if ("flaw" in judgement) throw errors.challengeFailed.because(judgement.flaw);
  return strikeSegment(keeper, ctx, challenger, segment, judgement.ground);
}

/** Ends a segment's challenge window. */
export function finaliseSegment(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, index: bigint): void {
  const segment = keeper.segment(ctx, datanetId, index);
  if (segment.status !== SegmentStatus.SEGMENT_STATUS_SEALED) return;
  state.segments.set(ctx, [datanetId, index], { ...segment, bond: 0n, status: SegmentStatus.SEGMENT_STATUS_FINAL });
  keeper.release(ctx, ctx.addresses.parseAccount(segment.sealer), segment.bond);
  ctx.emit("segment_final", attributesOf(segment));
}

/** Gives every record of the run that stands and is not left out its place in the segment's text. A notice that waits holds nothing up. */
function placeRecords(
  keeper: DatanetKeeper,
  ctx: Write,
  run: Run & { readonly datanetId: bigint; readonly index: bigint },
): Pick<Segment, "recordCount" | "byteCount" | "tokenCount"> {
  const { datanetId, index } = run;
  const leftOut = leftOutOf(run);
  let [recordCount, byteCount, tokenCount] = [0n, 0n, 0n];
  for (let number = run.first; number <= run.last; number++) {
    const record = keeper.record(ctx, datanetId, number);
    const stands = isEarning(record) || record.status === RecordStatus.RECORD_STATUS_SUSPENDED;
    // What was sealed before stays in place, whatever became of it, so that versions keep what they have.
    const isPlaced = run.isAgain ? state.placements.has(ctx, [datanetId, number]) : stands && !leftOut.has(number);
    if (!isPlaced) continue;
    state.placements.set(ctx, [datanetId, number], { datanetId, number, segment: index, offset: byteCount });
    recordCount += 1n;
    byteCount += record.length + 1n;
    tokenCount += (record.tokenCount === 0 ? record.length : BigInt(record.tokenCount)) + 1n;
    if (byteCount > MAX_SEGMENT_BYTES) {
      throw errors.invalidSegment.because(`over ${MAX_SEGMENT_BYTES} bytes at record ${number}: seal fewer records`);
    }
  }
  if (recordCount === 0n) throw errors.invalidSegment.because("it holds none of the records");
  return { recordCount, byteCount, tokenCount };
}

/** Records that are sealed together. */
interface Run {
  readonly first: bigint;
  readonly last: bigint;
  readonly leftOut: readonly bigint[];
  readonly isAgain: boolean;
}

/** Throws datanet/28 unless the records left out are of the run, in order, and the run is new. */
function leftOutOf({ first, last, leftOut, isAgain }: Run): ReadonlySet<bigint> {
  if (isAgain && leftOut.length > 0) throw errors.invalidSegment.because("what was sealed before is not left out");
  let free = first;
  for (const number of leftOut) {
    if (number < free || number > last) {
      throw errors.invalidSegment.because(`left_out names ${number}, not a record of ${free} to ${last}`);
    }
    free = number + 1n;
  }
  return new Set(leftOut);
}

/** The bytes that the segment should have where the record's opening is: its own, and then one zero byte. */
function expectedBytes(keeper: DatanetKeeper, ctx: Write, record: Record, opening: TextOpening): Uint8Array {
  const isBehind = opening.start === record.length && opening.length === 0;
  if (isBehind) return Uint8Array.of(0);
  return keeper.open(ctx, "the record", opening, { root: record.textRoot, length: record.length }).bytes;
}

/** Strikes a segment, slashes its bond and gives the bonds of demands about it back. Gives the bounty. */
export function strikeSegment(
  keeper: DatanetKeeper,
  ctx: Write,
  challenger: Uint8Array,
  segment: Segment,
  ground: string,
): Coin {
  const { datanetId, index, bond } = segment;
  dropDeadline(ctx, segment.finalAt, DEADLINE.segment, datanetId, index);
  state.segments.set(ctx, [datanetId, index], { ...segment, bond: 0n, status: SegmentStatus.SEGMENT_STATUS_STRUCK });
  releaseDemands(keeper, ctx, segment);
  const bounty = keeper.slash(ctx, bond, challenger);
  ctx.emit("segment_slashed", [
    ...attributesOf(segment),
    ["challenger", ctx.addresses.account(challenger)],
    ["ground", ground],
    ["bounty", `${bounty.amount}${bounty.denom}`],
  ]);
  return bounty;
}

/** Nobody needs to answer demands about a segment that is struck. */
function releaseDemands(keeper: DatanetKeeper, ctx: Write, { datanetId, index }: Segment): void {
  for (const id of [...state.demands.by.segment.keys(ctx, [datanetId, index])]) {
    const { bond, challenger, answerBy } = state.demands.get(ctx, id)!;
    state.demands.delete(ctx, id);
    dropDeadline(ctx, answerBy, DEADLINE.demand, id);
    keeper.release(ctx, ctx.addresses.parseAccount(challenger), bond);
  }
}

function struckSegment(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, index: bigint): Segment {
  const segment = keeper.segment(ctx, datanetId, index);
  if (segment.status !== SegmentStatus.SEGMENT_STATUS_STRUCK) {
    throw errors.segmentClosed.because(`segment ${datanetId}/${index} was not struck`);
  }
  if (segment.replacedBy !== 0n) {
    throw errors.segmentClosed.because(`segment ${datanetId}/${index} was sealed again as ${segment.replacedBy}`);
  }
  return segment;
}

function challengedSegment(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, index: bigint): Segment {
  const segment = keeper.segment(ctx, datanetId, index);
  if (segment.status === SegmentStatus.SEGMENT_STATUS_STRUCK) {
    throw errors.segmentClosed.because(`segment ${datanetId}/${index} is struck already`);
  }
  return segment;
}

function checkRun(first: bigint, last: bigint, recordCount: bigint): void {
  if (last < first || last > recordCount) {
    throw errors.invalidSegment.because(`last ${last} is not from ${first} to ${recordCount}`);
  }
  if (last - first >= MAX_SEGMENT_RECORDS) throw errors.invalidSegment.because(`over ${MAX_SEGMENT_RECORDS} records`);
}

function checkRoots({ textRoot, indexRoot, indexCount }: SealRequest): void {
  if (textRoot.length !== HASH_BYTES) throw errors.invalidSegment.because(`text_root has ${textRoot.length} bytes`);
  const hasIndex = indexRoot.length === HASH_BYTES && indexCount > 0n;
  const hasNone = indexRoot.length === 0 && indexCount === 0n;
  if (!hasIndex && !hasNone) throw errors.invalidSegment.because("index_root and index_count do not belong together");
}

/** What a segment's text root commits to. */
export function segmentText({ textRoot, byteCount }: Segment): TextCommitment {
  return { root: textRoot, length: byteCount };
}

/** What a segment's index root commits to: the bytes of its suffix array. */
export function indexText({ indexRoot, indexCount }: Segment): TextCommitment {
  return { root: indexRoot, length: indexCount * INDEX_ENTRY_BYTES };
}

function attributesOf({ datanetId, index, sealer }: Segment): readonly (readonly [string, string])[] {
  return [
    ["datanet_id", datanetId.toString()],
    ["segment", index.toString()],
    ["sealer", sealer],
  ];
}
