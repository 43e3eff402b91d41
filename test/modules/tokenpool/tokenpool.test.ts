/** The tokenpool module through a chain. Amounts are those of Uniswap v2's specification, test/UniswapV2Pair.spec.ts. */
import { beforeEach, describe, expect, test } from "vitest";
import { decode } from "../../../proto/codec.ts";
import type { JsonValue } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const UNIT = 10n ** 18n;
const FAR = 4_000_000_000n;
const RICH = `${10_000n * UNIT}aaa,${10_000n * UNIT}bbb,${10_000n * UNIT}ccc,1000000uopen`;

let chain: ChainHarness;

beforeEach(() => {
  chain = ChainHarness.start({ balances: { alice: RICH, bob: RICH, carol: "5uopen" } });
});

function coin(amount: bigint, denom: string): { denom: string; amount: string } {
  return { denom, amount: amount.toString() };
}

function create(a: bigint, b: bigint, from = "alice"): MessageToSend {
  const creator = chain.address(from);
  return ["tributary.tokenpool.v1.MsgCreatePool", { creator, coinA: coin(a, "aaa"), coinB: coin(b, "bbb") }];
}

function swapIn(amountIn: bigint, minOut: bigint, denomIn = "aaa", deadline = FAR): MessageToSend {
  const denomOut = denomIn === "aaa" ? "bbb" : "aaa";
  const amounts = { amountIn: coin(amountIn, denomIn), minOut: coin(minOut, denomOut) };
  return ["tributary.tokenpool.v1.MsgSwapExactIn", { trader: chain.address("bob"), poolId: 1n, ...amounts, deadline }];
}

function swapOut(amountOut: bigint, maxIn: bigint, deadline = FAR): MessageToSend {
  const amounts = { amountOut: coin(amountOut, "bbb"), maxIn: coin(maxIn, "aaa") };
  return ["tributary.tokenpool.v1.MsgSwapExactOut", { trader: chain.address("bob"), poolId: 1n, ...amounts, deadline }];
}

function add(maxA: bigint, maxB: bigint, minShares: bigint): MessageToSend {
  const limits = { maxA: coin(maxA, "aaa"), maxB: coin(maxB, "bbb"), minShares: minShares.toString() };
  const provider = chain.address("bob");
  return ["tributary.tokenpool.v1.MsgAddLiquidity", { provider, poolId: 1n, ...limits, deadline: FAR }];
}

function remove(shares: bigint, minA: bigint, minB: bigint, from = "alice"): MessageToSend {
  const limits = { shares: shares.toString(), minA: coin(minA, "aaa"), minB: coin(minB, "bbb") };
  const provider = chain.address(from);
  return ["tributary.tokenpool.v1.MsgRemoveLiquidity", { provider, poolId: 1n, ...limits, deadline: FAR }];
}

function pool(): Messages["tributary.tokenpool.v1.Pool"] {
  return chain.query(
    "/tributary.tokenpool.v1.Query/Pool",
    ["tributary.tokenpool.v1.QueryPoolRequest", { poolId: 1n }],
    "tributary.tokenpool.v1.QueryPoolResponse",
  ).pool;
}

/** Runs a message that must be refused with this code, and checks that no reserve moved. */
function expectRefused(from: string, message: MessageToSend, codespace: string, code: number, text: string): void {
  const before = chain.query(
    "/tributary.tokenpool.v1.Query/Pools",
    ["tributary.tokenpool.v1.QueryPoolsRequest", {}],
    "tributary.tokenpool.v1.QueryPoolsResponse",
  ).pools;
  const result = chain.run(from, message);
  expect([result.codespace, result.code]).toEqual([codespace, code]);
  expect(result.log).toContain(text);
  const after = chain.query(
    "/tributary.tokenpool.v1.Query/Pools",
    ["tributary.tokenpool.v1.QueryPoolsRequest", {}],
    "tributary.tokenpool.v1.QueryPoolsResponse",
  ).pools;
  expect(after).toEqual(before);
  chain.checkInvariants();
}

