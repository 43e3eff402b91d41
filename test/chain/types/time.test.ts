import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addNanoseconds,
  compareTime,
  durationFromNanoseconds,
  durationToNanoseconds,
  equalTime,
  formatTime,
  isZeroTime,
  nanosecondsBetween,
  parseTime,
  TimeError,
  timeFromMilliseconds,
  timeFromNanoseconds,
  timeToNanoseconds,
  validateTime,
  weightedMedian,
  ZERO_TIME,
} from "../../../chain/types/time.ts";

// Years 1 to 9999 in nanoseconds.
const nanoseconds = fc.bigInt({ min: -62_135_596_800n * 10n ** 9n, max: 253_402_300_799n * 10n ** 9n });

describe("a timestamp", () => {
  test("is the same date JavaScript makes of it, for any millisecond of the years 1 to 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_000 }), (milliseconds) => {
        const text = new Date(milliseconds).toISOString();
        expect(parseTime(text)).toEqual(timeFromMilliseconds(BigInt(milliseconds)));
        expect(new Date(formatTime(timeFromMilliseconds(BigInt(milliseconds)))).getTime()).toBe(milliseconds);
      }),
    );
  });

  test("is read back from its text to the nanosecond", () => {
    fc.assert(
      fc.property(nanoseconds, (value) => {
        const time = timeFromNanoseconds(value);
        validateTime(time);
        expect(parseTime(formatTime(time))).toEqual(time);
        expect(timeToNanoseconds(time)).toBe(value);
      }),
    );
  });

  test("is printed as Go's RFC3339Nano: no trailing zeros, UTC", () => {
    expect(formatTime(ZERO_TIME)).toBe("0001-01-01T00:00:00Z");
    expect(formatTime({ seconds: 0n, nanos: 120_000_000 })).toBe("1970-01-01T00:00:00.12Z");
    expect(formatTime({ seconds: 951_782_400n, nanos: 1 })).toBe("2000-02-29T00:00:00.000000001Z");
    expect(formatTime(parseTime("2024-02-29T23:30:00.5-01:30"))).toBe("2024-03-01T01:00:00.5Z");
    expect(isZeroTime(parseTime("0001-01-01T00:00:00Z"))).toBe(true);
  });

  test("is compared and moved by nanoseconds", () => {
    fc.assert(
      fc.property(nanoseconds, nanoseconds, (a, b) => {
        const [x, y] = [timeFromNanoseconds(a), timeFromNanoseconds(b)];
        expect(Math.sign(compareTime(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(nanosecondsBetween(x, y)).toBe(b - a);
        expect(equalTime(addNanoseconds(x, b - a), y)).toBe(true);
        expect(durationToNanoseconds(durationFromNanoseconds(b - a))).toBe(b - a);
      }),
    );
  });

  test("is refused with its own error when it is no time", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseTime(text)).toThrow(TimeError);
      }),
    );
    const bad = ["2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-32T00:00:00Z"];
    bad.push("2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01 00:00:00Z");
    bad.push(
      "2024-01-01T00:00:00",
      "2024-01-01T00:00:00+24:00",
      "2024-01-01T00:00:00.1234567891Z",
      "0000-01-01T00:00:00Z",
    );
    for (const text of bad) expect(() => parseTime(text), text).toThrow(TimeError);
    expect(() => formatTime({ seconds: 10n ** 12n, nanos: 0 })).toThrow(TimeError);
    expect(() => validateTime({ seconds: 0n, nanos: 1_000_000_000 })).toThrow(TimeError);
  });
});

describe("the weighted median", () => {
  test("is one of the times, whatever their order, and half the weight lies on either side", () => {
    const entry = fc.record({ time: fc.bigInt({ min: 0n, max: 20n }), weight: fc.bigInt({ min: 1n, max: 100n }) });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (entries) => {
        const times = entries.map(({ time, weight }) => ({ time: { seconds: time, nanos: 0 }, weight }));
        const total = entries.reduce((sum, { weight }) => sum + weight, 0n);
        const median = weightedMedian(times, total);
        expect(weightedMedian(times.toReversed(), total)).toEqual(median);
        const weigh = (keep: (time: bigint) => boolean) =>
          entries.filter(({ time }) => keep(time)).reduce((sum, { weight }) => sum + weight, 0n);
        expect(entries.some(({ time }) => time === median.seconds)).toBe(true);
        expect(weigh((time) => time <= median.seconds) >= total / 2n).toBe(true);
        expect(weigh((time) => time >= median.seconds) >= total / 2n).toBe(true);
      }),
    );
    expect(weightedMedian([], 0n)).toEqual(ZERO_TIME);
  });
});
