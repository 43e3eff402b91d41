/**
 * Owns what backers put on a model and what it earns them. Shares earn from the epoch after the one they were made in, so
 * money that comes for one payment and leaves earns nothing; what leaves can be taken for an offence until it is paid. No
 * operation visits more than one position: revenue is an accumulator's (chain/types/accumulator.ts), a penalty changes what all shares
 * are worth at once.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { accumulate, earnedBetween } from "../../../chain/types/accumulator.ts";
import { type Coin, formatCoin } from "../../../chain/types/coin.ts";
import { errors } from "../errors.ts";
import { MODEL, type ModelKeeper } from "../keeper.ts";
import { MAX_PAID_PER_BLOCK, MAX_SHARES, MAX_WEIGHT, MAX_WITHDRAWALS, PARTS_PER_MILLION } from "../limits.ts";
import { type Backing, type Position, state } from "../state.ts";

/** Where the accumulator stood when pending shares began to earn. */
interface Start {
  readonly epoch: bigint;
  readonly accumulator: string;
}

/** A share of an amount: part / whole. */
export interface Fraction {
  readonly part: bigint;
  readonly whole: bigint;
}

/** The number of the epoch that the block belongs to. */
export function epochOf(keeper: ModelKeeper, ctx: Read): bigint {
  return ctx.time.seconds / keeper.params(ctx).epochSeconds;
}

/** The backing of a model that nobody has backed. */
export function newBacking(modelId: bigint): Backing {
  return {
    modelId,
    tokens: "0",
    activeShares: "0",
    pendingShares: "0",
    pendingEpoch: 0n,
    leavingTokens: "0",
    leavingShares: "0",
    accumulator: "0",
    remainder: "0",
    revenue: "0",
    toBackers: "0",
    claimed: "0",
    offences: 0,
    weight: 0n,
    listed: true,
    pendingPositions: 0n,
    chargedUntil: 0n,
    chargedPpm: 0,
  };
}

/** Stores a backing with the weight that follows from it: what was put on the model, and what its curve holds or put into a pool for ever. */
export function setBacking(ctx: Write, backing: Backing): void {
  const curve = state.curves.get(ctx, backing.modelId);
  const held = curve === undefined ? 0n : BigInt(curve.reserve) + BigInt(curve.graduatedReserve);
  const weight = weightOf(BigInt(backing.tokens) + held, backing.offences);
  state.backings.set(ctx, backing.modelId, { ...backing, weight });
}

/** Ranks a model anew after its curve has changed. */
export function rank(ctx: Write, modelId: bigint): void {
  const backing = state.backings.get(ctx, modelId);
  if (backing !== undefined) setBacking(ctx, backing);
}

/** What stake is ranked as: halved for every offence. */
export function weightOf(stake: bigint, offences: number): bigint {
  const weight = stake >> BigInt(offences);
  return weight > MAX_WEIGHT ? MAX_WEIGHT : weight;
}

/** What a model's backing and escrow would be taken of for an offence, halved for every one there was. Throws model/2. */
export function heldStake(keeper: ModelKeeper, ctx: Read, modelId: bigint): bigint {
  const { tokens, offences } = backingOf(keeper, ctx, modelId);
  return weightOf(BigInt(tokens) + BigInt(state.curves.get(ctx, modelId)?.escrow ?? 0), offences);
}

/** The backing as an operation finds it: shares whose epoch has come are active. Throws model/2. */
export function backingOf(keeper: ModelKeeper, ctx: Read, modelId: bigint): Backing {
  return rolled(keeper, ctx, modelId).backing;
}

/** The backing, and the start of its pending shares if they became active only now. */
function rolled(keeper: ModelKeeper, ctx: Read, modelId: bigint): { backing: Backing; start: Start | undefined } {
  const backing = state.backings.get(ctx, modelId);
  if (backing === undefined) throw errors.modelNotFound.because(`model ${modelId}`);
  if (backing.pendingShares === "0" || epochOf(keeper, ctx) <= backing.pendingEpoch)
    return { backing, start: undefined };
  const activeShares = (BigInt(backing.activeShares) + BigInt(backing.pendingShares)).toString();
  const moved = { ...backing, activeShares, pendingShares: "0", pendingEpoch: 0n, pendingPositions: 0n };
  return { backing: moved, start: { epoch: backing.pendingEpoch, accumulator: backing.accumulator } };
}

