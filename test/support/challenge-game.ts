/** Plays the game of batches and challenges over many seeds: `node test/support/challenge-game.ts 5000` prints what came of it. */
import { randomBatch, randomLie } from "./random-batch.ts";
import { findChallenge, postedAs } from "./watcher.ts";

/** What came of the games. */
export interface Score {
  readonly batches: number;
  readonly lies: number;
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

/** Plays `count` batches, the first with seed `first`. */
export function play(first: number, count: number): Score {
  const [beaten, unbeaten, wins]: [string[], string[], Map<string, number>] = [[], [], new Map()];
  let [lies, largest] = [0, 0];
  for (let seed = first; seed < first + count; seed++) {
    const made = randomBatch(seed);
    const lost = findChallenge(made, postedAs(made));
    if (lost !== undefined) beaten.push(`batch ${seed} to ${lost.kind}`);
    for (let i = 0; i < LIES_PER_BATCH; i++) {
      const lie = randomLie(made, seed * LIES_PER_BATCH + i);
      if (lie === undefined) continue;
      lies++;
      const win = findChallenge(made, lie.posted);
      if (win === undefined) unbeaten.push(`batch ${seed}: ${lie.name}`);
      else {
        wins.set(win.kind, (wins.get(win.kind) ?? 0) + 1);
        largest = Math.max(largest, win.bytes);
      }
    }
  }
  return { batches: count, lies, beaten, unbeaten, wins, largest };
}

if (process.argv[1]?.endsWith("challenge-game.ts")) {
  const [count, first] = [Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 1)];
  const score = play(first, count);
  console.log(JSON.stringify({ ...score, wins: Object.fromEntries(score.wins) }, undefined, 2));
  process.exitCode = score.beaten.length + score.unbeaten.length === 0 ? 0 : 1;
}
