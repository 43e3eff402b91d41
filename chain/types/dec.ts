/**
 * Owns decimals with 18 places: the SDK's math.LegacyDec, value for value, with its three kinds of rounding.
 * A Dec is an immutable wrapper of the value times 10^18. It does not own integers (int.ts) nor decimal coins
 * (dec-coin.ts). On the wire a Dec is the scaled integer as text; in JSON it is the decimal.
 */
import { checkInt, groupDigits } from "./int.ts";
import { DEC_PLACES, MAX_DEC_BITS, MAX_INT_DIGITS, MAX_ROOT_ITERATIONS } from "./limits.ts";

/** The text or value is not a decimal this chain can hold. */
export class DecError extends Error {
  override name = "DecError";
}

const ONE_SCALED = 10n ** BigInt(DEC_PLACES);
const HALF_SCALED = ONE_SCALED / 2n;
const BOUND = 1n << BigInt(MAX_DEC_BITS);

/** A decimal number with 18 places and a magnitude below 2^315 when scaled. */
export class Dec {
  /** The value times 10^18. */
  readonly scaled: bigint;

  private constructor(scaled: bigint) {
    this.scaled = scaled;
  }

  /** Makes a Dec from the value times 10^18. Throws DecError ("Int overflow") beyond 315 bits. */
  static fromScaled(scaled: bigint): Dec {
    if (scaled >= BOUND || scaled <= -BOUND) throw new DecError("Int overflow");
    return new Dec(scaled);
  }

  /** Makes a Dec from a whole number. */
  static fromInt(value: bigint): Dec {
    return Dec.fromScaled(value * ONE_SCALED);
  }

  /** Makes `value` × 10^−places, as LegacyNewDecWithPrec. */
  static withPlaces(value: bigint, places: number): Dec {
    if (!Number.isInteger(places) || places < 0 || places > DEC_PLACES) {
      throw new DecError(`too much precision, maximum ${DEC_PLACES}, provided ${places}`);
    }
    return Dec.fromScaled(value * 10n ** BigInt(DEC_PLACES - places));
  }

  /** Reads decimal text such as `-12.5`: digits on both sides of a point, at most 18 places (LegacyNewDecFromStr). */
  static parse(text: string): Dec {
    const unsigned = text.startsWith("-") ? text.slice(1) : text;
    if (unsigned.length === 0) throw new DecError("decimal string cannot be empty");
    if (unsigned.length > MAX_INT_DIGITS + 1 + DEC_PLACES) throw new DecError("decimal string is too long");
    const parts = unsigned.split(".");
    if (parts.length > 2) throw new DecError("invalid decimal string");
    const [whole = "", fraction = ""] = parts;
    if (parts.length === 2 && (whole === "" || fraction === "")) throw new DecError("invalid decimal length");
    if (fraction.length > DEC_PLACES) {
      throw new DecError(
        `value '${unsigned}' exceeds max precision by ${fraction.length - DEC_PLACES} decimal places: max precision ${DEC_PLACES}`,
      );
    }
    const digits = whole + fraction.padEnd(DEC_PLACES, "0");
    if (!/^[0-9]+$/.test(digits)) throw new DecError(`failed to set decimal string with base 10: ${digits}`);
    const magnitude = BigInt(digits);
    if (magnitude >= BOUND) throw new DecError("out of range: invalid decimal string");
    return new Dec(unsigned === text ? magnitude : -magnitude);
  }

