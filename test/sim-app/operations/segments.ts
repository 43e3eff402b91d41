/**
 * Segments sealed truly and falsely, what beats the false ones, demands of their bytes and of pending records' with answers
 * and without, and versions over what is sealed. Owns the choice.
 */

import { textRoot } from "../../../chain/types/text-tree.ts";
import { openingOf, segmentInputOf } from "../../../modules/datanet/segment-input.ts";
import { concat } from "../../../proto/bytes.ts";
import { RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import {
  type Datanet,
  type DatanetRecord,
  datanets,
  earning,
  isEarning,
  records,
  someDatanet,
  someDecider,
} from "./people.ts";

type Segment = Messages["tributary.datanet.v1.Segment"];

/** A record and where it begins in its segment. */
interface Placed {
  readonly record: DatanetRecord;
  readonly offset: number;
}

const ENTRY_BYTES = 4;
/** Bytes of text by which suffixes are ordered (modules/datanet/limits.ts, SUFFIX_BYTES). */
const SUFFIX_BYTES = 256;

function segments(world: AppWorld, datanetId: bigint): readonly Segment[] {
  return world.ask("datanet", "Segments", { datanetId, pagination: { limit: 1000n } }).segments;
}

function sealedSegments(world: AppWorld, isWanted: (datanet: Datanet) => boolean = () => true): readonly Segment[] {
  const open = datanets(world)
    .filter(isWanted)
    .flatMap(({ id }) => segments(world, id));
  return open.filter(
    ({ status, finalAt }) => status === SegmentStatus.SEGMENT_STATUS_SEALED && finalAt > world.now + 12n,
  );
}

/** The records that stand in a segment, in their order. */
function placed(world: AppWorld, { datanetId, index, first, last }: Segment): readonly Placed[] {
  return records(world, datanetId)
    .slice(Number(first) - 1, Number(last))
    .flatMap((record) => {
      const placement = world.seek("datanet", "Placement", { datanetId, number: record.number })?.placement;
      return placement?.segment === index ? [{ record, offset: Number(placement.offset) }] : [];
    });
}

/** What a sealer says of these records' texts: the truth, or a text or an array with one fault. */
function sealing(world: AppWorld, run: readonly DatanetRecord[]) {
  const { library, random } = world;
  const texts = run.flatMap(({ contentHash }) => library.text(contentHash) ?? []);
  const fate = random.next();
  // A root of nothing: nobody can answer for it.
  if (texts.length < run.length || fate < 0.1)
    return { textRoot: textRoot(Uint8Array.of(random.below(256)), nativeHasher) };
  if (fate < 0.25) {
    const last = texts[texts.length - 1]!;
    texts[texts.length - 1] = concat(Uint8Array.of(last[0]! ^ 1), last.subarray(1));
  }
  const input = segmentInputOf(texts, nativeHasher);
  const index = fate > 0.8 ? swapped(input.index) : input.index;
  library.keep(input.text);
  const root = { textRoot: input.textRoot };
  if (fate < 0.5) return root;
  library.keep(index);
  return { ...root, indexRoot: textRoot(index, nativeHasher), indexCount: input.indexCount };
}

/** The array with its first two entries exchanged. */
function swapped(index: Uint8Array): Uint8Array {
  if (index.length < 2 * ENTRY_BYTES) return index;
  const [first, second] = [index.subarray(0, ENTRY_BYTES), index.subarray(ENTRY_BYTES, 2 * ENTRY_BYTES)];
  return concat(second, first, index.subarray(2 * ENTRY_BYTES));
}

/** The run that a datanet's decider can seal next: a struck segment's anew, or what is not sealed yet. */
function nextRun(world: AppWorld, datanet: Datanet) {
  const struck = segments(world, datanet.id).find(
    ({ status, replacedBy }) => status === SegmentStatus.SEGMENT_STATUS_STRUCK && replacedBy === 0n,
  );
  if (struck !== undefined && world.random.chance(0.5)) {
    return { last: struck.last, replaces: struck.index, run: placed(world, struck).map(({ record }) => record) };
  }
  const run = newRun(world, datanet);
  return run.length === 0 ? undefined : { last: run[run.length - 1]!.number, replaces: 0n, run };
}

/** The first records that are not sealed yet and stand, some of them. */
function newRun(world: AppWorld, { id, sealedThrough }: Datanet): readonly DatanetRecord[] {
  const free = records(world, id).slice(Number(sealedThrough));
  return free
    .slice(0, 1 + world.random.below(12))
    .filter((record) => isEarning(record) || record.status === RecordStatus.RECORD_STATUS_SUSPENDED);
}

function sealedText(world: AppWorld, segment: Segment): Uint8Array | undefined {
  return world.library.text(segment.textRoot);
}

const sealOperations: readonly Operation[] = [
  {
    name: "datanet.SealSegment",
    weight: 4,
    plan: (world) => {
      const datanet = someDatanet(world, ({ recordCount }) => recordCount > 0n);
      const from = datanet && someDecider(world, datanet);
      const next = datanet && nextRun(world, datanet);
      if (datanet === undefined || from === undefined || next === undefined) return undefined;
      const { last, replaces, run } = next;
      const value = { sealer: world.address(from), datanetId: datanet.id, last, replaces, ...sealing(world, run) };
      return { from, message: ["tributary.datanet.v1.MsgSealSegment", value] };
    },
  },
  {
    name: "datanet.SealSegment that leaves records out",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world, ({ recordCount, sealedThrough }) => recordCount > sealedThrough + 1n);
      const from = datanet && someDecider(world, datanet);
      const run = datanet === undefined ? [] : newRun(world, datanet);
      if (datanet === undefined || from === undefined || run.length < 2) return undefined;
      const kept = world.random.below(run.length);
      const left = run.filter((_, at) => at !== kept && world.random.chance(0.5));
      const value = {
        ...{ sealer: world.address(from), datanetId: datanet.id, last: run[run.length - 1]!.number },
        leftOut: left.map(({ number }) => number),
        ...sealing(
          world,
          run.filter((record) => !left.includes(record)),
        ),
      };
      return { from, message: ["tributary.datanet.v1.MsgSealSegment", value] };
    },
  },
  {
    name: "datanet.PublishVersion",
    weight: 2,
    plan: (world) => {
      const datanet = someDatanet(world, ({ sealedThrough }) => sealedThrough > 0n);
      const from = datanet && someDecider(world, datanet);
      if (datanet === undefined || from === undefined) return undefined;
      const sealed = earning(world, datanet.id).filter(
        ({ number }) =>
          number <= datanet.sealedThrough &&
          world.seek("datanet", "Placement", { datanetId: datanet.id, number }) !== undefined,
      );
      const record = world.some(sealed);
      if (record === undefined) return undefined;
      const ranges = [{ first: record.number, last: record.number }];
      const value = { publisher: world.address(from), datanetId: datanet.id, name: "version", ranges };
      return { from, message: ["tributary.datanet.v1.MsgPublishVersion", value] };
    },
  },
];

