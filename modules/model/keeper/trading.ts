/**
 * Owns shares of models: opening a curve, buying and selling on it, the lock of what the model's owner buys, and the end of
 * a curve with virtual reserves in a pool whose shares nobody owns. The fee of every trade goes into the model's escrow,
 * which milestones release (milestones.ts). Prices are curve.ts's.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoin } from "../../../chain/types/coin.ts";
import { CurveKind } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { buyCost, isCovered, poolShares, type Shape, sellPayout } from "../curve.ts";
import { errors } from "../errors.ts";
import { CURVES, type ModelKeeper } from "../keeper.ts";
import { MAX_CURVE_PRICE, MAX_CURVE_SHARES, MIN_GRADUATION, PARTS_PER_MILLION } from "../limits.ts";
import { type Curve, state } from "../state.ts";
import { rank } from "./backing.ts";

/** A price and the part of it, or beside it, that is the fee. */
export interface Quote {
  /** What the buyer pays or the seller receives, the fee counted. */
  readonly amount: bigint;
  readonly fee: bigint;
}

/** The denomination of a model's shares. */
export function sharesOf(modelId: bigint): string {
  return `model/${modelId}`;
}

/** Throws model/18 when the model has no curve. */
export function curveOf(ctx: Read, modelId: bigint): Curve {
  const curve = state.curves.get(ctx, modelId);
  if (curve === undefined) throw errors.curveNotFound.because(`model ${modelId}`);
  return curve;
}

/** What decides a curve's prices. */
export function shapeOf(curve: Curve): Shape {
  return {
    kind: curve.kind,
    base: BigInt(curve.base),
    slope: BigInt(curve.slope),
    virtualReserve: BigInt(curve.virtualReserve),
    virtualShares: BigInt(curve.virtualShares),
  };
}

/** Begins to sell shares of a model. A model has one curve, for ever. */
export function openCurve(
  keeper: ModelKeeper,
  ctx: Write,
  message: Messages["tributary.model.v1.MsgOpenCurve"],
): string {
  const { owner, modelId } = message;
  keeper.ownModel(ctx, owner, modelId);
  keeper.activeModel(ctx, modelId);
  if (state.curves.has(ctx, modelId)) throw errors.invalidCurve.because(`model ${modelId} has a curve`);
  // What a kind does not use may be left out, and is stored as zero.
  const number = (text: string): string => BigInt(text).toString();
  const curve: Curve = {
    modelId,
    kind: message.kind,
    base: number(message.base),
    slope: number(message.slope),
    virtualReserve: number(message.virtualReserve),
    virtualShares: number(message.virtualShares),
    saleShares: number(message.saleShares),
    blockBuyCap: number(message.blockBuyCap),
    supply: "0",
    reserve: "0",
    boughtHeight: 0n,
    bought: "0",
    creatorLocked: "0",
    creatorUnlocksAt: ctx.time.seconds + keeper.params(ctx).creatorLockSeconds,
    escrow: "0",
    poolId: 0n,
    graduatedReserve: "0",
  };
  requireShape(keeper, ctx, curve);
  state.curves.set(ctx, modelId, curve);
  ctx.emit("curve_opened", [
    ["model_id", modelId.toString()],
    ["denom", sharesOf(modelId)],
    ["kind", curve.kind.toString()],
  ]);
  return sharesOf(modelId);
}

/** Throws model/19 for numbers that make no curve. */
function requireShape(keeper: ModelKeeper, ctx: Read, curve: Curve): void {
  const { base, slope, virtualReserve, virtualShares } = shapeOf(curve);
  const [sale, cap] = [BigInt(curve.saleShares), BigInt(curve.blockBuyCap)];
  const require = (holds: boolean, why: string): void => {
    if (!holds) throw errors.invalidCurve.because(why);
  };
  require(cap >= 1n && cap <= MAX_CURVE_SHARES, "block_buy_cap is not from 1");
  if (curve.kind === CurveKind.CURVE_KIND_LINEAR) {
    require(virtualReserve === 0n && virtualShares === 0n && sale === 0n, "a linear curve has nothing virtual");
    require([base, slope].every((price) => price >= 0n && price <= MAX_CURVE_PRICE), "base or slope is out of range");
    require(base + slope > 0n, "a curve asks for something");
    return;
  }
  require(curve.kind === CurveKind.CURVE_KIND_VIRTUAL_RESERVE, `there is no kind ${curve.kind}`);
  require(base === 0n && slope === 0n, "a curve with virtual reserves has no base and no slope");
  require(virtualReserve >= 1n && virtualReserve <= MAX_CURVE_SHARES, "virtual_reserve is out of range");
  require(virtualShares >= 1n && virtualShares <= MAX_CURVE_SHARES, "virtual_shares is out of range");
  require(sale >= 1n && sale < virtualShares, "sale_shares is not from 1 to below virtual_shares");
  const { reserveDenom } = keeper.params(ctx);
  require(keeper.uses.exchange.anchorDenom(ctx) === reserveDenom, `pools are not anchored to ${reserveDenom}`);
  const end = buyCost(shapeOf(curve), 0n, sale);
  const shares = poolShares(shapeOf(curve), sale, end);
  require(end >= MIN_GRADUATION && shares >= MIN_GRADUATION, `it would end with ${end} for ${shares} shares`);
  require(end <= MAX_CURVE_SHARES && shares <= MAX_CURVE_SHARES, "it would end with more than a pool holds");
}

