/**
 * Owns points in time and lengths of time as data: comparison, arithmetic, RFC 3339 text and the weighted median that
 * makes a block's time. It never asks what time it is. Timestamps are seconds and nanoseconds since 1970, UTC.
 */

import { ValidationError } from "./errors.ts";

/** A point in time: seconds since 1970-01-01T00:00:00Z, negative before it, and 0 to 999,999,999 nanoseconds. */
export interface Timestamp {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** A length of time as protobuf carries it. */
export interface Duration {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** The text or value is not a time this chain can hold. Peers send times, so it is a ValidationError too. */
export class TimeError extends ValidationError {
  override name = "TimeError";
}

/** Go's zero time, 0001-01-01T00:00:00Z: what an absent commit signature carries. */
export const ZERO_TIME: Timestamp = { seconds: -62_135_596_800n, nanos: 0 };

const MAX_SECONDS = 253_402_300_799n;
const NANOS_PER_SECOND = 1_000_000_000n;
const SECONDS_PER_DAY = 86_400n;
const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareTime(a: Timestamp, b: Timestamp): number {
  if (a.seconds !== b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return a.nanos - b.nanos;
}

/** True when the two are the same instant. */
export function equalTime(a: Timestamp, b: Timestamp): boolean {
  return a.seconds === b.seconds && a.nanos === b.nanos;
}

/** True for Go's zero time. */
export function isZeroTime(time: Timestamp): boolean {
  return equalTime(time, ZERO_TIME);
}

/** Throws TimeError unless the time lies in the years 1 to 9999 and its nanoseconds in one second. */
export function validateTime(time: Timestamp): void {
  if (time.seconds < ZERO_TIME.seconds || time.seconds > MAX_SECONDS) throw new TimeError("time is out of range");
  if (!Number.isInteger(time.nanos) || time.nanos < 0 || time.nanos > 999_999_999) {
    throw new TimeError("nanoseconds are out of range");
  }
}

/** Nanoseconds since 1970. */
export function timeToNanoseconds(time: Timestamp): bigint {
  return time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
}

/** The time so many nanoseconds after 1970. */
export function timeFromNanoseconds(nanoseconds: bigint): Timestamp {
  const rest = ((nanoseconds % NANOS_PER_SECOND) + NANOS_PER_SECOND) % NANOS_PER_SECOND;
  return { seconds: (nanoseconds - rest) / NANOS_PER_SECOND, nanos: Number(rest) };
}

/** The time so many milliseconds after 1970. */
export function timeFromMilliseconds(milliseconds: bigint): Timestamp {
  return timeFromNanoseconds(milliseconds * 1_000_000n);
}

/** The time `nanoseconds` after `time`. */
export function addNanoseconds(time: Timestamp, nanoseconds: bigint): Timestamp {
  return timeFromNanoseconds(timeToNanoseconds(time) + nanoseconds);
}

/** Nanoseconds from `earlier` to `later`; negative when they are the other way round. */
export function nanosecondsBetween(earlier: Timestamp, later: Timestamp): bigint {
  return timeToNanoseconds(later) - timeToNanoseconds(earlier);
}

/** Nanoseconds of a protobuf duration. */
export function durationToNanoseconds(duration: Duration): bigint {
  return duration.seconds * NANOS_PER_SECOND + BigInt(duration.nanos);
}

/** The protobuf duration of so many nanoseconds; both fields carry the sign. */
export function durationFromNanoseconds(nanoseconds: bigint): Duration {
  return { seconds: nanoseconds / NANOS_PER_SECOND, nanos: Number(nanoseconds % NANOS_PER_SECOND) };
}

/** Reads RFC 3339 text with up to nine decimals and any offset. Throws TimeError for anything else. */
export function parseTime(text: string): Timestamp {
  const match = RFC3339.exec(text);
  if (match === null) throw new TimeError(`invalid time: ${JSON.stringify(text.slice(0, 64))}`);
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = "Z"] = match;
  const days = daysFromCivil(BigInt(year), BigInt(month), BigInt(day));
  const inRange = BigInt(hour) < 24n && BigInt(minute) < 60n && BigInt(second) < 60n;
  if (days === undefined || !inRange) throw new TimeError(`invalid time: ${text}`);
  const seconds =
    days * SECONDS_PER_DAY + BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(second) - zoneSeconds(zone, text);
  const time = { seconds, nanos: Number(fraction.padEnd(9, "0")) };
  validateTime(time);
  return time;
}

/** Prints a time as Go's RFC3339Nano in UTC: trailing zeros of the fraction are dropped. */
export function formatTime(time: Timestamp): string {
  validateTime(time);
  const secondsOfDay = ((time.seconds % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
  const { year, month, day } = civilFromDays((time.seconds - secondsOfDay) / SECONDS_PER_DAY);
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  const clock = `${pad(secondsOfDay / 3600n, 2)}:${pad((secondsOfDay / 60n) % 60n, 2)}:${pad(secondsOfDay % 60n, 2)}`;
  const fraction = time.nanos === 0 ? "" : `.${pad(BigInt(time.nanos), 9).replace(/0+$/, "")}`;
  return `${date}T${clock}${fraction}Z`;
}

/** One vote's time and the power behind it. */
export interface WeightedTime {
  readonly time: Timestamp;
  readonly weight: bigint;
}

/**
 * The weighted median of CometBFT 0.38 (spec/consensus/bft-time.md): walk the times in ascending order, starting with
 * half the total, and take the first whose weight is not less than what is left. Without times it is Go's zero time.
 */
export function weightedMedian(times: readonly WeightedTime[], totalWeight: bigint): Timestamp {
  let left = totalWeight / 2n;
  for (const { time, weight } of [...times].sort((a, b) => compareTime(a.time, b.time))) {
    if (left <= weight) return time;
    left -= weight;
  }
  return ZERO_TIME;
}

function pad(value: bigint, digits: number): string {
  return value.toString().padStart(digits, "0");
}

function zoneSeconds(zone: string, text: string): bigint {
  if (zone === "Z") return 0n;
  const hours = BigInt(zone.slice(1, 3));
  const minutes = BigInt(zone.slice(4, 6));
  if (hours > 23n || minutes > 59n) throw new TimeError(`invalid time: ${text}`);
  return (zone.startsWith("-") ? -1n : 1n) * (hours * 3600n + minutes * 60n);
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar, or undefined when there is no such date. */
function daysFromCivil(year: bigint, month: bigint, day: bigint): bigint | undefined {
  if (month < 1n || month > 12n || day < 1n || day > 31n) return undefined;
  // Years start in March here, so that the leap day is the last day of the year.
  const shifted = month <= 2n ? year - 1n : year;
  const cycle = (shifted >= 0n ? shifted : shifted - 399n) / 400n;
  const yearOfCycle = shifted - cycle * 400n;
  const dayOfYear = (153n * (month + (month > 2n ? -3n : 9n)) + 2n) / 5n + day - 1n;
  const dayOfCycle = yearOfCycle * 365n + yearOfCycle / 4n - yearOfCycle / 100n + dayOfYear;
  const days = cycle * 146_097n + dayOfCycle - 719_468n;
  const back = civilFromDays(days);
  return back.year === year && back.month === month && back.day === day ? days : undefined;
}

/** The date so many days after 1970-01-01, the inverse of daysFromCivil. */
function civilFromDays(days: bigint): { year: bigint; month: bigint; day: bigint } {
  const shifted = days + 719_468n;
  const cycle = (shifted >= 0n ? shifted : shifted - 146_096n) / 146_097n;
  const dayOfCycle = shifted - cycle * 146_097n;
  const yearOfCycle = (dayOfCycle - dayOfCycle / 1460n + dayOfCycle / 36_524n - dayOfCycle / 146_096n) / 365n;
  const dayOfYear = dayOfCycle - (365n * yearOfCycle + yearOfCycle / 4n - yearOfCycle / 100n);
  const monthFromMarch = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * monthFromMarch + 2n) / 5n + 1n;
  const month = monthFromMarch < 10n ? monthFromMarch + 3n : monthFromMarch - 9n;
  return { year: yearOfCycle + cycle * 400n + (month <= 2n ? 1n : 0n), month, day };
}
