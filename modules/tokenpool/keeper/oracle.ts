/**
 * Owns average prices of pools. A price counts for the seconds it stood between blocks: the first change of a block adds
 * the price the last block left, so nothing that is done and undone within a block has any weight. Sums are noted at the
 * first and at the last change of every five minutes and kept for two days.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { errors } from "../errors.ts";
import { MAX_PRUNED, MAX_WINDOW_SECONDS, SLOT_SECONDS } from "../limits.ts";
import { averageBetween, priceOf, sumAfter, sumBetween } from "../price-sum.ts";
import { type Pool, type PriceSum, state } from "../state.ts";

/** Average prices of both denominations, times 2^112. */
export interface Twap {
  readonly price0: bigint;
  readonly price1: bigint;
  /** Where the time began and ended, in unix seconds. */
  readonly from: bigint;
  readonly to: bigint;
}

/** The pool with its sums brought up to this block, and the note of it. The first change of a block does something. */
export function accumulate(ctx: Write, pool: Pool): Pool {
  if (pool.updatedAt >= ctx.time.seconds) return pool;
  const sum = sumNow(pool, ctx.time.seconds);
  note(ctx, pool.id, sum);
  return { ...pool, cumulative0: sum.cumulative0, cumulative1: sum.cumulative1, updatedAt: sum.time };
}

/** Notes where the sums of a new pool begin. */
export function beginSums(ctx: Write, poolId: bigint): void {
  note(ctx, poolId, { time: ctx.time.seconds, cumulative0: "0", cumulative1: "0" });
}

/**
 * The average prices of the `window` seconds, at least one, that end with this block's time. What this block has done has
 * no part in it. Throws tokenpool/16 when the pool is younger, or the time longer than is kept.
 */
export function twap(ctx: Read, pool: Pool, window: bigint): Twap {
  const to = ctx.time.seconds;
  const from = to - window;
  const begin = window <= MAX_WINDOW_SECONDS ? sumAt(ctx, pool, from) : undefined;
  if (begin === undefined) throw errors.notObserved.because(`pool ${pool.id}, ${window} seconds`);
  const end = sumNow(pool, to);
  return {
    price0: averageBetween(side0(begin), side0(end)),
    price1: averageBetween(side1(begin), side1(end)),
    from,
    to,
  };
}

/** The sums at a time that is not before the pool's last change. */
function sumNow(pool: Pool, time: bigint): PriceSum {
  const [reserve0, reserve1] = [BigInt(pool.reserve0), BigInt(pool.reserve1)];
  const seconds = time - pool.updatedAt;
  return {
    time,
    cumulative0: sumAfter(BigInt(pool.cumulative0), priceOf(reserve0, reserve1), seconds).toString(),
    cumulative1: sumAfter(BigInt(pool.cumulative1), priceOf(reserve1, reserve0), seconds).toString(),
  };
}

/** The sums at a time; undefined before the first note that is kept. */
function sumAt(ctx: Read, pool: Pool, time: bigint): PriceSum | undefined {
  if (time >= pool.updatedAt) return sumNow(pool, time);
  if (time < 0n) return undefined;
  const slot = time / SLOT_SECONDS;
  // The slot of the time or the last one before it holds the note behind us; the one before us is in it or in the next.
  let [before, after]: [PriceSum | undefined, PriceSum | undefined] = [undefined, undefined];
  const behind = state.observations.first(ctx, { prefix: pool.id, end: [pool.id, slot + 1n], reverse: true })?.[1];
  if (behind === undefined) return undefined;
  if (behind.last.time <= time) before = behind.last;
  else if (behind.first.time <= time) [before, after] = [behind.first, behind.last];
  else {
    after = behind.first;
    before = state.observations.first(ctx, { prefix: pool.id, end: [pool.id, slot], reverse: true })?.[1].last;
    if (before === undefined) return undefined;
  }
  after ??= state.observations.first(ctx, { prefix: pool.id, start: [pool.id, slot + 1n] })?.[1].first;
  if (after === undefined) throw new Error(`pool ${pool.id} changed after ${time} and nobody noted it`);
  if (before.time === time) return before;
  return {
    time,
    cumulative0: sumBetween(side0(before), side0(after), time).toString(),
    cumulative1: sumBetween(side1(before), side1(after), time).toString(),
  };
}

function note(ctx: Write, poolId: bigint, sum: PriceSum): void {
  const at = [poolId, sum.time / SLOT_SECONDS] as const;
  const known = state.observations.get(ctx, at);
  state.observations.set(ctx, at, { poolId, slot: at[1], first: known?.first ?? sum, last: sum });
  if (known === undefined) prune(ctx, poolId, at[1] - MAX_WINDOW_SECONDS / SLOT_SECONDS);
}

/** Forgets what no time that can be asked for reaches back to: a note is needed while the next one is not old enough. */
function prune(ctx: Write, poolId: bigint, oldest: bigint): void {
  const slots = [...state.observations.keys(ctx, { prefix: poolId, limit: MAX_PRUNED + 1 })];
  for (const [i, at] of slots.entries()) {
    const next = slots[i + 1];
    if (next !== undefined && next[1] < oldest) state.observations.delete(ctx, at);
  }
}

function side0({ time, cumulative0 }: PriceSum) {
  return { time, sum: BigInt(cumulative0) };
}

function side1({ time, cumulative1 }: PriceSum) {
  return { time, sum: BigInt(cumulative1) };
}
