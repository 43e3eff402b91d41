/**
 * Owns what a sealed segment should be: its records in their places with their texts, the text and the suffix array they make.
 * It does not own where texts are found (../record-texts.ts) nor what is done about a segment that differs.
 */
import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { TextTree } from "../../chain/types/text-tree.ts";
import { isEarning } from "../../modules/datanet/keeper.ts";
import { type SegmentInput, segmentInputOf } from "../../modules/datanet/segment-input.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { SegmentPart, SegmentStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainSession } from "../chain-session.ts";
import { QUERIES_AT_ONCE, RECORDS_PER_PAGE, SEGMENTS_PER_PAGE } from "../limits.ts";
import { type Record, recordsAfter, type TextSource } from "../record-texts.ts";
import type { PlacedText } from "./segment-faults.ts";

export type Segment = Messages["tributary.datanet.v1.Segment"];
export type Demand = Messages["tributary.datanet.v1.Demand"];

/** A record, and where it stands in its segment. */
export interface PlacedRecord {
  readonly record: Record;
  readonly offset: number;
}

/** A segment as its records make it. */
export class SealedText {
  readonly segment: Segment;
  readonly records: readonly PlacedText[];
  readonly input: SegmentInput;
  #tree: TextTree | undefined;
  #indexTree: TextTree | undefined;

  constructor(segment: Segment, records: readonly PlacedText[], hasher: Hasher = nobleHasher) {
    this.segment = segment;
    this.records = records;
    this.input = segmentInputOf(
      records.map(({ text }) => text),
      hasher,
    );
  }

  get text(): Uint8Array {
    return this.input.text;
  }

  get index(): Uint8Array {
    return this.input.index;
  }

  get tree(): TextTree {
    this.#tree ??= new TextTree(this.text);
    return this.#tree;
  }

  get indexTree(): TextTree {
    this.#indexTree ??= new TextTree(this.index);
    return this.#indexTree;
  }

  /** Whether a part was sealed as the records make it. A segment without an index has none that is wrong. */
  isSealed(part: Demand["part"]): boolean {
    const { segment, input } = this;
    if (part === SegmentPart.SEGMENT_PART_TEXT) return equalBytes(input.textRoot, segment.textRoot);
    if (segment.indexCount === 0n) return true;
    return input.indexCount === segment.indexCount && equalBytes(input.indexRoot, segment.indexRoot);
  }
}

/** The segments of a datanet that can still fall, the newest first: behind a whole page without one there are none. */
export async function sealedSegments(session: ChainSession, datanetId: bigint): Promise<readonly Segment[]> {
  const sealed: Segment[] = [];
  for (let key: Uint8Array = new Uint8Array(); ; ) {
    const { segments, pagination } = await session.query("tributary.datanet.v1.Query/Segments", {
      datanetId,
      pagination: { key, limit: SEGMENTS_PER_PAGE, reverse: true },
    });
    const open = segments.filter(({ status }) => status === SegmentStatus.SEGMENT_STATUS_SEALED);
    sealed.push(...open);
    key = pagination?.nextKey ?? new Uint8Array();
    if (open.length === 0 || key.length === 0) return sealed;
  }
}

/** All demands of the chain that wait for answers. */
export async function waitingDemands(session: ChainSession): Promise<readonly Demand[]> {
  const waiting: Demand[] = [];
  for (let key: Uint8Array = new Uint8Array(); ; ) {
    const { demands, pagination } = await session.query("tributary.datanet.v1.Query/Demands", {
      pagination: { key, limit: RECORDS_PER_PAGE },
    });
    waiting.push(...demands);
    key = pagination?.nextKey ?? new Uint8Array();
    if (key.length === 0) return waiting;
  }
}

/** The records that stand in a segment, in their order. */
export async function placedRecords(session: ChainSession, segment: Segment): Promise<readonly PlacedRecord[]> {
  const { datanetId, index, first, last } = segment;
  const run: Record[] = [];
  for await (const record of recordsAfter(session, datanetId, first - 1n)) {
    if (record.number > last) break;
    run.push(record);
  }
  const placed: PlacedRecord[] = [];
  for (let i = 0; i < run.length; i += QUERIES_AT_ONCE) {
    const some = run.slice(i, i + QUERIES_AT_ONCE);
    const found = await Promise.all(
      some.map(({ number }) => session.find("tributary.datanet.v1.Query/Placement", { datanetId, number })),
    );
    found.forEach((answer, j) => {
      if (answer?.placement.segment !== index) return;
      placed.push({ record: some[j]!, offset: Number(answer.placement.offset) });
    });
  }
  return placed;
}

/** A segment with the texts of its records, or the first record whose text is not here. */
export async function sealedText(
  segment: Segment,
  placed: readonly PlacedRecord[],
  texts: TextSource,
  hasher?: Hasher,
): Promise<SealedText | { readonly lacking: Record }> {
  const records: PlacedText[] = [];
  for (const { record, offset } of placed) {
    const text = await texts.textOf(record);
    if (text === undefined) return { lacking: record };
    records.push({ number: record.number, offset, text, isEarning: isEarning(record) });
  }
  return new SealedText(segment, records, hasher);
}
