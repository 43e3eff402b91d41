import { describe, expect, test } from "vitest";
import { isProposer } from "../../../chain/consensus/validators.ts";
import { addNanoseconds, compareTime } from "../../../chain/types/time.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { GENESIS_TIME, signersOf, type World } from "../world.ts";
import {
  blockSync,
  expectOneChain,
  messages,
  placeOf,
  proposerOf,
  quietWorld,
  reaches,
  repair,
  standsStill,
} from "./script.ts";

/** All four have begun the height. */
async function allAt(world: World, height: bigint): Promise<void> {
  const there = (): boolean => world.nodes.every((node) => node.driver?.machine.height === height);
  expect(await world.runUntil(there, 2_000)).toBe(true);
}

describe("lost messages", () => {
  for (const kind of ["proposal", "part", "prevote", "precommit"] as const) {
    test(`every ${kind} of a height is lost on its way: pull repair brings it`, async () => {
      const world = await quietWorld({ timeouts: { proposeMs: 3_000 } });
      await reaches(world, 2n);
      world.drop(messages({ kind, height: 3n }));
      await reaches(world, 4n, { within: 5_000 });
      expect(world.node(0).database.blocks.get(3n)?.seenCommit.round).toBe(0);
    });
  }

  test("without pull repair a height of lost precommits stands still for ever, and goes on when repair is back", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    world.drop(messages({ kind: "precommit", height: 3n }));
    const mute = world.drop(repair());
    await standsStill(world, 30_000);
    mute();
    await reaches(world, 4n, { within: 3_000 });
  });

  test("parts that come before their proposal are not taken, and come again by repair", async () => {
    const world = await quietWorld({ timeouts: { proposeMs: 3_000 } });
    await reaches(world, 2n);
    await allAt(world, 3n);
    const late = world.hold(messages({ kind: "proposal", height: 3n, round: 0 }));
    await world.run(150);
    late.release();
    await reaches(world, 4n, { within: 3_000 });
    expect(world.node(0).database.blocks.get(3n)?.seenCommit.round).toBe(0);
  });

  test("two validators that cannot hear each other agree through the others, who pass messages on", async () => {
    const world = await quietWorld({ relay: 1 });
    world.oneWay([0], [1]);
    world.oneWay([1], [0]);
    world.drop(repair());
    world.drop(blockSync());
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("a validator that is not heard but hears does not hold up the others, and follows them", async () => {
    const world = await quietWorld();
    world.oneWay([2], [0, 1, 3]);
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("votes and proposal for the next height wait where this height's commit is late, and are used without asking", async () => {
    const world = await quietWorld({ timeouts: { commitMs: 1 } });
    await reaches(world, 2n);
    // The one that is late must not be the one that the next height waits for.
    const next = world.node(0).driver!.status().state.nextValidators;
    const slow = world.nodes.findIndex(({ address }) => !isProposer(next, 0, address!));
    const others = [0, 1, 2, 3].filter((number) => number !== slow);
    const late = world.hold(messages({ kind: "precommit", height: 3n, to: slow }));
    world.drop(repair());
    world.drop(blockSync());
    await reaches(world, 4n, { who: others, within: 1_000 });
    expect(world.node(slow).height).toBe(2n);
    world.drop(messages({ to: slow, height: 4n }));
    late.release();
    expect(await world.runUntil(() => world.node(slow).height >= 4n, 2_000)).toBe(true);
  });

  test("late precommits join the commit that the next block carries", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const late = world.hold(messages({ kind: "precommit", height: 3n, from: 3 }));
    const mute = world.drop(repair());
    await reaches(world, 3n, { who: [0, 1, 2] });
    expect(signersOf(world.node(0).database.blocks.get(3n)!.seenCommit)).toBe(3);
    late.release();
    mute();
    await reaches(world, 4n);
    const carried = world.node(0).database.blocks.get(4n)?.block.lastCommit;
    expect(carried && signersOf(carried)).toBe(4);
  });
});

describe("too few are there", () => {
  test("half of the power is offline: nothing is decided, and everything goes on by itself when they are back", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    for (const number of [2, 3]) world.node(number).crash({ power: false, downMs: "forever" });
    await world.run(500);
    await standsStill(world, 20_000);
    for (const number of [2, 3]) await world.node(number).start();
    await reaches(world, world.highestHeight() + 2n, { within: 10_000 });
  });

  test("a third exactly is offline: two thirds are no quorum", async () => {
    const world = await quietWorld({ validators: 3 });
    await reaches(world, 2n);
    world.node(2).crash({ power: false, downMs: "forever" });
    await world.run(500);
    await standsStill(world, 10_000);
    await world.node(2).start();
    await reaches(world, world.highestHeight() + 2n, { within: 10_000 });
  });

  test("a little less than a third is offline: the others go on", async () => {
    const world = await quietWorld({ validators: 3, powers: [101, 101, 100] });
    await reaches(world, 2n);
    world.node(2).crash({ power: false, downMs: "forever" });
    await reaches(world, 6n, { who: [0, 1], within: 10_000 });
  });

  test("partition in two halves: both stand; healed, they agree within a minute", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    world.partition([
      [0, 1],
      [2, 3],
    ]);
    await world.run(300);
    await standsStill(world, 20_000);
    world.heal();
    await reaches(world, world.highestHeight() + 3n, { within: 60_000 });
    expectOneChain(world);
  });

  test("partition of one from three: the three go on, and the one catches up when it is healed", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    world.partition([[0, 1, 2], [3]]);
    await reaches(world, 8n, { who: [0, 1, 2], within: 10_000 });
    expect(world.node(3).height).toBeLessThan(4n);
    world.heal();
    await reaches(world, 10n, { within: 10_000 });
    expectOneChain(world);
  });

  test("the proposer dies after its proposal and before its block's parts: nil, and the next round decides", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    await allAt(world, 3n);
    const proposer = proposerOf(world, 0);
    world.drop(messages({ from: proposer, kind: "part", height: 3n }));
    const proposed = (): boolean =>
      world.nodes.some(
        ({ number, driver }) => number !== proposer && (driver?.machine.rounds[0]?.proposals.length ?? 0) > 0,
      );
    expect(await world.runUntil(proposed, 2_000)).toBe(true);
    world.node(proposer).crash({ power: true, downMs: "forever" });
    const rest = [0, 1, 2, 3].filter((number) => number !== proposer);
    await reaches(world, 3n, { who: rest, within: 5_000 });
    expect(world.node(rest[0] as number).database.blocks.get(3n)?.seenCommit.round).toBe(1);
    await world.node(proposer).start();
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("rounds that failed in a partition are skipped to by those who slept through them", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    await allAt(world, 3n);
    world.node(3).crash({ power: false, downMs: "forever" });
    // Three of four, whose proposals nobody hears: round after round of nil.
    const deaf = world.drop(messages({ kind: "proposal", height: 3n }));
    const mute = world.drop(repair());
    expect(await world.runUntil(() => (world.node(0).driver?.machine.round ?? 0) >= 4, 20_000)).toBe(true);
    await world.node(3).start();
    mute();
    const joined = (): boolean => (world.node(3).driver?.machine.round ?? 0) >= 4;
    expect(await world.runUntil(joined, 3_000)).toBe(true);
    deaf();
    await reaches(world, 4n, { within: 20_000 });
  });
});

