import { coins as cosmjsCoins, parseCoins as cosmjsParse } from "@cosmjs/amino";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addCoins,
  amountOf,
  areValidCoins,
  type Coin,
  CoinError,
  coinsFromMessages,
  coinsToMessages,
  denomsSubsetOf,
  equalCoins,
  formatCoins,
  isAllGte,
  isAnyGte,
  isValidDenom,
  minCoins,
  mulCoins,
  newCoins,
  parseCoin,
  parseCoins,
  safeSubCoins,
  subCoins,
  validateCoins,
} from "../../../chain/types/coin.ts";
import { Dec } from "../../../chain/types/dec.ts";
import {
  addDecCoins,
  decAmountOf,
  decCoinsFromCoins,
  decCoinsFromMessages,
  decCoinsToMessages,
  formatDecCoins,
  intersectDecCoins,
  mulDecCoinsTruncate,
  newDecCoins,
  parseDecCoins,
  quoDecCoinsTruncate,
  subDecCoins,
  truncateDecCoins,
} from "../../../chain/types/dec-coin.ts";
import { MAX_INT } from "../../../chain/types/int.ts";

const denom = fc.constantFrom("uopen", "atom", "Atom", "ibc/27394FB0", "stake", "x:y-z.1_2", "foo");
const amount = fc.bigInt({ min: 1n, max: 1n << 200n });
const someCoins = fc
  .uniqueArray(fc.record({ denom, amount }), { selector: (coin) => coin.denom })
  .map((list) => newCoins(...list));
const someDecCoins = fc
  .uniqueArray(fc.record({ denom, amount: amount.map((value) => Dec.fromScaled(value)) }), {
    selector: (coin) => coin.denom,
  })
  .map((list) => newDecCoins(...list));

describe("lists of coins", () => {
  test("stay sorted, positive and without duplicates through every operation", () => {
    fc.assert(
      fc.property(someCoins, someCoins, fc.bigInt({ min: 0n, max: 1000n }), (a, b, factor) => {
        for (const result of [addCoins(a, b), minCoins(a, b), mulCoins(a, factor)]) validateCoins(result);
        const { coins, negative } = safeSubCoins(a, b);
        expect(negative).toBe(!isAllGte(a, b));
        if (!negative) validateCoins(coins);
      }),
    );
  });

  test("add and subtract amount by amount", () => {
    fc.assert(
      fc.property(someCoins, someCoins, denom, (a, b, name) => {
        const sum = addCoins(a, b);
        expect(amountOf(sum, name)).toBe(amountOf(a, name) + amountOf(b, name));
        expect(subCoins(sum, b)).toEqual(a);
        expect(isAllGte(sum, b)).toBe(true);
        expect(denomsSubsetOf(a, sum)).toBe(true);
        expect(equalCoins(sum, addCoins(b, a))).toBe(true);
        expect(isAnyGte(sum, b)).toBe(b.length > 0);
      }),
    );
    expect(() => subCoins([], newCoins({ denom: "foo", amount: 1n }))).toThrow("negative coin amount");
    const most: readonly Coin[] = [{ denom: "foo", amount: MAX_INT }];
    expect(() => addCoins(most, most)).toThrow("Int overflow");
    expect(() => mulCoins(most, -1n)).toThrow(CoinError);
  });

  test("are read back from their text, as CosmJS reads and writes it", () => {
    fc.assert(
      fc.property(someCoins, (list) => {
        expect(parseCoins(formatCoins(list))).toEqual(list);
        // CosmJS knows denominations without special characters only.
        const plain = list.filter((coin) => /^[a-zA-Z]+$/.test(coin.denom) && coin.amount < 1n << 100n);
        expect(cosmjsParse(formatCoins(plain))).toEqual(coinsToMessages(plain));
        expect(coinsFromMessages(coinsToMessages(list))).toEqual(list);
      }),
    );
    expect(coinsToMessages([parseCoin("10uopen")])).toEqual(cosmjsCoins(10, "uopen"));
  });

  test("refuse any other text with an error of their own", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const items = text.split(",");
        if (text.trim() === "" || items.every((item) => /^\s*\.?[0-9.]+\s*[a-zA-Z]/.test(item))) return;
        expect(() => parseCoins(text)).toThrow(CoinError);
        expect(() => parseDecCoins(text)).toThrow(CoinError);
      }),
    );
    for (const text of ["10", "uopen", "-1uopen", "1 2foo", "1foo,,2bar", "1ab", `1${"a".repeat(129)}`, "1a\u0000b"]) {
      expect(() => parseCoins(text), text).toThrow(CoinError);
    }
    expect(() => parseCoins("1foo,".repeat(20_000))).toThrow(CoinError);
    expect(() => parseCoins(`${"1".repeat(100)}foo`)).toThrow();
  });

  test("judge denominations by the SDK's expression", () => {
    for (const good of ["abc", "a".repeat(128), "ibc/ABC", "factory/trib1xyz/sub.denom_1-2:3"]) {
      expect(isValidDenom(good), good).toBe(true);
    }
    for (const bad of ["", "ab", "1abc", "a bc", "a".repeat(129), "abc\n", "äbc"]) {
      expect(isValidDenom(bad), bad).toBe(false);
    }
    expect(areValidCoins([{ denom: "abc", amount: 0n }])).toBe(false);
    expect(() => newCoins({ denom: "abc", amount: 1n }, { denom: "abc", amount: 2n })).toThrow("duplicate");
  });
});

describe("lists of decimal coins", () => {
  test("split into whole coins and a rest below one, which together are what they were", () => {
    fc.assert(
      fc.property(someDecCoins, (list) => {
        const { coins, change } = truncateDecCoins(list);
        validateCoins(coins);
        expect(change.every((coin) => coin.amount.lessThan(Dec.one))).toBe(true);
        expect(formatDecCoins(addDecCoins(decCoinsFromCoins(coins), change))).toBe(formatDecCoins(list));
      }),
    );
  });

  test("add, subtract, scale and intersect amount by amount", () => {
    fc.assert(
      fc.property(someDecCoins, someDecCoins, denom, (a, b, name) => {
        const sum = addDecCoins(a, b);
        expect(decAmountOf(sum, name).scaled).toBe(decAmountOf(a, name).scaled + decAmountOf(b, name).scaled);
        expect(formatDecCoins(subDecCoins(sum, b))).toBe(formatDecCoins(a));
        const common = decAmountOf(intersectDecCoins(a, b), name);
        expect(common.equals(decAmountOf(a, name).min(decAmountOf(b, name)))).toBe(true);
        const half = Dec.parse("0.5");
        const scaled = quoDecCoinsTruncate(mulDecCoinsTruncate(a, half), half);
        expect(decAmountOf(scaled, name).lessOrEqual(decAmountOf(a, name))).toBe(true);
      }),
    );
    expect(() => subDecCoins([], parseDecCoins("1foo"))).toThrow("negative coin amount");
  });

  test("are read back from their text and their messages", () => {
    fc.assert(
      fc.property(someDecCoins, (list) => {
        expect(formatDecCoins(parseDecCoins(formatDecCoins(list)))).toBe(formatDecCoins(list));
        expect(formatDecCoins(decCoinsFromMessages(decCoinsToMessages(list)))).toBe(formatDecCoins(list));
      }),
    );
    expect(formatDecCoins(parseDecCoins("0.025uopen,.5atom"))).toBe(
      "0.500000000000000000atom,0.025000000000000000uopen",
    );
  });
});
