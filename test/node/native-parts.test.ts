// A node where the native parts are missing that have another form, as on systems whose OpenSSL was built without
// secp256k1 and whose kernel or V8 allows no WebAssembly: it starts, says what it uses, and makes the same chain.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launcher, run } from "../cli/harness.ts";

let folder = "";
let home = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-native-"));
  home = join(folder, "net", "node0", "tributaryd");
  expect((await run(["testnet", "init-files", "-n", "1", "-o", join(folder, "net")])).code).toBe(0);
  writeFileSync(
    join(folder, "poor-machine.mjs"),
    `import crypto from "node:crypto";
    import { syncBuiltinESMExports } from "node:module";
    const { generateKeyPairSync, verify } = crypto;
    crypto.generateKeyPairSync = (type, options) => {
      if (type === "ec") throw new Error("unsupported curve");
      return generateKeyPairSync(type, options);
    };
    crypto.verify = (algorithm, data, key, ...rest) => {
      if (algorithm === "sha256") throw new Error("unsupported curve");
      return verify(algorithm, data, key, ...rest);
    };
    WebAssembly.instantiate = () => Promise.reject(new Error("WebAssembly is not allowed"));
    syncBuiltinESMExports();`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("without OpenSSL's secp256k1 and without WebAssembly plain JavaScript verifies, and the chain starts", () => {
  const flags = [
    "--rpc.laddr",
    "tcp://127.0.0.1:0",
    "--p2p.laddr",
    "tcp://127.0.0.1:0",
    "--api.enable",
    "false",
    "--grpc.enable",
    "false",
  ];
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", join(folder, "poor-machine.mjs"), launcher, "start", "--home", home, "--halt-height", "2", ...flags],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/chose crypto backends backends="secp256k1 noble \d+ µs, ed25519 \S+ \d+ µs/);
  // The genesis transaction's secp256k1 signature was verified on the way to the first block.
  expect(stderr).toMatch(/committed a block height=2/);
});
