/** Routes, orders of a block, average prices, the protocol's part and creator tokens, through a chain. */
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { blockEvents, decide, govAddress, govChain } from "../../support/governance.ts";
import { coin, FAR, MarketWorld } from "../../support/market-world.ts";
import { responseOf } from "../../support/native-world.ts";

const UNIT = 10n ** 18n;
/** One in Uniswap's prices. */
const Q112 = 1n << 112n;

function expectRefused(world: MarketWorld, from: string, message: MessageToSend, code: number, text: string): void {
  const before = [1n, 2n, 3n].map((id) => (id <= 1n ? world.pool(id) : undefined));
  const result = world.chain.run(from, message);
  expect([result.codespace, result.code, result.log]).toEqual(["tokenpool", code, expect.stringContaining(text)]);
  expect(world.pool(1n)).toEqual(before[0]);
}

describe("a route", () => {
  const begun = () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [5n * UNIT, "aaa"], [10n * UNIT, "bbb"]));
    world.ok("alice", world.create("alice", [10n * UNIT, "bbb"], [10n * UNIT, "ccc"]));
    return world;
  };
  const along = (world: MarketWorld, poolIds: readonly bigint[], minOut: bigint, from = "bob"): MessageToSend => [
    "tributary.tokenpool.v1.MsgSwapRouteExactIn",
    {
      trader: world.address(from),
      poolIds: [...poolIds],
      amountIn: coin(UNIT, "aaa"),
      minOut: coin(minOut, "ccc"),
      deadline: FAR,
    },
  ];

  test("gives what its swaps would have given one after another, and the search finds it", () => {
    const world = begun();
    // 1 into 5/10 gives 1662497915624478906 (UniswapV2Pair.spec.ts, getInputPrice:0); that into 10/10 by its formula:
    const first = 1662497915624478906n;
    const second = (first * 997n * (10n * UNIT)) / (10n * UNIT * 1000n + first * 997n);
    const found = world.route({ denomIn: "aaa", denomOut: "ccc", amountIn: UNIT.toString() });
    expect(found).toEqual({ poolIds: [1n, 2n], amountIn: coin(UNIT, "aaa"), amountOut: coin(second, "ccc") });
    expectRefused(world, "bob", along(world, [1n, 2n], second + 1n), 8, "at least");
    const before = world.balance("bob", "ccc");
    const result = world.ok("bob", along(world, [1n, 2n], second));
    expect(world.balance("bob", "ccc") - before).toBe(second);
    expect(result.events.filter(({ type }) => type === "swap").length).toBe(2);
    expect(world.balance("bob", "bbb")).toBe(10n ** 24n);
  });

  test("to an exact amount takes what selling gave for it, and no more", () => {
    const world = begun();
    const wanted = UNIT / 2n;
    const found = world.route({ denomIn: "aaa", denomOut: "ccc", amountOut: wanted.toString() });
    const cost = BigInt(found.amountIn.amount);
    const message = (maxIn: bigint): MessageToSend => [
      "tributary.tokenpool.v1.MsgSwapRouteExactOut",
      {
        trader: world.address("bob"),
        poolIds: found.poolIds,
        amountOut: coin(wanted, "ccc"),
        maxIn: coin(maxIn, "aaa"),
        deadline: FAR,
      },
    ];
    expectRefused(world, "bob", message(cost - 1n), 8, "at most");
    const before = [world.balance("bob", "aaa"), world.balance("bob", "ccc")] as const;
    world.ok("bob", message(cost));
    expect(before[0] - world.balance("bob", "aaa")).toBe(cost);
    expect(world.balance("bob", "ccc") - before[1]).toBe(wanted);
  });

  test("is refused with a pool twice, none, too many, or one that does not fit", () => {
    const world = begun();
    expectRefused(world, "bob", along(world, [1n, 1n], 1n), 11, "twice");
    expectRefused(world, "bob", along(world, [], 1n), 11, "0 pools");
    expectRefused(world, "bob", along(world, [1n, 2n, 3n, 4n, 5n], 1n), 11, "5 pools");
    expectRefused(world, "bob", along(world, [2n, 1n], 1n), 5, "aaa in pool 2");
    expectRefused(world, "bob", along(world, [1n], 1n), 5, "limit is in ccc");
    expect(() => world.route({ denomIn: "aaa", denomOut: "ddd", amountIn: "1" })).toThrow("no route found");
    expect(() => world.route({ denomIn: "aaa", denomOut: "ccc" })).toThrow("one of amount_in and amount_out");
  });

  test("that is the best of all is found, whichever of one, two or three pools it has", () => {
    const world = begun();
    // A direct pool of little depth: it is better for little and worse for much.
    world.ok("carol", world.create("carol", [UNIT / 100n, "aaa"], [UNIT / 50n, "ccc"]));
    world.ok("carol", world.create("carol", [20n * UNIT, "aaa"], [40n * UNIT, "ddd"]));
    world.ok("carol", world.create("carol", [20n * UNIT, "bbb"], [20n * UNIT, "ddd"]));
    const gives = (poolIds: readonly bigint[], input: bigint): bigint => {
      let given = coin(input, "aaa");
      for (const poolId of poolIds) {
        const request = { poolId, denomIn: given.denom, amountIn: given.amount };
        given = world.chain.query(
          "/tributary.tokenpool.v1.Query/QuoteExactIn",
          ["tributary.tokenpool.v1.QueryQuoteExactInRequest", request],
          "tributary.tokenpool.v1.QueryQuoteExactInResponse",
        ).amountOut;
      }
      return BigInt(given.amount);
    };
    const all = [[3n], [1n, 2n], [4n, 5n, 2n]];
    const chosen = new Set<string>();
    for (const input of [UNIT / 100_000n, UNIT / 200n, UNIT, 3n * UNIT]) {
      const { poolIds, amountOut } = world.route({ denomIn: "aaa", denomOut: "ccc", amountIn: input.toString() });
      const best = all.map((way) => gives(way, input)).reduce((a, b) => (a > b ? a : b));
      expect(BigInt(amountOut.amount)).toBe(best);
      chosen.add(poolIds.join());
    }
    expect(chosen.size).toBe(3);
  });
});

