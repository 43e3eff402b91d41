// Networks made and run in one step, as an operator types it: the files of simd's layout, and a running network of real
// processes with its light client.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNodeConfig } from "../../node/config.ts";
import { run } from "./harness.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-testnet-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), "utf8"));

describe("testnet init-files", () => {
  test("makes a home for each validator, with its keys, and one genesis that all share", async () => {
    const flags = ["--validator-count", "4", "--chain-id", "many-1", "--starting-ip-address", "10.0.0.7"];
    const made = await run(["testnet", "init-files", ...flags, "--output-dir", join(folder, "net")]);
    expect(made).toMatchObject({ code: 0, stdout: "" });
    expect(made.stderr).toContain("Successfully initialized 4 node directories");

    const names = ["node0", "node1", "node2", "node3"];
    expect(readdirSync(join(folder, "net")).sort()).toEqual(["gentxs", ...names]);
    const texts = names.map((name) =>
      readFileSync(join(folder, "net", name, "tributaryd/config/genesis.json"), "utf8"),
    );
    expect(new Set(texts).size).toBe(1);
    const genesis = JSON.parse(texts[0]!);
    expect(genesis.chain_id).toBe("many-1");
    expect(genesis.app_state.genutil.gen_txs).toHaveLength(4);
    expect(genesis.app_state.bank.balances.map((one: { coins: unknown }) => one.coins)).toEqual(
      names.map(() => [{ denom: "uopen", amount: "500000000" }]),
    );
    const valid = await run(["genesis", "validate", join(folder, "net", "node3", "tributaryd/config/genesis.json")]);
    expect(valid.code).toBe(0);

    for (const [index, name] of names.entries()) {
      const home = join(folder, "net", name, "tributaryd");
      const id = (await run(["comet", "show-node-id", "--home", home])).stdout.trim();
      const { persistentPeers, moniker } = readNodeConfig(home);
      expect(moniker).toBe(name);
      const peers = persistentPeers.split(",");
      expect(peers).toHaveLength(3);
      expect(peers.some((peer) => peer.startsWith(id))).toBe(false);
      const memo = read("net", "gentxs", `${name}.json`).body.memo;
      expect(memo).toBe(`${id}@10.0.0.${7 + index}:26656`);
      expect(statSync(join(home, "key_seed.json")).mode & 0o077).toBe(0);
      expect(read("net", name, "tributaryd", "key_seed.json").secret.split(" ")).toHaveLength(24);
      const keys = await run(["keys", "list", "--keyring-backend", "test", "--home", home, "--output", "json"]);
      expect(JSON.parse(keys.stdout)[0].name).toBe(name);
    }
  });

  test("never writes over a home that is there", async () => {
    const before = readFileSync(join(folder, "net/node1/tributaryd/config/priv_validator_key.json"), "utf8");
    const again = await run(["testnet", "init-files", "-n", "2", "--output-dir", join(folder, "net")]);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^error: .*node0\/tributaryd exists already\. Name another --output-dir/);
    expect(readFileSync(join(folder, "net/node1/tributaryd/config/priv_validator_key.json"), "utf8")).toBe(before);
  });

  test("gives every node on a single host ports of its own", async () => {
    const flags = ["--single-host", "-n", "3", "--output-dir", join(folder, "host"), "--commit-timeout", "250ms"];
    expect((await run(["testnet", "init-files", ...flags, "--node-dir-prefix", "v"])).code).toBe(0);
    const configs = [0, 1, 2].map((index) => readNodeConfig(join(folder, "host", `v${index}`, "tributaryd")));
    const addresses = configs.flatMap(({ rpcAddress, peerAddress, apiAddress, grpcAddress }) => [
      rpcAddress,
      peerAddress,
      apiAddress,
      grpcAddress,
    ]);
    expect(new Set(addresses).size).toBe(12);
    expect(configs.every(({ timeoutCommitMs }) => timeoutCommitMs === 250)).toBe(true);
    expect(configs[1]!.rpcAddress).toBe("tcp://127.0.0.1:26658");
  });

  test("says which flag is wrong, and writes nothing", async () => {
    const wrong: readonly (readonly string[])[] = [
      ["--validator-count", "0"],
      ["--starting-ip-address", "10.0.0.300"],
      ["--starting-ip-address", "10.0.0.254", "-n", "4"],
      ["--commit-timeout", "soon"],
      ["--staking-denom", "9x"],
      ["--chain-id", "two words"],
    ];
    for (const flags of wrong) {
      const { code, stderr } = await run(["testnet", "init-files", "-o", join(folder, "none"), ...flags]);
      expect(code, flags.join(" ")).toBe(2);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    }
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});

describe("testnet start", () => {
  test("runs validators, a full node and a light client until all agree on the blocks asked for, and goes on later", async () => {
    const flags = ["-n", "2", "-o", join(folder, "local"), "--first-port", String(await freePorts(40))];
    const first = await run(["testnet", "start", ...flags, "--commit-timeout", "100ms", "--blocks", "3"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^network localnet-1 \(new\)/);
    expect(first.stdout).toMatch(/3 nodes agree on block \d+: hash [0-9A-F]{12}, app hash [0-9A-F]{12}.*light \d+/);
    expect(first.stdout).toMatch(/stopped; start again to go on from there\n$/);

    const second = await run(["testnet", "start", ...flags, "--blocks", "1"]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toMatch(/^network localnet-1 \(reopened\)/);
    const heights = (text: string) => [...text.matchAll(/agree on block (\d+)/g)].map((match) => Number(match[1]));
    expect(heights(second.stdout)[0]).toBeGreaterThanOrEqual(heights(first.stdout).at(-1)!);
  });

  test("neither uses nor clears a folder that it did not make", async () => {
    writeFileSync(join(folder, "letter.txt"), "dear");
    const refused = await run(["testnet", "start", "-o", folder, "--reset"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/does not hold a network that `testnet start` made/);
    expect(readFileSync(join(folder, "letter.txt"), "utf8")).toBe("dear");
  });

  test("does not take another network for the one that is there", async () => {
    const refused = await run(["testnet", "start", "-n", "3", "-o", join(folder, "local")]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/holds the network localnet-1 of 2 validators/);
  });
});

/** The first of `count` ports that are probably free together: none listens on the ends and the middle. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 12_000);
    const probes = [0, 1, 2, 10, 11, 12, 20, 21, 22, count - 1];
    if ((await Promise.all(probes.map((offset) => isFree(first + offset)))).every((free) => free)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
