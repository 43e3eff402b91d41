// Owns: the end of a block: who enters and leaves the validator set, what the engine is told, which withdrawals are paid out
// (x/staking/keeper/val_state_change.go). Does not own: single validators and delegations (keeper.ts).

import type { ValidatorUpdate, Write } from "../../../chain/module/context.ts";
import { formatCoins } from "../../../chain/types/coin.ts";
import { addNanoseconds, durationToNanoseconds, ZERO_TIME } from "../../../chain/types/time.ts";
import { compareBytes, hex } from "../../../proto/bytes.ts";
import {
  BONDED,
  BONDED_POOL,
  consensusPower,
  NOT_BONDED_POOL,
  state,
  UNBONDED,
  UNBONDING,
  UNBONDING_TYPE_VALIDATOR,
  type Validator,
  validatorQueueKey,
} from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { completeRedelegation, moveOf } from "./redelegation.ts";
import { sharesOf, tokensOf } from "./shares.ts";
import { completeUnbonding, forgetUnbondingId, nextUnbondingId } from "./unbonding.ts";

/** Everything staking does at the end of a block. */
export function endBlock(keeper: StakingKeeper, ctx: Write): ValidatorUpdate[] {
  const updates = applyValidatorSetUpdates(keeper, ctx);
  unbondMatureValidators(keeper, ctx);
  payMatureUnbondings(keeper, ctx);
  endMatureRedelegations(keeper, ctx);
  return updates;
}

/**
 * Makes the highest validators by power the set, moves their stake between the pools, and gives the engine the differences: first those that
 * entered or changed, from the highest power down, then those that left, by address.
 */
export function applyValidatorSetUpdates(keeper: StakingKeeper, ctx: Write): ValidatorUpdate[] {
  const { maxValidators } = keeper.params(ctx);
  const last = new Map(
    [...state.lastValidatorPowers.iterate(ctx)].map(([operator, { value }]) => [
      hex(operator),
      { operator, power: value },
    ]),
  );
  const candidates = [...state.validatorsByPower.iterate(ctx, { reverse: true, limit: maxValidators })].map(
    ([, operator]) => operator,
  );
  const updates: ValidatorUpdate[] = [];
  let totalPower = 0n;
  let bonding = 0n;
  let unbonding = 0n;
  for (const operator of candidates) {
    const validator = keeper.validator(ctx, operator);
    if (validator.jailed) throw new Error("should never retrieve a jailed validator from the power store");
    const power = consensusPower(tokensOf(validator));
    if (power === 0n) break;
    if (validator.status !== BONDED) {
      bond(keeper, ctx, validator);
      bonding += tokensOf(validator);
    }
    if (last.get(hex(operator))?.power !== power) {
      updates.push({ pubKey: { ed25519: keeper.consensusKey(validator).bytes }, power });
      state.lastValidatorPowers.set(ctx, operator, { value: power });
    }
    last.delete(hex(operator));
    totalPower += power;
  }
  const leaving = [...last.values()].sort((a, b) => compareBytes(a.operator, b.operator));
  for (const { operator } of leaving) {
    const validator = keeper.validator(ctx, operator);
    unbonding += tokensOf(validator);
    beginUnbonding(keeper, ctx, validator);
    state.lastValidatorPowers.delete(ctx, operator);
    updates.push({ pubKey: { ed25519: keeper.consensusKey(validator).bytes }, power: 0n });
  }
  if (bonding > unbonding) keeper.moveBetweenPools(ctx, NOT_BONDED_POOL, BONDED_POOL, bonding - unbonding);
  if (bonding < unbonding) keeper.moveBetweenPools(ctx, BONDED_POOL, NOT_BONDED_POOL, unbonding - bonding);
  if (updates.length > 0) state.lastTotalPower.set(ctx, { int: totalPower.toString() });
  state.validatorUpdates.set(ctx, { updates });
  return updates;
}

function bond(keeper: StakingKeeper, ctx: Write, validator: Validator): void {
  if (validator.status === UNBONDING) leaveValidatorQueue(ctx, validator);
  keeper.saveValidator(ctx, validator, { ...validator, status: BONDED, unbondingHeight: 0n, unbondingTime: ZERO_TIME });
  keeper.hooks.afterValidatorBonded(ctx, keeper.consensusKey(validator).address, keeper.operatorOf(ctx, validator));
}

