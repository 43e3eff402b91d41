/**
 * The simulation by operations from the command line: `npm run sim:app -- --seed 1 --seeds 10 --blocks 1000`. Owns options and what is printed.
 * The seed comes first, so that whatever happens can be repeated; the exit code is 1 when anything did not hold.
 */
import { parseArgs } from "node:util";
import { type Rate, type SimulationResult, simulate } from "./simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 1e9)) },
    seeds: { type: "string", default: "1" },
    blocks: { type: "string", default: "200" },
    /** Transactions of a block, at most. */
    ops: { type: "string", default: "12" },
    /** Runs every seed a second time, with restarts, and compares the hashes. */
    twice: { type: "boolean", default: false },
    /** Prints the hashes and nothing else. */
    quiet: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const [blocks, operations] = [Number(values.blocks), Number(values.ops)];

process.stdout.write(`seed ${first}, ${count} seeds of ${blocks} blocks, up to ${operations} operations each\n`);
const results: SimulationResult[] = [];
let failures = 0;
/** Ctrl-C ends the run after the seed that is at work, with what came of it so far. */
let isStopped = false;
process.once("SIGINT", () => {
  isStopped = true;
});
for (let seed = first; seed < first + count && !isStopped; seed++) {
  // A seed runs without a pause: only here is a signal heard.
  await new Promise((resolve) => setImmediate(resolve));
  if (isStopped) break;
  try {
    const result = simulate({ seed, blocks, operations });
    results.push(result);
    const { height, hash, largestSet, doubleSignatures, upgrades } = result;
    const tried = [...result.rates.values()].reduce((sum, rate) => sum + rate.tried, 0);
    process.stdout.write(
      `seed ${seed}: ${height} blocks, ${tried} transactions, at most ${largestSet} validators, ${doubleSignatures} double signatures, ${upgrades} upgrades, hash ${hash}\n`,
    );
    if (values.twice && simulate({ seed, blocks, operations, restarts: true }).hash !== hash) {
      throw new Error(`seed ${seed}: a second run has another hash`);
    }
  } catch (error) {
    failures += 1;
    const { message, cause } = error as Error;
    process.stdout.write(`FAILED ${message}\n${cause instanceof Error ? cause.stack : ""}\n`);
    process.stdout.write(`again: npm run sim:app -- --seed ${seed} --blocks ${blocks} --ops ${operations}\n`);
  }
}
if (!values.quiet) summary();
process.exitCode = failures > 0 ? 1 : 0;

function summary(): void {
  const rates = new Map<string, Rate>();
  for (const result of results) {
    for (const [name, { tried, succeeded, refusals }] of result.rates) {
      const sum = rates.get(name) ?? { tried: 0, succeeded: 0, refusals: new Map<string, number>() };
      rates.set(name, sum);
      sum.tried += tried;
      sum.succeeded += succeeded;
      for (const [why, times] of refusals) sum.refusals.set(why, (sum.refusals.get(why) ?? 0) + times);
    }
  }
  const rare: string[] = [];
  for (const [name, { tried, succeeded, refusals }] of rates) {
    const share = tried === 0 ? "-" : `${Math.round((succeeded * 100) / tried)} %`;
    const [most] = [...refusals].sort(([, a], [, b]) => b - a);
    const why = most === undefined ? "" : `  ${most[1]}× ${most[0]}`;
    if (succeeded * 2 < tried) rare.push(name);
    process.stdout.write(`${name.padEnd(42)} ${String(tried).padStart(6)} ${share.padStart(6)}${why}\n`);
  }
  if (rare.length > 0) process.stdout.write(`less than half succeeded of ${rare.join(", ")}\n`);
  process.stdout.write(`${results.length} seeds held, ${failures} did not\n`);
}
