// Owns: accounts whose coins come free over time: what is still bound at a moment, what of it may not be spent, and how delegations are counted against
// it (x/auth/vesting/types/vesting_account.go and period.go). Does not own: balances (bank), who may make such accounts (modules/vesting).

import {
  addCoins,
  amountOf,
  areValidCoins,
  type Coin,
  type CoinMessage,
  coinsFromMessages,
  coinsToMessages,
  equalCoins,
  formatCoins,
  isAllGte,
  minCoins,
  newCoins,
  subCoins,
} from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import { impossible } from "../../chain/types/impossible.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Account } from "./state.ts";

/** An account of one of the four vesting kinds. */
export type VestingAccount = Extract<Account, { kind: "vesting" }>;
type Base = Messages["cosmos.vesting.v1beta1.BaseVestingAccount"];
type Period = Messages["cosmos.vesting.v1beta1.Period"];

/** The latest moment a schedule may end, unix seconds. */
const MAX_INT64 = 2n ** 63n - 1n;

/** What all kinds share. Throws for an account without it: such a state is damaged. */
function vestingBase(account: VestingAccount): Base {
  const base = account.whole.baseVestingAccount;
  if (base === undefined) throw new Error(`${account.type} without its base`);
  return base;
}

/** The coins that have not come free yet. `now` is the block's time in unix seconds. */
function vestingCoins(account: VestingAccount, now: bigint): readonly Coin[] {
  const base = vestingBase(account);
  const original = coinsFromMessages(base.originalVesting);
  switch (account.type) {
    case "cosmos.vesting.v1beta1.ContinuousVestingAccount": {
      const { startTime } = account.whole as Messages[typeof account.type];
      return subCoins(original, continuouslyVested(original, startTime, base.endTime, now));
    }
    case "cosmos.vesting.v1beta1.DelayedVestingAccount":
      return now >= base.endTime ? [] : original;
    case "cosmos.vesting.v1beta1.PeriodicVestingAccount": {
      const { startTime, vestingPeriods } = account.whole as Messages[typeof account.type];
      if (now >= base.endTime && now > startTime) return [];
      return subCoins(original, periodicallyVested(vestingPeriods, startTime, now));
    }
    case "cosmos.vesting.v1beta1.PermanentLockedAccount":
      return original;
    default:
      return impossible(account.type);
  }
}

/** Evenly between start and end, rounded half to even on a share of 18 decimals: consensus depends on that order. */
function continuouslyVested(original: readonly Coin[], start: bigint, end: bigint, now: bigint): readonly Coin[] {
  if (now <= start) return [];
  if (now >= end) return original;
  const share = Dec.fromInt(now - start).quo(Dec.fromInt(end - start));
  return newCoins(
    ...original.map(({ denom, amount }) => ({ denom, amount: Dec.fromInt(amount).mul(share).roundInt() })),
  );
}

/** The amounts of the periods that are over. */
function periodicallyVested(periods: readonly Period[], start: bigint, now: bigint): readonly Coin[] {
  if (now <= start) return [];
  let vested: readonly Coin[] = [];
  let begins = start;
  for (const { length, amount } of periods) {
    if (now - begins < length) break;
    vested = addCoins(vested, coinsFromMessages(amount));
    begins += length;
  }
  return vested;
}

/** What may not be spent: the coins that have not come free, less those of them that are delegated. */
export function lockedCoins(account: VestingAccount, now: bigint): readonly Coin[] {
  const vesting = vestingCoins(account, now);
  return subCoins(vesting, minCoins(vesting, coinsFromMessages(vestingBase(account).delegatedVesting)));
}

/** Counts a delegation: first against what has not come free and is not delegated, the rest against what is free. */
export function trackDelegation(account: VestingAccount, now: bigint, amount: readonly Coin[]): VestingAccount {
  const base = vestingBase(account);
  const vesting = vestingCoins(account, now);
  let delegatedVesting = coinsFromMessages(base.delegatedVesting);
  let delegatedFree = coinsFromMessages(base.delegatedFree);
  for (const { denom, amount: delegated } of amount) {
    const open = amountOf(vesting, denom) - amountOf(delegatedVesting, denom);
    const bound = open <= 0n ? 0n : open < delegated ? open : delegated;
    delegatedVesting = addCoins(delegatedVesting, newCoins({ denom, amount: bound }));
    delegatedFree = addCoins(delegatedFree, newCoins({ denom, amount: delegated - bound }));
  }
  return withDelegated(account, delegatedVesting, delegatedFree);
}

/** Counts what came back from a delegation: first against what was free. More than was counted can come back, when a slash left rounding behind. */
export function trackUndelegation(account: VestingAccount, amount: readonly Coin[]): VestingAccount {
  const base = vestingBase(account);
  let delegatedVesting = coinsFromMessages(base.delegatedVesting);
  let delegatedFree = coinsFromMessages(base.delegatedFree);
  for (const coin of amount) {
    const free = minCoins(delegatedFree, [coin]);
    const rest = newCoins({ denom: coin.denom, amount: coin.amount - amountOf(free, coin.denom) });
    delegatedFree = subCoins(delegatedFree, free);
    delegatedVesting = subCoins(delegatedVesting, minCoins(delegatedVesting, rest));
  }
  return withDelegated(account, delegatedVesting, delegatedFree);
}

function withDelegated(account: VestingAccount, vesting: readonly Coin[], free: readonly Coin[]): VestingAccount {
  const base = {
    ...vestingBase(account),
    delegatedVesting: coinsToMessages(vesting),
    delegatedFree: coinsToMessages(free),
  };
  return { ...account, whole: { ...account.whole, baseVestingAccount: base } };
}

