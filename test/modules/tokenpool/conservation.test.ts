/**
 * Random sequences of every operation over a chain: no coin is made or lost, no pool's product falls on a swap, and the
 * value of a share never falls. At least half of each kind of operation must succeed, or the sequences show little.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const ACCOUNTS = ["alice", "bob", "carol"] as const;
const DENOMS = ["aaa", "bbb", "ccc"] as const;
const START = 10n ** 12n;
const FAR = 4_000_000_000n;
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 100 : 4;

type Pool = Messages["tributary.tokenpool.v1.Pool"];

/** What one step tries; numbers pick among what there is when its turn comes. */
interface Step {
  readonly kind: "create" | "add" | "remove" | "swapIn" | "swapOut" | "send";
  readonly who: number;
  readonly pool: number;
  readonly size: bigint;
  readonly side: boolean;
  /** One step in eight asks for a price it cannot have. */
  readonly greedy: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("create", "add", "remove", "swapIn", "swapOut", "send"),
  who: fc.nat(ACCOUNTS.length - 1),
  pool: fc.nat(),
  size: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  side: fc.boolean(),
  greedy: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

class World {
  readonly chain = ChainHarness.start({
    balances: Object.fromEntries(ACCOUNTS.map((name) => [name, DENOMS.map((denom) => `${START}${denom}`).join(",")])),
  });
  readonly tried = new Map<string, { tries: number; successes: number }>();

  pools(): readonly Pool[] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Pools",
      ["tributary.tokenpool.v1.QueryPoolsRequest", {}],
      "tributary.tokenpool.v1.QueryPoolsResponse",
    ).pools;
  }

  /** The sum of what everybody holds of a denomination, the module's account included. */
  total(denom: string): bigint {
    const { amount } = this.chain.query(
      "/cosmos.bank.v1beta1.Query/SupplyOf",
      ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom }],
      "cosmos.bank.v1beta1.QuerySupplyOfResponse",
    );
    return BigInt(amount.amount);
  }

  run(one: Step): void {
    const name = ACCOUNTS[one.who]!;
    const before = this.pools();
    const message = this.messageOf(one, name, before);
    if (message === undefined) return;
    const result = this.chain.run(name, message);
    const count = this.tried.get(one.kind) ?? { tries: 0, successes: 0 };
    count.tries++;
    if (result.code === 0) count.successes++;
    this.tried.set(one.kind, count);
    for (const denom of DENOMS) expect(this.total(denom)).toBe(START * BigInt(ACCOUNTS.length));
    this.chain.checkInvariants();
    for (const [i, pool] of this.pools().entries()) {
      const was = before[i];
      if (was === undefined) continue;
      const product = BigInt(pool.reserve0) * BigInt(pool.reserve1);
      const productBefore = BigInt(was.reserve0) * BigInt(was.reserve1);
      if (one.kind === "swapIn" || one.kind === "swapOut") expect(product).toBeGreaterThanOrEqual(productBefore);
      // √k per share, squared: k/S² never falls, whatever is done.
      const [shares, sharesBefore] = [BigInt(pool.shareSupply), BigInt(was.shareSupply)];
      expect(product * sharesBefore ** 2n >= productBefore * shares ** 2n).toBe(true);
    }
  }

  messageOf(one: Step, name: string, pools: readonly Pool[]): MessageToSend | undefined {
    const address = this.chain.address(name);
    const coin = (amount: bigint, denom: string) => ({ denom, amount: amount.toString() });
    if (one.kind === "create") {
      // There are three pairs; a fourth pool can only be refused.
      if (pools.length >= 3 && !one.greedy) return undefined;
      const pairs = [
        ["aaa", "bbb"],
        ["ccc", "bbb"],
        ["ccc", "aaa"],
      ] as const;
      const [a, b] = pairs[pools.length % 3]!;
      const [coinA, coinB] = [coin(one.size + 2000n, a), coin(one.size * 3n + 2000n, b)];
      return ["tributary.tokenpool.v1.MsgCreatePool", { creator: address, coinA, coinB }];
    }
    const pool = pools[one.pool % Math.max(pools.length, 1)];
    if (pool === undefined) return undefined;
    const [denomIn, denomOut] = one.side ? [pool.denom0, pool.denom1] : [pool.denom1, pool.denom0];
    const shares = this.chain.balance(name, `pool/${pool.id}`);
    const common = { poolId: pool.id, deadline: FAR };
    switch (one.kind) {
      case "add": {
        const limits = { maxA: coin(one.size + 1000n, denomIn), maxB: coin(one.size * 2n + 1000n, denomOut) };
        const minShares = one.greedy ? "99999999999999" : "1";
        return ["tributary.tokenpool.v1.MsgAddLiquidity", { provider: address, ...common, ...limits, minShares }];
      }
      case "remove": {
        if (shares < 2000n && !one.greedy) return undefined;
        const given = one.greedy ? shares + 1n : 1000n + (one.size % (shares - 1000n));
        const limits = { minA: coin(1n, denomIn), minB: coin(1n, denomOut), shares: given.toString() };
        return ["tributary.tokenpool.v1.MsgRemoveLiquidity", { provider: address, ...common, ...limits }];
      }
      case "swapIn": {
        const limits = { amountIn: coin(one.size + 100n, denomIn), minOut: coin(one.greedy ? START : 1n, denomOut) };
        return ["tributary.tokenpool.v1.MsgSwapExactIn", { trader: address, ...common, ...limits }];
      }
      case "swapOut": {
        const reserve = BigInt(one.side ? pool.reserve1 : pool.reserve0);
        const wanted = one.greedy ? reserve : 1n + (one.size % (reserve / 2n));
        const limits = { amountOut: coin(wanted, denomOut), maxIn: coin(START, denomIn) };
        return ["tributary.tokenpool.v1.MsgSwapExactOut", { trader: address, ...common, ...limits }];
      }
      case "send": {
        if (shares === 0n && !one.greedy) return undefined;
        const amount = [coin(one.greedy ? shares + 1n : 1n + (one.size % shares), `pool/${pool.id}`)];
        const toAddress = this.chain.address(ACCOUNTS[(one.who + 1) % ACCOUNTS.length]!);
        return ["cosmos.bank.v1beta1.MsgSend", { fromAddress: address, toAddress, amount }];
      }
      default:
        throw new Error("unknown step");
    }
  }
}

test("no sequence of operations makes or loses a coin, or lowers a share's value", { timeout: 180_000 }, () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 60, size: "max" }), (steps) => {
      const world = new World();
      for (const one of steps) world.run(one);
      for (const [kind, { tries, successes }] of world.tried) {
        const sum = tried.get(kind) ?? { tries: 0, successes: 0 };
        tried.set(kind, { tries: sum.tries + tries, successes: sum.successes + successes });
      }
    }),
    { numRuns: RUNS },
  );
  expect([...tried.keys()].sort()).toEqual(["add", "create", "remove", "send", "swapIn", "swapOut"]);
  for (const [kind, { tries, successes }] of tried) {
    expect({ kind, isHalf: successes * 2 >= tries }).toEqual({ kind, isHalf: true });
  }
});
