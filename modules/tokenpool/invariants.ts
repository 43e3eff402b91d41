/** Owns what must always hold of pools and creator tokens. That the product never falls on a swap is checked at each swap (keeper/). */
import type { Read } from "../../chain/module/context.ts";
import { worthOf } from "./keeper/anchored.ts";
import { shareDenom, type TokenpoolKeeper } from "./keeper.ts";
import { MINIMUM_SHARES } from "./limits.ts";
import { state } from "./state.ts";

export const invariants = {
  /** The module's account holds at least the reserves of all pools; gifts may lie beside them. */
  reserves: (keeper: TokenpoolKeeper, ctx: Read): string | undefined => {
    const reserves = new Map<string, bigint>();
    for (const [, pool] of state.pools.iterate(ctx)) {
      reserves.set(pool.denom0, (reserves.get(pool.denom0) ?? 0n) + BigInt(pool.reserve0));
      reserves.set(pool.denom1, (reserves.get(pool.denom1) ?? 0n) + BigInt(pool.reserve1));
    }
    for (const [denom, reserve] of reserves) {
      const held = keeper.held(ctx, denom);
      if (held < reserve) return `pools count ${reserve}${denom}, the module's account holds ${held}${denom}`;
    }
    return undefined;
  },
  /** Every pool counts the shares the bank knows of, and the locked ones lie in the module's account. */
  shares: (keeper: TokenpoolKeeper, ctx: Read): string | undefined => {
    for (const [, pool] of state.pools.iterate(ctx)) {
      const denom = shareDenom(pool.id);
      const supply = keeper.supply(ctx, denom);
      if (supply !== BigInt(pool.shareSupply)) return `pool ${pool.id} counts ${pool.shareSupply} shares of ${supply}`;
      const locked = keeper.held(ctx, denom);
      if (locked < MINIMUM_SHARES) return `pool ${pool.id} has ${locked} locked shares, not ${MINIMUM_SHARES}`;
    }
    return undefined;
  },
  /** Every creator token is covered in full, counts the units the bank knows of, and the vault holds all reserves. */
  vault: (keeper: TokenpoolKeeper, ctx: Read): string | undefined => {
    let reserves = 0n;
    for (const [denom, token] of state.tokens.iterate(ctx)) {
      const supply = keeper.supply(ctx, denom);
      if (supply !== BigInt(token.supply)) return `${denom} counts ${token.supply} units of ${supply}`;
      const needed = worthOf(supply, BigInt(token.rate));
      if (BigInt(token.reserve) < needed) return `${denom} is worth ${needed} and backed by ${token.reserve}`;
      reserves += BigInt(token.reserve);
    }
    const held = keeper.vault(ctx);
    return held < reserves ? `creator tokens count a reserve of ${reserves}, the vault holds ${held}` : undefined;
  },
  /** No order outlives its block. */
  orders: (_keeper: TokenpoolKeeper, ctx: Read): string | undefined =>
    state.orders.isEmpty(ctx) ? undefined : "orders are left from the last block",
};
