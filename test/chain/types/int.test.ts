import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkInt64,
  floorDivide,
  formatInteger,
  groupDigits,
  IntError,
  MAX_INT,
  parseInteger,
} from "../../../chain/types/int.ts";

const anyInteger = fc.bigInt({ min: -MAX_INT, max: MAX_INT });

describe("a math.Int", () => {
  test("is read back from its text, up to 256 bits", () => {
    fc.assert(fc.property(anyInteger, (value) => parseInteger(formatInteger(value)) === value));
    expect(parseInteger(MAX_INT.toString())).toBe(MAX_INT);
    expect(() => parseInteger((MAX_INT + 1n).toString())).toThrow("Int overflow");
    expect(() => formatInteger(-MAX_INT - 1n)).toThrow("Int overflow");
  });

  test("has one text: leading zeros, signs, spaces, bases and separators are refused", () => {
    for (const text of [
      "",
      "-",
      "-0",
      "+1",
      "01",
      "-01",
      "0x10",
      "1_000",
      "1e3",
      "1.0",
      " 1",
      "1 ",
      "١",
      "9".repeat(1000),
    ]) {
      expect(() => parseInteger(text), text).toThrow(IntError);
    }
  });

  test("refuses any text but canonical integers with its own error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (/^(0|-?[1-9][0-9]{0,76})$/.test(text)) return;
        expect(() => parseInteger(text)).toThrow(IntError);
      }),
    );
  });
});

describe("arithmetic on integers", () => {
  test("divides rounding down where bigint rounds towards zero", () => {
    fc.assert(
      fc.property(anyInteger, fc.bigInt({ min: 1n, max: 1n << 70n }), (dividend, divisor) => {
        const quotient = floorDivide(dividend, divisor);
        expect(quotient * divisor <= dividend && dividend < (quotient + 1n) * divisor).toBe(true);
      }),
    );
    expect(() => floorDivide(1n, 0n)).toThrow(IntError);
    expect(() => floorDivide(1n, -2n)).toThrow(IntError);
  });

  test("knows the bounds of 64-bit integers", () => {
    expect(checkInt64(-(2n ** 63n))).toBe(-(2n ** 63n));
    expect(() => checkInt64(2n ** 63n)).toThrow(IntError);
  });

  test("groups digits in threes whatever their number", () => {
    fc.assert(
      fc.property(anyInteger, (value) => {
        const grouped = groupDigits(value.toString());
        expect(grouped.replaceAll("'", "")).toBe(value.toString());
        expect(grouped).toMatch(/^-?[0-9]{1,3}('[0-9]{3})*$/);
      }),
    );
    expect(() => groupDigits("")).toThrow(IntError);
    expect(() => groupDigits("1a")).toThrow(IntError);
  });
});
