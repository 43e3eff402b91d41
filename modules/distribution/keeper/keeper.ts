// Owns: what distribution is given, the community pool, who is paid where, and commissions (x/distribution/keeper of the SDK 0.53).
// Does not own: a validator's periods (periods.ts), a delegation's rewards (rewards.ts), dividing a block's fees (allocation.ts).

import type { Read, Write } from "../../../chain/module/context.ts";
import { sdkErrors } from "../../../chain/module/errors.ts";
import { type Coin, formatCoins } from "../../../chain/types/coin.ts";
import type { Dec } from "../../../chain/types/dec.ts";
import {
  addDecCoins,
  type DecCoin,
  decCoinsFromCoins,
  decCoinsFromMessages,
  decCoinsToMessages,
  safeSubDecCoins,
  subDecCoins,
  truncateDecCoins,
} from "../../../chain/types/dec-coin.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { type Params, state } from "../state.ts";

export type Validator = Messages["cosmos.staking.v1beta1.Validator"];
export type Delegation = Messages["cosmos.staking.v1beta1.Delegation"];

/** The module account that holds everything that is owed, and the community pool. */
export const DISTRIBUTION = "distribution";

/** What distribution needs from its neighbours, and no more. */
export interface DistributionUses {
  readonly accounts: {
    moduleAddress(name: string): Uint8Array;
    ensureModuleAccount(ctx: Write, name: string): Uint8Array;
  };
  readonly bank: {
    balances(ctx: Read, address: Uint8Array): readonly Coin[];
    isBlocked(address: Uint8Array): boolean;
    sendToModule(ctx: Write, from: Uint8Array, module: string, coins: readonly Coin[]): void;
    sendFromModule(ctx: Write, module: string, to: Uint8Array, coins: readonly Coin[]): void;
    sendBetweenModules(ctx: Write, from: string, to: string, coins: readonly Coin[]): void;
  };
  readonly staking: {
    validator(ctx: Read, operator: Uint8Array): Validator;
    operatorByConsensusAddress(ctx: Read, consensus: Uint8Array): Uint8Array | undefined;
    delegation(ctx: Read, delegator: Uint8Array, operator: Uint8Array): Delegation;
    delegationsOf(ctx: Read, delegator: Uint8Array): readonly Delegation[];
    allDelegations(ctx: Read): readonly Delegation[];
    allValidators(ctx: Read): readonly Validator[];
    stake(validator: Validator, delegation: Delegation): { readonly rounded: Dec; readonly truncated: Dec };
    bondDenom(ctx: Read): string;
  };
  /** The module account that collects the fees of a block. */
  readonly feeCollector: string;
}

export class DistributionKeeper {
  readonly accounts: DistributionUses["accounts"];
  readonly bank: DistributionUses["bank"];
  readonly staking: DistributionUses["staking"];
  readonly feeCollector: string;

  constructor({ accounts, bank, staking, feeCollector }: DistributionUses) {
    this.accounts = accounts;
    this.bank = bank;
    this.staking = staking;
    this.feeCollector = feeCollector;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("distribution has no parameters: genesis was not run");
    return params;
  }

  // ------------------------------------------------------------ the community pool

  communityPool(ctx: Read): readonly DecCoin[] {
    return decCoinsFromMessages(state.feePool.get(ctx)?.communityPool ?? []);
  }

  /** Notes that coins which the module holds belong to everybody. */
  addToCommunityPool(ctx: Write, coins: readonly DecCoin[]): void {
    this.#setCommunityPool(ctx, addDecCoins(this.communityPool(ctx), coins));
  }

  /** Gives an account's coins to everybody. */
  fundCommunityPool(ctx: Write, amount: readonly Coin[], from: Uint8Array): void {
    this.bank.sendToModule(ctx, from, DISTRIBUTION, amount);
    this.addToCommunityPool(ctx, decCoinsFromCoins(amount));
  }

  /** Pays coins that belong to everybody to an account. Throws distribution/9 when there are fewer. */
  spendCommunityPool(ctx: Write, amount: readonly Coin[], to: Uint8Array): void {
    const { coins, negative } = safeSubDecCoins(this.communityPool(ctx), decCoinsFromCoins(amount));
    if (negative) throw errors.badDistribution.because();
    this.bank.sendFromModule(ctx, DISTRIBUTION, to, amount);
    this.#setCommunityPool(ctx, coins);
  }

  // ------------------------------------------------------------ who is paid where

  /** Where an account's rewards are paid to: to itself unless it said otherwise. */
  withdrawAddress(ctx: Read, delegator: Uint8Array): Uint8Array {
    return state.withdrawAddresses.get(ctx, delegator) ?? delegator;
  }

  setWithdrawAddress(ctx: Write, delegator: Uint8Array, to: Uint8Array): void {
    const text = ctx.addresses.account(to);
    if (this.bank.isBlocked(to))
      throw sdkErrors.unauthorized.because(`${text} is not allowed to receive external funds`);
    if (!this.params(ctx).withdrawAddrEnabled) throw errors.setWithdrawAddrDisabled.because();
    ctx.emit("set_withdraw_address", [["withdraw_address", text]]);
    state.withdrawAddresses.set(ctx, delegator, to);
  }

  /** Pays what the module owes an account to where the account wants it. */
  pay(ctx: Write, account: Uint8Array, coins: readonly Coin[]): void {
    if (coins.length > 0) this.bank.sendFromModule(ctx, DISTRIBUTION, this.withdrawAddress(ctx, account), coins);
  }

  // ------------------------------------------------------------ what is owed around a validator

  outstanding(ctx: Read, operator: Uint8Array): readonly DecCoin[] {
    return decCoinsFromMessages(state.outstandingRewards.get(ctx, operator)?.rewards ?? []);
  }

  setOutstanding(ctx: Write, operator: Uint8Array, rewards: readonly DecCoin[]): void {
    state.outstandingRewards.set(ctx, operator, { rewards: decCoinsToMessages(rewards) });
  }

  commission(ctx: Read, operator: Uint8Array): readonly DecCoin[] {
    return decCoinsFromMessages(state.commissions.get(ctx, operator)?.commission ?? []);
  }

  setCommission(ctx: Write, operator: Uint8Array, commission: readonly DecCoin[]): void {
    state.commissions.set(ctx, operator, { commission: decCoinsToMessages(commission) });
  }

  /** Pays a validator's whole coins of commission to its operator; the fractions wait. Throws distribution/7 when there is nothing. */
  withdrawCommission(ctx: Write, operator: Uint8Array): readonly Coin[] {
    const accumulated = this.commission(ctx, operator);
    if (accumulated.length === 0) throw errors.noValidatorCommission.because();
    const { coins, change } = truncateDecCoins(accumulated);
    this.setCommission(ctx, operator, change);
    this.setOutstanding(ctx, operator, subDecCoins(this.outstanding(ctx, operator), decCoinsFromCoins(coins)));
    this.pay(ctx, operator, coins);
    ctx.emit("withdraw_commission", [["amount", formatCoins(coins)]]);
    return coins;
  }

  #setCommunityPool(ctx: Write, coins: readonly DecCoin[]): void {
    state.feePool.set(ctx, { communityPool: decCoinsToMessages(coins) });
  }
}
