/**
 * Uses that are paid in other tokens than the fee's: what they cost, who bears a price that moved, what comes back, and
 * that no sequence of them makes or loses a coin. Expected prices are Uniswap v2's formula, written here anew.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { coin, FAR } from "../../support/market-world.ts";
import { NativeWorld, responseOf, WORLD_PRICE } from "../../support/native-world.ts";

const TEXT = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 60 : 2;
const TOKENS = ["aaa", "bbb", "ccc"] as const;
const RICH = ["aaa", "bbb", "ccc", "ddd", "uopen"].map((denom) => `${10n ** 15n}${denom}`).join(",");

/** UniswapV2Library.getAmountIn, with 997 of 1000 kept. */
function amountIn(out: bigint, reserveIn: bigint, reserveOut: bigint): bigint {
  return (reserveIn * out * 1000n) / ((reserveOut - out) * 997n) + 1n;
}

/** Pools: 1 of aaa and uopen, 2 of bbb and aaa, 3 of ccc and uopen, which takes orders only. Nothing leads from ddd. */
class TokenWorld {
  readonly native = new NativeWorld([{ contributor: "ann", text: TEXT }], { balances: { user: RICH, maker: RICH } });

  constructor() {
    this.native.ok("maker", this.#pool(4_000_000_000n, "aaa", 1_000_000_000n, "uopen"));
    this.native.ok("maker", this.#pool(7_000_000_000n, "bbb", 2_000_000_000n, "aaa"));
    this.native.ok("maker", this.#pool(1_000_000_000n, "ccc", 1_000_000_000n, "uopen", true));
  }

  #pool(a: bigint, denomA: string, b: bigint, denomB: string, batched = false): MessageToSend {
    const coins = { coinA: coin(a, denomA), coinB: coin(b, denomB) };
    return ["tributary.tokenpool.v1.MsgCreatePool", { creator: this.native.address("maker"), ...coins, batched }];
  }

  /** The reserves of a pool, the denomination's first. */
  reserves(poolId: bigint, denom: string): readonly [bigint, bigint] {
    const { pool } = this.native.chain.query(
      "/tributary.tokenpool.v1.Query/Pool",
      ["tributary.tokenpool.v1.QueryPoolRequest", { poolId }],
      "tributary.tokenpool.v1.QueryPoolResponse",
    );
    const [a, b] = [BigInt(pool.reserve0), BigInt(pool.reserve1)];
    return pool.denom0 === denom ? [a, b] : [b, a];
  }

  balance(denom: string, name = "user"): bigint {
    return this.native.chain.balance(name, denom);
  }

  supply(denom: string): bigint {
    const { amount } = this.native.chain.query(
      "/cosmos.bank.v1beta1.Query/SupplyOf",
      ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom }],
      "cosmos.bank.v1beta1.QuerySupplyOfResponse",
    );
    return BigInt(amount.amount);
  }

  use(useId: bigint): Messages["tributary.attribution.v1.Use"] {
    return this.native.chain.query(
      "/tributary.attribution.v1.Query/Use",
      ["tributary.attribution.v1.QueryUseRequest", { useId }],
      "tributary.attribution.v1.QueryUseResponse",
    ).use;
  }

  refused(message: MessageToSend, codespace: string, code: number, text: string, from = "user"): void {
    const before = this.native.chain.application.exportGenesis();
    const result = this.native.run(from, message);
    expect([result.codespace, result.code]).toEqual([codespace, code]);
    expect(result.log).toContain(text);
    // Only the sender's sequence has changed.
    expect({ ...this.native.chain.application.exportGenesis(), auth: 0 }).toEqual({ ...before, auth: 0 });
  }
}

