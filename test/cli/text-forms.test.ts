// The text the command line prints and reads beside JSON: YAML, Go durations, names of commands.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kebabCase } from "../../cli/derive/names.ts";
import { formatGoDuration, parseGoDuration } from "../../cli/go-duration.ts";
import { toYaml, yamlString } from "../../cli/yaml.ts";

describe("YAML", () => {
  test("sorts keys, indents mappings and not lists, as simd prints", () => {
    expect(
      toYaml({
        pagination: { total: "1", next_key: null },
        balances: [{ denom: "uopen", amount: "5" }],
        empty: [],
        none: {},
      }),
    ).toBe(
      'balances:\n- amount: "5"\n  denom: uopen\nempty: []\nnone: {}\npagination:\n  next_key: null\n  total: "1"\n',
    );
  });

  test.each([
    ["uopen", "uopen"],
    ["", '""'],
    ["10", '"10"'],
    ["0.100000000000000000", '"0.100000000000000000"'],
    ["true", '"true"'],
    ["2026-01-31T12:00:00Z", '"2026-01-31T12:00:00Z"'],
    ["/cosmos.auth.v1beta1.BaseAccount", "/cosmos.auth.v1beta1.BaseAccount"],
    ['{"a":1}', "'{\"a\":1}'"],
    ["504h0m0s", "504h0m0s"],
    ["a: b", "'a: b'"],
    ["- x", "'- x'"],
    ["two\nlines", '"two\\nlines"'],
    ["4AD3CC02", "4AD3CC02"],
    ["1e5", '"1e5"'],
    ["~", '"~"'],
  ])("writes the string %j as %s", (text, expected) => {
    expect(yamlString(text)).toBe(expected);
  });
});

describe("Go durations", () => {
  test.each([
    [0n, "0s"],
    [1n, "1ns"],
    [1_500n, "1.5µs"],
    [250_000_000n, "250ms"],
    [1_000_000_000n, "1s"],
    [1_100_000_000n, "1.1s"],
    [90_000_000_000n, "1m30s"],
    [1_814_400_000_000_000n, "504h0m0s"],
    [-90_000_000_000n, "-1m30s"],
  ])("%s nanoseconds are %s", (nanoseconds, text) => {
    expect(formatGoDuration(nanoseconds)).toBe(text);
  });

  test("every duration reads back as it was", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), (nanoseconds) => {
        expect(parseGoDuration(formatGoDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  test.each(["", "5", "1d", "s", "1h-5m", "1 h"])("%j is none", (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});

describe("names of commands", () => {
  test.each([
    ["AllBalances", "all-balances"],
    ["AccountAddressByID", "account-address-by-id"],
    ["validator_addr", "validator-addr"],
    ["delegatorAddress", "delegator-address"],
    ["DenomMetadataByQueryString", "denom-metadata-by-query-string"],
  ])("%s is %s", (name, expected) => {
    expect(kebabCase(name)).toBe(expected);
  });
});
