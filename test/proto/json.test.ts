// Protobuf JSON against files that the Go program wrote, and the forms the mapping promises.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromHex, utf8, utf8Text } from "../../proto/bytes.ts";
import { encode, type MessageInput, type MessageName, packAny } from "../../proto/codec.ts";
import { fromJson, JsonError, type JsonValue, toJson } from "../../proto/json.ts";
import {
  decimalText,
  durationText,
  NumberTextError,
  parseDecimal,
  parseDuration,
  parseTimestamp,
  timestampText,
} from "../../proto/number-text.ts";
import { messageInfo, messageNames } from "../../proto/registry.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";
import { message } from "./arbitrary-message.ts";

describeVectors("files that simd 0.53 wrote", () => {
  const genesis = vector<{ app_state: Record<string, JsonValue> }>("genesis/simapp53-genesis.json").app_state;
  test.each([
    ["auth", "cosmos.auth.v1beta1.GenesisState"],
    ["bank", "cosmos.bank.v1beta1.GenesisState"],
    ["staking", "cosmos.staking.v1beta1.GenesisState"],
    ["genutil", "cosmos.genutil.v1beta1.GenesisState"],
  ] as const)("the genesis of %s is read and written back the same", (module, name) => {
    const json = toJson(name, fromJson(name, genesis[module] as JsonValue));
    // The denominations' metadata was written by hand and leaves out what is empty.
    if (module === "bank") expect(json).toMatchObject(genesis[module] as object);
    else expect(json).toEqual(genesis[module]);
  });

  test("a gentx is read and written back the same, key for key", () => {
    const gentx = vector<JsonValue>("genesis/simapp53-gentx.json");
    const tx = fromJson("cosmos.tx.v1beta1.Tx", gentx);
    expect(JSON.stringify(toJson("cosmos.tx.v1beta1.Tx", tx))).toBe(JSON.stringify(gentx));
  });

  test("the transactions inside a genesis keep their own JSON", () => {
    const state = fromJson("cosmos.genutil.v1beta1.GenesisState", genesis.genutil as JsonValue);
    expect(JSON.parse(utf8Text(state.genTxs[0] as Uint8Array)).body.messages).toHaveLength(1);
  });
});

test("every message goes to JSON and back", () => {
  const names = messageNames().filter((name) => !hasOpaque(name));
  const cases = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), message(name)));
  fc.assert(
    fc.property(cases, ([name, value]) => {
      const json = toJson(name, value as never);
      expect(fromJson(name, JSON.parse(JSON.stringify(json))) as unknown).toEqual(value);
    }),
    { numRuns: 1500 },
  );
});

/** Messages whose random values have no JSON: Any of unknown type, raw JSON, times and durations outside Go's range. */
function hasOpaque(name: string, seen = new Set<string>()): boolean {
  if (["google.protobuf.Any", "google.protobuf.Timestamp", "google.protobuf.Duration"].includes(name)) return true;
  if (seen.has(name)) return false;
  seen.add(name);
  return messageInfo(name).fields.some(
    (field) =>
      field.castType === "encoding/json.RawMessage" ||
      (field.type === "message" && !field.stdTime && !field.stdDuration && hasOpaque(field.typeName as string, seen)),
  );
}

