/**
 * Owns the reading of message fields that have a meaning beyond their wire type: addresses, amounts and coins. Each
 * reader gives the value or throws the `TxError` the SDK gives for it, naming the field, so that handlers never meet
 * the parsers' own errors. It does not own what a module asks of the values further.
 */
import type { AddressCodec } from "../types/address.ts";
import { AddressError } from "../types/address.ts";
import { type Coin, CoinError, type CoinMessage, coinFromMessage, validateCoin } from "../types/coin.ts";
import { IntError, parseInteger } from "../types/int.ts";
import { type ErrorKind, sdkErrors } from "./errors.ts";

/** The account that `text` names. Throws sdk/7 (invalid address). */
export function accountField(ctx: { readonly addresses: AddressCodec }, field: string, text: string): Uint8Array {
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    if (error instanceof AddressError) throw sdkErrors.invalidAddress.because(`invalid ${field}: ${error.message}`);
    throw error;
  }
}

/** An amount above zero. Throws sdk/18 (invalid request). */
export function positiveField(field: string, text: string): bigint {
  try {
    const amount = parseInteger(text);
    if (amount > 0n) return amount;
  } catch (error) {
    if (!(error instanceof IntError)) throw error;
    throw sdkErrors.invalidRequest.because(`invalid ${field}: ${error.message}`);
  }
  throw sdkErrors.invalidRequest.because(`${field} must be positive, not ${text}`);
}

/** A coin of a valid denomination, its amount zero or more. Throws sdk/10 (invalid coins). */
export function coinField(field: string, message: CoinMessage): Coin {
  try {
    const coin = coinFromMessage(message);
    validateCoin(coin);
    return coin;
  } catch (error) {
    if (!(error instanceof CoinError) && !(error instanceof IntError)) throw error;
    throw sdkErrors.invalidCoins.because(`invalid ${field}: ${error.message}`);
  }
}

/** A coin of a valid denomination and an amount above zero. Throws sdk/10 (invalid coins). */
export function positiveCoinField(field: string, message: CoinMessage): Coin {
  const coin = coinField(field, message);
  if (coin.amount === 0n) throw sdkErrors.invalidCoins.because(`${field} must be positive, not 0${coin.denom}`);
  return coin;
}

/**
 * Holds a message to its deadline, in unix seconds, which is mandatory: block time may reach it, in whole seconds, but not pass it. Throws sdk/18 when
 * it is missing, and the module's own error when it has passed.
 */
export function requireInTime(
  ctx: { readonly time: { readonly seconds: bigint } },
  deadline: bigint,
  passed: ErrorKind,
): void {
  if (deadline <= 0n) throw sdkErrors.invalidRequest.because("deadline is missing: give a time in unix seconds");
  if (ctx.time.seconds > deadline) throw passed.because(`block time ${ctx.time.seconds} is after ${deadline}`);
}
