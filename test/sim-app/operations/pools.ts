/** Pools of two coins. Owns the choice; tokens, routes and orders are market.ts. */
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM, OTHER_DENOM } from "../world.ts";

const FAR = 4_000_000_000n;

function somePool(world: AppWorld, swaps = false) {
  const { pools } = world.ask("tokenpool", "Pools");
  const fitting = pools.filter(({ batched }) => !swaps || !batched);
  return fitting.length === 0 ? undefined : world.random.pick(fitting);
}

/** Whether the two coins that everybody has are in a pool. */
function hasFirstPool(world: AppWorld): boolean {
  const { pools } = world.ask("tokenpool", "Pools");
  return pools.some(({ denom0, denom1 }) => denom0 === DENOM && denom1 === OTHER_DENOM);
}

/** Somebody with a coin of a pool, that coin and the other one. */
function trade(world: AppWorld, swaps = true) {
  const pool = somePool(world, swaps);
  const from = world.someone();
  if (pool === undefined) return undefined;
  const sides = [
    { denom: pool.denom0, reserve: BigInt(pool.reserve0) },
    { denom: pool.denom1, reserve: BigInt(pool.reserve1) },
  ] as const;
  const [paid, wanted] = world.random.chance(0.5) ? sides : [sides[1], sides[0]];
  const needed = swaps ? [paid] : sides;
  if (needed.some(({ denom }) => world.spendable(from, denom) === 0n)) return undefined;
  return { from, pool, paid, wanted };
}

export const poolOperations: readonly Operation[] = [
  {
    name: "tokenpool.CreatePool",
    weight: 4,
    plan: (world) => {
      // Early in every life, and again as seldom as somebody errs.
      if (hasFirstPool(world) && world.random.chance(0.998)) return undefined;
      const from = world.someone();
      if (world.spendable(from, OTHER_DENOM) < 1_000_000n && world.random.chance(0.9)) return undefined;
      const coinA = world.coin(world.amount(world.spendable(from) / 10n) + 2000n);
      const coinB = world.coin(world.amount(world.spendable(from, OTHER_DENOM) / 10n) + 2000n, OTHER_DENOM);
      return {
        from,
        message: ["tributary.tokenpool.v1.MsgCreatePool", { creator: world.address(from), coinA, coinB }],
      };
    },
  },
  {
    name: "tokenpool.AddLiquidity",
    weight: 2,
    plan: (world) => {
      const made = trade(world, false);
      if (made === undefined) return undefined;
      const { from, pool } = made;
      const maxA = world.coin(world.amount(world.spendable(from, pool.denom0) / 20n), pool.denom0);
      const maxB = world.coin(world.amount(world.spendable(from, pool.denom1) / 20n), pool.denom1);
      const terms = { poolId: pool.id, maxA, maxB, minShares: "1", deadline: FAR };
      return { from, message: ["tributary.tokenpool.v1.MsgAddLiquidity", { provider: world.address(from), ...terms }] };
    },
  },
  {
    name: "tokenpool.RemoveLiquidity",
    weight: 1,
    plan: (world) => {
      const pool = somePool(world);
      if (pool === undefined) return undefined;
      const shares = (name: string) => world.spendable(name, `pool/${pool.id}`);
      const owner = world.ownerOf((name) => (shares(name) > 0n ? [shares(name)] : []));
      if (owner === undefined) return undefined;
      const terms = {
        poolId: pool.id,
        shares: world.amount(owner.thing).toString(),
        minA: world.coin(1n, pool.denom0),
        minB: world.coin(1n, pool.denom1),
        deadline: FAR,
      };
      const value = { provider: world.address(owner.from), ...terms };
      return { from: owner.from, message: ["tributary.tokenpool.v1.MsgRemoveLiquidity", value] };
    },
  },
  {
    name: "tokenpool.SwapExactIn",
    weight: 3,
    plan: (world) => {
      const made = trade(world);
      if (made === undefined) return undefined;
      const { from, pool, paid, wanted } = made;
      const terms = {
        poolId: pool.id,
        amountIn: world.coin(world.amount(world.spendable(from, paid.denom) / 50n), paid.denom),
        minOut: world.coin(1n, wanted.denom),
        deadline: FAR,
      };
      return { from, message: ["tributary.tokenpool.v1.MsgSwapExactIn", { trader: world.address(from), ...terms }] };
    },
  },
  {
    name: "tokenpool.SwapExactOut",
    weight: 2,
    plan: (world) => {
      const made = trade(world);
      if (made === undefined) return undefined;
      const { from, pool, paid, wanted } = made;
      const terms = {
        poolId: pool.id,
        amountOut: world.coin(world.amount(wanted.reserve / 1000n), wanted.denom),
        maxIn: world.coin(world.spendable(from, paid.denom) + 1n, paid.denom),
        deadline: FAR,
      };
      return { from, message: ["tributary.tokenpool.v1.MsgSwapExactOut", { trader: world.address(from), ...terms }] };
    },
  },
];
