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

/** What somebody has earned, and how much of that at least is paid before a withdrawal drops the fraction of a coin. */
export interface Earned {
  readonly exact: Fraction;
  readonly least: Fraction;
}

const NOTHING: Earned = { exact: NONE, least: NONE };

/**
 * One validator: its coins, who holds which part of them, and what everybody has earned and not withdrawn.
 *
 * When shares that are worth a fraction leave, the fraction stays with the validator (x/staking RemoveDelShares: "leave excess tokens"), and belongs to those
 * who remain. The rewards of a stake are counted for what it was worth when its owner last did something (x/distribution, DelegatorStartingInfo),
 * so what such fractions earn until then is paid to nobody. `least` knows these worths; `exact` is what everybody's part earns.
 */
export class ExactValidator {
  tokens = 0n;
  readonly shares = new Map<string, Fraction>();
  readonly earned = new Map<string, Earned>();
  commission = NONE;
  /** What a stake was worth when its owner last did something, less what was slashed since. */
  readonly #counted = new Map<string, Fraction>();
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

  /** Gives the shares that were issued. */
  add(who: string, amount: bigint): Fraction {
    const all = this.#allShares();
    const issued = all.over === 0n ? new Fraction(amount) : all.times(new Fraction(amount, this.tokens));
    this.shares.set(who, (this.shares.get(who) ?? NONE).plus(issued));
    this.tokens += amount;
    this.#count(who);
    return issued;
  }

  /** Takes out a part that was asked for as coins; `paid` is what it came to. */
  take(who: string, asked: bigint, paid: bigint): void {
    this.takeShares(who, this.#allShares().times(new Fraction(asked, this.tokens)), paid);
  }

  /** What shares are worth. */
  worthOf(shares: Fraction): Fraction {
    return shares.times(new Fraction(this.tokens)).by(this.#allShares());
  }

  /** Takes out shares, which came to so many coins. */
  takeShares(who: string, wanted: Fraction, paid: bigint): void {
    const held = this.shares.get(who) ?? NONE;
    const left = wanted.isBelow(held) ? held.minus(wanted) : NONE;
    // What is left is counted before the coins leave: without its part of the fraction that stays (x/staking Unbond).
    const counted = this.worthOf(left);
    if (left.over === 0n) this.shares.delete(who);
    else this.shares.set(who, left);
    this.tokens -= paid;
    this.#counted.set(who, counted);
  }

  /** Everybody's part is worth as much less as the coins are fewer. */
  slash(left: bigint): void {
    if (this.tokens === 0n) return;
    const kept = new Fraction(left, this.tokens);
    for (const [who, worth] of this.#counted) this.#counted.set(who, worth.times(kept));
    this.tokens = left;
  }

  #count(who: string): void {
    this.#counted.set(who, this.stakeOf(who));
  }

  reward(amount: Fraction): void {
    const commission = amount.times(this.#rate);
    this.commission = this.commission.plus(commission);
    const shared = amount.minus(commission);
    for (const who of this.shares.keys()) {
      const perCoin = shared.by(new Fraction(this.tokens));
      const { exact, least } = this.earned.get(who) ?? NOTHING;
      this.earned.set(who, {
        exact: exact.plus(perCoin.times(this.stakeOf(who))),
        least: least.plus(perCoin.times(this.#counted.get(who) ?? NONE)),
      });
    }
  }

  /** What somebody has earned, which is withdrawn by asking. */
  withdraw(who: string): Earned {
    const earned = this.earned.get(who) ?? NOTHING;
    this.earned.delete(who);
    this.#count(who);
    return earned;
  }
}
