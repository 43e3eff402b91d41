/**
 * Owns swaps: through one pool or through several, all of them or none. Every swap names the worst result it accepts. A
 * route goes through different pools, so what each gives can be told before any of them has changed.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoin } from "../../../chain/types/coin.ts";
import { MAX_INT } from "../../../chain/types/int.ts";
import { amountIn, amountOut, paysFee } from "../curve.ts";
import { errors } from "../errors.ts";
import { reservesOf, TOKENPOOL, type TokenpoolKeeper, tellPool } from "../keeper.ts";
import { MAX_HOPS } from "../limits.ts";
import type { Pool } from "../state.ts";

/** A pool seen from a trade: what comes in and what goes out. */
interface Side {
  readonly reserveIn: bigint;
  readonly reserveOut: bigint;
  readonly denomOut: string;
}

/** One pool of a route with what goes in and what comes out. */
interface Hop {
  readonly pool: Pool;
  readonly input: Coin;
  readonly output: Coin;
}

/** What a sale of `input` would give. Throws tokenpool/5 for a denomination the pool does not hold. */
export function quoteExactIn(pool: Pool, input: Coin): Coin {
  const { reserveIn, reserveOut, denomOut } = sideOf(pool, input.denom);
  return { denom: denomOut, amount: amountOut(input.amount, reserveIn, reserveOut, BigInt(pool.feePpm)) };
}

/** What a purchase of `output` would take. Throws tokenpool/6 when the pool does not hold so much. */
export function quoteExactOut(pool: Pool, output: Coin): Coin {
  const { reserveIn: reserveOut, reserveOut: reserveIn, denomOut: denomIn } = sideOf(pool, output.denom);
  const amount = amountIn(output.amount, reserveIn, reserveOut, BigInt(pool.feePpm));
  if (amount === undefined || amount > MAX_INT) {
    throw errors.tooLittleLiquidity.because(`pool ${pool.id} holds ${reserveOut}${output.denom}`);
  }
  return { denom: denomIn, amount };
}

/** Sells exactly `input` along a route; gives what was received, at least `minOut`. */
export function swapExactIn(
  keeper: TokenpoolKeeper,
  ctx: Write,
  trader: Uint8Array,
  route: readonly bigint[],
  input: Coin,
  minOut: Coin,
): Coin {
  const hops: Hop[] = [];
  let given = input;
  for (const pool of poolsOf(keeper, ctx, route)) {
    const output = quoteExactIn(pool, given);
    hops.push({ pool, input: given, output });
    given = output;
  }
  requireDenom(minOut, given.denom);
  if (given.amount < minOut.amount) {
    throw errors.priceMoved.because(`${formatCoin(given)}, at least ${formatCoin(minOut)} wanted`);
  }
  trade(keeper, ctx, trader, hops);
  return given;
}

/** Buys exactly `output` along a route; gives what was paid, at most `maxIn`. */
export function swapExactOut(
  keeper: TokenpoolKeeper,
  ctx: Write,
  trader: Uint8Array,
  route: readonly bigint[],
  output: Coin,
  maxIn: Coin,
): Coin {
  const hops: Hop[] = [];
  let taken = output;
  for (const pool of poolsOf(keeper, ctx, route).reverse()) {
    const input = quoteExactOut(pool, taken);
    hops.unshift({ pool, input, output: taken });
    taken = input;
  }
  requireDenom(maxIn, taken.denom);
  if (taken.amount > maxIn.amount) {
    throw errors.priceMoved.because(`${formatCoin(taken)}, at most ${formatCoin(maxIn)} wanted`);
  }
  trade(keeper, ctx, trader, hops);
  return taken;
}

/** The pools of a route. Throws tokenpool/11 for none, too many or one twice, tokenpool/13 for a batched one. */
function poolsOf(keeper: TokenpoolKeeper, ctx: Read, route: readonly bigint[]): Pool[] {
  if (route.length === 0 || route.length > MAX_HOPS) {
    throw errors.invalidRoute.because(`${route.length} pools, a route has 1 to ${MAX_HOPS}`);
  }
  if (new Set(route).size !== route.length) throw errors.invalidRoute.because("a pool stands twice");
  return route.map((poolId) => {
    const pool = keeper.pool(ctx, poolId);
    if (pool.batched) throw errors.batched.because(`pool ${poolId}`);
    return pool;
  });
}

/** Changes every pool of the route and moves the first input and the last output; what lies between never leaves. */
function trade(keeper: TokenpoolKeeper, ctx: Write, trader: Uint8Array, hops: readonly Hop[]): void {
  const account = ctx.addresses.account(trader);
  for (const { pool, input, output } of hops) {
    if (output.amount === 0n) throw errors.tooLittleLiquidity.because(`${formatCoin(input)} buys nothing`);
    const before = reservesOf(pool);
    const [in0, in1, out0, out1] =
      input.denom === pool.denom0 ? [input.amount, 0n, 0n, output.amount] : [0n, input.amount, output.amount, 0n];
    const [reserve0, reserve1] = [before[0] + in0 - out0, before[1] + in1 - out1];
    // The arithmetic cannot fail the check, so failing it is a bug and not a refusal.
    if (!paysFee(before, [reserve0, reserve1], [in0, in1], BigInt(pool.feePpm))) {
      throw new Error(`the product of pool ${pool.id} would fall`);
    }
    tellPool(ctx, "swap", account, keeper.change(ctx, pool, { reserve0, reserve1 }), [
      ["amount_in", formatCoin(input)],
      ["amount_out", formatCoin(output)],
    ]);
  }
  const [first, last] = [hops[0]!, hops[hops.length - 1]!];
  keeper.uses.bank.sendToModule(ctx, trader, TOKENPOOL, [first.input]);
  keeper.uses.bank.sendFromModule(ctx, TOKENPOOL, trader, [last.output]);
}

function sideOf(pool: Pool, denomIn: string): Side {
  const [reserve0, reserve1] = reservesOf(pool);
  if (denomIn === pool.denom0) return { reserveIn: reserve0, reserveOut: reserve1, denomOut: pool.denom1 };
  if (denomIn === pool.denom1) return { reserveIn: reserve1, reserveOut: reserve0, denomOut: pool.denom0 };
  throw errors.wrongDenom.because(`${denomIn} in pool ${pool.id} of ${pool.denom0} and ${pool.denom1}`);
}

function requireDenom(limit: Coin, denom: string): void {
  if (limit.denom !== denom) {
    throw errors.wrongDenom.because(`the limit is in ${limit.denom}, the last pool gives or the first takes ${denom}`);
  }
}
