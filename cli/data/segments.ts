// Owns what sealing needs from a home that keeps a datanet's texts: the roots of a run of records, whether a sealed segment is what
// the texts say, and openings of it that answer demands. It sends nothing; what these mean is modules/datanet.
import type { Command } from "commander";
import { rawCidText } from "../../chain/types/cid.ts";
import { isEarning } from "../../modules/datanet/keeper.ts";
import { MAX_OPENING_BYTES, MAX_SEGMENT_RECORDS } from "../../modules/datanet/limits.ts";
import { openingOf, type SegmentInput, segmentInputOf } from "../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../node/crypto.ts";
import type { BlockStore } from "../../node/data/block-store.ts";
import { ContentKeyError, openText, sealedKeyVersion } from "../../node/data/content-key.ts";
import { equalBytes, hex } from "../../proto/bytes.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";
import { toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Datanet, findDatanet } from "../contribute/chain.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { inTurns } from "../in-turns.ts";
import { nodeOption, option, outputOption, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { printData } from "../output.ts";
import { QueryError, RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { contentKey } from "./keys.ts";
import { openStore } from "./store.ts";

type Record = Messages["tributary.datanet.v1.Record"];
type Segment = Messages["tributary.datanet.v1.Segment"];

const recordsPerPage = 100n;
const queriesAtOnce = 8;
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
    [option("--segment <index>", "The segment to check").argParser(wholeBigint), nodeOption(), outputOption()],
  ).action(async (name: string, last: bigint | undefined, options: { segment?: bigint }, made: Command) => {
    const source = await sourceOf(new Settings(made), name);
    const printed = await (options.segment === undefined ? nextRun(source, last) : checked(source, options.segment));
    printData(printed, source.settings.output());
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
    printData(await openingAt(await sourceOf(new Settings(made), name), index, offset, options), "json");
  });
}

interface OpeningOptions {
  readonly part: "text" | "index";
  readonly length?: number;
}

/** Where texts and facts come from. */
export interface Source {
  readonly settings: Settings;
  readonly client: RpcClient;
  readonly store: BlockStore;
  readonly chainId: string;
  readonly datanet: Datanet;
}

/** Opens what commands about a datanet's texts work with. */
export async function sourceOf(settings: Settings, name: string): Promise<Source> {
  const client = new RpcClient(settings.nodeUrl());
  const { node_info } = await client.call<{ node_info: { network: string } }>("status");
  const datanet = await findDatanet(client, name);
  return { settings, client, store: await openStore(settings), chainId: node_info.network, datanet };
}

/** What to seal next. Throws CliError when there is nothing, a record is suspended, or a text is not here. */
async function nextRun(source: Source, asked: bigint | undefined): Promise<Json> {
  const { id, sealedThrough, recordCount } = source.datanet;
  const [first, last] = [sealedThrough + 1n, asked ?? recordCount];
  if (last < first || last > recordCount) {
    throw new CliError(`there is no run from record ${first} to ${last}`, `the newest record is ${recordCount}`);
  }
  const records = await recordsOf(source, first, last);
  const waiting = records.find(({ status }) => status === RecordStatus.RECORD_STATUS_SUSPENDED);
  if (waiting !== undefined) {
    throw new CliError(
      `record ${waiting.number} waits for an answer to a takedown notice`,
      "seal the records before it",
    );
  }
  const sealed = records.filter(isEarning);
  if (sealed.length === 0) throw new CliError("none of the records may earn", "there is nothing to seal");
  const input = segmentInputOf(await textsOf(source, sealed), nodeHasher());
  return {
    datanet_id: id.toString(),
    last: last.toString(),
    text_root: hex(input.textRoot),
    index_root: hex(input.indexRoot),
    index_count: input.indexCount.toString(),
    records: sealed.length,
    bytes: input.text.length,
  };
}

/** Whether a segment is what the texts kept here say. */
async function checked(source: Source, index: bigint): Promise<Json> {
  const { segment, input } = await sealedInput(source, index);
  const hasIndex = segment.indexCount > 0n;
  return {
    datanet_id: segment.datanetId.toString(),
    segment: index.toString(),
    text: equalBytes(input.textRoot, segment.textRoot),
    index: hasIndex
      ? segment.indexCount === input.indexCount && equalBytes(input.indexRoot, segment.indexRoot)
      : "none",
    text_root: hex(input.textRoot),
    ...(hasIndex ? { index_root: hex(input.indexRoot) } : {}),
  };
}

