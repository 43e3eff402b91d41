// Owns: withdrawals: beginning one, taking it back, paying it out, and the ids and queue they are found by (x/staking/keeper/delegation.go).
// Does not own: the shares they come from (keeper.ts), nor when the queue is looked at (validator-set.ts).

import type { Write } from "../../../chain/module/context.ts";
import { sdkErrors, uncodedError } from "../../../chain/module/errors.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import type { Dec } from "../../../chain/types/dec.ts";
import { addNanoseconds, compareTime, durationToNanoseconds, type Timestamp } from "../../../chain/types/time.ts";
import { errors } from "../errors.ts";
import {
  BONDED_POOL,
  NOT_BONDED_POOL,
  state,
  UNBONDED,
  UNBONDING_TYPE_DELEGATION,
  type UnbondingDelegation,
} from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { hasInvalidExchangeRate, isBonded } from "./shares.ts";

type Entry = UnbondingDelegation["entries"][number];

/** A place in time at which an operation of stake ends, or undefined when it may end at once. */
export interface UnbondingEnd {
  readonly completion: Timestamp;
  /** The height from which the stake answers for the validator. */
  readonly creationHeight: bigint;
}

/** The next id of an operation that binds stake for a while. The SDK's counter hands out 1 first. */
export function nextUnbondingId(ctx: Write): bigint {
  const id = state.unbondingId.peek(ctx) + 1n;
  state.unbondingId.set(ctx, id);
  return id;
}

/** Whether the time of an entry is over and nothing holds it. */
export function isMature(entry: Pick<Entry, "completionTime" | "unbondingOnHoldRefCount">, now: Timestamp): boolean {
  return compareTime(entry.completionTime, now) <= 0 && entry.unbondingOnHoldRefCount <= 0n;
}

/**
 * When stake taken now is free of a validator's faults: undefined when it is already (getBeginInfo of x/staking/keeper/delegation.go). Throws staking/3,
 * as there, when the validator was forgotten with that stake: the last of it can only be withdrawn.
 */
export function unbondingEnd(keeper: StakingKeeper, ctx: Write, operator: Uint8Array): UnbondingEnd | undefined {
  const validator = keeper.validator(ctx, operator);
  if (isBonded(validator)) {
    const { unbondingTime } = keeper.params(ctx);
    return {
      completion: addNanoseconds(ctx.time, durationToNanoseconds(unbondingTime)),
      creationHeight: ctx.height,
    };
  }
  if (validator.status === UNBONDED) return undefined;
  return { completion: validator.unbondingTime, creationHeight: validator.unbondingHeight };
}

/** Withdraws shares; the coins are paid out after the unbonding time. Gives that moment and how much. */
export function undelegate(
  keeper: StakingKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
  shares: Dec,
): { completion: Timestamp; amount: bigint } {
  const wasBonded = isBonded(keeper.validator(ctx, operator));
  const open = state.unbondingDelegations.get(ctx, [delegator, operator]);
  const { maxEntries, unbondingTime } = keeper.params(ctx);
  if (open !== undefined && open.entries.length >= maxEntries) throw errors.maxUnbondingDelegationEntries.because();
  const amount = keeper.unbond(ctx, delegator, operator, shares);
  if (wasBonded) keeper.moveBetweenPools(ctx, BONDED_POOL, NOT_BONDED_POOL, amount);
  const completion = addNanoseconds(ctx.time, durationToNanoseconds(unbondingTime));
  addEntry(ctx, delegator, operator, completion, amount);
  queueUnbonding(ctx, delegator, operator, completion);
  return { completion, amount };
}

/** Pays out everything of one (delegator, validator) that is due, one entry after the other, and gives what was paid. */
export function completeUnbonding(
  keeper: StakingKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
): readonly Coin[] {
  const open = state.unbondingDelegations.get(ctx, [delegator, operator]);
  if (open === undefined) throw errors.noUnbondingDelegation.because();
  const due = open.entries.filter((entry) => isMature(entry, ctx.time));
  let amount = 0n;
  for (const { unbondingId, balance } of due) {
    forgetUnbondingId(ctx, unbondingId);
    keeper.payOut(ctx, delegator, BigInt(balance));
    amount += BigInt(balance);
  }
  saveEntries(
    ctx,
    open,
    open.entries.filter((entry) => !isMature(entry, ctx.time)),
  );
  return amount > 0n ? [keeper.coin(ctx, amount)] : [];
}