describe("time", () => {
  for (const hours of [1, -1]) {
    test(`a clock ${hours > 0 ? "an hour fast" : "an hour slow"} harms nobody: blocks keep the time of the others`, async () => {
      const world = await quietWorld();
      world.node(0).skewMs = hours * 3_600_000;
      await reaches(world, 6n);
      const { time } = world.node(1).database.blocks.get(6n)!.block.header;
      const now = addNanoseconds(GENESIS_TIME, BigInt(Math.round(world.nowMs * 1e6)));
      expect(compareTime(time, now)).toBeLessThan(0);
      expect(compareTime(time, addNanoseconds(now, -3_000_000_000n))).toBeGreaterThan(0);
      // And it takes part: its precommits are in the commits.
      const { seenCommit } = world.node(1).database.blocks.get(6n)!;
      const lastCommit = world.node(1).database.blocks.get(6n)!.block.lastCommit;
      expect(lastCommit?.signatures[placeOf(world.node(0))]?.signature.length).toBeGreaterThan(0);
      expect(seenCommit.height).toBe(6n);
    });
  }

  test("a validator suspended for long catches up first and signs nothing for heights that are over", async () => {
    const world = await quietWorld({ timeouts: { commitMs: 1_000 } });
    await reaches(world, 2n);
    const node = world.node(3);
    node.suspend(60_000);
    // Its connections do not outlive that.
    world.partition([[0, 1, 2], [3]]);
    await reaches(world, 20n, { who: [0, 1, 2], within: 60_000 });
    const places = (): readonly string[] => [...world.signed.keys()].filter((place) => place.startsWith("3 "));
    const before = new Set(places());
    const over = (): bigint => world.node(0).height;
    expect(await world.runUntil(() => !node.isSuspended, 60_000)).toBe(true);
    const missed = over();
    world.heal();
    await reaches(world, missed + 3n, { within: 20_000 });
    const fresh = places().filter((place) => !before.has(place));
    expect(fresh.length).toBeGreaterThan(0);
    for (const place of fresh) {
      const height = BigInt(place.split(/[ /]/)[1] as string);
      // What it slept in the middle of may still be finished; nothing in between is voted on.
      expect(height <= 4n || height > missed, place).toBe(true);
    }
    expectOneChain(world);
  });
});

