// Owns what sealing needs from a home that keeps a datanet's texts: the roots of a run of records, whether a sealed segment is what
// the texts say, and openings of it that answer demands. It sends nothing but --seal; what these mean is modules/datanet.
import type { Command } from "commander";
import type { ChainSession } from "../../attribution/chain-session.ts";
import { placedRecords, type SealedText, sealedText } from "../../attribution/datanet/sealed-text.ts";
import { type Record, recordsAfter, type TextSource } from "../../attribution/record-texts.ts";
import { rawCidText } from "../../chain/types/cid.ts";
import { nativeMessage } from "../../client/registry.ts";
import { isEarning } from "../../modules/datanet/keeper.ts";
import { MAX_OPENING_BYTES, MAX_SEGMENT_RECORDS } from "../../modules/datanet/limits.ts";
import { openingOf, type SegmentInput, segmentInputOf } from "../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { RecordStatus, SegmentPart } from "../../proto/enums.gen.ts";
import { toJson } from "../../proto/json.ts";
import { signingOptions, withSources, withTexts } from "../attribution/passes.ts";
import { type Datanet, findDatanet } from "../contribute/chain.ts";
import { CliError, usageError } from "../errors.ts";
import { nodeOption, option, outputOption, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { printData } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";

/** Bytes that an opening shows when nothing is said: whatever stands around the demanded one. */
const shownBytes = 64;

/** Adds the commands of segments to `data`. */
export function addSegmentCommands(data: Command): void {
  withOptions(
    data
      .command("segment")
      .description(
        "Print what to seal for a datanet's next records, or check a sealed segment against the texts kept here",
      )
      .argument("<datanet>", "The datanet, by name or number")
      .argument("[last]", "The last record of the run (default: the newest)", wholeBigint),
    [
      option("--segment <index>", "The segment to check").argParser(wholeBigint),
      option("--leave-out-missing", "Leave out the records whose texts are not here"),
      option("--from <key>", "With --seal: name or address of the key that seals and pays the bond"),
      ...signingOptions(),
      outputOption(),
    ],
  )
    .option("--seal", "Seal the run, as the owner or a curator; the bond comes back when the segment is final")
    .action(async (name: string, last: bigint | undefined, options: SegmentOptions, made: Command) => {
      const settings = new Settings(made);
      if (options.seal === true && options.segment === undefined) {
        return seal(settings, name, last, options.leaveOutMissing === true);
      }
      await withSource(settings, name, async (source) => {
        const { segment } = options;
        const printed = await (segment === undefined
          ? nextRun(source, last, options.leaveOutMissing === true).then(runAsData)
          : checked(source, segment));
        printData(printed, settings.output());
      });
    });
  withOptions(
    data
      .command("opening")
      .description("Print an opening of a sealed segment, as `tx datanet answer-demand` takes it")
      .argument("<datanet>", "The datanet, by name or number")
      .argument("<segment>", "The segment's index", wholeBigint)
      .argument("<offset>", "The byte that is demanded", wholeNumber),
    [
      option("--part <part>", "text, or index for the suffix array").choices(["text", "index"]).default("text"),
      option("--length <bytes>", `How many bytes to show (default: ${shownBytes})`).argParser(wholeNumber),
      nodeOption(),
    ],
  ).action(async (name: string, index: bigint, offset: number, options: OpeningOptions, made: Command) => {
    await withSource(new Settings(made), name, async (source) => {
      printData(await openingAt(source, index, offset, options), "json");
    });
  });
}

interface SegmentOptions {
  readonly segment?: bigint;
  readonly seal?: boolean;
  readonly leaveOutMissing?: true;
}

interface OpeningOptions {
  readonly part: "text" | "index";
  readonly length?: number;
}

/** Where texts and facts come from. */
interface Source {
  readonly session: ChainSession;
  readonly texts: TextSource;
  readonly datanet: Datanet;
}

/** Does something with a datanet's texts, as far as this home has them. */
async function withSource(settings: Settings, name: string, action: (source: Source) => Promise<void>): Promise<void> {
  const datanet = await findDatanet(new RpcClient(settings.nodeUrl()), name);
  await withTexts(settings, ({ session, texts }) => action({ session, texts, datanet }));
}

/** The next run of records, and what its texts make. */
interface Run {
  readonly datanetId: bigint;
  readonly last: bigint;
  readonly records: number;
  /** Records whose texts are not here. */
  readonly leftOut: readonly bigint[];
  readonly input: SegmentInput;
}

/** What to seal next. Throws CliError when there is nothing, or a text is not here that is not to be left out. */
async function nextRun(
  { session, texts, datanet }: Source,
  asked: bigint | undefined,
  leavesOut: boolean,
): Promise<Run> {
  const { id, sealedThrough, recordCount } = datanet;
  const [first, last] = [sealedThrough + 1n, asked ?? recordCount];
  if (last < first || last > recordCount) {
    throw new CliError(`there is no run from record ${first} to ${last}`, `the newest record is ${recordCount}`);
  }
  if (last - first >= MAX_SEGMENT_RECORDS) {
    throw new CliError(`a segment has at most ${MAX_SEGMENT_RECORDS} records`, "name an earlier last record");
  }
  const sealed: Uint8Array[] = [];
  const leftOut: bigint[] = [];
  for await (const record of recordsAfter(session, id, first - 1n)) {
    const { number, status } = record;
    if (number > last) break;
    if (!isEarning(record) && status !== RecordStatus.RECORD_STATUS_SUSPENDED) continue;
    const text = await texts.textOf(record);
    if (text === undefined && !leavesOut) throw lacking(record);
    if (text === undefined) leftOut.push(number);
    else sealed.push(text);
  }
  if (sealed.length === 0) {
    throw new CliError("there is no text to seal", "none of the records may earn, or no text is here");
  }
  return { datanetId: id, last, records: sealed.length, leftOut, input: segmentInputOf(sealed, nodeHasher()) };
}

function runAsData({ datanetId, last, records, leftOut, input }: Run): { readonly [field: string]: Json } {
  return {
    datanet_id: datanetId.toString(),
    last: last.toString(),
    text_root: hex(input.textRoot),
    index_root: hex(input.indexRoot),
    index_count: input.indexCount.toString(),
    left_out: leftOut.map(String),
    records,
    bytes: input.text.length,
  };
}

/** Seals the next run and prints it with its transaction. */
async function seal(settings: Settings, name: string, asked: bigint | undefined, leavesOut: boolean): Promise<void> {
  const datanet = await findDatanet(new RpcClient(settings.nodeUrl()), name);
  await withSources(settings, async ({ session, party, texts }) => {
    const run = await nextRun({ session, texts, datanet }, asked, leavesOut);
    const { textRoot, indexRoot, indexCount } = run.input;
    const message = {
      sealer: party.address,
      datanetId: run.datanetId,
      last: run.last,
      textRoot,
      indexRoot,
      indexCount,
      leftOut: [...run.leftOut],
    };
    const { height, hash } = await session.send(party, [nativeMessage("tributary.datanet.v1.MsgSealSegment", message)]);
    printData({ ...runAsData(run), height: height.toString(), tx_hash: hash }, settings.output());
  });
}

/** Whether a segment is what the texts kept here say. */
async function checked(source: Source, index: bigint): Promise<Json> {
  const sealed = await sealedHere(source, index);
  const { segment, input } = sealed;
  const hasIndex = segment.indexCount > 0n;
  return {
    datanet_id: segment.datanetId.toString(),
    segment: index.toString(),
    text: sealed.isSealed(SegmentPart.SEGMENT_PART_TEXT),
    index: hasIndex ? sealed.isSealed(SegmentPart.SEGMENT_PART_INDEX) : "none",
    text_root: hex(input.textRoot),
    ...(hasIndex ? { index_root: hex(input.indexRoot) } : {}),
  };
}

/** An opening that holds a byte. Throws CliError when the texts here are not what was sealed. */
async function openingAt(source: Source, index: bigint, offset: number, options: OpeningOptions): Promise<Json> {
  const sealed = await sealedHere(source, index);
  const isText = options.part === "text";
  if (!sealed.isSealed(isText ? SegmentPart.SEGMENT_PART_TEXT : SegmentPart.SEGMENT_PART_INDEX)) {
    throw new CliError(
      `the ${options.part} that was sealed as segment ${index} is not that of the texts kept here`,
      "an opening of these would be refused",
    );
  }
  const bytes = isText ? sealed.text : sealed.index;
  const length = Math.min(options.length ?? shownBytes, bytes.length - offset);
  if (length < 1 || length > MAX_OPENING_BYTES) {
    throw usageError(`${length} bytes at ${offset} of ${bytes.length} cannot be shown`);
  }
  return toJson("tributary.datanet.v1.TextOpening", openingOf(bytes, offset, length, nodeHasher())) as Json;
}

/** A segment as it should be by the texts kept here. Throws CliError when there is none, or a text is not here. */
async function sealedHere({ session, texts, datanet }: Source, index: bigint): Promise<SealedText> {
  const found = await session.find("tributary.datanet.v1.Query/Segment", { datanetId: datanet.id, index });
  if (found === undefined) {
    throw new CliError(
      `datanet ${datanet.id} has no segment ${index}`,
      "see `tributaryd query datanet segments`; nothing was changed",
    );
  }
  const { segment } = found;
  const made = await sealedText(segment, await placedRecords(session, segment), texts, nodeHasher());
  if ("lacking" in made) throw lacking(made.lacking);
  return made;
}

function lacking({ number, contentHash }: Record): CliError {
  return new CliError(
    `the text of record ${number} is not here (${rawCidText(contentHash)}), or its content key is not`,
    "fetch it with `tributaryd data fetch`, or have the node follow the datanet (`data.datanets` of config.toml)",
  );
}
