// Owns: what distribution does when staking changes something. Does not own: how (keeper/).

import type { StakingHooks } from "../staking/hooks.ts";
import type { DistributionKeeper } from "./keeper/keeper.ts";
import { endPeriod, initializeValidator, recordSlash, removeValidator } from "./keeper/periods.ts";
import { beginDelegation, settle } from "./keeper/rewards.ts";

/** The listener that distribution is to staking. */
export function hooksOf(keeper: DistributionKeeper): Partial<StakingHooks> {
  return {
    afterValidatorCreated: (ctx, operator) => initializeValidator(keeper, ctx, operator),
    afterValidatorRemoved: (ctx, _consensus, operator) => removeValidator(keeper, ctx, operator),
    beforeDelegationCreated: (ctx, _delegator, operator) => {
      endPeriod(keeper, ctx, operator, keeper.staking.validator(ctx, operator));
    },
    beforeDelegationSharesModified: (ctx, delegator, operator) => {
      settle(keeper, ctx, delegator, operator);
    },
    afterDelegationModified: (ctx, delegator, operator) => beginDelegation(keeper, ctx, delegator, operator),
    beforeValidatorSlashed: (ctx, operator, fraction) => recordSlash(keeper, ctx, operator, fraction),
  };
}