describe("a changing set of validators", () => {
  const change = (world: World, number: number, power: number): Uint8Array => {
    const { publicKey } = world.node(number).key as { publicKey: { ed25519?: Uint8Array } };
    return utf8(`val:${hex(publicKey.ed25519 as Uint8Array)}=${power}`);
  };

  test("who leaves and who comes back does so two heights after the block that says so", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const everyone = [0, 1, 2, 3].map((number) => number);
    for (const number of everyone) world.node(number).submit(change(world, 3, 0));
    const blockWith = (): bigint | undefined =>
      [...world.node(0).database.blocks.values()].find(({ block }) => block.data.txs.length > 0)?.block.header.height;
    expect(await world.runUntil(() => blockWith() !== undefined, 5_000)).toBe(true);
    const height = blockWith() as bigint;
    await reaches(world, height + 3n);
    const sizes = [1n, 2n, 3n].map(
      (later) => world.node(0).database.blocks.get(height + later)!.seenCommit.signatures.length,
    );
    expect(sizes).toEqual([4, 3, 3]);
    expect(world.node(3).driver?.status().signing).toBe(false);
    const count = world.signed.size;
    for (const number of everyone) world.node(number).submit(change(world, 3, 10));
    await reaches(world, height + 8n);
    expect(world.node(3).driver?.status().signing).toBe(true);
    expect([...world.signed.keys()].slice(count).some((place) => place.startsWith("3 "))).toBe(true);
    expectOneChain(world);
  });

  test("a validator that gets most of the power decides, from its height on, what is a quorum", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    for (const node of world.nodes) node.submit(change(world, 0, 100));
    await reaches(world, 6n);
    for (const number of [1, 2, 3]) world.node(number).crash({ power: false, downMs: "forever" });
    await reaches(world, world.node(0).height + 3n, { who: [0], within: 10_000 });
    for (const number of [1, 2, 3]) await world.node(number).start();
    await reaches(world, world.highestHeight() + 1n);
    expectOneChain(world);
  });
});
