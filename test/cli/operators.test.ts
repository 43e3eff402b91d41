// The files that operators copy: they are well formed, agree with the program's exit codes and with each other, and the
// page beside them names only commands and settings that exist.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildProgram } from "../../cli/main.ts";
import { settings } from "../../node/config-settings.ts";
import { EXIT_CHAIN_HALTED, EXIT_KEY_IN_USE, EXIT_STORAGE_FAILURE, EXIT_UNFIT } from "../../node/ports.ts";

const operators = resolve(import.meta.dirname, "../../docs/operators");
const read = (name: string) => readFileSync(join(operators, name), "utf8");
const page = read("README.md");
const numbers = (text: string) => [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits)).sort((a, b) => a - b);
/** Ends after which a node must not be started again by itself. 2 is a wrong command line. */
const final = [EXIT_UNFIT, 2, EXIT_STORAGE_FAILURE, EXIT_CHAIN_HALTED, EXIT_KEY_IN_USE].sort((a, b) => a - b);

describe("exit codes after which no one starts the node again", () => {
  test("are the same for systemd, for Termux and on the page", () => {
    const unit = /^RestartPreventExitStatus=(.*)$/m.exec(read("tributaryd.service"))?.[1] ?? "";
    expect(numbers(unit)).toEqual(final);
    const finish = /^\s*([\d |]+)\)$/m.exec(read("termux-services/finish"))?.[1] ?? "";
    expect(numbers(finish)).toEqual(final);
    const rows = page.split("\n").filter((line) => /^\| \d.*\| no \|$/.test(line));
    expect(numbers(rows.map((row) => row.split("|")[1]).join())).toEqual(final);
  });
});

describe("the systemd unit", () => {
  test("is accepted by systemd, where there is one", ({ skip }) => {
    const { status, stderr, error } = spawnSync("systemd-analyze", ["verify", join(operators, "tributaryd.service")], {
      encoding: "utf8",
    });
    if (error !== undefined) return skip("systemd-analyze is not installed");
    // The program it starts is installed elsewhere or not at all here; anything else that it says is about the unit.
    expect(stderr.split("\n").filter((line) => line !== "" && !/is not executable/.test(line))).toEqual([]);
    expect(status === 0 || /is not executable/.test(stderr)).toBe(true);
  });

  test("does not forbid what V8 needs, and bounds what a node must not take", () => {
    const lines = read("tributaryd.service").split("\n");
    expect(lines.filter((line) => line.startsWith("MemoryDenyWriteExecute"))).toEqual([]);
    for (const wanted of ["LimitNOFILE=65536", "NoNewPrivileges=yes", "ProtectSystem=strict", "MemoryMax=1G"])
      expect(lines).toContain(wanted);
  });
});

describe("the Termux service", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tributary-termux-"));
    for (const name of ["node", "sv", "termux-wake-lock", "termux-wake-unlock"]) {
      mkdirSync(join(folder, "bin"), { recursive: true });
      writeFileSync(join(folder, "bin", name), `#!/bin/sh\necho ${name} "$@"\n`);
      chmodSync(join(folder, "bin", name), 0o755);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const runScript = (name: string, ...args: readonly string[]) =>
    spawnSync("/bin/sh", [join(operators, "termux-services", name), ...args], {
      encoding: "utf8",
      env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, HOME: "/home/phone" },
    });

  test.each(["run", "finish"])("%s is good shell", (name) => {
    expect(spawnSync("/bin/sh", ["-n", join(operators, "termux-services", name)]).status).toBe(0);
  });

  test("keeps the phone awake and starts the node in its place", () => {
    expect(runScript("run").stdout).toBe("termux-wake-lock\nnode /home/phone/tributaryd/tributaryd.mjs start\n");
  });

  test("goes down after an end that wants a person", () => {
    expect(runScript("finish", String(EXIT_STORAGE_FAILURE), "0").stdout).toBe(
      "termux-wake-unlock\nsv down tributaryd\n",
    );
  });
});

describe("the page", () => {
  test("names only commands that exist", async () => {
    const named = [...page.matchAll(/`tributaryd ((?:[a-z-]+ ?)+)[^`]*`/g)].map((match) => match[1]!.trim().split(" "));
    expect(named.length).toBeGreaterThan(4);
    for (const words of named) {
      const [first = "", second] = words;
      const group = (await buildProgram([first])).commands.find((command) => command.name() === first);
      expect([first, group !== undefined]).toEqual([first, true]);
      if (second === undefined || group!.commands.length === 0) continue;
      expect([words.join(" "), group!.commands.some((command) => command.name() === second)]).toEqual([
        words.join(" "),
        true,
      ]);
    }
  });

  test("names only settings that exist", () => {
    const names = new Set(Object.values(settings).flatMap(({ name }) => [name, name.replace(/^[a-z0-9]+\./, "")]));
    const wanted = [
      "p2p.laddr",
      "persistent_peers",
      "pex",
      "private_peer_ids",
      "unconditional_peer_ids",
      "halt-height",
    ];
    for (const name of [...wanted, "pruning", "min-retain-blocks"]) {
      expect(page).toContain(name);
      expect([name, names.has(name)]).toEqual([name, true]);
    }
  });

  test("names only files that are there", () => {
    for (const [, name] of page.matchAll(/`docs\/operators\/([a-z./-]+)`/g))
      expect(read(name!).length).toBeGreaterThan(0);
  });
});