describe("orders of a block", () => {
  const begun = () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"], true));
    return world;
  };

  test("one alone gets what a swap would have given", () => {
    const world = begun();
    const before = world.balance("bob", "bbb");
    const result = world.ok("bob", world.order("bob", 1n, [UNIT, "aaa"], [1n, "bbb"]));
    expect(responseOf("tributary.tokenpool.v1.MsgPlaceOrderResponse", result)).toEqual({ orderId: 1n });
    // UniswapV2Pair.spec.ts, getInputPrice:5.
    expect(world.balance("bob", "bbb") - before).toBe(987158034397061298n);
    expect(world.events("batch_settled")[0]).toMatchObject({ orders: "1", filled: "1" });
  });

  test("all get one price, whoever came first, and those that cancel out move the pool by their fees alone", () => {
    const spread = (order: readonly ("bob" | "carol")[]) => {
      const world = begun();
      const before = { bob: world.balance("bob", "bbb"), carol: world.balance("carol", "aaa") };
      const messages = {
        bob: world.order("bob", 1n, [10n * UNIT, "aaa"], [1n, "bbb"]),
        carol: world.order("carol", 1n, [10n * UNIT, "bbb"], [1n, "aaa"]),
      };
      world.together(order.map((name) => [name, messages[name]]));
      const got = {
        bob: world.balance("bob", "bbb") - before.bob,
        carol: world.balance("carol", "aaa") - before.carol,
      };
      return { got, reserves: world.reserves(1n) };
    };
    const first = spread(["bob", "carol"]);
    // Equal amounts after the fee: the price is one, and each gets 997/1000 of what it sold.
    expect(first.got).toEqual({ bob: (10n * UNIT * 997n) / 1000n, carol: (10n * UNIT * 997n) / 1000n });
    expect(first.reserves).toEqual([100n * UNIT + (10n * UNIT * 3n) / 1000n, 100n * UNIT + (10n * UNIT * 3n) / 1000n]);
    expect(spread(["carol", "bob"])).toEqual(first);
  });

  test("one that the price does not suffice for is given back whole", () => {
    const world = begun();
    const before = world.balance("bob", "aaa");
    world.ok("bob", world.order("bob", 1n, [UNIT, "aaa"], [987158034397061299n, "bbb"]));
    expect(world.balance("bob", "aaa")).toBe(before);
    expect(world.events("order_returned").length).toBe(1);
    expect(world.reserves(1n)).toEqual([100n * UNIT, 100n * UNIT]);
  });

  test("a batched pool takes no swaps, others no orders, and routes go elsewhere", () => {
    const world = begun();
    expectRefused(world, "bob", world.swap("bob", 1n, [UNIT, "aaa"], [1n, "bbb"]), 13, "pool 1");
    world.ok("alice", world.create("alice", [UNIT, "ccc"], [UNIT, "bbb"]));
    expectRefused(world, "bob", world.order("bob", 2n, [UNIT, "bbb"], [1n, "ccc"]), 14, "pool 2");
    expectRefused(world, "bob", world.order("bob", 1n, [UNIT, "ccc"], [1n, "bbb"]), 5, "bbb and ccc");
    expect(() => world.route({ denomIn: "aaa", denomOut: "ccc", amountIn: "1000" })).toThrow("no route found");
  });

  test("a block takes 64 of a pool, and says so", () => {
    const world = begun();
    const message = world.order("bob", 1n, [1000n, "aaa"], [1n, "bbb"]);
    const { info } = world.chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address("bob") }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    const txs = Array.from({ length: 65 }, (_, i) =>
      world.chain.sign("bob", message, { gas: 1_000_000n, sequence: info!.sequence + BigInt(i) }),
    );
    const results = world.chain.block(txs);
    expect(results.map(({ code }) => code)).toEqual([...Array<number>(64).fill(0), 15]);
    world.chain.checkInvariants();
    expect(blockEvents(world.chain, "order_filled").length).toBe(64);
  });
});

