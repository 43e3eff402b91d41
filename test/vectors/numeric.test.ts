// The Cosmos SDK's own tables for integers, decimals and coins.

import { describe, expect, test } from "vitest";
import { areValidCoins, CoinError, formatCoin, parseCoins, validateCoin } from "../../chain/types/coin.ts";
import { Dec, groupDecimal } from "../../chain/types/dec.ts";
import { parseDecCoins } from "../../chain/types/dec-coin.ts";
import { groupDigits } from "../../chain/types/int.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { describeVectors, vector } from "./vectors.ts";

interface DecVectors {
  from_str: { input: string; error: boolean; value?: string }[];
  string: { scaled: string; want: string }[];
  arithmetic: Record<
    "a" | "b" | "mul" | "mul_truncate" | "mul_round_up" | "quo" | "quo_round_up" | "quo_truncate" | "add" | "sub",
    string
  >[];
  mul_precision_end: Record<"a" | "b" | "mul_round_up" | "mul_truncate", string>;
  bankers_round_int: [string, number][];
  truncate_int: [string, number][];
  ceil: [string, string][];
  power: [string, number, string][];
  approx_root: [string, number, string][];
  sortable_bytes: [string, string][];
  encoding: { value: string; marshal_hex: string; json: string }[];
  format_dec_bad: string[];
  string_overflow: Record<"a" | "b" | "sum", string>;
}

interface JsonCoin {
  denom: string;
  amount: string;
}

interface CoinVectors {
  parse_coins_normalized: { cases: { input: string; valid: boolean; expected?: JsonCoin[] }[] };
  coins_validate: { cases: { name: string; coins: JsonCoin[]; valid: boolean }[] };
  coin_is_valid: { cases: [string, number, boolean][] };
  parse_dec_coins: { cases: { input: string; expected?: JsonCoin[]; error?: boolean }[] };
  cosmjs_parse: { cases: [string, JsonCoin[]][] };
}

describeVectors("the SDK's decimals", () => {
  const cases = vector<DecVectors>("numeric/legacy_dec.json");

  test.each(cases.from_str)("reads or refuses $input, with and without a sign", ({ input, error, value }) => {
    if (error) {
      expect(() => Dec.parse(input)).toThrow();
      expect(() => Dec.parse(`-${input}`)).toThrow();
    } else {
      expect(Dec.parse(input).toString()).toBe(value);
      expect(Dec.parse(`-${input}`).equals(Dec.parse(value as string).negate())).toBe(true);
    }
  });

  test("prints all 18 places", () => {
    for (const { scaled, want } of cases.string) expect(Dec.fromScaled(BigInt(scaled)).toString()).toBe(want);
  });

  test("adds, subtracts, multiplies and divides with each rounding", () => {
    for (const row of cases.arithmetic) {
      const a = Dec.parse(row.a);
      const b = Dec.parse(row.b);
      expect(a.add(b).toString()).toBe(row.add);
      expect(a.sub(b).toString()).toBe(row.sub);
      expect(a.mul(b).toString()).toBe(row.mul);
      expect(a.mulTruncate(b).toString()).toBe(row.mul_truncate);
      expect(a.mulRoundUp(b).toString()).toBe(row.mul_round_up);
      if (b.isZero()) {
        expect(() => a.quo(b)).toThrow("division by zero");
        expect(() => a.quoTruncate(b)).toThrow("division by zero");
        expect(() => a.quoRoundUp(b)).toThrow("division by zero");
      } else {
        expect(a.quo(b).toString()).toBe(row.quo);
        expect(a.quoTruncate(b).toString()).toBe(row.quo_truncate);
        expect(a.quoRoundUp(b).toString()).toBe(row.quo_round_up);
      }
    }
    const { a, b, mul_round_up, mul_truncate } = cases.mul_precision_end;
    expect(Dec.parse(a).mulRoundUp(Dec.parse(b)).toString()).toBe(mul_round_up);
    expect(Dec.parse(a).mulTruncate(Dec.parse(b)).toString()).toBe(mul_truncate);
    const overflow = cases.string_overflow;
    expect(Dec.parse(overflow.a).add(Dec.parse(overflow.b)).toString()).toBe(overflow.sum);
  });

  test("rounds to whole numbers half to even, down and up", () => {
    for (const [text, want] of cases.bankers_round_int) expect(Dec.parse(text).roundInt()).toBe(BigInt(want));
    for (const [text, want] of cases.truncate_int) expect(Dec.parse(text).truncateInt()).toBe(BigInt(want));
    for (const [text, want] of cases.ceil) expect(Dec.parse(text).ceil().toString()).toBe(want);
  });

  test("raises to powers and draws roots within the last place, as upstream asserts", () => {
    for (const [base, exponent, want] of cases.power) {
      expectNear(Dec.parse(base).power(BigInt(exponent)), Dec.parse(want));
    }
    for (const [base, root, want] of cases.approx_root) {
      expectNear(Dec.parse(base).approxRoot(BigInt(root)), Dec.parse(want));
    }
  });

  test("makes text that sorts as the numbers do", () => {
    for (const [text, want] of cases.sortable_bytes) expect(Dec.parse(text).toSortableText()).toBe(want);
  });

  test("has the wire form and the JSON form of LegacyDec", () => {
    for (const { value, marshal_hex, json } of cases.encoding) {
      const dec = Dec.parse(value);
      expect(hex(utf8(dec.toWire()))).toBe(marshal_hex);
      expect(Dec.fromWire(dec.toWire()).equals(dec)).toBe(true);
      expect(JSON.stringify(dec.toString())).toBe(json);
    }
  });

  test("groups digits for people and refuses what is not a number", () => {
    for (const [input, want] of vector<[string, string][]>("numeric/decimals.json")) {
      expect(groupDecimal(input)).toBe(want);
    }
    for (const [input, want] of vector<[string, string][]>("numeric/integers.json")) {
      expect(groupDigits(input)).toBe(want);
    }
    for (const input of cases.format_dec_bad) expect(() => groupDecimal(input)).toThrow();
  });
});

