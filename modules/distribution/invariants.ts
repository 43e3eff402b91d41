// Owns: what must hold of rewards after every block (the SDK's x/distribution invariants, to the last digit where the SDK rounds). Does not own:
// when it is checked.

import type { Read } from "../../chain/module/context.ts";
import {
  addDecCoins,
  type DecCoin,
  decCoinsFromMessages,
  formatDecCoins,
  safeSubDecCoins,
} from "../../chain/types/dec-coin.ts";
import { DISTRIBUTION, type DistributionKeeper } from "./keeper/keeper.ts";
import { pendingRewards } from "./keeper/rewards.ts";
import { state } from "./state.ts";

/** Ones in a decimal as it is kept: 18 places. */
const ONE = 10n ** 18n;

/** The module holds exactly the whole coins of what it owes and of the community pool, and those have no fraction together. */
export function accountMatchesDebts(keeper: DistributionKeeper, ctx: Read): string | undefined {
  // Summed without a decimal's bound: each debt has one, all together may be more.
  const owed = new Map<string, bigint>();
  const add = (coins: readonly DecCoin[]): void => {
    for (const { denom, amount } of coins) owed.set(denom, (owed.get(denom) ?? 0n) + BigInt(amount.toWire()));
  };
  add(keeper.communityPool(ctx));
  for (const [, { rewards }] of state.outstandingRewards.iterate(ctx)) add(decCoinsFromMessages(rewards));
  const held = keeper.bank.balances(ctx, keeper.accounts.moduleAddress(DISTRIBUTION));
  for (const { denom, amount } of held) {
    const debt = owed.get(denom) ?? 0n;
    if (debt !== amount * ONE) return `the distribution account holds ${amount}${denom}, and owes ${debt} / 10^18`;
    owed.delete(denom);
  }
  for (const [denom, debt] of owed)
    if (debt !== 0n) return `the distribution account holds no ${denom}, and owes ${debt} / 10^18`;
  return undefined;
}

/** Every delegator and every operator could withdraw now, and nothing would be paid that is not owed. */
export function everyoneCanWithdraw(keeper: DistributionKeeper, ctx: Read): string | undefined {
  const claims = new Map<string, readonly DecCoin[]>();
  for (const { operatorAddress } of keeper.staking.allValidators(ctx))
    claims.set(operatorAddress, keeper.commission(ctx, ctx.addresses.parseValidator(operatorAddress)));
  for (const delegation of keeper.staking.allDelegations(ctx)) {
    const { validatorAddress } = delegation;
    claims.set(
      validatorAddress,
      addDecCoins(claims.get(validatorAddress) ?? [], pendingRewards(keeper, ctx, delegation)),
    );
  }
  for (const [operatorAddress, claim] of claims) {
    const outstanding = keeper.outstanding(ctx, ctx.addresses.parseValidator(operatorAddress));
    if (safeSubDecCoins(outstanding, claim).negative)
      return `${operatorAddress} and its delegators could withdraw ${formatDecCoins(claim)} of ${formatDecCoins(outstanding)}`;
  }
  return undefined;
}

/** Ends of periods are referred to once by each validator, each delegation and each slash. */
export function referencesAreCounted(keeper: DistributionKeeper, ctx: Read): string | undefined {
  let counted = 0;
  for (const [, { referenceCount }] of state.historicalRewards.iterate(ctx)) counted += referenceCount;
  const validators = keeper.staking.allValidators(ctx).length;
  const delegations = keeper.staking.allDelegations(ctx).length;
  const slashes = [...state.slashEvents.keys(ctx)].length;
  const expected = validators + delegations + slashes;
  if (counted === expected) return undefined;
  return `${counted} references for ${validators} validators, ${delegations} delegations and ${slashes} slashes`;
}