/** As backingOf, and remembers where shares began to earn. The caller stores what it makes of the backing. */
function touch(keeper: ModelKeeper, ctx: Write, modelId: bigint): Backing {
  const { backing, start } = rolled(keeper, ctx, modelId);
  if (start === undefined) return backing;
  const positions = state.backings.get(ctx, modelId)!.pendingPositions;
  state.epochStarts.set(ctx, [modelId, start.epoch], { modelId, ...start, positions });
  setBacking(ctx, backing);
  return backing;
}

/** A backer's position as an operation finds it, with all that it has earned in `owed`. */
export function positionOf(keeper: ModelKeeper, ctx: Read, modelId: bigint, backer: Uint8Array): Position {
  const { backing, start } = rolled(keeper, ctx, modelId);
  const position = state.positions.get(ctx, [modelId, backer]) ?? {
    modelId,
    backer: ctx.addresses.account(backer),
    activeShares: "0",
    pendingShares: "0",
    pendingEpoch: 0n,
    accumulator: backing.accumulator,
    owed: "0",
    vetoed: 0n,
    lateMilestone: 0n,
    lateShares: "0",
  };
  const now = BigInt(backing.accumulator);
  let active = BigInt(position.activeShares);
  let owed = BigInt(position.owed) + earnedBetween(BigInt(position.accumulator), now, active);
  const pending = BigInt(position.pendingShares);
  const isWaiting = pending > 0n && epochOf(keeper, ctx) <= position.pendingEpoch;
  let late: Pick<Position, "lateMilestone" | "lateShares"> = position;
  if (pending > 0n && !isWaiting) {
    late = lateWith(ctx, position, pending);
    const from = start?.epoch === position.pendingEpoch ? start : startOf(ctx, modelId, position.pendingEpoch);
    owed += earnedBetween(BigInt(from.accumulator), now, pending);
    active += pending;
  }
  return {
    ...position,
    lateMilestone: late.lateMilestone,
    lateShares: late.lateShares,
    activeShares: active.toString(),
    pendingShares: isWaiting ? position.pendingShares : "0",
    pendingEpoch: isWaiting ? position.pendingEpoch : 0n,
    accumulator: backing.accumulator,
    owed: owed.toString(),
  };
}

/** What of a position's shares came too late for the model's last milestone, once its pending ones are active. */
function lateWith(ctx: Read, position: Position, pending: bigint): Pick<Position, "lateMilestone" | "lateShares"> {
  const last = state.milestones.first(ctx, { prefix: position.modelId, reverse: true })?.[1];
  if (last === undefined || position.pendingEpoch < last.epoch) return position;
  return { lateMilestone: last.number, lateShares: (lateFor(position, last.number) + pending).toString() };
}

/** How many of a position's active shares did not earn yet when a milestone was proposed. */
function lateFor({ lateMilestone, lateShares }: Position, number: bigint): bigint {
  return lateMilestone === number ? BigInt(lateShares) : 0n;
}

function startOf(ctx: Read, modelId: bigint, epoch: bigint): Start {
  const start = state.epochStarts.get(ctx, [modelId, epoch]);
  if (start === undefined) throw new Error(`nobody noted when epoch ${epoch} of model ${modelId} began to earn`);
  return start;
}

/** As positionOf, and gives up its hold on where its pending shares began. `touch` comes first. */
function settle(keeper: ModelKeeper, ctx: Write, modelId: bigint, backer: Uint8Array): Position {
  const before = state.positions.get(ctx, [modelId, backer]);
  const position = positionOf(keeper, ctx, modelId, backer);
  if (before !== undefined && before.pendingShares !== "0" && position.pendingShares === "0") {
    const at = [modelId, before.pendingEpoch] as const;
    const start = state.epochStarts.get(ctx, at);
    if (start === undefined) throw new Error(`epoch ${at[1]} of model ${modelId} has no start`);
    if (start.positions > 1n) state.epochStarts.set(ctx, at, { ...start, positions: start.positions - 1n });
    else state.epochStarts.delete(ctx, at);
  }
  return position;
}