describe("a pool", () => {
  test("mint: 1 and 4 give 2 less 1000 units of shares, and 1000 stay locked", () => {
    chain.runOk("alice", create(UNIT, 4n * UNIT));
    expect(chain.balance("alice", "pool/1")).toBe(2n * UNIT - 1000n);
    expect(pool()).toEqual({
      id: 1n,
      denom0: "aaa",
      denom1: "bbb",
      reserve0: UNIT.toString(),
      reserve1: (4n * UNIT).toString(),
      shareSupply: (2n * UNIT).toString(),
      feePpm: 3000,
      batched: false,
      kLast: (4n * UNIT * UNIT).toString(),
      cumulative0: "0",
      cumulative1: "0",
      updatedAt: chain.time.seconds,
    });
    chain.checkInvariants();
  });

  test("swap: 1 sold into 5/10 gives 1662497915624478906 and no unit more", () => {
    chain.runOk("alice", create(5n * UNIT, 10n * UNIT));
    const out = 1662497915624478906n;
    expectRefused("bob", swapIn(UNIT, out + 1n), "tokenpool", 8, "the price is worse than accepted");
    const before = chain.balance("bob", "bbb");
    const result = chain.runOk("bob", swapIn(UNIT, out));
    expect(chain.balance("bob", "bbb") - before).toBe(out);
    const { msgResponses } = decode("cosmos.base.abci.v1beta1.TxMsgData", result.data);
    expect(decode("tributary.tokenpool.v1.MsgSwapExactInResponse", msgResponses[0]!.value)).toEqual({
      amountOut: coin(out, "bbb"),
    });
    expect([pool().reserve0, pool().reserve1]).toEqual([(6n * UNIT).toString(), (10n * UNIT - out).toString()]);
    chain.checkInvariants();
  });

  test("buying that output takes what selling took, and the quote says so beforehand", () => {
    chain.runOk("alice", create(5n * UNIT, 10n * UNIT));
    const { amountIn } = chain.query(
      "/tributary.tokenpool.v1.Query/QuoteExactOut",
      [
        "tributary.tokenpool.v1.QueryQuoteExactOutRequest",
        { poolId: 1n, denomOut: "bbb", amountOut: "1662497915624478906" },
      ],
      "tributary.tokenpool.v1.QueryQuoteExactOutResponse",
    );
    const cost = BigInt(amountIn.amount);
    expect(cost).toBeLessThanOrEqual(UNIT);
    expectRefused("bob", swapOut(1662497915624478906n, cost - 1n), "tokenpool", 8, "at most");
    const before = chain.balance("bob", "aaa");
    chain.runOk("bob", swapOut(1662497915624478906n, cost));
    expect(before - chain.balance("bob", "aaa")).toBe(cost);
    chain.checkInvariants();
  });

  test("burn: all free shares of a 3/3 pool give 3 less 1000 units of each side", () => {
    chain.runOk("alice", create(3n * UNIT, 3n * UNIT));
    expectRefused("alice", remove(3n * UNIT - 1000n, 3n * UNIT, 1n), "tokenpool", 8, "wanted");
    chain.runOk("alice", remove(3n * UNIT - 1000n, 3n * UNIT - 1000n, 3n * UNIT - 1000n));
    expect([pool().reserve0, pool().reserve1, pool().shareSupply]).toEqual(["1000", "1000", "1000"]);
    expect(chain.balance("alice", "pool/1")).toBe(0n);
    expect(chain.balance("alice", "aaa")).toBe(10_000n * UNIT - 1000n);
    chain.checkInvariants();
  });

  test("liquidity is taken in the pool's ratio, and shares move like any coin", () => {
    chain.runOk("alice", create(5n * UNIT, 10n * UNIT));
    const supply = BigInt(pool().shareSupply);
    chain.runOk("bob", add(UNIT, 100n * UNIT, 1n));
    expect(chain.balance("bob", "aaa")).toBe(9_999n * UNIT);
    expect(chain.balance("bob", "bbb")).toBe(9_998n * UNIT);
    expect(chain.balance("bob", "pool/1")).toBe(supply / 5n);
    expectRefused("bob", add(UNIT, 2n * UNIT, supply), "tokenpool", 8, "shares");
    chain.runOk("bob", [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("bob"), toAddress: chain.address("carol"), amount: [coin(1000n, "pool/1")] },
    ]);
    const position = chain.query(
      "/tributary.tokenpool.v1.Query/Position",
      ["tributary.tokenpool.v1.QueryPositionRequest", { poolId: 1n, address: chain.address("carol") }],
      "tributary.tokenpool.v1.QueryPositionResponse",
    );
    expect(position.shares).toEqual(coin(1000n, "pool/1"));
    expect(position.redeemable).toEqual([coin(707n, "aaa"), coin(1414n, "bbb")]);
    chain.runOk("carol", remove(1000n, 707n, 1414n, "carol"));
    chain.checkInvariants();
  });
});

