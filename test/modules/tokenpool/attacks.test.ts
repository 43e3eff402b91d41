/** What has been done to pools elsewhere, tried here. Each test names the attack and shows what it gives. */
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { coin, FAR, MarketWorld } from "../../support/market-world.ts";

const UNIT = 10n ** 18n;

function add(world: MarketWorld, from: string, a: bigint, b: bigint): MessageToSend {
  const limits = { maxA: coin(a, "aaa"), maxB: coin(b, "bbb"), minShares: "1" };
  const provider = world.address(from);
  return ["tributary.tokenpool.v1.MsgAddLiquidity", { provider, poolId: 1n, ...limits, deadline: FAR }];
}

function remove(world: MarketWorld, from: string, shares: bigint): MessageToSend {
  const limits = { minA: coin(1n, "aaa"), minB: coin(1n, "bbb"), shares: shares.toString() };
  const provider = world.address(from);
  return ["tributary.tokenpool.v1.MsgRemoveLiquidity", { provider, poolId: 1n, ...limits, deadline: FAR }];
}

describe("sandwich", () => {
  const FAIR = 9_066_108_938_801_491_315n; // 10 into 100/100, 997/1000

  test("of a swap takes no more than its min_out leaves, and nothing when it leaves nothing", () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"]));
    // The victim, bob, accepts nothing below the fair price: with carol's purchase before it, the swap is refused whole.
    const before = world.balance("bob", "aaa");
    const [front, victim] = world.together([
      ["carol", world.swap("carol", 1n, [20n * UNIT, "aaa"], [1n, "bbb"])],
      ["bob", world.swap("bob", 1n, [10n * UNIT, "aaa"], [FAIR, "bbb"])],
    ]);
    expect([front!.code, victim!.code]).toEqual([0, 8]);
    expect(world.balance("bob", "aaa")).toBe(before);
    // And carol, who sells back what she bought, has paid both fees.
    const held = world.balance("carol", "bbb") - 10n ** 24n;
    world.ok("carol", world.swap("carol", 1n, [held, "bbb"], [1n, "aaa"]));
    expect(world.balance("carol", "aaa")).toBeLessThan(10n ** 24n);
  });

  test("in a batched pool gives nothing: before and after the victim is one price", () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"], true));
    // Carol buys bbb and sells bbb around bob's purchase, all in one block.
    const [aaa, bbb] = [world.balance("carol", "aaa"), world.balance("carol", "bbb")];
    const { info } = world.chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address("carol") }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    const sign = (message: MessageToSend, after: bigint) =>
      world.chain.sign("carol", message, { gas: 1_000_000n, sequence: info!.sequence + after });
    const results = world.chain.block([
      sign(world.order("carol", 1n, [20n * UNIT, "aaa"], [1n, "bbb"]), 0n),
      world.chain.sign("bob", world.order("bob", 1n, [10n * UNIT, "aaa"], [1n, "bbb"]), { gas: 1_000_000n }),
      sign(world.order("carol", 1n, [20n * UNIT, "bbb"], [1n, "aaa"]), 1n),
    ]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    const [gainA, gainB] = [world.balance("carol", "aaa") - aaa, world.balance("carol", "bbb") - bbb];
    // Valued at the pool's price after it all, either way, she has lost.
    const [x, y] = world.reserves(1n);
    expect(gainA * y + gainB * x).toBeLessThan(0n);
    // Bob got at least what he would have got alone, for her orders met his.
    expect(world.balance("bob", "bbb") - 10n ** 24n).toBeGreaterThanOrEqual(FAIR);
  });
});

describe("first-LP inflation", () => {
  test("costs the attacker more than it takes: 1000 locked shares keep what is added to them", () => {
    const world = new MarketWorld();
    // The smallest pool there is, then a swap back and forth to lift the price of its one free share.
    world.ok("carol", world.create("carol", [1001n, "aaa"], [1001n, "bbb"]));
    expect(world.balance("carol", "pool/1")).toBe(1n);
    const spent = () => 2n * 10n ** 24n - world.balance("carol", "aaa") - world.balance("carol", "bbb");
    // A gift cannot lift it: the module's account takes none, and reserves are counted. Swaps of her own can, by fees and roundings alone.
    for (let i = 0; i < 10; i++) {
      const held = world.balance("carol", "bbb");
      world.ok("carol", world.swap("carol", 1n, [10n ** 6n, "aaa"], [1n, "bbb"]));
      world.ok("carol", world.swap("carol", 1n, [world.balance("carol", "bbb") - held, "bbb"], [1n, "aaa"]));
    }
    const [x, y] = world.reserves(1n);
    const supply = BigInt(world.pool(1n).shareSupply);
    // The victim loses at most the worth of one share in each denomination.
    const before = [world.balance("bob", "aaa"), world.balance("bob", "bbb")] as const;
    world.ok("bob", add(world, "bob", x * 300n, y * 300n));
    world.ok("bob", remove(world, "bob", world.balance("bob", "pool/1")));
    expect(before[0] - world.balance("bob", "aaa")).toBeLessThanOrEqual(x / supply + 1n);
    expect(before[1] - world.balance("bob", "bbb")).toBeLessThanOrEqual(y / supply + 1n);
    // And it lifted her share by a thousandth of what it cost her.
    expect((x + y) / supply).toBeLessThan(spent() / 100n);
  });

  test("is refused a pool without shares of its own", () => {
    const world = new MarketWorld();
    const result = world.chain.run("carol", world.create("carol", [1000n, "aaa"], [1000n, "bbb"]));
    expect([result.codespace, result.code]).toEqual(["tokenpool", 6]);
  });
});

