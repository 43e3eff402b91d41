// The simulator from the command line: `npm run sim -- --seed 1 --seeds 100 --heights 20`. Owns options, the spreading of
// seeds over processes and what is printed. The seed comes first, so that whatever happens can be repeated; the exit code
// is 1 when anything was violated.

import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { sha256 } from "../../node/crypto.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { type RunResult, runSeed } from "./run-seed.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    seeds: { type: "string", default: "1" },
    heights: { type: "string", default: "20" },
    jobs: { type: "string", default: "1" },
    "keep-going": { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    /** A file that `--json` filled: prints its figures and runs nothing. */
    summary: { type: "string" },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const heights = Number(values.heights);
const jobs = Math.min(Number(values.jobs), count);
const CHUNK = 20;

if (values.summary !== undefined) summary(resultsIn(values.summary));
else if (process.send !== undefined) await work();
else await campaign();

/** A worker: runs the chunks of seeds it is sent. */
async function work(): Promise<void> {
  process.on("message", async (seeds: readonly number[]) => {
    for (const seed of seeds) process.send?.(await runSeed(seed, { heights }));
    process.send?.("done");
  });
}

async function campaign(): Promise<void> {
  process.stdout.write(`seed ${first}, ${count} seeds of ${heights} heights\n`);
  const results: RunResult[] = [];
  let next = first;
  let isStopping = false;
  const take = (result: RunResult): void => {
    results.push(result);
    if (!values.quiet || result.violation !== undefined) report(result);
    else if (results.length % 500 === 0) process.stdout.write(`${results.length} runs\n`);
    if (result.violation !== undefined && !values["keep-going"]) isStopping = true;
  };
  if (jobs <= 1) {
    for (; next < first + count && !isStopping; next++) take(await runSeed(next, { heights }));
  } else {
    const chunk = (): readonly number[] => {
      const seeds = Array.from({ length: Math.min(CHUNK, first + count - next) }, (_, at) => next + at);
      next += seeds.length;
      return seeds;
    };
    await Promise.all(Array.from({ length: jobs }, () => worker(take, () => (isStopping ? [] : chunk()))));
  }
  summary(results);
}

/** A process of its own, given chunks of seeds until there are none. One that dies is a violation of its own. */
function worker(take: (result: RunResult) => void, chunk: () => readonly number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, process.argv.slice(2), {
      // Short-lived garbage is most of what a run makes.
      execArgv: [...process.execArgv, "--max-semi-space-size=32"],
    });
    const go = (): void => {
      const seeds = chunk();
      if (seeds.length > 0) child.send(seeds);
      else {
        child.disconnect();
        resolve();
      }
    };
    child.on("message", (message: RunResult | "done") => (message === "done" ? go() : take(message)));
    child.on("exit", (code) => {
      if (code !== 0 && code !== null) reject(new Error(`a worker ended with ${code}`));
    });
    go();
  });
}

function resultsIn(path: string): readonly RunResult[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as RunResult);
}

function report(result: RunResult): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  const { seed, hash, heights: made, events, crashes, violation } = result;
  const line = `seed ${seed}: ${made} heights, ${events} events, ${crashes} crashes, ${result.liars} liars, ${result.evidence} evidence, ${result.txs} txs, ${result.cpuMs.toFixed(0)} ms, hash ${hash.slice(0, 16)}`;
  process.stdout.write(`${line}\n`);
  if (violation === undefined) return;
  process.stdout.write(`VIOLATION ${violation.name}: ${violation.message}\n  ${violation.log.join("\n  ")}\n`);
  process.stdout.write(`again: npm run sim -- --seed ${seed} --heights ${heights}\n`);
}

function summary(results: readonly RunResult[]): void {
  const total = (of: (result: RunResult) => number): number => results.reduce((sum, result) => sum + of(result), 0);
  const ordered = [...results].sort((a, b) => a.seed - b.seed);
  const violations = results.filter(({ violation }) => violation !== undefined);
  const facts = {
    seeds: results.length,
    heights: total((result) => result.heights),
    events: total((result) => result.events),
    messages: total((result) => result.messages),
    crashes: total((result) => result.crashes),
    partitions: total((result) => result.trouble.partitions),
    suspensions: total((result) => result.trouble.suspensions),
    diskFaults: total((result) => result.trouble.diskFaults),
    flippedBits: total((result) => result.trouble.flips),
    runsWithLiars: results.filter(({ liars }) => liars > 0).length,
    evidence: total((result) => result.evidence),
    transactions: total((result) => result.txs),
    validatorSetChanges: total((result) => result.setChanges),
    virtualHours: Math.round(total((result) => result.virtualMs) / 36_000) / 100,
    cpuSeconds: Math.round(total((result) => result.cpuMs) / 1_000),
    violations: violations.length,
    violatingSeeds: violations.map(({ seed }) => seed).slice(0, 50),
    campaignHash: hex(sha256(utf8(ordered.map(({ hash }) => hash).join("\n")))),
  };
  for (const [name, value] of Object.entries(facts)) process.stdout.write(`${name.padEnd(20)} ${String(value)}\n`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
