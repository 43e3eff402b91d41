/** The scorecard's arithmetic, against exact fractions and a power of two computed another way. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partOf, type Score, scorecardOf, timeliness } from "../../../modules/datanet/scorecard.ts";

const HALF_LIFE = 16_000n;

function score(present: number, correct: number, broken: number): Score {
  const counts = { requiredCells: 10, presentCells: present, auditedItems: 10, correctItems: correct };
  return { ...counts, checkedRules: 10, brokenRules: broken, datanetId: 1n, number: 1n, validator: "", height: 1n };
}

describe("timeliness", () => {
  test("falls by sixteenths of a half-life, each the 16th root of a half to the last of twenty bits", () => {
    for (let step = 0; step < 64; step++) {
      // The greatest t with (t / 2^20)^16 at most 2^-(step mod 16): a 16th root without any floating point.
      const bound = 2n ** (20n * 16n - BigInt(step % 16));
      const root = timeliness(BigInt(step) * 1000n, HALF_LIFE);
      let factor = 1n << 20n;
      while (factor ** 16n > bound) factor -= 1n;
      expect(root).toBe(Number((1_000_000n * factor) >> 20n) >> Math.floor(step / 16));
    }
  });

  test("is whole at first, half after a half-life, nothing after twenty, and never rises", () => {
    expect([timeliness(-5n, HALF_LIFE), timeliness(0n, HALF_LIFE)]).toEqual([1_000_000, 1_000_000]);
    expect([timeliness(HALF_LIFE, HALF_LIFE), timeliness(20n * HALF_LIFE, HALF_LIFE)]).toEqual([500_000, 0]);
    fc.assert(
      fc.property(fc.bigInt(0n, 400_000n), fc.bigInt(0n, 400_000n), (age, more) => {
        expect(timeliness(age + more, HALF_LIFE)).toBeLessThanOrEqual(timeliness(age, HALF_LIFE));
      }),
    );
  });
});

describe("a scorecard", () => {
  const record = { noveltyPpm: 400_000, approvals: 2, rejections: 1, age: HALF_LIFE, halfLife: HALF_LIFE };

  test("without validators means over what is known", () => {
    expect(scorecardOf(record, [])).toEqual({
      completenessPpm: 0,
      accuracyPpm: 0,
      consistencyPpm: 0,
      timelinessPpm: 500_000,
      relevancePpm: 600_000,
      scarcityPpm: 400_000,
      overallPpm: 500_000,
      validators: 0,
      attestedPpm: 0,
    });
  });

  test("takes the median of the validators, the lower one of an even number, so that one liar moves it by a place at most", () => {
    const honest = [score(8, 9, 1), score(8, 9, 1)];
    expect(scorecardOf(record, [...honest, score(0, 0, 10)])).toMatchObject({
      completenessPpm: 800_000,
      accuracyPpm: 900_000,
      consistencyPpm: 900_000,
    });
    expect(scorecardOf(record, [score(2, 2, 2), score(8, 8, 8)])).toMatchObject({
      completenessPpm: 200_000,
      accuracyPpm: 200_000,
      consistencyPpm: 200_000,
    });
  });

  test("is worth to its record the mean of all but its age, where a validator has scored it", () => {
    // 8 + 9 + 9 tenths, 6 and 4 tenths: 3.6 of 5, whatever the time that has passed.
    for (const age of [0n, HALF_LIFE, 40n * HALF_LIFE]) {
      expect(scorecardOf({ ...record, age }, [score(8, 9, 1)]).attestedPpm).toBe(720_000);
    }
  });

  test("rounds down, counts what was not asked for as whole, and stays within a million", () => {
    expect([partOf(1, 3), partOf(2, 3), partOf(0, 0)]).toEqual([333_333, 666_666, 1_000_000]);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (part, more) => {
        const ppm = partOf(part, part + more);
        expect(ppm >= 0 && ppm <= 1_000_000).toBe(true);
      }),
    );
  });
});
