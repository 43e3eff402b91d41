// The launcher on Nodes of every age: too old is told in one line, too old with a suitable Node beside the program is not
// noticed at all. An old Node is played by one that says it is old.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programVersion } from "../../cli/version.ts";
import { launcher } from "./harness.ts";

const claim = (version: string): string[] => [
  "--import",
  `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`,
];

function runLauncher(file: string, flags: readonly string[], args: readonly string[]) {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, file, ...args], { encoding: "utf8", env });
  return { status, stdout, stderr };
}

let lonely = "";
beforeAll(() => {
  lonely = mkdtempSync(join(tmpdir(), "tributary-launcher-"));
  mkdirSync(join(lonely, "cli"));
  copyFileSync(launcher, join(lonely, "cli", "tributaryd.mjs"));
});
afterAll(() => rmSync(lonely, { recursive: true, force: true }));

describe("the launcher", () => {
  test("runs on a Node that strips types", () => {
    expect(runLauncher(launcher, [], ["version"])).toEqual({ status: 0, stdout: `${programVersion()}\n`, stderr: "" });
  });

  test.each(["18.19.0", "20.20.2", "22.11.0"])(
    "hands over to the Node beside the program when it is run by %s",
    (version) => {
      expect(runLauncher(launcher, claim(version), ["version"])).toEqual({
        status: 0,
        stdout: `${programVersion()}\n`,
        stderr: "",
      });
    },
  );

  test("passes the exit code of the command on", () => {
    const { status, stderr } = runLauncher(launcher, claim("18.19.0"), ["versoin"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: unknown command 'versoin' \(Did you mean version\?\)/);
  });

  test("says in one line what to do when there is no suitable Node", () => {
    const { status, stdout, stderr } = runLauncher(join(lonely, "cli", "tributaryd.mjs"), claim("18.19.0"), [
      "version",
    ]);
    expect(status).toBe(69);
    expect(stdout).toBe("");
    // Nothing but the launcher is there, as in a bundle, where `npm ci` would be no advice.
    expect(stderr).toMatch(
      /^error: tributaryd needs Node\.js 22\.12 or newer and this is 18\.19\.0: install Node 24 from [^\n]+\n$/,
    );
    writeFileSync(join(lonely, "cli", "main.ts"), "");
    expect(runLauncher(join(lonely, "cli", "tributaryd.mjs"), claim("18.19.0"), ["version"]).stderr).toMatch(
      /this is 18\.19\.0: run `npm ci` in [^\n]+\n$/,
    );
  });

  /** Prints, each time Node starts, the flags it was started with. */
  const tell = ["--import", "data:text/javascript,process.stderr.write(process.execArgv.join(' ')+'\\n')"];

  test("starts a node's command anew with a heap that fits the memory, and other commands not", () => {
    const node = runLauncher(launcher, tell, ["start", "--home", join(lonely, "no-home")]).stderr.split("\n");
    expect(node[0]).not.toContain("--max-old-space-size");
    expect(node[1]).toMatch(/--max-old-space-size=\d+ --max-semi-space-size=\d+$/);
    expect(node[2]).toMatch(/^error: .*genesis\.json does not exist/);
    expect(runLauncher(launcher, tell, ["version"]).stderr).not.toContain("--max-old-space-size");
    expect(runLauncher(launcher, tell, ["--home", "start", "version"]).stderr).not.toContain("--max-old-space-size");
  });

  test("runs a node's command with V8's own heap where a process cannot be replaced, as on Windows and older Nodes", () => {
    const without = ["--import", "data:text/javascript,delete process.execve", ...tell];
    const said = runLauncher(launcher, without, ["start", "--home", join(lonely, "no-home")]).stderr.split("\n");
    expect(said[0]).not.toContain("--max-old-space-size");
    expect(said[1]).toMatch(/^error: .*genesis\.json does not exist/);
  });

  test("keeps a heap that the operator chose", () => {
    const chosen = ["--max-old-space-size=300", ...tell];
    const said = runLauncher(launcher, chosen, ["start", "--home", join(lonely, "no-home")]).stderr.split("\n");
    expect(said[0]).toContain("--max-old-space-size=300");
    expect(said[1]).toMatch(/^error: /);
  });
});
