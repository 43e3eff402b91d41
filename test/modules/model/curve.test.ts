/** Shares of models on their curves, and the escrow that their fees fill, through a chain. */
import { describe, expect, test } from "vitest";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { coin, FAR } from "../../support/market-world.ts";
import { ModelWorld } from "../../support/model-world.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";

const LINEAR = { kind: 1, base: "2000000000000", slope: "1000000000", blockBuyCap: "5000" };
const VIRTUAL = {
  kind: 2,
  virtualReserve: "30000000",
  virtualShares: "1073000",
  saleShares: "793100",
  blockBuyCap: "793100",
};
const LOCK = 2_592_000n;
const VETO = 259_200n;

function open(world: ModelWorld, curve: object, modelId = 1n, owner = "owner"): MessageToSend {
  return ["tributary.model.v1.MsgOpenCurve", { owner: world.address(owner), modelId, ...curve }] as MessageToSend;
}

function propose(world: ModelWorld, amount: bigint, owner = "owner"): MessageToSend {
  const claim = { amount: coin(amount, "uopen"), evidenceHash: sha256(Uint8Array.of(1)), note: "v1 is out" };
  return ["tributary.model.v1.MsgProposeMilestone", { owner: world.address(owner), modelId: 1n, ...claim }];
}

function veto(world: ModelWorld, backer: string, number = 1n): MessageToSend {
  return ["tributary.model.v1.MsgVetoMilestone", { backer: world.address(backer), modelId: 1n, number }];
}

function milestones(world: ModelWorld) {
  return world.chain.query(
    "/tributary.model.v1.Query/Milestones",
    ["tributary.model.v1.QueryMilestonesRequest", { modelId: 1n }],
    "tributary.model.v1.QueryMilestonesResponse",
  ).milestones;
}

describe("a linear curve", () => {
  test("asks the area under its price, rounded up, and a hundredth into the escrow", () => {
    const world = new ModelWorld();
    world.ok("owner", open(world, LINEAR));
    const quote = world.chain.query(
      "/tributary.model.v1.Query/QuoteBuy",
      ["tributary.model.v1.QueryQuoteBuyRequest", { modelId: 1n, shares: "1001" }],
      "tributary.model.v1.QueryQuoteBuyResponse",
    );
    // 2·1001 + 0.001·1001²/2 = 2002 + 501.0005, so 2504; the fee is 25.04, so 26.
    expect(quote).toEqual({ cost: coin(2530n, "uopen"), fee: coin(26n, "uopen") });
    world.refused("user", world.buy("user", 1n, 1001n, 2529n), 22);
    const before = world.money("user");
    world.ok("user", world.buy("user", 1n, 1001n, 2530n));
    expect(before - world.money("user")).toBe(2530n);
    expect(world.chain.balance("user", "model/1")).toBe(1001n);
    expect(world.curve(1n)).toMatchObject({ supply: "1001", reserve: "2504", escrow: "26" });
    const back = world.chain.query(
      "/tributary.model.v1.Query/QuoteSell",
      ["tributary.model.v1.QueryQuoteSellRequest", { modelId: 1n, shares: "1001" }],
      "tributary.model.v1.QueryQuoteSellResponse",
    );
    expect(back).toEqual({ payout: coin(2477n, "uopen"), fee: coin(26n, "uopen") });
    // All of it back: 2503 rounded down, less 26.
    world.refused("user", world.sell("user", 1n, 1001n, 2478n), 22);
    world.ok("user", world.sell("user", 1n, 1001n, 2477n));
    expect(before - world.money("user")).toBe(53n);
    expect(world.curve(1n)).toMatchObject({ supply: "0", reserve: "1", escrow: "52" });
    world.refused("user", world.sell("user", 1n, 1n), 20);
    world.chain.checkInvariants();
  });

  test("is refused twice, to strangers, and with numbers that make no curve", () => {
    const world = new ModelWorld();
    world.refused("host", open(world, LINEAR, 1n, "host"), 7);
    for (const wrong of [
      { ...LINEAR, base: "0", slope: "0" },
      { ...LINEAR, blockBuyCap: "0" },
      { ...LINEAR, saleShares: "5" },
      { ...LINEAR, base: `${(1n << 64n) + 1n}` },
      { ...LINEAR, kind: 0 },
      { ...VIRTUAL, base: "1" },
      { ...VIRTUAL, saleShares: "1073000" },
      { ...VIRTUAL, virtualReserve: "100" },
    ]) {
      world.refused("owner", open(world, wrong), 19);
    }
    world.ok("owner", open(world, LINEAR));
    world.refused("owner", open(world, LINEAR), 19);
    world.refused("user", world.buy("user", 9n, 1n), 2);
    world.refused("user", world.sell("user", 9n, 1n), 18);
    const late = { ...(world.buy("user", 1n, 1n)[1] as object), deadline: 5n };
    world.refused("user", ["tributary.model.v1.MsgBuyShares", late] as unknown as MessageToSend, 25);
    expect(FAR).toBeGreaterThan(world.chain.time.seconds);
  });
});

