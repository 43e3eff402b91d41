/** Owns the tokenpool module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { invariants } from "./invariants.ts";
import type { TokenpoolKeeper } from "./keeper.ts";
import { MAX_FEE_PPM, MAX_RESERVE, MINIMUM_SHARES } from "./limits.ts";
import { defaultParams, validateParams } from "./params.ts";
import { state } from "./state.ts";

type Genesis = Messages["tributary.tokenpool.v1.GenesisState"];

export function defaultGenesis(): Genesis {
  return { params: defaultParams, pools: [], observations: [], tokens: [] };
}

/** Throws with a sentence for a fee that is too high, numbers with gaps, a pair that is not sorted, or an empty pool. */
export function validateGenesis({ params, pools, observations }: Genesis): void {
  validateParams(params);
  pools.forEach((pool, i) => {
    if (pool.id !== BigInt(i + 1)) throw new Error(`tokenpool: pool ${pool.id} stands where ${i + 1} should`);
    if (pool.feePpm > MAX_FEE_PPM) throw new Error(`tokenpool: the fee of pool ${pool.id} is above ${MAX_FEE_PPM}`);
    const reserves = [BigInt(pool.reserve0), BigInt(pool.reserve1)];
    if (reserves.some((reserve) => reserve <= 0n) || BigInt(pool.shareSupply) < MINIMUM_SHARES) {
      throw new Error(`tokenpool: pool ${pool.id} has no reserves or fewer shares than stay locked`);
    }
    if (reserves.some((reserve) => reserve > MAX_RESERVE)) {
      throw new Error(`tokenpool: pool ${pool.id} holds more than a pool can`);
    }
    if (pool.denom0 >= pool.denom1) throw new Error(`tokenpool: the denominations of pool ${pool.id} are not sorted`);
  });
  for (const { poolId, first, last } of observations) {
    const pool = pools[Number(poolId) - 1];
    if (pool === undefined || first.time > last.time || last.time > pool.updatedAt) {
      throw new Error(`tokenpool: pool ${poolId} cannot have been observed at ${last.time}`);
    }
  }
}

/** Writes a validated genesis. */
export function initGenesis(keeper: TokenpoolKeeper, ctx: Write, genesis: Genesis): void {
  validateGenesis(genesis);
  state.params.set(ctx, genesis.params);
  for (const pool of genesis.pools) state.pools.set(ctx, pool.id, pool);
  for (const row of genesis.observations) state.observations.set(ctx, [row.poolId, row.slot], row);
  for (const token of genesis.tokens) state.tokens.set(ctx, token.denom, token);
  // The bank's genesis comes first: what pools and tokens count must lie there.
  for (const invariant of Object.values(invariants)) {
    const flaw = invariant(keeper, ctx);
    if (flaw !== undefined) throw new Error(`tokenpool: ${flaw}`);
  }
}

/** Reads everything back in the order of the keys. */
export function exportGenesis(keeper: TokenpoolKeeper, ctx: Read): Genesis {
  return {
    params: keeper.params(ctx),
    pools: Array.from(state.pools.iterate(ctx), ([, pool]) => pool),
    observations: Array.from(state.observations.iterate(ctx), ([, row]) => row),
    tokens: Array.from(state.tokens.iterate(ctx), ([, token]) => token),
  };
}
