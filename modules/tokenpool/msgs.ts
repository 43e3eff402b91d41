/** Owns what the module's messages are read as. What is done is the keeper's. */
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import {
  accountField,
  coinField,
  positiveCoinField,
  positiveField,
  requireInTime,
} from "../../chain/module/message-fields.ts";
import { coinsToMessages, coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import * as anchored from "./keeper/anchored.ts";
import { place } from "./keeper/batch.ts";
import * as liquidity from "./keeper/liquidity.ts";
import { swapExactOut as buy, swapExactIn as sell } from "./keeper/swap.ts";
import type { TokenpoolKeeper } from "./keeper.ts";
import { requireFollowing } from "./params.ts";
import { state } from "./state.ts";

type Msg<Name extends string> = `tributary.tokenpool.v1.Msg${Name}` extends infer Full extends keyof Messages
  ? Messages[Full]
  : never;

export function createPool(keeper: TokenpoolKeeper, ctx: Write, { creator, coinA, coinB, batched }: Msg<"CreatePool">) {
  const account = accountField(ctx, "creator", creator);
  const coins = [positiveCoinField("coin_a", coinA), positiveCoinField("coin_b", coinB)] as const;
  const { pool, shares } = liquidity.create(keeper, ctx, account, coins, batched);
  return { poolId: pool.id, shares: coinToMessage(shares) };
}

export function addLiquidity(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"AddLiquidity">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const { paid, shares } = liquidity.add(keeper, ctx, accountField(ctx, "provider", message.provider), message.poolId, {
    maxA: positiveCoinField("max_a", message.maxA),
    maxB: positiveCoinField("max_b", message.maxB),
    minShares: positiveField("min_shares", message.minShares),
  });
  return { paid: coinsToMessages(paid), shares: coinToMessage(shares) };
}

export function removeLiquidity(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"RemoveLiquidity">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const received = liquidity.remove(keeper, ctx, accountField(ctx, "provider", message.provider), message.poolId, {
    shares: positiveField("shares", message.shares),
    minA: positiveCoinField("min_a", message.minA),
    minB: positiveCoinField("min_b", message.minB),
  });
  return { received: coinsToMessages(received) };
}

export function swapExactIn(keeper: TokenpoolKeeper, ctx: Write, { poolId, ...message }: Msg<"SwapExactIn">) {
  return swapRouteExactIn(keeper, ctx, { ...message, poolIds: [poolId] });
}

export function swapExactOut(keeper: TokenpoolKeeper, ctx: Write, { poolId, ...message }: Msg<"SwapExactOut">) {
  return swapRouteExactOut(keeper, ctx, { ...message, poolIds: [poolId] });
}

export function swapRouteExactIn(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"SwapRouteExactIn">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const trader = accountField(ctx, "trader", message.trader);
  const input = positiveCoinField("amount_in", message.amountIn);
  const minOut = positiveCoinField("min_out", message.minOut);
  return { amountOut: coinToMessage(sell(keeper, ctx, trader, message.poolIds, input, minOut)) };
}

export function swapRouteExactOut(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"SwapRouteExactOut">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const trader = accountField(ctx, "trader", message.trader);
  const output = positiveCoinField("amount_out", message.amountOut);
  const maxIn = positiveCoinField("max_in", message.maxIn);
  return { amountIn: coinToMessage(buy(keeper, ctx, trader, message.poolIds, output, maxIn)) };
}

export function placeOrder(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"PlaceOrder">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const trader = accountField(ctx, "trader", message.trader);
  const input = positiveCoinField("amount_in", message.amountIn);
  const minOut = positiveCoinField("min_out", message.minOut);
  return { orderId: place(keeper, ctx, trader, message.poolId, input, minOut) };
}

export function createToken(
  _keeper: TokenpoolKeeper,
  ctx: Write,
  { creator, name, rate, rateFixed }: Msg<"CreateToken">,
) {
  accountField(ctx, "creator", creator);
  return { denom: anchored.createToken(ctx, creator, { name, rate: positiveField("rate", rate), rateFixed }) };
}

export function mintAnchored(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"MintAnchored">) {
  const buyer = accountField(ctx, "buyer", message.buyer);
  const amount = positiveCoinField("amount", message.amount);
  const maxCost = positiveCoinField("max_cost", message.maxCost);
  return { cost: coinToMessage(anchored.mintAnchored(keeper, ctx, buyer, amount, maxCost)) };
}

export function redeem(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"Redeem">) {
  const holder = accountField(ctx, "holder", message.holder);
  return { received: coinToMessage(anchored.redeem(keeper, ctx, holder, positiveCoinField("amount", message.amount))) };
}

export function raiseRate(keeper: TokenpoolKeeper, ctx: Write, message: Msg<"RaiseRate">) {
  const terms = {
    denom: message.denom,
    rate: positiveField("rate", message.rate),
    maxAdded: coinField("max_added", message.maxAdded),
  };
  return {
    added: coinToMessage(anchored.raiseRate(keeper, ctx, accountField(ctx, "creator", message.creator), terms)),
  };
}

export function updateParams(keeper: TokenpoolKeeper, ctx: Write, { authority, params }: Msg<"UpdateParams">) {
  requireAuthority(ctx, authority);
  requireFollowing(keeper.params(ctx), params);
  state.params.set(ctx, params);
  return {};
}
