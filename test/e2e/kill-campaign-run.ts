// Prints the figures of a campaign of kills as JSON: `node test/e2e/kill-campaign-run.ts [kills of each node] [seed]`.
import { seededRandom } from "./chance.ts";
import { runCampaign } from "./kill-campaign.ts";

const kills = Number(process.argv[2] ?? "20");
const seed = Number(process.argv[3] ?? "1");
const report = await runCampaign({
  kills,
  random: seededRandom(seed),
  timeoutCommitMs: 20,
  report: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ seed, ...report }, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
