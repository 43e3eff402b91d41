import { describe, expect, test } from "vitest";
import { World, type WorldOptions } from "./world.ts";

const FULL = process.env.TRIBUTARY_FULL === "1";
const SEED = Number(process.env.TRIBUTARY_SEED ?? 1);

/** Runs worlds of consecutive seeds through a troubled phase and a calm one; in the calm one they must catch up. */
async function campaign(runs: number, options: Omit<WorldOptions, "seed">, heights = 6n): Promise<World[]> {
  const worlds: World[] = [];
  for (let seed = SEED; seed < SEED + runs; seed++) {
    const world = new World({ ...options, seed });
    try {
      await world.start();
      await world.runUntil(() => world.lowestHeight() >= heights, 60_000);
      world.calm = true;
      const target = (world.decided.size === 0 ? 0n : BigInt(world.decided.size)) + 3n;
      const alive = await world.runUntil(() => world.lowestHeight() >= target, 120_000);
      expect(alive, `seed ${seed}: no progress to ${target} after the trouble ended`).toBe(true);
    } catch (error) {
      throw new Error(`seed ${seed} (TRIBUTARY_SEED=${seed} runs it alone first): ${(error as Error).stack}`);
    }
    worlds.push(world);
  }
  return worlds;
}

describe("simulated chains", () => {
  test("one validator makes blocks, through crashes too", async () => {
    const [world] = await campaign(1, { validators: 1, crashes: 0.2, logLoss: 0.3 }, 20n);
    expect(world?.lowestHeight()).toBeGreaterThanOrEqual(20n);
  });

  test("four validators and a follower agree on a quiet network", async () => {
    const [world] = await campaign(1, { validators: 4, followers: 1 });
    expect(world?.crashCount).toBe(0);
  });

  test("the same seed gives the same chain", async () => {
    const options = { validators: 4, loss: 0.2, crashes: 0.1, maxDelayMs: 200 };
    const [first] = await campaign(1, options);
    const [second] = await campaign(1, options);
    expect([...(second?.decided.values() ?? [])]).toEqual([...(first?.decided.values() ?? [])]);
    expect(second?.eventCount).toBe(first?.eventCount);
  });

  test("four validators never disagree under loss, doubling, reordering and crashes", async () => {
    const runs = FULL ? 400 : 6;
    const options = { validators: 4, followers: 1, loss: 0.2, duplicates: 0.2, maxDelayMs: 300, crashes: 0.1 };
    const worlds = await campaign(runs, options);
    expect(worlds.reduce((sum, world) => sum + world.crashCount, 0)).toBeGreaterThan(runs);
  }, 3_600_000);

  test("losing write-ahead logs on many nodes at once forks nothing and stalls nothing", async () => {
    const options = { validators: 4, loss: 0.1, maxDelayMs: 300, crashes: 0.3, logLoss: 0.8 };
    await campaign(FULL ? 400 : 4, options);
  }, 3_600_000);

  test("a validator that votes for everything, to everyone differently, neither forks nor stalls the others", async () => {
    const options = { validators: 4, liars: 1, loss: 0.1, duplicates: 0.1, maxDelayMs: 150, crashes: 0.03 };
    await campaign(FULL ? 400 : 5, options, 4n);
  }, 3_600_000);
});
