// Owns: the kinds of allowance: reading one from its packed form, what makes it valid, when it ends, and what a fee makes of it
// (x/feegrant: basic_fee.go, periodic_fee.go, filtered_fee.go). Does not own: who has which (keeper.ts).

import { sdkErrors } from "../../chain/module/errors.ts";
import type { GasMeter } from "../../chain/store/gas.ts";
import {
  areValidCoins,
  type Coin,
  type CoinMessage,
  coinsToMessages,
  denomsSubsetOf,
  safeSubCoins,
} from "../../chain/types/coin.ts";
import { impossible } from "../../chain/types/impossible.ts";
import { IntError, parseInteger } from "../../chain/types/int.ts";
import {
  addNanoseconds,
  compareTime,
  durationToNanoseconds,
  TimeError,
  type Timestamp,
  validateTime,
} from "../../chain/types/time.ts";
import { type Any, DecodeError, decode, packAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { MAX_ALLOWANCE_DEPTH, MESSAGE_CHECK_GAS } from "./limits.ts";

type Basic = Messages["cosmos.feegrant.v1beta1.BasicAllowance"];
type Periodic = Messages["cosmos.feegrant.v1beta1.PeriodicAllowance"];

/** An allowance of any kind, unpacked. */
export type Allowance =
  | { readonly kind: "basic"; readonly basic: Basic }
  | { readonly kind: "periodic"; readonly periodic: Periodic }
  | { readonly kind: "allowedMessages"; readonly messages: readonly string[]; readonly inner: Allowance };

/** What is paid, when, and for which messages. */
export interface Fee {
  readonly coins: readonly Coin[];
  readonly time: Timestamp;
  readonly typeUrls: readonly string[];
  readonly gas: GasMeter;
}

/** Unpacks an allowance. Throws feegrant/5 when there is none, sdk/34 for another kind of message or damaged bytes. */
export function allowanceOf(any: Any | undefined, depth = 0): Allowance {
  if (any === undefined) throw errors.noAllowance.because("failed to get allowance");
  if (depth >= MAX_ALLOWANCE_DEPTH)
    throw sdkErrors.unpackAny.because(`allowances nest deeper than ${MAX_ALLOWANCE_DEPTH}`);
  try {
    switch (any.typeUrl) {
      case "/cosmos.feegrant.v1beta1.BasicAllowance":
        return { kind: "basic", basic: decode("cosmos.feegrant.v1beta1.BasicAllowance", any.value) };
      case "/cosmos.feegrant.v1beta1.PeriodicAllowance":
        return { kind: "periodic", periodic: decode("cosmos.feegrant.v1beta1.PeriodicAllowance", any.value) };
      case "/cosmos.feegrant.v1beta1.AllowedMsgAllowance": {
        const { allowance, allowedMessages } = decode("cosmos.feegrant.v1beta1.AllowedMsgAllowance", any.value);
        if (allowance === undefined) throw errors.noAllowance.because("allowance should not be empty");
        return { kind: "allowedMessages", messages: allowedMessages, inner: allowanceOf(allowance, depth + 1) };
      }
      default:
        throw sdkErrors.unpackAny.because(`${any.typeUrl} is not a fee allowance`);
    }
  } catch (error) {
    if (error instanceof DecodeError) throw sdkErrors.unpackAny.because(`${any.typeUrl}: ${error.message}`);
    throw error;
  }
}

/** Packs an allowance as it is stored. */
export function anyOfAllowance(allowance: Allowance): Any {
  switch (allowance.kind) {
    case "basic":
      return packAny("cosmos.feegrant.v1beta1.BasicAllowance", allowance.basic);
    case "periodic":
      return packAny("cosmos.feegrant.v1beta1.PeriodicAllowance", allowance.periodic);
    case "allowedMessages":
      return packAny("cosmos.feegrant.v1beta1.AllowedMsgAllowance", {
        allowance: anyOfAllowance(allowance.inner),
        allowedMessages: allowance.messages,
      });
    default:
      return impossible(allowance);
  }
}

/** When it ends, undefined for never. */
export function endOf(allowance: Allowance): Timestamp | undefined {
  switch (allowance.kind) {
    case "basic":
      return allowance.basic.expiration;
    case "periodic":
      return allowance.periodic.basic.expiration;
    case "allowedMessages":
      return endOf(allowance.inner);
    default:
      return impossible(allowance);
  }
}

/** Throws what the SDK says of an allowance that cannot be given. */
export function validateAllowance(allowance: Allowance): void {
  switch (allowance.kind) {
    case "basic":
      validateBasic(allowance.basic);
      return;
    case "periodic":
      validatePeriodic(allowance.periodic);
      return;
    case "allowedMessages":
      if (allowance.messages.length === 0) throw errors.noMessages.because("allowed messages shouldn't be empty");
      validateAllowance(allowance.inner);
      return;
    default:
      impossible(allowance);
  }
}

function validateBasic({ spendLimit, expiration }: Basic): void {
  validCoins("send amount", spendLimit);
  if (expiration !== undefined && expiration.seconds < 0n)
    throw errors.invalidDuration.because("expiration time cannot be negative");
}

function validatePeriodic({ basic, period, periodSpendLimit, periodCanSpend }: Periodic): void {
  validateBasic(basic);
  const limit = validCoins("spend amount", periodSpendLimit);
  if (limit.length === 0) throw sdkErrors.invalidCoins.because("spend limit must be positive");
  validCoins("can spend amount", periodCanSpend);
  // Without a bound over all periods there is nothing that the period's coins must be part of.
  if (basic.spendLimit.length > 0 && !denomsSubsetOf(limit, coinsOf(basic.spendLimit)))
    throw sdkErrors.invalidCoins.because("period spend limit has different currency than basic spend limit");
  if (durationToNanoseconds(period) < 0n) throw errors.invalidDuration.because("negative clock step");
}

function validCoins(what: string, messages: readonly CoinMessage[]): readonly Coin[] {
  const text = messages.map(({ denom, amount }) => amount + denom).join(",");
  try {
    const coins = coinsOf(messages);
    if (areValidCoins(coins)) return coins;
  } catch (error) {
    if (!(error instanceof IntError)) throw error;
  }
  throw sdkErrors.invalidCoins.because(`${what} is invalid: ${text}`);
}

const coinsOf = (messages: readonly CoinMessage[]): readonly Coin[] =>
  messages.map(({ denom, amount }) => ({ denom, amount: parseInteger(amount) }));

/** What is left of the allowance when it pays the fee: undefined when nothing is. Throws feegrant/2, 3 or 7 when it does not pay. */
export function spend(allowance: Allowance, fee: Fee): Allowance | undefined {
  switch (allowance.kind) {
    case "basic": {
      const { spendLimit, expiration } = allowance.basic;
      if (hasEnded(expiration, fee.time)) throw errors.feeLimitExpired.because("basic allowance");
      if (spendLimit.length === 0) return allowance;
      const left = take(spendLimit, fee.coins, "basic allowance");
      return left.length === 0 ? undefined : { kind: "basic", basic: { ...allowance.basic, spendLimit: left } };
    }
    case "periodic":
      return spendPeriodic(allowance.periodic, fee);
    case "allowedMessages": {
      requireAllowed(allowance.messages, fee);
      const inner = spend(allowance.inner, fee);
      return inner === undefined ? undefined : { ...allowance, inner };
    }
    default:
      return impossible(allowance);
  }
}

function spendPeriodic(before: Periodic, fee: Fee): Allowance | undefined {
  if (hasEnded(before.basic.expiration, fee.time)) throw errors.feeLimitExpired.because("absolute limit");
  const current = begun(before, fee.time);
  const periodCanSpend = take(current.periodCanSpend, fee.coins, "period limit");
  const after = { ...current, periodCanSpend };
  if (current.basic.spendLimit.length === 0) return { kind: "periodic", periodic: after };
  const spendLimit = take(current.basic.spendLimit, fee.coins, "absolute limit");
  if (spendLimit.length === 0) return undefined;
  return { kind: "periodic", periodic: { ...after, basic: { ...current.basic, spendLimit } } };
}

/** The allowance as of `time`: filled up when a period has begun, never above what is left in all. */
function begun(before: Periodic, time: Timestamp): Periodic {
  const { basic, period, periodSpendLimit, periodReset } = before;
  if (compareTime(time, periodReset) < 0) return before;
  const bounded =
    basic.spendLimit.length > 0 && safeSubCoins(coinsOf(basic.spendLimit), coinsOf(periodSpendLimit)).negative;
  const next = later(periodReset, period);
  return {
    ...before,
    periodCanSpend: bounded ? basic.spendLimit : periodSpendLimit,
    // Who pays in every period keeps its rhythm; after a longer pause the next one is counted from now.
    periodReset: compareTime(time, next) > 0 ? later(time, period) : next,
  };
}

function later(time: Timestamp, period: Periodic["period"]): Timestamp {
  const sum = addNanoseconds(time, durationToNanoseconds(period));
  try {
    validateTime(sum);
    return sum;
  } catch (error) {
    if (error instanceof TimeError) throw errors.invalidDuration.because("the next period begins after the year 9999");
    throw error;
  }
}

function take(from: readonly CoinMessage[], coins: readonly Coin[], which: string): CoinMessage[] {
  const left = safeSubCoins(coinsOf(from), coins);
  if (left.negative) throw errors.feeLimitExceeded.because(which);
  return coinsToMessages(left.coins);
}

function hasEnded(end: Timestamp | undefined, time: Timestamp): boolean {
  return end !== undefined && compareTime(end, time) < 0;
}

function requireAllowed(allowed: readonly string[], { typeUrls, gas }: Fee): void {
  const known = new Set<string>();
  for (const typeUrl of allowed) {
    gas.consume(MESSAGE_CHECK_GAS, "check msg");
    known.add(typeUrl);
  }
  for (const typeUrl of typeUrls) {
    gas.consume(MESSAGE_CHECK_GAS, "check msg");
    if (!known.has(typeUrl)) throw errors.messageNotAllowed.because("message does not exist in allowed messages");
  }
}