describe("the JSON of", () => {
  test("defaults is written out, with null where Go has a nil pointer or slice", () => {
    expect(toJson("cosmos.bank.v1beta1.QueryAllBalancesResponse", { balances: [], pagination: undefined })).toEqual({
      balances: [],
      pagination: null,
    });
    expect(toJson("cosmos.base.query.v1beta1.PageResponse", { nextKey: new Uint8Array(0), total: 3n })).toEqual({
      next_key: null,
      total: "3",
    });
  });

  test("an Int, a Dec, an enum and an absent Dec", () => {
    const validator = fromJson("cosmos.staking.v1beta1.Validator", {
      tokens: "7",
      delegator_shares: "7.5",
      status: "BOND_STATUS_BONDED",
      unbonding_time: "1970-01-01T00:00:00Z",
    });
    expect(validator.delegatorShares).toBe("7500000000000000000");
    expect(toJson("cosmos.staking.v1beta1.Validator", validator)).toMatchObject({
      tokens: "7",
      delegator_shares: "7.500000000000000000",
      status: "BOND_STATUS_BONDED",
      consensus_pubkey: null,
      commission: { commission_rates: { rate: "0.000000000000000000" } },
    });
    const edit = fromJson("cosmos.staking.v1beta1.MsgEditValidator", {});
    expect(toJson("cosmos.staking.v1beta1.MsgEditValidator", edit)).toMatchObject({ commission_rate: null });
  });

  test("an Any stands beside its @type", () => {
    const any = packAny("cosmos.crypto.secp256k1.PubKey", { key: fromHex("02") });
    const json = { "@type": "/cosmos.crypto.secp256k1.PubKey", key: "Ag==" };
    expect(toJson("google.protobuf.Any", any)).toEqual(json);
    expect(fromJson("google.protobuf.Any", json)).toEqual(any);
    const time = packAny("google.protobuf.Timestamp", { seconds: 1n });
    expect(toJson("google.protobuf.Any", time)).toEqual({
      "@type": "/google.protobuf.Timestamp",
      value: "1970-01-01T00:00:01Z",
    });
  });

  test("a message takes canonical names, numbers and numeric enums too", () => {
    const json: JsonValue = { gasLimit: 5, payer: "p", amount: [{ denom: "u", amount: 7 }] };
    expect(fromJson("cosmos.tx.v1beta1.Fee", json)).toEqual({
      amount: [{ denom: "u", amount: "7" }],
      gasLimit: 5n,
      payer: "p",
      granter: "",
    });
    expect(fromJson("cosmos.tx.v1beta1.ModeInfo", { single: { mode: 127 } })).toEqual({ single: { mode: 127 } });
  });

  test.each<[string, MessageName, JsonValue, string]>([
    ["an unknown key", "cosmos.tx.v1beta1.Fee", { gass: "1" }, 'cosmos.tx.v1beta1.Fee: unknown field "gass"'],
    [
      "text for an integer",
      "cosmos.tx.v1beta1.Fee",
      { gas_limit: "many" },
      "cosmos.tx.v1beta1.Fee.gas_limit: expected an integer",
    ],
    ["an integer out of range", "cosmos.tx.v1beta1.Fee", { gas_limit: "18446744073709551616" }, "does not fit uint64"],
    ["a fraction", "cosmos.tx.v1beta1.Fee", { gas_limit: 1.5 }, "expected an integer"],
    ["an imprecise number", "cosmos.tx.v1beta1.Fee", { gas_limit: 2 ** 60 }, "expected an integer"],
    [
      "an amount with a point",
      "cosmos.base.v1beta1.Coin",
      { amount: "1.5" },
      "cosmos.base.v1beta1.Coin.amount: not an integer",
    ],
    ["a decimal of 19 places", "cosmos.base.v1beta1.DecCoin", { amount: "0.1234567890123456789" }, "18 places"],
    ["an unknown enum name", "cosmos.tx.v1beta1.ModeInfo", { single: { mode: "SIGN" } }, "unknown value"],
    ["two members of a oneof", "cosmos.tx.v1beta1.ModeInfo", { single: {}, multi: {} }, "sum is given twice"],
    ["a key given in both its names", "cosmos.tx.v1beta1.Fee", { gas_limit: "1", gasLimit: "1" }, "given twice"],
    ["an Any without @type", "google.protobuf.Any", { key: "" }, "@type"],
    ["an Any of unknown type", "google.protobuf.Any", { "@type": "/no.such" }, "unable to resolve type URL /no.such"],
    ["a list for a message", "cosmos.tx.v1beta1.Tx", { body: [] }, "cosmos.tx.v1beta1.Tx.body: expected an object"],
    ["a message for a list", "cosmos.tx.v1beta1.Tx", { signatures: {} }, "expected a list"],
    [
      "broken base64 in a list",
      "cosmos.tx.v1beta1.Tx",
      { signatures: ["AA==", "?"] },
      "cosmos.tx.v1beta1.Tx.signatures[1]",
    ],
  ])("%s is refused where it stands", (_title, name, json, expected) => {
    expect(() => fromJson(name, json)).toThrow(JsonError);
    expect(() => fromJson(name, json)).toThrow(expected);
  });

  test("nesting without end is refused, not a full stack", () => {
    let json: JsonValue = {};
    for (let i = 0; i < 5000; i++) json = { multi: { mode_infos: [json] } };
    expect(() => fromJson("cosmos.tx.v1beta1.ModeInfo", json)).toThrow(/nested deeper/);
  });

  test("an Any of an unknown message has no JSON", () => {
    const body = { messages: [{ typeUrl: "/no.such", value: utf8("x") }] } as MessageInput<"cosmos.tx.v1beta1.TxBody">;
    expect(() =>
      toJson("cosmos.tx.v1beta1.TxBody", { ...body, extensionOptions: [], nonCriticalExtensionOptions: [] } as never),
    ).toThrow("unable to resolve type URL /no.such");
    expect(encode("cosmos.tx.v1beta1.TxBody", body).length).toBeGreaterThan(0);
  });
});

