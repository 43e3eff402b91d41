import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NodeStorage } from "../../node/storage/storage.ts";
import { run } from "./harness.ts";

const home = mkdtempSync(join(tmpdir(), "tributary-sign-state-"));
const journal = join(home, "sign.journal");
const stateFile = join(home, "state.json");

const signState = (...args: string[]) => run(["sign-state", ...args, "--home", home]);

/** What CometBFT wrote about a precommit; the signature itself is never looked at. */
const state = {
  height: "70",
  round: 2,
  step: 3,
  signature: Buffer.alloc(64, 5).toString("base64"),
  signbytes: "0A0B0C",
};

beforeAll(async () => {
  expect((await run(["init", "somebody", "--chain-id", "s-1", "--home", home])).code).toBe(0);
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

test("a state file of CometBFT is taken over once, comes out again as it was, and never lowers what is known", async () => {
  rmSync(journal);
  const missing = await signState("show");
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("tributaryd sign-state init --min-height");

  writeFileSync(stateFile, JSON.stringify(state));
  const imported = await signState("import", stateFile);
  expect([imported.code, imported.stderr]).toEqual([
    0,
    expect.stringContaining("takes up at height 70, round 2, step 3"),
  ]);
  expect(JSON.parse((await signState("export")).stdout)).toEqual(state);

  const before = readFileSync(journal);
  writeFileSync(stateFile, JSON.stringify({ height: "70", round: 2, step: 2 }));
  const lower = await signState("import", stateFile);
  expect([lower.code, lower.stderr]).toEqual([0, expect.stringContaining("nothing was changed")]);
  expect(readFileSync(journal).equals(before)).toBe(true);

  const refused = await signState("init", "--min-height", "70", "--yes");
  expect(refused.code).toBe(1);
  expect(readFileSync(journal).equals(before)).toBe(true);
});

test("a damaged journal is neither repaired by looking at it nor replaced by a state file", async () => {
  const bytes = readFileSync(journal);
  bytes[12] = (bytes[12] ?? 0) ^ 1;
  writeFileSync(journal, bytes);
  writeFileSync(stateFile, JSON.stringify({ ...state, height: "900" }));
  expect((await signState("import", stateFile)).code).toBe(1);
  expect((await signState("show")).code).toBe(1);
  expect(readFileSync(journal).equals(bytes)).toBe(true);
});

test("the journal of a running node is left alone; once it has stopped, it starts anew and the old one is kept", async () => {
  const running = await NodeStorage.open(join(home, "data", "tributary.db"), { chainId: "s-1" });
  const refused = await signState("init", "--min-height", "500", "--yes");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("is running")]);
  await running.close();
  expect((await signState("init", "--min-height", "500", "--yes")).code).toBe(0);
  expect(existsSync(journal)).toBe(true);
  expect(readdirSync(home).filter((name) => name.startsWith("sign.journal.old-"))).toHaveLength(1);
});