describe("a curve with virtual reserves", () => {
  test("ends in a pool at its last price, whose shares nobody owns", () => {
    const world = new ModelWorld();
    world.ok("owner", open(world, VIRTUAL));
    world.refused("user", world.buy("user", 1n, 793_101n), 20);
    // Nobody opens that pool before.
    world.ok("user", world.buy("user", 1n, 5000n));
    const pool: MessageToSend = [
      "tributary.tokenpool.v1.MsgCreatePool",
      { creator: world.address("user"), coinA: coin(5000n, "model/1"), coinB: coin(5000n, "uopen"), batched: false },
    ];
    world.refused("user", pool, 17, "tokenpool");
    const result = world.ok("ann", world.buy("ann", 1n, 788_100n));
    const { poolId } = responseOf("tributary.model.v1.MsgBuySharesResponse", result);
    expect(poolId).toBe(1n);
    const curve = world.curve(1n);
    // 30·1073/279.9 − 30 = 85.0053… million: all of it, rounded up, and the two roundings of two purchases at most.
    const exact = (30_000_000n * 1_073_000n) / 279_900n - 30_000_000n;
    const reserve = BigInt(curve.graduatedReserve);
    expect(reserve - exact).toBeGreaterThanOrEqual(1n);
    expect(reserve - exact).toBeLessThanOrEqual(3n);
    const { pool: opened } = world.chain.query(
      "/tributary.tokenpool.v1.Query/Pool",
      ["tributary.tokenpool.v1.QueryPoolRequest", { poolId }],
      "tributary.tokenpool.v1.QueryPoolResponse",
    );
    expect(opened).toMatchObject({ denom0: "model/1", denom1: "uopen", reserve1: `${reserve}` });
    // The pool's price is the curve's last: (V₀ + R)/(V − s) = R/P, P rounded down.
    const shares = BigInt(opened.reserve0);
    expect(shares).toBe((reserve * 279_900n) / (30_000_000n + reserve));
    for (const name of ["owner", "user", "ann"]) expect(world.chain.balance(name, "pool/1")).toBe(0n);
    world.refused("user", world.buy("user", 1n, 1n), 20);
    world.refused("user", world.sell("user", 1n, 1n), 20);
    // What it put there for ever still counts for its place.
    expect(world.backing(1n).weight).toBe(reserve);
    world.chain.checkInvariants();
  });
});

