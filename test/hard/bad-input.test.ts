// Bad input through the command line, as an operator meets it: one line that says what was wrong and what to do, and
// nothing lost. What test/cli/chain.test.ts, test/cli/launcher.test.ts and test/node/storage say already is not repeated.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launcher, type Outcome, run, start } from "../cli/harness.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-bad-input-"));
/** A home whose node made blocks and was killed. */
const sound = join(folder, "sound");
/** The same, never opened again: its last blocks still stand in LevelDB's log. */
const untouched = join(folder, "untouched");
const alone = ["--rpc.laddr", "tcp://127.0.0.1:0", "--p2p.laddr=", "--api.enable", "false"];
const quiet = [...alone, "--log_level", "none"];
const keyring = ["--keyring-backend", "test"];
const oneLine = /^error: [^\n]+\n$/;

async function ok(...args: string[]): Promise<void> {
  const { code, stderr } = await run([...args, "--home", sound]);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
}

/** Runs the node of a home until `enough` says so of its log, and kills it with -9. */
async function runFor(home: string, enough: (log: string) => boolean, flags = alone): Promise<string> {
  const node = start(["start", "--home", home, ...flags, "--consensus.timeout_commit", "20ms"]);
  let log = "";
  await new Promise<void>((resolve) => {
    node.once("close", () => resolve());
    node.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      if (enough(log)) node.kill("SIGKILL");
    });
  });
  return log;
}

/** A copy of the sound home that may be spoiled. */
function copied(name: string): string {
  const home = join(folder, name);
  cpSync(untouched, home, { recursive: true });
  return home;
}

const database = (home: string): string => join(home, "data", "tributary.db");
const startIn = (home: string, ...flags: string[]): Promise<Outcome> =>
  run(["start", "--home", home, ...quiet, ...flags]);

function expectRefusal(outcome: Outcome, code: number, ...words: RegExp[]): void {
  expect(outcome.stderr).toMatch(oneLine);
  for (const pattern of words) expect(outcome.stderr).toMatch(pattern);
  expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: "" });
}

let taken: Server;
let port = 0;

beforeAll(async () => {
  await ok("init", "sound", "--chain-id", "sound-1");
  await ok("keys", "add", "v", ...keyring, "-o", "json");
  await ok("genesis", "add-genesis-account", "v", "10000000uopen", ...keyring);
  await ok("genesis", "gentx", "v", "5000000uopen", "--chain-id", "sound-1", ...keyring);
  await ok("genesis", "collect-gentxs");
  const log = await runFor(sound, (text) => text.includes("height=40 "));
  if (!log.includes("height=40 ")) throw new Error(`the node did not make blocks: ${log}`);
  cpSync(sound, untouched, { recursive: true });
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  port = (taken.address() as { port: number }).port;
}, 120_000);

afterAll(() => {
  taken?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("settings and flags", () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    [
      "a peer port in use",
      ["--p2p.laddr", "tcp://127.0.0.1:PORT"],
      1,
      /127\.0\.0\.1:PORT .*another program.*p2p\.laddr/,
    ],
    [
      "a REST port in use",
      ["--api.enable", "true", "--api.address", "tcp://127.0.0.1:PORT"],
      1,
      /REST: .*PORT is in use.*api/,
    ],
    [
      "a gRPC port in use",
      ["--grpc.enable", "true", "--grpc.address", "127.0.0.1:PORT"],
      1,
      /gRPC: .*PORT is in use.*grpc/,
    ],
    [
      "a peer that is none",
      ["--p2p.persistent_peers", "nonsense"],
      1,
      /persistent_peers: "nonsense" is not a peer address/,
    ],
    ["an RPC address that is none", ["--rpc.laddr", "nonsense"], 1, /laddr.*"nonsense" is not an address/],
    ["a peer listen address that is none", ["--p2p.laddr", "nonsense"], 1, /p2p\.laddr: "nonsense" is not a listen/],
    [
      "a duration that is none",
      ["--consensus.timeout_commit", "soon"],
      1,
      /timeout_commit is "soon", but must be a duration/,
    ],
    ["gas prices that are none", ["--minimum-gas-prices", "cheap"], 2, /minimum-gas-prices: .*0\.025uopen/],
    ["an unknown flag", ["--hom", "x"], 2, /unknown option '--hom' \(Did you mean --home\?\)/],
  ];
  test.each(cases)("%s", async (_what, flags, code, words) => {
    const filled = flags.map((flag) => flag.replace("PORT", String(port)));
    expectRefusal(await startIn(sound, ...filled), code, new RegExp(words.source.replaceAll("PORT", String(port))));
  });

  test("an unknown command", async () => {
    expectRefusal(await run(["strat"]), 1, /unknown command 'strat' \(Did you mean start\?\)/);
  });
});