/** A position with nothing in it is no entry. */
function setPosition(ctx: Write, backer: Uint8Array, position: Position): void {
  const at = [position.modelId, backer] as const;
  const isEmpty = position.activeShares === "0" && position.pendingShares === "0" && position.owed === "0";
  if (isEmpty) state.positions.delete(ctx, at);
  else state.positions.set(ctx, at, position);
}

/** Puts an amount on a model. Gives the shares made. Throws model/2, model/8. */
export function back(keeper: ModelKeeper, ctx: Write, backer: Uint8Array, modelId: bigint, amount: bigint): bigint {
  keeper.activeModel(ctx, modelId);
  const backing = touch(keeper, ctx, modelId);
  const position = settle(keeper, ctx, modelId, backer);
  const tokens = BigInt(backing.tokens);
  const all = BigInt(backing.activeShares) + BigInt(backing.pendingShares);
  const shares = all === 0n ? amount : (amount * all) / tokens;
  if (all + shares > MAX_SHARES) throw errors.tooMuch.because(`${shares} shares in the backing of model ${modelId}`);
  const epoch = epochOf(keeper, ctx);
  const isNew = position.pendingShares === "0";
  setPosition(ctx, backer, {
    ...position,
    pendingShares: (BigInt(position.pendingShares) + shares).toString(),
    pendingEpoch: epoch,
  });
  setBacking(ctx, {
    ...backing,
    tokens: (tokens + amount).toString(),
    pendingShares: (BigInt(backing.pendingShares) + shares).toString(),
    pendingEpoch: epoch,
    pendingPositions: backing.pendingPositions + (isNew ? 1n : 0n),
  });
  keeper.uses.bank.sendToModule(ctx, backer, MODEL, keeper.reserveCoins(ctx, amount));
  ctx.emit("model_backed", [
    ["model_id", modelId.toString()],
    ["backer", ctx.addresses.account(backer)],
    ["amount", formatCoin({ denom: keeper.params(ctx).reserveDenom, amount })],
    ["shares", shares.toString()],
    ["earns_from_epoch", (epoch + 1n).toString()],
  ]);
  return shares;
}

/** Asks shares back, pending ones first. Gives the time they are paid. Throws model/15 for more than there are. */
export function unback(keeper: ModelKeeper, ctx: Write, backer: Uint8Array, modelId: bigint, shares: bigint): bigint {
  const backing = touch(keeper, ctx, modelId);
  const position = settle(keeper, ctx, modelId, backer);
  const [active, pending] = [BigInt(position.activeShares), BigInt(position.pendingShares)];
  if (shares > active + pending) throw errors.tooMuch.because(`${shares} of ${active + pending} shares`);
  const owner = ctx.addresses.account(backer);
  if (
    [...state.unbackings.by.owner.keys(ctx, [owner, modelId], { limit: MAX_WITHDRAWALS })].length >= MAX_WITHDRAWALS
  ) {
    throw errors.tooMany.because(`${MAX_WITHDRAWALS} withdrawals are waiting`);
  }
  const fromPending = shares < pending ? shares : pending;
  const fromActive = shares - fromPending;
  const all = BigInt(backing.activeShares) + BigInt(backing.pendingShares);
  const tokens = (shares * BigInt(backing.tokens)) / all;
  const [leavingTokens, leavingShares] = [BigInt(backing.leavingTokens), BigInt(backing.leavingShares)];
  const left = leavingShares === 0n ? tokens : (tokens * leavingShares) / leavingTokens;
  if (left === 0n) throw errors.tooMuch.because(`${shares} shares are worth nothing`);
  const isGone = pending > 0n && fromPending === pending;
  const late = BigInt(position.lateShares);
  setPosition(ctx, backer, {
    ...position,
    // The youngest leave first.
    lateShares: (fromActive < late ? late - fromActive : 0n).toString(),
    activeShares: (active - fromActive).toString(),
    pendingShares: (pending - fromPending).toString(),
    pendingEpoch: isGone ? 0n : position.pendingEpoch,
  });
  const pendingShares = (BigInt(backing.pendingShares) - fromPending).toString();
  setBacking(ctx, {
    ...backing,
    tokens: (BigInt(backing.tokens) - tokens).toString(),
    activeShares: (BigInt(backing.activeShares) - fromActive).toString(),
    pendingShares,
    pendingEpoch: pendingShares === "0" ? 0n : backing.pendingEpoch,
    pendingPositions: backing.pendingPositions - (isGone ? 1n : 0n),
    leavingTokens: (leavingTokens + tokens).toString(),
    leavingShares: (leavingShares + left).toString(),
  });
  const id = state.withdrawals.next(ctx) + 1n;
  const completesAt = ctx.time.seconds + keeper.params(ctx).unbondingSeconds;
  state.unbackings.set(ctx, id, { id, modelId, backer: owner, shares: left.toString(), completesAt });
  ctx.emit("model_unbacked", [
    ["model_id", modelId.toString()],
    ["backer", owner],
    ["shares", shares.toString()],
    ["completes_at", completesAt.toString()],
  ]);
  return completesAt;
}

