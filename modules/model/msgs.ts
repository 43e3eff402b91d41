/** Owns what the module's messages are read as. What is done is the keeper's. */
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import {
  accountField,
  coinField,
  positiveCoinField,
  positiveField,
  requireInTime,
} from "../../chain/module/message-fields.ts";
import { type CoinMessage, coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import * as backing from "./keeper/backing.ts";
import * as hosting from "./keeper/hosting.ts";
import * as milestones from "./keeper/milestones.ts";
import * as operators from "./keeper/operators.ts";
import * as registry from "./keeper/registry.ts";
import * as trading from "./keeper/trading.ts";
import type { ModelKeeper } from "./keeper.ts";
import { MAX_PRICE } from "./limits.ts";
import { requireFollowing } from "./params.ts";
import { state } from "./state.ts";

type Msg<Name extends string> = `tributary.model.v1.Msg${Name}` extends infer Full extends keyof Messages
  ? Messages[Full]
  : never;

export function registerModel(keeper: ModelKeeper, ctx: Write, message: Msg<"RegisterModel">) {
  const owner = accountField(ctx, "owner", message.owner);
  const host = message.host === "" ? message.owner : message.host;
  accountField(ctx, "host", host);
  const price = priceField(message.price);
  return { modelId: registry.register(keeper, ctx, owner, { ...message, host, price }) };
}

export function addVersion(keeper: ModelKeeper, ctx: Write, message: Msg<"AddVersion">) {
  return { version: registry.addVersion(keeper, ctx, accountField(ctx, "owner", message.owner), message) };
}

export function updateHosting(keeper: ModelKeeper, ctx: Write, { owner, modelId, host, price }: Msg<"UpdateHosting">) {
  accountField(ctx, "owner", owner);
  accountField(ctx, "host", host);
  registry.updateHosting(keeper, ctx, owner, modelId, { host, price: priceField(price) });
  return {};
}

export function updateTerms(keeper: ModelKeeper, ctx: Write, message: Msg<"UpdateTerms">) {
  accountField(ctx, "owner", message.owner);
  registry.updateTerms(keeper, ctx, message.owner, message.modelId, message);
  return {};
}

export function retire(keeper: ModelKeeper, ctx: Write, { owner, modelId }: Msg<"Retire">) {
  accountField(ctx, "owner", owner);
  registry.retire(keeper, ctx, owner, modelId);
  return {};
}

export function offerSlots(keeper: ModelKeeper, ctx: Write, message: Msg<"OfferSlots">) {
  const host = accountField(ctx, "host", message.host);
  hosting.offerSlots(keeper, ctx, host, { ...message, price: priceField(message.price) });
  return {};
}

export function withdrawOffer(_keeper: ModelKeeper, ctx: Write, { host, modelId }: Msg<"WithdrawOffer">) {
  hosting.withdrawOffer(ctx, accountField(ctx, "host", host), modelId);
  return {};
}

export function mountAdapter(keeper: ModelKeeper, ctx: Write, { host, adapterId }: Msg<"MountAdapter">) {
  return { price: coinToMessage(hosting.mount(keeper, ctx, accountField(ctx, "host", host), adapterId)) };
}

export function unmountAdapter(_keeper: ModelKeeper, ctx: Write, { host, adapterId }: Msg<"UnmountAdapter">) {
  hosting.unmount(ctx, accountField(ctx, "host", host), adapterId);
  return {};
}

export function bondOperator(keeper: ModelKeeper, ctx: Write, { operator, amount }: Msg<"BondOperator">) {
  operators.bond(keeper, ctx, accountField(ctx, "operator", operator), reserveField(keeper, ctx, amount));
  return {};
}

export function unbondOperator(keeper: ModelKeeper, ctx: Write, { operator, amount }: Msg<"UnbondOperator">) {
  const account = accountField(ctx, "operator", operator);
  return { completesAt: operators.unbond(keeper, ctx, account, reserveField(keeper, ctx, amount)) };
}

export function back(keeper: ModelKeeper, ctx: Write, { backer, modelId, amount }: Msg<"Back">) {
  const account = accountField(ctx, "backer", backer);
  const shares = backing.back(keeper, ctx, account, modelId, reserveField(keeper, ctx, amount));
  return { shares: shares.toString() };
}

export function unback(keeper: ModelKeeper, ctx: Write, { backer, modelId, shares }: Msg<"Unback">) {
  const account = accountField(ctx, "backer", backer);
  return { completesAt: backing.unback(keeper, ctx, account, modelId, positiveField("shares", shares)) };
}

export function claimBacking(keeper: ModelKeeper, ctx: Write, { backer, modelId }: Msg<"ClaimBacking">) {
  const account = accountField(ctx, "backer", backer);
  return { paid: coinToMessage(backing.claimBacking(keeper, ctx, account, modelId)) };
}

export function openCurve(keeper: ModelKeeper, ctx: Write, message: Msg<"OpenCurve">) {
  accountField(ctx, "owner", message.owner);
  return { denom: trading.openCurve(keeper, ctx, message) };
}

export function buyShares(keeper: ModelKeeper, ctx: Write, message: Msg<"BuyShares">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const buyer = accountField(ctx, "buyer", message.buyer);
  const shares = positiveField("shares", message.shares);
  const maxCost = positiveCoinField("max_cost", message.maxCost);
  const { cost, poolId } = trading.buyShares(keeper, ctx, buyer, message.modelId, shares, maxCost);
  return { cost: coinToMessage(cost), poolId };
}

export function sellShares(keeper: ModelKeeper, ctx: Write, message: Msg<"SellShares">) {
  requireInTime(ctx, message.deadline, errors.deadlinePassed);
  const seller = accountField(ctx, "seller", message.seller);
  const shares = positiveField("shares", message.shares);
  const minPayout = positiveCoinField("min_payout", message.minPayout);
  return { payout: coinToMessage(trading.sellShares(keeper, ctx, seller, message.modelId, shares, minPayout)) };
}

export function unlockShares(keeper: ModelKeeper, ctx: Write, { owner, modelId }: Msg<"UnlockShares">) {
  return { shares: coinToMessage(trading.unlockShares(keeper, ctx, accountField(ctx, "owner", owner), modelId)) };
}

export function proposeMilestone(keeper: ModelKeeper, ctx: Write, message: Msg<"ProposeMilestone">) {
  accountField(ctx, "owner", message.owner);
  const { evidenceHash, note } = message;
  const claim = { amount: reserveField(keeper, ctx, message.amount), evidenceHash, note };
  const { number, decidesAt } = milestones.propose(keeper, ctx, message.owner, message.modelId, claim);
  return { number, decidesAt };
}

export function vetoMilestone(keeper: ModelKeeper, ctx: Write, { backer, modelId, number }: Msg<"VetoMilestone">) {
  const vetoes = milestones.veto(keeper, ctx, accountField(ctx, "backer", backer), modelId, number);
  return { vetoes: vetoes.toString() };
}

export function slash(keeper: ModelKeeper, ctx: Write, message: Msg<"Slash">) {
  requireAuthority(ctx, message.authority);
  const informer = message.informer === "" ? undefined : accountField(ctx, "informer", message.informer);
  const operator = accountField(ctx, "operator", message.operator);
  const { modelId, offence } = message;
  const { taken } = operators.slashOperator(keeper, ctx, { operator, modelId, offence, informer });
  return { taken: coinToMessage(taken) };
}

export function updateParams(keeper: ModelKeeper, ctx: Write, { authority, params }: Msg<"UpdateParams">) {
  requireAuthority(ctx, authority);
  requireFollowing(keeper.params(ctx), params);
  state.params.set(ctx, params);
  return {};
}

/** A price of zero or more, small enough that the sum of two is an amount. Throws sdk/10, sdk/18. */
function priceField(price: CoinMessage): CoinMessage {
  const coin = coinField("price", price);
  if (coin.amount > MAX_PRICE) throw sdkErrors.invalidRequest.because(`a price above ${MAX_PRICE}`);
  return coinToMessage(coin);
}

/** An amount above zero in the reserve's denomination. Throws sdk/10, model/14. */
function reserveField(keeper: ModelKeeper, ctx: Write, amount: CoinMessage): bigint {
  return keeper.reserveAmount(ctx, positiveCoinField("amount", amount));
}