describe("files of the home", () => {
  const file = (home: string, name: string): string => join(home, "config", name);
  const edits: readonly (readonly [string, string, (text: string) => string, number, RegExp])[] = [
    [
      "a genesis cut short",
      "genesis.json",
      (text) => text.slice(0, -40),
      1,
      /genesis\.json is not JSON.*nothing was changed/,
    ],
    [
      "a genesis without a chain id",
      "genesis.json",
      (text) => text.replace('"chain_id": "sound-1"', '"chain_id": ""'),
      1,
      /genesis\.json: .*chain_id/,
    ],
    [
      "a genesis with a wrong type deep inside",
      "genesis.json",
      (text) => text.replace(/"max_bytes": "\d+"/, '"max_bytes": [1]'),
      1,
      /genesis\.json: max_bytes must be a 64-bit integer/,
    ],
    [
      "another chain's genesis",
      "genesis.json",
      (text) => text.replace('"chain_id": "sound-1"', '"chain_id": "other-2"'),
      70,
      /holds the chain "sound-1", but the genesis says "other-2".*Nothing was changed/,
    ],
    ["a broken config.toml", "config.toml", (text) => `${text}\n[[`, 1, /config\.toml: .*nothing was changed/],
    ["a broken node key", "node_key.json", () => '{"priv_key":', 1, /node_key\.json cannot be read: .*Restore it/],
    ["a broken validator key", "priv_validator_key.json", () => "{}", 1, /priv_validator_key\.json: priv_key must be/],
  ];
  test.each(edits)("%s", async (what, name, change, code, words) => {
    const home = copied(what);
    const text = readFileSync(file(home, name), "utf8");
    const changed = change(text);
    expect(changed).not.toBe(text);
    writeFileSync(file(home, name), changed);
    expectRefusal(await startIn(home), code, words);
    expect(readFileSync(file(home, name), "utf8")).toBe(changed);
  });

  test("a validator key that others can read", async () => {
    const home = copied("open key");
    chmodSync(file(home, "priv_validator_key.json"), 0o644);
    expectRefusal(await startIn(home), 1, /can be read by others than its owner; run: chmod 600/);
  });

  test("a home that is not there, and one that cannot be", async () => {
    expectRefusal(await startIn(join(folder, "none")), 1, /genesis\.json does not exist.*tributaryd init/);
    expectRefusal(await run(["init", "x", "--home", "/dev/null/x"]), 74, /not a directory/);
  });
});

