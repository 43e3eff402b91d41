// `tributaryd genesis migrate`: what it prints and writes, and what it refuses. What changes in a module's part is tested in test/genesis/migrate.test.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TemporaryHome, temporaryHome } from "./harness.ts";

let home: TemporaryHome;
let path = "";
beforeAll(async () => {
  home = temporaryHome();
  await home.ok(["init", "me", "--chain-id", "old-1"]);
  path = join(home.path, "config", "genesis.json");
});
afterAll(() => home.remove());

test("a genesis is printed on one line, or written to a file, under a new name and time", async () => {
  const before = JSON.parse(readFileSync(path, "utf8"));
  // CometBFT's form, as simd 0.47 and the SDK's exports before it have it; parameters of gov that 0.50 added are not there.
  const { expedited_threshold, ...params } = before.app_state.gov.params;
  const old = {
    genesis_time: before.genesis_time,
    chain_id: before.chain_id,
    initial_height: "1",
    consensus_params: before.consensus.params,
    app_hash: "",
    app_state: { ...before.app_state, gov: { ...before.app_state.gov, params } },
  };
  const file = join(home.path, "old.json");
  writeFileSync(file, JSON.stringify(old));
  const time = "2030-01-02T03:04:05Z";
  const flags = ["--chain-id", "new-2", "--genesis-time", time];
  const printed = await home.ok(["genesis", "migrate", "v0.53", file, ...flags]);
  expect(printed.trimEnd()).not.toContain("\n");
  const after = JSON.parse(printed);
  expect([after.chain_id, after.genesis_time, after.initial_height]).toEqual(["new-2", time, 1]);
  expect(after.consensus.params).toEqual(before.consensus.params);
  expect(after.app_state).toEqual(before.app_state);
  expect(after.app_state.gov.params.expedited_threshold).toBe(expedited_threshold);

  const target = join(home.path, "new.json");
  expect(await home.ok(["genesis", "migrate", "v0.53", file, ...flags, "--output-document", target])).toBe("");
  expect(JSON.parse(readFileSync(target, "utf8"))).toEqual(after);
  expect(await home.ok(["genesis", "validate", target])).toContain("is a valid genesis file");
});

test("a target nobody knows, a file of another version, and a broken time are refused", async () => {
  const migrate = (...args: readonly string[]) => home.run(["genesis", "migrate", ...args]);
  const unknown = await migrate("v0.10", path);
  expect(unknown).toMatchObject({ code: 2, stdout: "" });
  expect(unknown.stderr).toContain('no migration to "v0.10". The versions known are v0.46, v0.47, v0.53');
  const other = await migrate("v0.47", path);
  expect(other).toMatchObject({ code: 1, stdout: "" });
  expect(other.stderr).toContain("the genesis is not of v0.46");
  expect((await migrate("v0.53", path, "--genesis-time", "noon")).code).toBe(2);
  expect((await migrate("v0.53", join(home.path, "missing.json"))).code).toBe(1);
});
