// `npm run e2e`: a network of real processes, perturbed again and again. Owns the command line and the namespaces everything
// runs in; campaign.ts is what happens.
//
//   npm run e2e                          seven validators, two full nodes, everything
//   npm run e2e -- --quick               four validators, one full node, a few perturbations
//   npm run e2e -- --only disk,log       those whose name contains one of the words
//   npm run e2e -- --kills 200           only kill -9, that often, with the times of recovery
//   npm run e2e -- --seed 7              the same choices again
//   npm run e2e -- --list                the names
//   npm run e2e -- --proxies             TCP proxies instead of network namespaces
//   npm run e2e -- --json                the report as JSON on standard output
//   npm run e2e -- --stake               instead of it all, what validators and voters do (test/e2e/stake/)

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chosen, runCampaign } from "./campaign.ts";
import type { KillFigures, Spread } from "./kill-rounds.ts";
import { mayMakeNamespaces, ownsNamespaces } from "./links.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    seed: { type: "string" },
    kills: { type: "string" },
    list: { type: "boolean", default: false },
    proxies: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    stake: { type: "boolean", default: false },
  },
});

/** Runs this program again in namespaces of its own: cables, mounts and processes vanish with it, however it ends. */
async function again(): Promise<number> {
  const namespaces = [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
  ];
  const line = [...namespaces, process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn("unshare", line, {
    stdio: "inherit",
    env: { ...process.env, TRIBUTARY_E2E_NAMESPACE: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill("SIGTERM"));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function killedText({ kills, whileStarting, withoutQuorum, level, signed }: KillFigures): string {
  const times = ({ p50, p95, max }: Spread): string => `p50 ${p50} ms, p95 ${p95} ms, longest ${max} ms`;
  return [
    `${kills} kills, ${whileStarting} of a process that was starting; ${withoutQuorum} rounds left no quorum`,
    `at the chain's height again: ${times(level)} (${level.count} starts)`,
    `first new signature: ${times(signed)} (${signed.count} starts)`,
  ].join("\n");
}

async function main(): Promise<number> {
  const { quick, only, json } = values;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  if (values.stake) {
    const { chosenScenarios, runScenarios } = await import("../stake/run.ts");
    const scenarios = chosenScenarios(only);
    if (!values.list) return (await runScenarios(scenarios, say)) ? 0 : 1;
    for (const { name } of scenarios) process.stdout.write(`${name}\n`);
    return 0;
  }
  if (values.list) {
    for (const { name } of chosen({ quick, only })) process.stdout.write(`${name}\n`);
    return 0;
  }
  if (!values.proxies && mayMakeNamespaces() && !ownsNamespaces()) return await again();
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  say(`seed ${seed}`);
  const report = await runCampaign({ seed, quick, only, kills: Number(values.kills) || undefined, report: say });
  if (json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else {
    const { heights, reported, signatures, violations, killed } = report;
    if (killed !== undefined) say(killedText(killed));
    say(`${heights} heights, ${reported} transactions reported as committed, ${signatures} signatures compared`);
    for (const line of violations) say(`VIOLATION ${line}`);
    say(violations.length === 0 ? "nothing was violated" : `the homes are in ${report.kept}`);
  }
  return report.violations.length === 0 ? 0 : 1;
}

process.exit(await main());
