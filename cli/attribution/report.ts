// Owns `tributaryd attribution report`: what an answer, or all answers of a batch, paid to whom and for which words, as text
// or as a page. How it looks is attribution/answer-report.ts's.
import type { Command } from "commander";
import {
  type AnswerReport,
  batchReports,
  payoutReport,
  reportLines,
  reportPage,
} from "../../attribution/answer-report.ts";
import { batchOfBody } from "../../attribution/batch-builder.ts";
import { ChainSession } from "../../attribution/chain-session.ts";
import { settledOutput } from "../../attribution/use-texts.ts";
import { CliError, usageError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { nodeOption, option, wholeBigint, withOptions } from "../options.ts";
import { printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { bodiesOf } from "./sources.ts";

/** Adds `report` to the attribution commands. */
export function addReportCommand(attribution: Command): void {
  withOptions(
    attribution
      .command("report")
      .description("Show which words of an answer earned what for whom, as text or as a page"),
    [
      option("--use <id>", "A use that was settled at once").argParser(wholeBigint),
      option("--batch <id>", "All uses of a batch").argParser(wholeBigint),
      option(
        "--bodies <place>",
        "Where batches' bodies are: a folder or an http address (default: the blocks this home keeps)",
      ),
      option("--html <file>", "Write a page that stands alone, instead of printing text"),
      nodeOption(),
    ],
  ).action(async (_options: unknown, command: Command) => {
    const settings = new Settings(command);
    const [useId, batchId] = [settings.bigint("use"), settings.bigint("batch")];
    if ((useId === undefined) === (batchId === undefined)) {
      throw usageError("a report is of one use or of one batch", "give --use or --batch");
    }
    const { prefix } = settings.addresses();
    const session = await ChainSession.connect({ rpcUrl: settings.nodeUrl(), prefix, gasPrice: "0uopen" });
    try {
      const reports = useId === undefined ? await ofBatch(session, settings, batchId!) : [await ofUse(session, useId)];
      const path = settings.text("html");
      const title =
        useId === undefined ? `Batch ${batchId} on ${session.chainId}` : `Use ${useId} on ${session.chainId}`;
      if (path === undefined) for (const line of reports.flatMap(reportLines)) printLine(line);
      else writeFileAtomic(path, reportPage(title, reports));
    } finally {
      session.disconnect();
    }
  });
}

async function ofBatch(session: ChainSession, settings: Settings, batchId: bigint): Promise<readonly AnswerReport[]> {
  const found = await session.find("tributary.attribution.v1.Query/Batch", { batchId });
  if (found === undefined)
    throw new CliError(`there is no batch ${batchId}`, "see `tributaryd query attribution batches`");
  const { bodyHash } = found.batch;
  const body = bodyHash.length === 0 ? undefined : await (await bodiesOf(settings)).bodyOf(bodyHash);
  if (body === undefined) {
    throw new CliError(
      `the body of batch ${batchId} is not here`,
      "name where the host publishes bodies with --bodies",
    );
  }
  const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
  return batchReports(batchOfBody(body).body, params.feeDenom);
}

/** The answer stands in the transaction that settled the use; it is the one the payout is for, by its hash. */
async function ofUse(session: ChainSession, useId: bigint): Promise<AnswerReport> {
  const found = await session.find("tributary.attribution.v1.Query/Payout", { useId });
  if (found === undefined)
    throw new CliError(`use ${useId} was not settled at once`, "uses of a batch are shown with --batch");
  const output = await settledOutput(session, found.payout);
  if (output !== undefined) return payoutReport(found.payout, output);
  throw new CliError(`the transaction that settled use ${useId} is not in this node's index`, "ask a node that has it");
}
