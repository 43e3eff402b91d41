/**
 * Owns decimal amounts with a name: the SDK's DecCoin and DecCoins, used for gas prices and rewards.
 * Lists are sorted by denomination, without duplicates and without zeros. It does not own whole coins (coin.ts).
 */

import type { Coin } from "./coin.ts";
import { CoinError, compareDenoms, isValidDenom, splitCoinsText, splitCoinText, validateDenom } from "./coin.ts";
import { Dec } from "./dec.ts";

/** A decimal amount of one denomination. */
export interface DecCoin {
  readonly denom: string;
  readonly amount: Dec;
}

/** A decimal coin as protobuf carries it: the amount is the scaled integer as text. */
export interface DecCoinMessage {
  readonly denom: string;
  readonly amount: string;
}

/** Throws CoinError unless the list is sorted, free of duplicates, positive and of valid denominations. */
export function validateDecCoins(coins: readonly DecCoin[]): void {
  let previous: string | undefined;
  for (const coin of coins) {
    if (!isValidDenom(coin.denom)) validateDenom(coin.denom);
    if (!coin.amount.isPositive()) throw new CoinError(`coin ${coin.denom} amount is not positive`);
    if (previous !== undefined && coin.denom < previous) {
      throw new CoinError(`denomination ${coin.denom} is not sorted`);
    }
    if (coin.denom === previous) throw new CoinError(`duplicate denomination ${coin.denom}`);
    previous = coin.denom;
  }
}

/** Makes a valid list: sorts and drops zeros. Duplicates, negative amounts and bad denominations are refused. */
export function newDecCoins(...coins: readonly DecCoin[]): readonly DecCoin[] {
  const sorted = [...coins].sort(compareDenoms).filter((coin) => !coin.amount.isZero());
  for (const coin of coins) validateDenom(coin.denom);
  validateDecCoins(sorted);
  return sorted;
}

/** Turns whole coins into decimal ones. */
export function decCoinsFromCoins(coins: readonly Coin[]): readonly DecCoin[] {
  return coins.map((coin) => ({ denom: coin.denom, amount: Dec.fromInt(coin.amount) }));
}

/** The amount of `denom` in the list, zero when it is not there. */
export function decAmountOf(coins: readonly DecCoin[], denom: string): Dec {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return Dec.zero;
}

/** Adds two sorted lists. */
export function addDecCoins(a: readonly DecCoin[], b: readonly DecCoin[]): readonly DecCoin[] {
  return combine(a, b, (left, right) => left.add(right));
}

/** Subtracts `b` from `a`; `negative` says that some amount went below zero (SafeSub). */
export function safeSubDecCoins(
  a: readonly DecCoin[],
  b: readonly DecCoin[],
): { readonly coins: readonly DecCoin[]; readonly negative: boolean } {
  const coins = combine(a, b, (left, right) => left.sub(right));
  return { coins, negative: coins.some((coin) => coin.amount.isNegative()) };
}

/** Subtracts `b` from `a`. Throws CoinError ("negative coin amount") when `a` does not cover `b`. */
export function subDecCoins(a: readonly DecCoin[], b: readonly DecCoin[]): readonly DecCoin[] {
  const { coins, negative } = safeSubDecCoins(a, b);
  if (negative) throw new CoinError("negative coin amount");
  return coins;
}

/** The smaller amount of every denomination both lists hold (DecCoins.Intersect). */
export function intersectDecCoins(a: readonly DecCoin[], b: readonly DecCoin[]): readonly DecCoin[] {
  return a
    .map((coin) => ({ denom: coin.denom, amount: coin.amount.min(decAmountOf(b, coin.denom)) }))
    .filter((coin) => !coin.amount.isZero());
}

/** Multiplies every amount, rounding half to even; amounts that become zero are dropped. */
export function mulDecCoins(coins: readonly DecCoin[], factor: Dec): readonly DecCoin[] {
  return mapAmounts(coins, (amount) => amount.mul(factor));
}

/** Multiplies every amount, truncating (MulDecTruncate); amounts that become zero are dropped. */
export function mulDecCoinsTruncate(coins: readonly DecCoin[], factor: Dec): readonly DecCoin[] {
  return mapAmounts(coins, (amount) => amount.mulTruncate(factor));
}

/** Divides every amount, rounding half to even. */
export function quoDecCoins(coins: readonly DecCoin[], by: Dec): readonly DecCoin[] {
  return mapAmounts(coins, (amount) => amount.quo(by));
}

/** Divides every amount, truncating (QuoDecTruncate). */
export function quoDecCoinsTruncate(coins: readonly DecCoin[], by: Dec): readonly DecCoin[] {
  return mapAmounts(coins, (amount) => amount.quoTruncate(by));
}

/** Splits a list into whole coins and the decimal rest (TruncateDecimal). */
export function truncateDecCoins(coins: readonly DecCoin[]): {
  readonly coins: readonly Coin[];
  readonly change: readonly DecCoin[];
} {
  const whole: Coin[] = [];
  const change: DecCoin[] = [];
  for (const { denom, amount } of coins) {
    const truncated = amount.truncateInt();
    if (truncated !== 0n) whole.push({ denom, amount: truncated });
    const rest = amount.sub(Dec.fromInt(truncated));
    if (!rest.isZero()) change.push({ denom, amount: rest });
  }
  return { coins: whole, change };
}

/** Prints a list as the SDK does: `0.025000000000000000uopen`. */
export function formatDecCoins(coins: readonly DecCoin[]): string {
  return coins.map((coin) => `${coin.amount}${coin.denom}`).join(",");
}

/** Reads a comma-separated list in any order, such as `minimum-gas-prices`: zeros are dropped, duplicates refused. */
export function parseDecCoins(text: string): readonly DecCoin[] {
  return newDecCoins(
    ...splitCoinsText(text).map((item) => {
      const { amount, denom } = splitCoinText(item);
      return { denom, amount: Dec.parse(amount) };
    }),
  );
}

/** Makes the protobuf form of a list. */
export function decCoinsToMessages(coins: readonly DecCoin[]): DecCoinMessage[] {
  return coins.map((coin) => ({ denom: coin.denom, amount: coin.amount.toWire() }));
}

/** Reads the protobuf form of a list, in its order. */
export function decCoinsFromMessages(messages: readonly DecCoinMessage[]): readonly DecCoin[] {
  return messages.map((message) => ({ denom: message.denom, amount: Dec.fromWire(message.amount) }));
}

function mapAmounts(coins: readonly DecCoin[], change: (amount: Dec) => Dec): readonly DecCoin[] {
  return coins
    .map((coin) => ({ denom: coin.denom, amount: change(coin.amount) }))
    .filter((coin) => !coin.amount.isZero());
}

/** Merges two sorted lists with `combineAmounts`; a denomination missing on one side counts as zero there. */
function combine(
  a: readonly DecCoin[],
  b: readonly DecCoin[],
  combineAmounts: (left: Dec, right: Dec) => Dec,
): readonly DecCoin[] {
  const result: DecCoin[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    const takeLeft = left !== undefined && (right === undefined || left.denom <= right.denom);
    const takeRight = right !== undefined && (left === undefined || right.denom <= left.denom);
    const denom = takeLeft ? left.denom : (right as DecCoin).denom;
    const amount = combineAmounts(takeLeft ? left.amount : Dec.zero, takeRight ? right.amount : Dec.zero);
    if (!amount.isZero()) result.push({ denom, amount });
    if (takeLeft) i++;
    if (takeRight) j++;
  }
  return result;
}
