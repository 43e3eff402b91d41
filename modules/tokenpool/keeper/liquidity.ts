/** Owns opening pools, paying liquidity in and taking it out, and the protocol's part of what fees added. */
import { AUTHORITY_MODULE } from "../../../chain/module/authority.ts";
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoin, newCoins } from "../../../chain/types/coin.ts";
import { amountForShares, firstShares, fitToRatio, protocolShares, sharesFor } from "../curve.ts";
import { errors } from "../errors.ts";
import { coinsOf, reservesOf, shareDenom, TOKENPOOL, type TokenpoolKeeper, tellPool } from "../keeper.ts";
import { MAX_RESERVE, MINIMUM_SHARES } from "../limits.ts";
import { type Pool, pairKey, state } from "../state.ts";
import { beginSums } from "./oracle.ts";

/** Shares of models come to the anchor's denomination when their curve graduates: nobody may open that pool at a price of their own before. */
const MODEL_SHARES = "model/";

/** Opens a pool with its first liquidity; gives it and what the creator received. */
export function create(
  keeper: TokenpoolKeeper,
  ctx: Write,
  creator: Uint8Array,
  coins: readonly [Coin, Coin],
  batched: boolean,
): { readonly pool: Pool; readonly shares: Coin } {
  const { anchorDenom } = keeper.params(ctx);
  const denoms = coins.map(({ denom }) => denom);
  if (denoms.includes(anchorDenom) && denoms.some((denom) => denom.startsWith(MODEL_SHARES))) {
    throw errors.reservedPair.because(denoms.join(" and "));
  }
  const { pool, paid } = open(keeper, ctx, coins, batched);
  keeper.uses.bank.sendToModule(ctx, creator, TOKENPOOL, paid);
  const shares = { denom: shareDenom(pool.id), amount: BigInt(pool.shareSupply) - MINIMUM_SHARES };
  keeper.uses.bank.sendFromModule(ctx, TOKENPOOL, creator, [shares]);
  tellPool(ctx, "pool_created", ctx.addresses.account(creator), pool, [
    ["coins", paid.map(formatCoin).join(",")],
    ["shares", formatCoin(shares)],
  ]);
  return { pool, shares };
}

/** Opens a pool with a module's coins, whose shares all stay locked for ever. Throws tokenpool/3, tokenpool/6. */
export function openLocked(keeper: TokenpoolKeeper, ctx: Write, module: string, coins: readonly [Coin, Coin]): bigint {
  const { pool, paid } = open(keeper, ctx, coins, false);
  keeper.uses.bank.sendBetweenModules(ctx, module, TOKENPOOL, paid);
  tellPool(ctx, "pool_created", module, pool, [
    ["coins", paid.map(formatCoin).join(",")],
    ["shares", formatCoin({ denom: shareDenom(pool.id), amount: 0n })],
  ]);
  return pool.id;
}