test("donation: coins in the module's accounts move no price and back nothing", () => {
  const world = new MarketWorld();
  world.ok("alice", world.create("alice", [5n * UNIT, "aaa"], [10n * UNIT, "bbb"]));
  const terms = { creator: world.address("alice"), name: "songs", rate: "1000000", rateFixed: true };
  world.ok("alice", ["tributary.tokenpool.v1.MsgCreateToken", terms]);
  const exported = world.chain.application.exportGenesis() as {
    bank: { balances: { address: string; coins: { denom: string; amount: string }[] }[] };
    auth: { accounts: { "@type": string; name?: string; base_account?: { address: string } }[] };
  };
  // A transaction cannot give to the accounts; a genesis can.
  const pools = exported.auth.accounts.find(({ name }) => name === "tokenpool")!.base_account!.address;
  const gift = { fromAddress: world.address("bob"), toAddress: pools, amount: [coin(5n, "aaa")] };
  const refused = world.chain.run("bob", ["cosmos.bank.v1beta1.MsgSend", gift]);
  expect([refused.codespace, refused.code]).toEqual(["sdk", 4]);
  const balances = exported.bank.balances.map((row) =>
    row.address === pools
      ? { ...row, coins: row.coins.map((one) => (one.denom === "aaa" ? coin(BigInt(one.amount) * 2n, "aaa") : one)) }
      : row,
  );
  const state = { ...exported, bank: { ...exported.bank, balances, supply: [] } };
  const again = ChainHarness.start({ wholeAppState: state as unknown as JsonValue, time: world.chain.time });
  again.checkInvariants();
  const quote = (chain: ChainHarness) =>
    chain.query(
      "/tributary.tokenpool.v1.Query/QuoteExactIn",
      ["tributary.tokenpool.v1.QueryQuoteExactInRequest", { poolId: 1n, denomIn: "aaa", amountIn: `${UNIT}` }],
      "tributary.tokenpool.v1.QueryQuoteExactInResponse",
    ).amountOut.amount;
  expect(again.balance(pools, "aaa")).toBe(10n * UNIT);
  expect(quote(again)).toBe("1662497915624478906");
});

test("wash volume: trading with oneself only costs, and nothing on the chain is paid by volume", () => {
  const world = new MarketWorld();
  world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"]));
  const before = [world.balance("carol", "aaa"), world.balance("carol", "bbb")] as const;
  for (let i = 0; i < 5; i++) {
    const held = world.balance("carol", "bbb");
    world.ok("carol", world.swap("carol", 1n, [UNIT, "aaa"], [1n, "bbb"]));
    world.ok("carol", world.swap("carol", 1n, [world.balance("carol", "bbb") - held, "bbb"], [1n, "aaa"]));
  }
  expect(world.balance("carol", "bbb")).toBe(before[1]);
  const cost = before[0] - world.balance("carol", "aaa");
  // Ten times a fee of three thousandths of one, less what slips.
  expect(cost).toBeGreaterThan((UNIT * 10n * 29n) / 10_000n);
  // All of it is the pool's: those who own it have it, she has none of it.
  const [x, y] = world.reserves(1n);
  expect([x - 100n * UNIT, y - 100n * UNIT]).toEqual([cost, 0n]);
});

describe("pair squatting", () => {
  test("with a pool of dust that takes orders leaves the pair open to swaps, routes and liquidity", () => {
    const world = new MarketWorld();
    world.ok("bob", world.create("bob", [2000n, "aaa"], [2000n, "bbb"], true));
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"]));
    expect(world.route({ denomIn: "aaa", denomOut: "bbb", amountIn: "1000" })).toMatchObject({ poolIds: [2n] });
    world.ok("carol", world.swap("carol", 2n, [UNIT, "aaa"], [1n, "bbb"]));
    // There is one of each kind, whoever opens it.
    for (const batched of [false, true]) {
      const again = world.create("bob", [2000n, "bbb"], [2000n, "aaa"], batched);
      expect(world.chain.run("bob", again, { gas: 1_000_000n }).code).toBe(3);
    }
    world.chain.checkInvariants();
  });
});

describe("TWAP poke", () => {
  const begun = () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"]));
    world.wait(3600n);
    return world;
  };
  const Q112 = 1n << 112n;

  test("within a block has no weight at all", () => {
    const world = begun();
    const { info } = world.chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address("carol") }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    // A thousand times the pool in, and all that came out back, in one block.
    const out = (100_000n * UNIT * 997n * 100n * UNIT) / (100n * UNIT * 1000n + 100_000n * UNIT * 997n);
    const results = world.chain.block([
      world.chain.sign("carol", world.swap("carol", 1n, [100_000n * UNIT, "aaa"], [1n, "bbb"]), {
        sequence: info!.sequence,
      }),
      world.chain.sign("carol", world.swap("carol", 1n, [out, "bbb"], [1n, "aaa"]), {
        sequence: info!.sequence + 1n,
      }),
    ]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(world.twap(1n, 1800n).price0).toBe(`${Q112}`);
  });

  test("over one block weighs as its seconds, of half an hour at least", () => {
    const world = begun();
    world.ok("carol", world.swap("carol", 1n, [100n * UNIT, "aaa"], [1n, "bbb"]));
    expect(world.twap(1n, 1800n).price0).toBe(`${Q112}`);
    world.wait(5n);
    const [x, y] = world.reserves(1n);
    const poked = (y << 112n) / x;
    expect(poked).toBeLessThan(Q112 / 3n);
    const { price0 } = world.twap(1n, 1800n);
    expect(BigInt(price0)).toBe((1795n * Q112 + 5n * poked) / 1800n);
    // A price that is a quarter for five seconds is two thousandths less in the average.
    expect(BigInt(price0) * 1000n).toBeGreaterThan(Q112 * 997n);
  });
});
