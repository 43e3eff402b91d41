/** A validator and a follower, killed with -9 at random moments under load, lose nothing that was told and contradict nothing. */
import { expect, test } from "vitest";
import { seededRandom } from "./chance.ts";
import { runCampaign } from "./kill-campaign.ts";

const full = process.env.TRIBUTARY_FULL === "1";

test("validator and follower survive kill -9 under load with the same app hash at every height", async () => {
  const kills = full ? 20 : 2;
  const seed = Math.floor(Math.random() * 2 ** 32);
  const report = await runCampaign({ kills, random: seededRandom(seed), timeoutCommitMs: 20 });
  console.info(`kills, seed ${seed}: ${JSON.stringify(report)}`);
  expect(report.violations, `seed ${seed}`).toEqual([]);
  expect([report.validator.kills, report.follower.kills]).toEqual([kills, kills]);
  expect(report.confirmed).toBeGreaterThan(kills * 2);
}, 1_800_000);
