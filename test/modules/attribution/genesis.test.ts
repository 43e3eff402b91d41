/** Export and import while batches, challenges and claims are under way: nothing is lost, and everything goes on. */
import { expect, test } from "vitest";
import { BatchPart, BatchStatus, UseStatus } from "../../../proto/enums.gen.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { BatchWorld, DAY, OUTPUT } from "../../support/batch-world.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import type { MadeBatch } from "../../support/honest-batch.ts";
import { PLENTY } from "../../support/native-world.ts";
import { Texts } from "../../support/watcher.ts";

const world = new BatchWorld();

/** One batch half claimed, one with two challenges open, one that nobody asked about, and uses in every state before. */
function underWay(): { readonly claimed: MadeBatch; readonly asked: MadeBatch } {
  const claimedUses = [world.acknowledged()];
  const claimed = world.made(claimedUses);
  world.posted(claimedUses, claimed);
  world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
  world.ok("other", world.claim(1n, claimed, world.payeeIndex(claimed, "ann")));
  world.ok("other", world.claim(1n, claimed, world.payeeIndex(claimed, "")));
  const lineage = { sender: world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [1n] };
  world.ok("other", ["tributary.attribution.v1.MsgClaimLineage", lineage]);
  const askedUses = [world.acknowledged(), world.acknowledged()];
  const asked = world.made(askedUses);
  world.posted(askedUses, asked);
  world.ok("eve", world.demand(2n, BatchPart.BATCH_PART_SHARE));
  world.ok("eve", world.demand(2n, BatchPart.BATCH_PART_PAYEE));
  // A third batch of the last block: its lot is not drawn yet.
  const quietUses = [world.acknowledged()];
  const opened = world.opened();
  world.posted(quietUses, world.made(quietUses));
  expect(world.use(opened).status).toBe(UseStatus.USE_STATUS_OPEN);
  return { claimed, asked };
}

test("with a batch half claimed, one challenged and one just posted, an import equals the export and goes on", () => {
  const { claimed, asked } = underWay();
  const imported = ChainHarness.genesis({
    wholeAppState: JSON.parse(JSON.stringify(world.chain.application.exportGenesis())) as JsonValue,
    chainId: world.chain.chainId,
    initialHeight: world.chain.height + 1n,
    time: world.chain.time,
  });
  const both = [world.chain, imported];
  // The first block of each draws the lot of the batch that was just posted.
  for (const chain of both) chain.block([]);
  expect(imported.application.exportGenesis()).toEqual(world.chain.application.exportGenesis());
  expect([1n, 2n, 3n].map((batchId) => world.batch(batchId).openChallenges)).toEqual([0, 2, 0]);

  const answers = answersTo(asked);
  /** The same on both chains, with the same answer and the same state behind it. */
  const together = (from: string, message: MessageToSend, code = 0): void => {
    const results = both.map((chain) => chain.run(from, message, { gas: PLENTY }));
    expect(results.map((result) => result.code)).toEqual([code, code]);
    for (const chain of both) chain.checkInvariants();
    const [first, second] = both.map((chain) => chain.application.exportGenesis().attribution);
    expect(second).toEqual(first);
  };
  // What was claimed stays claimed; what was not can be.
  together("other", world.claim(1n, claimed, world.payeeIndex(claimed, "ann")), 24);
  together("other", world.claim(1n, claimed, world.payeeIndex(claimed, "bob")));
  // A part that is asked for already is not asked for twice, and both challenges are answered.
  together("eve", world.demand(2n, BatchPart.BATCH_PART_SHARE), 20);
  for (const answer of answers) together("host", answer);
  // The windows end on both; the challenged batch is final and can be claimed from.
  for (const chain of both) chain.block([], { nanoseconds: DAY + 2_000_000_000n });
  expect(statuses()).toEqual([
    BatchStatus.BATCH_STATUS_FINAL,
    BatchStatus.BATCH_STATUS_FINAL,
    BatchStatus.BATCH_STATUS_FINAL,
  ]);
  together("other", world.claim(2n, asked, world.payeeIndex(asked, "bob")));
  // And what nobody claims in time is swept on both.
  for (const chain of both) chain.block([], { nanoseconds: 181n * DAY });
  expect(statuses()).toEqual([
    BatchStatus.BATCH_STATUS_SWEPT,
    BatchStatus.BATCH_STATUS_SWEPT,
    BatchStatus.BATCH_STATUS_SWEPT,
  ]);
  for (const chain of both) chain.checkInvariants();
  const [first, second] = both.map((chain) => chain.application.exportGenesis().attribution);
  expect(second).toEqual(first);
});

test("with a challenge that nobody answers, the imported batch is rejected when its time has come", () => {
  const other = new BatchWorld();
  const useIds = [other.acknowledged()];
  const batchId = other.posted(useIds, other.made(useIds));
  other.ok("eve", other.demand(batchId, BatchPart.BATCH_PART_PAYEE));
  const imported = ChainHarness.genesis({
    wholeAppState: JSON.parse(JSON.stringify(other.chain.application.exportGenesis())) as JsonValue,
    initialHeight: other.chain.height + 1n,
    time: other.chain.time,
  });
  for (const chain of [other.chain, imported]) chain.block([], { nanoseconds: 21_602_000_000_000n });
  expect(other.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
  expect(imported.application.exportGenesis().attribution).toEqual(other.chain.application.exportGenesis().attribution);
  imported.checkInvariants();
});

function answersTo(asked: MadeBatch): readonly MessageToSend[] {
  const share = asked.shares.open(0);
  const host = world.address("host");
  return [
    [
      "tributary.attribution.v1.MsgRespond",
      { ...new Texts(asked).evidence(share.share), share, host, challengeId: 1n },
    ],
    ["tributary.attribution.v1.MsgRespond", { host, challengeId: 2n, payee: asked.payouts.openPayee(0) }],
  ];
}

function statuses(): readonly number[] {
  return [1n, 2n, 3n].map((batchId) => world.batch(batchId).status);
}

test("with what a host has settled inline of late, the imported chain asks for the same bond", () => {
  const careful = new BatchWorld({ inlineBondMultiple: 10 });
  const amount = { denom: "uopen", amount: "2880000" };
  careful.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: careful.address("host"), amount }]);
  careful.ok("host", careful.settle(careful.opened(), OUTPUT));
  const next = careful.opened();
  const imported = ChainHarness.genesis({
    wholeAppState: JSON.parse(JSON.stringify(careful.chain.application.exportGenesis())) as JsonValue,
    chainId: careful.chain.chainId,
    initialHeight: careful.chain.height + 1n,
    time: careful.chain.time,
  });
  for (const chain of [careful.chain, imported]) {
    // A chain answers questions, that of an account's sequence too, from its first block on.
    chain.block([]);
    const { codespace, code, log } = chain.run("host", careful.settle(next, OUTPUT), { gas: PLENTY });
    expect([codespace, code, log]).toEqual(["attribution", 35, expect.stringContaining("2880000 of 5760000")]);
  }
});