describe("a message is refused, and changes nothing", () => {
  beforeEach(() => {
    chain.runOk("alice", create(5n * UNIT, 10n * UNIT));
  });

  test("for a pair that has a pool, in either order", () => {
    expectRefused("bob", create(UNIT, UNIT, "bob"), "tokenpool", 3, "aaa and bbb are in pool 1");
    const turned: MessageToSend = [
      "tributary.tokenpool.v1.MsgCreatePool",
      { creator: chain.address("bob"), coinA: coin(UNIT, "bbb"), coinB: coin(UNIT, "aaa") },
    ];
    expectRefused("bob", turned, "tokenpool", 3, "aaa and bbb are in pool 1");
  });

  test("for one denomination on both sides, too little liquidity, or an amount that is none", () => {
    const first = (coinA: { denom: string; amount: string }, coinB: typeof coinA): MessageToSend => [
      "tributary.tokenpool.v1.MsgCreatePool",
      { creator: chain.address("bob"), coinA, coinB },
    ];
    expectRefused("bob", first(coin(UNIT, "ccc"), coin(UNIT, "ccc")), "tokenpool", 4, "same denomination");
    expectRefused("bob", first(coin(1000n, "aaa"), coin(1000n, "ccc")), "tokenpool", 6, "1000 stay locked");
    expectRefused("bob", first(coin(0n, "aaa"), coin(UNIT, "ccc")), "sdk", 10, "coin_a must be positive");
    expectRefused("bob", first({ denom: "!", amount: "1" }, coin(UNIT, "ccc")), "sdk", 10, "invalid denom");
    expectRefused("bob", first(coin(-1n, "aaa"), coin(UNIT, "ccc")), "sdk", 10, "negative coin amount");
    expectRefused("bob", first({ denom: "aaa", amount: "x" }, coin(UNIT, "ccc")), "sdk", 2, "tx parse error");
  });

  test("without a deadline, or after it", () => {
    expectRefused("bob", swapIn(UNIT, 1n, "aaa", 0n), "sdk", 18, "deadline is missing");
    // The block that carries the message is five seconds after the last one: its time may be the deadline, not after it.
    const late = swapIn(UNIT, 1n, "aaa", chain.time.seconds + 4n);
    expectRefused("bob", late, "tokenpool", 7, "the deadline has passed");
    chain.runOk("bob", swapIn(UNIT, 1n, "aaa", chain.time.seconds + 5n));
  });

  test("without a limit on the price, or with one in another denomination", () => {
    expectRefused("bob", swapIn(UNIT, 0n), "sdk", 10, "min_out must be positive");
    expectRefused("bob", swapOut(UNIT, 0n), "sdk", 10, "max_in must be positive");
    const message = swapIn(UNIT, 1n)[1] as object;
    const wrong = ["tributary.tokenpool.v1.MsgSwapExactIn", { ...message, minOut: coin(1n, "ccc") }] as MessageToSend;
    expectRefused("bob", wrong, "tokenpool", 5, "the limit is in ccc");
  });

  test("for a denomination the pool does not hold, a pool there is not, or more than the pool holds", () => {
    expectRefused("bob", swapIn(UNIT, 1n, "ccc"), "tokenpool", 5, "ccc in pool 1");
    const message = swapIn(UNIT, 1n)[1] as object;
    const absent = ["tributary.tokenpool.v1.MsgSwapExactIn", { ...message, poolId: 9n }] as MessageToSend;
    expectRefused("bob", absent, "tokenpool", 2, "pool 9");
    expectRefused("bob", swapOut(10n * UNIT, 9_000n * UNIT), "tokenpool", 6, "liquidity is too small");
  });

  test("for coins or shares the account does not have", () => {
    expectRefused("bob", swapIn(20_000n * UNIT, 1n), "sdk", 5, "insufficient funds");
    expectRefused("bob", remove(1n, 1n, 1n, "bob"), "tokenpool", 9, "not enough shares");
  });
});

test("a gift to the module's account is refused, so reserves are what was paid in", () => {
  chain.runOk("alice", create(UNIT, UNIT));
  const { account } = chain.query(
    "/cosmos.auth.v1beta1.Query/ModuleAccountByName",
    ["cosmos.auth.v1beta1.QueryModuleAccountByNameRequest", { name: "tokenpool" }],
    "cosmos.auth.v1beta1.QueryModuleAccountByNameResponse",
  );
  const { baseAccount } = decode("cosmos.auth.v1beta1.ModuleAccount", account!.value);
  const gift = { fromAddress: chain.address("bob"), toAddress: baseAccount!.address, amount: [coin(5n, "aaa")] };
  expectRefused("bob", ["cosmos.bank.v1beta1.MsgSend", gift], "sdk", 4, "not allowed to receive funds");
});

describe("a genesis is refused", () => {
  const bootWith = (change: object) => {
    chain.runOk("alice", create(UNIT, UNIT));
    const exported = chain.application.exportGenesis() as { tokenpool: { params: object; pools: object[] } };
    const pools = exported.tokenpool.pools.map((one) => ({ ...one, ...change }));
    const wholeAppState = { ...exported, tokenpool: { ...exported.tokenpool, pools } } as unknown as JsonValue;
    return () => ChainHarness.start({ wholeAppState });
  };

  test.each([
    ["an empty pool", { reserve_1: "0" }, "has no reserves"],
    ["a fee of everything", { fee_ppm: 1_000_000 }, "fee of pool 1"],
    ["reserves that are not there", { reserve_0: `${2n * UNIT}` }, "the module's account holds"],
    ["shares that are not there", { share_supply: `${2n * UNIT}` }, "pool 1 counts"],
  ])("with %s", (_name, change, text) => {
    expect(bootWith(change)).toThrow(text);
  });

  test("unless it is whole", () => {
    expect(bootWith({})().balance("alice", "pool/1")).toBe(UNIT - 1000n);
  });
});
