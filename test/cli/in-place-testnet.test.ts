// `tributaryd in-place-testnet`: the state of a stopped node under another name and another key. What is refused leaves every file as it was.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ed25519 } from "@cosmjs/crypto";
import { toBase64, toBech32 } from "@cosmjs/encoding";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, start } from "./harness.ts";

let folder = "";
let home = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-in-place-"));
  home = join(folder, "net", "node0", "tributaryd");
  const network = ["testnet", "init-files", "-n", "1", "--chain-id", "main-1", "-o", join(folder, "net")];
  expect((await run([...network, "--commit-timeout", "20ms"])).code).toBe(0);
  expect((await run(["start", ...nodeFlags("6")])).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nodeFlags = (haltHeight: string) => [
  ...["--home", home, "--rpc.laddr", "tcp://127.0.0.1:0", "--p2p.laddr", "tcp://127.0.0.1:0"],
  ...["--api.enable", "false", "--log_format", "json", "--halt-height", haltHeight],
];

const account = (byte: number) => toBech32("trib", new Uint8Array(20).fill(byte));
const operator = toBech32("tribvaloper", new Uint8Array(20).fill(1));
const inPlace = (args: readonly string[], input = "") =>
  run(["in-place-testnet", ...args, ...nodeFlags("10")], { input });
const keyPath = () => join(home, "config", "priv_validator_key.json");
interface KeyFile {
  readonly pub_key: { readonly value: string };
  readonly priv_key: { readonly value: string };
}
const keyOf = (path: string) => JSON.parse(readFileSync(path, "utf8")) as KeyFile;

// biome-ignore lint/suspicious/noExplicitAny: the tests look at a whole genesis
async function exported(): Promise<any> {
  const { code, stdout } = await run(["export", "--home", home]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

/** Every file of the home but the database's own, with its time of change. */
function filesOf(): readonly string[] {
  return readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("tributary.db"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).mtimeMs}`)
    .sort();
}

test("is refused where keys or names would be the original chain's, and unless it is wanted", async () => {
  const before = filesOf();
  const { validators } = (await exported()).app_state.staking;
  const own = keyOf(keyPath()).priv_key.value;
  const cases = [
    { args: ["main-1", operator], why: "cannot have the name of the chain it is made of" },
    { args: ["local-1", validators[0].operator_address], why: "is a validator of this chain already" },
    { args: ["local-1", operator, "--validator-privkey", own], why: "is the key this home has already" },
    {
      args: ["local-1", operator, "--validator-pubkey", keyOf(keyPath()).pub_key.value],
      why: "its private key is needed",
    },
    { args: ["local-1", operator, "--validator-privkey", "AAAA"], why: "the validator's key has 3 bytes" },
    { args: ["local-1", "cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh"], why: "is no operator's address" },
    { args: ["local-1", operator, "--accounts-to-fund", "nobody"], why: "--accounts-to-fund" },
    { args: ["two words", operator], why: "cannot be a chain id" },
  ];
  for (const { args, why } of cases) {
    const { code, stderr } = await inPlace([...args, "--skip-confirmation"]);
    expect(code, why).toBeGreaterThan(0);
    expect(stderr).toContain(why);
  }
  const canceled = await inPlace(["local-1", operator], "n\n");
  expect([canceled.code, canceled.stdout]).toEqual([0, "Operation canceled.\n"]);
  expect(canceled.stderr).toContain("data, keys, genesis and sign journal are set aside");
  expect(filesOf()).toEqual(before);
});

test("is refused while the node runs", async () => {
  const node = start(["start", ...nodeFlags("0")]);
  await new Promise<void>((resolve) => {
    node.stderr?.on("data", (chunk: Buffer) => {
      if (chunk.includes("node started")) resolve();
    });
  });
  const { code, stderr } = await inPlace(["local-1", operator, "--skip-confirmation"]);
  node.kill("SIGTERM");
  await new Promise((resolve) => node.once("close", resolve));
  expect([code, stderr]).toEqual([70, expect.stringContaining("in use")]);
  expect(JSON.parse(readFileSync(join(home, "config", "genesis.json"), "utf8")).chain_id).toBe("main-1");
});

test("one new validator runs the state on under a new name, with a key nobody had, and everything before is set aside", async () => {
  const before = await exported();
  const [old] = before.app_state.staking.validators;
  const oldKey = keyOf(keyPath());
  const seed = new Uint8Array(32).fill(7);
  const { pubkey, privkey } = await Ed25519.makeKeypair(seed);
  const secret = toBase64(Uint8Array.from([...privkey, ...pubkey]));
  const keys = ["--validator-privkey", secret, "--validator-pubkey", toBase64(pubkey)];
  const height = before.initial_height - 1;
  const halt = nodeFlags(String(height + 4));
  const funded = [account(2), account(3)];
  const made = await run(
    ["in-place-testnet", "local-1", operator, "--accounts-to-fund", funded.join(","), ...keys, ...halt],
    { input: "y\n" },
  );
  expect(made.code, made.stderr.slice(-500)).toBe(0);

  const after = await exported();
  expect([after.chain_id, after.initial_height]).toEqual(["local-1", height + 5]);
  expect(after.consensus.validators.map(({ pub_key }: KeyFile) => pub_key.value)).toEqual([toBase64(pubkey)]);
  const { validators, delegations } = after.app_state.staking;
  const found = (address: string) => validators.find((one: typeof old) => one.operator_address === address);
  expect(found(operator)).toMatchObject({ jailed: false, status: "BOND_STATUS_BONDED", tokens: "900000000000000" });
  const { tokens, delegator_shares } = old;
  expect(found(old.operator_address)).toMatchObject({
    ...{ jailed: true, status: "BOND_STATUS_UNBONDED", tokens, delegator_shares },
  });
  expect(delegations).toEqual(expect.arrayContaining(before.app_state.staking.delegations));
  for (const address of [account(1), ...funded]) {
    const balance = after.app_state.bank.balances.find((one: { address: string }) => one.address === address);
    expect(balance?.coins).toEqual([{ denom: "uopen", amount: "1000000000000" }]);
  }
  expect((await run(["invariants", "--home", home])).code).toBe(0);

  expect(keyOf(keyPath()).pub_key.value).toBe(toBase64(pubkey));
  const [aside] = readdirSync(home).filter((name) => name.startsWith("before-local-1-"));
  expect(keyOf(join(home, aside!, "config", "priv_validator_key.json"))).toEqual(oldKey);
  expect(readdirSync(join(home, aside!))).toEqual(["config", "data", "sign.journal"]);
  const status = await run(["sign-state", "show", "--home", home, "-o", "json"]);
  expect(JSON.parse(status.stdout).height).toBe(String(height + 4));
  expect(readFileSync(join(home, "config", "client.toml"), "utf8")).toContain('"local-1"');

  // Afterwards it is a chain like any other.
  expect((await run(["start", ...nodeFlags(String(height + 6))])).code).toBe(0);
  expect((await exported()).initial_height).toBe(height + 7);
});
