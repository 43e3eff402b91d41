/**
 * Random sequences of trades over the arithmetic of pools and curves, beside a model in exact fractions. Owns what is tried and what must hold; throws
 * at the first thing that does not, with the seed of its sequence.
 */

import { buyCost, isCovered, type Shape, sellPayout } from "../../modules/model/curve.ts";
import { type Bid, clear } from "../../modules/tokenpool/clearing.ts";
import {
  amountForShares,
  amountIn,
  amountOut,
  firstShares,
  fitToRatio,
  paysFee,
  protocolShares,
  sharesFor,
} from "../../modules/tokenpool/curve.ts";
import { CurveKind } from "../../proto/enums.gen.ts";
import { Random } from "../sim/random.ts";
import { Rational } from "./rational.ts";

const MILLION = 1_000_000n;
const FEES = [0n, 100n, 3000n, 10_000n, 100_000n] as const;

/** Something does not hold. */
export class SequenceError extends Error {
  override readonly name = "SequenceError";
}

/** A number of up to `bits` binary digits, small ones as likely as large ones; at least 1. */
function amount(random: Random, bits: number): bigint {
  const digits = 1 + random.below(bits);
  let value = 1n;
  for (let i = 1; i < digits; i++) value = value * 2n + BigInt(random.below(2));
  return value;
}