describeVectors("the SDK's coins", () => {
  const cases = vector<CoinVectors>("numeric/coins.json");
  const texts = (coins: readonly { denom: string; amount: { toString(): string } }[]): JsonCoin[] =>
    coins.map(({ denom, amount }) => ({ denom, amount: amount.toString() }));

  test.each(cases.parse_coins_normalized.cases)("reads or refuses the list $input", ({ input, valid, expected }) => {
    if (valid) expect(texts(parseCoins(input))).toEqual(expected);
    else expect(() => parseCoins(input)).toThrow();
  });

  test.each(cases.coins_validate.cases)("judges the list: $name", ({ coins, valid }) => {
    expect(areValidCoins(coins.map(({ denom, amount }) => ({ denom, amount: BigInt(amount) })))).toBe(valid);
  });

  test("judges single coins", () => {
    for (const [denom, amount, valid] of cases.coin_is_valid.cases) {
      const judge = () => validateCoin({ denom, amount: BigInt(amount) });
      if (valid) expect(judge, `${amount}${denom}`).not.toThrow();
      else expect(judge, `${amount}${denom}`).toThrow(CoinError);
    }
  });

  test.each(cases.parse_dec_coins.cases)("reads or refuses the decimal list $input", ({ input, expected, error }) => {
    if (error === true) expect(() => parseDecCoins(input)).toThrow();
    else expect(texts(parseDecCoins(input))).toEqual(expected);
  });

  describe("what CosmJS writes is read", () => {
    test.each(cases.cosmjs_parse.cases)("%s", (input, expected) => {
      // CosmJS keeps zero coins; the SDK drops them, and so do we.
      expect(texts(parseCoins(input))).toEqual(expected.filter(({ amount }) => amount !== "0"));
      expect(parseCoins(input).map(formatCoin).join(",")).toBe(
        expected
          .filter(({ amount }) => amount !== "0")
          .map(({ denom, amount }) => `${amount}${denom}`)
          .join(","),
      );
    });
  });
});

function expectNear(got: Dec, want: Dec): void {
  expect(got.sub(want).abs().lessOrEqual(Dec.smallest), `${got} is not ${want}`).toBe(true);
}
