/** Owns what must always hold of pools. That the product never falls on a swap is checked at each swap (keeper.ts). */
import type { Read } from "../../chain/module/context.ts";
import { shareDenom, type TokenpoolKeeper } from "./keeper.ts";
import { MINIMUM_SHARES } from "./limits.ts";

export const invariants = {
  /** The module's account holds at least the reserves of all pools; gifts may lie beside them. */
  reserves: (keeper: TokenpoolKeeper, ctx: Read): string | undefined => {
    const reserves = new Map<string, bigint>();
    for (const pool of keeper.allPools(ctx)) {
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
    for (const pool of keeper.allPools(ctx)) {
      const denom = shareDenom(pool.id);
      const supply = keeper.supply(ctx, denom);
      if (supply !== BigInt(pool.shareSupply)) return `pool ${pool.id} counts ${pool.shareSupply} shares of ${supply}`;
      const locked = keeper.held(ctx, denom);
      if (locked < MINIMUM_SHARES) return `pool ${pool.id} has ${locked} locked shares, not ${MINIMUM_SHARES}`;
    }
    return undefined;
  },
};
