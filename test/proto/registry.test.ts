// The schema against what others list: REST routes of the SDK, signers by hand, and the transactions' own vectors.

import { describe, expect, test } from "vitest";
import { fromHex, hex } from "../../proto/bytes.ts";
import { DecodeError, decode, encode, nameOfTypeUrl, typeUrlOf, unpackAny } from "../../proto/codec.ts";
import { Enums } from "../../proto/enums.gen.ts";
import {
  enumInfo,
  enumNames,
  findMethod,
  messageInfo,
  messageNames,
  services,
  UnknownNameError,
} from "../../proto/registry.ts";
import { describeSdkRoutes, describeVectors, sdkRoutes, vector } from "../vectors/vectors.ts";

describeSdkRoutes("REST routes of the SDK", () => {
  const listed = sdkRoutes();
  const ours = services()
    .filter(([name]) => name.startsWith("cosmos."))
    .flatMap(([, service]) => service.methods.flatMap((method) => (method.http ?? []).map((rule) => rule.path)));

  test.each(ours)("%s is one of them", (path) => {
    // The list holds paths as they stand in the sources, where a long one is cut after a slash.
    expect(listed.some((route) => route === path || (route.endsWith("/") && path.startsWith(route)))).toBe(true);
  });

  test("every Query method has a route", () => {
    for (const [name, service] of services())
      if (service.name === "Query")
        for (const method of service.methods) expect(method.http, `${name}/${method.name}`).toBeDefined();
  });
});

describe("signers", () => {
  // Cosmos SDK v0.53.4: GetSigners of each message until 0.47, cosmos.msg.v1.signer since.
  test.each([
    ["cosmos.bank.v1beta1.MsgSend", ["from_address"]],
    ["cosmos.bank.v1beta1.MsgMultiSend", ["inputs"]],
    ["cosmos.bank.v1beta1.Input", ["address"]],
    ["cosmos.bank.v1beta1.MsgUpdateParams", ["authority"]],
    ["cosmos.staking.v1beta1.MsgCreateValidator", ["validator_address"]],
    ["cosmos.staking.v1beta1.MsgEditValidator", ["validator_address"]],
    ["cosmos.staking.v1beta1.MsgDelegate", ["delegator_address"]],
    ["cosmos.staking.v1beta1.MsgUndelegate", ["delegator_address"]],
    ["cosmos.staking.v1beta1.MsgBeginRedelegate", ["delegator_address"]],
    ["cosmos.staking.v1beta1.MsgCancelUnbondingDelegation", ["delegator_address"]],
    ["cosmos.staking.v1beta1.MsgUpdateParams", ["authority"]],
    ["cosmos.auth.v1beta1.MsgUpdateParams", ["authority"]],
    ["cosmos.consensus.v1.MsgUpdateParams", ["authority"]],
  ])("of %s", (name, signers) => {
    expect(messageInfo(name).signers).toEqual(signers);
  });

  test("are named by every transaction message, and exist", () => {
    for (const [name, service] of services()) {
      if (!service.transactions) continue;
      for (const method of service.methods) {
        const request = messageInfo(method.request);
        expect(request.signers, `${name}/${method.name}`).toBeDefined();
        for (const signer of request.signers ?? [])
          expect(request.fields.some((field) => field.protoName === signer)).toBe(true);
      }
    }
  });
});

describe("looking up", () => {
  test("a method goes by its gRPC path", () => {
    expect(findMethod("/cosmos.bank.v1beta1.Query/Balance")?.method.response).toBe(
      "cosmos.bank.v1beta1.QueryBalanceResponse",
    );
    for (const path of [
      "",
      "/",
      "/cosmos.bank.v1beta1.Query",
      "cosmos.bank.v1beta1.Query/Balance",
      "/__proto__/toString",
      "/cosmos.bank.v1beta1.Query/Balance/",
    ])
      expect(findMethod(path)).toBeUndefined();
  });

  test("a type URL is a slash and the full name", () => {
    for (const name of messageNames()) expect(nameOfTypeUrl(typeUrlOf(name))).toBe(name);
    expect(nameOfTypeUrl("/toString")).toBeUndefined();
  });

  test("an unknown name is an error that says so", () => {
    expect(() => messageInfo("constructor")).toThrow(UnknownNameError);
    expect(() => enumInfo("no.such.Enum")).toThrow("no enum is called no.such.Enum");
  });

  test("the constants hold the numbers of every enum", () => {
    for (const name of enumNames())
      expect(Enums[name as keyof typeof Enums]).toEqual(
        Object.fromEntries(enumInfo(name).values.map((value) => [value.name, value.number])),
      );
  });

  test("every message, field, method and enum says what it is for, or needs no saying", () => {
    for (const [name, service] of services())
      for (const method of service.methods) expect(method.comment, `${name}/${method.name}`).toBeDefined();
    for (const name of messageNames())
      if (!name.startsWith("google.")) expect(messageInfo(name).comment, name).toBeDefined();
  });
});

describeVectors("transactions of others", () => {
  type SignedField = "body_bytes" | "auth_info_bytes" | "chain_id" | "sign_bytes" | "signature" | "tx_raw_bytes";
  const direct = vector<{
    vectors: readonly (Record<SignedField, string> & { account_number: number })[];
  }>("sdk-tx/sign_direct.json");

  test.each(direct.vectors)("a signed transaction decodes strictly and encodes again, number $sequence", (entry) => {
    const bodyBytes = fromHex(entry.body_bytes);
    const authInfoBytes = fromHex(entry.auth_info_bytes);
    const body = decode("cosmos.tx.v1beta1.TxBody", bodyBytes, "rejectUnknown");
    const authInfo = decode("cosmos.tx.v1beta1.AuthInfo", authInfoBytes, "rejectUnknown");
    expect(hex(encode("cosmos.tx.v1beta1.TxBody", body))).toBe(entry.body_bytes);
    expect(hex(encode("cosmos.tx.v1beta1.AuthInfo", authInfo))).toBe(entry.auth_info_bytes);
    expect(body.messages.map((any) => unpackAny(any, "rejectUnknown").name)).toEqual(["cosmos.bank.v1beta1.MsgSend"]);
    const doc = { bodyBytes, authInfoBytes, chainId: entry.chain_id, accountNumber: BigInt(entry.account_number) };
    expect(hex(encode("cosmos.tx.v1beta1.SignDoc", doc))).toBe(entry.sign_bytes);
    const raw = decode("cosmos.tx.v1beta1.TxRaw", fromHex(entry.tx_raw_bytes), "adr027");
    expect(raw.signatures.map((signature) => hex(signature))).toEqual([entry.signature]);
    expect(hex(encode("cosmos.tx.v1beta1.TxRaw", raw))).toBe(entry.tx_raw_bytes);
  });

  test("malformed transactions are refused", () => {
    const { malformed } = vector<{ malformed: readonly { tx_hex: string }[] }>("sdk-tx/tx_decoding.json");
    for (const { tx_hex } of malformed)
      expect(() => {
        // The SDK's test ignores that its hex has an odd length: Go decodes what stands before the last digit.
        const raw = decode("cosmos.tx.v1beta1.TxRaw", fromHex(tx_hex.slice(0, tx_hex.length & ~1)), "adr027");
        decode("cosmos.tx.v1beta1.TxBody", raw.bodyBytes, "rejectUnknown");
      }).toThrow(DecodeError);
  });
});