/** Stakes a withdrawal, or a part of it, with its validator again (x/staking/keeper/msg_server.go: CancelUnbondingDelegation). */
export function cancelUnbonding(
  keeper: StakingKeeper,
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
  amount: bigint,
  creationHeight: bigint,
): void {
  const validator = keeper.validator(ctx, operator);
  if (hasInvalidExchangeRate(validator)) throw errors.delegatorShareExchangeRateInvalid.because();
  if (validator.jailed) throw errors.validatorJailed.because();
  const open = state.unbondingDelegations.get(ctx, [delegator, operator]);
  if (open === undefined) {
    const [who, where] = [ctx.addresses.account(delegator), ctx.addresses.validator(operator)];
    throw uncodedError(
      `rpc error: code = NotFound desc = unbonding delegation with delegator ${who} not found for validator ${where}`,
    );
  }
  const at = open.entries.findIndex((entry) => entry.creationHeight === creationHeight);
  const entry = open.entries[at];
  if (entry === undefined)
    throw sdkErrors.notFound.because(`unbonding delegation entry is not found at block height ${creationHeight}`);
  if (BigInt(entry.balance) < amount)
    throw sdkErrors.invalidRequest.because("amount is greater than the unbonding delegation entry balance");
  if (compareTime(entry.completionTime, ctx.time) < 0)
    throw sdkErrors.invalidRequest.because("unbonding delegation is already processed");
  keeper.delegateFromPool(ctx, delegator, amount, NOT_BONDED_POOL, validator);
  const balance = (BigInt(entry.balance) - amount).toString();
  const initialBalance = (BigInt(entry.initialBalance) - amount).toString();
  const changed = open.entries.map((other, index) => (index === at ? { ...entry, balance, initialBalance } : other));
  saveEntries(ctx, open, balance === "0" ? open.entries.filter((_, index) => index !== at) : changed);
}

/** Stores withdrawals as genesis gives them, with the ids they have; the counter of ids is not moved, as in the SDK. */
export function importUnbonding(ctx: Write, unbonding: UnbondingDelegation): void {
  const delegator = ctx.addresses.parseAccount(unbonding.delegatorAddress);
  const operator = ctx.addresses.parseValidator(unbonding.validatorAddress);
  state.unbondingDelegations.set(ctx, [delegator, operator], unbonding);
  state.unbondingDelegationsByValidator.add(ctx, [operator, delegator]);
  for (const { completionTime, unbondingId } of unbonding.entries) {
    queueUnbonding(ctx, delegator, operator, completionTime);
    countUnbondingId(ctx, unbondingId);
  }
}

/** Lets new ids follow on an imported one: a genesis has no counter, and an id that stood twice would be forgotten with the other's end. */
export function countUnbondingId(ctx: Write, id: bigint): void {
  if (id > state.unbondingId.peek(ctx)) state.unbondingId.set(ctx, id);
}

/** Drops an operation's id from both indexes. */
export function forgetUnbondingId(ctx: Write, id: bigint): void {
  state.unbondingIndex.delete(ctx, id);
  state.unbondingType.delete(ctx, id);
}

function saveEntries(ctx: Write, open: UnbondingDelegation, entries: readonly Entry[]): void {
  const delegator = ctx.addresses.parseAccount(open.delegatorAddress);
  const operator = ctx.addresses.parseValidator(open.validatorAddress);
  if (entries.length > 0) state.unbondingDelegations.set(ctx, [delegator, operator], { ...open, entries });
  else {
    state.unbondingDelegations.delete(ctx, [delegator, operator]);
    state.unbondingDelegationsByValidator.delete(ctx, [operator, delegator]);
  }
}

function addEntry(
  ctx: Write,
  delegator: Uint8Array,
  operator: Uint8Array,
  completion: Timestamp,
  amount: bigint,
): void {
  const at = [delegator, operator] as const;
  const entries = state.unbondingDelegations.get(ctx, at)?.entries ?? [];
  // Withdrawals of one block to one moment are one entry (UnbondingDelegation.AddEntry).
  const twin = entries.findIndex(
    (entry) => entry.creationHeight === ctx.height && compareTime(entry.completionTime, completion) === 0,
  );
  // As in the SDK, an id is used up even when the entry is not a new one.
  const unbondingId = nextUnbondingId(ctx);
  const merged = entries.map((entry, index) =>
    index === twin
      ? {
          ...entry,
          initialBalance: (BigInt(entry.initialBalance) + amount).toString(),
          balance: (BigInt(entry.balance) + amount).toString(),
        }
      : entry,
  );
  if (twin < 0) {
    merged.push({
      creationHeight: ctx.height,
      completionTime: completion,
      initialBalance: amount.toString(),
      balance: amount.toString(),
      unbondingId,
      unbondingOnHoldRefCount: 0n,
    });
    state.unbondingIndex.set(ctx, unbondingId, state.unbondingDelegations.storeKey(at));
    state.unbondingType.set(ctx, unbondingId, UNBONDING_TYPE_DELEGATION);
  }
  state.unbondingDelegations.set(ctx, at, {
    delegatorAddress: ctx.addresses.account(delegator),
    validatorAddress: ctx.addresses.validator(operator),
    entries: merged,
  });
  state.unbondingDelegationsByValidator.add(ctx, [operator, delegator]);
}

function queueUnbonding(ctx: Write, delegator: Uint8Array, operator: Uint8Array, completion: Timestamp): void {
  const pairs = state.unbondingQueue.get(ctx, completion)?.pairs ?? [];
  const pair = {
    delegatorAddress: ctx.addresses.account(delegator),
    validatorAddress: ctx.addresses.validator(operator),
  };
  state.unbondingQueue.set(ctx, completion, { pairs: [...pairs, pair] });
}
