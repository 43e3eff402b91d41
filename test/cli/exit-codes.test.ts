import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { exitCode } from "../../cli/errors.ts";
import { EXIT_CHAIN_HALTED, EXIT_KEY_IN_USE, EXIT_STORAGE_FAILURE } from "../../node/ports.ts";

test("the page on the command line lists every exit code, and none that does not exist", () => {
  const page = readFileSync(fileURLToPath(new URL("../../docs/command-line.md", import.meta.url)), "utf8");
  const documented = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  const real = [0, ...Object.values(exitCode), EXIT_STORAGE_FAILURE, EXIT_CHAIN_HALTED, EXIT_KEY_IN_USE];
  expect(documented).toEqual(real.sort((a, b) => a - b));
  expect(new Set(real).size).toBe(real.length);
});
