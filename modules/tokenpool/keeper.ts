/**
 * Owns pools: their reserves and shares, and the one way each may change. The arithmetic is curve.ts's; coins and the
 * supply of shares are the bank's. Reserves are counted here, so a gift to the module's account moves no price.
 */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { type Coin, newCoins } from "../../chain/types/coin.ts";
import { MAX_INT } from "../../chain/types/int.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import { amountForShares, amountIn, amountOut, firstShares, fitToRatio, sharesFor } from "./curve.ts";
import { errors } from "./errors.ts";
import { MINIMUM_SHARES } from "./limits.ts";
import { state } from "./state.ts";

export type Pool = Messages["tributary.tokenpool.v1.Pool"];
export type Params = Messages["tributary.tokenpool.v1.Params"];

/** The module's name, and that of the account that holds all reserves and the locked shares. */
export const TOKENPOOL = "tokenpool";

/** What tokenpool needs of the bank, and no more. */
export interface TokenpoolUses {
  readonly bank: Pick<BankKeeper, "balance" | "supply" | "sendToModule" | "sendFromModule" | "mint" | "burn">;
}

/** A pool seen from a trade: what comes in and what goes out. */
interface Side {
  readonly reserveIn: bigint;
  readonly reserveOut: bigint;
  readonly denomOut: string;
}

/** The denomination of a pool's shares. */
export function shareDenom(poolId: bigint): string {
  return `pool/${poolId}`;
}

export class TokenpoolKeeper {
  readonly #uses: TokenpoolUses;

  constructor(uses: TokenpoolUses) {
    this.#uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("tokenpool has no parameters");
    return params;
  }

  setParams(ctx: Write, params: Params): void {
    state.params.set(ctx, params);
  }

