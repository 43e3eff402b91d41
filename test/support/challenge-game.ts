/**
 * Plays the game of batches and challenges over many seeds: `npm run challenge-game -- 5000` prints what came of it; with
 * `--every` each honest batch is lied about in every single field, instead of a few times by chance.
 */

import type { MadeBatch } from "./honest-batch.ts";
import { type Lie, randomBatch, randomLie } from "./random-batch.ts";
import { singleFieldLies } from "./single-field-lies.ts";
import { findChallenge, postedAs } from "./watcher.ts";

/** What came of the games. */
export interface Score {
  readonly batches: number;
  readonly lies: number;
  /** Which fields were lied about, and how often. */
  readonly fields: ReadonlyMap<string, number>;
  /** Seeds of honest batches that lost. */
  readonly beaten: readonly string[];
  /** Lies that nothing beat. */
  readonly unbeaten: readonly string[];
  /** How often each way to challenge was the first to win. */
  readonly wins: ReadonlyMap<string, number>;
  /** The largest challenge that won, in bytes. */
  readonly largest: number;
}

const LIES_PER_BATCH = 5;

/** The lies told about an honest batch. */
export type Liar = (made: MadeBatch, seed: number) => Iterable<Lie>;

/** A few, by chance: of one field, or of a record or rule that the host pretends not to know. */
export function* someLies(made: MadeBatch, seed: number): Generator<Lie> {
  for (let i = 0; i < LIES_PER_BATCH; i++) {
    const lie = randomLie(made, seed * LIES_PER_BATCH + i);
    if (lie !== undefined) yield lie;
  }
}

/** Plays `count` batches, the first with seed `first`. */
export function play(first: number, count: number, liesOf: Liar = someLies): Score {
  const [beaten, unbeaten]: [string[], string[]] = [[], []];
  const [wins, fields]: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  let [lies, largest] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const made = randomBatch(seed);
    const lost = findChallenge(made, postedAs(made));
    if (lost !== undefined) beaten.push(`batch ${seed} to ${lost.kind}`);
    for (const lie of liesOf(made, seed)) {
      lies++;
      add(fields, lie.name.replaceAll(/ \d+/g, "").replace(", fitted", ""));
      const win = findChallenge(made, lie.posted);
      if (win === undefined) unbeaten.push(`batch ${seed}: ${lie.name}`);
      else {
        add(wins, win.kind);
        largest = Math.max(largest, win.bytes);
      }
    }
  }
  return { batches: count, lies, fields, beaten, unbeaten, wins, largest };
}

if (process.argv[1]?.endsWith("challenge-game.ts")) {
  const [count = 200, first = 1] = process.argv
    .slice(2)
    .filter((text) => !text.startsWith("-"))
    .map(Number);
  const isEvery = process.argv.includes("--every");
  const score = play(first, count, isEvery ? singleFieldLies : someLies);
  const { wins, fields } = score;
  const printed = { ...score, fields: Object.fromEntries(fields), wins: Object.fromEntries(wins) };
  console.log(JSON.stringify(printed, undefined, 2));
  process.exitCode = score.beaten.length + score.unbeaten.length === 0 ? 0 : 1;
}