describe("a milestone", () => {
  const begun = () => {
    const world = new ModelWorld();
    world.ok("owner", open(world, LINEAR));
    world.ok("user", world.buy("user", 1n, 5000n));
    return world;
  };

  test("pays the owner from the escrow when nobody vetoes it", () => {
    const world = begun();
    const escrow = BigInt(world.curve(1n).escrow);
    expect(escrow).toBe(225n);
    world.refused("owner", propose(world, escrow + 1n), 15);
    world.refused("host", propose(world, 1n, "host"), 7);
    world.ok("owner", propose(world, 200n));
    world.refused("owner", propose(world, 1n), 23);
    const before = world.money("owner");
    world.wait(VETO - 10n);
    expect(world.money("owner")).toBe(before);
    world.wait(10n);
    expect(world.money("owner") - before).toBe(200n);
    expect(milestones(world)).toMatchObject([{ number: 1n, status: 1, amount: "200" }]);
    expect(world.curve(1n).escrow).toBe("25");
  });

  test("is stopped by a third of the shares that earn, each of which speaks once", () => {
    const world = begun();
    world.ok("user", world.back("user", 1n, 700n));
    world.ok("ann", world.back("ann", 1n, 351n));
    world.wait(3600n);
    world.ok("other", world.back("other", 1n, 10n));
    world.ok("owner", propose(world, 200n));
    world.refused("other", veto(world, "other"), 15);
    world.refused("ann", veto(world, "ann", 2n), 23);
    world.ok("ann", veto(world, "ann"));
    world.refused("ann", veto(world, "ann"), 23);
    const before = world.money("owner");
    world.wait(VETO);
    expect(world.money("owner")).toBe(before);
    expect(milestones(world)).toMatchObject([{ status: 2, vetoes: "351" }]);
    expect(world.curve(1n).escrow).toBe("225");
    // Less than a third does not stop the next.
    world.ok("user", world.back("user", 1n, 3n));
    world.wait(3600n);
    world.ok("owner", propose(world, 225n));
    world.ok("ann", veto(world, "ann", 2n));
    world.wait(VETO);
    expect(milestones(world)).toMatchObject([{ status: 2 }, { status: 1 }]);
    expect(world.money("owner") - before).toBe(225n);
  });

  test("of a model that is retired releases nothing: backers have the escrow", () => {
    const world = begun();
    world.ok("ann", world.back("ann", 1n, 10n));
    world.ok("owner", propose(world, 200n));
    world.wait(3600n);
    world.ok("owner", ["tributary.model.v1.MsgRetire", { owner: world.address("owner"), modelId: 1n }]);
    expect(milestones(world)).toMatchObject([{ status: 2 }]);
    expect(world.position(1n, "ann").claimable.amount).toBe("225");
    // Shares still come back to the curve.
    world.ok("user", world.sell("user", 1n, 5000n));
    world.refused("user", world.buy("user", 1n, 5n), 8);
    world.chain.checkInvariants();
  });

  test("pays no more than an offence has left", () => {
    const world = begun();
    world.ok("owner", propose(world, 225n));
    // A false batch costs a twentieth of the escrow.
    expect(world.punish("owner", { modelId: 1n, offence: 2 })).toBe(11n);
    const before = world.money("owner");
    world.wait(VETO);
    expect(world.money("owner") - before).toBe(214n);
    expect(milestones(world)).toMatchObject([{ status: 1, amount: "214" }]);
  });
});

test("what the owner buys is locked for thirty days", () => {
  const world = new ModelWorld();
  world.ok("owner", open(world, LINEAR));
  const unlock: MessageToSend = ["tributary.model.v1.MsgUnlockShares", { owner: world.address("owner"), modelId: 1n }];
  world.ok("owner", world.buy("owner", 1n, 100n));
  expect(world.chain.balance("owner", "model/1")).toBe(0n);
  world.refused("owner", world.sell("owner", 1n, 100n), 5, "sdk");
  world.refused("owner", unlock, 21);
  world.wait(LOCK);
  world.ok("owner", unlock);
  world.refused("owner", unlock, 17);
  world.ok("owner", world.sell("owner", 1n, 100n));
  world.ok("owner", world.buy("owner", 1n, 5n));
  expect(world.chain.balance("owner", "model/1")).toBe(5n);
});
