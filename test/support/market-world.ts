/** A chain in memory with traders and the messages of pools and creator tokens, for tests of the market. Owns test data only. */
import type { Messages } from "../../proto/types.gen.ts";
import { ChainHarness, type HarnessOptions, type MessageToSend } from "./chain-harness.ts";
import { blockEvents } from "./governance.ts";

/** A deadline nobody reaches. */
export const FAR = 4_000_000_000n;
const SECOND_NS = 1_000_000_000n;
const RICH = ["aaa", "bbb", "ccc", "ddd", "uopen"].map((denom) => `${10n ** 24n}${denom}`).join(",");

type Result = Messages["tendermint.abci.ExecTxResult"];

export function coin(amount: bigint, denom: string): { denom: string; amount: string } {
  return { denom, amount: amount.toString() };
}

export class MarketWorld {
  readonly chain: ChainHarness;

  constructor(options: HarnessOptions = {}) {
    const balances = { alice: RICH, bob: RICH, carol: RICH };
    this.chain = ChainHarness.start({ ...options, balances: { ...balances, ...options.balances } });
  }

  address(name: string): string {
    return this.chain.address(name);
  }

  ok(from: string, message: MessageToSend): Result {
    const result = this.chain.runOk(from, message, { gas: 1_000_000n });
    this.chain.checkInvariants();
    return result;
  }

  /** Messages of different accounts in one block; gives the results. */
  together(messages: readonly (readonly [from: string, message: MessageToSend])[]): readonly Result[] {
    const txs = messages.map(([from, message]) => this.chain.sign(from, message, { gas: 1_000_000n }));
    const results = this.chain.block(txs);
    this.chain.checkInvariants();
    return results;
  }

  /** An empty block so many seconds after the last. */
  wait(seconds: bigint): void {
    this.chain.block([], { nanoseconds: seconds * SECOND_NS });
    this.chain.checkInvariants();
  }

  create(from: string, a: readonly [bigint, string], b: readonly [bigint, string], batched = false): MessageToSend {
    const coins = { coinA: coin(...a), coinB: coin(...b) };
    return ["tributary.tokenpool.v1.MsgCreatePool", { creator: this.address(from), ...coins, batched }];
  }

  swap(
    from: string,
    poolId: bigint,
    input: readonly [bigint, string],
    minOut: readonly [bigint, string],
  ): MessageToSend {
    const amounts = { amountIn: coin(...input), minOut: coin(...minOut) };
    const trader = this.address(from);
    return ["tributary.tokenpool.v1.MsgSwapExactIn", { trader, poolId, ...amounts, deadline: FAR }];
  }

  order(
    from: string,
    poolId: bigint,
    input: readonly [bigint, string],
    minOut: readonly [bigint, string],
  ): MessageToSend {
    const amounts = { amountIn: coin(...input), minOut: coin(...minOut) };
    const trader = this.address(from);
    return ["tributary.tokenpool.v1.MsgPlaceOrder", { trader, poolId, ...amounts, deadline: FAR }];
  }

  pool(poolId: bigint): Messages["tributary.tokenpool.v1.Pool"] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Pool",
      ["tributary.tokenpool.v1.QueryPoolRequest", { poolId }],
      "tributary.tokenpool.v1.QueryPoolResponse",
    ).pool;
  }

  reserves(poolId: bigint): readonly [bigint, bigint] {
    const { reserve0, reserve1 } = this.pool(poolId);
    return [BigInt(reserve0), BigInt(reserve1)];
  }

  twap(poolId: bigint, windowSeconds: bigint): Messages["tributary.tokenpool.v1.QueryTwapResponse"] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Twap",
      ["tributary.tokenpool.v1.QueryTwapRequest", { poolId, windowSeconds }],
      "tributary.tokenpool.v1.QueryTwapResponse",
    );
  }

  route(
    request: Partial<Messages["tributary.tokenpool.v1.QueryRouteRequest"]>,
  ): Messages["tributary.tokenpool.v1.QueryRouteResponse"] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Route",
      ["tributary.tokenpool.v1.QueryRouteRequest", request],
      "tributary.tokenpool.v1.QueryRouteResponse",
    );
  }

  token(denom: string): Messages["tributary.tokenpool.v1.QueryTokenResponse"] {
    return this.chain.query(
      "/tributary.tokenpool.v1.Query/Token",
      ["tributary.tokenpool.v1.QueryTokenRequest", { denom }],
      "tributary.tokenpool.v1.QueryTokenResponse",
    );
  }

  balance(name: string, denom: string): bigint {
    return this.chain.balance(name, denom);
  }

  /** The attributes of the last block's events of a type, those of its end. */
  events(type: string): readonly { readonly [key: string]: string }[] {
    return blockEvents(this.chain, type);
  }
}
