// Owns what `tributaryd watch` does about datanets: which ones are watched, what bonds may come to, and the passes over their records,
// their sealed segments, models that leave them out, and demands and disputes about what is one's own. What is false is attribution/'s.
import type { Option } from "commander";
import type { BodySource } from "../../attribution/body-store.ts";
import type { ChainSession, Party } from "../../attribution/chain-session.ts";
import { DemandAnswerer } from "../../attribution/datanet/demand-answerer.ts";
import { LookedThrough } from "../../attribution/datanet/looked-through.ts";
import { RecordWatcher } from "../../attribution/datanet/record-watcher.ts";
import { SegmentWatcher } from "../../attribution/datanet/segment-watcher.ts";
import { DisputeAnswerer } from "../../attribution/dispute-answers.ts";
import type { Library } from "../../attribution/library.ts";
import { LineageWatcher } from "../../attribution/lineage-watcher.ts";
import type { TextSource } from "../../attribution/record-texts.ts";
import { readNodeConfig } from "../../node/config.ts";
import { findDatanet } from "../contribute/chain.ts";
import { option, wholeBigint } from "../options.ts";
import { printLine } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import type { Settings } from "../settings.ts";
import { existing, indexFolder } from "./sources.ts";

/** What the passes work with. */
interface Watching {
  readonly session: ChainSession;
  readonly party: Party;
  readonly library: Library;
  readonly texts: TextSource;
  readonly bodies: BodySource;
}

/** The flags that say which datanets are watched, and at what risk. */
export function datanetOptions(): readonly Option[] {
  return [
    option(
      "--datanets <datanets>",
      "Datanets whose records and segments are watched, and that no model may leave out, by name or number, separated by commas (default: data.datanets)",
    ),
    option(
      "--uses <folder>",
      "Where texts of served uses are that nobody publishes: one folder for each, named by its number",
    ),
    segmentBondsOption(),
  ];
}

/** The flag that bounds what demands of segments may cost. */
export function segmentBondsOption(): Option {
  return option(
    "--segment-bonds <amount>",
    "The most that bonds of demands may come to which wait or are lost, in the bonds' smallest unit (default: 20 bonds)",
  ).argParser(wholeBigint);
}

/** The passes over the datanets that are watched, in their order. */
export async function datanetPasses(
  settings: Settings,
  { session, party, library, texts, bodies }: Watching,
): Promise<readonly (() => Promise<unknown>)[]> {
  const datanets = await watchedDatanets(settings);
  const bonds = settings.bigint("segment-bonds");
  const options = { session, party, library, texts, datanets, bonds, report: printLine };
  const records = new RecordWatcher(options, new LookedThrough(indexFolder(settings)));
  const segments = new SegmentWatcher(options);
  const answerer = new DemandAnswerer(options);
  const folder = settings.text("uses");
  const served = folder === undefined ? undefined : existing(folder);
  const datanetIds = await shownDatanets(settings, session, datanets);
  const lineages = new LineageWatcher({ ...options, bodies, served, datanetIds });
  const disputes = new DisputeAnswerer({ ...options, bodies, served });
  const watched = datanetIds.length === 0 ? [] : [() => lineages.pass()];
  return [() => disputes.pass(), () => answerer.pass(), () => records.pass(), () => segments.pass(), ...watched];
}

/** Those for which lineages are disputed: a dispute publishes words of a record, which private datanets are named for. */
async function shownDatanets(
  settings: Settings,
  session: ChainSession,
  datanets: readonly bigint[],
): Promise<readonly bigint[]> {
  if (settings.text("datanets") !== undefined) return datanets;
  const found: bigint[] = [];
  for (const datanetId of datanets) {
    const { datanet } = await session.query("tributary.datanet.v1.Query/Datanet", { datanetId });
    if (!datanet.isPrivate) found.push(datanetId);
  }
  return found;
}

async function watchedDatanets(settings: Settings): Promise<readonly bigint[]> {
  const named = settings.text("datanets");
  const names =
    named === undefined
      ? readNodeConfig(settings.paths.home, { environment: process.env }).dataDatanets
      : named.split(",").map((name) => name.trim());
  const client = new RpcClient(settings.nodeUrl());
  const found = new Set<bigint>();
  for (const name of names) found.add((await findDatanet(client, name)).id);
  return [...found];
}
