// Owns: moves of stake from one validator to another without a wait: beginning one, ending it, and how it is found (x/staking/keeper/delegation.go).
// The stake serves the new validator at once and answers for the old one's faults until the unbonding time is over.
// Does not own: the shares (keeper.ts), nor what a fault costs (slash.ts).

import type { Write } from "../../../chain/module/context.ts";
import type { Dec } from "../../../chain/types/dec.ts";
import { type Timestamp, ZERO_TIME } from "../../../chain/types/time.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { errors } from "../errors.ts";
import { type Redelegation, state, UNBONDING_TYPE_REDELEGATION } from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { poolOf } from "./shares.ts";
import { countUnbondingId, forgetUnbondingId, isMature, nextUnbondingId, unbondingEnd } from "./unbonding.ts";

/** Who moves stake from where to where. */
export interface Move {
  readonly delegator: Uint8Array;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
}

/** Moves shares. Gives the moment at which the stake no longer answers for the validator left: Go's zero time, as in the SDK, when it had left the set long ago. */
export function beginRedelegation(keeper: StakingKeeper, ctx: Write, move: Move, shares: Dec): Timestamp {
  const { delegator, source, destination } = move;
  if (equalBytes(source, destination)) throw errors.selfRedelegation.because();
  const to = state.validators.get(ctx, destination);
  if (to === undefined) throw errors.badRedelegationDestination.because();
  const from = keeper.validator(ctx, source);
  // A hop of a hop would hide stake from the first validator's faults.
  for (const _ of state.redelegationsByDestination.keys(ctx, { prefix: [source, delegator] }))
    throw errors.transitiveRedelegation.because();
  const open = state.redelegations.get(ctx, [delegator, source, destination]);
  if (open !== undefined && open.entries.length >= keeper.params(ctx).maxEntries)
    throw errors.maxRedelegationEntries.because();
  const amount = keeper.unbond(ctx, delegator, source, shares);
  if (amount === 0n) throw errors.tinyRedelegationAmount.because();
  const issued = keeper.delegateFromPool(ctx, delegator, amount, poolOf(from), keeper.validator(ctx, destination));
  const end = unbondingEnd(keeper, ctx, source);
  if (end === undefined) return ZERO_TIME;
  addEntry(ctx, move, { ...end, amount, issued });
  queueRedelegation(ctx, move, end.completion);
  return end.completion;
}

/** Ends what is over of a delegator's moves between two validators, and gives how much that was; undefined when there are none. */
export function completeRedelegation(ctx: Write, move: Move): bigint | undefined {
  const open = state.redelegations.get(ctx, keyOf(move));
  if (open === undefined) return undefined;
  const done = open.entries.filter((entry) => isMature(entry, ctx.time));
  for (const { unbondingId } of done) forgetUnbondingId(ctx, unbondingId);
  const entries = open.entries.filter((entry) => !isMature(entry, ctx.time));
  if (entries.length > 0) state.redelegations.set(ctx, keyOf(move), { ...open, entries });
  else {
    state.redelegations.delete(ctx, keyOf(move));
    state.redelegationsBySource.delete(ctx, [move.source, move.delegator, move.destination]);
    state.redelegationsByDestination.delete(ctx, [move.destination, move.delegator, move.source]);
  }
  return done.reduce((sum, entry) => sum + BigInt(entry.initialBalance), 0n);
}

/** Stores moves as genesis gives them, with the ids they have. */
export function importRedelegation(ctx: Write, redelegation: Redelegation): void {
  const move = moveOf(ctx, redelegation);
  save(ctx, move, redelegation);
  for (const { completionTime, unbondingId } of redelegation.entries) {
    queueRedelegation(ctx, move, completionTime);
    countUnbondingId(ctx, unbondingId);
  }
}

/** The addresses of a stored move. */
export function moveOf(
  ctx: Pick<Write, "addresses">,
  stored: Pick<Redelegation, "delegatorAddress" | "validatorSrcAddress" | "validatorDstAddress">,
): Move {
  return {
    delegator: ctx.addresses.parseAccount(stored.delegatorAddress),
    source: ctx.addresses.parseValidator(stored.validatorSrcAddress),
    destination: ctx.addresses.parseValidator(stored.validatorDstAddress),
  };
}

function keyOf({ delegator, source, destination }: Move): readonly [Uint8Array, Uint8Array, Uint8Array] {
  return [delegator, source, destination];
}

function textOf(ctx: Write, { delegator, source, destination }: Move) {
  return {
    delegatorAddress: ctx.addresses.account(delegator),
    validatorSrcAddress: ctx.addresses.validator(source),
    validatorDstAddress: ctx.addresses.validator(destination),
  };
}

function save(ctx: Write, move: Move, redelegation: Redelegation): void {
  state.redelegations.set(ctx, keyOf(move), redelegation);
  state.redelegationsBySource.add(ctx, [move.source, move.delegator, move.destination]);
  state.redelegationsByDestination.add(ctx, [move.destination, move.delegator, move.source]);
}

interface NewEntry {
  readonly completion: Timestamp;
  readonly creationHeight: bigint;
  readonly amount: bigint;
  readonly issued: Dec;
}

function addEntry(ctx: Write, move: Move, { completion, creationHeight, amount, issued }: NewEntry): void {
  const unbondingId = nextUnbondingId(ctx);
  const entry = {
    creationHeight,
    completionTime: completion,
    initialBalance: amount.toString(),
    sharesDst: issued.toWire(),
    unbondingId,
    unbondingOnHoldRefCount: 0n,
  };
  const entries = state.redelegations.get(ctx, keyOf(move))?.entries ?? [];
  save(ctx, move, { ...textOf(ctx, move), entries: [...entries, entry] });
  state.unbondingIndex.set(ctx, unbondingId, state.redelegations.storeKey(keyOf(move)));
  state.unbondingType.set(ctx, unbondingId, UNBONDING_TYPE_REDELEGATION);
}

function queueRedelegation(ctx: Write, move: Move, completion: Timestamp): void {
  const triplets = state.redelegationQueue.get(ctx, completion)?.triplets ?? [];
  state.redelegationQueue.set(ctx, completion, { triplets: [...triplets, textOf(ctx, move)] });
}
