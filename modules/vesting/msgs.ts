// Owns: making vesting accounts, checked in the order and with the words of the SDK (x/auth/vesting/msg_server.go). Does not own: what such accounts
// may spend (modules/auth/vesting.ts), the coins (bank).

import type { Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import { accountField } from "../../chain/module/message-fields.ts";
import { addCoins, areValidCoins, type Coin, type CoinMessage, coinsFromMessages } from "../../chain/types/coin.ts";
import { IntError } from "../../chain/types/int.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { VestingKeeper } from "./keeper.ts";

type Message<Name extends string> = Messages[`cosmos.vesting.v1beta1.Msg${Name}` & keyof Messages];

export function createVestingAccount(keeper: VestingKeeper, ctx: Write, message: Message<"CreateVestingAccount">) {
  const { from, to } = parties(ctx, message);
  const coins = positiveCoins(message.amount);
  const { endTime, delayed } = message;
  if (endTime <= 0n) throw sdkErrors.invalidRequest.because("invalid end time");
  keeper.requireReceivable(ctx, to, message.toAddress, coins);
  keeper.create(
    ctx,
    from,
    to,
    coins,
    delayed ? { kind: "delayed", endTime } : { kind: "continuous", startTime: ctx.time.seconds, endTime },
  );
  return {};
}

export function createPermanentLockedAccount(
  keeper: VestingKeeper,
  ctx: Write,
  message: Message<"CreatePermanentLockedAccount">,
) {
  const { from, to } = parties(ctx, message);
  const coins = positiveCoins(message.amount);
  keeper.requireReceivable(ctx, to, message.toAddress, coins);
  keeper.create(ctx, from, to, coins, { kind: "permanent" });
  return {};
}

export function createPeriodicVestingAccount(
  keeper: VestingKeeper,
  ctx: Write,
  message: Message<"CreatePeriodicVestingAccount">,
) {
  const { from, to } = parties(ctx, message);
  const { startTime, vestingPeriods } = message;
  if (startTime < 1n)
    throw sdkErrors.invalidRequest.because(`invalid start time of ${startTime}, length must be greater than 0`);
  let total: readonly Coin[] = [];
  for (const [index, { length, amount }] of vestingPeriods.entries()) {
    if (length < 1n)
      throw sdkErrors.invalidRequest.because(
        `invalid period length of ${length} in period ${index}, length must be greater than 0`,
      );
    total = addCoins(total, positiveCoins(amount));
  }
  keeper.requireReceivable(ctx, to, message.toAddress, total);
  keeper.create(ctx, from, to, total, { kind: "periodic", startTime, periods: vestingPeriods });
  return {};
}

function parties(
  ctx: Write,
  message: { readonly fromAddress: string; readonly toAddress: string },
): { readonly from: Uint8Array; readonly to: Uint8Array } {
  return {
    from: accountField(ctx, "'from' address", message.fromAddress),
    to: accountField(ctx, "'to' address", message.toAddress),
  };
}

/** The coins of a message or a period: sorted, distinct, all above zero, and some. Throws sdk/10. */
function positiveCoins(messages: readonly CoinMessage[]): readonly Coin[] {
  const text = messages.map(({ denom, amount }) => amount + denom).join(",");
  try {
    const coins = coinsFromMessages(messages);
    if (coins.length > 0 && areValidCoins(coins)) return coins;
  } catch (error) {
    if (!(error instanceof IntError)) throw error;
  }
  throw sdkErrors.invalidCoins.because(text);
}
