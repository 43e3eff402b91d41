// Owns: a validator's periods, which the F1 scheme counts rewards by (x/distribution/keeper/validator.go; F1 Fee Distribution, Ojha and Goes,
// 2019): a period ends whenever somebody's stake with the validator changes, and at its end it is known what one staked coin has earned since
// the validator's beginning. How often the end of a period is still referred to is counted, so that it can be forgotten.
// Does not own: what a delegation earned (rewards.ts).

import type { Read, Write } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import {
  addDecCoins,
  type DecCoin,
  decCoinsFromMessages,
  decCoinsToMessages,
  quoDecCoinsTruncate,
  subDecCoins,
  truncateDecCoins,
} from "../../../chain/types/dec-coin.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MAX_REFERENCES } from "../limits.ts";
import { state } from "../state.ts";
import type { DistributionKeeper, Validator } from "./keeper.ts";

type HistoricalRewards = Messages["cosmos.distribution.v1beta1.ValidatorHistoricalRewards"];

/** Begins a validator's first period. */
export function initializeValidator(keeper: DistributionKeeper, ctx: Write, operator: Uint8Array): void {
  state.historicalRewards.set(ctx, [operator, 0n], { cumulativeRewardRatio: [], referenceCount: 1 });
  state.currentRewards.set(ctx, operator, { rewards: [], period: 1n });
  keeper.setCommission(ctx, operator, []);
  keeper.setOutstanding(ctx, operator, []);
}

/** What the validator's delegators have earned in the period that runs, and its number. */
export function currentRewards(ctx: Read, operator: Uint8Array): { rewards: readonly DecCoin[]; period: bigint } {
  const current = state.currentRewards.get(ctx, operator);
  if (current === undefined) throw new Error(`validator ${ctx.addresses.validator(operator)} has no rewards record`);
  return { rewards: decCoinsFromMessages(current.rewards), period: current.period };
}

/** What one staked coin has earned from the validator's beginning to the end of a period. */
export function ratioAt(ctx: Read, operator: Uint8Array, period: bigint): readonly DecCoin[] {
  return decCoinsFromMessages(historical(ctx, operator, period).cumulativeRewardRatio);
}

/** What one staked coin will have earned if the running period ends now. */
export function ratioNow(ctx: Read, operator: Uint8Array, validator: Validator): readonly DecCoin[] {
  const { rewards, period } = currentRewards(ctx, operator);
  const before = ratioAt(ctx, operator, period - 1n);
  const tokens = BigInt(validator.tokens);
  return tokens === 0n ? before : addDecCoins(before, quoDecCoinsTruncate(rewards, Dec.fromInt(tokens)));
}

/** Ends the running period and begins the next. Gives the number of the one that ended. */
export function endPeriod(keeper: DistributionKeeper, ctx: Write, operator: Uint8Array, validator: Validator): bigint {
  const { rewards, period } = currentRewards(ctx, operator);
  const ratio = ratioNow(ctx, operator, validator);
  if (BigInt(validator.tokens) === 0n) {
    // Nobody is staked to whom the rewards could belong.
    keeper.addToCommunityPool(ctx, rewards);
    keeper.setOutstanding(ctx, operator, subDecCoins(keeper.outstanding(ctx, operator), rewards));
  }
  dropReference(ctx, operator, period - 1n);
  state.historicalRewards.set(ctx, [operator, period], {
    cumulativeRewardRatio: decCoinsToMessages(ratio),
    referenceCount: 1,
  });
  state.currentRewards.set(ctx, operator, { rewards: [], period: period + 1n });
  return period;
}

/** Notes that one thing more refers to the end of a period. */
export function addReference(ctx: Write, operator: Uint8Array, period: bigint): void {
  const found = historical(ctx, operator, period);
  const referenceCount = found.referenceCount + 1;
  if (referenceCount > MAX_REFERENCES) throw new Error("reference count should never exceed 2");
  state.historicalRewards.set(ctx, [operator, period], { ...found, referenceCount });
}

/** Notes that one thing less refers to the end of a period, which is forgotten with the last. */
export function dropReference(ctx: Write, operator: Uint8Array, period: bigint): void {
  const found = historical(ctx, operator, period);
  if (found.referenceCount === 0) throw new Error("cannot set negative reference count");
  if (found.referenceCount === 1) state.historicalRewards.delete(ctx, [operator, period]);
  else state.historicalRewards.set(ctx, [operator, period], { ...found, referenceCount: found.referenceCount - 1 });
}

/** Notes that `fraction` of the validator's tokens is about to be burnt: until then its stake earned in full. */
export function recordSlash(keeper: DistributionKeeper, ctx: Write, operator: Uint8Array, fraction: Dec): void {
  if (fraction.isNegative() || fraction.greaterThan(Dec.one))
    throw new Error(`fraction must be >=0 and <=1, current fraction: ${fraction}`);
  const period = endPeriod(keeper, ctx, operator, keeper.staking.validator(ctx, operator));
  addReference(ctx, operator, period);
  const event = { validatorPeriod: period, fraction: fraction.toWire() };
  state.slashEvents.set(ctx, [operator, ctx.height, period], event);
}

/** Pays a validator that is gone its commission, gives what is left over to everybody, and forgets it. */
export function removeValidator(keeper: DistributionKeeper, ctx: Write, operator: Uint8Array): void {
  const commission = keeper.commission(ctx, operator);
  const rest = subDecCoins(keeper.outstanding(ctx, operator), commission);
  const { coins, change } = truncateDecCoins(commission);
  keeper.addToCommunityPool(ctx, change);
  keeper.pay(ctx, operator, coins);
  keeper.addToCommunityPool(ctx, rest);
  state.outstandingRewards.delete(ctx, operator);
  state.commissions.delete(ctx, operator);
  for (const at of [...state.slashEvents.keys(ctx, { prefix: [operator] })]) state.slashEvents.delete(ctx, at);
  for (const at of [...state.historicalRewards.keys(ctx, { prefix: operator })])
    state.historicalRewards.delete(ctx, at);
  state.currentRewards.delete(ctx, operator);
}

function historical(ctx: Read, operator: Uint8Array, period: bigint): HistoricalRewards {
  const found = state.historicalRewards.get(ctx, [operator, period]);
  if (found === undefined) throw new Error(`period ${period} of ${ctx.addresses.validator(operator)} was forgotten`);
  return found;
}