describe("average prices", () => {
  test("count the seconds a price stood, as Uniswap v2's sums do", () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [3n * UNIT, "aaa"], [3n * UNIT, "bbb"]));
    world.wait(5n);
    world.ok("bob", world.swap("bob", 1n, [3n * UNIT, "aaa"], [1n, "bbb"]));
    // Ten seconds at 3/3: the sums are ten prices of one (UniswapV2Pair.spec.ts, price{0,1}CumulativeLast).
    expect([world.pool(1n).cumulative0, world.pool(1n).cumulative1]).toEqual([`${10n * Q112}`, `${10n * Q112}`]);
    const [x, y] = world.reserves(1n);
    const [price0, price1] = [(y << 112n) / x, (x << 112n) / y];
    world.wait(10n);
    expect(world.twap(1n, 10n)).toMatchObject({ price0: `${price0}`, price1: `${price1}` });
    expect(world.twap(1n, 20n)).toMatchObject({
      price0: `${(10n * Q112 + 10n * price0) / 20n}`,
      price1: `${(10n * Q112 + 10n * price1) / 20n}`,
    });
    expect(world.twap(1n, 15n).price0).toBe(`${(5n * Q112 + 10n * price0) / 15n}`);
    expect(() => world.twap(1n, 21n)).toThrow("not observed for so long");
    expect(() => world.twap(1n, 0n)).toThrow("window_seconds is missing");
    expect(() => world.twap(2n, 1n)).toThrow("pool 2");
  });

  test("are exact over changes that lie hours apart, and kept for two days", () => {
    const world = new MarketWorld();
    world.ok("alice", world.create("alice", [100n * UNIT, "aaa"], [100n * UNIT, "bbb"]));
    const begun = world.chain.time.seconds;
    let expected = 0n;
    let price = Q112;
    for (const hours of [1n, 13n, 5n]) {
      world.wait(hours * 3600n - 5n);
      world.ok("bob", world.swap("bob", 1n, [UNIT, "aaa"], [1n, "bbb"]));
      expected += price * hours * 3600n;
      const [x, y] = world.reserves(1n);
      price = (y << 112n) / x;
    }
    world.wait(7200n);
    const seconds = world.chain.time.seconds - begun;
    expect(seconds).toBe(21n * 3600n);
    expect(world.twap(1n, seconds).price0).toBe(`${(expected + price * 7200n) / seconds}`);
    world.wait(172_800n);
    expect(world.twap(1n, 172_800n).price0).toBe(`${price}`);
    expect(() => world.twap(1n, 172_801n)).toThrow("not observed for so long");
  });
});

