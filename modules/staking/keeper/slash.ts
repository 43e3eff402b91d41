// Owns: what a fault costs: the stake that was behind the validator when it happened, wherever it is now: still there, being withdrawn, or moved
// to another validator (x/staking/keeper/slash.go of the SDK 0.53). Does not own: what a fault is and how much it costs (slashing, evidence).

import type { Write } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { POWER_REDUCTION } from "../limits.ts";
import { BONDED_POOL, NOT_BONDED_POOL, state, UNBONDED, type UnbondingDelegation, type Validator } from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { moveOf } from "./redelegation.ts";
import { poolOf, tokensOf } from "./shares.ts";
import { isMature } from "./unbonding.ts";

/** A fault: whose, when, with how much power, and the fraction of the stake of then that it costs. */
export interface Fault {
  /** The key's address, 20 bytes. */
  readonly consensus: Uint8Array;
  readonly height: bigint;
  readonly power: bigint;
  readonly fraction: Dec;
}

/** Burns what a fault costs, and gives how much of that was still with the validator. A validator that is gone costs nothing: its stake was slashed before. */
export function slash(keeper: StakingKeeper, ctx: Write, { consensus, height, power, fraction }: Fault): bigint {
  if (fraction.isNegative()) throw new Error(`attempted to slash with a negative slash factor: ${fraction}`);
  const operator = keeper.operatorByConsensusAddress(ctx, consensus);
  if (operator === undefined) return 0n;
  const validator = keeper.validator(ctx, operator);
  if (validator.status === UNBONDED)
    throw new Error(`should not be slashing unbonded validator: ${validator.operatorAddress}`);
  if (height > ctx.height)
    throw new Error(
      `impossible attempt to slash future infraction at height ${height} but we are at height ${ctx.height}`,
    );
  keeper.hooks.beforeValidatorModified(ctx, operator);
  let remaining = fraction.mulInt(power * POWER_REDUCTION).truncateInt();
  if (height < ctx.height) {
    for (const delegator of [...state.unbondingDelegationsByValidator.keys(ctx, { prefix: operator })].map(
      ([, who]) => who,
    ))
      remaining -= slashWithdrawal(keeper, ctx, [delegator, operator], height, fraction);
    for (const [source, delegator, destination] of [...state.redelegationsBySource.keys(ctx, { prefix: [operator] })])
      remaining -= slashMove(keeper, ctx, [delegator, source, destination], height, fraction);
  }
  // Read again: the hook may have changed it.
  const now = keeper.validator(ctx, operator);
  const burnt = remaining < tokensOf(now) ? remaining : tokensOf(now);
  if (burnt <= 0n) return 0n;
  keeper.hooks.beforeValidatorSlashed(ctx, operator, effectiveFraction(burnt, now));
  keeper.saveValidator(ctx, now, { ...now, tokens: (tokensOf(now) - burnt).toString() });
  keeper.burn(ctx, poolOf(now), burnt);
  return burnt;
}

/** The share of a validator's tokens that `burnt` is, rounded up, at most one. */
function effectiveFraction(burnt: bigint, validator: Validator): Dec {
  return Dec.fromInt(burnt)
    .quoRoundUp(Dec.fromInt(tokensOf(validator)))
    .min(Dec.one);
}

type WithdrawalEntry = UnbondingDelegation["entries"][number];

/** Whether stake that left at `creationHeight` was behind the validator at the fault and still answers for it. */
function answers(
  entry: Pick<WithdrawalEntry, "creationHeight" | "completionTime" | "unbondingOnHoldRefCount">,
  height: bigint,
  ctx: Write,
): boolean {
  return entry.creationHeight >= height && !isMature(entry, ctx.time);
}

/** Takes a withdrawal's part. Gives the part it would have had if enough were left of it, as the SDK does. */
function slashWithdrawal(
  keeper: StakingKeeper,
  ctx: Write,
  at: readonly [Uint8Array, Uint8Array],
  height: bigint,
  fraction: Dec,
): bigint {
  const open = state.unbondingDelegations.get(ctx, at);
  if (open === undefined) return 0n;
  let total = 0n;
  let burnt = 0n;
  const entries = open.entries.map((entry) => {
    if (!answers(entry, height, ctx)) return entry;
    const part = fraction.mulInt(BigInt(entry.initialBalance)).truncateInt();
    total += part;
    const taken = part < BigInt(entry.balance) ? part : BigInt(entry.balance);
    burnt += taken;
    return { ...entry, balance: (BigInt(entry.balance) - taken).toString() };
  });
  if (burnt > 0n) state.unbondingDelegations.set(ctx, at, { ...open, entries });
  keeper.burn(ctx, NOT_BONDED_POOL, burnt);
  return total;
}

/**
 * Takes moved stake's part, from where it is now: first from what is being withdrawn from the new validator, then from the delegation there
 * (the order closes the way out of ASA-2024-005). As in the SDK, once the withdrawals do not cover the part, the delegation loses the fault's
 * fraction of all shares that were moved. Gives the part it should have had.
 */
function slashMove(
  keeper: StakingKeeper,
  ctx: Write,
  at: readonly [Uint8Array, Uint8Array, Uint8Array],
  height: bigint,
  fraction: Dec,
): bigint {
  const redelegation = state.redelegations.get(ctx, at);
  if (redelegation === undefined) return 0n;
  let total = 0n;
  const burnt = new Map([
    [BONDED_POOL, 0n],
    [NOT_BONDED_POOL, 0n],
  ]);
  const burn = (pool: string, amount: bigint): unknown => burnt.set(pool, (burnt.get(pool) ?? 0n) + amount);
  const { delegator, destination } = moveOf(ctx, redelegation);
  for (const entry of redelegation.entries) {
    if (!answers(entry, height, ctx)) continue;
    const part = fraction.mulInt(BigInt(entry.initialBalance)).truncateInt();
    total += part;
    const left = takeFromWithdrawals(ctx, [delegator, destination], part, height);
    burn(NOT_BONDED_POOL, part - left);
    const shares = fraction.mul(Dec.fromWire(entry.sharesDst));
    const delegation = keeper.delegation(ctx, delegator, destination);
    if (left === 0n || shares.isZero() || delegation === undefined) continue;
    const pool = poolOf(keeper.validator(ctx, destination));
    burn(pool, keeper.unbond(ctx, delegator, destination, shares.min(Dec.fromWire(delegation.shares))));
  }
  for (const [pool, amount] of burnt) keeper.burn(ctx, pool, amount);
  return total;
}

/** Takes up to `amount` out of a delegator's withdrawals from a validator, and gives what could not be taken. The coins stay in their pool. */
function takeFromWithdrawals(
  ctx: Write,
  at: readonly [Uint8Array, Uint8Array],
  amount: bigint,
  height: bigint,
): bigint {
  const open = state.unbondingDelegations.get(ctx, at);
  if (open === undefined) return amount;
  let left = amount;
  const entries = open.entries.map((entry) => {
    if (left === 0n || !answers(entry, height, ctx)) return entry;
    const taken = left < BigInt(entry.balance) ? left : BigInt(entry.balance);
    left -= taken;
    return { ...entry, balance: (BigInt(entry.balance) - taken).toString() };
  });
  if (left !== amount) state.unbondingDelegations.set(ctx, at, { ...open, entries });
  return left;
}