/** What shares would cost now. Throws model/20 for more than are left, or a curve that has graduated. */
export function quoteBuy(keeper: ModelKeeper, ctx: Read, curve: Curve, shares: bigint): Quote {
  requireOpen(curve);
  const supply = BigInt(curve.supply) + shares;
  const most = curve.kind === CurveKind.CURVE_KIND_LINEAR ? MAX_CURVE_SHARES : BigInt(curve.saleShares);
  if (supply > most) throw errors.notForSale.because(`${most - BigInt(curve.supply)} shares are left`);
  const price = buyCost(shapeOf(curve), BigInt(curve.supply), shares);
  const fee = feeOf(keeper, ctx, price);
  return { amount: price + fee, fee };
}

/** What shares would be paid now. Throws model/20 for more than are out, or a curve that has graduated. */
export function quoteSell(keeper: ModelKeeper, ctx: Read, curve: Curve, shares: bigint): Quote {
  requireOpen(curve);
  if (shares > BigInt(curve.supply)) throw errors.notForSale.because(`${curve.supply} shares are out`);
  const price = sellPayout(shapeOf(curve), BigInt(curve.supply), shares);
  const fee = feeOf(keeper, ctx, price);
  return { amount: price - fee, fee };
}

/** Buys shares for at most `maxCost`. Gives what was paid, and the pool if the curve graduated. */
export function buyShares(
  keeper: ModelKeeper,
  ctx: Write,
  buyer: Uint8Array,
  modelId: bigint,
  shares: bigint,
  maxCost: Coin,
): { readonly cost: Coin; readonly poolId: bigint } {
  const { owner } = keeper.activeModel(ctx, modelId);
  const curve = curveOf(ctx, modelId);
  const { amount, fee } = quoteBuy(keeper, ctx, curve, shares);
  if (amount > keeper.reserveAmount(ctx, maxCost)) {
    throw errors.priceMoved.because(`${shares} shares cost ${amount}, at most ${maxCost.amount} wanted`);
  }
  const bought = (curve.boughtHeight === ctx.height ? BigInt(curve.bought) : 0n) + shares;
  if (bought > BigInt(curve.blockBuyCap)) {
    throw errors.blockCap.because(`${bought} shares in one block, at most ${curve.blockBuyCap}`);
  }
  const name = ctx.addresses.account(buyer);
  const isLocked = name === owner && ctx.time.seconds < curve.creatorUnlocksAt;
  const after: Curve = {
    ...curve,
    supply: (BigInt(curve.supply) + shares).toString(),
    reserve: (BigInt(curve.reserve) + amount - fee).toString(),
    escrow: (BigInt(curve.escrow) + fee).toString(),
    boughtHeight: ctx.height,
    bought: bought.toString(),
    creatorLocked: (BigInt(curve.creatorLocked) + (isLocked ? shares : 0n)).toString(),
  };
  const cost = { denom: maxCost.denom, amount };
  keeper.uses.bank.sendToModule(ctx, buyer, CURVES, [cost]);
  const made = { denom: sharesOf(modelId), amount: shares };
  keeper.uses.bank.mint(ctx, CURVES, [made]);
  if (!isLocked) keeper.uses.bank.sendFromModule(ctx, CURVES, buyer, [made]);
  setCurve(ctx, after);
  tellTrade(ctx, name, after, [
    ["bought", formatCoin(made)],
    ["cost", formatCoin(cost)],
    ["locked", isLocked.toString()],
  ]);
  const isSoldOut = curve.kind === CurveKind.CURVE_KIND_VIRTUAL_RESERVE && after.supply === curve.saleShares;
  return { cost, poolId: isSoldOut ? graduate(keeper, ctx, after) : 0n };
}

