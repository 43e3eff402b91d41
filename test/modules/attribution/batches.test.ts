/** Batches through a chain: posted, challenged, final, claimed. The shares come from a search that tries every place. */
import { beforeEach, describe, expect, test } from "vitest";
import { BatchPart, BatchStatus, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { BatchWorld, DAY, OUTPUT } from "../../support/batch-world.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { opening, words } from "../../support/datanet-world.ts";
import { responseOf } from "../../support/native-world.ts";
import { repost } from "../../support/random-batch.ts";
import { showMatch, Texts } from "../../support/watcher.ts";

const encoder = new TextEncoder();

let world: BatchWorld;

beforeEach(() => {
  world = new BatchWorld();
});

function refused(from: string, message: MessageToSend, code: number): void {
  const result = world.run(from, message);
  expect([result.codespace, result.code, result.log]).toEqual(["attribution", code, result.log]);
  world.chain.checkInvariants();
}

describe("a receipt", () => {
  test("charges what was used, gives the rest back, and counts once; under-reporting against a receipt is an offence", () => {
    const before = world.chain.balance("user", "uopen");
    const useId = world.acknowledged(OUTPUT, 2n);
    expect(before - world.chain.balance("user", "uopen")).toBe(2n * 1_000_003n);
    expect(world.use(useId)).toMatchObject({
      status: UseStatus.USE_STATUS_ACKNOWLEDGED,
      kind: UseKind.USE_KIND_INFERENCE,
    });
    refused("other", world.ack(useId, OUTPUT, 2n), 6);
    const offence = world.ok("other", world.ack(useId, `${OUTPUT}!`, 2n));
    expect(responseOf("tributary.attribution.v1.MsgAckUseResponse", offence).isOffence).toBe(true);
    expect(offence.events.map(({ type }) => type)).toContain("use_under_reported");
    refused("other", world.ack(useId, `${OUTPUT}?`, 2n), 6);
    world.chain.checkInvariants();
  });
});

describe("an honest batch", () => {
  test("becomes final after its window, returns the bond, and pays every payee once", () => {
    const useIds = [world.acknowledged(), world.acknowledged()];
    const batch = world.made(useIds);
    const hostBefore = world.chain.balance("host", "uopen");
    const batchId = world.posted(useIds, batch);
    const { sum, bond } = world.batch(batchId);
    expect(BigInt(bond)).toBe(20n * BigInt(sum));
    expect(hostBefore - world.chain.balance("host", "uopen")).toBeGreaterThanOrEqual(BigInt(bond));
    refused("other", world.claim(batchId, batch, 0), 23);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
    const ann = world.chain.balance("ann", "uopen");
    const index = world.payeeIndex(batch, "ann");
    world.ok("other", world.claim(batchId, batch, index));
    const amount = BigInt(batch.payouts.payees[index]!.payee.amount);
    expect(world.chain.balance("ann", "uopen") - ann).toBe(amount);
    refused("other", world.claim(batchId, batch, index), 24);
    world.ok("other", world.claim(batchId, batch, world.payeeIndex(batch, "")));
    const lineage = [
      "tributary.attribution.v1.QueryLineageRequest",
      { datanetId: 1n, recordCount: 3n, number: 1n },
    ] as const;
    const answer = world.chain.query(
      "/tributary.attribution.v1.Query/Lineage",
      lineage,
      "tributary.attribution.v1.QueryLineageResponse",
    );
    expect(BigInt(answer.pending.amount)).toBeGreaterThan(0n);
    const claimLineage = { sender: world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [1n] };
    world.ok("other", ["tributary.attribution.v1.MsgClaimLineage", claimLineage]);
    const paid = ["tributary.attribution.v1.QueryPayeeClaimedRequest", { batchId, index: BigInt(index) }] as const;
    expect(
      world.chain.query(
        "/tributary.attribution.v1.Query/PayeeClaimed",
        paid,
        "tributary.attribution.v1.QueryPayeeClaimedResponse",
      ).claimed,
    ).toBe(true);
    world.chain.checkInvariants();
    world.chain.block([], { nanoseconds: 181n * DAY });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_SWEPT);
    world.chain.checkInvariants();
  });

  test("that is false and final pays nobody under a name that is no account, and one account under either way to write it", () => {
    const useIds = [world.acknowledged()];
    const made = world.made(useIds);
    const names = [world.address("ann").toUpperCase(), "nobody"];
    const { payees } = made.payouts;
    const renamed = payees.map(({ payee, entries }, i) => ({
      payee: { ...payee, beneficiary: payee.beneficiary === "" ? "" : names[i % names.length]! },
      entries,
    }));
    const posted = repost(made, made.shares.shares, renamed)!;
    const batchId = world.posted(useIds, posted);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    const claim = (name: string): MessageToSend => {
      const payee = posted.openPayee(renamed.findIndex((one) => one.payee.beneficiary === name))!;
      return ["tributary.attribution.v1.MsgClaimPayout", { sender: world.address("other"), batchId, payee }];
    };
    const result = world.run("other", claim("nobody"));
    expect([result.codespace, result.code]).toEqual(["sdk", 7]);
    const ann = world.chain.balance("ann", "uopen");
    world.ok("other", claim(names[0]!));
    expect(world.chain.balance("ann", "uopen")).toBeGreaterThan(ann);
    expect(world.chain.application.exportGenesis().attribution).toMatchObject({
      earnings: expect.not.arrayContaining([expect.objectContaining({ beneficiary: names[0] })]),
    });
    // What nobody can claim is swept in the end.
    world.chain.block([], { nanoseconds: 181n * DAY });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_SWEPT);
    world.chain.checkInvariants();
  });

  test("stands against challenges that show nothing wrong, and answers a demand for half of the challenger's bond", () => {
    const useIds = [world.acknowledged()];
    const batch = world.made(useIds);
    const batchId = world.posted(useIds, batch);
    const challenger = world.address("eve");
    const shares = [batch.shares.open(0)];
    refused("eve", ["tributary.attribution.v1.MsgChallengeShare", { challenger, batchId, shares }], 18);
    refused("eve", ["tributary.attribution.v1.MsgChallengePayout", { challenger, batchId, share: shares[0]! }], 18);
    const texts = new Texts(batch);
    const own = batch.shares.shares[0]!;
    const match = showMatch(texts, encoder.encode(OUTPUT), shares[0]!, own, {
      record: { datanetId: 1n, number: 3n },
      recordStart: 10n,
    });
    refused("eve", ["tributary.attribution.v1.MsgChallengeOmission", { challenger, batchId, ...match }], 18);
    const rank = {
      challenger,
      batchId,
      shares,
      recordId: { datanetId: 1n, number: 1n },
      record: match.record,
      prompt: match.output,
    };
    refused("eve", ["tributary.attribution.v1.MsgChallengeRank", rank], 18);
    const common = { challenger, batchId, share: shares[0]!, occurrences: [] };
    refused("eve", ["tributary.attribution.v1.MsgChallengeCommonness", common], 18);
    const part = BatchPart.BATCH_PART_SHARE;
    world.ok("eve", ["tributary.attribution.v1.MsgDemand", { challenger, batchId, part, index: 0n }]);
    refused("eve", ["tributary.attribution.v1.MsgDemand", { challenger, batchId, part, index: 0n }], 20);
    world.chain.checkInvariants();
    const before = world.chain.balance("host", "uopen");
    const answer = { ...texts.evidence(own), share: shares[0]!, host: world.address("host"), challengeId: 1n };
    world.ok("host", ["tributary.attribution.v1.MsgRespond", answer]);
    expect(world.chain.balance("host", "uopen") - before).toBe(500_000n);
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 0 });
    world.chain.checkInvariants();
  });
});

