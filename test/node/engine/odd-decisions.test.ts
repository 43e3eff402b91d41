// Decisions at odd moments. A height can fail for so many rounds that blocks found valid are let go of, and one of those is
// then decided after all: owns what the driver does until it has the bytes again. And a decision before this validator has
// had its turn: owns what of it stands in the next block.

import { describe, expect, test } from "vitest";
import { certificateOf } from "../../../chain/consensus/certificate.ts";
import { equalBlockIds, ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import type { Driver } from "../../../node/engine/driver.ts";
import type { HeldBlock } from "../../../node/engine/held-blocks.ts";
import { MAX_HELD_BLOCKS } from "../../../node/engine/limits.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { forgeBlock, forgeProposal, partMessages } from "../../sim/forge.ts";
import { placeOf, proposerOf, quietWorld } from "../../sim/scenarios/script.ts";
import { CHAIN_ID, type World } from "../../sim/world.ts";

/** How a commit marks a vote for its block, and one for nil (CometBFT BlockIDFlag). */
const [COMMIT_FLAG, NIL_FLAG] = [2, 3];
const ME = 3;
const OTHERS = [0, 1, 2];

interface Story {
  readonly world: World;
  readonly driver: Driver;
  /** The block of round 0, found valid and let go of since, that has just been decided. */
  readonly first: HeldBlock;
}

/** One validator runs, three are only heard: each round another block is proposed and finds no polka; then the first is decided. */
async function decidedTooLate(): Promise<Story> {
  const world = await quietWorld({}, OTHERS);
  const { driver } = world.node(ME);
  if (driver === undefined) throw new Error("not running");
  expect(await world.runUntil(() => driver.status().step === "propose", 2_000)).toBe(true);
  const { state } = driver.status();
  const blocks: HeldBlock[] = [];
  for (let round = 0; blocks.length <= MAX_HELD_BLOCKS + 4; round++) {
    const proposer = proposerOf(world, round, ME);
    const { key } = world.node(proposer);
    if (proposer !== ME && key !== undefined) {
      const held = forgeBlock(state, { proposer: key.address, lastCommit: undefined, txs: [utf8(`round=${round}`)] });
      const what = { chainId: CHAIN_ID, height: 1n, round, blockId: held.blockId, time: world.node(proposer).now() };
      expect(await world.inject(ME, { type: "proposal", proposal: forgeProposal(key, what) })).toBe("accepted");
      for (const part of partMessages(held, 1n, round)) expect(await world.inject(ME, part)).toBe("accepted");
      blocks.push(held);
    }
    // Two of the others are in the next round already, so the node skips to it.
    for (const other of OTHERS.slice(0, 2)) {
      const vote = world.vote(other, { at: ME, kind: "prevote", round: round + 1, blockId: ZERO_BLOCK_ID });
      await world.inject(ME, { type: "vote", vote });
    }
    expect(driver.machine.round).toBe(round + 1);
  }
  const first = blocks[0] as HeldBlock;
  expect(driver.machine.candidates.find(({ blockId }) => equalBlockIds(blockId, first.blockId))?.verdict).toBe("valid");
  expect(driver.holdings.blocks).toBeLessThanOrEqual(MAX_HELD_BLOCKS + 2);
  for (const [at, message] of partMessages(first, 1n, 0).entries()) {
    expect(await world.inject(ME, message), `part ${at} of a block that was let go of`).toBe("ignored");
  }
  const asked = world.network.sent;
  for (const vote of precommits(world, first)) await world.inject(ME, { type: "vote", vote });
  expect(driver.machine.step).toBe("committed");
  expect(world.node(ME).height).toBe(0n);
  expect(world.network.sent, "peers are asked at once").toBeGreaterThan(asked);
  expect(driver.summary().wanted).toMatchObject({ blockId: first.blockId });
  return { world, driver, first };
}

function precommits(world: World, { blockId }: HeldBlock) {
  return OTHERS.map((other) => world.vote(other, { at: ME, kind: "precommit", round: 0, blockId }));
}

describe("a decision before this validator's turn", () => {
  test("leaves its nil precommit in the commit that the next block would carry", async () => {
    const world = await quietWorld({}, OTHERS);
    const { driver } = world.node(ME);
    if (driver === undefined) throw new Error("not running");
    expect(await world.runUntil(() => driver.status().step === "propose", 2_000)).toBe(true);
    const proposer = proposerOf(world, 0, ME);
    const { key } = world.node(proposer);
    if (proposer === ME || key === undefined) throw new Error("another one's turn was expected");
    const held = forgeBlock(driver.status().state, { proposer: key.address, lastCommit: undefined });
    const what = { chainId: CHAIN_ID, height: 1n, round: 0, blockId: held.blockId, time: world.node(proposer).now() };
    await world.inject(ME, { type: "proposal", proposal: forgeProposal(key, what) });
    for (const part of partMessages(held, 1n, 0)) await world.inject(ME, part);
    const place = placeOf(world.node(ME));
    for (const vote of precommits(world, held)) await world.inject(ME, { type: "vote", vote });
    await world.run(0);
    expect(driver.machine.height).toBe(2n);
    const flags = driver.machine.lastCommit?.signatures.map(({ blockIdFlag }) => blockIdFlag);
    expect(flags?.map((flag, at) => (at === place ? flag === NIL_FLAG : flag === COMMIT_FLAG))).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

describe("a decided block that was let go of", () => {
  test("is asked for, and committed as soon as its parts are here again", async () => {
    const { world, driver, first } = await decidedTooLate();
    for (const part of partMessages(first, 1n, 0)) expect(await world.inject(ME, part)).toBe("accepted");
    await world.run(0);
    expect(world.node(ME).height).toBe(1n);
    expect(world.node(ME).database.blocks.get(1n)?.blockId).toEqual(first.blockId);
    expect(driver.machine.height).toBe(2n);
    expect(driver.summary().wanted).toBeUndefined();
  });

  test("may come from sync as well", async () => {
    const { world, driver, first } = await decidedTooLate();
    const votes = precommits(world, first);
    const { commit } = certificateOf("commit", votes, driver.machine.powers.each.length);
    expect(await driver.receiveBlock(first.block, commit)).toBe("accepted");
    await world.run(0);
    expect(world.node(ME).height).toBe(1n);
    expect(driver.machine.height).toBe(2n);
  });

  test("is not taken for another block that arrives meanwhile", async () => {
    const { world, driver, first } = await decidedTooLate();
    const { state } = driver.status();
    const proposer = world.node(0).key?.address ?? new Uint8Array(20);
    const other = forgeBlock(state, { proposer, lastCommit: undefined, txs: [utf8("another=1")] });
    for (const part of partMessages(other, 1n, 0)) await world.inject(ME, part);
    expect(world.node(ME).height).toBe(0n);
    expect(driver.summary().wanted).toMatchObject({ blockId: first.blockId });
  });
});
