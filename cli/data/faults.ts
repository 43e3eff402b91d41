// Owns `tributaryd data faults`: everything about a datanet's records and sealed segments that the texts here show to be false, and
// with --challenge the messages that show it to the chain. What is false is attribution/datanet's.
import { join } from "node:path";
import type { Command } from "commander";
import type { ChainSession, Party } from "../../attribution/chain-session.ts";
import { RecordWatcher } from "../../attribution/datanet/record-watcher.ts";
import { SegmentWatcher } from "../../attribution/datanet/segment-watcher.ts";
import type { Finding } from "../../attribution/datanet/watching.ts";
import { Library } from "../../attribution/library.ts";
import { decode, encode, type MessageName } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";
import { segmentBondsOption } from "../attribution/datanets.ts";
import { passOptions, withSources, withTexts } from "../attribution/passes.ts";
import { indexFolder, type Sources } from "../attribution/sources.ts";
import { findDatanet } from "../contribute/chain.ts";
import { option, outputOption, withOptions } from "../options.ts";
import { notice, printData } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";

/** Adds the command that looks for faults. */
export function addFaultsCommand(data: Command): void {
  withOptions(
    data
      .command("faults")
      .description(
        "Look for near-copies, false fingerprints and segments that are not what their records make, by the texts kept here",
      )
      .argument("<datanet>", "The datanet, by name or number")
      .option("--challenge", "Challenge what is found, with the key that --from names"),
    [
      option("--from <key>", "Name or address of the key that challenges, pays bonds and fees, and earns bounties"),
      segmentBondsOption(),
      ...passOptions(),
      outputOption(),
    ],
  ).action(async (name: string, options: { challenge?: boolean }, made: Command) => {
    const settings = new Settings(made);
    const { id } = await findDatanet(new RpcClient(settings.nodeUrl()), name);
    if (options.challenge === true) await withSources(settings, (opened) => look(settings, id, opened));
    else await withTexts(settings, (opened) => look(settings, id, { ...opened, party: undefined }));
  });
}

async function look(
  settings: Settings,
  datanetId: bigint,
  { session, party, texts }: { readonly session: ChainSession; readonly party: Party | undefined } & Sources,
): Promise<void> {
  // A watcher may be writing to the indexes of this home.
  const library = new Library(settings.text("index-dir") ?? join(indexFolder(settings), "faults"));
  const bonds = settings.bigint("segment-bonds");
  const options = { session, party, library, texts, datanets: [datanetId], bonds, report: notice };
  // Everything, whatever a watcher of this home has looked at.
  const findings = [...(await new RecordWatcher(options).pass()), ...(await new SegmentWatcher(options).pass())];
  const looked = (kind: Finding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  const faults = findings.filter(({ is }) => is !== "honest").map(asData);
  printData({ records: looked("record"), segments: looked("segment"), faults }, settings.output());
}

function asData({ kind, number, is, reason, challenge }: Finding): Json {
  const shown = { kind, number: number.toString(), is, reason };
  if (challenge === undefined) return shown;
  const { typeUrl, value } = challenge;
  const name = typeUrl.slice(1) as MessageName;
  const message = toJson(name, decode(name, encode(name, value as never)));
  return { ...shown, challenge: { "@type": typeUrl, ...(message as { readonly [field: string]: Json }) } };
}