  /** Reads the wire form: the scaled integer as canonical decimal text. Empty text is the zero Go leaves unset. */
  static fromWire(text: string): Dec {
    if (text === "") return Dec.zero;
    if (text.length > MAX_INT_DIGITS + DEC_PLACES + 1) throw new DecError("decimal text is too long");
    if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) throw new DecError(`invalid scaled decimal: ${JSON.stringify(text)}`);
    const scaled = BigInt(text);
    if (scaled >= BOUND || scaled <= -BOUND) throw new DecError("decimal out of range");
    return new Dec(scaled);
  }

  static readonly zero = new Dec(0n);
  static readonly one = new Dec(ONE_SCALED);
  /** The smallest positive Dec, 10^−18. */
  static readonly smallest = new Dec(1n);

  /** The decimal with all 18 places, as LegacyDec prints it. */
  toString(): string {
    const digits = magnitudeOf(this.scaled)
      .toString()
      .padStart(DEC_PLACES + 1, "0");
    const point = digits.length - DEC_PLACES;
    return `${this.scaled < 0n ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
  }

  /** The wire form: the scaled integer as text. */
  toWire(): string {
    return this.scaled.toString();
  }

  isZero(): boolean {
    return this.scaled === 0n;
  }
  isNegative(): boolean {
    return this.scaled < 0n;
  }
  isPositive(): boolean {
    return this.scaled > 0n;
  }
  /** True when there is nothing after the point. */
  isInteger(): boolean {
    return this.scaled % ONE_SCALED === 0n;
  }
  equals(other: Dec): boolean {
    return this.scaled === other.scaled;
  }
  greaterThan(other: Dec): boolean {
    return this.scaled > other.scaled;
  }
  greaterOrEqual(other: Dec): boolean {
    return this.scaled >= other.scaled;
  }
  lessThan(other: Dec): boolean {
    return this.scaled < other.scaled;
  }
  lessOrEqual(other: Dec): boolean {
    return this.scaled <= other.scaled;
  }
  /** Negative, zero or positive as this is below, equal to or above `other`. */
  compare(other: Dec): number {
    return this.scaled < other.scaled ? -1 : this.scaled > other.scaled ? 1 : 0;
  }
  min(other: Dec): Dec {
    return this.scaled < other.scaled ? this : other;
  }
  max(other: Dec): Dec {
    return this.scaled < other.scaled ? other : this;
  }

  negate(): Dec {
    return new Dec(-this.scaled);
  }
  abs(): Dec {
    return new Dec(magnitudeOf(this.scaled));
  }
  add(other: Dec): Dec {
    return Dec.fromScaled(this.scaled + other.scaled);
  }
  sub(other: Dec): Dec {
    return Dec.fromScaled(this.scaled - other.scaled);
  }

  /** Multiplies, rounding the 18th place half to even. */
  mul(other: Dec): Dec {
    return Dec.fromScaled(chopAndRound(this.scaled * other.scaled));
  }
  /** Multiplies, dropping everything after the 18th place. */
  mulTruncate(other: Dec): Dec {
    return Dec.fromScaled((this.scaled * other.scaled) / ONE_SCALED);
  }
  /** Multiplies, rounding the 18th place up (towards plus infinity). */
  mulRoundUp(other: Dec): Dec {
    return Dec.fromScaled(chopAndRoundUp(this.scaled * other.scaled));
  }
  mulInt(value: bigint): Dec {
    return Dec.fromScaled(this.scaled * value);
  }

  /** Divides, rounding the 18th place half to even on a quotient of 36 places, as LegacyDec.Quo does. */
  quo(other: Dec): Dec {
    return Dec.fromScaled(chopAndRound((this.scaled * ONE_SCALED * ONE_SCALED) / divisor(other.scaled)));
  }
  /** Divides, dropping everything after the 18th place. */
  quoTruncate(other: Dec): Dec {
    return Dec.fromScaled((this.scaled * ONE_SCALED) / divisor(other.scaled));
  }
  /** Divides, rounding the 18th place up (towards plus infinity). */
  quoRoundUp(other: Dec): Dec {
    const dividend = this.scaled * ONE_SCALED;
    const by = divisor(other.scaled);
    const remainder = dividend % by;
    const positive = dividend < 0n === by < 0n;
    return Dec.fromScaled(dividend / by + (remainder !== 0n && positive ? 1n : 0n));
  }
  quoInt(value: bigint): Dec {
    return Dec.fromScaled(this.scaled / divisor(value));
  }

  /** The whole part nearest to this, halves to even. */
  roundInt(): bigint {
    return checkInt(chopAndRound(this.scaled));
  }
  /** The whole part, towards zero. */
  truncateInt(): bigint {
    return checkInt(this.scaled / ONE_SCALED);
  }
  truncateDec(): Dec {
    return new Dec((this.scaled / ONE_SCALED) * ONE_SCALED);
  }
  /** The smallest whole number that is not below this, as a Dec. */
  ceil(): Dec {
    const remainder = this.scaled % ONE_SCALED;
    return Dec.fromScaled(this.scaled - remainder + (remainder > 0n ? ONE_SCALED : 0n));
  }

  /** Raises to a power by repeated squaring, rounding after each product: consensus depends on that order. */
  power(exponent: bigint): Dec {
    if (exponent < 0n) throw new DecError("negative exponent");
    if (exponent === 0n) return Dec.one;
    let base: Dec = this;
    let odd: Dec = Dec.one;
    for (let left = exponent; left > 1n; left >>= 1n) {
      if ((left & 1n) === 1n) odd = odd.mul(base);
      base = base.mul(base);
    }
    return base.mul(odd);
  }

  /** Newton's method for the n-th root, with LegacyDec.ApproxRoot's starting point and stopping rule. */
  approxRoot(root: bigint): Dec {
    if (root < 0n) throw new DecError("negative root");
    if (root === 0n) return Dec.one;
    if (this.isNegative()) return this.negate().approxRoot(root).negate();
    if (root === 1n || this.isZero() || this.equals(Dec.one)) return this;
    let guess: Dec = Dec.one;
    for (let step = 0; step < MAX_ROOT_ITERATIONS; step++) {
      const power = guess.power(root - 1n);
      const delta = this.quo(power.isZero() ? Dec.smallest : power)
        .sub(guess)
        .quoInt(root);
      guess = guess.add(delta);
      if (delta.abs().lessOrEqual(Dec.smallest)) break;
    }
    return guess;
  }
  approxSqrt(): Dec {
    return this.approxRoot(2n);
  }

  /**
   * Text of fixed width whose byte order is the numeric order within one sign (LegacySortableDecBytes).
   * Magnitudes above 10^18 are refused.
   */
  toSortableText(): string {
    const bound = ONE_SCALED * ONE_SCALED;
    if (this.scaled > bound || this.scaled < -bound) throw new DecError("dec must be within bounds");
    if (this.scaled === bound) return "max";
    if (this.scaled === -bound) return "--";
    const padded = this.abs()
      .toString()
      .padStart(2 * DEC_PLACES + 1, "0");
    return this.isNegative() ? `-${padded}` : padded;
  }
}

/** Prints decimal text for people, grouped by thousands and without trailing zeros (ADR-050, SIGN_MODE_TEXTUAL). */
export function groupDecimal(text: string): string {
  const parts = text.split(".");
  const [whole = "", fraction = ""] = parts;
  if (parts.length > 2) throw new DecError(`invalid decimal: too many points in ${text}`);
  const grouped = groupDigits(whole);
  const trimmed = fraction.replace(/0+$/, "");
  if (trimmed === "") return grouped;
  if (!/^[0-9]+$/.test(trimmed)) throw new DecError(`non-digits detected after decimal point in: "${trimmed}"`);
  return `${grouped}.${trimmed}`;
}

function magnitudeOf(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw new DecError("division by zero");
  return value;
}

function chopAndRound(value: bigint): bigint {
  if (value < 0n) return -chopAndRound(-value);
  const quotient = value / ONE_SCALED;
  const remainder = value % ONE_SCALED;
  if (remainder < HALF_SCALED) return quotient;
  if (remainder > HALF_SCALED) return quotient + 1n;
  return (quotient & 1n) === 0n ? quotient : quotient + 1n;
}

function chopAndRoundUp(value: bigint): bigint {
  const quotient = value / ONE_SCALED;
  return value % ONE_SCALED > 0n ? quotient + 1n : quotient;
}
