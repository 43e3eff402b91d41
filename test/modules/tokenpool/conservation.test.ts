/**
 * Random sequences of every operation over a chain, several in a block: no coin is made or lost, no pool's product falls on a swap or a settlement,
 * the value of a share never falls, and every creator token stays covered. At least half of each kind of operation must succeed, or the sequences
 * show little.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { squareRoot } from "../../../modules/tokenpool/curve.ts";
import { decode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const ACCOUNTS = ["alice", "bob", "carol"] as const;
const DENOMS = ["aaa", "bbb", "ccc", "uopen"] as const;
const PAIRS = [
  ["aaa", "bbb"],
  ["ccc", "bbb"],
  ["ccc", "aaa"],
  ["ccc", "uopen"],
] as const;
/** The pair whose pool takes orders. */
const BATCHED = 2;
const START = 10n ** 12n;
const FAR = 4_000_000_000n;
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 100 : 4;
const GAS = 1_000_000n;

type Pool = Messages["tributary.tokenpool.v1.Pool"];
type Token = Messages["tributary.tokenpool.v1.CreatorToken"];

const KINDS = [
  "create",
  "add",
  "remove",
  "swapIn",
  "swapOut",
  "routeIn",
  "routeOut",
  "order",
  "send",
  "token",
  "mint",
  "redeem",
  "raise",
] as const;

/** What one step tries; numbers pick among what there is when its turn comes. */
interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly pool: number;
  readonly size: bigint;
  readonly side: boolean;
  /** One step in eight asks for what it cannot have. */
  readonly greedy: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  who: fc.nat(ACCOUNTS.length - 1),
  pool: fc.nat(),
  size: fc.bigInt({ min: 1n, max: 10n ** 8n }),
  side: fc.boolean(),
  greedy: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

/** √ of a product, with 64 binary places, rounded down or up. */
function scaledRoot(product: bigint, up: boolean): bigint {
  return squareRoot(product << 128n) + (up ? 1n : 0n);
}

class World {
  readonly chain: ChainHarness;
  readonly tried = new Map<string, { tries: number; successes: number }>();
  readonly protocolPart: bigint;

  constructor(protocolPart: bigint) {
    this.protocolPart = protocolPart;
    const params = { fee_ppm: 3000, protocol_fee_part: Number(protocolPart), anchor_denom: "uopen" };
    this.chain = ChainHarness.start({
      balances: Object.fromEntries(ACCOUNTS.map((name) => [name, DENOMS.map((denom) => `${START}${denom}`).join(",")])),
      appState: { tokenpool: { params, pools: [], observations: [], tokens: [] } },
    });
  }

