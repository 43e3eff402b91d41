/**
 * Rewards counted the plain way, with exact fractions: every reward is divided at once among everybody who stakes then. Owns the model that the
 * module is compared with, which knows nothing of periods, references or rounding.
 */

/** An exact fraction; the denominator is positive. */
export class Fraction {
  readonly over: bigint;
  readonly under: bigint;

  constructor(over: bigint, under = 1n) {
    const divisor = gcd(over < 0n ? -over : over, under);
    this.over = over / divisor;
    this.under = under / divisor;
  }

  plus(other: Fraction): Fraction {
    return new Fraction(this.over * other.under + other.over * this.under, this.under * other.under);
  }
  minus(other: Fraction): Fraction {
    return this.plus(new Fraction(-other.over, other.under));
  }
  times(other: Fraction): Fraction {
    return new Fraction(this.over * other.over, this.under * other.under);
  }
  by(other: Fraction): Fraction {
    return new Fraction(this.over * other.under, this.under * other.over);
  }
  isBelow(other: Fraction): boolean {
    return this.over * other.under < other.over * this.under;
  }
  /** The whole part, of a fraction that is not negative. */
  whole(): bigint {
    return this.over / this.under;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a === 0n ? 1n : a) : gcd(b, a % b);
}

export const NONE = new Fraction(0n);

/** One validator: its coins, who holds which part of them, and what everybody has earned and not withdrawn. */
export class ExactValidator {
  tokens = 0n;
  readonly shares = new Map<string, Fraction>();
  readonly earned = new Map<string, Fraction>();
  commission = NONE;
  readonly #rate: Fraction;

  constructor(rate: Fraction) {
    this.#rate = rate;
  }

  #allShares(): Fraction {
    return [...this.shares.values()].reduce((sum, part) => sum.plus(part), NONE);
  }

  /** What somebody's part is worth. */
  stakeOf(who: string): Fraction {
    const all = this.#allShares();
    const part = this.shares.get(who) ?? NONE;
    return all.over === 0n ? NONE : part.times(new Fraction(this.tokens)).by(all);
  }

  add(who: string, amount: bigint): void {
    const all = this.#allShares();
    const issued = all.over === 0n ? new Fraction(amount) : all.times(new Fraction(amount, this.tokens));
    this.shares.set(who, (this.shares.get(who) ?? NONE).plus(issued));
    this.tokens += amount;
  }

  /** Takes out a part that was asked for as coins; `paid` is what it came to. */
  take(who: string, asked: bigint, paid: bigint): void {
    const held = this.shares.get(who) ?? NONE;
    const wanted = this.#allShares().times(new Fraction(asked, this.tokens));
    const left = wanted.isBelow(held) ? held.minus(wanted) : NONE;
    if (left.over === 0n) this.shares.delete(who);
    else this.shares.set(who, left);
    this.tokens -= paid;
  }

  reward(amount: Fraction): void {
    const commission = amount.times(this.#rate);
    this.commission = this.commission.plus(commission);
    const shared = amount.minus(commission);
    for (const who of this.shares.keys()) {
      const part = shared.times(this.stakeOf(who)).by(new Fraction(this.tokens));
      this.earned.set(who, (this.earned.get(who) ?? NONE).plus(part));
    }
  }

  /** What somebody has earned, which is withdrawn by asking. */
  withdraw(who: string): Fraction {
    const earned = this.earned.get(who) ?? NONE;
    this.earned.delete(who);
    return earned;
  }
}