function beginUnbonding(keeper: StakingKeeper, ctx: Write, validator: Validator): void {
  if (validator.status !== BONDED)
    throw new Error(`bad state transition bondedToUnbonding, validator: ${validator.operatorAddress}`);
  const unbondingTime = addNanoseconds(ctx.time, durationToNanoseconds(keeper.params(ctx).unbondingTime));
  const operator = keeper.operatorOf(ctx, validator);
  const unbondingId = nextUnbondingId(ctx);
  keeper.saveValidator(ctx, validator, {
    ...validator,
    status: UNBONDING,
    unbondingTime,
    unbondingHeight: ctx.height,
    unbondingIds: [...validator.unbondingIds, unbondingId],
  });
  state.unbondingIndex.set(ctx, unbondingId, state.validators.storeKey(operator));
  state.unbondingType.set(ctx, unbondingId, UNBONDING_TYPE_VALIDATOR);
  const at = validatorQueueKey(unbondingTime, ctx.height);
  const waiting = state.validatorQueue.get(ctx, at)?.addresses ?? [];
  state.validatorQueue.set(ctx, at, { addresses: [...waiting, validator.operatorAddress] });
  keeper.hooks.afterValidatorBeginUnbonding(ctx, keeper.consensusKey(validator).address, operator);
}

function leaveValidatorQueue(ctx: Write, validator: Validator): void {
  const at = validatorQueueKey(validator.unbondingTime, validator.unbondingHeight);
  const others = (state.validatorQueue.get(ctx, at)?.addresses ?? []).filter(
    (address) => address !== validator.operatorAddress,
  );
  if (others.length > 0) state.validatorQueue.set(ctx, at, { addresses: others });
  else state.validatorQueue.delete(ctx, at);
}

/** Validators whose unbonding time is over become unbonded, or are forgotten when nobody stakes with them. */
function unbondMatureValidators(keeper: StakingKeeper, ctx: Write): void {
  // One past the key of this time and height: the queue is ordered by both.
  const end = validatorQueueKey(ctx.time, ctx.height + 1n);
  for (const [at, { addresses }] of [...state.validatorQueue.iterate(ctx, { end })]) {
    const held: string[] = [];
    for (const address of addresses) {
      const validator = keeper.validator(ctx, ctx.addresses.parseValidator(address));
      if (validator.status !== UNBONDING)
        throw new Error(`validator ${address} is in the unbonding queue and not unbonding`);
      if (validator.unbondingOnHoldRefCount > 0n) {
        held.push(address);
        continue;
      }
      for (const id of validator.unbondingIds) forgetUnbondingId(ctx, id);
      const unbonded = { ...validator, status: UNBONDED, unbondingIds: [] };
      keeper.saveValidator(ctx, validator, unbonded);
      if (sharesOf(unbonded).isZero()) keeper.removeValidator(ctx, unbonded);
    }
    if (held.length > 0) state.validatorQueue.set(ctx, at, { addresses: held });
    else state.validatorQueue.delete(ctx, at);
  }
}

/** Pays the withdrawals that are due. */
function payMatureUnbondings(keeper: StakingKeeper, ctx: Write): void {
  const due = [...state.unbondingQueue.iterate(ctx, { end: addNanoseconds(ctx.time, 1n) })];
  for (const [at] of due) state.unbondingQueue.delete(ctx, at);
  for (const { delegatorAddress, validatorAddress } of due.flatMap(([, { pairs }]) => pairs)) {
    const delegator = ctx.addresses.parseAccount(delegatorAddress);
    const operator = ctx.addresses.parseValidator(validatorAddress);
    // Two withdrawals to the same moment queue the pair twice; the first pays both.
    if (!state.unbondingDelegations.has(ctx, [delegator, operator])) continue;
    const paid = completeUnbonding(keeper, ctx, delegator, operator);
    ctx.emit("complete_unbonding", [
      ["amount", formatCoins(paid)],
      ["validator", validatorAddress],
      ["delegator", delegatorAddress],
    ]);
  }
}

/** Ends the moves whose time is over: the stake no longer answers for the validator it left. */
function endMatureRedelegations(keeper: StakingKeeper, ctx: Write): void {
  const due = [...state.redelegationQueue.iterate(ctx, { end: addNanoseconds(ctx.time, 1n) })];
  for (const [at] of due) state.redelegationQueue.delete(ctx, at);
  for (const triplet of due.flatMap(([, { triplets }]) => triplets)) {
    const moved = completeRedelegation(ctx, moveOf(ctx, triplet));
    // Two moves to the same moment queue their parties twice; the first ends both.
    if (moved === undefined) continue;
    ctx.emit("complete_redelegation", [
      ["amount", formatCoins(moved > 0n ? [keeper.coin(ctx, moved)] : [])],
      ["delegator", triplet.delegatorAddress],
      ["source_validator", triplet.validatorSrcAddress],
      ["destination_validator", triplet.validatorDstAddress],
    ]);
  }
}
