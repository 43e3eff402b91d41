/** Owns pools as other modules see them: swapping along a route for an account, finding one, average prices, opening a pool for ever. */
import type { Read, Write } from "../../../chain/module/context.ts";
import { sdkErrors } from "../../../chain/module/errors.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import type { TokenpoolKeeper } from "../keeper.ts";
import { MIN_DECISION_SECONDS } from "../limits.ts";
import { openLocked } from "./liquidity.ts";
import { type Twap, twap } from "./oracle.ts";
import { bestRoute, type Route, type RouteRequest } from "./route.ts";
import { swapExactIn, swapExactOut } from "./swap.ts";

export type { Twap } from "./oracle.ts";
export type { Route, RouteRequest } from "./route.ts";

/** The token pools' keeper, for modules that take or give more than one denomination. */
export function exchange(keeper: TokenpoolKeeper) {
  return {
    /** Sells exactly `input` of the account's along the pools of `route`; gives what the account received, at least `minOut`. */
    swapExactIn: (ctx: Write, account: Uint8Array, route: readonly bigint[], input: Coin, minOut: Coin): Coin =>
      swapExactIn(keeper, ctx, account, route, input, minOut),
    /** Buys exactly `output` for the account along the pools of `route`; gives what it paid, at most `maxIn`. */
    swapExactOut: (ctx: Write, account: Uint8Array, route: readonly bigint[], output: Coin, maxIn: Coin): Coin =>
      swapExactOut(keeper, ctx, account, route, output, maxIn),
    /** The best way of those it looks at. Throws tokenpool/12 when there is none. */
    bestRoute: (ctx: Read, request: RouteRequest): Route => bestRoute(keeper, ctx, request),
    /** Average prices to decide by: over half an hour at least, this block's changes left out. Throws tokenpool/2, tokenpool/16. */
    twap: (ctx: Read, poolId: bigint, window: bigint): Twap => {
      if (window < MIN_DECISION_SECONDS) {
        throw sdkErrors.logic.because(`an average over ${window} seconds decides nothing`);
      }
      return twap(ctx, keeper.pool(ctx, poolId), window);
    },
    /** The denomination whose pools with shares of models nobody else opens. */
    anchorDenom: (ctx: Read): string => keeper.params(ctx).anchorDenom,
    /** Opens a pool with a module's coins; nobody ever owns its shares. Gives its number. */
    openLocked: (ctx: Write, module: string, coins: readonly [Coin, Coin]): bigint =>
      openLocked(keeper, ctx, module, coins),
  };
}