describe("the data folder is never wiped", () => {
  const sizes = (home: string) =>
    Object.fromEntries(readdirSync(database(home)).map((name) => [name, statSync(join(database(home), name)).size]));

  test("without CURRENT, which LevelDB would take for a new database", async () => {
    const home = copied("no current");
    rmSync(join(database(home), "CURRENT"));
    const before = sizes(home);
    expectRefusal(await startIn(home), 70, /is damaged.*Nothing was wiped.*sync from peers/);
    expect(sizes(home)).toEqual(before);
  });

  test("with its manifest cut", async () => {
    const home = copied("cut manifest");
    for (const name of readdirSync(database(home))) {
      if (name.startsWith("MANIFEST")) writeFileSync(join(database(home), name), "");
    }
    expectRefusal(await startIn(home), 70, /is damaged.*Nothing was wiped/);
  });

  test("with bytes flipped in the log, from which LevelDB silently drops what does not check", async () => {
    const home = copied("flipped");
    const [log] = Object.entries(sizes(home))
      .filter(([name]) => name.endsWith(".log"))
      .sort(([, a], [, b]) => b - a)[0]!;
    const bytes = readFileSync(join(database(home), log));
    // LevelDB goes on after the next 32 KiB: later blocks are there, those before them not.
    expect(bytes.length).toBeGreaterThan(3 * 32_768);
    const middle = 40_000;
    for (let at = middle; at < middle + 40; at++) bytes[at]! ^= 0xff;
    writeFileSync(join(database(home), log), bytes);
    expectRefusal(await startIn(home), 70, /Nothing was wiped. Restore the folder from a copy.*sign journal/);
  });

  test("with the end of its log cut off: the key is silent and the log says what was lost", async () => {
    const home = copied("cut log");
    const log = Object.keys(sizes(home)).filter((name) => name.endsWith(".log"))[0]!;
    truncateSync(join(database(home), log), 40_000);
    const lines = await runFor(home, (text) => text.includes("node started"));
    expect(lines).toMatch(/signed up to height \d+, but this home holds blocks only up to \d+: some were lost/);
    expect(lines).not.toContain("committed a block");
  });

  test("gone with its chain's signatures remembered: the key is silent and the log says why", async () => {
    const home = copied("no data");
    rmSync(database(home), { recursive: true });
    const log = await runFor(home, (text) => text.includes("node started"));
    expect(log).toMatch(
      /this key has signed up to height \d+, but this home holds blocks only up to 0.*sync from peers/,
    );
    expect(log).not.toContain("committed a block");
  });
});

describe("the disk", () => {
  const place = join(folder, "disk");
  const mount = (options: string): boolean => {
    mkdirSync(place, { recursive: true });
    return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place]).status === 0;
  };
  const canMount = process.getuid?.() === 0 && mount("size=1m") && spawnSync("umount", [place]).status === 0;

  test.skipIf(!canMount)(
    "full: init leaves no half-written file; a node with data stops and goes on when there is room",
    async () => {
      mount("size=16k");
      try {
        expectRefusal(await run(["init", "x", "--home", join(place, "x")]), 74, /disk is full.*Free some space/);
        expect(readdirSync(join(place, "x", "config")).filter((name) => /tmp|genesis/.test(name))).toEqual([]);
      } finally {
        spawnSync("umount", [place]);
      }
      mount("size=40m");
      try {
        const home = join(place, "home");
        cpSync(sound, home, { recursive: true });
        expectRefusal(await startIn(home), 70, /disk of .* is full; free some space and start again/);
        spawnSync("mount", ["-o", "remount,size=2g", place]);
        const log = await runFor(home, (text) => text.includes("committed a block"));
        expect(Number(/committed a block height=(\d+)/.exec(log)?.[1])).toBeGreaterThan(7);
      } finally {
        spawnSync("umount", [place]);
      }
    },
  );

  test.skipIf(!canMount)("read-only: said so", async () => {
    mount("size=1m,ro");
    try {
      expectRefusal(await run(["init", "x", "--home", join(place, "x")]), 74, /read-only. Choose another --home/);
    } finally {
      spawnSync("umount", [place]);
    }
  });
});

test("an older Node that is really there, without the bundled one beside the program", () => {
  const found = (process.env.PATH ?? "")
    .split(":")
    .filter((path) => !path.includes("node_modules"))
    .map((path) => join(path, "node"))
    .find((file) => /^v(18|20|21)\./.test(spawnSync(file, ["--version"], { encoding: "utf8" }).stdout ?? ""));
  if (found === undefined) return;
  const lonely = join(folder, "lonely", "cli");
  mkdirSync(lonely, { recursive: true });
  copyFileSync(launcher, join(lonely, "tributaryd.mjs"));
  const { status, stderr } = spawnSync(found, [join(lonely, "tributaryd.mjs"), "version"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({
    status: 69,
    stderr: expect.stringMatching(/^error: tributaryd needs Node\.js 22/),
  });
});
