/**
 * One process of a mutation run. Owns trying mutants: loads the instrumented sources and all tests once, sees which test reaches which mutant,
 * then switches one mutant on after another and runs the tests that reach it until one fails. The parent (run.ts) hands out the work and watches the clock.
 */

import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CollectedTest } from "./collected.ts";
import { patchedSources } from "./design.ts";
import { replaceSources } from "./hooks.ts";
import { instrument, ROOT } from "./mutants.ts";

/** What Stryker's switches read and write. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** What became of one mutant. */
export interface Outcome {
  readonly id: string;
  readonly status: "killed" | "survived" | "notReached";
  /** The test that failed, or how many tests passed. */
  readonly detail: string;
}

export type ToWorker =
  | {
      readonly type: "load";
      readonly files: readonly string[];
      readonly testFiles: readonly string[];
      /** Loads this design mutant's sources; no other mutant can be tried then. */
      readonly design: string | undefined;
    }
  | { readonly type: "try"; readonly id: string };

export interface Ready {
  readonly type: "ready";
  readonly tests: number;
  /** Mutants of code that runs once, when its file is loaded: each needs a process of its own. */
  readonly onlyAtLoad: readonly string[];
  /** Tests that fail without any mutant. */
  readonly broken: readonly string[];
}
export type FromWorker = Ready | { readonly type: "outcome"; readonly outcome: Outcome };

/** A mutant that repeats a loop this many times as often as the original runs for ever. */
const HIT_FACTOR = 100;
const LEAST_HIT_LIMIT = 10_000;
const LEAST_TIMEOUT_MS = 4_000;

const switches: Switches = {};
Object.assign(globalThis, { __stryker__: switches });

interface Known {
  readonly test: CollectedTest;
  readonly ms: number;
}
const known: Known[] = [];

async function collectTests(testFiles: readonly string[]): Promise<readonly CollectedTest[]> {
  await import("../setup.ts");
  const { collected, collectFrom } = await import("./collected.ts");
  const files = testFiles.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
  for (const file of files) {
    collectFrom(file);
    await import(pathToFileURL(join(ROOT, file)).href);
  }
  return collected;
}

let stray: unknown;
process.on("unhandledRejection", (error) => {
  stray = error;
});

async function passes(test: CollectedTest, limitMs: number): Promise<boolean> {
  stray = undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("took too long")), limitMs);
  });
  try {
    await Promise.race([test.run(), late]);
    return stray === undefined;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs every test twice without a mutant. Tests that fail so cannot kill anything and are reported. */
async function dryRun(testFiles: readonly string[]): Promise<string[]> {
  const broken: string[] = [];
  for (const test of await collectTests(testFiles)) {
    switches.currentTestId = test.id;
    const start = performance.now();
    const passed = await passes(test, 600_000);
    const ms = performance.now() - start;
    switches.currentTestId = undefined;
    // A test that cannot be run twice in one process would seem to find every mutant after the first.
    if (passed && (await passes(test, 600_000))) known.push({ test, ms });
    else broken.push(test.id);
    // A mutant that is on from the first line is found by the first test that fails.
    if (broken.length > 0 && process.env.__STRYKER_ACTIVE_MUTANT__ !== undefined) return broken;
  }
  known.sort((a, b) => a.ms - b.ms);
  return broken;
}

async function tryMutant(id: string): Promise<Outcome> {
  const perTest = switches.mutantCoverage?.perTest ?? {};
  const isStatic = process.env.__STRYKER_ACTIVE_MUTANT__ === id;
  const reaching = known.filter(({ test }) => isStatic || perTest[test.id]?.[id] !== undefined);
  if (reaching.length === 0) return { id, status: "notReached", detail: "" };
  for (const { test, ms } of reaching) {
    switches.activeMutant = id;
    switches.hitCount = 0;
    switches.hitLimit = Math.max(LEAST_HIT_LIMIT, (perTest[test.id]?.[id] ?? 0) * HIT_FACTOR);
    const passed = await passes(test, Math.max(LEAST_TIMEOUT_MS, ms * 20));
    switches.activeMutant = undefined;
    if (!passed) return { id, status: "killed", detail: test.id };
  }
  return { id, status: "survived", detail: `${reaching.length} tests passed` };
}

function send(message: FromWorker): void {
  process.send?.(message);
}

async function load({ files, testFiles, design }: ToWorker & { type: "load" }): Promise<void> {
  replaceSources(design === undefined ? (await instrument(files)).sources : patchedSources(design));
  const broken = await dryRun(testFiles);
  const { static: atLoad = {}, perTest = {} } = switches.mutantCoverage ?? {};
  const inTests = new Set(Object.values(perTest).flatMap((hits) => Object.keys(hits)));
  const onlyAtLoad = Object.keys(atLoad).filter((id) => !inTests.has(id));
  send({ type: "ready", tests: known.length, onlyAtLoad, broken });
}

process.on("message", (message: ToWorker) => {
  // Sources that cannot even be loaded are an answer too.
  if (message.type === "load") load(message).catch(() => process.exit(1));
  else void tryMutant(message.id).then((outcome) => send({ type: "outcome", outcome }));
});
