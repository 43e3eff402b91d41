/** Attacks by which a host would escape being asked, or be punished for being slow, one named test each. */
import { expect, test } from "vitest";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { BatchPart } from "../../../proto/enums.gen.ts";
import { BatchWorld, FIRST, OUTPUT } from "../../support/batch-world.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { shown } from "../../support/lineage-world.ts";
import { PLENTY, responseOf } from "../../support/native-world.ts";
import { createValidator } from "../../support/staking-chain.ts";
import { Texts } from "../../support/watcher.ts";

const OPEN = 1_000_000n;

test("audit dodging: a host whose own accounts fill a batch with demands is audited all the same, and others can ask", () => {
  const socks = Array.from({ length: 8 }, (_, i) => `sock${i}`);
  const balances = Object.fromEntries(["val1", ...socks].map((name) => [name, "1000000000uopen"]));
  const world = new BatchWorld({ auditPpm: 1_000_000 }, { balances });
  world.ok("val1", createValidator(world.chain, "val1", "5000000"));
  const useIds = [world.acknowledged(), world.acknowledged()];
  const batch = world.made(useIds);
  const post = world.chain.sign("host", world.postOf(useIds, batch), { gas: PLENTY });
  const demands = socks.map((sock, i) => {
    const asked = { challenger: world.address(sock), batchId: 1n, part: BatchPart.BATCH_PART_ENTRY, index: 0n };
    const messages = Array.from({ length: 8 }, (_, k) => {
      return ["tributary.attribution.v1.MsgDemand", { ...asked, entry: BigInt(i * 8 + k) }] as const;
    });
    return world.chain.sign(sock, messages, { gas: PLENTY });
  });
  expect(world.chain.block([post, ...demands]).map(({ code }) => code)).toEqual([post, ...demands].map(() => 0));
  world.chain.block([]);
  const audited = world.challenges(1n).filter(({ bond }) => bond === "0");
  expect(audited.length).toBeGreaterThan(0);
  // A watcher can ask for any share that the audit has not asked for; the place costs more, and all of it comes back if the host is silent.
  const left = batch.shares.shares.findIndex((_, i) => audited.every(({ index }) => index !== BigInt(i)));
  world.ok("eve", world.demand(1n, BatchPart.BATCH_PART_SHARE, BigInt(left)));
  expect(world.challenges(1n).at(-1)).toMatchObject({ challenger: world.address("eve"), bond: "2000000" });
  // The host answers one of its own demands: half of what it put up is burned.
  const held = () => ["host", ...socks].reduce((sum, name) => sum + world.chain.balance(name, "uopen"), 0n);
  const before = held();
  const answer = { ...new Texts(batch).evidence(batch.shares.shares[0]!), payee: batch.payouts.openPayee(0) };
  const entry = batch.payouts.openEntry(0, 0);
  world.ok("host", [
    "tributary.attribution.v1.MsgRespond",
    { ...answer, entry, host: world.address("host"), challengeId: 1n },
  ]);
  expect(held() - before).toBe(OPEN / 2n);
  world.chain.checkInvariants();
});

test("late receipt: a host that hands its receipt in after somebody else cancelled the use gets no fee, and is not punished", () => {
  const world = new BatchWorld();
  const amount = { denom: "uopen", amount: (10n * OPEN).toString() };
  world.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: world.address("host"), amount }]);
  const opened = world.ok("user", world.openUse({ receiptKey: accountOf("user").publicKey }));
  const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
  world.chain.block([], { nanoseconds: 3_601_000_000_000n });
  world.ok("user", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("user"), useId }]);
  expect(world.use(useId).isRefused).toBe(false);
  const late = world.run("other", world.ack(useId, OUTPUT, 1n));
  expect([late.codespace, late.code]).toEqual(["attribution", 6]);
  const request = ["tributary.model.v1.QueryOperatorRequest", { operator: world.address("host") }] as const;
  const { operator } = world.chain.query(
    "/tributary.model.v1.Query/Operator",
    request,
    "tributary.model.v1.QueryOperatorResponse",
  );
  expect(operator).toMatchObject({ bond: amount.amount, offences: 0 });
  world.chain.checkInvariants();
});

test("inline lie: a host that keeps all from the contributors and shows one lie itself, so that nobody else can, loses more than it kept", () => {
  const { inlineBondMultiple } = defaultParams.game;
  const world = new BatchWorld({ inlineBondMultiple }, { balances: { sock: "1000000000uopen" } });
  const bond = { denom: "uopen", amount: (15n * OPEN).toString() };
  const held = () => ["host", "sock"].reduce((sum, name) => sum + world.chain.balance(name, "uopen"), 0n);
  const before = held();
  world.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: world.address("host"), amount: bond }]);
  let kept = 0n;
  let last = 0n;
  for (let lies = 0; lies < 5; lies++) {
    last = world.opened();
    world.ok("host", world.settle(last, FIRST, { spans: [] }));
    const { lineageShares } = world.payout(last);
    kept += BigInt(lineageShares[0]!.amount);
  }
  // A sixth would need a larger bond.
  const sixth = world.opened();
  const refused = world.run("host", world.settle(sixth, FIRST, { spans: [] }));
  expect([refused.codespace, refused.code]).toEqual(["attribution", 35]);
  const { opening } = shown(FIRST);
  const place = { matchStart: 0n, matchEnd: BigInt(FIRST.length), recordStart: 0n };
  world.ok("sock", [
    "tributary.attribution.v1.MsgChallengeSettlement",
    {
      ...{ challenger: world.address("sock"), useId: last, output: utf8(FIRST), ...place },
      ...{ recordId: { datanetId: 1n, number: 1n }, record: opening },
    },
  ]);
  const request = ["tributary.model.v1.QueryOperatorRequest", { operator: world.address("host") }] as const;
  const { operator } = world.chain.query(
    "/tributary.model.v1.Query/Operator",
    request,
    "tributary.model.v1.QueryOperatorResponse",
  );
  expect(before - held() - BigInt(operator.bond)).toBeGreaterThan(kept);
  world.chain.checkInvariants();
});
