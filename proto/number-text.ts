// Times, durations and decimals as text, the way Go's protobuf JSON writes them. Owns the text forms only: arithmetic on
// these values lives above, in chain/types. Integers are bigint throughout, so no rounding can creep in.

import { DEC_PLACES } from "./limits.ts";

/** Thrown when text is not of the form asked for, or a value has no such form. */
export class NumberTextError extends Error {
  override readonly name = "NumberTextError";
}

/** A google.protobuf.Timestamp or Duration. */
export interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

const SECONDS_PER_DAY = 86400n;
/** 0001-01-01 and the first second after 9999-12-31, unix seconds. */
const TIME_MIN = -62135596800n;
const TIME_END = 253402300800n;
const NANOS_PER_SECOND = 1000000000n;

const padded = (value: bigint | number, width: number): string => value.toString().padStart(width, "0");

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Hinnant, days_from_civil). Years from 1. */
function daysFromCivil(year: bigint, month: bigint, day: bigint): bigint {
  const y = month <= 2n ? year - 1n : year;
  const era = y / 400n;
  const yearOfEra = y - era * 400n;
  const dayOfYear = (153n * (month + (month > 2n ? -3n : 9n)) + 2n) / 5n + day - 1n;
  const dayOfEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear;
  return era * 146097n + dayOfEra - 719468n;
}

/** The date of a day counted from 1970-01-01 (Hinnant, civil_from_days). Days from 0001-01-01. */
function civilFromDays(days: bigint): readonly [year: bigint, month: bigint, day: bigint] {
  const shifted = days + 719468n;
  const era = shifted / 146097n;
  const dayOfEra = shifted - era * 146097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36524n - dayOfEra / 146096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const monthIndex = (5n * dayOfYear + 2n) / 153n;
  const month = monthIndex < 10n ? monthIndex + 3n : monthIndex - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return [year, month, dayOfYear - (153n * monthIndex + 2n) / 5n + 1n];
}

/** Nanoseconds as a fraction: none, or 3, 6 or 9 digits, as protobuf JSON has it. */
function fractionInGroups(nanos: number): string {
  if (nanos === 0) return "";
  const digits = padded(nanos, 9);
  return `.${digits.endsWith("000000") ? digits.slice(0, 3) : digits.endsWith("000") ? digits.slice(0, 6) : digits}`;
}

/** Nanoseconds as a fraction without trailing zeros, as Go's RFC3339Nano has it. */
function fractionShortest(nanos: number): string {
  return nanos === 0 ? "" : `.${padded(nanos, 9).replace(/0+$/, "")}`;
}

/**
 * A time as RFC 3339 in UTC. The fraction has 0, 3, 6 or 9 digits ("groups", protobuf JSON) or no trailing zeros
 * ("shortest", Go's RFC3339Nano, amino JSON). Throws NumberTextError outside the years 1 to 9999.
 */
