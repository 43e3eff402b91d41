/**
 * Owns the integers of transactions and state: the SDK's math.Int, a whole number whose magnitude has at most 256 bits,
 * as `bigint`. It parses, prints and bounds them. It does not own decimals (dec.ts) nor amounts with a name (coin.ts).
 */
import { MAX_INT_BITS, MAX_INT_DIGITS, MAX_INT64, MIN_INT64 } from "./limits.ts";

/** The text or value is not an integer this chain can hold. */
export class IntError extends Error {
  override name = "IntError";
}

/** The largest math.Int, 2^256 − 1. */
export const MAX_INT = (1n << BigInt(MAX_INT_BITS)) - 1n;

/** Returns `value` if its magnitude fits 256 bits and throws IntError ("Int overflow", as the SDK says) otherwise. */
export function checkInt(value: bigint): bigint {
  if (value > MAX_INT || value < -MAX_INT) throw new IntError("Int overflow");
  return value;
}

/**
 * Reads a math.Int from canonical decimal text: an optional minus sign and digits without a leading zero.
 * Go's reader guesses the base and takes `010` for eight; refusing such text keeps one meaning for each string.
 */
export function parseInteger(text: string): bigint {
  if (text.length > MAX_INT_DIGITS + 1) throw new IntError("integer text is too long");
  if (!/^(?:0|-?[1-9][0-9]*)$/.test(text)) throw new IntError(`invalid integer: ${JSON.stringify(text)}`);
  return checkInt(BigInt(text));
}

/** Prints a math.Int as canonical decimal text. */
export function formatInteger(value: bigint): string {
  return checkInt(value).toString();
}

/** Returns `value` if it is a signed 64-bit integer and throws IntError otherwise. */
export function checkInt64(value: bigint): bigint {
  if (value > MAX_INT64 || value < MIN_INT64) throw new IntError(`not a 64-bit integer: ${value}`);
  return value;
}

/** Adds two 64-bit integers; a sum outside the range becomes the nearest bound (CometBFT safeAddClip). */
export function addClip64(a: bigint, b: bigint): bigint {
  return clip64(a + b);
}

/** Subtracts two 64-bit integers; a difference outside the range becomes the nearest bound (CometBFT safeSubClip). */
export function subtractClip64(a: bigint, b: bigint): bigint {
  return clip64(a - b);
}

/** Multiplies two 64-bit integers, or returns undefined when the product does not fit (CometBFT safeMul). */
export function multiplySafe64(a: bigint, b: bigint): bigint | undefined {
  const product = a * b;
  return product > MAX_INT64 || product < MIN_INT64 ? undefined : product;
}

/** Divides rounding towards minus infinity; JavaScript's `/` rounds towards zero. The divisor is positive. */
export function floorDivide(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new IntError("floorDivide needs a positive divisor");
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

/**
 * Prints the digits of an integer in groups of three with apostrophes, as SIGN_MODE_TEXTUAL shows it (ADR-050).
 * The text may have leading zeros, which are dropped.
 */
export function groupDigits(text: string): string {
  const match = /^(-?)0*([0-9]+)$/.exec(text);
  const digits = match?.[2];
  if (match === null || digits === undefined) throw new IntError(`invalid integer: ${JSON.stringify(text)}`);
  return `${match[1]}${digits.replace(/\B(?=(?:[0-9]{3})+$)/g, "'")}`;
}

function clip64(value: bigint): bigint {
  if (value > MAX_INT64) return MAX_INT64;
  if (value < MIN_INT64) return MIN_INT64;
  return value;
}
