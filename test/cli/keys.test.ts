// `tributaryd keys` as scripts use it. Addresses are checked against CosmJS, output shapes against what simd prints.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMultisigThresholdPubkey, encodeSecp256k1Pubkey, pubkeyToAddress } from "@cosmjs/amino";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TemporaryHome, temporaryHome } from "./harness.ts";

const mnemonic =
  "economy stock theory fatal elder harbor betray wasp final emotion task crumble siren bottom lizard educate guess current outdoor pair theory focus wife stone";

interface KeyJson {
  readonly name: string;
  readonly type: string;
  readonly address: string;
  readonly pubkey: string;
  readonly mnemonic?: string;
}

let home: TemporaryHome;
const test_ = ["--keyring-backend", "test"];
beforeAll(() => {
  home = temporaryHome();
});
afterAll(() => home.remove());

const add = (name: string, ...more: string[]) => home.run(["keys", "add", name, ...test_, "--output", "json", ...more]);

describe("keys add", () => {
  test("prints one JSON object on stdout, pubkey as a JSON string, and nothing on stderr", async () => {
    const { code, stdout, stderr } = await add("fresh");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const key = JSON.parse(stdout) as KeyJson;
    expect(Object.keys(key)).toEqual(["name", "type", "address", "pubkey", "mnemonic"]);
    expect(key).toMatchObject({ name: "fresh", type: "local" });
    expect(JSON.parse(key.pubkey)).toEqual({ "@type": "/cosmos.crypto.secp256k1.PubKey", key: expect.any(String) });
    expect(key.mnemonic?.split(" ")).toHaveLength(24);
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(key.mnemonic!, { prefix: "trib" });
    const [account] = await wallet.getAccounts();
    expect(key.address).toBe(account!.address);
    expect((JSON.parse(key.pubkey) as { key: string }).key).toBe(Buffer.from(account!.pubkey).toString("base64"));
  });

  test("recovers the account CosmJS derives from the same words, and keeps the words to itself", async () => {
    const { stdout } = await home.run(["keys", "add", "recovered", "--recover", ...test_, "-o", "json"], {
      input: `${mnemonic}\n`,
    });
    const key = JSON.parse(stdout) as KeyJson;
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, { prefix: "trib" });
    expect(key.address).toBe((await wallet.getAccounts())[0]!.address);
    expect(key.mnemonic).toBeUndefined();
  });

  test("derives other accounts by --account and --index, and does not store with --dry-run", async () => {
    const { stdout } = await home.run(
      [
        "keys",
        "add",
        "other",
        "--recover",
        "--account",
        "2",
        "--index",
        "7",
        "--dry-run",
        "--bech32-prefix",
        "cosmos",
        "-o",
        "json",
      ],
      { input: `${mnemonic}\n` },
    );
    const { stringToPath } = await import("@cosmjs/crypto");
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(mnemonic, {
      hdPaths: [stringToPath("m/44'/118'/2'/0/7")],
    });
    expect((JSON.parse(stdout) as KeyJson).address).toBe((await wallet.getAccounts())[0]!.address);
    expect(await home.ok(["keys", "list", "--list-names", ...test_])).not.toContain("other");
  });

  test("shows text as a YAML list on stdout and the mnemonic on stderr", async () => {
    const { stdout, stderr } = await home.run(["keys", "add", "shown", ...test_]);
    expect(stdout).toMatch(
      /^- address: trib1[a-z0-9]{38}\n {2}name: shown\n {2}pubkey: '\{"@type":"\/cosmos\.crypto\.secp256k1\.PubKey","key":"[A-Za-z0-9+/=]{44}"\}'\n {2}type: local\n$/,
    );
    expect(stderr).toContain("**Important** write this mnemonic phrase in a safe place.");
    expect(stderr.trim().split("\n").at(-1)!.split(" ")).toHaveLength(24);
  });

  test("refuses a mnemonic with a wrong word, saying so, and stores nothing", async () => {
    const broken = mnemonic.replace("economy", "economic");
    const { code, stderr } = await home.run(["keys", "add", "broken", "--recover", ...test_], { input: `${broken}\n` });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: invalid mnemonic: .*nothing was stored.*\n$/i);
    expect(await home.ok(["keys", "list", "-n", ...test_])).not.toContain("broken");
  });

  test("makes the multisig address CosmJS makes, sorted by address", async () => {
    const keys = [JSON.parse((await add("member-a")).stdout), JSON.parse((await add("member-b")).stdout)] as KeyJson[];
    const { stdout } = await add("together", "--multisig", "member-a,member-b", "--multisig-threshold", "2");
    const multi = JSON.parse(stdout) as KeyJson;
    const members = keys
      .map((key) => encodeSecp256k1Pubkey(Buffer.from((JSON.parse(key.pubkey) as { key: string }).key, "base64")))
      .map((key) => ({ key, address: Buffer.from(pubkeyToAddress(key, "trib")) }));
    const expected = createMultisigThresholdPubkey(
      members.map(({ key }) => key),
      2,
    );
    expect(multi.type).toBe("multi");
    expect(multi.address).toBe(pubkeyToAddress(expected, "trib"));
  });

  test("stores a public key alone with --pubkey", async () => {
    const pubkey = '{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"AtQaCqFnshaZQp6rIkvAPyzThvCvXSDO+9AzbxVErqJP"}';
    const { stdout } = await add("far", "--pubkey", pubkey, "--bech32-prefix", "cosmos");
    expect(JSON.parse(stdout)).toMatchObject({
      type: "offline",
      address: "cosmos1h806c7khnvmjlywdrkdgk2vrayy2mmvf9rxk2r",
    });
    const refused = await home.run(["keys", "export", "far", ...test_], { input: "12345678\n" });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("not in this keyring");
  });
});

