import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBase64 } from "@cosmjs/encoding";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createValidatorKeyFile,
  readValidatorKeyFile,
  ValidatorKeyError,
  validatorKeyFromSeed,
  writeValidatorKeyFile,
} from "../../../node/engine/validator-key.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "validator-key-"));
  path = join(folder, "priv_validator_key.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the validator key", () => {
  test("signs as ed25519 says (RFC 8032, test 1)", () => {
    const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
    const key = validatorKeyFromSeed(seed);
    expect(hex(key.publicKey.ed25519 ?? new Uint8Array(0))).toBe(
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    );
    expect(hex(key.sign(new Uint8Array(0)))).toBe(
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    expect(ed25519.verify(key.sign(utf8("x")), utf8("x"), key.publicKey.ed25519 ?? seed)).toBe(true);
  });

  test("is written as CometBFT writes it, for its owner alone, and reads back", () => {
    const key = createValidatorKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const content = JSON.parse(readFileSync(path, "utf8")) as Record<string, { type: string; value: string } & string>;
    expect(Object.keys(content)).toEqual(["address", "pub_key", "priv_key"]);
    expect(content.address).toMatch(/^[0-9A-F]{40}$/);
    expect(content.pub_key?.type).toBe("tendermint/PubKeyEd25519");
    expect(content.priv_key?.type).toBe("tendermint/PrivKeyEd25519");
    expect(fromBase64(content.priv_key?.value ?? "")).toHaveLength(64);
    const again = readValidatorKeyFile(path);
    expect(again.address).toEqual(key.address);
    expect(again.sign(utf8("x"))).toEqual(key.sign(utf8("x")));
  });

  test("is never overwritten", () => {
    createValidatorKeyFile(path);
    expect(() => createValidatorKeyFile(path)).toThrow("never overwritten");
    expect(() => writeValidatorKeyFile(path, new Uint8Array(32))).toThrow();
  });

  test("readable by others, malformed, of another type or with halves that do not fit, is refused with the reason", () => {
    expect(() => readValidatorKeyFile(path)).toThrow(ValidatorKeyError);
    createValidatorKeyFile(path);
    const good = readFileSync(path, "utf8");
    chmodSync(path, 0o644);
    expect(() => readValidatorKeyFile(path)).toThrow("chmod 600");
    chmodSync(path, 0o600);
    const broken: readonly (readonly [string, string])[] = [
      ["{", "is not JSON"],
      ["{}", "priv_key must be of type"],
      [good.replace("PrivKeyEd25519", "PrivKeySecp256k1"), "priv_key must be of type"],
      [good.replace(/("priv_key"[^}]*"value": ")[^"]*/, "$1AAAA"), "64 bytes"],
      [good.replace(/("priv_key"[^}]*"value": ")[^"]{4}/, "$1zzzz"), "do not belong together"],
      [good.replace(/("pub_key"[^}]*"value": ")[^"]{4}/, "$1zzzz"), "pub_key does not belong"],
    ];
    for (const [content, reason] of broken) {
      writeFileSync(path, content);
      expect(() => readValidatorKeyFile(path)).toThrow(reason);
    }
  });
});