/** Pays backing whose time has come, the earliest first and a bounded number. */
export function payUnbackings(keeper: ModelKeeper, ctx: Write): void {
  const due = { end: ctx.time.seconds + 1n, limit: MAX_PAID_PER_BLOCK };
  for (const [, id] of [...state.unbackings.by.end.iterate(ctx, due)]) {
    const { modelId, backer, shares } = state.unbackings.get(ctx, id)!;
    const backing = touch(keeper, ctx, modelId);
    const [tokens, all] = [BigInt(backing.leavingTokens), BigInt(backing.leavingShares)];
    const paid = (BigInt(shares) * tokens) / all;
    state.unbackings.delete(ctx, id);
    const leavingTokens = (tokens - paid).toString();
    setBacking(ctx, { ...backing, leavingTokens, leavingShares: (all - BigInt(shares)).toString() });
    const coins = keeper.reserveCoins(ctx, paid);
    if (coins.length > 0) keeper.uses.bank.sendFromModule(ctx, MODEL, ctx.addresses.parseAccount(backer), coins);
    ctx.emit("backing_paid", [
      ["model_id", modelId.toString()],
      ["backer", backer],
      ["amount", `${paid}${keeper.params(ctx).reserveDenom}`],
    ]);
  }
}

/** Pays what a backer has earned. Throws model/17 when that is nothing. */
export function claimBacking(keeper: ModelKeeper, ctx: Write, backer: Uint8Array, modelId: bigint): Coin {
  const backing = touch(keeper, ctx, modelId);
  const position = settle(keeper, ctx, modelId, backer);
  const amount = BigInt(position.owed);
  if (amount === 0n) throw errors.nothingToClaim.because(`${position.backer} of model ${modelId}`);
  setPosition(ctx, backer, { ...position, owed: "0" });
  setBacking(ctx, { ...backing, claimed: (BigInt(backing.claimed) + amount).toString() });
  const paid = { denom: keeper.params(ctx).reserveDenom, amount };
  keeper.uses.bank.sendFromModule(ctx, MODEL, backer, [paid]);
  ctx.emit("backing_claimed", [
    ["model_id", modelId.toString()],
    ["backer", position.backer],
    ["amount", formatCoin(paid)],
  ]);
  return paid;
}

/**
 * Takes the backers' part of what a model earned from another module's account: ⌊amount · backers_ppm⌋, or nothing while
 * no share is active. Gives what was taken; the rest is the caller's to pay to the owner. Costs the same for any number
 * of backers.
 */