  pools(): readonly Pool[] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Pools",
      ["tributary.tokenpool.v1.QueryPoolsRequest", {}],
      "tributary.tokenpool.v1.QueryPoolsResponse",
    ).pools;
  }

  tokens(): readonly Token[] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Tokens",
      ["tributary.tokenpool.v1.QueryTokensRequest", {}],
      "tributary.tokenpool.v1.QueryTokensResponse",
    ).tokens;
  }

  /** The sum of what everybody holds of a denomination, the module's accounts included. */
  total(denom: string): bigint {
    const { amount } = this.chain.query(
      "/cosmos.bank.v1beta1.Query/SupplyOf",
      ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom }],
      "cosmos.bank.v1beta1.QuerySupplyOfResponse",
    );
    return BigInt(amount.amount);
  }

  /** Carries out up to three steps, each by its own account, in one block. */
  run(steps: readonly Step[]): void {
    const before = this.pools();
    const plans = steps.flatMap((one, at) => {
      const name = ACCOUNTS[(one.who + at) % ACCOUNTS.length]!;
      const message = this.messageOf(one, name, before);
      return message === undefined ? [] : [{ one, tx: this.chain.sign(name, message, { gas: GAS }) }];
    });
    const results = this.chain.block(plans.map(({ tx }) => tx));
    for (const [i, { one }] of plans.entries()) {
      const { code, data } = results[i]!;
      const count = this.tried.get(one.kind) ?? { tries: 0, successes: 0 };
      count.tries++;
      if (code === 0) count.successes++;
      this.tried.set(one.kind, count);
      if (code === 0 && one.kind === "order") expect(decode("cosmos.base.abci.v1beta1.TxMsgData", data)).toBeDefined();
    }
    this.check(
      before,
      plans.every(({ one }) => one.kind !== "remove"),
    );
  }

  check(before: readonly Pool[], onlyGrows: boolean): void {
    for (const denom of DENOMS) expect(this.total(denom)).toBe(START * BigInt(ACCOUNTS.length));
    this.chain.checkInvariants();
    for (const { reserve, supply, rate } of this.tokens()) {
      expect(BigInt(reserve) * 1_000_000n >= BigInt(supply) * BigInt(rate)).toBe(true);
    }
    for (const [i, pool] of this.pools().entries()) {
      const was = before[i];
      if (was === undefined) continue;
      const [product, productBefore] = [pool, was].map((one) => BigInt(one.reserve0) * BigInt(one.reserve1));
      if (onlyGrows) expect(product! >= productBefore!).toBe(true);
      // √k per share, squared: k/S² never falls, whatever is done. A protocol's part is taken from what has grown only: it counts as taken.
      if (this.protocolPart === 0n) {
        const [shares, sharesBefore] = [BigInt(pool.shareSupply), BigInt(was.shareSupply)];
        expect(product! * sharesBefore ** 2n >= productBefore! * shares ** 2n).toBe(true);
      } else expect(this.worth(pool, true) >= this.worth(was, false)).toBe(true);
    }
  }

  /** What one of 2^64 shares is worth after the protocol's part: ((p − 1)√k + √k₀) / pS, rounded up or down. */
  worth(pool: Pool, up: boolean): bigint {
    const root = scaledRoot(BigInt(pool.reserve0) * BigInt(pool.reserve1), up);
    const rootLast = scaledRoot(BigInt(pool.kLast), up);
    const worth = (((this.protocolPart - 1n) * root + rootLast) << 64n) / BigInt(pool.shareSupply);
    return up ? worth + 1n : worth;
  }

  messageOf(one: Step, name: string, pools: readonly Pool[]): MessageToSend | undefined {
    switch (one.kind) {
      case "create":
        return this.create(one, name, pools);
      case "routeIn":
      case "routeOut":
        return this.route(one, name, pools);
      case "token":
      case "mint":
      case "redeem":
      case "raise":
        return this.tokenMessage(one, name);
      default:
        return this.poolMessage(one, name, pools);
    }
  }

  create(one: Step, name: string, pools: readonly Pool[]): MessageToSend | undefined {
    // There are four pairs; a fifth pool can only be refused.
    if (pools.length >= PAIRS.length && !one.greedy) return undefined;
    const [a, b] = PAIRS[pools.length % PAIRS.length]!;
    const coins = { coinA: coin(one.size + 2000n, a), coinB: coin(one.size * 3n + 2000n, b) };
    const batched = pools.length === BATCHED;
    return ["tributary.tokenpool.v1.MsgCreatePool", { creator: this.chain.address(name), ...coins, batched }];
  }

  poolMessage(one: Step, name: string, pools: readonly Pool[]): MessageToSend | undefined {
    const address = this.chain.address(name);
    const fitting = pools.filter(({ batched }) => {
      if (one.kind === "order") return batched;
      return one.kind === "swapIn" || one.kind === "swapOut" ? !batched : true;
    });
    const pool = fitting[one.pool % Math.max(fitting.length, 1)];
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
      case "swapIn":
      case "order": {
        const limits = { amountIn: coin(one.size + 100n, denomIn), minOut: coin(one.greedy ? START : 1n, denomOut) };
        const type = one.kind === "order" ? "MsgPlaceOrder" : "MsgSwapExactIn";
        return [`tributary.tokenpool.v1.${type}`, { trader: address, ...common, ...limits }] as MessageToSend;
      }
      case "swapOut": {
        const reserve = BigInt(one.side ? pool.reserve1 : pool.reserve0);
        if (reserve < 4n) return undefined;
        const wanted = one.greedy ? reserve : 1n + (one.size % (reserve / 2n));
        const limits = { amountOut: coin(wanted, denomOut), maxIn: coin(START, denomIn) };
        return ["tributary.tokenpool.v1.MsgSwapExactOut", { trader: address, ...common, ...limits }];
      }
      default: {
        if (shares === 0n && !one.greedy) return undefined;
        const amount = [coin(one.greedy ? shares + 1n : 1n + (one.size % shares), `pool/${pool.id}`)];
        const toAddress = this.chain.address(ACCOUNTS[(one.who + 1) % ACCOUNTS.length]!);
        return ["cosmos.bank.v1beta1.MsgSend", { fromAddress: address, toAddress, amount }];
      }
    }
  }

  /** From aaa over bbb to ccc, or back. */
  route(one: Step, name: string, pools: readonly Pool[]): MessageToSend | undefined {
    if (pools.length < 2) return undefined;
    const trader = this.chain.address(name);
    const [from, to] = one.side ? ["aaa", "ccc"] : ["ccc", "aaa"];
    const way = one.side ? [1n, 2n] : [2n, 1n];
    const common = { trader, poolIds: one.greedy ? [1n, 1n] : way, deadline: FAR };
    if (one.kind === "routeIn") {
      const limits = { amountIn: coin(one.size + 1000n, from), minOut: coin(1n, to) };
      return ["tributary.tokenpool.v1.MsgSwapRouteExactIn", { ...common, ...limits }];
    }
    const last = pools[Number(way[1]! - 1n)]!;
    const reserve = BigInt(last.denom0 === to ? last.reserve0 : last.reserve1);
    const limits = { amountOut: coin(1n + (one.size % (reserve / 50n + 1n)), to), maxIn: coin(START, from) };
    return ["tributary.tokenpool.v1.MsgSwapRouteExactOut", { ...common, ...limits }];
  }

  tokenMessage(one: Step, name: string): MessageToSend | undefined {
    const address = this.chain.address(name);
    const tokens = this.tokens();
    if (one.kind === "token") {
      const known = one.greedy && tokens.length > 0 ? "token-0" : `token-${tokens.length}`;
      if (tokens.length >= 4 && !one.greedy) return undefined;
      const rate = (one.size % 3_000_000n) + 1n;
      return [
        "tributary.tokenpool.v1.MsgCreateToken",
        { creator: address, name: known, rate: rate.toString(), rateFixed: false },
      ];
    }
    const token = tokens[one.pool % Math.max(tokens.length, 1)];
    if (token === undefined) return undefined;
    if (one.kind === "mint") {
      const maxCost = coin(one.greedy ? 1n : START, "uopen");
      return [
        "tributary.tokenpool.v1.MsgMintAnchored",
        { buyer: address, amount: coin(one.size, token.denom), maxCost },
      ];
    }
    if (one.kind === "redeem") {
      const held = this.chain.balance(name, token.denom);
      if (held * BigInt(token.rate) < 2_000_000n && !one.greedy) return undefined;
      const least = 1_000_000n / BigInt(token.rate) + 1n;
      const amount = one.greedy ? held + 1n : least + (one.size % (held - least + 1n));
      return ["tributary.tokenpool.v1.MsgRedeem", { holder: address, amount: coin(amount, token.denom) }];
    }
    const rate = one.greedy ? BigInt(token.rate) : BigInt(token.rate) + (one.size % 100_000n) + 1n;
    const terms = { denom: token.denom, rate: rate.toString(), maxAdded: coin(START, "uopen") };
    if (address !== token.creator && !one.greedy) return undefined;
    return ["tributary.tokenpool.v1.MsgRaiseRate", { creator: address, ...terms }];
  }
}

function coin(amount: bigint, denom: string) {
  return { denom, amount: amount.toString() };
}

test("no sequence of operations makes or loses a coin, or lowers a share's value", () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  fc.assert(
    fc.property(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 40, maxLength: 60, size: "max" }),
      fc.constantFrom(0n, 6n),
      (blocks, protocolPart) => {
        const world = new World(protocolPart);
        for (const steps of blocks) world.run(steps);
        for (const [kind, { tries, successes }] of world.tried) {
          const sum = tried.get(kind) ?? { tries: 0, successes: 0 };
          tried.set(kind, { tries: sum.tries + tries, successes: sum.successes + successes });
        }
      },
    ),
    // A sequence is long: the seed tells more than what shrinking would leave of it.
    { numRuns: RUNS, endOnFailure: true },
  );
  expect([...tried.keys()].sort()).toEqual([...KINDS].sort());
  for (const [kind, { tries, successes }] of tried) {
    expect({ kind, isHalf: successes * 2 >= tries, tries, successes }).toEqual({
      kind,
      isHalf: true,
      tries,
      successes,
    });
  }
});
