/** What has been done to models and their money elsewhere, tried here. Each test names the attack and shows what it gives. */
import { describe, expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";

const CURVE = { kind: 1, base: "1000000000000", slope: "1000000000000", blockBuyCap: "100" };

describe("curve sniping", () => {
  test("gets one block's shares, however many accounts it comes from", () => {
    const world = new ModelWorld();
    world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...CURVE }]);
    const results = world.chain.block(
      [
        ["user", 60n],
        ["ann", 60n],
        ["other", 40n],
      ].map(([name, shares]) => world.chain.sign(name as string, world.buy(name as string, 1n, shares as bigint))),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 24, 0]);
    expect(world.curve(1n)).toMatchObject({ supply: "100", bought: "100" });
    // The next block is open to everybody again.
    world.ok("ann", world.buy("ann", 1n, 100n));
  });

  test("by the creator gives shares that it cannot sell to those who come after", () => {
    const world = new ModelWorld();
    world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...CURVE }]);
    world.ok("owner", world.buy("owner", 1n, 100n));
    world.ok("user", world.buy("user", 1n, 100n));
    world.refused("owner", world.sell("owner", 1n, 100n), 5, "sdk");
    const send = {
      fromAddress: world.address("owner"),
      toAddress: world.address("other"),
      amount: [coin(1n, "model/1")],
    };
    world.refused("owner", ["cosmos.bank.v1beta1.MsgSend", send], 5, "sdk");
  });
});

describe("flash backing", () => {
  test("before a payment earns nothing of it, and stays for seven days", () => {
    const world = new ModelWorld();
    world.ok("owner", world.model({ backersPpm: 1_000_000 }));
    world.ok("ann", world.back("ann", 2n, 10n));
    world.wait(3600n);
    const before = world.money("other");
    // A thousand times as much, for the block of one payment.
    world.ok("other", world.back("other", 2n, 10_000n));
    expect(world.earn(2n, 1_000_000n)).toBe(1_000_000n);
    world.ok("other", world.unback("other", 2n, 10_000n));
    expect(world.position(2n, "ann").claimable.amount).toBe("1000000");
    expect(world.position(2n, "other").claimable.amount).toBe("0");
    world.refused("other", world.claim("other", 2n), 17);
    world.wait(604_790n);
    expect(before - world.money("other")).toBe(10_000n);
    world.wait(10n);
    expect(before - world.money("other")).toBe(0n);
  });

  test("for a veto has no weight: only shares that earn speak", () => {
    const world = new ModelWorld();
    world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...CURVE }]);
    world.ok("user", world.buy("user", 1n, 100n));
    const claim = { amount: coin(1n, "uopen"), evidenceHash: new Uint8Array(32), note: "" };
    world.ok("owner", [
      "tributary.model.v1.MsgProposeMilestone",
      { owner: world.address("owner"), modelId: 1n, ...claim },
    ]);
    world.ok("other", world.back("other", 1n, 10_000n));
    world.refused(
      "other",
      ["tributary.model.v1.MsgVetoMilestone", { backer: world.address("other"), modelId: 1n, number: 1n }],
      15,
    );
  });
});

test("lineage omission: who declares too little loses bond, backing and escrow, and its place, for the one who proved it", () => {
  const world = new ModelWorld();
  world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...CURVE }]);
  world.ok("user", world.buy("user", 1n, 100n));
  world.ok("owner", world.bond("owner", 10_000n));
  world.ok("user", world.back("user", 1n, 10_000n));
  const escrow = BigInt(world.curve(1n).escrow);
  const weight = world.backing(1n).weight;
  const before = world.money("ann");
  const informer = world.chain.addresses.parseAccount(world.address("ann"));
  const charge = { modelId: 1n, offence: Offence.OFFENCE_LINEAGE_OMISSION, informer };
  // Three tenths of the bond, three hundredths of backing and escrow.
  const taken = 3000n + 300n + (escrow * 3n) / 100n;
  expect(world.punish("owner", charge)).toBe(taken);
  expect(world.money("ann") - before).toBe(taken / 2n);
  expect(world.backing(1n).weight).toBe((weight - 300n) / 2n);
});
