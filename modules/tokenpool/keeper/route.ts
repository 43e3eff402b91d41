/**
 * Owns the search for a way from one denomination to another over at most three pools. It looks at the deepest pools of
 * both denominations and at those that join what lies behind them, so its work has a bound, and pools that somebody opens
 * to be in the way are the shallow ones it never sees.
 */
import type { Read } from "../../../chain/module/context.ts";
import { TxError } from "../../../chain/module/errors.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { errors } from "../errors.ts";
import type { TokenpoolKeeper } from "../keeper.ts";
import { MAX_NEIGHBOURS } from "../limits.ts";
import { type Pool, pairKey, state } from "../state.ts";
import { quoteExactIn, quoteExactOut } from "./swap.ts";

/** What is asked for: an exact amount on one end, the denomination of the other. */
export type RouteRequest =
  | { readonly kind: "exact in"; readonly input: Coin; readonly denomOut: string }
  | { readonly kind: "exact out"; readonly output: Coin; readonly denomIn: string };

/** The best way that was found. */
export interface Route {
  readonly poolIds: readonly bigint[];
  readonly input: Coin;
  readonly output: Coin;
}

/** The way that gives the most, or takes the least; of equals the shorter one. Throws tokenpool/12 when there is none. */
export function bestRoute(keeper: TokenpoolKeeper, ctx: Read, request: RouteRequest): Route {
  const [from, to] =
    request.kind === "exact in" ? [request.input.denom, request.denomOut] : [request.denomIn, request.output.denom];
  let best: Route | undefined;
  for (const pools of from === to ? [] : waysBetween(keeper, ctx, from, to)) {
    const route = quoteAlong(pools, request);
    if (route === undefined) continue;
    const isBetter =
      best === undefined ||
      (request.kind === "exact in" ? route.output.amount > best.output.amount : route.input.amount < best.input.amount);
    if (isBetter) best = route;
  }
  if (best === undefined) throw errors.noRoute.because(`from ${from} to ${to}`);
  return best;
}

/** The ways, the shorter ones first. */
function* waysBetween(keeper: TokenpoolKeeper, ctx: Read, from: string, to: string): Generator<readonly Pool[]> {
  const direct = joining(keeper, ctx, from, to);
  if (direct !== undefined) yield [direct];
  const near = neighbours(keeper, ctx, from).filter((pool) => otherSide(pool, from) !== to);
  for (const first of near) {
    const last = joining(keeper, ctx, otherSide(first, from), to);
    if (last !== undefined) yield [first, last];
  }
  const far = neighbours(keeper, ctx, to).filter((pool) => otherSide(pool, to) !== from);
  for (const first of near) {
    for (const last of far) {
      const [a, b] = [otherSide(first, from), otherSide(last, to)];
      const middle = a === b ? undefined : joining(keeper, ctx, a, b);
      if (middle !== undefined) yield [first, middle, last];
    }
  }
}

/** What a way gives or takes; undefined when it cannot be gone with this amount. */
function quoteAlong(pools: readonly Pool[], request: RouteRequest): Route | undefined {
  const poolIds = pools.map(({ id }) => id);
  try {
    if (request.kind === "exact in") {
      const output = pools.reduce((coin, pool) => quoteExactIn(pool, coin), request.input);
      return output.amount === 0n ? undefined : { poolIds, input: request.input, output };
    }
    const input = pools.reduceRight((coin, pool) => quoteExactOut(pool, coin), request.output);
    return { poolIds, input, output: request.output };
  } catch (error) {
    if (error instanceof TxError) return undefined;
    throw error;
  }
}

/** The pool of a pair that takes swaps. */
function joining(keeper: TokenpoolKeeper, ctx: Read, a: string, b: string): Pool | undefined {
  const poolId = state.pools.by.pair.find(ctx, pairKey(a, b, false));
  return poolId === undefined ? undefined : keeper.pool(ctx, poolId);
}

/** The deepest pools that hold a denomination and take swaps; batched ones sort behind all others. */
function neighbours(keeper: TokenpoolKeeper, ctx: Read, denom: string): Pool[] {
  const range = { start: [denom, 0] as const, end: [`${denom}\u0001`, 0] as const, limit: MAX_NEIGHBOURS };
  const found = [...state.pools.by.depth0.iterate(ctx, range), ...state.pools.by.depth1.iterate(ctx, range)];
  return found
    .sort(([[, a], idA], [[, b], idB]) => (a === b ? (idA < idB ? -1 : 1) : a - b))
    .slice(0, MAX_NEIGHBOURS)
    .map(([, poolId]) => keeper.pool(ctx, poolId))
    .filter(({ batched }) => !batched);
}

function otherSide(pool: Pool, denom: string): string {
  return pool.denom0 === denom ? pool.denom1 : pool.denom0;
}