export function payBackers(keeper: ModelKeeper, ctx: Write, payer: string, modelId: bigint, coin: Coin): bigint {
  const amount = keeper.reserveAmount(ctx, coin);
  const { backersPpm } = keeper.model(ctx, modelId);
  const part = (amount * BigInt(backersPpm)) / BigInt(PARTS_PER_MILLION);
  const backing = touch(keeper, ctx, modelId);
  setBacking(ctx, { ...backing, revenue: (BigInt(backing.revenue) + amount).toString() });
  if (part === 0n || !grant(keeper, ctx, modelId, part)) return 0n;
  keeper.uses.bank.sendBetweenModules(ctx, payer, MODEL, keeper.reserveCoins(ctx, part));
  ctx.emit("backers_paid", [
    ["model_id", modelId.toString()],
    ["amount", formatCoin({ denom: coin.denom, amount: part })],
  ]);
  return part;
}

/** Divides an amount that is, or comes to lie, in the module's account among the active shares. False when there are none. */
export function grant(keeper: ModelKeeper, ctx: Write, modelId: bigint, amount: bigint): boolean {
  const backing = touch(keeper, ctx, modelId);
  const shares = BigInt(backing.activeShares);
  if (shares === 0n) return false;
  const before = { accumulator: BigInt(backing.accumulator), remainder: BigInt(backing.remainder) };
  const { accumulator, remainder } = accumulate(before, amount, shares);
  setBacking(ctx, {
    ...backing,
    accumulator: accumulator.toString(),
    remainder: remainder.toString(),
    toBackers: (BigInt(backing.toBackers) + amount).toString(),
  });
  return true;
}

/**
 * Notes that a backer vetoed a milestone. Gives its shares that earned when it was proposed. Throws model/15 for none,
 * model/23 for a second veto.
 */
export function markVeto(keeper: ModelKeeper, ctx: Write, modelId: bigint, backer: Uint8Array, number: bigint): bigint {
  touch(keeper, ctx, modelId);
  const position = settle(keeper, ctx, modelId, backer);
  const shares = BigInt(position.activeShares) - lateFor(position, number);
  if (shares === 0n) throw errors.tooMuch.because(`${position.backer} has no shares that earned when it was proposed`);
  if (position.vetoed >= number) throw errors.invalidMilestone.because(`${position.backer} has vetoed it`);
  setPosition(ctx, backer, { ...position, vetoed: number });
  return shares;
}

/**
 * Notes an offence that costs so much of a model's backing and escrow. Gives what of them is still to be taken for it: within
 * the unbonding time of an offence all together cost what the gravest does, so that many proofs of one lie cost as one.
 */
export function chargeModel(keeper: ModelKeeper, ctx: Write, modelId: bigint, ppm: bigint): Fraction {
  const backing = touch(keeper, ctx, modelId);
  const whole = BigInt(PARTS_PER_MILLION);
  const isFirst = ctx.time.seconds >= backing.chargedUntil;
  const before = isFirst ? 0n : BigInt(backing.chargedPpm);
  if (!isFirst && ppm <= before) return { part: 0n, whole };
  const chargedUntil = isFirst ? ctx.time.seconds + keeper.params(ctx).unbondingSeconds : backing.chargedUntil;
  setBacking(ctx, { ...backing, chargedUntil, chargedPpm: Number(ppm), offences: backing.offences + 1 });
  return { part: ppm - before, whole: whole - before };
}

/** Takes a part of what backs a model, what is leaving included. Gives what was taken. */
export function slashBacking(keeper: ModelKeeper, ctx: Write, modelId: bigint, { part, whole }: Fraction): bigint {
  const backing = touch(keeper, ctx, modelId);
  const [tokens, leaving] = [BigInt(backing.tokens), BigInt(backing.leavingTokens)];
  const partOf = (amount: bigint): bigint => (amount * part) / whole;
  setBacking(ctx, {
    ...backing,
    tokens: (tokens - partOf(tokens)).toString(),
    leavingTokens: (leaving - partOf(leaving)).toString(),
  });
  return partOf(tokens) + partOf(leaving);
}

/** A retired model has no place in the list. */
export function unlist(keeper: ModelKeeper, ctx: Write, modelId: bigint): void {
  setBacking(ctx, { ...touch(keeper, ctx, modelId), listed: false });
}
