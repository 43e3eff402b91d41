// `tributaryd completion`: the script is sourced by bash, which then completes as a person's would.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launcher, run } from "./harness.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  const program = join(folder, "tributaryd");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What bash offers for a line; its last word is the one that is begun. */
function offered(...words: readonly string[]): readonly string[] {
  const quoted = ["tributaryd", ...words].map((word) => `'${word}'`).join(" ");
  const script = `source <(tributaryd completion bash); COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _tributaryd; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return execFileSync("bash", ["-c", script], { env, encoding: "utf8" }).trim().split("\n");
}

test("bash completes commands, those below them, and flags", () => {
  expect(offered("in-pl")).toEqual(["in-place-testnet"]);
  expect(offered("query", "ba")).toEqual(["bank"]);
  expect(offered("tx", "bank", "")).toEqual(expect.arrayContaining(["send", "multi-send"]));
  expect(offered("tx", "bank", "send", "--fee")).toEqual(["--fees", "--fee-payer", "--fee-granter"]);
  expect(offered("q", "bank", "balances", "--ho")).toEqual(["--home"]);
  expect(offered("no-such-command", "")).toContain("start");
});

test("other shells have scripts that ask the same, and one nobody knows is refused", async () => {
  for (const shell of ["zsh", "fish"]) {
    const { code, stdout } = await run(["completion", shell]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("tributaryd __complete")]);
  }
  expect((await run(["completion", "ksh"])).code).toBe(2);
});
