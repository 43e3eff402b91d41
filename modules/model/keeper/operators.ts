/** Owns the bonds of those who own and serve models, and what an offence costs them. It does not own the proof of an offence. */
import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoin } from "../../../chain/types/coin.ts";
import { errors } from "../errors.ts";
import { MODEL, type ModelKeeper } from "../keeper.ts";
import { MAX_PAID_PER_BLOCK, MAX_WITHDRAWALS, PARTS_PER_MILLION } from "../limits.ts";
import { penaltyOf } from "../params.ts";
import { type Operator, state } from "../state.ts";
import { chargeModel, slashBacking, weightOf } from "./backing.ts";
import { slashEscrow } from "./milestones.ts";

/** What an operator did, to which model, and who proved it. */
export interface Charge {
  readonly operator: Uint8Array;
  /** The model it was about; its backing answers too when the operator owns it or was its own host. 0 for none. */
  readonly modelId: bigint;
  /** Whether the operator was the model's own host when the use was opened; when nothing is said, whether it is now. */
  readonly wasOwnHost?: boolean;
  /** A number of the enumeration Offence. */
  readonly offence: number;
  /** Receives the informer's part of what the bond lost; undefined when all is burned. */
  readonly informer: Uint8Array | undefined;
}

/** What a charge came to. */
export interface Penalty {
  readonly taken: Coin;
  /** The part of it that went to the informer. */
  readonly informer: Coin;
}

/** An account's bond and past; all zero for one that has none. */
export function operatorOf(ctx: Read, operator: Uint8Array): Operator {
  return (
    state.operators.get(ctx, operator) ?? {
      operator: ctx.addresses.account(operator),
      bond: "0",
      leaving: "0",
      offences: 0,
      slashed: "0",
      offers: 0,
    }
  );
}

/** Stores an operator, and ranks its offers anew when its bond or its past changed. */
export function setOperator(ctx: Write, address: Uint8Array, operator: Operator): void {
  const before = operatorOf(ctx, address);
  state.operators.set(ctx, address, operator);
  const weight = bondWeight(operator);
  if (weight === bondWeight(before)) return;
  for (const [at, offer] of [...state.offers.iterate(ctx, { prefix: address })]) {
    state.offers.set(ctx, at, { ...offer, weight });
  }
}

/** What an operator's offers are ranked by. */
export function bondWeight({ bond, offences }: Operator): bigint {
  return weightOf(BigInt(bond), offences);
}

/** Adds to a bond. */
export function bond(keeper: ModelKeeper, ctx: Write, address: Uint8Array, amount: bigint): void {
  const operator = operatorOf(ctx, address);
  setOperator(ctx, address, { ...operator, bond: (BigInt(operator.bond) + amount).toString() });
  keeper.uses.bank.sendToModule(ctx, address, MODEL, keeper.reserveCoins(ctx, amount));
  tell(keeper, ctx, "operator_bonded", operator, amount);
}

/** Asks a part of a bond back. Gives the time it is paid. Throws model/15, model/16. */
export function unbond(keeper: ModelKeeper, ctx: Write, address: Uint8Array, amount: bigint): bigint {
  const operator = operatorOf(ctx, address);
  const held = BigInt(operator.bond);
  if (amount > held) throw errors.tooMuch.because(`${amount} of a bond of ${held}`);
  const name = operator.operator;
  if ([...state.bondWithdrawals.by.operator.keys(ctx, name, { limit: MAX_WITHDRAWALS })].length >= MAX_WITHDRAWALS) {
    throw errors.tooMany.because(`${MAX_WITHDRAWALS} withdrawals are waiting`);
  }
  const leaving = (BigInt(operator.leaving) + amount).toString();
  setOperator(ctx, address, { ...operator, bond: (held - amount).toString(), leaving });
  const id = state.withdrawals.next(ctx) + 1n;
  const completesAt = ctx.time.seconds + keeper.params(ctx).unbondingSeconds;
  state.bondWithdrawals.set(ctx, id, { id, operator: name, amount: amount.toString(), completesAt });
  tell(keeper, ctx, "operator_unbonded", operator, amount);
  return completesAt;
}

