/** What has been done to models and their money elsewhere, tried here. Each test names the attack and shows what it gives. */
import { describe, expect, test } from "vitest";
import { Offence } from "../../../proto/enums.gen.ts";
import { FIRST } from "../../support/batch-world.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { shown } from "../../support/lineage-world.ts";
import { coin } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { NativeWorld, sha256 } from "../../support/native-world.ts";

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

test("lineage omission: who declares too little loses bond, backing and escrow, and its place, and who proved it has half of the bond's", () => {
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
  expect(world.money("ann") - before).toBe(1500n);
  expect(world.backing(1n).weight).toBe((weight - 300n) / 2n);
});

describe("offences against oneself", () => {
  const BACKED = 500_000_000_000n;

  test("self-proved by an owner's other account give it nothing of what backers put on the model, and ten cost them as one", () => {
    const balances = { backer: "1000000000000uopen", sock: "1000000000uopen" };
    const world = new NativeWorld([{ contributor: "ann", text: FIRST }], { balances });
    world.chain.block([], { nanoseconds: 259_200_000_000_000n });
    const amount = coin(BACKED, "uopen");
    world.ok("backer", ["tributary.model.v1.MsgBack", { backer: world.address("backer"), modelId: 1n, amount }]);
    const before = world.chain.balance("sock", "uopen");
    for (let i = 0; i < 10; i++) {
      const useId = world.opened("sock");
      world.ok("host", world.settle(useId, FIRST, { spans: [] }, "sock"));
      const output = new TextEncoder().encode(FIRST);
      const { opening } = shown(FIRST);
      const place = { matchStart: 0n, matchEnd: BigInt(output.length), recordStart: 0n };
      const match = { output, ...place, recordId: { datanetId: 1n, number: 1n }, record: opening };
      const challenge = { challenger: world.address("sock"), useId, ...match };
      world.ok("sock", ["tributary.attribution.v1.MsgChallengeSettlement", challenge]);
    }
    expect(world.chain.balance("sock", "uopen")).toBeLessThan(before);
    const { backing } = world.chain.query(
      "/tributary.model.v1.Query/Backing",
      ["tributary.model.v1.QueryBackingRequest", { modelId: 1n }],
      "tributary.model.v1.QueryBackingResponse",
    );
    expect(backing.tokens).toBe(((BACKED * 95n) / 100n).toString());
    world.chain.checkInvariants();
  });

  test("small ones first spare a model nothing: within a week all cost what the gravest does, after it the next is charged anew", () => {
    const world = new ModelWorld();
    world.ok("user", world.back("user", 1n, 10_000n));
    const charge = (offence: number) => world.punish("owner", { modelId: 1n, offence });
    expect(charge(Offence.OFFENCE_WITHHOLDING)).toBe(100n);
    expect(charge(Offence.OFFENCE_FALSE_BATCH)).toBe(400n);
    expect(charge(Offence.OFFENCE_FALSE_BATCH)).toBe(0n);
    expect(charge(Offence.OFFENCE_LINEAGE_OMISSION)).toBe(0n);
    expect(world.backing(1n)).toMatchObject({ tokens: "9500", offences: 2 });
    world.wait(604_800n);
    expect(charge(Offence.OFFENCE_FALSE_BATCH)).toBe(475n);
    expect(world.backing(1n)).toMatchObject({ tokens: "9025", offences: 3 });
  });

  test("cost the backing also when the owner has named another host since the use was opened", () => {
    const world = new NativeWorld([{ contributor: "ann", text: FIRST }], { balances: { backer: "1000000uopen" } });
    world.chain.block([], { nanoseconds: 259_200_000_000_000n });
    const amount = coin(1_000_000n, "uopen");
    world.ok("backer", ["tributary.model.v1.MsgBack", { backer: world.address("backer"), modelId: 1n, amount }]);
    const useId = world.opened();
    world.ok("host", world.settle(useId, FIRST, { spans: [] }));
    const hosting = { modelId: 1n, host: world.address("other"), price: coin(1n, "uopen") };
    world.ok("owner", ["tributary.model.v1.MsgUpdateHosting", { owner: world.address("owner"), ...hosting }]);
    const output = new TextEncoder().encode(FIRST);
    const place = { matchStart: 0n, matchEnd: BigInt(output.length), recordStart: 0n };
    const match = { output, ...place, recordId: { datanetId: 1n, number: 1n }, record: shown(FIRST).opening };
    world.ok("ann", [
      "tributary.attribution.v1.MsgChallengeSettlement",
      { challenger: world.address("ann"), useId, ...match },
    ]);
    const { backing } = world.chain.query(
      "/tributary.model.v1.Query/Backing",
      ["tributary.model.v1.QueryBackingRequest", { modelId: 1n }],
      "tributary.model.v1.QueryBackingResponse",
    );
    expect(backing.tokens).toBe("950000");
  });
});

