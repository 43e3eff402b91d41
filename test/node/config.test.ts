import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  ConfigError,
  configFileText,
  keptVersions,
  nodeConfig,
  parseDuration,
  readNodeConfig,
} from "../../node/config.ts";

const folders: string[] = [];

function home(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-config-"));
  folders.push(folder);
  mkdirSync(join(folder, "config"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "config", name), text);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("configuration", () => {
  test("the files written by default read back as the defaults", () => {
    const folder = home({
      "config.toml": configFileText("config"),
      "app.toml": configFileText("app"),
      "client.toml": configFileText("client"),
    });
    expect(readNodeConfig(folder)).toEqual(nodeConfig());
    expect(readNodeConfig(home({}))).toEqual(nodeConfig());
  });

  test("changes at init are in the file and in what is read", () => {
    const text = configFileText("config", { moniker: 'the "first"', timeoutCommitMs: 1_500, rpcCorsOrigins: ["*"] });
    const read = readNodeConfig(home({ "config.toml": text }));
    expect([read.moniker, read.timeoutCommitMs, read.rpcCorsOrigins]).toEqual(['the "first"', 1_500, ["*"]]);
  });

  test("flags win over the environment, the environment over files, files over defaults", () => {
    const folder = home({
      "config.toml": 'moniker = "file"\n[rpc]\nladdr = "tcp://1.1.1.1:1"\n[p2p]\nladdr = "tcp://2.2.2.2:2"\n',
    });
    const read = readNodeConfig(folder, {
      environment: { TRIBUTARYD_RPC_LADDR: "tcp://3.3.3.3:3", TRIBUTARYD_P2P_LADDR: "tcp://4.4.4.4:4" },
      flags: { "p2p.laddr": "tcp://5.5.5.5:5" },
    });
    expect([read.moniker, read.rpcAddress, read.peerAddress]).toEqual(["file", "tcp://3.3.3.3:3", "tcp://5.5.5.5:5"]);
  });

  test("files of a Go node are understood: unknown keys ignored, quoted numbers read", () => {
    const folder = home({
      "config.toml":
        'proxy_app = "tcp://127.0.0.1:26658"\n[consensus]\ntimeout_commit = "1m30s"\n[storage]\ndiscard = true\n',
      "app.toml": 'pruning = "custom"\npruning-keep-recent = "100"\n[wasm]\nquery_gas_limit = 300000\n',
    });
    const read = readNodeConfig(folder);
    expect([read.timeoutCommitMs, read.pruningKeepRecent, keptVersions(read)]).toEqual([90_000, 100, 100]);
  });

  test("a wrong value is refused in one line that names where it stands and what it should be", () => {
    const cases: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{ "config.toml": "moniker = 5" }, /config\.toml: moniker is 5, but must be text in quotes/],
      [
        { "config.toml": '[mempool]\nsize = "many"' },
        /config\.toml: mempool\.size is "many", but must be a whole number/,
      ],
      [{ "config.toml": "[mempool]\nsize = -1" }, /must be a whole number, not negative/],
      [{ "config.toml": '[consensus]\ntimeout_commit = "soon"' }, /must be a duration such as "1s"/],
      [{ "app.toml": '[api]\nenable = "yes"' }, /app\.toml: api\.enable is "yes", but must be true or false/],
      [{ "config.toml": "moniker = " }, /config\.toml: .*Correct the file/],
    ];
    for (const [files, message] of cases) {
      const read = () => readNodeConfig(home(files));
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(message);
    }
    expect(() => keptVersions({ pruning: "sometimes", pruningKeepRecent: 1 })).toThrow(
      /default, nothing, everything or custom/,
    );
  });

  test("durations are Go's", () => {
    expect(["1s", "500ms", "1m30s", "1.5s", "0s", "2h"].map(parseDuration)).toEqual([
      1_000, 500, 90_000, 1_500, 0, 7_200_000,
    ]);
    expect(["", "1", "s", "-1s", "1s ", "1d"].map(parseDuration)).toEqual(Array(6).fill(undefined));
  });
});
