import { describe, expect, test } from "vitest";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../../../chain/types/vote.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import type { SimNode, World } from "../world.ts";
import {
  blockSync,
  expectOneChain,
  JOURNAL_PATH,
  listenTo,
  logPath,
  messages,
  quietWorld,
  reaches,
  repair,
  saying,
  standsStill,
} from "./script.ts";

const bytesOf = (vote: Vote): string => hex(encode("tendermint.types.Vote", vote));

/** Runs until every node of the world has signed this step of the height in progress. */
async function everyoneHasSigned(world: World, type: number, height: bigint): Promise<void> {
  const place = (node: SimNode): string => `${node.number} ${height}/0/${type}`;
  const all = (): boolean => world.nodes.every((node) => world.signed.has(place(node)));
  expect(await world.runUntil(all, 5_000), "everyone has signed").toBe(true);
}

describe("power cut while voting", () => {
  test("while the journal takes a signature, before and after its fsync: resent or signed afresh, never twice", async () => {
    const world = await quietWorld();
    await reaches(world, 1n);
    // The first operations of a height are its log; the proposal's or prevote's journal record comes right after them.
    for (const [number, step] of [
      [0, 5],
      [1, 6],
      [2, 7],
    ] as const) {
      const node = world.node(number);
      node.disk.failAt(node.disk.operations + step, "cut");
      expect(await world.runUntil(() => !node.isUp, 5_000)).toBe(true);
      await node.start();
    }
    await reaches(world, world.highestHeight() + 2n);
    expectOneChain(world);
  });

  test("all four at once, after all have prevoted and nobody was heard: the same prevotes come again, and decide", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const heard = listenTo(world);
    const unheard = world.drop(messages({ kind: "prevote", height: 3n }));
    const silent = world.drop(repair());
    await everyoneHasSigned(world, SIGNED_PREVOTE, 3n);
    const before = heard.filter(({ vote }) => vote.height === 3n).map(({ vote }) => bytesOf(vote));
    expect(before).toHaveLength(4);
    for (const node of world.nodes) node.crash({ power: true, downMs: 50 });
    unheard();
    // Repair stays cut: only what the replay sends again can help.
    await reaches(world, 3n, { within: 5_000 });
    silent();
    const again = heard
      .filter(({ vote }) => vote.height === 3n && vote.type === SIGNED_PREVOTE)
      .map(({ vote }) => bytesOf(vote));
    expect(again.slice(4).sort()).toEqual([...before].sort());
    expect(world.node(0).database.blocks.get(3n)?.seenCommit.round).toBe(0);
  });

  test("all four at once, logs lost, after precommits nobody heard: the journals give them back, with their locks", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const heard = listenTo(world);
    const unheard = world.drop(messages({ kind: "precommit", height: 3n }));
    const silent = world.drop(repair());
    await everyoneHasSigned(world, SIGNED_PRECOMMIT, 3n);
    const before = heard.filter(({ vote }) => vote.height === 3n).map(({ vote }) => bytesOf(vote));
    expect(before).toHaveLength(8);
    for (const node of world.nodes) {
      node.crash({ power: true, downMs: 50 });
      node.disk.lose("/data/wal");
    }
    unheard();
    await reaches(world, 3n, { within: 5_000 });
    silent();
    // The prevotes are inside the locks' polkas, which the journal kept as well.
    const again = new Set(heard.slice(8).map(({ vote }) => bytesOf(vote)));
    expect([...again].sort()).toEqual(before.slice(4).sort());
    expect(world.node(0).database.blocks.get(3n)?.seenCommit.round).toBe(0);
  });

  test("after nil votes: a failed round is remembered too, and not voted on anew", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const heard = listenTo(world);
    // Nobody hears the proposal of round 0, so all vote nil twice; the precommits are lost.
    const cuts = [
      world.drop(messages({ kind: "proposal", height: 3n, round: 0 })),
      world.drop(messages({ kind: "precommit", height: 3n, round: 0 })),
      world.drop(repair()),
    ];
    await everyoneHasSigned(world, SIGNED_PRECOMMIT, 3n);
    const before = heard.filter(({ vote }) => vote.height === 3n).map(({ vote }) => bytesOf(vote));
    expect(before).toHaveLength(8);
    const count = heard.length;
    for (const node of world.nodes) {
      node.crash({ power: true, downMs: 50 });
      node.disk.lose("/data/wal");
    }
    cuts[1]?.();
    await reaches(world, 3n, { within: 10_000 });
    // Both signatures of the round come again, byte for byte: a memory of the last one alone has no prevote to give.
    const again = heard.slice(count).filter(({ vote }) => vote.height === 3n && vote.round === 0);
    expect(new Set(again.map(({ vote }) => bytesOf(vote)))).toEqual(new Set(before));
    expect(world.node(0).database.blocks.get(3n)?.seenCommit.round).toBe(1);
  });
});

