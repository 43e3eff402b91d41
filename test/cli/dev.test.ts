// `tributaryd dev`, driven as a program: events as JSON lines, a home that is made, reopened, reset and never mistaken.
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DirectSecp256k1HdWallet, DirectSecp256k1Wallet } from "@cosmjs/proto-signing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { devAccountNames, devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { devMnemonic } from "../../cli/dev/mnemonics.ts";
import { run, start, type TemporaryHome, temporaryHome } from "./harness.ts";

type Event = { readonly event: string; readonly [key: string]: unknown };

/** A development chain that runs. */
class DevChain {
  readonly process: ChildProcess;
  readonly events: Event[] = [];
  #stderr = "";
  #rest = "";

  constructor(home: string, ...flags: string[]) {
    const ports = ["--rpc.laddr", "tcp://127.0.0.1:0", "--p2p.laddr", "", "--api.enable", "false"];
    this.process = start(["dev", "--json", "--home", home, ...ports, ...flags]);
    this.process.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
    this.process.stdout?.on("data", (chunk: Buffer) => {
      const lines = (this.#rest + chunk.toString("utf8")).split("\n");
      this.#rest = lines.pop() ?? "";
      this.events.push(...lines.map((line) => JSON.parse(line) as Event));
    });
  }

  /** The first event of a name, waited for. */
  async event(name: string): Promise<Event> {
    for (let attempt = 0; attempt < 500; attempt++) {
      const found = this.events.find((event) => event.event === name);
      if (found !== undefined) return found;
      if (this.process.exitCode !== null) throw new Error(`dev ended before ${name}: ${this.#stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no ${name} from dev: ${this.#stderr}`);
  }

  /** Stops it with a signal and gives the exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once("close", (code) => resolve(code)));
    this.process.kill(signal);
    return ended;
  }
}

let home: TemporaryHome;
let folder = "";
beforeAll(() => {
  home = temporaryHome();
  folder = join(home.path, "chain");
});
afterAll(() => home.remove());

describe("the accounts", () => {
  test("are ten, and addresses and keys in the preset are those of their mnemonics", async () => {
    const accounts = devAccounts(readDevPreset());
    expect(accounts.map(({ name }) => name)).toEqual([...devAccountNames]);
    expect(new Set(accounts.map(({ address }) => address)).size).toBe(10);
    for (const account of accounts) {
      const wallet = await DirectSecp256k1HdWallet.fromMnemonic(devMnemonic(account.name), { prefix: "trib" });
      const [derived] = await wallet.getAccounts();
      expect(derived!.address).toBe(account.address);
      const stored = await DirectSecp256k1Wallet.fromKey(account.privateKey, "trib");
      expect((await stored.getAccounts())[0]!.address).toBe(account.address);
    }
  });
});

describe("dev", () => {
  test("makes a chain, reopens it where it was, and starts anew with --reset", async () => {
    const first = new DevChain(folder, "--no-seed");
    const ready = await first.event("ready");
    expect(ready).toMatchObject({
      chain_id: "tributary-dev-1",
      is_new: true,
      warning: expect.stringContaining("public"),
    });
    expect(ready.accounts).toHaveLength(10);
    await first.event("block");
    const { urls } = ready as unknown as { urls: { RPC: string } };
    await first.event("keys");
    const bob = readDevPreset().accounts.bob.address;
    const sent = await run([
      "tx",
      "bank",
      "send",
      "alice",
      bob,
      "5uopen",
      "--yes",
      "--home",
      folder,
      "--node",
      urls.RPC,
    ]);
    expect(sent.code, sent.stderr).toBe(0);
    const { txhash } = JSON.parse(sent.stdout) as { txhash: string };
    const included = await run(["q", "wait-tx", txhash, "-o", "json", "--node", urls.RPC, "--home", folder]);
    const height = BigInt((JSON.parse(included.stdout) as { height: string }).height);
    const balance = await run([
      "q",
      "bank",
      "balance",
      bob,
      "uopen",
      "-o",
      "json",
      "--node",
      urls.RPC,
      "--home",
      folder,
    ]);
    expect(JSON.parse(balance.stdout)).toEqual({ balance: { denom: "uopen", amount: "1000000000005" } });
    expect(await first.stop()).toBe(0);
    expect(first.events.at(-1)).toMatchObject({ event: "stopped" });

    const second = new DevChain(folder, "--no-seed");
    expect(await second.event("ready")).toMatchObject({ is_new: false });
    expect(BigInt(String((await second.event("block")).height))).toBeGreaterThan(height);
    expect(await second.stop("SIGINT")).toBe(0);

    const third = new DevChain(folder, "--no-seed", "--reset");
    expect(await third.event("ready")).toMatchObject({ is_new: true });
    expect((await third.event("block")).height).toBe("1");
    const meanwhile = await run(["dev", "--home", folder, "--reset"]);
    expect(meanwhile.code).toBe(70);
    expect(meanwhile.stderr).toMatch(/^error: .*in use by another process[^\n]*\n$/);
    expect(meanwhile.stderr).not.toContain("--reset");
    expect(await third.stop()).toBe(0);
  });

  test("neither uses nor clears a folder it did not make", async () => {
    const foreign = join(home.path, "foreign");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "precious.txt"), "kept");
    for (const flags of [[], ["--reset"]]) {
      const outcome = await run(["dev", "--home", foreign, ...flags]);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toMatch(
        /^error: .* is not the home of a development chain\..*nothing in it was touched\.\n$/,
      );
    }
    expect(readFileSync(join(foreign, "precious.txt"), "utf8")).toBe("kept");
  });

  test("prints its accounts with their mnemonics on request", async () => {
    const { stdout } = await run(["dev", "--accounts"]);
    expect(stdout).toContain("PUBLIC");
    expect(stdout).toContain(devMnemonic("judy"));
  });
});
