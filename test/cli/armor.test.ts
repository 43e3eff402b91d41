// ASCII armor of exported keys: a key the Go SDK exported opens, ours open again, damage is refused.
import { describe, expect, test } from "vitest";
import { decodeArmor, decryptPrivateKey, encodeArmor, encryptPrivateKey } from "../../cli/keys/armor.ts";
import { publicKeyOf } from "../../cli/keys/secp256k1.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

// Exported by the Go SDK (cosmos/cosmos-sdk, client/keys/import_test.go, Apache-2.0); its passphrase is 123456789.
const goArmor = `-----BEGIN TENDERMINT PRIVATE KEY-----
salt: A790BB721D1C094260EA84F5E5B72289
kdf: bcrypt

HbP+c6JmeJy9JXe2rbbF1QtCX1gLqGcDQPBXiCtFvP7/8wTZtVOPj8vREzhZ9ElO
3P7YnrzPQThG0Q+ZnRSbl9MAS8uFAM4mqm5r/Ys=
=f3l4
-----END TENDERMINT PRIVATE KEY-----
`;

describe("armor", () => {
  test("a key exported by the Go SDK opens with its passphrase and no other", () => {
    // The cipher is authenticated, so opening is proof that derivation, cipher and encoding are the SDK's.
    const key = decryptPrivateKey(goArmor, "123456789");
    expect(key).toHaveLength(32);
    expect(hex(publicKeyOf(key))).toMatch(/^0[23][0-9a-f]{64}$/);
    expect(() => decryptPrivateKey(goArmor, "987654321")).toThrow("wrong passphrase");
  });

  test("a key exported here opens again, and a changed byte is refused", () => {
    const key = new Uint8Array(32).fill(7);
    const armor = encryptPrivateKey(key, "passphrase");
    expect(hex(decryptPrivateKey(armor, "passphrase"))).toBe(hex(key));
    const { headers, data } = decodeArmor(armor);
    const changed = data.map((byte, index) => (index === 3 ? byte ^ 1 : byte));
    const resealed = encodeArmor({ type: "TENDERMINT PRIVATE KEY", headers, data: changed });
    expect(() => decryptPrivateKey(resealed, "passphrase")).toThrow("wrong passphrase, or a damaged key");
  });

  test.each([
    ["nothing", "", "no armored key found"],
    ["a missing last line", goArmor.replace(/-----END.*\n/, ""), "has no line -----END"],
    ["a changed character", goArmor.replace("HbP+", "HbQ+"), "checksum does not match"],
    ["another kind of block", goArmor.replaceAll("PRIVATE", "PUBLIC"), "not a private key"],
    ["an unknown derivation", goArmor.replace("bcrypt", "rot13"), 'derivation "rot13" is not known'],
    ["no salt", goArmor.replace(/salt: .*\n/, ""), "no salt"],
  ])("refuses %s, saying what is wrong", (_what, text, message) => {
    expect(() => decryptPrivateKey(text, "123456789")).toThrow(message);
  });
});
