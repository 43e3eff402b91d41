// The benchmarks run and print what they promise. Their times are not looked at: a test that measures fails at random.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { figure, type Section, tableText } from "./measure.ts";

const script = fileURLToPath(new URL("./bench.ts", import.meta.url));
const run = promisify(execFile);

interface Printed {
  readonly machine: { readonly node: string; readonly cores: number };
  readonly sections: readonly Section[];
}

test("a quick run measures everything that the page of figures lists", { timeout: 240_000 }, async () => {
  const { stdout } = await run(process.execPath, [script, "--quick", "--json"], { maxBuffer: 1 << 24 });
  const { machine, sections } = JSON.parse(stdout) as Printed;
  expect(machine.node).toBe(process.version);
  const figures = sections.flatMap((section) => section.figures);
  for (const { name, unit, median, min, max, samples } of figures) {
    expect([name, unit].every((text) => text.length > 0)).toBe(true);
    expect(min).toBeLessThanOrEqual(median);
    expect(median).toBeLessThanOrEqual(max);
    expect(min).toBeGreaterThanOrEqual(0);
    expect(samples).toBeGreaterThan(0);
  }
  const names = figures.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const wanted of [
    /^secp256k1 verification, node:crypto$/,
    /^decoding a send/,
    /^one synced LevelDB batch/,
    /^CheckTx, /,
    /^FinalizeBlock /,
    /^a block of \d+ delegations and withdrawals, \d[\d,]* delegations exist$/,
    /^IAVL commit per changed key, .* 10,000 keys$/,
    /^building one span proof/,
    /^checking one span proof/,
    /^one span proof in a settlement$/,
    /^uses settled inline$/,
    /^uses settled by batch$/,
    /^SettleUse, a model of \d+ contributors$/,
    /^state of a contributor's claim and earnings$/,
    /^tributaryd version$/,
    /to the first block$/,
    /^committed sends, /,
    /^settlements committed$/,
    /^state of a record$/,
    /^state of a use settled inline$/,
  ]) {
    expect(names.filter((name) => wanted.test(name))).not.toEqual([]);
  }
});

test("the table has a line for every figure, with its median, unit and spread", () => {
  const text = tableText([
    { title: "Some", figures: [figure("three", "µs CPU", [3, 1, 2]), figure("one", "MB", [400])] },
    { title: "Others", figures: [{ ...figure("ratio", "ms", [8]), ratio: { to: "three", value: 4 } }] },
  ]);
  expect(text.split("\n")).toEqual([
    "Some",
    "  three      2.00 µs CPU   1.00 to 3.00",
    "  one         400 MB",
    "",
    "Others",
    "  ratio      8.00 ms                         4.00 × three",
  ]);
});

test("the median is the middle measurement, and nothing measured is an error", () => {
  expect(figure("x", "ms", [9, 1, 5])).toMatchObject({ min: 1, median: 5, max: 9, samples: 3 });
  expect(() => figure("x", "ms", [])).toThrow("never measured");
});