  /** Stores a pool as it is: genesis, and every change below. */
  setPool(ctx: Write, pool: Pool): void {
    state.pools.set(ctx, pool.id, pool);
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

  allPools(ctx: Read): Pool[] {
    return Array.from(state.pools.iterate(ctx), ([, pool]) => pool);
  }

  /** Opens a pool with its first liquidity; gives its number and what the creator received. */
  create(ctx: Write, creator: Uint8Array, a: Coin, b: Coin): { readonly pool: Pool; readonly shares: Coin } {
    if (a.denom === b.denom) throw errors.sameDenom.because(a.denom);
    const [coin0, coin1] = a.denom < b.denom ? [a, b] : [b, a];
    const taken = state.pools.by.pair.find(ctx, [coin0.denom, coin1.denom]);
    if (taken !== undefined) throw errors.pairTaken.because(`${coin0.denom} and ${coin1.denom} are in pool ${taken}`);
    const { total, creator: received } = firstShares(coin0.amount, coin1.amount);
    if (received <= 0n) {
      throw errors.tooLittleLiquidity.because(`it makes ${total} shares, and ${MINIMUM_SHARES} stay locked`);
    }
    const pool: Pool = {
      id: (state.pools.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n,
      denom0: coin0.denom,
      denom1: coin1.denom,
      reserve0: coin0.amount.toString(),
      reserve1: coin1.amount.toString(),
      shareSupply: total.toString(),
      feePpm: this.params(ctx).feePpm,
    };
    this.setPool(ctx, pool);
    this.#uses.bank.sendToModule(ctx, creator, TOKENPOOL, [coin0, coin1]);
    const denom = shareDenom(pool.id);
    this.#uses.bank.mint(ctx, TOKENPOOL, [{ denom, amount: total }]);
    const shares = { denom, amount: received };
    this.#uses.bank.sendFromModule(ctx, TOKENPOOL, creator, [shares]);
    emit(ctx, "pool_created", creator, pool, [
      ["coins", `${show(coin0)},${show(coin1)}`],
      ["shares", show(shares)],
    ]);
    return { pool, shares };
  }

  /** Pays liquidity in; gives the two amounts taken and the shares made. */
  add(
    ctx: Write,
    provider: Uint8Array,
    poolId: bigint,
    limits: { readonly maxA: Coin; readonly maxB: Coin; readonly minShares: bigint },
  ): { readonly paid: readonly Coin[]; readonly shares: Coin } {
    const pool = this.pool(ctx, poolId);
    const [max0, max1] = inPoolOrder(pool, limits.maxA, limits.maxB);
    const [reserve0, reserve1, supply] = [BigInt(pool.reserve0), BigInt(pool.reserve1), BigInt(pool.shareSupply)];
    const { amount0, amount1 } = fitToRatio(max0, max1, reserve0, reserve1);
    const made = sharesFor(amount0, amount1, reserve0, reserve1, supply);
    if (amount0 === 0n || amount1 === 0n || made === 0n) throw errors.tooLittleLiquidity.because(`pool ${poolId}`);
    if (made < limits.minShares) throw errors.priceMoved.because(`${made} shares, at least ${limits.minShares} wanted`);
    const paid = coinsOf(pool, amount0, amount1);
    const shares = { denom: shareDenom(poolId), amount: made };
    const changed = withReserves(pool, reserve0 + amount0, reserve1 + amount1, supply + made);
    this.setPool(ctx, changed);
    this.#uses.bank.sendToModule(ctx, provider, TOKENPOOL, paid);
    this.#uses.bank.mint(ctx, TOKENPOOL, [shares]);
    this.#uses.bank.sendFromModule(ctx, TOKENPOOL, provider, [shares]);
    emit(ctx, "liquidity_added", provider, changed, [
      ["coins", paid.map(show).join(",")],
      ["shares", show(shares)],
    ]);
    return { paid, shares };
  }

  /** Gives shares back; gives the two amounts paid out. */
  remove(
    ctx: Write,
    provider: Uint8Array,
    poolId: bigint,
    limits: { readonly shares: bigint; readonly minA: Coin; readonly minB: Coin },
  ): readonly Coin[] {
    const pool = this.pool(ctx, poolId);
    const [min0, min1] = inPoolOrder(pool, limits.minA, limits.minB);
    const denom = shareDenom(poolId);
    const owned = this.#uses.bank.balance(ctx, provider, denom);
    if (owned < limits.shares)
      throw errors.tooFewShares.because(`${owned}${denom} is less than ${limits.shares}${denom}`);
    const [reserve0, reserve1, supply] = [BigInt(pool.reserve0), BigInt(pool.reserve1), BigInt(pool.shareSupply)];
    const amount0 = amountForShares(limits.shares, reserve0, supply);
    const amount1 = amountForShares(limits.shares, reserve1, supply);
    if (amount0 < min0 || amount1 < min1) {
      throw errors.priceMoved.because(`${amount0} and ${amount1}, at least ${min0} and ${min1} wanted`);
    }
    const received = coinsOf(pool, amount0, amount1);
    const shares = { denom, amount: limits.shares };
    const changed = withReserves(pool, reserve0 - amount0, reserve1 - amount1, supply - limits.shares);
    this.setPool(ctx, changed);
    this.#uses.bank.sendToModule(ctx, provider, TOKENPOOL, [shares]);
    this.#uses.bank.burn(ctx, TOKENPOOL, [shares]);
    this.#uses.bank.sendFromModule(ctx, TOKENPOOL, provider, received);
    emit(ctx, "liquidity_removed", provider, changed, [
      ["coins", received.map(show).join(",")],
      ["shares", show(shares)],
    ]);
    return received;
  }

  /** Sells exactly `input`; gives what was received, at least `minOut`. */
  swapExactIn(ctx: Write, trader: Uint8Array, poolId: bigint, input: Coin, minOut: Coin): Coin {
    const pool = this.pool(ctx, poolId);
    const output = this.quoteExactIn(pool, input);
    requireDenom(pool, minOut, output.denom);
    if (output.amount < minOut.amount)
      throw errors.priceMoved.because(`${show(output)}, at least ${show(minOut)} wanted`);
    this.#trade(ctx, trader, pool, input, output);
    return output;
  }

  /** Buys exactly `output`; gives what was paid, at most `maxIn`. */
  swapExactOut(ctx: Write, trader: Uint8Array, poolId: bigint, output: Coin, maxIn: Coin): Coin {
    const pool = this.pool(ctx, poolId);
    const input = this.quoteExactOut(pool, output);
    requireDenom(pool, maxIn, input.denom);
    if (input.amount > maxIn.amount) throw errors.priceMoved.because(`${show(input)}, at most ${show(maxIn)} accepted`);
    this.#trade(ctx, trader, pool, input, output);
    return input;
  }

  /** What selling `input` gives now. */
  quoteExactIn(pool: Pool, input: Coin): Coin {
    const { reserveIn, reserveOut, denomOut } = sideOf(pool, input.denom);
    return { denom: denomOut, amount: amountOut(input.amount, reserveIn, reserveOut, BigInt(pool.feePpm)) };
  }

  /** What buying `output` takes now. Throws tokenpool/6 when the pool does not hold more than that. */
  quoteExactOut(pool: Pool, output: Coin): Coin {
    const { reserveIn, reserveOut, denomOut: denomIn } = sideOf(pool, output.denom);
    const amount = amountIn(output.amount, reserveOut, reserveIn, BigInt(pool.feePpm));
    if (amount === undefined || amount > MAX_INT)
      throw errors.tooLittleLiquidity.because(`pool ${pool.id} holds ${reserveIn}${output.denom}`);
    return { denom: denomIn, amount };
  }

  /** An account's shares of a pool, and what they would give now. */
  position(
    ctx: Read,
    poolId: bigint,
    owner: Uint8Array,
  ): { readonly shares: Coin; readonly redeemable: readonly Coin[] } {
    const pool = this.pool(ctx, poolId);
    const denom = shareDenom(poolId);
    const shares = { denom, amount: this.#uses.bank.balance(ctx, owner, denom) };
    const [amount0, amount1] = [pool.reserve0, pool.reserve1].map((reserve) =>
      amountForShares(shares.amount, BigInt(reserve), BigInt(pool.shareSupply)),
    );
    return { shares, redeemable: newCoins(...coinsOf(pool, amount0!, amount1!)) };
  }

  /** What the module's account holds of a denomination. */
  held(ctx: Read, denom: string): bigint {
    return this.#uses.bank.balance(ctx, moduleAddress(TOKENPOOL), denom);
  }

  /** How much there is of a denomination on the chain. */
  supply(ctx: Read, denom: string): bigint {
    return this.#uses.bank.supply(ctx, denom);
  }

  #trade(ctx: Write, trader: Uint8Array, pool: Pool, input: Coin, output: Coin): void {
    if (output.amount === 0n) throw errors.tooLittleLiquidity.because(`${show(input)} buys nothing`);
    const [before0, before1] = [BigInt(pool.reserve0), BigInt(pool.reserve1)];
    const [after0, after1] =
      input.denom === pool.denom0
        ? [before0 + input.amount, before1 - output.amount]
        : [before0 - output.amount, before1 + input.amount];
    // Uniswap's K check. The arithmetic above cannot fail it, so failing it is a bug and not a refusal.
    if (after0 * after1 < before0 * before1) throw new Error(`the product of pool ${pool.id} would fall`);
    const changed = withReserves(pool, after0, after1, BigInt(pool.shareSupply));
    this.setPool(ctx, changed);
    this.#uses.bank.sendToModule(ctx, trader, TOKENPOOL, [input]);
    this.#uses.bank.sendFromModule(ctx, TOKENPOOL, trader, [output]);
    emit(ctx, "swap", trader, changed, [
      ["amount_in", show(input)],
      ["amount_out", show(output)],
    ]);
  }
}

/** The amounts of two coins in the pool's order. Throws tokenpool/5 when they are not the pool's two denominations. */
function inPoolOrder(pool: Pool, a: Coin, b: Coin): readonly [bigint, bigint] {
  const [first, second] = a.denom < b.denom ? [a, b] : [b, a];
  if (first.denom !== pool.denom0 || second.denom !== pool.denom1) {
    throw errors.wrongDenom.because(
      `${a.denom} and ${b.denom} in pool ${pool.id} of ${pool.denom0} and ${pool.denom1}`,
    );
  }
  return [first.amount, second.amount];
}

function sideOf(pool: Pool, denomIn: string): Side {
  const [reserve0, reserve1] = [BigInt(pool.reserve0), BigInt(pool.reserve1)];
  if (denomIn === pool.denom0) return { reserveIn: reserve0, reserveOut: reserve1, denomOut: pool.denom1 };
  if (denomIn === pool.denom1) return { reserveIn: reserve1, reserveOut: reserve0, denomOut: pool.denom0 };
  throw errors.wrongDenom.because(`${denomIn} in pool ${pool.id} of ${pool.denom0} and ${pool.denom1}`);
}

function requireDenom(pool: Pool, limit: Coin, denom: string): void {
  if (limit.denom !== denom)
    throw errors.wrongDenom.because(`the limit is in ${limit.denom}, pool ${pool.id} gives or takes ${denom}`);
}

function withReserves(pool: Pool, reserve0: bigint, reserve1: bigint, shareSupply: bigint): Pool {
  return {
    ...pool,
    reserve0: reserve0.toString(),
    reserve1: reserve1.toString(),
    shareSupply: shareSupply.toString(),
  };
}

function coinsOf(pool: Pool, amount0: bigint, amount1: bigint): readonly Coin[] {
  return [
    { denom: pool.denom0, amount: amount0 },
    { denom: pool.denom1, amount: amount1 },
  ];
}

function show(coin: Coin): string {
  return `${coin.amount}${coin.denom}`;
}

function emit(
  ctx: Write,
  type: string,
  account: Uint8Array,
  pool: Pool,
  attributes: readonly (readonly [string, string])[],
): void {
  ctx.emit(type, [
    ["pool_id", pool.id.toString()],
    ["account", ctx.addresses.account(account)],
    ...attributes,
    ["reserves", `${pool.reserve0}${pool.denom0},${pool.reserve1}${pool.denom1}`],
  ]);
}