test("veto dilution: money that comes after a milestone was proposed neither thins vetoes nor adds to them", () => {
  const world = new ModelWorld();
  world.ok("owner", ["tributary.model.v1.MsgOpenCurve", { owner: world.address("owner"), modelId: 1n, ...CURVE }]);
  world.ok("user", world.buy("user", 1n, 100n));
  const { escrow } = world.curve(1n);
  world.ok("user", world.back("user", 1n, 1000n));
  world.ok("ann", world.back("ann", 1n, 2001n));
  world.wait(3600n);
  const claim = { amount: coin(BigInt(escrow), "uopen"), evidenceHash: new Uint8Array(32), note: "" };
  const propose = () =>
    world.ok("owner", [
      "tributary.model.v1.MsgProposeMilestone",
      { owner: world.address("owner"), modelId: 1n, ...claim },
    ]);
  const veto = (backer: string, number: bigint) =>
    [
      "tributary.model.v1.MsgVetoMilestone",
      { backer: world.address(backer), modelId: 1n, number },
    ] as const satisfies MessageToSend;
  propose();
  // A thousand of 3001 shares are less than a third, and stay so whoever of them puts more on the model, or comes anew.
  world.ok("user", world.back("user", 1n, 5000n));
  world.ok("other", world.back("other", 1n, 5000n));
  world.wait(3600n);
  world.ok("user", veto("user", 1n));
  world.refused("other", veto("other", 1n), 15);
  world.wait(259_200n);
  expect(world.curve(1n).escrow).toBe("0");
  // 6000 of the 13,001 that earn now are enough for the next, however much its owner's other account puts on the model then.
  world.ok("user", world.buy("user", 1n, 100n));
  claim.amount = coin(BigInt(world.curve(1n).escrow), "uopen");
  propose();
  world.ok("owner", world.back("owner", 1n, 1_000_000n));
  world.wait(3600n);
  world.ok("user", veto("user", 2n));
  world.wait(259_200n);
  expect(world.curve(1n).escrow).toBe(claim.amount.amount);
});

test("weights squatting: who registers what another is about to keeps it from nobody, and is shown beside it", () => {
  const world = new ModelWorld();
  const weightsHash = sha256(new TextEncoder().encode("seen in the mempool"));
  const registration = (name: string) => {
    const signature = world.signWeights(name, "poet", weightsHash);
    return world.model({ name: "poet", weightsHash, signature }, name);
  };
  world.ok("other", registration("other"));
  world.ok("owner", registration("owner"));
  world.refused("owner", registration("owner"), 4);
  const found = world.chain.query(
    "/tributary.model.v1.Query/ModelByWeights",
    ["tributary.model.v1.QueryModelByWeightsRequest", { weightsHash }],
    "tributary.model.v1.QueryModelByWeightsResponse",
  );
  expect(found).toMatchObject({
    ...{ model: { id: 2n }, version: 1 },
    registrations: [
      { modelId: 2n, version: 1, owner: world.address("other") },
      { modelId: 3n, version: 1, owner: world.address("owner") },
    ],
  });
});
