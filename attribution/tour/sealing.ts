/**
 * Owns the tour's sealed segment: the next run of the datanet's records as one text with its suffix array, sealed by the owner,
 * made anew from the texts by the watcher, and final. It does not own what a segment is (../datanet/sealed-text.ts).
 */
import { nativeMessage } from "../../client/registry.ts";
import { segmentInputOf } from "../../modules/datanet/segment-input.ts";
import { hex } from "../../proto/bytes.ts";
import { SegmentPart, SegmentStatus } from "../../proto/enums.gen.ts";
import { placedRecords, SealedText, type Segment, sealedText } from "../datanet/sealed-text.ts";
import type { TextSource } from "../record-texts.ts";
import { check, type TourContext, TourError } from "./context.ts";
import { type Ground, textOfFile } from "./ground.ts";
import type { SegmentResult } from "./report.ts";

const RECORDS_SEALED = 8n;
const PATIENCE_MS = 30_000;

/** Seals the next records, as long as there are some, and checks the newest segment. */
export async function sealRecords(tour: TourContext, ground: Ground): Promise<SegmentResult> {
  const { session, owner, watcher, say } = tour;
  const { datanetId } = ground;
  const { datanet } = await session.query("tributary.datanet.v1.Query/Datanet", { datanetId });
  const first = datanet.sealedThrough + 1n;
  const last = first + RECORDS_SEALED - 1n;
  const texts: Uint8Array[] = [];
  for (let number = first; number <= last; number++) {
    const text = ground.mayCite({ datanetId, number }) ? ground.files.get(number)?.text : undefined;
    if (text !== undefined) texts.push(text);
  }
  if (last <= datanet.recordCount && texts.length === Number(RECORDS_SEALED)) {
    const { textRoot, indexRoot, indexCount } = segmentInputOf(texts);
    await session.breathe();
    const seal = { sealer: owner.address, datanetId, last, textRoot, indexRoot, indexCount };
    await session.send(owner, [nativeMessage("tributary.datanet.v1.MsgSealSegment", seal)]);
    say(`${owner.name} sealed records ${first} to ${last} as one text of ${indexCount} tokens with its suffix array`);
  }
  const segment = await newestSegment(tour, datanetId);
  const made = await sealedText(segment, await placedRecords(session, segment), sourceOf(ground));
  check(made instanceof SealedText, `the texts of segment ${segment.index} are here`);
  const isRight = [SegmentPart.SEGMENT_PART_TEXT, SegmentPart.SEGMENT_PART_INDEX].every((part) =>
    (made as SealedText).isSealed(part),
  );
  check(isRight, `${watcher.name} makes the text and the suffix array of segment ${segment.index} anew, the same`);
  await untilFinal(tour, segment);
  say(`${watcher.name} made segment ${segment.index} anew from its texts, and found what was sealed; it is final`);
  return {
    ...{ index: segment.index.toString(), first: segment.first.toString(), last: segment.last.toString() },
    ...{ bytes: segment.byteCount.toString(), tokens: segment.indexCount.toString() },
    ...{ textRoot: hex(segment.textRoot), indexRoot: hex(segment.indexRoot) },
  };
}

function sourceOf(ground: Ground): TextSource {
  return { textOf: textOfFile(ground) };
}

async function newestSegment({ session }: TourContext, datanetId: bigint): Promise<Segment> {
  const pagination = { limit: 1n, reverse: true };
  const { segments } = await session.query("tributary.datanet.v1.Query/Segments", { datanetId, pagination });
  if (segments[0] === undefined) throw new TourError(`datanet ${datanetId} has no segment and too few records for one`);
  return segments[0];
}

async function untilFinal({ session }: TourContext, { datanetId, index }: Segment): Promise<void> {
  for (const started = Date.now(); ; ) {
    const { segment } = await session.query("tributary.datanet.v1.Query/Segment", { datanetId, index });
    if (segment.status === SegmentStatus.SEGMENT_STATUS_FINAL) return;
    check(segment.status === SegmentStatus.SEGMENT_STATUS_SEALED, `nothing shows segment ${index} to be false`);
    if (Date.now() - started > PATIENCE_MS)
      throw new TourError(`segment ${index} is not final after ${PATIENCE_MS} ms`);
    await session.breathe();
  }
}