/** Stores a new pool and makes its shares, which lie in the module's account. The coins are still to come. */
function open(
  keeper: TokenpoolKeeper,
  ctx: Write,
  [a, b]: readonly [Coin, Coin],
  batched: boolean,
): { readonly pool: Pool; readonly paid: readonly Coin[] } {
  if (a.denom === b.denom) throw errors.sameDenom.because(a.denom);
  const [coin0, coin1] = a.denom < b.denom ? [a, b] : [b, a];
  const taken = state.pools.by.pair.find(ctx, pairKey(coin0.denom, coin1.denom, batched));
  if (taken !== undefined) throw errors.pairTaken.because(`${coin0.denom} and ${coin1.denom} are in pool ${taken}`);
  if (coin0.amount > MAX_RESERVE || coin1.amount > MAX_RESERVE) throw errors.tooMuchLiquidity.because("a new pool");
  const { total, creator: received } = firstShares(coin0.amount, coin1.amount);
  if (received <= 0n) {
    throw errors.tooLittleLiquidity.because(`it makes ${total} shares, and ${MINIMUM_SHARES} stay locked`);
  }
  const { feePpm, protocolFeePart } = keeper.params(ctx);
  const pool: Pool = {
    id: (state.pools.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n,
    denom0: coin0.denom,
    denom1: coin1.denom,
    reserve0: coin0.amount.toString(),
    reserve1: coin1.amount.toString(),
    shareSupply: total.toString(),
    feePpm,
    batched,
    kLast: protocolFeePart === 0 ? "0" : (coin0.amount * coin1.amount).toString(),
    cumulative0: "0",
    cumulative1: "0",
    updatedAt: ctx.time.seconds,
  };
  state.pools.set(ctx, pool.id, pool);
  beginSums(ctx, pool.id);
  keeper.uses.bank.mint(ctx, TOKENPOOL, [{ denom: shareDenom(pool.id), amount: total }]);
  return { pool, paid: [coin0, coin1] };
}

/** Pays liquidity in; gives the two amounts taken and the shares made. */
export function add(
  keeper: TokenpoolKeeper,
  ctx: Write,
  provider: Uint8Array,
  poolId: bigint,
  limits: { readonly maxA: Coin; readonly maxB: Coin; readonly minShares: bigint },
): { readonly paid: readonly Coin[]; readonly shares: Coin } {
  const pool = takeProtocolPart(keeper, ctx, keeper.pool(ctx, poolId));
  const [max0, max1] = inPoolOrder(pool, limits.maxA, limits.maxB);
  const [reserve0, reserve1] = reservesOf(pool);
  const supply = BigInt(pool.shareSupply);
  const { amount0, amount1 } = fitToRatio(max0, max1, reserve0, reserve1);
  const made = sharesFor(amount0, amount1, reserve0, reserve1, supply);
  if (amount0 === 0n || amount1 === 0n || made === 0n) throw errors.tooLittleLiquidity.because(`pool ${poolId}`);
  if (made < limits.minShares) throw errors.priceMoved.because(`${made} shares, at least ${limits.minShares} wanted`);
  const paid = coinsOf(pool, amount0, amount1);
  const shares = { denom: shareDenom(poolId), amount: made };
  const after = { reserve0: reserve0 + amount0, reserve1: reserve1 + amount1, shareSupply: supply + made };
  const changed = keeper.change(ctx, pool, withKLast(pool, after));
  keeper.uses.bank.sendToModule(ctx, provider, TOKENPOOL, paid);
  keeper.uses.bank.mint(ctx, TOKENPOOL, [shares]);
  keeper.uses.bank.sendFromModule(ctx, TOKENPOOL, provider, [shares]);
  tellPool(ctx, "liquidity_added", ctx.addresses.account(provider), changed, [
    ["coins", paid.map(formatCoin).join(",")],
    ["shares", formatCoin(shares)],
  ]);
  return { paid, shares };
}

/** Gives shares back; gives the two amounts paid out. */
export function remove(
  keeper: TokenpoolKeeper,
  ctx: Write,
  provider: Uint8Array,
  poolId: bigint,
  limits: { readonly shares: bigint; readonly minA: Coin; readonly minB: Coin },
): readonly Coin[] {
  const pool = takeProtocolPart(keeper, ctx, keeper.pool(ctx, poolId));
  const [min0, min1] = inPoolOrder(pool, limits.minA, limits.minB);
  const shares = { denom: shareDenom(poolId), amount: limits.shares };
  const owned = keeper.uses.bank.balance(ctx, provider, shares.denom);
  if (owned < limits.shares) {
    throw errors.tooFewShares.because(`${owned}${shares.denom} is less than ${formatCoin(shares)}`);
  }
  const [reserve0, reserve1] = reservesOf(pool);
  const supply = BigInt(pool.shareSupply);
  const amount0 = amountForShares(limits.shares, reserve0, supply);
  const amount1 = amountForShares(limits.shares, reserve1, supply);
  if (amount0 < min0 || amount1 < min1) {
    throw errors.priceMoved.because(`${amount0} and ${amount1}, at least ${min0} and ${min1} wanted`);
  }
  const received = coinsOf(pool, amount0, amount1);
  const after = { reserve0: reserve0 - amount0, reserve1: reserve1 - amount1, shareSupply: supply - limits.shares };
  const changed = keeper.change(ctx, pool, withKLast(pool, after));
  keeper.uses.bank.sendToModule(ctx, provider, TOKENPOOL, [shares]);
  keeper.uses.bank.burn(ctx, TOKENPOOL, [shares]);
  keeper.uses.bank.sendFromModule(ctx, TOKENPOOL, provider, received);
  tellPool(ctx, "liquidity_removed", ctx.addresses.account(provider), changed, [
    ["coins", received.map(formatCoin).join(",")],
    ["shares", formatCoin(shares)],
  ]);
  return received;
}

/** An account's shares of a pool, and what they would give now, the protocol's part counted. */
export function position(
  keeper: TokenpoolKeeper,
  ctx: Read,
  poolId: bigint,
  owner: Uint8Array,
): { readonly shares: Coin; readonly redeemable: readonly Coin[] } {
  const pool = keeper.pool(ctx, poolId);
  const denom = shareDenom(poolId);
  const shares = { denom, amount: keeper.uses.bank.balance(ctx, owner, denom) };
  const supply = BigInt(pool.shareSupply) + (protocolPart(keeper, ctx, pool) ?? 0n);
  const [amount0, amount1] = reservesOf(pool).map((reserve) => amountForShares(shares.amount, reserve, supply));
  return { shares, redeemable: newCoins(...coinsOf(pool, amount0!, amount1!)) };
}

/** The shares the protocol is owed before anything else happens to the pool's liquidity; undefined without a protocol fee. */
function protocolPart(keeper: TokenpoolKeeper, ctx: Read, pool: Pool): bigint | undefined {
  const { protocolFeePart } = keeper.params(ctx);
  if (protocolFeePart === 0) return undefined;
  if (pool.kLast === "0") return 0n;
  const [reserve0, reserve1] = reservesOf(pool);
  return protocolShares(reserve0 * reserve1, BigInt(pool.kLast), BigInt(pool.shareSupply), BigInt(protocolFeePart));
}

/**
 * Makes the protocol's shares, which the governance account receives. The pool that is given is still to be stored; its
 * kLast is 0 exactly when there is no protocol fee.
 */
function takeProtocolPart(keeper: TokenpoolKeeper, ctx: Write, pool: Pool): Pool {
  const amount = protocolPart(keeper, ctx, pool);
  if (amount === undefined) return { ...pool, kLast: "0" };
  const [reserve0, reserve1] = reservesOf(pool);
  const kLast = (reserve0 * reserve1).toString();
  if (amount === 0n) return { ...pool, kLast };
  const shares = { denom: shareDenom(pool.id), amount };
  keeper.uses.bank.mint(ctx, TOKENPOOL, [shares]);
  keeper.uses.bank.sendBetweenModules(ctx, TOKENPOOL, AUTHORITY_MODULE, [shares]);
  ctx.emit("protocol_fee", [
    ["pool_id", pool.id.toString()],
    ["shares", formatCoin(shares)],
  ]);
  return { ...pool, kLast, shareSupply: (BigInt(pool.shareSupply) + amount).toString() };
}

/** The change with the product that the protocol's next part is counted from. */
function withKLast(
  pool: Pool,
  change: { readonly reserve0: bigint; readonly reserve1: bigint; readonly shareSupply: bigint },
) {
  return { ...change, kLast: pool.kLast === "0" ? 0n : change.reserve0 * change.reserve1 };
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
