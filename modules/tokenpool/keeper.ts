/**
 * Owns what all parts of the module share: its neighbours, its parameters, pools and the one way in which a pool changes.
 * What is done with them is the folder beside it: liquidity.ts, swap.ts, route.ts, oracle.ts, batch.ts, anchored.ts. Coins
 * and the supply of shares are the bank's. Reserves are counted here, so a gift to the module's account moves no price.
 */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { type Coin, formatCoin } from "../../chain/types/coin.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import { errors } from "./errors.ts";
import { accumulate } from "./keeper/oracle.ts";
import { MAX_RESERVE } from "./limits.ts";
import { type Params, type Pool, state } from "./state.ts";

/** The module's name, and that of the account that holds all reserves, the locked shares and the orders of a block. */
export const TOKENPOOL = "tokenpool";

/** The account that holds what backs creator tokens. */
export const VAULT = "tokenpool_vault";

/** What tokenpool needs of the bank, and no more. */
export interface TokenpoolUses {
  readonly bank: Pick<
    BankKeeper,
    "balance" | "supply" | "sendToModule" | "sendFromModule" | "sendBetweenModules" | "mint" | "burn"
  >;
}

/** What of a pool a change replaces. */
export interface PoolChange {
  readonly reserve0: bigint;
  readonly reserve1: bigint;
  readonly shareSupply?: bigint;
  readonly kLast?: bigint;
}

/** The denomination of a pool's shares. */
export function shareDenom(poolId: bigint): string {
  return `pool/${poolId}`;
}

export class TokenpoolKeeper {
  readonly uses: TokenpoolUses;

  constructor(uses: TokenpoolUses) {
    this.uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("tokenpool has no parameters");
    return params;
  }

  /** Throws tokenpool/2 when there is no such pool. */
  pool(ctx: Read, poolId: bigint): Pool {
    const pool = state.pools.get(ctx, poolId);
    if (pool === undefined) throw errors.poolNotFound.because(`pool ${poolId}`);
    return pool;
  }

  pools(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Pool]> {
    return state.pools.paginate(ctx, request);
  }

  /**
   * Changes a pool, after its sums of prices have taken in the price that stood until this block. Gives it as it is stored.
   * Throws tokenpool/10 for reserves it cannot hold.
   */
  change(ctx: Write, before: Pool, { reserve0, reserve1, shareSupply, kLast }: PoolChange): Pool {
    if (reserve0 > MAX_RESERVE || reserve1 > MAX_RESERVE) throw errors.tooMuchLiquidity.because(`pool ${before.id}`);
    const pool: Pool = {
      ...accumulate(ctx, before),
      reserve0: reserve0.toString(),
      reserve1: reserve1.toString(),
      shareSupply: shareSupply?.toString() ?? before.shareSupply,
      kLast: kLast?.toString() ?? before.kLast,
    };
    state.pools.set(ctx, pool.id, pool);
    return pool;
  }

  /** What the module's account holds of a denomination. */
  held(ctx: Read, denom: string): bigint {
    return this.uses.bank.balance(ctx, moduleAddress(TOKENPOOL), denom);
  }

  /** What the vault holds of the anchor's denomination. */
  vault(ctx: Read): bigint {
    return this.uses.bank.balance(ctx, moduleAddress(VAULT), this.params(ctx).anchorDenom);
  }

  /** How much there is of a denomination on the chain. */
  supply(ctx: Read, denom: string): bigint {
    return this.uses.bank.supply(ctx, denom);
  }
}

/** The two reserves as numbers. */
export function reservesOf(pool: Pool): readonly [bigint, bigint] {
  return [BigInt(pool.reserve0), BigInt(pool.reserve1)];
}

/** Two amounts in the pool's order, as coins. */
export function coinsOf(pool: Pool, amount0: bigint, amount1: bigint): readonly Coin[] {
  return [
    { denom: pool.denom0, amount: amount0 },
    { denom: pool.denom1, amount: amount1 },
  ];
}

/** Tells what somebody did with a pool. */
export function tellPool(
  ctx: Write,
  type: string,
  account: string,
  pool: Pool,
  attributes: readonly (readonly [string, string])[],
): void {
  const reserves = coinsOf(pool, ...reservesOf(pool)).map(formatCoin);
  ctx.emit(type, [
    ["pool_id", pool.id.toString()],
    ["account", account],
    ...attributes,
    ["reserves", reserves.join(",")],
  ]);
}