describe("keys show, delete, rename, parse", () => {
  test("shows the account, validator and consensus address of a key by name and by address", async () => {
    const address = (await home.ok(["keys", "show", "recovered", "-a", ...test_])).trim();
    expect(address).toMatch(/^trib1/);
    expect((await home.ok(["keys", "show", address, "-a", "--bech", "val", ...test_])).trim()).toMatch(/^tribvaloper1/);
    expect(JSON.parse(await home.ok(["keys", "show", "recovered", "-p", ...test_]))).toHaveProperty("key");
  });

  test("renames a key and deletes it for good", async () => {
    await add("one");
    await home.ok(["keys", "rename", "one", "two", "--yes", ...test_]);
    const names = await home.ok(["keys", "list", "-n", ...test_]);
    expect(names.split("\n")).toContain("two");
    expect(names.split("\n")).not.toContain("one");
    await home.ok(["keys", "delete", "two", "--yes=true", ...test_]);
    const { code, stderr } = await home.run(["keys", "show", "two", ...test_]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: there is no key named two\..*keys list.*\n$/);
  });

  test("keeps a key when the question is not answered", async () => {
    await add("kept");
    const outcome = await home.run(["keys", "delete", "kept", ...test_]);
    expect(outcome.stderr).toContain("was kept");
    expect(await home.ok(["keys", "show", "kept", "-a", ...test_])).toMatch(/^trib1/);
  });

  test("converts addresses both ways", async () => {
    const hex = "4AD3CC02D3CF1E3D8A0E3C5D5C0A2D3B4E5F6071";
    const formats = JSON.parse(await home.ok(["keys", "parse", hex, "-o", "json"])) as { formats: string[] };
    expect(formats.formats.map((text) => text.split("1")[0])).toEqual([
      ...["trib", "tribpub", "tribvaloper", "tribvaloperpub", "tribvalcons", "tribvalconspub"],
    ]);
    expect(JSON.parse(await home.ok(["keys", "parse", formats.formats[2]!, "-o", "json"]))).toEqual({
      human: "tribvaloper",
      bytes: hex,
    });
  });
});

test("keys list-key-types quotes the list, as Go prints it", async () => {
  expect(await home.ok(["keys", "list-key-types"])).toBe('Supported key types/algos:\n"secp256k1"\n');
});

describe("keys export and import", () => {
  test("hands a key from one keyring to another through ASCII armor", async () => {
    const armor = await home.ok(["keys", "export", "recovered", ...test_], { input: "correct horse\n" });
    expect(armor).toMatch(
      /^-----BEGIN TENDERMINT PRIVATE KEY-----\nkdf: argon2\nsalt: [0-9A-F]{32}\ntype: secp256k1\n\n/,
    );
    const other = temporaryHome();
    try {
      const file = join(other.path, "key.asc");
      writeFileSync(file, armor);
      const wrong = await other.run(["keys", "import", "mine", file, ...test_], { input: "wrong horse\n" });
      expect(wrong.code).toBe(1);
      expect(wrong.stderr).toMatch(/^error: wrong passphrase/);
      await other.ok(["keys", "import", "mine", file, ...test_], { input: "correct horse\n" });
      expect(await other.ok(["keys", "show", "mine", "-a", ...test_])).toBe(
        await home.ok(["keys", "show", "recovered", "-a", ...test_]),
      );
    } finally {
      other.remove();
    }
  });

  test("prints the bare key only when both flags ask for it", async () => {
    expect((await home.run(["keys", "export", "recovered", "--unarmored-hex", "-y", ...test_])).code).toBe(2);
    const hex = await home.ok(["keys", "export", "recovered", "--unarmored-hex", "--unsafe", "-y", ...test_]);
    expect(hex).toMatch(/^[0-9a-f]{64}\n$/);
  });
});

