// Transaction step 12: a module's handler, its keeper, its collections.
// Owns: bank's messages, checked as the SDK checks them (x/bank/keeper/msg_server.go). Does not own: moving coins.

import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { sdkErrors, uncodedError } from "../../chain/module/errors.ts";
import { accountAddress } from "../../chain/module/message-addresses.ts";
import {
  addCoins,
  areValidCoins,
  type Coin,
  type CoinMessage,
  equalCoins,
  formatCoins,
  isValidDenom,
} from "../../chain/types/coin.ts";
import { parseInteger } from "../../chain/types/int.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { BankKeeper, Payment } from "./keeper.ts";
import { MAX_MULTI_SEND_OUTPUTS } from "./limits.ts";
import { state } from "./state.ts";

export function send(keeper: BankKeeper, ctx: Write, message: Messages["cosmos.bank.v1beta1.MsgSend"]) {
  const from = accountAddress(ctx, "from", message.fromAddress);
  const to = accountAddress(ctx, "to", message.toAddress);
  const coins = positiveCoins(message.amount);
  keeper.requireSendEnabled(ctx, coins);
  if (keeper.isBlocked(to)) {
    throw sdkErrors.unauthorized.because(`${message.toAddress} is not allowed to receive funds`);
  }
  keeper.send(ctx, from, to, coins);
  return {};
}

export function multiSend(keeper: BankKeeper, ctx: Write, message: Messages["cosmos.bank.v1beta1.MsgMultiSend"]) {
  const { inputs, outputs } = message;
  const [input] = inputs;
  if (input === undefined) throw errors.noInputs.because();
  if (inputs.length !== 1) throw errors.multipleSenders.because();
  if (outputs.length === 0) throw errors.noOutputs.because();
  if (outputs.length > MAX_MULTI_SEND_OUTPUTS) {
    throw sdkErrors.invalidRequest.because(`a multi-send has at most ${MAX_MULTI_SEND_OUTPUTS} outputs`);
  }
  const from = accountAddress(ctx, "input", input.address);
  const total = positiveCoins(input.coins);
  let sum: readonly Coin[] = [];
  const payments: Payment[] = outputs.map((output) => {
    const to = { address: accountAddress(ctx, "output", output.address), text: output.address };
    const payment = { to, coins: positiveCoins(output.coins) };
    sum = addCoins(sum, payment.coins);
    return payment;
  });
  if (!equalCoins(total, sum)) throw errors.inputOutputMismatch.because();
  keeper.requireSendEnabled(ctx, total);
  for (const { to } of payments) {
    if (keeper.isBlocked(to.address))
      throw sdkErrors.unauthorized.because(`${to.text} is not allowed to receive funds`);
  }
  keeper.sendToMany(ctx, { address: from, text: input.address }, total, payments);
  return {};
}

export function updateParams(
  _keeper: BankKeeper,
  ctx: Write,
  { authority, params }: Messages["cosmos.bank.v1beta1.MsgUpdateParams"],
) {
  requireAuthority(ctx, authority);
  if (params.sendEnabled.length > 0) throw uncodedError("use of send_enabled in params is no longer supported");
  state.params.set(ctx, params);
  return {};
}

export function setSendEnabled(
  _keeper: BankKeeper,
  ctx: Write,
  message: Messages["cosmos.bank.v1beta1.MsgSetSendEnabled"],
) {
  requireAuthority(ctx, message.authority);
  const seen = new Set<string>();
  for (const { denom } of message.sendEnabled) {
    const quoted = JSON.stringify(denom);
    if (seen.has(denom)) throw sdkErrors.invalidRequest.because(`duplicate denom entries found for ${quoted}`);
    seen.add(denom);
    if (!isValidDenom(denom)) {
      throw sdkErrors.invalidRequest.because(`invalid SendEnabled denom ${quoted}: invalid denom: ${denom}`);
    }
  }
  for (const denom of message.useDefaultFor) {
    if (isValidDenom(denom)) continue;
    throw sdkErrors.invalidRequest.because(
      `invalid UseDefaultFor denom ${JSON.stringify(denom)}: invalid denom: ${denom}`,
    );
  }
  for (const { denom, enabled } of message.sendEnabled) state.sendEnabled.set(ctx, denom, enabled);
  for (const denom of message.useDefaultFor) state.sendEnabled.delete(ctx, denom);
  return {};
}

/** The coins of a message: sorted, distinct and all above zero. Throws sdk/10. */
function positiveCoins(messages: readonly CoinMessage[]): readonly Coin[] {
  const text = messages.map(({ denom, amount }) => amount + denom).join(",");
  let coins: readonly Coin[];
  try {
    coins = messages.map(({ denom, amount }) => ({ denom, amount: parseInteger(amount) }));
  } catch {
    throw sdkErrors.invalidCoins.because(text);
  }
  if (coins.length === 0 || !areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
  return coins;
}
