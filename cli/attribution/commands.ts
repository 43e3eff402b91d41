// Owns `tributaryd attribution`: indexing the texts of a datanet, looking up where the words of a file stand, and counting the terms that
// rankings rest on. What an index is and how it is searched is attribution/'s.
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { ChainSession } from "../../attribution/chain-session.ts";
import { DatanetIndex } from "../../attribution/datanet-index.ts";
import { termTableOf } from "../../attribution/passage-index.ts";
import { folderTexts, followDatanet } from "../../attribution/record-texts.ts";
import { type FoundMatches, searchOutputs } from "../../attribution/span-search.ts";
import { MAX_MATCH_BYTES, MAX_TABLE_TERMS } from "../../modules/attribution/limits.ts";
import { toJson } from "../../proto/json.ts";
import { CliError, usageError } from "../errors.ts";
import { maxInputFileBytes } from "../limits.ts";
import { nodeOption, option, outputOption, wholeBigint, withOptions } from "../options.ts";
import { printData } from "../output.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { addAskCommand } from "./ask.ts";
import { addSignCommand } from "./host.ts";
import { addReportCommand } from "./report.ts";
import { indexFolder } from "./sources.ts";

/** Reading costs no gas; a session wants a price all the same. */
const noGasPrice = "0uopen";

/** Fills in the `attribution` commands. */
export function addAttributionCommands(attribution: Command): void {
  addReportCommand(attribution);
  addSignCommand(attribution);
  addAskCommand(attribution);
  withOptions(
    attribution
      .command("index <folder>")
      .description("Add the texts of a datanet's records, as far as they are in the folder, to the index"),
    [datanetOption(), indexOption(), nodeOption(), outputOption()],
  ).action(async (folder: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const index = openIndex(settings, onlyDatanet(settings));
    const session = await openSession(settings);
    try {
      const { added, missing } = await followDatanet(session, index, folderTexts(folder));
      const { tokens, bytes } = index;
      printData({ added, missing, tokens, index_bytes: bytes }, settings.output());
    } finally {
      session.disconnect();
    }
  });
  withOptions(attribution.command("match <file>").description("Show which records hold the words of a file"), [
    datanetOption(),
    indexOption(),
    option("--min-tokens <count>", "The shortest span that is shown (default: 4)").argParser(wholeBigint),
    outputOption(),
  ]).action((file: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    if (statSync(file).size > maxInputFileBytes) {
      throw new CliError(`${file} has more than ${maxInputFileBytes} bytes`, "cut it into parts");
    }
    const output = new Uint8Array(readFileSync(file));
    const minTokens = Number(settings.bigint("min-tokens") ?? 4n);
    const segments = datanetsOf(settings).flatMap((datanetId) => openIndex(settings, datanetId).segments);
    const [found] = searchOutputs(segments, [output], { minTokens, maxTokens: MAX_MATCH_BYTES, maxRecords: 65 });
    printData(matchesAsData(found!, output), settings.output());
  });
  const counting = "Count the terms of indexed datanets, as `tx attribution register-table` takes them";
  withOptions(attribution.command("table").description(counting), [
    datanetOption(),
    indexOption(),
    option("--terms <count>", `How many terms are listed, the commonest (default: ${MAX_TABLE_TERMS})`).argParser(
      wholeBigint,
    ),
  ]).action((_options: unknown, command: Command) => {
    const settings = new Settings(command);
    const listed = settings.bigint("terms") ?? BigInt(MAX_TABLE_TERMS);
    if (listed < 1n || listed > BigInt(MAX_TABLE_TERMS)) {
      throw usageError(`--terms ${listed}: a table lists 1 to ${MAX_TABLE_TERMS} terms`, "name fewer");
    }
    const segments = datanetsOf(settings).flatMap((datanetId) => openIndex(settings, datanetId).segments);
    if (segments.length === 0) {
      throw new CliError("nothing is indexed of it here", "index it with `tributaryd attribution index` first");
    }
    const table = { ...termTableOf(segments, Number(listed)), id: 0n, creator: "" };
    printData(toJson("tributary.attribution.v1.TermTable", table) as Json, "json");
  });
}

function datanetOption() {
  return option("--datanet <ids>", "The datanet's number; for match and table also several, with commas between");
}

function indexOption() {
  return option("--index-dir <folder>", "Where indexes are kept (default: attribution/ in the home folder)");
}

function datanetsOf(settings: Settings): readonly bigint[] {
  const text = settings.text("datanet");
  if (text === undefined) throw usageError("no datanet is named", "give its number with --datanet");
  return text.split(",").map((part) => wholeBigint(part.trim()));
}

function onlyDatanet(settings: Settings): bigint {
  const [datanetId, ...others] = datanetsOf(settings);
  if (others.length > 0) throw usageError("one datanet is indexed at a time", "run the command once for each");
  return datanetId!;
}

function openIndex(settings: Settings, datanetId: bigint): DatanetIndex {
  return DatanetIndex.open(join(indexFolder(settings), `datanet-${datanetId}`), datanetId);
}

async function openSession(settings: Settings): Promise<ChainSession> {
  const { prefix } = settings.addresses();
  return ChainSession.connect({ rpcUrl: settings.nodeUrl(), prefix, gasPrice: noGasPrice });
}

function matchesAsData({ tokens, matches, owners }: FoundMatches, output: Uint8Array): Json {
  const { starts, ends } = tokens;
  const owned = new Map<number, number>();
  for (const owner of owners) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  const rows = matches.map(({ firstToken, tokenCount, places }, i) => {
    const [start, end] = [starts[firstToken]!, ends[firstToken + tokenCount - 1]!];
    return {
      output_start: start,
      tokens: tokenCount,
      owned_tokens: owned.get(i) ?? 0,
      record: `${places[0]!.id.datanetId}/${places[0]!.id.number}`,
      record_start: places[0]!.start,
      text: new TextDecoder().decode(output.subarray(start, end)),
    };
  });
  return { tokens: starts.length, uncovered_tokens: owned.get(-1) ?? 0, matches: rows };
}