describe("a use paid in another token", () => {
  test("buys exactly the fee with it at the pool's price, and escrows that", () => {
    const world = new TokenWorld();
    const [open, aaa] = [world.balance("uopen"), world.balance("aaa")];
    const cost = amountIn(WORLD_PRICE, ...world.reserves(1n, "aaa"));
    const result = world.native.ok("user", world.native.openUse({ maxFee: coin(cost, "aaa") }));
    const response = responseOf("tributary.attribution.v1.MsgOpenUseResponse", result);
    expect(response).toMatchObject({ useId: 1n, fee: coin(WORLD_PRICE, "uopen"), paid: coin(cost, "aaa") });
    expect([open - world.balance("uopen"), aaa - world.balance("aaa")]).toEqual([0n, cost]);
    expect(world.use(1n)).toMatchObject({ fee: coin(WORLD_PRICE, "uopen"), paid: coin(cost, "aaa") });
    const told = result.events.find(({ type }) => type === "use_opened")?.attributes;
    expect(told?.find(({ key }) => key === "paid")?.value).toBe(`${cost}aaa`);
    world.native.ok("host", world.native.settle(1n, TEXT));
    world.native.chain.checkInvariants();
  });

  test("goes through several pools where no pool holds both", () => {
    const world = new TokenWorld();
    const through = amountIn(WORLD_PRICE, ...world.reserves(1n, "aaa"));
    const cost = amountIn(through, ...world.reserves(2n, "bbb"));
    const result = world.native.ok("user", world.native.openUse({ maxFee: coin(cost + 1n, "bbb") }));
    expect(responseOf("tributary.attribution.v1.MsgOpenUseResponse", result).paid).toEqual(coin(cost, "bbb"));
    world.native.chain.checkInvariants();
  });

  test("is refused whole when it would cost one unit more than the user's most, also after somebody moved the price", () => {
    const world = new TokenWorld();
    const cost = amountIn(WORLD_PRICE, ...world.reserves(1n, "aaa"));
    const message = world.native.openUse({ maxFee: coin(cost, "aaa") });
    const less = world.native.openUse({ maxFee: coin(cost - 1n, "aaa") });
    world.refused(less, "attribution", 5, `costs ${cost}aaa, for at most ${cost - 1n}aaa`);
    const sale = { amountIn: coin(50_000_000n, "aaa"), minOut: coin(1n, "uopen"), deadline: FAR };
    const trader = world.native.address("maker");
    world.native.ok("maker", ["tributary.tokenpool.v1.MsgSwapExactIn", { trader, poolId: 1n, ...sale }]);
    world.refused(message, "attribution", 5, `for at most ${cost}aaa`);
  });

  test("is refused with the two denominations when no route of pools with swaps joins them", () => {
    const world = new TokenWorld();
    for (const denom of ["ccc", "ddd"]) {
      const message = world.native.openUse({ maxFee: coin(10n ** 12n, denom) });
      world.refused(message, "tokenpool", 12, `from ${denom} to uopen: no route found`);
    }
  });

  test("is refused when the user does not hold what it costs", () => {
    const world = new TokenWorld();
    world.refused(world.native.openUse({ maxFee: coin(10n ** 12n, "aaa") }, "host"), "sdk", 5, "aaa", "host");
  });

  test("refunds in the fee's denomination what was bought: all when cancelled, and never the token", () => {
    const world = new TokenWorld();
    const [open, aaa] = [world.balance("uopen"), world.balance("aaa")];
    const result = world.native.ok("user", world.native.openUse({ maxFee: coin(10n ** 12n, "aaa"), maxUnits: 3n }));
    const { paid } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", result);
    const sender = world.native.address("host");
    world.native.ok("host", ["tributary.attribution.v1.MsgCancelUse", { sender, useId: 1n }]);
    expect(world.balance("uopen") - open).toBe(3n * WORLD_PRICE);
    expect(aaa - world.balance("aaa")).toBe(BigInt(paid!.amount));
    world.native.chain.checkInvariants();
  });

  test("can be access to a datanet, which is settled at once", () => {
    const world = new TokenWorld();
    const terms = { accessPrice: coin(70_000n, "uopen") };
    world.native.ok("owner", world.native.createDatanet("paid", terms));
    world.native.ok("ann", ["tributary.datanet.v1.MsgJoin", { member: world.native.address("ann"), datanetId: 2n }]);
    world.native.ok("ann", world.native.contribute("ann", [TEXT], 2n));
    const cost = amountIn(70_000n, ...world.reserves(1n, "aaa"));
    const access = { modelId: 0n, datanetId: 2n, kind: 3, maxFee: coin(cost, "aaa") };
    world.native.ok("user", world.native.openUse(access));
    expect(world.use(1n)).toMatchObject({ status: UseStatus.USE_STATUS_PAID, paid: coin(cost, "aaa") });
    world.native.chain.checkInvariants();
  });
});

