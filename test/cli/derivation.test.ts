// Keys from words: the SDK's own thousand vectors (a sample of them; all with TRIBUTARY_FULL=1) and its examples.
import { describe, expect, test } from "vitest";
import { derivePrivateKey, hdPath, mnemonicSeed, normalMnemonic } from "../../cli/keys/derivation.ts";
import { publicKeyAddress, secp256k1Key } from "../../cli/keys/public-key.ts";
import { publicKeyOf, signSecp256k1 } from "../../cli/keys/secp256k1.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

interface DerivationCase {
  readonly mnemonic: string;
  readonly seed: string;
  readonly priv: string;
  readonly pub: string;
  readonly addr: string;
}

describeVectors("derivation of keys, crypto/hd/testdata/test.json", () => {
  const all = vector<readonly DerivationCase[]>("sdk-tx/hd-derivation.json");
  const step = process.env.TRIBUTARY_FULL === "1" ? 1 : 20;
  const cases = all.filter((_, index) => index % step === 0);

  test(`${cases.length} of ${all.length} mnemonics give the SDK's seed, private key, public key and address`, () => {
    for (const one of cases) {
      expect(normalMnemonic(one.mnemonic)).toBe(one.mnemonic);
      expect(hex(mnemonicSeed(one.mnemonic))).toBe(one.seed);
      const priv = derivePrivateKey(one.mnemonic, hdPath(118, 0, 0));
      expect(hex(priv)).toBe(one.priv);
      expect(hex(publicKeyOf(priv))).toBe(one.pub);
      expect(hex(publicKeyAddress(secp256k1Key(publicKeyOf(priv))))).toBe(one.addr);
    }
  });

  test("the examples beside the SDK's path parser hold", () => {
    const { hd_examples } = vector<{
      hd_examples: { cases: readonly { mnemonic: string; path: string; priv: string }[] };
    }>("sdk-tx/keys_and_addresses.json");
    expect(hd_examples.cases.length).toBeGreaterThan(0);
    for (const { mnemonic, path, priv } of hd_examples.cases) expect(hex(derivePrivateKey(mnemonic, path))).toBe(priv);
  });
});

describe("signatures", () => {
  test("are those CosmJS makes: deterministic, low s", async () => {
    const { Secp256k1, sha256 } = await import("@cosmjs/crypto");
    const priv = derivePrivateKey("abandon ".repeat(11).concat("about"), hdPath(118, 0, 0));
    const message = new TextEncoder().encode("a message");
    const signature = await Secp256k1.createSignature(sha256(message), priv);
    expect(hex(signSecp256k1(priv, message))).toBe(hex(signature.toFixedLength().slice(0, 64)));
  });
});