test("the protocol's part of what fees added is Uniswap v2's, and governance can take it out", () => {
  const world = new MarketWorld();
  world.ok("alice", world.create("alice", [1000n * UNIT, "aaa"], [1000n * UNIT, "bbb"]));
  world.ok("bob", world.swap("bob", 1n, [UNIT, "bbb"], [996006981039903216n, "aaa"]));
  const limits = { minA: coin(1n, "aaa"), minB: coin(1n, "bbb"), shares: (1000n * UNIT - 1000n).toString() };
  const provider = world.address("alice");
  world.ok("alice", ["tributary.tokenpool.v1.MsgRemoveLiquidity", { provider, poolId: 1n, ...limits, deadline: FAR }]);
  // UniswapV2Pair.spec.ts, feeTo:on.
  expect(world.balance(govAddress(world.chain), "pool/1")).toBe(249750499251388n);
  expect(world.pool(1n).shareSupply).toBe(`${1000n + 249750499251388n}`);
  expect(world.reserves(1n)).toEqual([1000n + 249501683697445n, 1000n + 250000187312969n]);
});

describe("a creator token", () => {
  const created = (rateFixed = false) => {
    const world = new MarketWorld();
    const terms = { creator: world.address("alice"), name: "songs", rate: "2500001", rateFixed };
    const result = world.ok("alice", ["tributary.tokenpool.v1.MsgCreateToken", terms]);
    const { denom } = responseOf("tributary.tokenpool.v1.MsgCreateTokenResponse", result);
    expect(denom).toBe(`creator/${world.address("alice")}/songs`);
    return { world, denom };
  };
  const mint = (world: MarketWorld, denom: string, units: bigint, maxCost: bigint): MessageToSend => [
    "tributary.tokenpool.v1.MsgMintAnchored",
    { buyer: world.address("bob"), amount: coin(units, denom), maxCost: coin(maxCost, "uopen") },
  ];
  const redeem = (world: MarketWorld, denom: string, units: bigint): MessageToSend => [
    "tributary.tokenpool.v1.MsgRedeem",
    { holder: world.address("bob"), amount: coin(units, denom) },
  ];
  const raise = (world: MarketWorld, denom: string, rate: bigint, maxAdded: bigint, from = "alice"): MessageToSend => [
    "tributary.tokenpool.v1.MsgRaiseRate",
    { creator: world.address(from), denom, rate: rate.toString(), maxAdded: coin(maxAdded, "uopen") },
  ];
  const refused = (world: MarketWorld, from: string, message: MessageToSend, code: number, codespace = "tokenpool") => {
    const result = world.chain.run(from, message);
    expect([result.codespace, result.code]).toEqual([codespace, code]);
  };

  test("costs its rate rounded up, gives it rounded down, and is covered in between", () => {
    const { world, denom } = created();
    const before = world.balance("bob", "uopen");
    refused(world, "bob", mint(world, denom, 3n, 7n), 8);
    world.ok("bob", mint(world, denom, 3n, 8n));
    expect(before - world.balance("bob", "uopen")).toBe(8n); // 7.500003
    world.ok("bob", mint(world, denom, 1n, 3n));
    expect(world.token(denom)).toMatchObject({
      token: { supply: "4", reserve: "11" },
      needed: coin(10n, "uopen"),
      held: coin(11n, "uopen"),
    });
    refused(world, "bob", redeem(world, denom, 5n), 5, "sdk");
    world.ok("bob", redeem(world, denom, 4n));
    expect(before - world.balance("bob", "uopen")).toBe(1n);
    expect(world.token(denom).token).toMatchObject({ supply: "0", reserve: "1" });
  });

  test("has a rate that only its creator raises, and pays for", () => {
    const { world, denom } = created();
    world.ok("bob", mint(world, denom, 1_000_000n, 2_500_001n));
    refused(world, "bob", raise(world, denom, 3_000_000n, 10n ** 9n, "bob"), 21);
    refused(world, "alice", raise(world, denom, 2_500_001n, 10n ** 9n), 22);
    refused(world, "alice", raise(world, denom, 3_000_000n, 499_998n), 8);
    world.ok("alice", raise(world, denom, 3_000_000n, 499_999n));
    expect(world.token(denom).token).toMatchObject({ rate: "3000000", reserve: "3000000" });
    world.ok("bob", redeem(world, denom, 1_000_000n));
    const fixed = created(true);
    refused(fixed.world, "alice", raise(fixed.world, fixed.denom, 3_000_000n, 10n ** 9n), 22);
  });

  test("is refused with a name that is taken or none, no rate, or a limit in another denomination", () => {
    const { world, denom } = created();
    const creator = world.address("alice");
    const again = (changes: object): MessageToSend => [
      "tributary.tokenpool.v1.MsgCreateToken",
      { creator, name: "films", rate: "1", rateFixed: false, ...changes },
    ];
    refused(world, "alice", again({ name: "songs" }), 19);
    refused(world, "alice", again({ name: "Songs" }), 20);
    refused(world, "alice", again({ rate: `${1n << 64n}` }), 20);
    refused(world, "alice", again({ rate: "0" }), 18, "sdk");
    refused(world, "bob", mint(world, "creator/nobody/x", 1n, 1n), 18);
    const wrong = [...mint(world, denom, 1n, 1n)] as unknown as [string, object];
    refused(world, "bob", [wrong[0], { ...wrong[1], maxCost: coin(9n, "aaa") }] as unknown as MessageToSend, 5);
    refused(world, "bob", mint(world, denom, 1n << 128n, 1n), 20);
    expect(() => world.token("creator/nobody/x")).toThrow("creator token not found");
  });

  test("trades in a pool like any other denomination", () => {
    const { world, denom } = created();
    world.ok("bob", mint(world, denom, 10n ** 9n, 10n ** 12n));
    world.ok("bob", world.create("bob", [10n ** 8n, denom], [10n ** 8n, "uopen"]));
    const found = world.route({ denomIn: "uopen", denomOut: denom, amountIn: "1000" });
    expect(found.poolIds).toEqual([1n]);
  });
});