/** How the coins of a new account come free; times are unix seconds. */
export type VestingSchedule =
  | { readonly kind: "continuous"; readonly startTime: bigint; readonly endTime: bigint }
  | { readonly kind: "delayed"; readonly endTime: bigint }
  | { readonly kind: "periodic"; readonly startTime: bigint; readonly periods: readonly Period[] }
  | { readonly kind: "permanent" };

/** A new account of which nothing is delegated. Throws the SDK's sentence for coins and a schedule that contradict one another. */
export function newVestingAccount(
  base: Account["base"],
  coins: readonly Coin[],
  schedule: VestingSchedule,
): VestingAccount {
  const baseWith = (endTime: bigint): Base => ({
    baseAccount: base,
    originalVesting: coinsToMessages(coins),
    delegatedFree: [],
    delegatedVesting: [],
    endTime,
  });
  switch (schedule.kind) {
    case "continuous": {
      // An end that is past already is no mistake: the coins are free at once.
      const { startTime, endTime } = schedule;
      const whole = { baseVestingAccount: baseWith(endTime), startTime };
      return { kind: "vesting", base, type: "cosmos.vesting.v1beta1.ContinuousVestingAccount", whole };
    }
    case "delayed": {
      const whole = { baseVestingAccount: baseWith(schedule.endTime) };
      return { kind: "vesting", base, type: "cosmos.vesting.v1beta1.DelayedVestingAccount", whole };
    }
    case "permanent": {
      const whole = { baseVestingAccount: baseWith(0n) };
      return { kind: "vesting", base, type: "cosmos.vesting.v1beta1.PermanentLockedAccount", whole };
    }
    case "periodic": {
      const { startTime, periods } = schedule;
      const baseVestingAccount = baseWith(endOfPeriods(startTime, periods));
      const whole = { baseVestingAccount, startTime, vestingPeriods: periods };
      validatePeriods(whole, baseVestingAccount);
      validateBase(baseVestingAccount);
      return { kind: "vesting", base, type: "cosmos.vesting.v1beta1.PeriodicVestingAccount", whole };
    }
    default:
      return impossible(schedule);
  }
}

function endOfPeriods(start: bigint, periods: readonly Period[]): bigint {
  return periods.reduce((end, { length }) => end + length, start);
}

/** What of an account on the chain contradicts itself, if anything. An end before the start is no flaw: a message may name one. */
export function scheduleFlaw(account: VestingAccount): string | undefined {
  const base = vestingBase(account);
  try {
    if (account.type === "cosmos.vesting.v1beta1.PeriodicVestingAccount")
      validatePeriods(account.whole as Messages[typeof account.type], base);
    validateBase(base);
    for (const coins of [base.delegatedVesting, base.delegatedFree])
      if (!areValidCoins(coinsFromMessages(coins))) return `invalid delegated coins: ${coinsText(coins)}`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Throws the SDK's sentence for an account whose fields contradict one another. */
export function validateVesting(account: VestingAccount): void {
  const base = vestingBase(account);
  switch (account.type) {
    case "cosmos.vesting.v1beta1.ContinuousVestingAccount":
      // Its end may lie before its start, which the SDK's check of a genesis refuses: MsgCreateVestingAccount names an end that
      // is over as well as any other, in the SDK too, and what a chain exports must begin a chain.
      break;
    case "cosmos.vesting.v1beta1.PeriodicVestingAccount":
      validatePeriods(account.whole as Messages[typeof account.type], base);
      break;
    case "cosmos.vesting.v1beta1.PermanentLockedAccount":
      if (base.endTime > 0n) throw new Error("permanently vested accounts cannot have an end-time");
      break;
    case "cosmos.vesting.v1beta1.DelayedVestingAccount":
      break;
    default:
      impossible(account.type);
  }
  validateBase(base);
}

function validatePeriods(
  { startTime, vestingPeriods }: Messages["cosmos.vesting.v1beta1.PeriodicVestingAccount"],
  base: Base,
): void {
  if (startTime > base.endTime) throw new Error("vesting end-time cannot precede start-time");
  let total: readonly Coin[] = [];
  for (const [index, { length, amount }] of vestingPeriods.entries()) {
    if (length < 0n) throw new Error(`period #${index} has a negative length: ${length}`);
    const coins = positiveCoins(amount);
    if (coins === undefined) throw new Error(`period #${index} has invalid coins: ${coinsText(amount)}`);
    total = addCoins(total, coins);
  }
  const end = endOfPeriods(startTime, vestingPeriods);
  if (end > MAX_INT64) throw new Error("cumulative endTime overflowed, and/or is less than startTime");
  if (end !== base.endTime) throw new Error("vesting end time does not match length of all vesting periods");
  const original = coinsFromMessages(base.originalVesting);
  if (!equalCoins(total, original))
    throw new Error(
      `original vesting coins (${formatCoins(original)}) does not match the sum of all coins in vesting periods (${formatCoins(total)})`,
    );
}

function validateBase(base: Base): void {
  if (base.endTime < 0n) throw new Error("end time cannot be negative");
  const original = positiveCoins(base.originalVesting);
  if (original === undefined) throw new Error(`invalid coins: ${coinsText(base.originalVesting)}`);
  const delegated = coinsFromMessages(base.delegatedVesting);
  if (!isAllGte(original, delegated))
    throw new Error("delegated vesting amount cannot be greater than original vesting amount");
}

function positiveCoins(messages: readonly CoinMessage[]): readonly Coin[] | undefined {
  const coins = coinsFromMessages(messages);
  return coins.length > 0 && areValidCoins(coins) ? coins : undefined;
}

const coinsText = (messages: readonly CoinMessage[]): string =>
  messages.map(({ denom, amount }) => amount + denom).join(",");
