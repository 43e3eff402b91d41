// `npm run low-spec -- --minutes 60`: a validator and a full node on one core and one gigabyte each, under a steady load.
// Owns the command line and the summary. It needs Linux and root, for the control groups.
//
//   --minutes 60        how long; 2 unless told otherwise
//   --rate 100          payments a second
//   --memory 1024       megabytes of each node
//   --cores 1           cores of each node
//   --shares 1024       CPU weight against the rest of the machine
//   --folder <path>     where the report, the samples and the logs go; a new temporary folder unless told otherwise

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type LowSpecReport, runLowSpec, type Sample } from "./low-spec.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "2" },
    rate: { type: "string", default: "100" },
    memory: { type: "string", default: "1024" },
    cores: { type: "string", default: "1" },
    shares: { type: "string", default: "1024" },
    folder: { type: "string" },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** The summary of one node: memory over time, and what a day would add to its disk at this rate. */
function nodeText(name: string, all: readonly Sample[]): string[] {
  const samples = all.filter(({ node }) => node === name);
  const last = samples.at(-1);
  // The first sixth is left out: caches fill and the database settles.
  const first = samples[Math.floor(samples.length / 6)];
  if (last === undefined || first === undefined) return [];
  const perDay = ((last.disk - first.disk) / Math.max(1, last.atSeconds - first.atSeconds)) * 86_400;
  const quarters = [0, 0.25, 0.5, 0.75, 1].map((share) => samples[Math.round((samples.length - 1) * share)]!);
  const { group } = last;
  return [
    name,
    `  resident memory: ${quarters.map(({ rss, atSeconds }) => `${megabytes(rss)} at ${atSeconds} s`).join(", ")}; at most ${megabytes(last.rssPeak)}`,
    `  memory of the group with its page cache: ${megabytes(group.memoryBytes)}, at most ${megabytes(group.memoryPeakBytes)}; the bound was met ${group.memoryLimitHits} times, ${group.outOfMemoryKills} kills`,
    `  disk: ${megabytes(last.disk)}, growing by ${megabytes(perDay)} a day`,
    `  CPU: ${((group.cpuMs / 1_000 / Math.max(1, last.atSeconds)) * 100).toFixed(0)} % of a core, held back for ${(group.throttledMs / 1_000).toFixed(0)} s in all`,
  ];
}

function summary({ load, samples, ...report }: LowSpecReport): string[] {
  return [
    `${report.heights} heights; blocks every ${report.interval.median} ms (p99 ${report.interval.p99}, at most ${report.interval.max}); ${report.laterRounds} took more than one round`,
    `${report.committed} payments committed; accepted ${load.accepted}, refused ${load.refused}, failed ${load.failed}, not sent ${load.skipped}`,
    ...Object.entries(load.reasons).map(([reason, count]) => `  refused ${count} times: ${reason}`),
    `the small validator proposed ${report.proposed} blocks and missed ${report.missed.blocks} of ${report.missed.of}`,
    ...nodeText("small validator", samples),
    ...nodeText("small full node", samples),
    report.sameChain ? "all four nodes have the same blocks and app hashes" : "THE CHAINS DIFFER",
  ];
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), "tributary-low-spec-"));
mkdirSync(folder, { recursive: true });
say(`samples, report and logs: ${folder}`);
const report = await runLowSpec({
  minutes: Number(values.minutes),
  perSecond: Number(values.rate),
  memoryMegabytes: Number(values.memory),
  cores: Number(values.cores),
  shares: Number(values.shares),
  folder,
  sampleSeconds: 10,
  report: say,
});
writeFileSync(join(folder, "report.json"), `${JSON.stringify(report, undefined, 2)}\n`);
for (const line of summary(report)) process.stdout.write(`${line}\n`);
process.exit(report.sameChain ? 0 : 1);