/** An opening that holds a byte. Throws CliError when the texts here are not what was sealed. */
async function openingAt(source: Source, index: bigint, offset: number, options: OpeningOptions): Promise<Json> {
  const { segment, input } = await sealedInput(source, index);
  const [bytes, here, there] =
    options.part === "text"
      ? [input.text, input.textRoot, segment.textRoot]
      : [input.index, input.indexRoot, segment.indexRoot];
  if (!equalBytes(here, there)) {
    throw new CliError(
      `the ${options.part} that was sealed as segment ${index} is not that of the texts kept here`,
      "an opening of these would be refused",
    );
  }
  const length = Math.min(options.length ?? shownBytes, bytes.length - offset);
  if (length < 1 || length > MAX_OPENING_BYTES) {
    throw usageError(`${length} bytes at ${offset} of ${bytes.length} cannot be shown`);
  }
  return toJson("tributary.datanet.v1.TextOpening", openingOf(bytes, offset, length, nodeHasher())) as Json;
}

/** A segment, and what it should be by the texts kept here. Throws CliError when one is not here. */
export async function sealedInput(source: Source, index: bigint): Promise<{ segment: Segment; input: SegmentInput }> {
  const { client, datanet } = source;
  const { segment } = await client.query(
    "/tributary.datanet.v1.Query/Segment",
    "tributary.datanet.v1.QuerySegmentRequest",
    "tributary.datanet.v1.QuerySegmentResponse",
    { datanetId: datanet.id, index },
  );
  const records = await recordsOf(source, segment.first, segment.last);
  const placed = await inTurns(records, queriesAtOnce, ({ number }) => isPlaced(client, datanet.id, number, index));
  const texts = await textsOf(
    source,
    records.filter((_, i) => placed[i]),
  );
  return { segment, input: segmentInputOf(texts, nodeHasher()) };
}

async function isPlaced(client: RpcClient, datanetId: bigint, number: bigint, segment: bigint): Promise<boolean> {
  try {
    const { placement } = await client.query(
      "/tributary.datanet.v1.Query/Placement",
      "tributary.datanet.v1.QueryPlacementRequest",
      "tributary.datanet.v1.QueryPlacementResponse",
      { datanetId, number },
    );
    return placement.segment === segment;
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}

/** The records of a run, in order. */
async function recordsOf({ client, datanet }: Source, first: bigint, last: bigint): Promise<readonly Record[]> {
  if (last - first >= MAX_SEGMENT_RECORDS) {
    throw new CliError(`a segment has at most ${MAX_SEGMENT_RECORDS} records`, "name an earlier last record");
  }
  const records: Record[] = [];
  for (let offset = first - 1n; offset < last; offset += recordsPerPage) {
    const { records: page } = await client.query(
      "/tributary.datanet.v1.Query/Records",
      "tributary.datanet.v1.QueryRecordsRequest",
      "tributary.datanet.v1.QueryRecordsResponse",
      { datanetId: datanet.id, pagination: { offset, limit: recordsPerPage } },
    );
    records.push(...page.filter(({ number }) => number <= last));
  }
  return records;
}

/** Their texts, opened where they are sealed. Throws CliError naming the first that is not here. */
async function textsOf(source: Source, records: readonly Record[]): Promise<readonly Uint8Array[]> {
  const texts: Uint8Array[] = [];
  for (const { number, contentHash } of records) {
    const block = await source.store.get(contentHash);
    if (block === undefined) {
      throw new CliError(
        `the text of record ${number} is not here (${rawCidText(contentHash)})`,
        "fetch it with `tributaryd data fetch`, or have the node follow the datanet (`data.datanets` of config.toml)",
      );
    }
    texts.push(source.datanet.isPrivate ? opened(source, number, block) : block);
  }
  return texts;
}

function opened({ settings, chainId, datanet }: Source, number: bigint, block: Uint8Array): Uint8Array {
  try {
    const place = { chainId, datanetId: datanet.id, keyVersion: sealedKeyVersion(block) };
    return openText(block, contentKey(settings, place), place);
  } catch (error) {
    if (!(error instanceof ContentKeyError)) throw error;
    throw new CliError(`the text of record ${number} cannot be opened: ${messageOf(error)}`);
  }
}
