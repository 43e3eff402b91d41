// What an operator does to the data of a node that is not running: go back by a height, prune, begin anew. Every command
// refuses while a node runs, and none ever touches what the key has signed.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appHashOf } from "../support/app-hash.ts";
import { run, start } from "./harness.ts";

let folder = "";
let home = "";
let committed: Awaited<ReturnType<typeof runTo>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-stopped-"));
  home = join(folder, "net", "node0", "tributaryd");
  const made = await run(["testnet", "init-files", "-n", "1", "-o", join(folder, "net"), "--commit-timeout", "20ms"]);
  expect(made.code).toBe(0);
  committed = await runTo(8);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What scripts pass to simd and has nothing to set here is taken as well. */
const foreign = [
  ...["--with-comet", "--inter-block-cache=true", "--iavl-disable-fastnode", "--grpc-only=false", "--halt-time", "0"],
  ...["--inv-check-period", "1", "--pruning-interval", "10", "--db_backend", "goleveldb", "--trace-store="],
];

const nodeFlags = () => [
  ...foreign,
  ...["--home", home, "--rpc.laddr", "tcp://127.0.0.1:0", "--p2p.laddr", "tcp://127.0.0.1:0"],
  ...["--api.enable", "false", "--log_format", "json"],
];

/** Runs the node to a height; gives what it said, by entry. */
async function runTo(height: number): Promise<readonly { msg: string; height?: string; appHash?: string }[]> {
  const { code, stderr } = await run(["start", ...nodeFlags(), "--halt-height", String(height)]);
  expect(code, stderr.slice(-500)).toBe(0);
  return stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

const at = async (command: readonly string[]) => run([...command, "--home", home]);
const journal = () => readFileSync(join(home, "sign.journal")).toString("hex");

/** Height and app hash of the last block, by the genesis that would go on from it. */
async function lastHeight(): Promise<number> {
  return JSON.parse((await at(["export"])).stdout).initial_height - 1;
}

/** What simd prints (store/types CommitInfo as proto-JSON). */
interface CommitInfo {
  readonly version: string;
  readonly store_infos: readonly { name: string; commit_id: { version: string; hash: string } }[];
  readonly timestamp: string;
}

describe("module-hash-by-height", () => {
  test("shows the root of every store in simd's shape, and they make the block's app hash", async () => {
    const { code, stdout } = await at(["module-hash-by-height", "6", "-o", "json"]);
    expect(code).toBe(0);
    const info = JSON.parse(stdout) as CommitInfo;
    expect(Object.keys(info)).toEqual(["version", "store_infos", "timestamp"]);
    expect([info.version, info.timestamp]).toEqual(["6", expect.stringMatching(/^20\d\d-.*Z$/)]);
    // simd's bytes are hexadecimal text: base64 of it stands in JSON.
    const roots = info.store_infos.map(({ name, commit_id }) => {
      expect(commit_id.version).toBe("6");
      const text = Buffer.from(commit_id.hash, "base64").toString();
      expect(text).toMatch(/^[0-9A-F]{64}$/);
      return { name, hash: new Uint8Array(Buffer.from(text, "hex")) };
    });
    expect(roots.map(({ name }) => name)).toEqual(expect.arrayContaining(["acc", "bank", "datanet", "staking"]));
    const names = roots.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const block = committed.find(({ msg, height }) => msg === "committed a block" && height === "6");
    const hash = appHashOf(new Map(roots.map(({ name, hash }) => [name, hash])));
    // The log shows its beginning.
    expect(hash.toString("hex").toUpperCase().slice(0, 16)).toBe(block?.appHash);
    expect(await at(["query", "module-hash-by-height", "6", "-o", "json"])).toMatchObject({ code: 0, stdout });
  });

  test("names the heights there are, and what is no height", async () => {
    expect(await at(["module-hash-by-height", "99"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/the state of height 99 is not here: the heights \d+ to 8 are/),
    });
    expect((await at(["module-hash-by-height", "last"])).code).toBe(2);
  });
});

describe("export", () => {
  test("is of the last height, or of some modules only", async () => {
    const exported = async (...args: readonly string[]) => JSON.parse((await at(["export", ...args])).stdout);
    const { app_state } = await exported("--height", "-1", "--modules-to-export", "bank,staking");
    const whole = await exported("--height", "8");
    expect(app_state).toEqual({ bank: whole.app_state.bank, staking: whole.app_state.staking });
    expect(Object.keys(whole.app_state).length).toBeGreaterThan(10);
    expect(await at(["export", "--height", "3"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("only the last height, 8, can be exported"),
    });
    expect((await at(["export", "--modules-to-export", "bnak"])).stderr).toContain('no module "bnak"');
  });
});

test("a flag of simd's that asks for what this node does not do is refused", async () => {
  for (const flag of [["--halt-time", "5"], ["--with-comet=false"], ["--priv_validator_laddr", "tcp://x:1"]]) {
    const { code, stderr } = await run(["start", "--home", home, ...flag]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("this node does not do that")]);
  }
});

describe("rollback", () => {
  test("goes back by one height, keeps the block, and the next start executes it to the same state", async () => {
    const signed = journal();
    const back = await at(["rollback"]);
    expect(back).toMatchObject({ code: 0 });
    expect(back.stdout).toMatch(/^Rolled back state to height 7 and hash [0-9A-F]{64}\n$/);
    expect(back.stderr).toMatch(/block 8 was kept: the next start executes it again/);
    expect(journal()).toBe(signed);
    expect(await lastHeight()).toBe(7);
    expect((await at(["invariants"])).code).toBe(0);

    const said = await runTo(10);
    const again = said.find((entry) => entry.msg === "committed a block");
    expect(again).toMatchObject({ height: "8" });
    expect(said.some((entry) => /error|invalid/.test(entry.msg))).toBe(false);
  });

  test("twice goes back by two, and the blocks come again with the same app hashes", async () => {
    const before = await runTo(12);
    const hashAt = (said: typeof before, height: number) =>
      said.find((entry) => entry.msg === "committed a block" && entry.height === String(height))?.appHash;
    expect((await at(["rollback", "--hard"])).stderr).toContain("block 12 was removed");
    expect((await at(["rollback"])).stdout).toContain("height 10 and hash");
    // The only validator has signed block 12, so nothing but that block can be at its height.
    const after = await runTo(13);
    for (const height of [11, 12]) {
      expect(hashAt(before, height)).toMatch(/^[0-9A-F]{16}$/);
      expect(hashAt(after, height)).toBe(hashAt(before, height));
    }
  });
});

describe("prune", () => {
  test("drops past state and old blocks, gives the space back, and the chain goes on", async () => {
    await runTo(20);
    const pruned = await at(["prune", "everything", "--min-retain-blocks", "5"]);
    expect(pruned).toMatchObject({ code: 0 });
    // Evidence may name blocks of a week or two: a young chain keeps all of them whatever is asked for.
    expect(pruned.stdout).toBe(
      "pruned 18 past states and 0 blocks; the state of 19 to 20 and the blocks from 1 on are kept\n",
    );
    expect(pruned.stderr).toMatch(/app\.toml still says pruning = "default"/);
    expect((await at(["invariants"])).code).toBe(0);
    expect(await lastHeight()).toBe(20);
    await runTo(21);
    expect((await at(["rollback"])).code).toBe(0);
    await runTo(22);
  });

  test("names what is wrong with what was asked", async () => {
    expect(await at(["prune", "most"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: there is no pruning "most"/),
    });
  });
});

test("every one of them refuses while a node runs", async () => {
  const node = start(["start", ...nodeFlags()]);
  try {
    await new Promise<void>((resolve, reject) => {
      node.stderr?.on("data", (chunk: Buffer) => {
        if (chunk.includes("node started")) resolve();
      });
      node.once("exit", () => reject(new Error("the node ended")));
    });
    const commands = [["rollback"], ["prune"], ["export"], ["comet", "unsafe-reset-all"], ["comet", "reset-state"]];
    for (const command of commands) {
      const { code, stderr } = await at(command);
      expect([command.join(" "), code]).toEqual([command.join(" "), 70]);
      expect(stderr).toMatch(/^error: .*is in use by another process, probably a node that is running\. Stop it first/);
    }
  } finally {
    const ended = new Promise((resolve) => node.once("exit", resolve));
    node.kill("SIGTERM");
    await ended;
  }
});

describe("comet", () => {
  test("reset-state removes the chain's data and nothing else; the key still knows what it signed", async () => {
    const signed = journal();
    const reset = await at(["comet", "reset-state"]);
    expect(reset).toMatchObject({ code: 0 });
    expect(reset.stderr).toMatch(/removed .*tributary\.db/);
    expect(readdirSync(join(home, "data"))).not.toContain("tributary.db");
    expect(existsSync(join(home, "config", "genesis.json"))).toBe(true);
    expect(journal()).toBe(signed);
  });

  test("unsafe-reset-all keeps the journal of the key: the chain may begin anew, the key does not forget", async () => {
    const signed = journal();
    const signedAt = (await at(["sign-state", "show", "--output", "json"])).stdout;
    expect(Number(JSON.parse(signedAt).height)).toBeGreaterThan(8);
    const reset = await at(["comet", "unsafe-reset-all"]);
    expect(reset).toMatchObject({ code: 0 });
    expect(reset.stderr).toMatch(/the sign journal was kept/);
    expect(journal()).toBe(signed);
    expect(existsSync(join(home, "config", "priv_validator_key.json"))).toBe(true);
    expect((await at(["sign-state", "show", "--output", "json"])).stdout).toBe(signedAt);
    const forgotten = await at(["comet", "unsafe-reset-all", "--forget-signatures"]);
    expect(forgotten.stderr).toMatch(/the sign journal was set aside as .*sign\.journal\.old-\d+: the key begins anew/);
    await runTo(1);
  });

  test("the names of the SDK and of CometBFT lead to the same commands", async () => {
    const ids = await Promise.all(
      ["comet", "cometbft", "tendermint"].map(async (group) => (await at([group, "show-node-id"])).stdout),
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[0-9a-f]{40}\n$/);
    expect((await at(["comet", "reset-peers"])).stderr).toMatch(/nothing to remove|removed/);
  });
});
