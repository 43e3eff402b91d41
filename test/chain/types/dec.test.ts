import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Dec, DecError, groupDecimal } from "../../../chain/types/dec.ts";

const ONE = 10n ** 18n;
const scaled = fc.oneof(
  fc.bigInt({ min: -(1n << 150n), max: 1n << 150n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  // Halves and whole numbers, where roundings differ.
  fc.bigInt({ min: -(1n << 40n), max: 1n << 40n }).map((value) => (value * ONE) / 2n),
);
const nonZero = scaled.filter((value) => value !== 0n);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe("a Dec against exact rational arithmetic", () => {
  test("adds, subtracts and compares exactly", () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [x, y] = [Dec.fromScaled(a), Dec.fromScaled(b)];
        expect(x.add(y).scaled).toBe(a + b);
        expect(x.sub(y).scaled).toBe(a - b);
        expect(Math.sign(x.compare(y))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(x.min(y).lessOrEqual(x.max(y))).toBe(true);
      }),
    );
  });

  test("multiplies to the nearest 18th place, halves to even", () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const product = Dec.fromScaled(a).mul(Dec.fromScaled(b)).scaled;
        const error = magnitude(product * ONE - a * b) * 2n;
        expect(error <= ONE).toBe(true);
        if (error === ONE) expect(product % 2n).toBe(0n);
      }),
    );
  });

  test("multiplies towards zero and towards plus infinity", () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const exact = a * b;
        const down = Dec.fromScaled(a).mulTruncate(Dec.fromScaled(b)).scaled * ONE;
        expect(magnitude(down) <= magnitude(exact) && magnitude(exact - down) < ONE).toBe(true);
        const up = Dec.fromScaled(a).mulRoundUp(Dec.fromScaled(b)).scaled * ONE;
        expect(up >= exact && up - exact < ONE).toBe(true);
      }),
    );
  });

  test("divides to the nearest 18th place, within what 36 places can tell", () => {
    fc.assert(
      fc.property(scaled, nonZero, (a, b) => {
        const quotient = Dec.fromScaled(a).quo(Dec.fromScaled(b)).scaled;
        const error = magnitude(quotient * b - a * ONE);
        expect(error * 2n * ONE <= magnitude(b) * (ONE + 2n)).toBe(true);
      }),
    );
  });

  test("divides towards zero and towards plus infinity", () => {
    fc.assert(
      fc.property(scaled, nonZero, (a, b) => {
        const [numerator, denominator] = b < 0n ? [-a * ONE, -b] : [a * ONE, b];
        const down = Dec.fromScaled(a).quoTruncate(Dec.fromScaled(b)).scaled;
        expect(down).toBe(numerator / denominator);
        const up = Dec.fromScaled(a).quoRoundUp(Dec.fromScaled(b)).scaled;
        expect(up * denominator >= numerator && (up - 1n) * denominator < numerator).toBe(true);
      }),
    );
  });

  test("rounds, truncates and lifts to whole numbers", () => {
    fc.assert(
      fc.property(scaled, (a) => {
        const x = Dec.fromScaled(a);
        const error = magnitude(x.roundInt() * ONE - a) * 2n;
        expect(error < ONE || (error === ONE && x.roundInt() % 2n === 0n)).toBe(true);
        expect(x.truncateInt()).toBe(a / ONE);
        const up = x.ceil().scaled;
        expect(up >= a && up - a < ONE && up % ONE === 0n).toBe(true);
        expect(x.truncateDec().isInteger()).toBe(true);
      }),
    );
  });

  test("draws square roots to the last places", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 120n }), (a) => {
        const root = Dec.fromScaled(a).approxSqrt().scaled;
        const nearby = [root - 2n, root + 2n].map((value) => (value < 0n ? 0n : value * value));
        expect((nearby[0] as bigint) <= a * ONE && a * ONE <= (nearby[1] as bigint)).toBe(true);
      }),
    );
  });
});

describe("the text of a Dec", () => {
  test("is read back, as a decimal and as the scaled integer of the wire", () => {
    fc.assert(
      fc.property(scaled, (a) => {
        const x = Dec.fromScaled(a);
        expect(Dec.parse(x.toString()).scaled).toBe(a);
        expect(Dec.fromWire(x.toWire()).scaled).toBe(a);
        expect(groupDecimal(x.toString()).replaceAll("'", "")).toBe(x.toString().replace(/\.?0+$/, ""));
      }),
    );
    expect(Dec.fromWire("").isZero()).toBe(true);
  });

  test("is bounded: 315 bits pass and 316 do not", () => {
    const largest = (1n << 315n) - 1n;
    expect(Dec.fromScaled(largest).add(Dec.zero).scaled).toBe(largest);
    expect(() => Dec.fromScaled(largest).add(Dec.smallest)).toThrow("Int overflow");
    expect(() => Dec.fromScaled(-largest).sub(Dec.smallest)).toThrow("Int overflow");
    expect(() => Dec.fromScaled(largest).mulInt(2n)).toThrow("Int overflow");
    expect(() => Dec.fromWire((largest + 1n).toString())).toThrow("decimal out of range");
    expect(() => Dec.withPlaces(1n, 19)).toThrow("too much precision");
  });

  test("refuses anything else with its own error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!/^-?[0-9]+(\.[0-9]{1,18})?$/.test(text)) expect(() => Dec.parse(text)).toThrow(DecError);
        if (!/^(0|-?[1-9][0-9]*)?$/.test(text)) expect(() => Dec.fromWire(text)).toThrow(DecError);
      }),
    );
    for (const text of ["1.2.3", "--1", "1e5", "0x1", "1'000", "+1", `0.${"1".repeat(19)}`, "1".repeat(5000)]) {
      expect(() => Dec.parse(text), text).toThrow(DecError);
    }
    expect(() => Dec.fromWire("007")).toThrow(DecError);
  });
});

describe("powers", () => {
  test("multiply step by step as LegacyDec does, so that every node rounds alike", () => {
    const x = Dec.parse("1.000000000158153904");
    expect(x.power(0n).equals(Dec.one)).toBe(true);
    expect(x.power(1n).equals(x)).toBe(true);
    expect(x.power(3n).equals(x.mul(x).mul(x))).toBe(true);
    expect(() => x.power(-1n)).toThrow(DecError);
    expect(() => x.approxRoot(-1n)).toThrow(DecError);
  });
});