export function timestampText(time: SecondsAndNanos, fraction: "groups" | "shortest" = "groups"): string {
  const { seconds, nanos } = time;
  if (seconds < TIME_MIN || seconds >= TIME_END || nanos < 0 || nanos >= 1000000000)
    throw new NumberTextError("time outside the years 1 to 9999");
  const sinceYearOne = seconds - TIME_MIN;
  const secondOfDay = sinceYearOne % SECONDS_PER_DAY;
  const [year, month, day] = civilFromDays((seconds - secondOfDay) / SECONDS_PER_DAY);
  const date = `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
  const clock = [secondOfDay / 3600n, (secondOfDay / 60n) % 60n, secondOfDay % 60n].map((part) => padded(part, 2));
  return `${date}T${clock.join(":")}${fraction === "groups" ? fractionInGroups(nanos) : fractionShortest(nanos)}Z`;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** A time from RFC 3339 of any offset. Throws NumberTextError. */
export function parseTimestamp(text: string): SecondsAndNanos {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) throw new NumberTextError(`not an RFC 3339 time: ${text.slice(0, 40)}`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const monthDays = (DAYS_IN_MONTH[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (year < 1 || day < 1 || day > monthDays || hour > 23 || minute > 59 || second > 59)
    throw new NumberTextError(`no such date or time: ${text.slice(0, 40)}`);
  const zone = match[8] as string;
  const offset =
    zone === "Z" ? 0 : (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * (zone.startsWith("-") ? -60 : 60);
  const days = daysFromCivil(BigInt(year), BigInt(month), BigInt(day));
  const seconds = days * SECONDS_PER_DAY + BigInt(hour * 3600 + minute * 60 + second - offset);
  if (seconds < TIME_MIN || seconds >= TIME_END) throw new NumberTextError("time outside the years 1 to 9999");
  return { seconds, nanos: Number((match[7] ?? "").padEnd(9, "0")) };
}

/** A duration as seconds with a fraction of 0, 3, 6 or 9 digits and "s", as protobuf JSON has it. */
export function durationText(duration: SecondsAndNanos): string {
  const { seconds, nanos } = duration;
  const negative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${negative ? "-" : ""}${whole}${fractionInGroups(nanos < 0 ? -nanos : nanos)}s`;
}

const nanosPerUnit: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  "\u00b5s": 1000n,
  "\u03bcs": 1000n,
  ms: 1000000n,
  s: NANOS_PER_SECOND,
  m: 60n * NANOS_PER_SECOND,
  h: 3600n * NANOS_PER_SECOND,
};

/** A duration from text such as "1209600s", "1.5s" or Go's "504h0m0s". Throws NumberTextError. */
export function parseDuration(text: string): SecondsAndNanos {
  const refuse = (): never => {
    throw new NumberTextError(`not a duration: ${text.slice(0, 40)}`);
  };
  const negative = text.startsWith("-");
  const body = negative ? text.slice(1) : text;
  if (body.length === 0 || body.length > 64) refuse();
  let total = 0n;
  let at = 0;
  const term = /(\d+)(?:\.(\d{1,9}))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y;
  while (at < body.length) {
    term.lastIndex = at;
    const match = term.exec(body) ?? refuse();
    const unit = nanosPerUnit[match[3] as string] as bigint;
    const fraction = match[2] ?? "";
    total += BigInt(match[1] as string) * unit;
    // Go truncates what is finer than a nanosecond.
    if (fraction !== "") total += (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
    at = term.lastIndex;
  }
  const signed = negative ? -total : total;
  if (signed !== BigInt.asIntN(64, signed)) refuse();
  return { seconds: signed / NANOS_PER_SECOND, nanos: Number(signed % NANOS_PER_SECOND) };
}

/** A scaled decimal as on the wire ("100000000000000000") as JSON has it ("0.100000000000000000"). */
export function decimalText(scaled: string): string {
  if (!/^-?\d+$/.test(scaled)) throw new NumberTextError(`not a scaled decimal: ${scaled.slice(0, 40)}`);
  const negative = scaled.startsWith("-");
  const digits = (negative ? scaled.slice(1) : scaled).padStart(DEC_PLACES + 1, "0");
  const point = digits.length - DEC_PLACES;
  return `${negative ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A decimal ("0.1") as on the wire. Throws NumberTextError on more than 18 places or anything else. */
export function parseDecimal(text: string): string {
  const match = text.length <= 128 ? /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text) : null;
  if (match === null) throw new NumberTextError(`not a decimal of at most ${DEC_PLACES} places: ${text.slice(0, 40)}`);
  const scaled = BigInt(`${match[2]}${(match[3] ?? "").padEnd(DEC_PLACES, "0")}`);
  return (match[1] === "-" ? -scaled : scaled).toString();
}

/** A decimal integer in its shortest form. Throws NumberTextError. */
export function parseInteger(text: string): string {
  if (text.length > 128 || !/^-?\d+$/.test(text)) throw new NumberTextError(`not an integer: ${text.slice(0, 40)}`);
  return BigInt(text).toString();
}
