/** Audits by lot through a chain with validators: who is drawn, for what, and what an answer and silence come to. */
import { beforeEach, describe, expect, test } from "vitest";
import { drawByWeight, drawLot } from "../../../modules/attribution/keeper/lot.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { BatchPart, BatchStatus, UseStatus } from "../../../proto/enums.gen.ts";
import { BatchWorld, DAY } from "../../support/batch-world.ts";
import type { MadeBatch } from "../../support/honest-batch.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import { sha256 } from "../../support/native-world.ts";
import { createValidator } from "../../support/staking-chain.ts";
import { hostAnswer, postedAs, Texts } from "../../support/watcher.ts";

const STAKES = { val1: 5_000_000n, val2: 70_000_000n, val3: 1_000_000n };
const OPERATOR_BOND = 10_000n;

function auditedWorld(): BatchWorld {
  const balances = Object.fromEntries(Object.keys(STAKES).map((name) => [name, "1000000000uopen"]));
  const world = new BatchWorld({ auditPpm: 1_000_000 }, { balances });
  for (const [name, tokens] of Object.entries(STAKES)) {
    world.ok(name, createValidator(world.chain, name, tokens.toString()));
  }
  const bond = { operator: world.address("host"), amount: { denom: "uopen", amount: OPERATOR_BOND.toString() } };
  world.ok("host", ["tributary.model.v1.MsgBondOperator", bond]);
  return world;
}

let world: BatchWorld;
let batch: MadeBatch;
let batchId: bigint;

/** A batch that the next block draws an audit for. */
function audited(): void {
  const useIds = [world.acknowledged(), world.acknowledged()];
  batch = world.made(useIds);
  batchId = world.posted(useIds, batch);
  world.chain.block([]);
}

beforeEach(() => {
  world = auditedWorld();
  audited();
});

describe("an audit", () => {
  test("is drawn by the hash of the block after the batch: the validator by its stake, the shares alike", () => {
    const drawnAt = sha256(utf8((world.chain.height - 1n).toString()));
    const lot = (purpose: string) => (below: bigint) =>
      drawLot(drawnAt, `${purpose} of batch ${batchId}`, below, nativeHasher);
    const open = world.challenges(batchId);
    // Validators stand in the order of their addresses.
    const names = (Object.keys(STAKES) as (keyof typeof STAKES)[]).sort((a, b) =>
      Buffer.compare(
        Buffer.from(world.chain.addresses.parseAccount(world.address(a))),
        Buffer.from(world.chain.addresses.parseAccount(world.address(b))),
      ),
    );
    const auditor =
      names[
        drawByWeight(
          names.map((name) => STAKES[name]),
          lot("auditor"),
        )!
      ]!;
    const indexes = Array.from({ length: defaultParams.game.auditShares }, (_, i) =>
      lot(`share ${i}`)(batch.facts.commitment.shareCount),
    );
    expect(open.map(({ index }) => index)).toEqual([...new Set(indexes)]);
    for (const { challenger, part, bond } of open) {
      expect({ challenger, part, bond }).toEqual({
        challenger: world.address(auditor),
        part: BatchPart.BATCH_PART_SHARE,
        bond: "0",
      });
    }
    expect(world.batch(batchId)).toMatchObject({ isDrawn: true, openChallenges: open.length });
    world.chain.checkInvariants();
  });

  test("is the same on every node, and drawn once", () => {
    const first = world.challenges(batchId);
    world.chain.block([]);
    expect(world.challenges(batchId)).toEqual(first);
    world = auditedWorld();
    audited();
    expect(world.challenges(batchId)).toEqual(first);
  });

  test("that is answered costs nothing but the answers, and the batch becomes final", () => {
    const texts = new Texts(batch);
    for (const { id, index } of world.challenges(batchId)) {
      expect(hostAnswer(postedAs(batch), texts, Number(index), 0)).toBeUndefined();
      const share = batch.shares.open(Number(index));
      const answer = { ...texts.evidence(share.share), share, host: world.address("host"), challengeId: id };
      world.ok("host", ["tributary.attribution.v1.MsgRespond", answer]);
    }
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
  });

  test("that nobody answers costs the batch's bond, half of it the auditor's, and a tenth of the operator's", () => {
    const { bond } = world.batch(batchId);
    const { challenger } = world.challenges(batchId)[0]!;
    const auditor = Object.keys(STAKES).find((name) => world.address(name) === challenger)!;
    const [before, supply] = [world.chain.balance(auditor, "uopen"), supplyOf()];
    world.chain.block([], { nanoseconds: 21_602_000_000_000n });
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_REJECTED, openChallenges: 0 });
    const withheld = OPERATOR_BOND / 10n;
    const bounty = BigInt(bond) / 2n;
    expect(world.chain.balance(auditor, "uopen") - before).toBe(bounty + withheld / 2n);
    // The other halves are burned, whatever else a block mints.
    expect(burned()).toEqual([`${BigInt(bond) - bounty}uopen`, `${withheld - withheld / 2n}uopen`]);
    expect(supplyOf()).toBeLessThan(supply + BigInt(bond));
    expect(world.use(1n)).toMatchObject({ status: UseStatus.USE_STATUS_ACKNOWLEDGED, batchId: 0n });
    world.chain.checkInvariants();
  });
});

test("with the default bond and chance, a host that can open none of its shares expects to lose more than all it can divert", () => {
  const { auditPpm, bondMultiple } = defaultParams.game;
  // p >= G / (G + B) with G the whole sum of the batch and B the bond: p · (G + B) >= G.
  expect(BigInt(auditPpm) * BigInt(1 + bondMultiple)).toBeGreaterThanOrEqual(1_000_000n);
});

function supplyOf(): bigint {
  const { amount } = world.chain.query(
    "/cosmos.bank.v1beta1.Query/SupplyOf",
    ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
    "cosmos.bank.v1beta1.QuerySupplyOfResponse",
  );
  return BigInt(amount.amount);
}

/** What the last block's end burned. */
function burned(): readonly string[] {
  return (world.chain.lastBlock?.events ?? [])
    .filter(({ type }) => type === "burn")
    .map(({ attributes }) => attributes.find(({ key }) => key === "amount")!.value);
}
