// Owns: distribution's messages, checked in the order and with the words of the SDK (x/distribution/keeper/msg_server.go). Does not own: what
// they do to the state (keeper/).

import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { orUncoded, sdkErrors, uncodedError } from "../../chain/module/errors.ts";
import { accountAddress, operatorAddress, orCodecError } from "../../chain/module/message-addresses.ts";
import {
  areValidCoins,
  type Coin,
  type CoinMessage,
  coinsFromMessages,
  coinsToMessages,
  formatCoins,
} from "../../chain/types/coin.ts";
import { Dec, DecError } from "../../chain/types/dec.ts";
import { addDecCoins, decCoinsFromCoins } from "../../chain/types/dec-coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { allocateToValidator } from "./keeper/allocation.ts";
import { DISTRIBUTION, type DistributionKeeper } from "./keeper/keeper.ts";
import { currentRewards, ratioAt } from "./keeper/periods.ts";
import { withdrawRewards } from "./keeper/rewards.ts";
import { state, validateParams } from "./state.ts";

type Message<Name extends string> = Messages[`cosmos.distribution.v1beta1.Msg${Name}` & keyof Messages];

export function setWithdrawAddress(keeper: DistributionKeeper, ctx: Write, message: Message<"SetWithdrawAddress">) {
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  keeper.setWithdrawAddress(ctx, delegator, accountAddress(ctx, "withdraw", message.withdrawAddress));
  return {};
}

export function withdrawDelegatorReward(
  keeper: DistributionKeeper,
  ctx: Write,
  message: Message<"WithdrawDelegatorReward">,
) {
  const operator = operatorAddress(ctx, "validator", message.validatorAddress);
  const delegator = accountAddress(ctx, "delegator", message.delegatorAddress);
  return { amount: coinsToMessages(withdrawRewards(keeper, ctx, delegator, operator)) };
}

export function withdrawValidatorCommission(
  keeper: DistributionKeeper,
  ctx: Write,
  message: Message<"WithdrawValidatorCommission">,
) {
  const paid = keeper.withdrawCommission(ctx, operatorAddress(ctx, "validator", message.validatorAddress));
  return { amount: coinsToMessages(paid) };
}

export function fundCommunityPool(keeper: DistributionKeeper, ctx: Write, message: Message<"FundCommunityPool">) {
  const depositor = accountAddress(ctx, "depositor", message.depositor);
  keeper.fundCommunityPool(ctx, validCoins(message.amount), depositor);
  return {};
}

export function updateParams(_keeper: DistributionKeeper, ctx: Write, message: Message<"UpdateParams">) {
  const { authority, params } = message;
  accountAddress(ctx, "authority", authority);
  requireAuthority(ctx, authority);
  if (![params.baseProposerReward, params.bonusProposerReward].every((text) => Dec.fromWire(text).isZero()))
    throw sdkErrors.invalidRequest.because(
      "cannot update base or bonus proposer reward because these are deprecated fields",
    );
  orUncoded(() => validateParams(params));
  state.params.set(ctx, params);
  return {};
}

export function communityPoolSpend(keeper: DistributionKeeper, ctx: Write, message: Message<"CommunityPoolSpend">) {
  accountAddress(ctx, "authority", message.authority);
  requireAuthority(ctx, message.authority);
  const amount = validCoins(message.amount);
  const recipient = orCodecError(() => ctx.addresses.parseAccount(message.recipient));
  if (keeper.bank.isBlocked(recipient))
    throw sdkErrors.unauthorized.because(`${message.recipient} is not allowed to receive external funds`);
  keeper.spendCommunityPool(ctx, amount, recipient);
  return {};
}

export function depositValidatorRewardsPool(
  keeper: DistributionKeeper,
  ctx: Write,
  message: Message<"DepositValidatorRewardsPool">,
) {
  const depositor = orCodecError(() => ctx.addresses.parseAccount(message.depositor));
  // Nothing is a gift too: only spending and funding the community pool ask for some coin.
  const amount = message.amount.length === 0 ? [] : validCoins(message.amount);
  keeper.bank.sendToModule(ctx, depositor, DISTRIBUTION, amount);
  const operator = orCodecError(() => ctx.addresses.parseValidator(message.validatorAddress));
  allocateToValidator(keeper, ctx, operator, decCoinsFromCoins(amount));
  refuseTooLarge(ctx, operator);
  return {};
}

/** Refuses a deposit after which what one coin has earned could not be written down any more: then nobody could withdraw. */
function refuseTooLarge(ctx: Write, operator: Uint8Array): void {
  const { rewards, period } = currentRewards(ctx, operator);
  try {
    addDecCoins(ratioAt(ctx, operator, period - 1n), rewards);
  } catch (error) {
    if (!(error instanceof DecError)) throw error;
    throw uncodedError(`unable to deposit coins: deposit is too large: ${error.message}`);
  }
}

/** The coins of a message: sorted, distinct and all above zero. Throws sdk/10. */
function validCoins(messages: readonly CoinMessage[]): readonly Coin[] {
  let coins: readonly Coin[];
  try {
    coins = coinsFromMessages(messages);
  } catch {
    throw sdkErrors.invalidCoins.because(messages.map(({ denom, amount }) => amount + denom).join(","));
  }
  if (coins.length === 0) throw sdkErrors.invalidCoins.because("amount cannot be nil");
  if (!areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
  return coins;
}