/** Sells shares back for at least `minPayout`. Gives what was paid. */
export function sellShares(
  keeper: ModelKeeper,
  ctx: Write,
  seller: Uint8Array,
  modelId: bigint,
  shares: bigint,
  minPayout: Coin,
): Coin {
  const curve = curveOf(ctx, modelId);
  const { amount, fee } = quoteSell(keeper, ctx, curve, shares);
  if (amount < keeper.reserveAmount(ctx, minPayout)) {
    throw errors.priceMoved.because(`${shares} shares pay ${amount}, at least ${minPayout.amount} wanted`);
  }
  const given = { denom: sharesOf(modelId), amount: shares };
  const payout = { denom: minPayout.denom, amount };
  keeper.uses.bank.sendToModule(ctx, seller, CURVES, [given]);
  keeper.uses.bank.burn(ctx, CURVES, [given]);
  keeper.uses.bank.sendFromModule(ctx, CURVES, seller, [payout]);
  const after: Curve = {
    ...curve,
    supply: (BigInt(curve.supply) - shares).toString(),
    reserve: (BigInt(curve.reserve) - amount - fee).toString(),
    escrow: (BigInt(curve.escrow) + fee).toString(),
  };
  setCurve(ctx, after);
  tellTrade(ctx, ctx.addresses.account(seller), after, [
    ["sold", formatCoin(given)],
    ["payout", formatCoin(payout)],
  ]);
  return payout;
}

/** Hands the owner what it bought. Throws model/21 before its time, model/17 for nothing. */
export function unlockShares(keeper: ModelKeeper, ctx: Write, owner: Uint8Array, modelId: bigint): Coin {
  const name = ctx.addresses.account(owner);
  keeper.ownModel(ctx, name, modelId);
  const curve = curveOf(ctx, modelId);
  if (ctx.time.seconds < curve.creatorUnlocksAt) {
    throw errors.locked.because(`the owner's shares are locked until ${curve.creatorUnlocksAt}`);
  }
  const shares = { denom: sharesOf(modelId), amount: BigInt(curve.creatorLocked) };
  if (shares.amount === 0n) throw errors.nothingToClaim.because(`${name} has no locked shares of model ${modelId}`);
  setCurve(ctx, { ...curve, creatorLocked: "0" });
  keeper.uses.bank.sendFromModule(ctx, CURVES, owner, [shares]);
  ctx.emit("shares_unlocked", [
    ["model_id", modelId.toString()],
    ["shares", formatCoin(shares)],
  ]);
  return shares;
}

/** Puts the whole reserve and the shares that give it the curve's last price into a pool, whose shares nobody owns. */
function graduate(keeper: ModelKeeper, ctx: Write, curve: Curve): bigint {
  const { reserveDenom } = keeper.params(ctx);
  const reserve = { denom: reserveDenom, amount: BigInt(curve.reserve) };
  const shares = {
    denom: sharesOf(curve.modelId),
    amount: poolShares(shapeOf(curve), BigInt(curve.supply), reserve.amount),
  };
  keeper.uses.bank.mint(ctx, CURVES, [shares]);
  const poolId = keeper.uses.exchange.openLocked(ctx, CURVES, [reserve, shares]);
  setCurve(ctx, { ...curve, reserve: "0", poolId, graduatedReserve: curve.reserve });
  ctx.emit("graduated", [
    ["model_id", curve.modelId.toString()],
    ["pool_id", poolId.toString()],
    ["reserve", formatCoin(reserve)],
    ["shares", formatCoin(shares)],
  ]);
  return poolId;
}

/** Stores a curve, and the place of its model in the list. Throws when the reserve would not cover the shares: a bug. */
export function setCurve(ctx: Write, curve: Curve): void {
  if (curve.poolId === 0n && !isCovered(shapeOf(curve), BigInt(curve.supply), BigInt(curve.reserve))) {
    throw new Error(`the reserve of the curve of model ${curve.modelId} would not cover its shares`);
  }
  state.curves.set(ctx, curve.modelId, curve);
  rank(ctx, curve.modelId);
}

function requireOpen(curve: Curve): void {
  if (curve.poolId !== 0n) throw errors.notForSale.because(`the curve ended in pool ${curve.poolId}`);
}

/** The fee of a trade, rounded up. */
function feeOf(keeper: ModelKeeper, ctx: Read, price: bigint): bigint {
  const parts = BigInt(PARTS_PER_MILLION);
  return (price * BigInt(keeper.params(ctx).curveFeePpm) + parts - 1n) / parts;
}

function tellTrade(ctx: Write, account: string, curve: Curve, more: readonly (readonly [string, string])[]): void {
  ctx.emit("curve_trade", [
    ["model_id", curve.modelId.toString()],
    ["account", account],
    ...more,
    ["supply", curve.supply],
    ["reserve", curve.reserve],
  ]);
}
