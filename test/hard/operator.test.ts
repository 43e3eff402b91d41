// What a person at a terminal meets: `doctor` before anything runs, and `dev` on a real terminal (util-linux's `script`
// makes one): the banner, the status line, the page it names, and `q`.

import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launcher, type TemporaryHome, temporaryHome } from "../cli/harness.ts";

let home: TemporaryHome;
beforeAll(async () => {
  home = temporaryHome();
  await home.ok(["init", "operator", "--chain-id", "operator-1"]);
});
afterAll(() => home.remove());

interface Report {
  readonly checks: readonly { readonly check: string; readonly verdict: string; readonly detail: string }[];
}

describe("doctor", () => {
  const verdicts = (stdout: string): Record<string, string> =>
    Object.fromEntries((JSON.parse(stdout) as Report).checks.map(({ check, verdict }) => [check, verdict]));

  test("finds nothing wrong on a machine and home that can run a node", async () => {
    // The usual ports may be taken on the machine the tests run on.
    await home.ok(["config", "set", "config", "rpc.laddr", "tcp://127.0.0.1:0"]);
    await home.ok(["config", "set", "config", "p2p.laddr", "tcp://127.0.0.1:0"]);
    await home.ok(["config", "set", "app", "api.address", "tcp://127.0.0.1:0"]);
    await home.ok(["config", "set", "app", "grpc.address", "127.0.0.1:0"]);
    const { code, stdout, stderr } = await home.run(["doctor", "-o", "json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const found = verdicts(stdout);
    for (const check of ["node", "cryptography", "leveldb", "home", "data"])
      expect(found).toMatchObject({ [check]: "ok" });
    expect(Object.values(found)).not.toContain("fail");
  });

  test("says what the machine can be, what a node takes of it, and what a chain grows in a day", async () => {
    const { stdout } = await home.run(["doctor", "-o", "json"]);
    const details = new Map((JSON.parse(stdout) as Report).checks.map(({ check, detail }) => [check, detail]));
    expect(details.get("machine")).toMatch(
      /^\d+ cores?, \d.* (GB|MB).*: .*; about \d+ MB a day \(.*\); a node takes heap up to \d+ MB/,
    );
    expect(details.get("fsync")).toMatch(/^a small write is durable after \d+\.\d ms/);
    expect(details.get("clock")).toContain(new Date().toISOString().slice(0, 10));
  });

  test("names a port that is taken and a genesis that is broken, and fails", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = taken.address() as { port: number };
      await home.ok(["config", "set", "config", "rpc.laddr", `tcp://127.0.0.1:${port}`]);
      writeFileSync(join(home.path, "config", "genesis.json"), "{");
      const { code, stdout } = await home.run(["doctor"]);
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`^(fail|warn) +rpc port: .*${port}`, "m"));
      expect(stdout).toMatch(/^fail +genesis: .*genesis\.json/m);
    } finally {
      taken.close();
    }
  });
});

const hasScript = spawnSync("script", ["--version"]).status === 0;

test.skipIf(!hasScript)(
  "dev on a terminal shows where to look and one live line, serves its page, and ends at q",
  async () => {
    const folder = join(home.path, "dev");
    const flags =
      "--no-seed --rpc.laddr tcp://127.0.0.1:0 --p2p.laddr= --api.address tcp://127.0.0.1:0 --grpc.address 127.0.0.1:0";
    const command = `${process.execPath} ${launcher} dev --home ${folder} ${flags}`;
    const terminal = spawn("script", ["-qec", command, "/dev/null"], { env: { ...process.env, TERM: "xterm" } });
    let shown = "";
    const ended = new Promise<number | null>((resolve) => terminal.once("close", resolve));
    const blocks = new Promise<void>((resolve) => {
      terminal.stdout.on("data", (chunk: Buffer) => {
        shown += chunk.toString("utf8");
        if (/height [2-9]/.test(shown)) resolve();
      });
    });
    await Promise.race([blocks, ended]);
    const page = /page +(http:\S+)/.exec(shown)?.[1] ?? "";
    const answer = await fetch(page);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(await answer.text()).toContain("<script");
    terminal.stdin.write("q");
    expect(await ended, shown).toBe(0);
    expect(shown).toMatch(/THE KEYS BELOW ARE PUBLIC/);
    for (const name of ["REST", "RPC", "WebSocket"]) expect(shown).toMatch(new RegExp(`${name} +(http|ws)://`));
    expect(shown).toMatch(/height \d+ · .*txs · \d+ peers · \d+ MB · q quits/);
    expect(shown).toMatch(/stopped at height \d+; start again to go on from there/);
  },
);