test("a batch that cites a record stays right when the record is struck after its window", () => {
  // Whoever could have a record of its own struck would otherwise win the bond of every batch that pays for it.
  const original = words("ann", 80);
  const own = words("mine", 40);
  const records = [
    { contributor: "ann", text: original },
    { contributor: "eve", text: `${own} ${original}` },
  ];
  world = new BatchWorld({}, {}, records);
  const useIds = [world.acknowledged(own)];
  const batch = world.made(useIds, [0, 1], own);
  const batchId = world.posted(useIds, batch);
  const run = original.split(" ").slice(0, 32).join(" ");
  const [copy, shown] = [opening(records[1]!.text, run), opening(original, run)];
  const value = { challenger: world.address("ann"), datanetId: 1n, number: 2n, earlier: 1n, copy, original: shown };
  world.ok("ann", ["tributary.datanet.v1.MsgChallengeDuplicate", value]);
  const shares = [batch.shares.open(0)];
  const challenger = world.address("ann");
  refused("ann", ["tributary.attribution.v1.MsgChallengeShare", { challenger, batchId, shares }], 18);
  world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
  world.ok("other", world.claim(batchId, batch, world.payeeIndex(batch, "eve")));
  world.chain.checkInvariants();
});

describe("a false batch", () => {
  test("that leaves out a record loses its bond to whoever shows the match, and its uses wait for another", () => {
    const useIds = [world.acknowledged()];
    const [honest, lie] = [world.made(useIds), world.made(useIds, [1, 2])];
    const batchId = world.posted(useIds, lie);
    const { bond } = world.batch(batchId);
    const texts = new Texts(honest);
    const own = honest.shares.shares[0]!;
    const match = showMatch(texts, encoder.encode(OUTPUT), lie.shares.open(0), own, {
      record: own.record!,
      recordStart: own.recordStart,
    });
    const message = { challenger: world.address("ann"), batchId, ...match };
    const before = world.chain.balance("ann", "uopen");
    world.ok("ann", ["tributary.attribution.v1.MsgChallengeOmission", message]);
    expect(world.chain.balance("ann", "uopen") - before).toBe(BigInt(bond) / 2n);
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect(world.use(useIds[0]!)).toMatchObject({ status: UseStatus.USE_STATUS_ACKNOWLEDGED, batchId: 0n });
    world.chain.checkInvariants();
    const again = world.posted(useIds, honest);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(world.batch(again).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
  });

  test("whose host does not open what it committed to is rejected when the time to answer has ended", () => {
    const useIds = [world.acknowledged()];
    const batchId = world.posted(useIds, world.made(useIds));
    const message = { challenger: world.address("eve"), batchId, part: BatchPart.BATCH_PART_PAYEE, index: 0n };
    world.ok("eve", ["tributary.attribution.v1.MsgDemand", message]);
    world.chain.block([], { nanoseconds: 21_602_000_000_000n });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    world.chain.checkInvariants();
  });

  test("is refused at once with another sum, other rules, or uses that are not the host's to settle", () => {
    const useIds = [world.acknowledged()];
    const batch = world.made(useIds);
    const [name, message] = world.postOf(useIds, batch) as [
      "tributary.attribution.v1.MsgPostBatch",
      Messages["tributary.attribution.v1.MsgPostBatch"],
    ];
    refused("host", [name, { ...message, sum: "1" }], 16);
    refused("host", [name, { ...message, rules: { ...message.rules, minTokens: 7 } }], 16);
    refused("host", [name, { ...message, useIds: [9n] }], 2);
    refused("other", [name, { ...message, host: world.address("other") }], 9);
  });
});

test("griefing: demands that are answered cost their bond, half of it the host's, are made once for each part, and only so often at a time", () => {
  const useIds = [world.acknowledged()];
  const batch = world.made(useIds);
  const batchId = world.posted(useIds, batch);
  const share = batch.shares.open(0);
  const [eve, host] = [world.chain.balance("eve", "uopen"), world.chain.balance("host", "uopen")];
  world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_SHARE));
  refused("eve", world.demand(batchId, BatchPart.BATCH_PART_SHARE), 20);
  const answer = { ...new Texts(batch).evidence(share.share), share, host: world.address("host"), challengeId: 1n };
  world.ok("host", ["tributary.attribution.v1.MsgRespond", answer]);
  // Who asked in vain has paid half of the bond to the one it bothered; the rest is burned.
  expect(eve - world.chain.balance("eve", "uopen")).toBe(1_000_000n);
  expect(world.chain.balance("host", "uopen") - host).toBe(500_000n);
  for (let entry = 0n; entry < 8n; entry++)
    world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_ENTRY, 0n, entry));
  refused("eve", world.demand(batchId, BatchPart.BATCH_PART_ENTRY, 0n, 8n), 20);
  expect(world.challenges(batchId).map(({ entry }) => entry)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
  const first = ["tributary.attribution.v1.QueryChallengeRequest", { challengeId: 2n }] as const;
  const { challenge } = world.chain.query(
    "/tributary.attribution.v1.Query/Challenge",
    first,
    "tributary.attribution.v1.QueryChallengeResponse",
  );
  expect(challenge.challenger).toBe(world.address("eve"));
});

