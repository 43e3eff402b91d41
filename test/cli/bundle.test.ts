// The bundle that `npm run bundle` makes, in a folder with nothing else beside it: no package, no source. It must do what
// the program does.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { ed25519 } from "@noble/curves/ed25519.js";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programVersion } from "../../cli/version.ts";
import { packJobs } from "../../node/mempool/signature-packing.ts";
import config from "../../rolldown.config.ts";
import { freePort } from "../e2e/chain-home.ts";
import { newKeys } from "../vectors/signing.ts";

let folder = "";
let bundle = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-bundle-"));
  await build({ ...config, logLevel: "silent", output: { ...config.output, dir: join(folder, "dist") } });
  bundle = join(folder, "dist", "tributaryd.mjs");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the bundle's program with the environment of a fresh shell. */
function bundled(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { NODE_OPTIONS: _options, ...clean } = process.env;
  return spawnSync(process.execPath, [bundle, ...args], { encoding: "utf8", cwd: folder, env: { ...clean, ...env } });
}

describe("the bundle", () => {
  test("is one file, with the native builds of LevelDB beside it", () => {
    const names = readdirSync(join(folder, "dist")).sort();
    expect(names).toEqual(["LICENSE", "package.json", "prebuilds", "tributaryd.mjs"]);
    expect(readdirSync(join(folder, "dist", "prebuilds"))).toContain(`${process.platform}-${process.arch}`);
  });

  test("says its version, and what its commands are", () => {
    expect(bundled(["version"])).toMatchObject({ status: 0, stdout: `${programVersion()}\n`, stderr: "" });
    expect(bundled(["tx", "bank", "send", "--help"]).stdout).toContain("Usage: tributaryd tx bank send");
    expect(bundled(["dev", "--accounts", "--json"]).stdout).toContain('"name":"alice"');
  });

  test("makes a chain, commits blocks, serves RPC and the page, and stops when asked", async () => {
    const made = bundled(["testnet", "init-files", "-n", "1", "-o", join(folder, "net"), "--commit-timeout", "50ms"]);
    expect(made).toMatchObject({ status: 0 });
    const home = join(folder, "net", "node0", "tributaryd");
    const [rpc, rest] = [await freePort(), await freePort()];
    const ports = [
      "--rpc.laddr",
      `tcp://127.0.0.1:${rpc}`,
      "--api.address",
      `tcp://127.0.0.1:${rest}`,
      "--grpc.address",
      "127.0.0.1:0",
    ];
    const flags = ["start", "--home", home, "--log_format", "json", "--p2p.laddr", "tcp://127.0.0.1:0", ...ports];
    const node = spawn(process.execPath, [bundle, ...flags], { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
    const ended = new Promise((resolve) => node.once("exit", (code, signal) => resolve(code ?? signal)));
    const said: string[] = [];
    try {
      for await (const line of createInterface(node.stderr)) {
        said.push(line);
        const { msg, height } = JSON.parse(line) as { msg?: string; height?: string };
        if (msg === "committed a block" && Number(height) >= 3) break;
      }
      // The log must still be read, or the node would wait for its reader.
      node.stderr.resume();
      const status = (await (await fetch(`http://127.0.0.1:${rpc}/status`)).json()) as {
        result: { node_info: object };
      };
      expect(status.result.node_info).toMatchObject({ moniker: "node0" });
      const page = await fetch(`http://127.0.0.1:${rest}/`);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(await page.text()).toContain("<title>");
    } finally {
      node.kill("SIGTERM");
      expect(await ended, said.at(-1)).toBe(0);
    }
    const exported = bundled(["export", "--home", home]);
    expect(exported.status).toBe(0);
    expect(JSON.parse(exported.stdout).initial_height).toBeGreaterThan(3);
  });

  test("runs its worker threads out of the same file", async () => {
    const [key] = newKeys("worker", [1n]);
    const message = new Uint8Array([1, 2, 3]);
    const publicKey = key!.validator.pubKey.ed25519!;
    const good = { kind: "ed25519" as const, publicKey, message, signature: ed25519.sign(message, key!.secret) };
    const packed = packJobs([good, { ...good, message: new Uint8Array([1, 2, 4]) }]);
    const worker = new Worker(pathToFileURL(bundle), { argv: ["verify-worker"] });
    try {
      const verdicts = await new Promise((resolve, reject) => {
        worker.once("message", (answer: { verdicts: Uint8Array }) => resolve([...answer.verdicts]));
        worker.once("error", reject);
        worker.postMessage({ id: 1, packed });
      });
      expect(verdicts).toEqual([1, 0]);
    } finally {
      await worker.terminate();
    }
  });

  test("says in one line what is missing where LevelDB has no native build, and which platforms have one", () => {
    const bare = join(folder, "bare");
    cpSync(join(folder, "dist", "tributaryd.mjs"), join(bare, "tributaryd.mjs"));
    const home = join(folder, "net", "node0", "tributaryd");
    expect(existsSync(home)).toBe(true);
    const { status, stderr } = spawnSync(process.execPath, [join(bare, "tributaryd.mjs"), "export", "--home", home], {
      encoding: "utf8",
    });
    expect(status).toBe(69);
    expect(stderr).toMatch(/^error: LevelDB has no build for \S+ here.*linux.*android.*\n$/);
  });
});
