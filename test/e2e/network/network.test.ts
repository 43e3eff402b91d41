/** The short form of `npm run e2e`: real processes, killed, stopped and cut off, agree on everything afterwards. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { CampaignReport } from "./campaign.ts";

const script = fileURLToPath(new URL("./run.ts", import.meta.url));

async function campaign(args: readonly string[]): Promise<CampaignReport> {
  // A violation is in the report; the exit code only repeats it.
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--quick", "--json", ...args]).catch(
    (error: { readonly stdout?: string }) => {
      if (!error.stdout) throw error;
      return { stdout: error.stdout };
    },
  );
  return JSON.parse(stdout) as CampaignReport;
}

test("four validators and a full node, killed, stopped and parted under load, have one chain and sign nothing twice", async () => {
  const { seed, violations, rows, reported, signatures } = await campaign([]);
  expect(violations, `seed ${seed}`).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(3);
  expect(reported).toBeGreaterThan(0);
  expect(signatures).toBeGreaterThan(0);
});