describe("the encrypted backend", () => {
  test("chooses a passphrase on first use, wants it afterwards, and refuses a wrong one", async () => {
    const file = ["--keyring-backend", "file", "-o", "json"];
    const made = await home.run(["keys", "add", "sealed", ...file], { input: "longenough\nlongenough\n" });
    expect(made.code).toBe(0);
    expect(made.stderr).toBe("");
    const folder = join(home.path, "keyring-file");
    expect(readFileSync(join(folder, "keyhash"), "utf8")).toMatch(/^\$2[aby]\$10\$.{53}$/);
    expect(statSync(join(folder, "sealed.info")).mode & 0o077).toBe(0);
    const right = await home.run(["keys", "list", ...file], { input: "longenough\n" });
    expect(JSON.parse(right.stdout)).toHaveLength(1);
    const wrong = await home.run(["keys", "list", ...file], { input: "one\ntwo\nthree\n" });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("too many failed passphrase attempts");
  });

  test("refuses a passphrase that is too short, and leaves nothing behind", async () => {
    const other = temporaryHome();
    try {
      const { code, stderr } = await other.run(["keys", "add", "k", "--keyring-backend", "file"], {
        input: "short\nshort\n",
      });
      expect(code).toBe(2);
      expect(stderr).toContain("at least 8 characters");
      expect(existsSync(join(other.path, "keyring-file", "k.info"))).toBe(false);
    } finally {
      other.remove();
    }
  });

  test("opens a keyring the Go program wrote", async () => {
    // simd 0.53.x wrote these two files with the passphrase my-secret-password
    // (cosmos/cosmjs, scripts/simapp53/template/.simapp/{myvalidator.info,keyhash}, Apache-2.0).
    const other = temporaryHome();
    try {
      const folder = join(other.path, "keyring-file");
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(join(folder, "keyhash"), "$2a$10$q.3AIr2PuUGXmAlonsl.I.n/KhZgolhuzCoVRsb8yiHcQCOHUz7e6");
      writeFileSync(
        join(folder, "myvalidator.info"),
        "eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJjcmVhdGVkIjoiMjAyNS0xMi0xNiAwODo0MToyNi4wMzk2NTYxNzMgKzAwMDAgVVRDIG09KzAuMTY0NTc2MTI2IiwiZW5jIjoiQTI1NkdDTSIsInAyYyI6ODE5MiwicDJzIjoiTmhiS3hVM1RjWVc0c1laYyJ9.FCIOaIcsWekSPGNY6dFrq-832KXkqLQTF_Tsc0K8e9YxGuNvumHSvQ.SVYNZbAjVw_iFmJm.Tic7vlmhQWnqZ0yLcZQrDSVnm9bZQAYpNriWtGQya5SRJeEGWtsSDetYuqXqPUUw94eB9OwVzgggk_45rpXHZcvV0iG8ht_2Ta9phkbQRIFtiECTwLyaeLdyr1oenprKOXdiHCGT10IP-UcEXNAgs-bghnfQon7K54Z0jZ2k_VqCyGhRHTTRFTb8R5AJTKtd6oJeec-WIuQnS6onkN1YPOz76O6HDkV1WoyGeu6S0ctTg8aPG9jPqhWcUyfIADvA8-2WBPoscEQFaWqlRxGx5Aijmww-_prQvV2k0Vv3QY83YXqx-HjmTnjI4JbDO1pA5dBcKaLtQnAP5oQsE1IiH19Rdr3pf-kRdsOxeBXSlV74C7tLZRAVQJ0qe0XuDlA7pv-P_VNsOT7eCs-rYx851uvCqoGFaeVh5niJhpWMDNlnhWupXhd369CLFBNuXuAQ1dktJDIyCmAtbQ.r9znY9y-L-HN0sEA8nWIjw",
      );
      const stdout = await other.ok(
        ["keys", "list", "--keyring-backend", "file", "--bech32-prefix", "cosmos", "-o", "json"],
        {
          input: "my-secret-password\n",
        },
      );
      // The gentx of the same template was signed by this key, for this account.
      expect(JSON.parse(stdout)).toEqual([
        {
          name: "myvalidator",
          type: "local",
          address: "cosmos12nt2hqjps8r065wc02qks88tvqzdeua0ld3jxy",
          pubkey: '{"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A0RZ3+xLf9xJiySHQxQsQtW8HJYEcniJKbFxG2R9ZEQv"}',
        },
      ]);
    } finally {
      other.remove();
    }
  });
});
