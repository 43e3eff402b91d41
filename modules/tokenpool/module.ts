/** Owns the definition of the tokenpool module: what its messages and queries are read as. Pools are keeper.ts's. */
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { defineModule } from "../../chain/module/define.ts";
import { GrpcError, sdkErrors } from "../../chain/module/errors.ts";
import { accountField, positiveCoinField, positiveField } from "../../chain/module/message-fields.ts";
import { coinsToMessages, coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { invariants } from "./invariants.ts";
import { TOKENPOOL, TokenpoolKeeper, type TokenpoolUses } from "./keeper.ts";
import { MAX_FEE_PPM, MINIMUM_SHARES } from "./limits.ts";
import { state } from "./state.ts";

export const tokenpool = defineModule({
  name: TOKENPOOL,
  proto: "tributary.tokenpool.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: TokenpoolUses) => new TokenpoolKeeper(uses),
  accounts: { [TOKENPOOL]: ["minter", "burner"] },
  msgs: {
    CreatePool: (keeper, ctx, { creator, coinA, coinB }) => {
      const account = accountField(ctx, "creator", creator);
      const coins = [positiveCoinField("coin_a", coinA), positiveCoinField("coin_b", coinB)] as const;
      const { pool, shares } = keeper.create(ctx, account, ...coins);
      return { poolId: pool.id, shares: coinToMessage(shares) };
    },
    AddLiquidity: (keeper, ctx, { provider, poolId, maxA, maxB, minShares, deadline }) => {
      requireInTime(ctx, deadline);
      const { paid, shares } = keeper.add(ctx, accountField(ctx, "provider", provider), poolId, {
        maxA: positiveCoinField("max_a", maxA),
        maxB: positiveCoinField("max_b", maxB),
        minShares: positiveField("min_shares", minShares),
      });
      return { paid: coinsToMessages(paid), shares: coinToMessage(shares) };
    },
    RemoveLiquidity: (keeper, ctx, { provider, poolId, shares, minA, minB, deadline }) => {
      requireInTime(ctx, deadline);
      const received = keeper.remove(ctx, accountField(ctx, "provider", provider), poolId, {
        shares: positiveField("shares", shares),
        minA: positiveCoinField("min_a", minA),
        minB: positiveCoinField("min_b", minB),
      });
      return { received: coinsToMessages(received) };
    },
    SwapExactIn: (keeper, ctx, { trader, poolId, amountIn, minOut, deadline }) => {
      requireInTime(ctx, deadline);
      const account = accountField(ctx, "trader", trader);
      const limits = [positiveCoinField("amount_in", amountIn), positiveCoinField("min_out", minOut)] as const;
      return { amountOut: coinToMessage(keeper.swapExactIn(ctx, account, poolId, ...limits)) };
    },
    SwapExactOut: (keeper, ctx, { trader, poolId, amountOut, maxIn, deadline }) => {
      requireInTime(ctx, deadline);
      const account = accountField(ctx, "trader", trader);
      const limits = [positiveCoinField("amount_out", amountOut), positiveCoinField("max_in", maxIn)] as const;
      return { amountIn: coinToMessage(keeper.swapExactOut(ctx, account, poolId, ...limits)) };
    },
    UpdateParams: (keeper, ctx, { authority, params }) => {
      requireAuthority(ctx, authority);
      if (params.feePpm > MAX_FEE_PPM) {
        throw sdkErrors.invalidRequest.because(`fee_ppm ${params.feePpm} is above ${MAX_FEE_PPM}`);
      }
      keeper.setParams(ctx, params);
      return {};
    },
  },
  queries: {
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    Pool: (keeper, ctx, { poolId }) => ({ pool: found(() => keeper.pool(ctx, poolId)) }),
    Pools: (keeper, ctx, { pagination }) => {
      const { rows, page } = keeper.pools(ctx, pagination);
      return { pools: rows.map(([, pool]) => pool), pagination: page };
    },
    QuoteExactIn: (keeper, ctx, { poolId, denomIn, amountIn }) => {
      const input = positiveCoinField("amount_in", { denom: denomIn, amount: amountIn });
      const pool = found(() => keeper.pool(ctx, poolId));
      return { amountOut: coinToMessage(keeper.quoteExactIn(pool, input)) };
    },
    QuoteExactOut: (keeper, ctx, { poolId, denomOut, amountOut }) => {
      const output = positiveCoinField("amount_out", { denom: denomOut, amount: amountOut });
      const pool = found(() => keeper.pool(ctx, poolId));
      return { amountIn: coinToMessage(keeper.quoteExactOut(pool, output)) };
    },
    Position: (keeper, ctx, { poolId, address }) => {
      const owner = accountField(ctx, "address", address);
      const { shares, redeemable } = found(() => keeper.position(ctx, poolId, owner));
      return { shares: coinToMessage(shares), redeemable: coinsToMessages(redeemable) };
    },
  },
  genesis: {
    default: () => ({ params: { feePpm: 3000 }, pools: [] }),
    validate,
    init: (keeper, ctx, { params, pools }) => {
      validate({ params, pools });
      keeper.setParams(ctx, params);
      for (const pool of pools) keeper.setPool(ctx, pool);
      // The bank's genesis comes first: what pools count must lie there.
      for (const invariant of Object.values(invariants)) {
        const flaw = invariant(keeper, ctx);
        if (flaw !== undefined) throw new Error(`tokenpool: ${flaw}`);
      }
    },
    export: (keeper, ctx) => ({ params: keeper.params(ctx), pools: keeper.allPools(ctx) }),
  },
  invariants,
  cli: {
    CreatePool: { args: ["coinA", "coinB"] },
    AddLiquidity: { args: ["poolId", "maxA", "maxB", "minShares"] },
    RemoveLiquidity: { args: ["poolId", "shares", "minA", "minB"] },
    SwapExactIn: { args: ["poolId", "amountIn", "minOut"] },
    SwapExactOut: { args: ["poolId", "amountOut", "maxIn"] },
    Pool: { args: ["poolId"] },
    QuoteExactIn: { args: ["poolId", "denomIn", "amountIn"] },
    QuoteExactOut: { args: ["poolId", "denomOut", "amountOut"] },
    Position: { args: ["poolId", "address"] },
  },
});

/** Throws with a sentence for a fee that is too high, numbers with gaps, a pair that is not sorted, or an empty pool. */
function validate({ params, pools }: Messages["tributary.tokenpool.v1.GenesisState"]): void {
  if (params.feePpm > MAX_FEE_PPM) throw new Error(`tokenpool: fee_ppm ${params.feePpm} is above ${MAX_FEE_PPM}`);
  pools.forEach((pool, i) => {
    if (pool.id !== BigInt(i + 1)) throw new Error(`tokenpool: pool ${pool.id} stands where ${i + 1} should`);
    if (pool.feePpm > MAX_FEE_PPM) throw new Error(`tokenpool: the fee of pool ${pool.id} is above ${MAX_FEE_PPM}`);
    if (BigInt(pool.reserve0) <= 0n || BigInt(pool.reserve1) <= 0n || BigInt(pool.shareSupply) < MINIMUM_SHARES) {
      throw new Error(`tokenpool: pool ${pool.id} has no reserves or fewer shares than stay locked`);
    }
    if (pool.denom0 >= pool.denom1) throw new Error(`tokenpool: the denominations of pool ${pool.id} are not sorted`);
  });
}

/** A deadline is mandatory: block time may reach it, in whole seconds, but not pass it. */
function requireInTime(ctx: Write, deadline: bigint): void {
  if (deadline <= 0n) throw sdkErrors.invalidRequest.because("deadline is missing: give a time in unix seconds");
  if (ctx.time.seconds > deadline) {
    throw errors.deadlinePassed.because(`block time ${ctx.time.seconds} is after ${deadline}`);
  }
}

/** A query's answer, or NotFound for a pool there is not. */
function found<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (errors.poolNotFound.is(error)) throw new GrpcError("NotFound", (error as Error).message);
    throw error;
  }
}
