// Owns: what must hold of staked coins after every block. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { Dec } from "../../chain/types/dec.ts";
import type { StakingKeeper } from "./keeper/keeper.ts";
import { isBonded, sharesOf, tokensOf } from "./keeper/shares.ts";
import { powerIndexKey, state } from "./state.ts";

/** The pools hold exactly what validators and withdrawals say they hold. */
export function poolsMatchStake(keeper: StakingKeeper, ctx: Read): string | undefined {
  let bonded = 0n;
  let notBonded = 0n;
  for (const [, validator] of state.validators.iterate(ctx)) {
    if (isBonded(validator)) bonded += tokensOf(validator);
    else notBonded += tokensOf(validator);
  }
  for (const [, { entries }] of state.unbondingDelegations.iterate(ctx))
    for (const { balance } of entries) notBonded += BigInt(balance);
  const held = keeper.poolBalances(ctx);
  if (held.bonded === bonded && held.notBonded === notBonded) return undefined;
  return `the bonded pool holds ${held.bonded} of ${bonded}, the other ${held.notBonded} of ${notBonded}`;
}

/** A validator's shares are the sum of its delegators'. */
export function sharesMatchDelegations(_keeper: StakingKeeper, ctx: Read): string | undefined {
  const sums = new Map<string, Dec>();
  for (const [, { validatorAddress, shares }] of state.delegations.iterate(ctx)) {
    const sum = sums.get(validatorAddress) ?? Dec.zero;
    if (!Dec.fromWire(shares).isPositive()) return `a delegation to ${validatorAddress} has ${shares} shares`;
    sums.set(validatorAddress, sum.add(Dec.fromWire(shares)));
  }
  for (const [, validator] of state.validators.iterate(ctx)) {
    const sum = sums.get(validator.operatorAddress) ?? Dec.zero;
    if (!sum.equals(sharesOf(validator)))
      return `${validator.operatorAddress} has ${sharesOf(validator)} shares, its delegators ${sum}`;
  }
  return undefined;
}

/** Every validator that is not jailed stands in the order of powers, once and where it belongs. */
export function powerOrderIsComplete(_keeper: StakingKeeper, ctx: Read): string | undefined {
  let expected = 0;
  for (const [operator, validator] of state.validators.iterate(ctx)) {
    if (validator.jailed) continue;
    expected += 1;
    if (!state.validatorsByPower.has(ctx, powerIndexKey(operator, tokensOf(validator))))
      return `${validator.operatorAddress} is missing from the order of powers`;
  }
  const found = [...state.validatorsByPower.keys(ctx)].length;
  return found === expected ? undefined : `the order of powers has ${found} entries for ${expected} validators`;
}
