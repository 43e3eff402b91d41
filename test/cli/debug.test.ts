// `tributaryd debug`, line by line as simd prints it. Keys and addresses are the examples of the SDK's documentation and what CosmJS makes of them.
import { encodeBech32Pubkey, pubkeyToAddress } from "@cosmjs/amino";
import { fromBase64, fromBech32, toBech32, toHex } from "@cosmjs/encoding";
import { describe, expect, test } from "vitest";
import { run } from "./harness.ts";

const debug = (...args: readonly string[]) => run(["debug", ...args]);

/** What a command that must succeed prints, line by line. */
async function lines(...args: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await debug(...args);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

describe("debug pubkey-raw", () => {
  // The three forms of one key in the help of simd's command.
  const hex = "8FCA9D6D1F80947FD5E9A05309259746F5F72541121766D5F921339DD061174A";
  const base64 = "j8qdbR+AlH/V6aBTCSWXRvX3JUESF2bV+SEzndBhF0o=";
  const bech32 = "cosmospub1zcjduepq3l9f6mglsz28l40f5pfsjfvhgm6lwf2pzgtkd40eyyeem5rpza9q47axrz";
  const key = { type: "tendermint/PubKeyEd25519", value: base64 };

  test.each([hex, base64, bech32])("shows an ed25519 key given as %s", async (text) => {
    const address = toHex(fromBech32(pubkeyToAddress(key, "cosmos")).data).toUpperCase();
    expect(await lines("pubkey-raw", text, "--bech32-prefix", "cosmos")).toEqual([
      `Hex: ${hex}`,
      "Parsed key as ed25519",
      `Address: ${address}`,
      `JSON (base64): ${JSON.stringify(key)}`,
      `Bech32 Acc: ${bech32}`,
      `Bech32 Validator Operator: ${encodeBech32Pubkey(key, "cosmosvaloperpub")}`,
      `Bech32 Validator Consensus: ${encodeBech32Pubkey(key, "cosmosvalconspub")}`,
    ]);
  });

  test("shows a secp256k1 key, which no validator has", async () => {
    const account = { type: "tendermint/PubKeySecp256k1", value: "AurroA7jvfPd1AadmmOvWM2rJSwipXfRf8yD6pLbA2DJ" };
    const address = toHex(fromBech32(pubkeyToAddress(account, "trib")).data).toUpperCase();
    expect(await lines("pubkey-raw", account.value, "-t", "secp256k1")).toEqual([
      "Parsed key as secp256k1",
      `Address: ${address}`,
      `JSON (base64): ${JSON.stringify(account)}`,
      `Bech32 Acc: ${encodeBech32Pubkey(account, "tribpub")}`,
      `Bech32 Validator Operator: ${encodeBech32Pubkey(account, "tribvaloperpub")}`,
    ]);
  });

  test("refuses another type, and what is no key", async () => {
    const other = await debug("pubkey-raw", hex, "-t", "bls");
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('no key type "bls"')]);
    for (const text of [hex.slice(2), "not a key", bech32.replace("q3", "q4")])
      expect((await debug("pubkey-raw", text)).code).toBe(2);
  });
});

test("debug pubkey shows the address and the bytes of a key in JSON", async () => {
  const value = "AurroA7jvfPd1AadmmOvWM2rJSwipXfRf8yD6pLbA2DJ";
  const key = { type: "tendermint/PubKeySecp256k1", value };
  expect(await lines("pubkey", JSON.stringify({ "@type": "/cosmos.crypto.secp256k1.PubKey", key: value }))).toEqual([
    `Address: ${toHex(fromBech32(pubkeyToAddress(key, "trib")).data).toUpperCase()}`,
    `PubKey Hex: ${toHex(fromBase64(value))}`,
  ]);
  expect((await debug("pubkey", '{"@type":"/no.such.Key"}')).code).toBe(2);
});

describe("debug addr", () => {
  // The example of simd's help.
  const { data } = fromBech32("cosmos1e0jnq2sun3dzjh8p2xq95kk0expwmd7shwjpfg");
  const expected = (prefix: string) => [
    `Address: [${data.join(" ")}]`,
    `Address (hex): ${toHex(data).toUpperCase()}`,
    `Bech32 Acc: ${toBech32(prefix, data)}`,
    `Bech32 Val: ${toBech32(`${prefix}valoper`, data)}`,
    `Bech32 Con: ${toBech32(`${prefix}valcons`, data)}`,
  ];

  test.each([toHex(data), ...["trib", "tribvaloper", "tribvalcons"].map((prefix) => toBech32(prefix, data))])(
    "shows every form of %s",
    async (text) => expect(await lines("addr", text)).toEqual(expected("trib")),
  );

  test("refuses another chain's addresses, unless told its prefix", async () => {
    const text = "cosmos1e0jnq2sun3dzjh8p2xq95kk0expwmd7shwjpfg";
    const refused = await debug("addr", text);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("expected trib, got cosmos")]);
    expect(await lines("addr", text, "--bech32-prefix", "cosmos")).toEqual(expected("cosmos"));
  });
});

test("debug raw-bytes reads bytes as Go prints them", async () => {
  expect(await lines("raw-bytes", "[72 101 108 108 111 44 32 112 108 97 121 103 114 111 117 110 100]")).toEqual([
    Buffer.from("Hello, playground").toString("hex").toUpperCase(),
  ]);
  expect(await lines("raw-bytes", "10 21 13 255")).toEqual(["0A150DFF"]);
  for (const text of ["[256]", "[1, 2]", "[-1]", ""]) expect((await debug("raw-bytes", text)).code).toBe(2);
});

test("debug prefixes lists the chain's, or those of a prefix", async () => {
  expect(await lines("prefixes")).toEqual(["Bech32 Acc: trib", "Bech32 Val: tribvaloper", "Bech32 Con: tribvalcons"]);
  expect((await lines("prefixes", "--bech32-prefix", "cosmos"))[1]).toBe("Bech32 Val: cosmosvaloper");
});

test("debug codec lists interfaces, and the messages that implement one", async () => {
  expect(await lines("codec", "list-interfaces")).toContain("cosmos.base.v1beta1.Msg");
  expect(await lines("codec", "list-implementations", "cosmos.feegrant.v1beta1.FeeAllowanceI")).toEqual([
    "/cosmos.feegrant.v1beta1.AllowedMsgAllowance",
    "/cosmos.feegrant.v1beta1.BasicAllowance",
    "/cosmos.feegrant.v1beta1.PeriodicAllowance",
  ]);
});
