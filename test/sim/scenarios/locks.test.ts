import { describe, expect, test } from "vitest";
import { equalBlockIds } from "../../../chain/types/block-id.ts";
import type { SimNode } from "../world.ts";
import { Violation, type World } from "../world.ts";
import {
  expectOneChain,
  messages,
  proposerOf,
  quietWorld,
  reaches,
  repair,
  saying,
  withForgetfulMachine,
  withoutGuard,
  withoutJournalLock,
} from "./script.ts";

/**
 * The schedule that forks a chain whose validators forget their locks. Of four validators three lock a block in round 0
 * and one of them, the hermit, alone sees the three precommits and decides it; then nobody hears the hermit any more. The
 * fourth, whose turn it is in round 1, saw neither block nor polka and proposes another block, which the two others who
 * are left would have to vote for.
 */
async function hiddenLock(
  prepare: {
    readonly nodes?: (node: SimNode) => void;
    readonly between?: (world: World, locked: readonly number[]) => Promise<void>;
  } = {},
): Promise<{ world: World; height: bigint; locked: readonly number[]; stranger: number; hermit: number }> {
  const world = await quietWorld();
  // Switches act from a node's start on: a restart between blocks, all of them at once.
  for (const node of world.nodes) prepare.nodes?.(node);
  for (const node of world.nodes) node.crash({ power: false, downMs: 1 });
  await reaches(world, 2n);
  const height = 3n;
  await world.runUntil(() => world.nodes.every((node) => node.driver?.machine.height === height), 1_000);
  const first = proposerOf(world, 0);
  const stranger = proposerOf(world, 1);
  const rest = [0, 1, 2, 3].filter((number) => number !== stranger);
  const hermit = rest.find((number) => number !== first) as number;
  const locked = rest.filter((number) => number !== hermit);

  const cuts = [
    world.drop(repair()),
    world.drop(messages({ to: stranger, kind: "proposal", round: 0, height })),
    world.drop(messages({ to: stranger, kind: "part", round: 0, height })),
    world.drop(messages({ to: stranger, from: hermit, kind: "prevote", height })),
    world.drop(messages({ from: hermit, kind: "precommit", height })),
  ];
  const decides = (): boolean => world.node(hermit).height === height;
  expect(await world.runUntil(decides, 3_000), "the hermit decides").toBe(true);
  world.partition([[hermit], [...locked, stranger]]);
  expect(world.highestHeight()).toBe(height);
  for (const number of locked) expect(world.node(number).driver?.machine.lock?.round).toBe(0);
  expect(world.node(stranger).driver?.machine.lock).toBeUndefined();
  await prepare.between?.(world, locked);
  // Round 1: the stranger's block, and what the two say to it.
  const inRoundTwo = (): boolean =>
    world.nodes.every(({ number, driver }) => number === hermit || (driver?.machine.round ?? 0) >= 2) ||
    world.node(stranger).height === height;
  expect(await world.runUntil(inRoundTwo, 10_000), "round 1 ends").toBe(true);
  for (const end of cuts) end();
  return { world, height, locked, stranger, hermit };
}

/** After the schedule: everybody decides what the hermit decided. */
async function endsWell({ world, height, hermit }: Awaited<ReturnType<typeof hiddenLock>>): Promise<void> {
  await reaches(world, height, { within: 20_000 });
  world.heal();
  await reaches(world, height + 2n);
  expectOneChain(world);
  const decided = world.node(hermit).database.blocks.get(height);
  expect(decided?.seenCommit.round).toBe(0);
}

describe("hidden lock", () => {
  test("two validators keep the lock that only they know of, and the block that a hermit decided is decided by all", async () => {
    const story = await hiddenLock();
    const { world, locked, stranger } = story;
    const decided = world.node(story.hermit).database.blocks.get(story.height)?.blockId;
    for (const number of [...locked, stranger]) {
      const proposed = world.node(stranger).driver?.machine.rounds.find(({ round }) => round === 1)?.proposals[0];
      expect(proposed && decided && equalBlockIds(proposed.blockId, decided), "another block in round 1").toBe(false);
      expect(world.node(number).height).toBe(story.height - 1n);
    }
    await endsWell(story);
  });

  test("the machine's lock rule alone prevents the fork: the signer's guard is off", async () => {
    await endsWell(await hiddenLock({ nodes: withoutGuard }));
  });

  test("the signer's guard alone prevents the fork: the machine has forgotten its lock, and votes nil with an alarm", async () => {
    const story = await hiddenLock({ nodes: withForgetfulMachine, between: losesLogs });
    const alarms = story.locked.flatMap((number) => saying(story.world.node(number), "the signer voted nil instead"));
    expect(alarms).toHaveLength(2);
    // Safe, and for want of a third that votes for something, at a stand until the hermit is heard again.
    story.world.heal();
    await endsWell(story);
  });

  test("with neither of the two it forks: the schedule is sharp", async () => {
    await expect(hiddenLock({ nodes: withoutJournalLock, between: losesLogs })).rejects.toThrow(Violation);
  });
});

/** Both locked validators lose power and their write-ahead logs at the same moment, and come back. */
async function losesLogs(world: World, locked: readonly number[]): Promise<void> {
  for (const number of locked) {
    world.node(number).crash({ power: true, downMs: 20 });
    world.node(number).disk.lose("/data/wal");
  }
  expect(await world.runUntil(() => locked.every((number) => world.node(number).isUp), 1_000)).toBe(true);
}

describe("correlated write-ahead-log loss", () => {
  test("two validators lose their logs at once; lock and block come back from the sign journal, and nothing forks", async () => {
    const story = await hiddenLock({ between: losesLogs });
    for (const number of story.locked) {
      expect(story.world.node(number).driver?.machine.lock?.round).toBe(0);
      expect(saying(story.world.node(number), "the signer")).toEqual([]);
    }
    await endsWell(story);
  });

  test("the machine that got its lock back holds it without the signer's guard", async () => {
    await endsWell(await hiddenLock({ nodes: withoutGuard, between: losesLogs }));
  });
});
