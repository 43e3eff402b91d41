// Owns `tributaryd attribution report`: what the answers of a batch paid to whom and for which words, as text or as a page.
// How it looks is attribution/answer-report.ts's.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { batchReports, reportLines, reportPage } from "../../attribution/answer-report.ts";
import { batchOfBody } from "../../attribution/batch-builder.ts";
import { writeFileAtomic } from "../files.ts";
import { option, withOptions } from "../options.ts";
import { printLine } from "../output.ts";
import { Settings } from "../settings.ts";

/** Adds `report` to the attribution commands. */
export function addReportCommand(attribution: Command): void {
  withOptions(
    attribution
      .command("report <body>")
      .description("Show which words of a batch's answers earned what for whom, from the batch's published body"),
    [
      option("--denom <denom>", "The denomination of fees (default: uopen)"),
      option("--html <file>", "Write a page that stands alone, instead of printing text"),
    ],
  ).action((body: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const reports = batchReports(
      batchOfBody(new Uint8Array(readFileSync(body))).body,
      settings.text("denom") ?? "uopen",
    );
    const path = settings.text("html");
    if (path === undefined) for (const line of reports.flatMap(reportLines)) printLine(line);
    else writeFileAtomic(path, reportPage("What a batch paid", reports));
  });
}