/** Pays bonds whose time has come, the earliest first and a bounded number. */
export function payBonds(keeper: ModelKeeper, ctx: Write): void {
  const due = { end: ctx.time.seconds + 1n, limit: MAX_PAID_PER_BLOCK };
  for (const [, id] of [...state.bondWithdrawals.by.end.iterate(ctx, due)]) {
    const row = state.bondWithdrawals.get(ctx, id)!;
    const address = ctx.addresses.parseAccount(row.operator);
    const operator = operatorOf(ctx, address);
    const amount = BigInt(row.amount);
    state.bondWithdrawals.delete(ctx, id);
    setOperator(ctx, address, { ...operator, leaving: (BigInt(operator.leaving) - amount).toString() });
    const coins = keeper.reserveCoins(ctx, amount);
    if (coins.length > 0) keeper.uses.bank.sendFromModule(ctx, MODEL, address, coins);
    tell(keeper, ctx, "bond_paid", operator, amount);
  }
}

/**
 * Punishes an operator: takes the offence's share of its bond, what is leaving included, and of the model's backing
 * and escrow if the operator is its owner or was its own host; gives the informer its part of what the bond lost and burns the
 * rest. An informer may be the operator itself under another name, so what others put on the model is never an informer's.
 * Every offence halves the places of the operator's offers, and what the model was charged for its place. Throws sdk/18 for an
 * offence there is not, model/2.
 */
export function slashOperator(keeper: ModelKeeper, ctx: Write, charge: Charge): Penalty {
  const params = keeper.params(ctx);
  const penalty = penaltyOf(params, charge.offence);
  const fromBond = slashBond(ctx, charge.operator, penalty.operator);
  const { operator } = operatorOf(ctx, charge.operator);
  const taken = fromBond + slashModel(keeper, ctx, operator, charge, penalty.backing);
  const informed = charge.informer === undefined ? 0n : partOf(fromBond, BigInt(params.informerPpm));
  if (charge.informer !== undefined && informed > 0n) {
    keeper.uses.bank.sendFromModule(ctx, MODEL, charge.informer, keeper.reserveCoins(ctx, informed));
  }
  if (taken > informed) keeper.uses.bank.burn(ctx, MODEL, keeper.reserveCoins(ctx, taken - informed));
  const denom = params.reserveDenom;
  const result = { taken: { denom, amount: taken }, informer: { denom, amount: informed } };
  ctx.emit("operator_slashed", [
    ["operator", operator],
    ["model_id", charge.modelId.toString()],
    ["offence", charge.offence.toString()],
    ["taken", formatCoin(result.taken)],
    ["informer_part", formatCoin(result.informer)],
  ]);
  return result;
}

/** Takes what the offence costs of the model's backing and escrow. Gives what was taken; nothing when they do not answer for the operator. */
function slashModel(
  keeper: ModelKeeper,
  ctx: Write,
  operator: string,
  { modelId, wasOwnHost }: Charge,
  ppm: bigint,
): bigint {
  if (modelId === 0n) return 0n;
  const { owner, host } = keeper.model(ctx, modelId);
  if (operator !== owner && !(wasOwnHost ?? operator === host)) return 0n;
  const part = chargeModel(keeper, ctx, modelId, ppm);
  return slashBacking(keeper, ctx, modelId, part) + slashEscrow(keeper, ctx, modelId, part);
}

function slashBond(ctx: Write, address: Uint8Array, ppm: bigint): bigint {
  const operator = operatorOf(ctx, address);
  const fromBond = partOf(BigInt(operator.bond), ppm);
  let fromLeaving = 0n;
  for (const [id, row] of [...state.bondWithdrawals.by.operator.entries(ctx, operator.operator)]) {
    const part = partOf(BigInt(row.amount), ppm);
    fromLeaving += part;
    state.bondWithdrawals.set(ctx, id, { ...row, amount: (BigInt(row.amount) - part).toString() });
  }
  setOperator(ctx, address, {
    ...operator,
    bond: (BigInt(operator.bond) - fromBond).toString(),
    leaving: (BigInt(operator.leaving) - fromLeaving).toString(),
    offences: operator.offences + 1,
    slashed: (BigInt(operator.slashed) + fromBond + fromLeaving).toString(),
  });
  return fromBond + fromLeaving;
}

function partOf(amount: bigint, ppm: bigint): bigint {
  return (amount * ppm) / BigInt(PARTS_PER_MILLION);
}

function tell(keeper: ModelKeeper, ctx: Write, event: string, { operator }: Operator, amount: bigint): void {
  ctx.emit(event, [
    ["operator", operator],
    ["amount", `${amount}${keeper.params(ctx).reserveDenom}`],
  ]);
}