test("governance changes the fees of pools to come and the protocol's part, and not the anchor", () => {
  const chain = govChain();
  const update = (params: object): MessageToSend =>
    ["tributary.tokenpool.v1.MsgUpdateParams", { authority: govAddress(chain), params }] as unknown as MessageToSend;
  const params = { feePpm: 500, protocolFeePart: 0, anchorDenom: "uopen" };
  expect(decide(chain, [update(params)]).failedReason).toBe("");
  const read = () =>
    chain.query(
      "/tributary.tokenpool.v1.Query/Params",
      ["tributary.tokenpool.v1.QueryParamsRequest", {}],
      "tributary.tokenpool.v1.QueryParamsResponse",
    ).params;
  expect(read()).toEqual(params);
  for (const [change, why] of [
    [{ anchorDenom: "other" }, "tokens stay anchored to uopen"],
    [{ feePpm: 100_001 }, "fee_ppm 100001"],
    [{ protocolFeePart: 1 }, "protocol_fee_part 1"],
  ] as const) {
    expect(decide(chain, [update({ ...params, ...change })]).failedReason).toContain(why);
  }
  expect(read()).toEqual(params);
});

test("a chain with pools, orders behind it, notes and tokens comes back from its export", () => {
  const world = new MarketWorld();
  world.ok("alice", world.create("alice", [UNIT, "aaa"], [UNIT, "bbb"], true));
  world.ok("bob", world.order("bob", 1n, [1000n, "aaa"], [1n, "bbb"]));
  const terms = { creator: world.address("alice"), name: "songs", rate: "7", rateFixed: true };
  world.ok("alice", ["tributary.tokenpool.v1.MsgCreateToken", terms]);
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue, time: world.chain.time });
  expect(again.application.exportGenesis()).toEqual(exported);
});
