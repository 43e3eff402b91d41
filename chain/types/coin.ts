/**
 * Owns amounts with a name: the SDK's Coin and Coins. A list of coins is valid when its denominations are sorted in
 * byte order, each appears once and each amount is positive; every function here that returns a list returns a valid
 * one. It does not own decimal coins (dec-coin.ts) nor who may hold what (modules/bank).
 */
import { Dec } from "./dec.ts";
import { checkInt, formatInteger, MAX_INT, parseInteger } from "./int.ts";
import { MAX_COINS, MAX_COINS_TEXT_CHARACTERS, MAX_DENOM_CHARACTERS, MIN_DENOM_CHARACTERS } from "./limits.ts";

/** A whole number of the smallest unit of one denomination. */
export interface Coin {
  readonly denom: string;
  readonly amount: bigint;
}

/** A coin as protobuf and JSON carry it: the amount is decimal text. */
export interface CoinMessage {
  readonly denom: string;
  readonly amount: string;
}

/** The coin or list of coins breaks a rule, or a subtraction would go below zero. */
export class CoinError extends Error {
  override name = "CoinError";
}

const DENOM = new RegExp(`^[a-zA-Z][a-zA-Z0-9/:._-]{${MIN_DENOM_CHARACTERS - 1},${MAX_DENOM_CHARACTERS - 1}}$`);
const COIN_TEXT = /^\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)\s*([a-zA-Z][a-zA-Z0-9/:._-]*)\s*$/;

/** Throws CoinError ("invalid denom: x") unless `denom` is a denomination the SDK accepts. */
export function validateDenom(denom: string): void {
  if (!DENOM.test(denom)) throw new CoinError(`invalid denom: ${denom}`);
}

/** True when `denom` is a denomination the SDK accepts. */
export function isValidDenom(denom: string): boolean {
  return DENOM.test(denom);
}

/** Throws CoinError unless the coin has a valid denomination and an amount from zero to the Int bound. */
export function validateCoin(coin: Coin): void {
  validateDenom(coin.denom);
  if (coin.amount < 0n) throw new CoinError(`negative coin amount: ${coin.amount}`);
  checkInt(coin.amount);
}

/** Throws CoinError unless the list is sorted, free of duplicates, of positive amounts and of valid denominations. */
export function validateCoins(coins: readonly Coin[]): void {
  let previous: string | undefined;
  for (const coin of coins) {
    validateDenom(coin.denom);
    if (previous !== undefined && coin.denom < previous) {
      throw new CoinError(`denomination ${coin.denom} is not sorted`);
    }
    if (coin.denom === previous) throw new CoinError(`duplicate denomination ${coin.denom}`);
    if (coin.amount <= 0n) throw new CoinError(`coin ${coin.amount}${coin.denom} amount is not positive`);
    checkInt(coin.amount);
    previous = coin.denom;
  }
}

/** True when validateCoins accepts the list. */
export function areValidCoins(coins: readonly Coin[]): boolean {
  try {
    validateCoins(coins);
    return true;
  } catch {
    return false;
  }
}

/** Makes a valid list: sorts and drops zeros. Duplicates, negative amounts and bad denominations are refused. */
export function newCoins(...coins: readonly Coin[]): readonly Coin[] {
  for (const coin of coins) validateCoin(coin);
  const sorted = [...coins].sort(compareDenoms).filter((coin) => coin.amount > 0n);
  validateCoins(sorted);
  return sorted;
}

/** The amount of `denom` in the list, zero when it is not there. */
export function amountOf(coins: readonly Coin[], denom: string): bigint {
  for (const coin of coins) if (coin.denom === denom) return coin.amount;
  return 0n;
}

/** Adds two valid lists. Throws IntError when an amount leaves the Int range. */
export function addCoins(a: readonly Coin[], b: readonly Coin[]): readonly Coin[] {
  return merge(a, b, 1n);
}

/**
 * Subtracts `b` from `a`. `negative` says that some amount went below zero; `coins` then holds it as it is
 * (the SDK's SafeSub), so it must not be stored.
 */
export function safeSubCoins(
  a: readonly Coin[],
  b: readonly Coin[],
): { readonly coins: readonly Coin[]; readonly negative: boolean } {
  const coins = merge(a, b, -1n);
  return { coins, negative: coins.some((coin) => coin.amount < 0n) };
}

/** Subtracts `b` from `a`. Throws CoinError ("negative coin amount") when `a` does not cover `b`. */
export function subCoins(a: readonly Coin[], b: readonly Coin[]): readonly Coin[] {
  const { coins, negative } = safeSubCoins(a, b);
  if (negative) throw new CoinError("negative coin amount");
  return coins;
}

/** Multiplies every amount by a whole number that is not negative. */
export function mulCoins(coins: readonly Coin[], factor: bigint): readonly Coin[] {
  if (factor < 0n) throw new CoinError("negative factor");
  if (factor === 0n) return [];
  return coins.map((coin) => ({ denom: coin.denom, amount: checkInt(coin.amount * factor) }));
}

/** True when `a` holds at least as much as `b` of every denomination in `b`. */
export function isAllGte(a: readonly Coin[], b: readonly Coin[]): boolean {
  return b.every((coin) => amountOf(a, coin.denom) >= coin.amount);
}