const challengeOperations: readonly Operation[] = [
  {
    name: "datanet.ChallengeSegment",
    weight: 6,
    plan: (world) => {
      const wrong = sealedSegments(world).flatMap((segment) => {
        const text = sealedText(world, segment);
        // Sealed over fewer records than the sealer counted, its root is of no text of that length: a demand ends it.
        if (text === undefined || text.length !== Number(segment.byteCount)) return [];
        const place = placed(world, segment).find((one) => differs(world, one, text));
        return place === undefined ? [] : [{ segment, text, ...place }];
      });
      const one = world.some(wrong);
      if (one === undefined) return undefined;
      const from = world.payer();
      const { segment, record, offset, text } = one;
      const openings = {
        record: openingOf(world.library.text(record.contentHash)!, 0, 1, nativeHasher),
        sealed: openingOf(text, offset, 1, nativeHasher),
      };
      const at = { datanetId: segment.datanetId, segment: segment.index, number: record.number };
      const value = { challenger: world.address(from), ...at, ...openings };
      return { from, message: ["tributary.datanet.v1.MsgChallengeSegment", value] };
    },
  },
  {
    name: "datanet.ChallengeIndex",
    weight: 9,
    plan: (world) => {
      const wrong = sealedSegments(world).flatMap((segment) => {
        const [text, index] = [sealedText(world, segment), world.library.text(segment.indexRoot)];
        return text === undefined || index === undefined || !isDisordered(text, index)
          ? []
          : [{ segment, text, index }];
      });
      const one = world.some(wrong);
      if (one === undefined) return undefined;
      const from = world.payer();
      const { segment, text, index } = one;
      const texts = [0, 1].map((i) => {
        const at = entry(index, i);
        return openingOf(text, at, Math.min(SUFFIX_BYTES, text.length - at), nativeHasher);
      });
      const entries = openingOf(index, 0, 2 * ENTRY_BYTES, nativeHasher);
      const at = { datanetId: segment.datanetId, segment: segment.index };
      const value = { challenger: world.address(from), ...at, entries, texts };
      return { from, message: ["tributary.datanet.v1.MsgChallengeIndex", value] };
    },
  },
];

function differs(world: AppWorld, { record, offset }: Placed, text: Uint8Array): boolean {
  return world.library.text(record.contentHash)?.[0] !== text[offset];
}

function entry(index: Uint8Array, at: number): number {
  return new DataView(index.buffer, index.byteOffset).getUint32(at * ENTRY_BYTES);
}

