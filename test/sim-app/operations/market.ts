/** Creator tokens, their pools, routes over them, and orders. Owns the choice; swaps and liquidity of any pool are native.ts. */
import type { Messages } from "../../../proto/types.gen.ts";
import type { Operation } from "../operation.ts";
import { type AppWorld, DENOM, OTHER_DENOM } from "../world.ts";

const FAR = 4_000_000_000n;
const MOST_TOKENS = 4;

type Token = Messages["tributary.tokenpool.v1.CreatorToken"];
type Pool = Messages["tributary.tokenpool.v1.Pool"];

function tokens(world: AppWorld): readonly Token[] {
  return world.ask("tokenpool", "Tokens").tokens;
}

function someToken(world: AppWorld): Token | undefined {
  const all = tokens(world);
  return all.length === 0 ? undefined : world.random.pick(all);
}

/** A token that is in no pool with the chain's own coin. */
function tokenWithoutPool(world: AppWorld): Token | undefined {
  const { pools } = world.ask("tokenpool", "Pools");
  return world.some(
    tokens(world).filter(({ denom }) => !pools.some(({ denom0, denom1 }) => denom0 === denom && denom1 === DENOM)),
  );
}

function batchedPool(world: AppWorld): Pool | undefined {
  const { pools } = world.ask("tokenpool", "Pools");
  const batched = pools.filter((pool) => pool.batched);
  return batched.length === 0 ? undefined : world.random.pick(batched);
}

/** Somebody who holds some of a token. */
function holderOf(world: AppWorld, denom: string): { from: string; thing: bigint } | undefined {
  return world.ownerOf((name) => {
    const held = world.spendable(name, denom);
    return held > 10_000n ? [held] : [];
  });
}

export const marketOperations: readonly Operation[] = [
  {
    name: "tokenpool.CreateToken",
    weight: 0.5,
    plan: (world) => {
      const known = tokens(world).length;
      if (known >= MOST_TOKENS) return undefined;
      const from = world.someone();
      const terms = { name: `token-${known}`, rate: `${1 + world.random.below(3_000_000)}`, rateFixed: false };
      return { from, message: ["tributary.tokenpool.v1.MsgCreateToken", { creator: world.address(from), ...terms }] };
    },
  },
  {
    name: "tokenpool.MintAnchored",
    weight: 2,
    plan: (world) => {
      const token = someToken(world);
      if (token === undefined) return undefined;
      const from = world.someone();
      const amount = world.coin(world.amount(1_000_000_000n), token.denom);
      const maxCost = world.coin(world.spendable(from) + 1n);
      return {
        from,
        message: ["tributary.tokenpool.v1.MsgMintAnchored", { buyer: world.address(from), amount, maxCost }],
      };
    },
  },
  {
    name: "tokenpool.Redeem",
    weight: 3,
    plan: (world) => {
      const token = someToken(world);
      const owner = token && holderOf(world, token.denom);
      if (token === undefined || owner === undefined) return undefined;
      const amount = world.coin(world.amount(owner.thing), token.denom);
      const value = { holder: world.address(owner.from), amount };
      return { from: owner.from, message: ["tributary.tokenpool.v1.MsgRedeem", value] };
    },
  },
  {
    name: "tokenpool.RaiseRate",
    weight: 1,
    plan: (world) => {
      const token = someToken(world);
      const from = token && world.nameOf(token.creator);
      if (token === undefined || from === undefined) return undefined;
      const rate = (BigInt(token.rate) + BigInt(1 + world.random.below(1000))).toString();
      const value = { creator: token.creator, denom: token.denom, rate, maxAdded: world.coin(world.spendable(from)) };
      return { from, message: ["tributary.tokenpool.v1.MsgRaiseRate", value] };
    },
  },
  {
    name: "tokenpool.CreateTokenPool",
    weight: 2,
    plan: (world) => {
      const token = tokenWithoutPool(world);
      const owner = token && holderOf(world, token.denom);
      if (token === undefined || owner === undefined) return undefined;
      const value = {
        creator: world.address(owner.from),
        coinA: world.coin(owner.thing / 2n, token.denom),
        coinB: world.coin(world.amount(world.spendable(owner.from) / 1000n) + 10_000n),
        batched: world.random.chance(0.5),
      };
      return { from: owner.from, message: ["tributary.tokenpool.v1.MsgCreatePool", value] };
    },
  },
  {
    name: "tokenpool.PlaceOrder",
    weight: 5,
    plan: (world) => {
      const pool = batchedPool(world);
      if (pool === undefined) return undefined;
      const [paid, wanted] = world.random.chance(0.5) ? [pool.denom0, pool.denom1] : [pool.denom1, pool.denom0];
      const from = paid === DENOM ? world.someone() : holderOf(world, paid)?.from;
      if (from === undefined) return undefined;
      const value = {
        trader: world.address(from),
        poolId: pool.id,
        amountIn: world.coin(world.amount(world.spendable(from, paid) / 100n), paid),
        minOut: world.coin(1n, wanted),
        deadline: FAR,
      };
      return { from, message: ["tributary.tokenpool.v1.MsgPlaceOrder", value] };
    },
  },
  {
    name: "tokenpool.SwapRouteExactIn",
    weight: 4,
    plan: (world) => {
      const token = someToken(world);
      const owner = token && holderOf(world, token.denom);
      if (token === undefined || owner === undefined) return undefined;
      const amountIn = world.coin(world.amount(owner.thing), token.denom);
      const route = world.seek("tokenpool", "Route", {
        denomIn: token.denom,
        denomOut: OTHER_DENOM,
        amountIn: amountIn.amount,
      });
      if (route === undefined) return undefined;
      const limits = { amountIn, minOut: world.coin(1n, OTHER_DENOM), deadline: FAR };
      const value = { trader: world.address(owner.from), poolIds: [...route.poolIds], ...limits };
      return { from: owner.from, message: ["tributary.tokenpool.v1.MsgSwapRouteExactIn", value] };
    },
  },
  {
    name: "tokenpool.SwapRouteExactOut",
    weight: 4,
    plan: (world) => {
      const token = someToken(world);
      const from = world.someone();
      if (token === undefined) return undefined;
      const amountOut = world.coin(world.amount(1000n), token.denom);
      const route = world.seek("tokenpool", "Route", {
        denomIn: OTHER_DENOM,
        denomOut: token.denom,
        amountOut: amountOut.amount,
      });
      const held = world.spendable(from, OTHER_DENOM);
      if (route === undefined || BigInt(route.amountIn.amount) > held) return undefined;
      const limits = { amountOut, maxIn: world.coin(held, OTHER_DENOM), deadline: FAR };
      const value = { trader: world.address(from), poolIds: [...route.poolIds], ...limits };
      return { from, message: ["tributary.tokenpool.v1.MsgSwapRouteExactOut", value] };
    },
  },
];