function check(holds: boolean, what: string, facts: object): void {
  if (holds) return;
  const text = JSON.stringify(facts, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  throw new SequenceError(`${what}: ${text}`);
}

interface PoolState {
  x: bigint;
  y: bigint;
  shares: bigint;
}

/** One sequence of swaps, settlements and liquidity on one pool: k, √k per share, the model in fractions, joining and leaving. */
export function poolSequence(seed: number, steps = 12): void {
  const random = new Random(seed);
  const feePpm = random.pick([...FEES]);
  const pool: PoolState = { x: amount(random, 90) + 2000n, y: amount(random, 90) + 2000n, shares: 0n };
  pool.shares = firstShares(pool.x, pool.y).total;
  for (let step = 0; step < steps; step++) {
    const before = { ...pool };
    const kind = random.below(5);
    if (kind === 0) sell(random, pool, feePpm);
    else if (kind === 1) purchase(random, pool, feePpm);
    else if (kind === 2) settle(random, pool, feePpm);
    else if (kind === 3) joinAndLeave(random, pool);
    else leave(random, pool);
    const facts = { seed, step, kind, feePpm, before, pool };
    if (kind < 3) check(pool.x * pool.y >= before.x * before.y, "k fell on a swap", facts);
    // k/S² is √k per share, squared.
    check(pool.x * pool.y * before.shares ** 2n >= before.x * before.y * pool.shares ** 2n, "√k per share fell", facts);
    // The protocol's part is at most its part of the growth of √k per share: who has the rest does not lose.
    const part = protocolShares(pool.x * pool.y, before.x * before.y, pool.shares, 6n);
    if (kind < 3) {
      const all = pool.shares + part;
      check(
        pool.x * pool.y * before.shares ** 2n >= before.x * before.y * all ** 2n,
        "the protocol took more than grew",
        facts,
      );
    }
  }
}

function sell(random: Random, pool: PoolState, feePpm: bigint): void {
  const input = amount(random, 92);
  const out = amountOut(input, pool.x, pool.y, feePpm);
  // y − xy / (x + a(1 − f)), in fractions, rounded down.
  const paid = new Rational(input * (MILLION - feePpm), MILLION);
  const [x, y] = [new Rational(pool.x), new Rational(pool.y)];
  const exact = y.minus(x.times(y).over(x.plus(paid)));
  const facts = { pool, input, feePpm, out };
  check(exact.floor() === out, "a sale differs from the exact one rounded down", facts);
  const after = [pool.x + input, pool.y - out] as const;
  check(paysFee([pool.x, pool.y], after, [input, 0n], feePpm), "a sale fails the check of the product", facts);
  const more = [pool.x + input, pool.y - out - 1n] as const;
  check(more[1] < 0n || !paysFee([pool.x, pool.y], more, [input, 0n], feePpm), "a sale could give one more", facts);
  [pool.x, pool.y] = after;
  // And back: nobody ends with more.
  const back = amountOut(out, pool.y, pool.x, feePpm);
  check(back <= input, "a sale and back profits", { ...facts, back });
}

function purchase(random: Random, pool: PoolState, feePpm: bigint): void {
  if (pool.y < 2n) return;
  const out = 1n + (amount(random, 90) % (pool.y - 1n));
  const input = amountIn(out, pool.x, pool.y, feePpm);
  const facts = { pool, out, feePpm, input };
  if (input === undefined) {
    check(out >= pool.y, "a purchase is refused", facts);
    return;
  }
  const [x, y] = [new Rational(pool.x), new Rational(pool.y)];
  const exact = x
    .times(y)
    .over(y.minus(new Rational(out)))
    .minus(x)
    .times(new Rational(MILLION, MILLION - feePpm));
  check(input > exact.floor() && input <= exact.floor() + 1n, "a purchase is not the exact one rounded up", facts);
  check(
    paysFee([pool.x, pool.y], [pool.x + input, pool.y - out], [input, 0n], feePpm),
    "a purchase pays too little",
    facts,
  );
  pool.x += input;
  pool.y -= out;
}

function settle(random: Random, pool: PoolState, feePpm: bigint): void {
  const bids: Bid[] = Array.from({ length: 1 + random.below(6) }, () => {
    const sells0 = random.chance(0.5);
    const amountIn_ = amount(random, 88);
    const alone = sells0 ? amountOut(amountIn_, pool.x, pool.y, feePpm) : amountOut(amountIn_, pool.y, pool.x, feePpm);
    const minOut = random.chance(0.6) ? 1n : (alone * BigInt(50 + random.below(60))) / 100n + 1n;
    return { sells0, amountIn: amountIn_, minOut };
  });
  const outputs = clear(bids, pool.x, pool.y, feePpm);
  let [in0, in1, out0, out1] = [0n, 0n, 0n, 0n];
  let [a, b] = [new Rational(pool.x), new Rational(pool.y)];
  for (const [i, { sells0, amountIn: input, minOut }] of bids.entries()) {
    const out = outputs[i];
    if (out === undefined) continue;
    check(out >= minOut, "an order got less than it asked for", { pool, bids, outputs });
    const paid = new Rational(input * (MILLION - feePpm), MILLION);
    if (sells0) [in0, out1, a] = [in0 + input, out1 + out, a.plus(paid)];
    else [in1, out0, b] = [in1 + input, out0 + out, b.plus(paid)];
  }
  const facts = { pool, bids, outputs, feePpm };
  const price = b.over(a);
  for (const [i, { sells0, amountIn: input }] of bids.entries()) {
    const out = outputs[i];
    if (out === undefined) continue;
    const paid = new Rational(input * (MILLION - feePpm), MILLION);
    const exact = sells0 ? paid.times(price) : paid.over(price);
    check(exact.floor() === out, "an order has another price than the others", facts);
  }
  const after = [pool.x + in0 - out0, pool.y + in1 - out1] as const;
  check(paysFee([pool.x, pool.y], after, [in0, in1], feePpm), "a settlement fails the check of the product", facts);
  [pool.x, pool.y] = after;
}

function joinAndLeave(random: Random, pool: PoolState): void {
  const { amount0, amount1 } = fitToRatio(amount(random, 92), amount(random, 92), pool.x, pool.y);
  if (amount0 === 0n || amount1 === 0n) return;
  const made = sharesFor(amount0, amount1, pool.x, pool.y, pool.shares);
  if (made === 0n) return;
  pool.x += amount0;
  pool.y += amount1;
  pool.shares += made;
  const out0 = amountForShares(made, pool.x, pool.shares);
  const out1 = amountForShares(made, pool.y, pool.shares);
  check(out0 <= amount0 && out1 <= amount1, "joining and leaving profits", { pool, amount0, amount1, out0, out1 });
  if (random.chance(0.5)) return;
  pool.x -= out0;
  pool.y -= out1;
  pool.shares -= made;
}

function leave(random: Random, pool: PoolState): void {
  const shares = amount(random, 80) % (pool.shares - 999n);
  const out0 = amountForShares(shares, pool.x, pool.shares);
  const out1 = amountForShares(shares, pool.y, pool.shares);
  pool.x -= out0;
  pool.y -= out1;
  pool.shares -= shares;
}

function someShape(random: Random): { readonly shape: Shape; readonly most: bigint } {
  const none = { base: 0n, slope: 0n, virtualReserve: 0n, virtualShares: 0n };
  if (random.chance(0.5)) {
    const shape = {
      ...none,
      kind: CurveKind.CURVE_KIND_LINEAR,
      base: amount(random, 60) - 1n,
      slope: amount(random, 50),
    };
    return { shape, most: 1n << 70n };
  }
  const [virtualReserve, virtualShares] = [amount(random, 70), amount(random, 70) + 4n];
  const shape = { ...none, kind: CurveKind.CURVE_KIND_VIRTUAL_RESERVE, virtualReserve, virtualShares };
  return { shape, most: virtualShares - 1n };
}

/** What all shares at a supply are worth, in fractions: the integral, or the reserve that keeps the product. */
function exactReserve(shape: Shape, supply: bigint): Rational {
  if (shape.kind === CurveKind.CURVE_KIND_LINEAR) {
    const scale = new Rational(1n, 1_000_000_000_000n);
    const s = new Rational(supply);
    const half = s.times(s).times(new Rational(shape.slope, 2n));
    return s.times(new Rational(shape.base)).plus(half).times(scale);
  }
  const product = new Rational(shape.virtualReserve * shape.virtualShares);
  return product.over(new Rational(shape.virtualShares - supply)).minus(new Rational(shape.virtualReserve));
}

/** One sequence of trades on one curve: the reserve covers the shares, and no account that ends without shares ends with more. */
export function curveSequence(seed: number, steps = 12): void {
  const random = new Random(seed);
  const { shape, most } = someShape(random);
  let [supply, reserve] = [0n, 0n];
  const accounts = [0, 1, 2].map(() => ({ shares: 0n, money: 0n }));
  for (let step = 0; step < steps; step++) {
    const account = random.pick(accounts);
    const exact = exactReserve(shape, supply);
    if (account.shares === 0n || random.chance(0.55)) {
      const shares = amount(random, 68);
      if (supply + shares > most) continue;
      const cost = buyCost(shape, supply, shares);
      const facts = { seed, step, shape, supply, shares, cost };
      const difference = exactReserve(shape, supply + shares).minus(exact);
      check(new Rational(cost).compare(difference) >= 0, "shares were sold below the curve", facts);
      check(new Rational(cost - 2n).compare(difference) < 0, "shares cost two units too much", facts);
      check(sellPayout(shape, supply + shares, shares) <= cost, "a way there and back profits", facts);
      supply += shares;
      reserve += cost;
      account.shares += shares;
      account.money -= cost;
    } else {
      const shares = random.chance(0.4) ? account.shares : (amount(random, 68) % account.shares) + 1n;
      const payout = sellPayout(shape, supply, shares);
      const facts = { seed, step, shape, supply, shares, payout };
      const difference = exact.minus(exactReserve(shape, supply - shares));
      check(new Rational(payout).compare(difference) <= 0, "shares were bought above the curve", facts);
      supply -= shares;
      reserve -= payout;
      account.shares -= shares;
      account.money += payout;
    }
    check(isCovered(shape, supply, reserve), "the reserve does not cover the shares", {
      seed,
      step,
      shape,
      supply,
      reserve,
    });
    check(new Rational(reserve).compare(exactReserve(shape, supply)) >= 0, "the model says it does not", {
      seed,
      step,
    });
  }
  // All come back, in any order: the curve can pay, and they took no more together than they paid.
  for (const account of accounts) {
    const payout = account.shares === 0n ? 0n : sellPayout(shape, supply, account.shares);
    supply -= account.shares;
    reserve -= payout;
    account.money += payout;
  }
  const together = accounts.reduce((sum, { money }) => sum + money, 0n);
  check(reserve >= 0n && together <= 0n, "the accounts profit together", { seed, shape, reserve, together });
}

/** Runs so many sequences of each kind from a seed on. */
export function runSequences(first: number, count: number): void {
  for (let seed = first; seed < first + count; seed++) {
    try {
      poolSequence(seed);
      curveSequence(seed);
    } catch (error) {
      throw new SequenceError(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}