/** One step: a use in some token with some most, a settlement, a refund, or somebody's trade. */
interface Step {
  readonly kind: "open" | "settle" | "cancel" | "trade";
  readonly denom: string;
  readonly most: bigint;
  readonly pick: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("open", "open", "open", "settle", "cancel", "trade"),
  denom: fc.constantFrom("aaa", "aaa", "aaa", "bbb", "bbb", "uopen", "ccc", "ddd"),
  // About one in ten most is below what a use costs.
  most: fc.bigInt({ min: 1_000_000n, max: 1_000_000_000n }),
  pick: fc.nat(),
});

test("conservation: whatever is paid in whatever token, no coin is made or lost, nobody pays above the most, and no pool's product falls", {
  timeout: 240_000,
}, () => {
  const opened = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 30, maxLength: 50, size: "max" }), (steps) => {
      const world = new TokenWorld();
      const { native } = world;
      const open: bigint[] = [];
      const there = new Map([...TOKENS, "ddd"].map((denom) => [denom, world.supply(denom)]));
      const products = () =>
        [1n, 2n].map((poolId) => world.reserves(poolId, "aaa")).map(([a, b]) => a * b) as [bigint, bigint];
      for (const { kind, denom, most, pick } of steps) {
        const [supply, before, product] = [world.supply("uopen"), world.balance(denom), products()];
        const useId = open[pick % Math.max(open.length, 1)];
        let burned = 0n;
        if (kind === "open") {
          const result = native.run("user", native.openUse({ maxFee: coin(most, denom) }));
          if (result.code === 0) {
            open.push(responseOf("tributary.attribution.v1.MsgOpenUseResponse", result).useId);
            opened.set(denom, (opened.get(denom) ?? 0) + 1);
            expect(before - world.balance(denom)).toBeLessThanOrEqual(most);
          } else expect(before - world.balance(denom)).toBe(0n);
        } else if (kind === "trade") {
          const amounts = { amountIn: coin(most % 40_000_000n, "aaa"), minOut: coin(1n, "uopen"), deadline: FAR };
          const trader = native.address("maker");
          native.run("maker", ["tributary.tokenpool.v1.MsgSwapExactIn", { trader, poolId: 1n, ...amounts }]);
        } else if (useId !== undefined) {
          open.splice(open.indexOf(useId), 1);
          if (kind === "settle") {
            native.ok("host", native.settle(useId, TEXT));
            burned = BigInt(native.payout(useId).burnedAmount);
          } else {
            const sender = native.address("host");
            native.ok("host", ["tributary.attribution.v1.MsgCancelUse", { sender, useId }]);
          }
        }
        expect(supply - world.supply("uopen")).toBe(burned);
        for (const [name, amount] of there) expect([name, world.supply(name)]).toEqual([name, amount]);
        const after = products();
        expect([after[0] >= product[0], after[1] >= product[1]]).toEqual([true, true]);
        native.chain.checkInvariants();
      }
    }),
    { numRuns: RUNS },
  );
  expect([...opened.keys()].sort()).toEqual(["aaa", "bbb", "uopen"]);
});
