/**
 * Owns the orders of a block in batched pools: taking them, and settling each pool's at one price at the end of the block
 * (clearing.ts). The order in which they came makes no difference to the price, so there is no place before somebody else's
 * to be had. A block takes a bounded number; none outlives it.
 */
import type { Write } from "../../../chain/module/context.ts";
import { type Coin, coinFromMessage, coinToMessage, formatCoin } from "../../../chain/types/coin.ts";
import { type Bid, clear } from "../clearing.ts";
import { paysFee } from "../curve.ts";
import { errors } from "../errors.ts";
import { reservesOf, TOKENPOOL, type TokenpoolKeeper, tellPool } from "../keeper.ts";
import { GAS_PER_ORDER, MAX_ORDERS_PER_BLOCK, MAX_ORDERS_PER_POOL, MAX_RESERVE } from "../limits.ts";
import { type Order, type Pool, state } from "../state.ts";

/** Takes an order and holds what it sells. Gives its number in the block. */
export function place(
  keeper: TokenpoolKeeper,
  ctx: Write,
  trader: Uint8Array,
  poolId: bigint,
  input: Coin,
  minOut: Coin,
): bigint {
  const pool = keeper.pool(ctx, poolId);
  if (!pool.batched) throw errors.notBatched.because(`pool ${poolId}`);
  const denoms = [input.denom, minOut.denom].sort((a, b) => (a < b ? -1 : 1));
  if (denoms[0] !== pool.denom0 || denoms[1] !== pool.denom1) {
    throw errors.wrongDenom.because(`${denoms.join(" and ")} in pool ${poolId} of ${pool.denom0} and ${pool.denom1}`);
  }
  const id = (state.orders.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
  const waiting = [...state.orders.by.pool.entries(ctx, poolId)].map(([, order]) => order);
  if (waiting.length >= MAX_ORDERS_PER_POOL || id > MAX_ORDERS_PER_BLOCK)
    throw errors.batchFull.because(`pool ${poolId}`);
  // Settled with all others of its side, it must still fit.
  const sold = waiting
    .filter(({ amountIn }) => amountIn.denom === input.denom)
    .reduce((sum, { amountIn }) => sum + BigInt(amountIn.amount), input.amount);
  const [reserve0, reserve1] = reservesOf(pool);
  const reserve = input.denom === pool.denom0 ? reserve0 : reserve1;
  if (reserve + sold > MAX_RESERVE) throw errors.tooMuchLiquidity.because(`pool ${poolId}`);
  ctx.gas.consume(GAS_PER_ORDER, "settling an order");
  const order = {
    id,
    poolId,
    trader: ctx.addresses.account(trader),
    amountIn: coinToMessage(input),
    minOut: coinToMessage(minOut),
  };
  state.orders.set(ctx, id, order);
  keeper.uses.bank.sendToModule(ctx, trader, TOKENPOOL, [input]);
  tellOrder(ctx, "order_placed", order, []);
  return id;
}

/** Settles the orders of the block, pool by pool. */
export function settleOrders(keeper: TokenpoolKeeper, ctx: Write): void {
  const byPool = new Map<bigint, Order[]>();
  for (const [, order] of state.orders.iterate(ctx)) {
    const orders = byPool.get(order.poolId);
    if (orders === undefined) byPool.set(order.poolId, [order]);
    else orders.push(order);
  }
  for (const [poolId, orders] of byPool) settlePool(keeper, ctx, keeper.pool(ctx, poolId), orders);
}

function settlePool(keeper: TokenpoolKeeper, ctx: Write, pool: Pool, orders: readonly Order[]): void {
  const [before0, before1] = reservesOf(pool);
  const bids = orders.map(
    ({ amountIn, minOut }): Bid => ({
      sells0: amountIn.denom === pool.denom0,
      amountIn: BigInt(amountIn.amount),
      minOut: BigInt(minOut.amount),
    }),
  );
  const outputs = clear(bids, before0, before1, BigInt(pool.feePpm));
  let [in0, in1, out0, out1, filled] = [0n, 0n, 0n, 0n, 0];
  for (const [i, { sells0, amountIn }] of bids.entries()) {
    const output = outputs[i];
    if (output === undefined) continue;
    filled += 1;
    if (sells0) [in0, out1] = [in0 + amountIn, out1 + output];
    else [in1, out0] = [in1 + amountIn, out0 + output];
  }
  const [reserve0, reserve1] = [before0 + in0 - out0, before1 + in1 - out1];
  if (!paysFee([before0, before1], [reserve0, reserve1], [in0, in1], BigInt(pool.feePpm))) {
    throw new Error(`the product of pool ${pool.id} would fall`);
  }
  if (filled > 0) {
    tellPool(ctx, "batch_settled", TOKENPOOL, keeper.change(ctx, pool, { reserve0, reserve1 }), [
      ["orders", orders.length.toString()],
      ["filled", filled.toString()],
    ]);
  }
  for (const [i, order] of orders.entries()) pay(keeper, ctx, pool, order, outputs[i]);
}

/** Pays an order's output, or gives back what it would have sold. */
function pay(keeper: TokenpoolKeeper, ctx: Write, pool: Pool, order: Order, output: bigint | undefined): void {
  state.orders.delete(ctx, order.id);
  const input = coinFromMessage(order.amountIn);
  const denomOut = input.denom === pool.denom0 ? pool.denom1 : pool.denom0;
  const coin = output === undefined ? input : { denom: denomOut, amount: output };
  keeper.uses.bank.sendFromModule(ctx, TOKENPOOL, ctx.addresses.parseAccount(order.trader), [coin]);
  if (output === undefined) tellOrder(ctx, "order_returned", order, []);
  else tellOrder(ctx, "order_filled", order, [["amount_out", formatCoin(coin)]]);
}

function tellOrder(ctx: Write, type: string, order: Order, more: readonly (readonly [string, string])[]): void {
  ctx.emit(type, [
    ["pool_id", order.poolId.toString()],
    ["order_id", order.id.toString()],
    ["account", order.trader],
    ["amount_in", formatCoin(coinFromMessage(order.amountIn))],
    ["min_out", formatCoin(coinFromMessage(order.minOut))],
    ...more,
  ]);
}