/** True when `a` holds at least as much as `b` of some denomination in `b` (the SDK's IsAnyGTE). */
export function isAnyGte(a: readonly Coin[], b: readonly Coin[]): boolean {
  return b.some((coin) => coin.amount > 0n && amountOf(a, coin.denom) >= coin.amount);
}

/** The smaller amount of every denomination both lists hold. */
export function minCoins(a: readonly Coin[], b: readonly Coin[]): readonly Coin[] {
  const result: Coin[] = [];
  for (const coin of a) {
    const other = amountOf(b, coin.denom);
    if (coin.amount <= other) result.push(coin);
    else if (other > 0n) result.push({ denom: coin.denom, amount: other });
  }
  return result;
}

/** True when every denomination in `a` is one of those in `b`. */
export function denomsSubsetOf(a: readonly Coin[], b: readonly Coin[]): boolean {
  return a.every((coin) => b.some((other) => other.denom === coin.denom));
}

/** True when the lists hold the same amounts of the same denominations. */
export function equalCoins(a: readonly Coin[], b: readonly Coin[]): boolean {
  return a.length === b.length && a.every((coin) => amountOf(b, coin.denom) === coin.amount);
}

/** Prints a coin as the SDK does: `10uopen`. */
export function formatCoin(coin: Coin): string {
  return `${coin.amount}${coin.denom}`;
}

/** Prints a list as the SDK does: `5foo,10uopen`. */
export function formatCoins(coins: readonly Coin[]): string {
  return coins.map(formatCoin).join(",");
}

/** Reads one coin such as `10uopen`; a fraction after the amount is cut off (ParseCoinNormalized). */
export function parseCoin(text: string): Coin {
  const { amount, denom } = splitCoinText(text);
  const whole = Dec.parse(amount).truncateInt();
  return { denom, amount: whole };
}

/** Reads a comma-separated list in any order (ParseCoinsNormalized): zeros are dropped, duplicates refused. */
export function parseCoins(text: string): readonly Coin[] {
  return newCoins(...splitCoinsText(text).map(parseCoin));
}

/** Makes the protobuf form of a coin. */
export function coinToMessage(coin: Coin): CoinMessage {
  return { denom: coin.denom, amount: formatInteger(coin.amount) };
}

/** Makes the protobuf form of a list. */
export function coinsToMessages(coins: readonly Coin[]): CoinMessage[] {
  return coins.map(coinToMessage);
}

/** Reads the protobuf form. The amount must be canonical text; denomination and sign are not judged here. */
export function coinFromMessage(message: CoinMessage): Coin {
  return { denom: message.denom, amount: message.amount === "" ? 0n : parseInteger(message.amount) };
}

/** Reads the protobuf form of a list, in its order; validateCoins judges it. */
export function coinsFromMessages(messages: readonly CoinMessage[]): readonly Coin[] {
  return messages.map(coinFromMessage);
}

/** Cuts `98 bar` into its amount and its denomination. Throws CoinError when it is not one coin. */
export function splitCoinText(text: string): { readonly amount: string; readonly denom: string } {
  if (text.length > MAX_COINS_TEXT_CHARACTERS) throw new CoinError("coin text is too long");
  const match = COIN_TEXT.exec(text);
  const [, amount, denom] = match ?? [];
  if (amount === undefined || denom === undefined || !DENOM.test(denom)) {
    throw new CoinError(`invalid decimal coin expression: ${text}`);
  }
  return { amount: amount.startsWith(".") ? `0${amount}` : amount, denom };
}

/** Cuts a comma-separated list into its items; blank text is no items, an empty item is refused later. */
export function splitCoinsText(text: string): readonly string[] {
  if (text.length > MAX_COINS_TEXT_CHARACTERS) throw new CoinError("coins text is too long");
  if (text.trim() === "") return [];
  const items = text.split(",");
  if (items.length > MAX_COINS) throw new CoinError(`more than ${MAX_COINS} coins`);
  return items;
}

/** Orders by denomination in byte order: denominations are ASCII, so UTF-16 order is byte order. */
export function compareDenoms(a: { readonly denom: string }, b: { readonly denom: string }): number {
  return a.denom < b.denom ? -1 : a.denom > b.denom ? 1 : 0;
}

/** a + sign × b over two sorted lists; zeros are dropped. */
function merge(a: readonly Coin[], b: readonly Coin[], sign: 1n | -1n): readonly Coin[] {
  const result: Coin[] = [];
  const push = (denom: string, amount: bigint): void => {
    if (amount > MAX_INT || amount < -MAX_INT) checkInt(amount);
    if (amount !== 0n) result.push({ denom, amount });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && (right === undefined || left.denom < right.denom)) {
      push(left.denom, left.amount);
      i++;
    } else if (right !== undefined && (left === undefined || right.denom < left.denom)) {
      push(right.denom, sign * right.amount);
      j++;
    } else if (left !== undefined && right !== undefined) {
      push(left.denom, left.amount + sign * right.amount);
      i++;
      j++;
    }
  }
  return result;
}