/** Whether the first two entries stand the wrong way round. */
function isDisordered(text: Uint8Array, index: Uint8Array): boolean {
  if (index.length < 2 * ENTRY_BYTES) return false;
  const [first, second] = [entry(index, 0), entry(index, 1)];
  const order = Buffer.compare(
    text.subarray(first, first + SUFFIX_BYTES),
    text.subarray(second, second + SUFFIX_BYTES),
  );
  return order > 0 || (order === 0 && first > second);
}

/** Whether nobody shows a record: its contributor keeps it, and the others follow. */
function isSecret(number: bigint): boolean {
  return number % 5n === 0n;
}

const demandOperations: readonly Operation[] = [
  {
    name: "datanet.DemandOpening",
    weight: 4,
    plan: (world) => {
      const { demandSeconds } = world.ask("datanet", "Params").params;
      const segment = world.some(
        sealedSegments(world, ({ isPrivate }) => !isPrivate).filter(
          ({ finalAt }) => finalAt > world.now + demandSeconds + 12n,
        ),
      );
      const from = world.payer();
      if (segment === undefined) return undefined;
      const at = { challenger: world.address(from), datanetId: segment.datanetId, segment: segment.index };
      if (segment.indexCount > 0n && world.random.chance(0.3)) {
        const offset = BigInt(world.random.below(Number(segment.indexCount) * ENTRY_BYTES));
        const value = { ...at, part: SegmentPart.SEGMENT_PART_INDEX, offset, number: 0n };
        return { from, message: ["tributary.datanet.v1.MsgDemandOpening", value] };
      }
      const place = world.some(placed(world, segment).filter(({ record }) => isEarning(record)));
      if (place === undefined) return undefined;
      const offset = BigInt(place.offset + world.random.below(Number(place.record.length) + 1));
      const value = { ...at, part: SegmentPart.SEGMENT_PART_TEXT, offset, number: place.record.number };
      return { from, message: ["tributary.datanet.v1.MsgDemandOpening", value] };
    },
  },
  {
    name: "datanet.DemandOpening of a record",
    weight: 4,
    plan: (world) => {
      const { recordDemandSeconds } = world.ask("datanet", "Params").params;
      const datanet = someDatanet(world, ({ isPrivate }) => !isPrivate);
      const pending = (datanet === undefined ? [] : records(world, datanet.id)).filter(
        ({ status, finalAt }) =>
          status === RecordStatus.RECORD_STATUS_PENDING && finalAt > world.now + recordDemandSeconds + 12n,
      );
      const record = world.some(pending);
      const from = world.payer();
      if (record === undefined) return undefined;
      const { datanetId, number, length } = record;
      const at = { datanetId, segment: 0n, number, offset: BigInt(world.random.below(Number(length))) };
      const value = { challenger: world.address(from), part: SegmentPart.SEGMENT_PART_RECORD, ...at };
      return { from, message: ["tributary.datanet.v1.MsgDemandOpening", value] };
    },
  },
  {
    name: "datanet.AnswerDemand of a record",
    weight: 8,
    plan: (world) => {
      const asked = world
        .ask("datanet", "Demands")
        .demands.filter(
          ({ part, answerBy, number }) =>
            part === SegmentPart.SEGMENT_PART_RECORD && answerBy > world.now + 12n && !isSecret(number),
        );
      const demand = world.some(asked);
      if (demand === undefined) return undefined;
      const { contentHash } = records(world, demand.datanetId)[Number(demand.number) - 1]!;
      const from = world.payer();
      const opening = openingOf(world.library.text(contentHash)!, Number(demand.offset), 1, nativeHasher);
      const value = { answerer: world.address(from), demandId: demand.id, opening };
      return { from, message: ["tributary.datanet.v1.MsgAnswerDemand", value] };
    },
  },
  {
    name: "datanet.AnswerDemand",
    weight: 10,
    plan: (world) => {
      const asked = sealedSegments(world)
        .flatMap(({ datanetId, index: segment }) => world.ask("datanet", "Demands", { datanetId, segment }).demands)
        .filter(({ answerBy }) => answerBy > world.now + 12n);
      const demand = world.some(asked);
      if (demand === undefined) return undefined;
      const { textRoot: root, indexRoot } = segments(world, demand.datanetId)[Number(demand.segment) - 1]!;
      const text = world.library.text(demand.part === SegmentPart.SEGMENT_PART_TEXT ? root : indexRoot);
      // Of a root of nothing, or of a text that is not as long as the records', there is nothing to show.
      if (text === undefined || demand.offset >= BigInt(text.length)) return undefined;
      const from = world.payer();
      const opening = openingOf(text, Number(demand.offset), 1, nativeHasher);
      const value = { answerer: world.address(from), demandId: demand.id, opening };
      return { from, message: ["tributary.datanet.v1.MsgAnswerDemand", value] };
    },
  },
];

export const segmentOperations: readonly Operation[] = [...sealOperations, ...challengeOperations, ...demandOperations];