test("deadline stuffing: a challenge close to the end extends the window once, and no later one does", () => {
  const useIds = [world.acknowledged()];
  const batchId = world.posted(useIds, world.made(useIds));
  const { windowEnd } = world.batch(batchId);
  world.chain.block([], { nanoseconds: DAY - 3_600_000_000_000n });
  world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_ENTRY));
  const extended = world.batch(batchId);
  expect([extended.isExtended, extended.windowEnd > windowEnd]).toEqual([true, true]);
  world.chain.block([], { nanoseconds: 3_000_000_000_000n });
  world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_ENTRY, 0n, 1n));
  expect(world.batch(batchId).windowEnd).toBe(extended.windowEnd);
  world.chain.checkInvariants();
});

test("the lot is drawn in the block after a batch was posted; without bonded stake there is nobody to audit", () => {
  world = new BatchWorld({ auditPpm: 1_000_000 });
  const useIds = [world.acknowledged()];
  const batchId = world.posted(useIds, world.made(useIds));
  expect(world.batch(batchId).isDrawn).toBe(false);
  world.chain.block([]);
  expect(world.batch(batchId)).toMatchObject({ isDrawn: true, openChallenges: 0 });
  world.chain.checkInvariants();
});

test("a use nobody batched in time gives the user the host's part, and the data's to the lineage", () => {
  const useId = world.acknowledged();
  refused("other", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("other"), useId }], 8);
  world.chain.block([], { nanoseconds: 4n * DAY });
  const before = world.chain.balance("user", "uopen");
  world.ok("other", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("other"), useId }]);
  expect(world.chain.balance("user", "uopen") - before).toBe(300_000n);
  expect(world.use(useId).status).toBe(UseStatus.USE_STATUS_DEFAULTED);
  world.chain.checkInvariants();
});

test("a table of terms is registered in order, and batches and tables are listed", () => {
  const term = (text: string) => ({ term: encoder.encode(text), occurrences: 2n, documents: 1n });
  const totals = { tokens: 10n, documents: 5n, averageTokens: 4n, restOccurrences: 1n, restDocuments: 1n };
  const creator = world.address("owner");
  const register = (terms: readonly { term: Uint8Array }[]): MessageToSend => {
    return ["tributary.attribution.v1.MsgRegisterTable", { creator, table: { ...totals, terms } } as never];
  };
  world.ok("owner", register([term("add"), term("to")]));
  refused("owner", register([term("to"), term("add")]), 26);
  const table = ["tributary.attribution.v1.QueryTableRequest", { tableId: 1n }] as const;
  expect(
    world.chain.query("/tributary.attribution.v1.Query/Table", table, "tributary.attribution.v1.QueryTableResponse")
      .table.terms,
  ).toHaveLength(2);
  const all = ["tributary.attribution.v1.QueryBatchesRequest", {}] as const;
  expect(
    world.chain.query("/tributary.attribution.v1.Query/Batches", all, "tributary.attribution.v1.QueryBatchesResponse")
      .batches,
  ).toEqual([]);
});