describe("damaged files", () => {
  /** Stops node 0 in the middle of height 3, when it has prevoted, does something to its files and starts it again. */
  async function midHeight(harm: (node: SimNode) => void): Promise<{ world: World; node: SimNode }> {
    const world = await quietWorld();
    await reaches(world, 2n);
    const node = world.node(0);
    const unheard = world.drop(messages({ kind: "precommit", height: 3n }));
    const silent = world.drop(repair());
    await everyoneHasSigned(world, SIGNED_PREVOTE, 3n);
    await world.run(20);
    node.crash({ power: false, downMs: "forever" });
    node.disk.settle();
    harm(node);
    unheard();
    silent();
    await node.start();
    return { world, node };
  }

  test("a torn tail of the write-ahead log is cut off, its bytes are reported and kept aside, and the node runs", async () => {
    const { world, node } = await midHeight(({ disk }) => {
      const bytes = disk.read(logPath(3n)) as Uint8Array;
      disk.write(logPath(3n), bytes.slice(0, bytes.length - 7));
    });
    const [line] = saying(node, "torn tail");
    expect(line).toMatch(/"tornBytes":\d+/);
    expect(node.disk.paths()).toContain(`${logPath(3n)}.torn`);
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("damage in the middle of the log: it is set aside as a whole, and the node goes on from its journal", async () => {
    const { world, node } = await midHeight(({ disk }) => disk.flip(logPath(3n), 8 * 200));
    expect(saying(node, "damaged in its middle; set aside")).toHaveLength(1);
    expect(node.disk.paths()).toContain(`${logPath(3n)}.damaged`);
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("a missing log: the journal is enough", async () => {
    const { world, node } = await midHeight(({ disk }) => disk.lose("/data/wal"));
    await reaches(world, 5n);
    expect(node.driver?.status().signing).toBe(true);
    expectOneChain(world);
  });

  test("a missing journal: the node follows without signing, and names the command that would let it sign", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const node = world.node(0);
    node.crash({ power: false, downMs: "forever" });
    const kept = new Map(node.disk.paths().map((path) => [path, node.disk.read(path) as Uint8Array]));
    node.disk.lose("/data");
    for (const [path, bytes] of kept) if (path !== JOURNAL_PATH) node.disk.write(path, bytes);
    await node.start();
    expect(saying(node, "tributaryd sign-state init --min-height <height>")).toHaveLength(1);
    const signed = [...world.signed.keys()].filter((place) => place.startsWith("0 ")).length;
    await reaches(world, 6n);
    expect(node.driver?.status().signing).toBe(false);
    expect([...world.signed.keys()].filter((place) => place.startsWith("0 "))).toHaveLength(signed);
  });

  test("a journal damaged before its last record: the same", async () => {
    const { world, node } = await midHeight(({ disk }) => disk.flip(JOURNAL_PATH, 8 * 90));
    expect(saying(node, "this node follows the chain without signing")).toHaveLength(0);
    expect(saying(node, "This node follows the chain without signing")).toHaveLength(1);
    await reaches(world, 5n);
    expect(node.driver?.status().signing).toBe(false);
  });

  test("a journal torn in its last record: the log gives the lost signature back, and it is not made anew", async () => {
    const { world, node } = await midHeight(({ disk }) => {
      const bytes = disk.read(JOURNAL_PATH) as Uint8Array;
      disk.write(JOURNAL_PATH, bytes.slice(0, bytes.length - 3));
    });
    expect(saying(node, "torn last record")).toHaveLength(1);
    await reaches(world, 5n);
    expect(node.driver?.status().signing).toBe(true);
    expectOneChain(world);
  });
});

describe("a disk that fails", () => {
  for (const fault of ["EIO", "ENOSPC"] as const) {
    test(`${fault}: the node stops with code 70 and says nothing more; started again it goes on`, async () => {
      const world = await quietWorld();
      await reaches(world, 1n);
      const node = world.node(1);
      for (const step of [0, 4, 9]) {
        node.fatal = undefined;
        node.disk.failAt(node.disk.operations + step, fault);
        expect(await world.runUntil(() => node.fatal !== undefined, 5_000), `step ${step}`).toBe(true);
        expect((node.fatal as { exitCode?: number } | undefined)?.exitCode, `step ${step}`).toBe(70);
        await node.start();
      }
      await reaches(world, world.highestHeight() + 2n);
      expectOneChain(world);
    });
  }
});

describe("the height around a decision", () => {
  test("killed between the decision and the block's batch: the same block is decided again from the log, without peers", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const node = world.node(2);
    node.beforeCommit = () => {
      node.beforeCommit = () => {};
      node.crash({ power: false, downMs: "forever" });
    };
    expect(await world.runUntil(() => !node.isUp, 3_000)).toBe(true);
    expect(node.height).toBe(2n);
    world.partition([[2], [0, 1, 3]]);
    await node.start();
    expect(await world.runUntil(() => node.height === 3n, 1_000)).toBe(true);
    world.heal();
    await reaches(world, 5n);
    expectOneChain(world);
  });

  test("the log of the decided height is lost with the batch: peers' commit, or sync, brings the block", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const node = world.node(2);
    node.beforeCommit = () => {
      node.beforeCommit = () => {};
      node.crash({ power: true, downMs: 500 });
      node.disk.lose("/data/wal");
    };
    await reaches(world, 6n);
    expectOneChain(world);
  });

  test("a validator that is down for many heights comes back through block sync and votes again", async () => {
    const world = await quietWorld();
    await reaches(world, 2n);
    const node = world.node(3);
    node.crash({ power: true, downMs: 3_000 });
    await reaches(world, 8n, { who: [0, 1, 2] });
    expect(node.height).toBe(2n);
    await reaches(world, 15n);
    await reaches(world, world.highestHeight() + 3n);
    const { seenCommit } = world.node(0).database.blocks.get(world.lowestHeight()) as {
      seenCommit: { signatures: readonly unknown[] };
    };
    expect(seenCommit.signatures).toHaveLength(4);
    expect(node.driver?.status().signing).toBe(true);
    const own = [...world.signed.keys()].filter((place) => place.startsWith("3 "));
    expect(BigInt((own.at(-1) as string).split(/[ /]/)[1] as string)).toBeGreaterThan(8n);
  });

  test("no peer answers block sync: a node one height behind is helped by pull repair alone", async () => {
    const world = await quietWorld({ timeouts: { commitMs: 2_000 } });
    await reaches(world, 1n);
    world.drop(blockSync());
    world.drop(messages({ to: 3, height: 2n }));
    await reaches(world, 2n, { who: [0, 1, 2], within: 3_000 });
    await reaches(world, 2n, { within: 1_500 });
    await standsStill(world, 100);
  });
});