describe("times and decimals as text", () => {
  test("a time is what the platform prints, for every second of 9999 years", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -62135596800n, max: 253402300799n }),
        fc.integer({ min: 0, max: 999 }),
        (seconds, millis) => {
          const text = timestampText({ seconds, nanos: millis * 1000000 });
          const platform = new Date(Number(seconds) * 1000 + millis).toISOString();
          expect(text).toBe(millis === 0 ? platform.replace(".000", "") : platform);
          expect(parseTimestamp(text)).toEqual({ seconds, nanos: millis * 1000000 });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("fractions come in groups of three digits, or as short as they can be", () => {
    const time = { seconds: 0n, nanos: 120000 };
    expect(timestampText(time)).toBe("1970-01-01T00:00:00.000120Z");
    expect(timestampText(time, "shortest")).toBe("1970-01-01T00:00:00.00012Z");
    expect(parseTimestamp("1970-01-01T02:00:00.5+02:00")).toEqual({ seconds: 0n, nanos: 500000000 });
  });

  test.each([
    "2023-02-29T00:00:00Z",
    "2023-13-01T00:00:00Z",
    "2023-01-01T24:00:00Z",
    "2023-01-01",
    "0000-01-01T00:00:00Z",
    "1-1-1T0:0:0Z",
  ])("%s is no time", (text) => {
    expect(() => parseTimestamp(text)).toThrow(NumberTextError);
  });

  test.each([
    ["1209600s", 1209600n, 0, "1209600s"],
    ["1.5s", 1n, 500000000, "1.500s"],
    ["-1.000000001s", -1n, -1, "-1.000000001s"],
    ["504h0m0s", 1814400n, 0, "1814400s"],
    ["-0.5s", 0n, -500000000, "-0.500s"],
    ["1h1m1ms1us1ns", 3660n, 1001001, "3660.001001001s"],
  ])("the duration %s", (text, seconds, nanos, printed) => {
    expect(parseDuration(text)).toEqual({ seconds, nanos });
    expect(durationText({ seconds, nanos })).toBe(printed);
  });

  test.each(["", "-", "s", "1", "1s ", "1.s", "300000000000s", "1d"])("%j is no duration", (text) => {
    expect(() => parseDuration(text)).toThrow(NumberTextError);
  });

  test.each([
    ["0", "0.000000000000000000"],
    ["-1", "-0.000000000000000001"],
    ["1500000000000000000", "1.500000000000000000"],
  ])("the scaled decimal %s", (scaled, text) => {
    expect(decimalText(scaled)).toBe(text);
    expect(parseDecimal(text)).toBe(scaled);
  });
});
