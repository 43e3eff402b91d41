import { mkdirSync, mkdtempSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { diskLevel, freeDiskBytes } from "../../node/disk-watch.ts";
import { disk } from "../../node/engine/disk.ts";
import { createValidatorKeyFile, type ValidatorKey } from "../../node/engine/validator-key.ts";
import { HomeError, nodePaths, readHome, readSignState } from "../../node/home.ts";
import { closeServer, ListenError, listen, parseListenAddress } from "../../node/listen.ts";
import { createLogger, engineLog, silentLogger } from "../../node/log.ts";
import { FatalError } from "../../node/ports.ts";
import { openSigner } from "../../node/signing.ts";
import { Stopper } from "../../node/stopper.ts";

const folders: string[] = [];

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-start-"));
  folders.push(folder);
  for (const name of ["config", "data"]) mkdirSync(join(folder, name));
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("whether a node may sign", () => {
  const fresh = '{"height":"0","round":0,"step":0}';

  function open(folder: string, key: ValidatorKey | undefined, hasBlocks: boolean) {
    const lines: string[] = [];
    const log = engineLog(createLogger({ write: (line) => lines.push(line) }));
    const signer = openSigner({ home: folder, chainId: "c-1", height: hasBlocks ? 7n : 0n }, { key, files: disk, log });
    signer?.close();
    return { signer, lines };
  }

  test("a new home with a state file gets a journal, for its owner's eyes only, and opens it again later", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    writeFileSync(nodePaths(folder).signState, fresh);
    expect(open(folder, key, false).signer?.address).toEqual(key.address);
    expect(statSync(nodePaths(folder).signJournal).mode & 0o777).toBe(0o600);
    expect(open(folder, key, true).signer).toBeDefined();
  });

  test("with blocks but without its journal the key stays silent and the line says what to do", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    writeFileSync(nodePaths(folder).signState, fresh);
    open(folder, key, false);
    unlinkSync(nodePaths(folder).signJournal);
    const { signer, lines } = open(folder, key, true);
    expect(signer).toBeUndefined();
    expect(lines.join("")).toMatch(/sign journal .* is missing.*sign-state init.*without signing/);
  });

  test("a home whose state file is gone does not guess that the key is new", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    expect(open(folder, key, false).signer).toBeUndefined();
  });

  test("once there is a journal the state file counts no more: data removed but for that file makes no key new", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    const { signState, signJournal } = nodePaths(folder);
    writeFileSync(signState, fresh);
    expect(open(folder, key, false).signer).toBeDefined();
    unlinkSync(signJournal);
    expect(open(folder, key, false).signer).toBeUndefined();
  });

  test("a state file that knows of later signatures than the journal silences the key", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    const { signState } = nodePaths(folder);
    writeFileSync(signState, fresh);
    expect(open(folder, key, false).signer).toBeDefined();
    writeFileSync(signState, '{"height":"9","round":0,"step":1}');
    const { signer, lines } = open(folder, key, true);
    expect(signer).toBeUndefined();
    expect(lines.join("")).toMatch(/signed at height 9, which the sign journal.*sign-state init --min-height 9/);
  });

  test("another validator's journal is refused", () => {
    const folder = home();
    const key = createValidatorKeyFile(join(folder, "config", "key.json"));
    writeFileSync(nodePaths(folder).signState, fresh);
    open(folder, key, false);
    const other = createValidatorKeyFile(join(folder, "config", "other.json"));
    expect(open(folder, other, true).signer).toBeUndefined();
  });

  test("a node without a key has no signer and needs no journal", () => {
    expect(open(home(), undefined, false)).toEqual({ signer: undefined, lines: [] });
  });

  test("a state file that cannot be read stops the start rather than being taken for new", () => {
    const folder = home();
    writeFileSync(nodePaths(folder).signState, "{}");
    expect(() => readSignState(nodePaths(folder).signState)).toThrow(HomeError);
  });
});

describe("a home folder that cannot be used gives one line", () => {
  test("no genesis, broken JSON, broken rules", () => {
    const folder = home();
    expect(() => readHome(folder)).toThrow(/genesis\.json does not exist\. Make a chain with `tributaryd init`/);
    writeFileSync(join(folder, "config", "genesis.json"), "{");
    expect(() => readHome(folder)).toThrow(/genesis\.json is not JSON: .*nothing was changed/);
    writeFileSync(join(folder, "config", "genesis.json"), '{"chain_id":""}');
    expect(() => readHome(folder)).toThrow(/genesis doc must include non-empty chain_id.*nothing was changed/);
  });
});

describe("listening", () => {
  test("addresses are read in CometBFT's and plain form, and wrong ones named with their setting", () => {
    expect(parseListenAddress("tcp://127.0.0.1:26657", "x")).toEqual({ host: "127.0.0.1", port: 26_657 });
    expect(parseListenAddress("localhost:0", "x")).toEqual({ host: "127.0.0.1", port: 0 });
    expect(parseListenAddress("tcp://[::1]:80", "x")).toEqual({ host: "::1", port: 80 });
    for (const wrong of ["", "26657", "tcp://a:b", "http://1.2.3.4:5", "1.2.3.4:99999"]) {
      expect(() => parseListenAddress(wrong, "[rpc] laddr")).toThrow(ListenError);
    }
  });

  test("a port in use is one line that says which setting to change", async () => {
    const taken = createServer();
    const { port } = await listen(taken, { host: "127.0.0.1", port: 0 }, "RPC", "[rpc] laddr");
    const attempt = listen(createServer(), { host: "127.0.0.1", port }, "RPC", "[rpc] laddr");
    await expect(attempt).rejects.toThrow(
      `RPC: 127.0.0.1:${port} is in use, perhaps by another node. Stop it, or set [rpc] laddr.`,
    );
    await closeServer(taken);
  });
});

describe("stopping", () => {
  test("happens once, in the sequence given, and says why", async () => {
    const stopper = new Stopper(silentLogger());
    let runs = 0;
    stopper.onStop(async () => {
      runs += 1;
    });
    const fault = new FatalError("the disk failed", 70);
    stopper.request(fault);
    stopper.request(undefined);
    await Promise.all([stopper.stop(), stopper.stop()]);
    expect([runs, await stopper.stopped]).toEqual([1, fault]);
  });

  test("asked for before the node is up, it happens as soon as it is", async () => {
    const stopper = new Stopper(silentLogger());
    const fault = new FatalError("too early", 71);
    stopper.request(fault);
    stopper.onStop(async () => undefined);
    expect(await stopper.stopped).toBe(fault);
  });

  test("a part that fails to stop does not keep the node from ending", async () => {
    const stopper = new Stopper(silentLogger());
    stopper.onStop(async () => {
      throw new Error("stuck");
    });
    await stopper.stop();
    expect(await stopper.stopped).toBeUndefined();
  });
});

test("little disk refuses transactions, less stops the node, unknown is no reason for either", () => {
  expect(
    [undefined, 2 ** 40, 512 * 2 ** 20, 512 * 2 ** 20 - 1, 128 * 2 ** 20, 128 * 2 ** 20 - 1, 0].map(diskLevel),
  ).toEqual(["enough", "enough", "enough", "low", "low", "stop", "stop"]);
  expect(freeDiskBytes(tmpdir())).toBeGreaterThan(0);
  expect(freeDiskBytes("/nowhere/at/all")).toBeUndefined();
});
