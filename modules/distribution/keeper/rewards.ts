// Owns: what a delegation has earned and its withdrawal (x/distribution/keeper/delegation.go). A delegation earns its stake times what one staked
// coin earned since it began; each slash in between makes the stake smaller for what follows. Does not own: the periods (periods.ts).

import type { Read, Write } from "../../../chain/module/context.ts";
import { type Coin, formatCoins } from "../../../chain/types/coin.ts";
import { Dec } from "../../../chain/types/dec.ts";
import {
  addDecCoins,
  type DecCoin,
  intersectDecCoins,
  mulDecCoinsTruncate,
  subDecCoins,
  truncateDecCoins,
} from "../../../chain/types/dec-coin.ts";
import { errors } from "../errors.ts";
import { MAX_STAKE_ROUNDING } from "../limits.ts";
import { type StartingInfo, state } from "../state.ts";
import type { Delegation, DistributionKeeper, Validator } from "./keeper.ts";
import { addReference, currentRewards, dropReference, endPeriod, ratioAt, ratioNow } from "./periods.ts";

/** Begins to count for a delegation as it is now. The validator's period was ended just before. */
export function beginDelegation(
  keeper: DistributionKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
): void {
  const previousPeriod = currentRewards(ctx, operator).period - 1n;
  addReference(ctx, operator, previousPeriod);
  const validator = keeper.staking.validator(ctx, operator);
  const { truncated } = keeper.staking.stake(validator, keeper.staking.delegation(ctx, delegator, operator));
  const info = { previousPeriod, stake: truncated.toWire(), height: ctx.height };
  state.startingInfos.set(ctx, [operator, delegator], info);
}

/** What a delegation could withdraw if the running period ended now, with fractions. Changes nothing. */
export function pendingRewards(keeper: DistributionKeeper, ctx: Read, delegation: Delegation): readonly DecCoin[] {
  const { delegator, operator } = partiesOf(ctx, delegation);
  const validator = keeper.staking.validator(ctx, operator);
  return earned(keeper, ctx, { operator, validator, delegation }, startingInfo(ctx, delegator, operator));
}

/** Pays a delegation what it has earned and begins to count anew. */
export function withdrawRewards(
  keeper: DistributionKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
): readonly Coin[] {
  const paid = settle(keeper, ctx, delegator, operator);
  beginDelegation(keeper, ctx, delegator, operator);
  return paid;
}

/** Ends the period and pays a delegation what it has earned; nothing counts for it until it begins anew. */
export function settle(
  keeper: DistributionKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
): readonly Coin[] {
  const validator = keeper.staking.validator(ctx, operator);
  const delegation = keeper.staking.delegation(ctx, delegator, operator);
  const info = startingInfo(ctx, delegator, operator);
  const raw = earned(keeper, ctx, { operator, validator, delegation }, info);
  endPeriod(keeper, ctx, operator, validator);
  // The last digits may come to more than is owed, by the order of the operations.
  const outstanding = keeper.outstanding(ctx, operator);
  const rewards = intersectDecCoins(raw, outstanding);
  const { coins, change } = truncateDecCoins(rewards);
  keeper.pay(ctx, delegator, coins);
  keeper.setOutstanding(ctx, operator, subDecCoins(outstanding, rewards));
  keeper.addToCommunityPool(ctx, change);
  dropReference(ctx, operator, info.previousPeriod);
  state.startingInfos.delete(ctx, [operator, delegator]);
  // As in the SDK, nothing is told as zero of the staking coin.
  const told = coins.length > 0 ? coins : [{ denom: keeper.staking.bondDenom(ctx), amount: 0n }];
  ctx.emit("withdraw_rewards", [
    ["amount", formatCoins(told)],
    ["validator", validator.operatorAddress],
    ["delegator", delegation.delegatorAddress],
  ]);
  return told;
}

interface Place {
  readonly operator: Uint8Array;
  readonly validator: Validator;
  readonly delegation: Delegation;
}

/** CalculateDelegationRewards, up to the moment. */
function earned(
  keeper: DistributionKeeper,
  ctx: Read,
  { operator, validator, delegation }: Place,
  info: StartingInfo,
): readonly DecCoin[] {
  // Begun in this block: there was nothing to earn yet.
  if (info.height === ctx.height) return [];
  let rewards: readonly DecCoin[] = [];
  let stake = Dec.fromWire(info.stake);
  let from = info.previousPeriod;
  // Slashes happen when a block begins, after its rewards were allocated: those of the first block are before the delegation, except for a
  // move's that was slashed with its source, which the comparison of periods lets through.
  const between = { start: [operator, info.height, 0n], end: [operator, ctx.height + 1n, 0n] } as const;
  for (const [, { validatorPeriod, fraction }] of state.slashEvents.iterate(ctx, between)) {
    if (validatorPeriod <= from) continue;
    const share = ratioBetween(ratioAt(ctx, operator, from), ratioAt(ctx, operator, validatorPeriod));
    rewards = addDecCoins(rewards, mulDecCoinsTruncate(share, stake));
    stake = stake.mulTruncate(Dec.one.sub(Dec.fromWire(fraction)));
    from = validatorPeriod;
  }
  stake = withoutRounding(stake, keeper.staking.stake(validator, delegation).rounded, delegation);
  const share = ratioBetween(ratioAt(ctx, operator, from), ratioNow(ctx, operator, validator));
  return addDecCoins(rewards, mulDecCoinsTruncate(share, stake));
}

/**
 * The stake that was counted down slash by slash, where it is not above what the delegation is worth now. The last places may be, because
 * they were rounded more often; anything more is a bug, which must not pay.
 */
function withoutRounding(counted: Dec, current: Dec, { delegatorAddress }: Delegation): Dec {
  if (!counted.greaterThan(current)) return counted;
  if (counted.greaterThan(current.add(MAX_STAKE_ROUNDING)))
    throw new Error(
      `calculated final stake for delegator ${delegatorAddress} greater than current stake: ${counted} > ${current}`,
    );
  return current;
}

function ratioBetween(from: readonly DecCoin[], to: readonly DecCoin[]): readonly DecCoin[] {
  return subDecCoins(to, from);
}

function startingInfo(ctx: Read, delegator: Uint8Array, operator: Uint8Array): StartingInfo {
  const info = state.startingInfos.get(ctx, [operator, delegator]);
  if (info === undefined) throw errors.emptyDelegationDistInfo.because();
  return info;
}

function partiesOf(ctx: Read, { delegatorAddress, validatorAddress }: Delegation) {
  return {
    delegator: ctx.addresses.parseAccount(delegatorAddress),
    operator: ctx.addresses.parseValidator(validatorAddress),
  };
}
