/** Guard 3 of ARCHITECTURE.md: the import rules hold over the tree, and every rule turns red on a planted violation. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// @ts-expect-error The rules are plain JavaScript, which dependency-cruiser reads by itself too.
import configuration from "../../.dependency-cruiser.mjs";

const root = resolve(import.meta.dirname, "../..");
const layers = ["proto", "chain", "modules", "genesis", "node", "cli", "attribution", "client"];

async function violations(baseDir: string): Promise<{ modules: number; found: string[] }> {
  const present = layers.filter((layer) => existsSync(join(baseDir, layer)));
  const { forbidden, options } = configuration;
  const result = await cruise(
    present,
    {
      ...(options as ICruiseOptions),
      baseDir,
      ruleSet: { forbidden } as ICruiseOptions["ruleSet"],
      validate: true,
    } as ICruiseOptions,
    undefined,
    { tsConfig: { options: { allowImportingTsExtensions: true } } } as never,
  );
  const output = result.output as ICruiseResult;
  return {
    modules: output.modules.filter((module) => !module.source.startsWith("node_modules/")).length,
    found: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}

test("the tree keeps every import rule, and was really read", async () => {
  const { modules, found } = await violations(root);
  expect(found).toEqual([]);
  // dependency-cruiser with an unsupported compiler reports no modules and no violations.
  expect(modules).toBeGreaterThan(60);
});

/** One planted file (or two) for each rule: path and text. The rule named must report it. */
const planted: readonly { rule: string; files: Readonly<Record<string, string>> }[] = [
  { rule: "no-upward-import-from-proto", files: { "proto/bad-up.ts": `import "../chain/types/target.ts";` } },
  { rule: "no-upward-import-from-chain", files: { "chain/types/bad-up.ts": `import "../../modules/a/keeper.ts";` } },
  { rule: "no-upward-import-from-modules", files: { "modules/a/bad-up.ts": `import "../../node/target.ts";` } },
  { rule: "no-upward-import-from-genesis", files: { "genesis/bad-up.ts": `import "../node/target.ts";` } },
  { rule: "no-upward-import-from-node", files: { "node/bad-up.ts": `import "../cli/target.ts";` } },
  { rule: "no-upward-import-from-attribution", files: { "attribution/bad-up.ts": `import "../node/target.ts";` } },
  { rule: "no-upward-import-from-client", files: { "client/bad-up.ts": `import "../node/target.ts";` } },
  { rule: "chain-types-stays-below", files: { "chain/types/bad-room.ts": `import "../store/target.ts";` } },
  { rule: "chain-store-stays-below", files: { "chain/store/bad-room.ts": `import "../module/target.ts";` } },
  { rule: "chain-module-stays-below", files: { "chain/module/bad-room.ts": `import "../app/target.ts";` } },
  { rule: "chain-app-stays-below", files: { "chain/app/bad-room.ts": `import "../consensus/target.ts";` } },
  { rule: "chain-consensus-stays-below", files: { "chain/consensus/bad-room.ts": `import "../store/target.ts";` } },
  { rule: "chain-light-stays-below", files: { "chain/light/bad-room.ts": `import "../store/target.ts";` } },
  { rule: "client-imports-little", files: { "client/bad-room.ts": `import "../chain/store/target.ts";` } },
  {
    rule: "no-cycle",
    files: {
      "chain/types/cycle-a.ts": `import { b } from "./cycle-b.ts"; export const a = () => b;`,
      "chain/types/cycle-b.ts": `import { a } from "./cycle-a.ts"; export const b = () => a;`,
    },
  },
  {
    rule: "module-privacy",
    files: { "modules/a/bad-private.ts": `import type { S } from "../b/state.ts"; export type T = S;` },
  },
  {
    rule: "module-neighbours-as-types",
    files: { "modules/a/bad-value.ts": `import { k } from "../b/keeper.ts"; export const v = k;` },
  },
  { rule: "core-package-allow-list", files: { "chain/types/bad-package.ts": `import "pino";` } },
  { rule: "core-package-allow-list", files: { "modules/a/bad-builtin.ts": `import "node:fs";` } },
  { rule: "protobufjs-behind-one-door", files: { "proto/second-door.ts": `import "protobufjs";` } },
  { rule: "no-dev-dependency-in-product", files: { "node/bad-dev.ts": `import "fast-check";` } },
  { rule: "no-unresolvable", files: { "node/bad-path.ts": `import "./nowhere.ts";` } },
];

describe("every import rule turns red on a planted violation", () => {
  const folder = mkdtempSync(join(root, "node_modules/.planted-"));
  let found: string[] = [];

  beforeAll(async () => {
    const harmless = {
      "chain/types/target.ts": "export const t = 1;",
      "chain/store/target.ts": "export const t = 1;",
      "chain/module/target.ts": "export const t = 1;",
      "chain/consensus/target.ts": "export const t = 1;",
      "chain/app/target.ts": "export const t = 1;",
      "node/target.ts": "export const t = 1;",
      "cli/target.ts": "export const t = 1;",
      "modules/a/keeper.ts": "export const k = 1;",
      "modules/b/keeper.ts": "export const k = 1;",
      "modules/b/state.ts": "export type S = string;",
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "NodeNext", allowImportingTsExtensions: true, noEmit: true },
      }),
      "package.json": JSON.stringify({
        type: "module",
        dependencies: { pino: "*", protobufjs: "*" },
        devDependencies: { "fast-check": "*" },
      }),
    };
    for (const files of [harmless, ...planted.map((plant) => plant.files)])
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    ({ found } = await violations(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(planted)("$rule is reported", ({ rule, files }) => {
    const first = Object.keys(files)[0]!;
    expect(found.filter((line) => line.startsWith(`${rule}: `)).some((line) => line.includes(first))).toBe(true);
  });
});
