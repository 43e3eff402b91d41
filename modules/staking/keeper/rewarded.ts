// Owns: validators and delegations as those see them who divide rewards. Does not own: the rewards (distribution).

import type { Read } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { type Delegation, state, type Validator } from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { tokensFromShares, tokensFromSharesTruncated } from "./shares.ts";

/** Staking's keeper, for the module that divides rewards. */
export function rewarded(keeper: StakingKeeper) {
  return {
    /** Throws staking/3 when there is none. */
    validator: (ctx: Read, operator: Uint8Array): Validator => keeper.validator(ctx, operator),
    operatorByConsensusAddress: (ctx: Read, consensus: Uint8Array): Uint8Array | undefined =>
      keeper.operatorByConsensusAddress(ctx, consensus),
    /** Throws staking/19 when there is none. */
    delegation: (ctx: Read, delegator: Uint8Array, operator: Uint8Array): Delegation =>
      keeper.existingDelegation(ctx, delegator, operator),
    delegationsOf: (ctx: Read, delegator: Uint8Array): readonly Delegation[] =>
      [...state.delegations.iterate(ctx, { prefix: delegator })].map(([, delegation]) => delegation),
    allDelegations: (ctx: Read): readonly Delegation[] =>
      [...state.delegations.iterate(ctx)].map(([, delegation]) => delegation),
    allValidators: (ctx: Read): readonly Validator[] =>
      [...state.validators.iterate(ctx)].map(([, validator]) => validator),
    /** What a delegation is worth, with fractions of the base unit; the 18th place as staking rounds it, and never more than exact. */
    stake: (validator: Validator, { shares }: Delegation): { readonly rounded: Dec; readonly truncated: Dec } => ({
      rounded: tokensFromShares(validator, Dec.fromWire(shares)),
      truncated: tokensFromSharesTruncated(validator, Dec.fromWire(shares)),
    }),
    bondDenom: (ctx: Read): string => keeper.params(ctx).bondDenom,
  };
}
