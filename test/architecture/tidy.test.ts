/** Guard 4 of ARCHITECTURE.md: folder shapes, dead files, long files and functions, opening comments, transaction steps, documents in step. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesUnder, functionsOf, importsOf, productFolders, productTexts, read, root, type Texts } from "./tree.ts";

const product = productTexts();

const maxFileLines = 400;
const maxFunctionLines = 70;
/** Files and functions that are over the aim today. The figures may only fall; an entry that is no longer needed must go. */
const overlong = JSON.parse(read("test/architecture/overlong.json")) as {
  files: Record<string, number>;
  functions: Record<string, number>;
};

/** Files that start something, or that others outside the product import: the roots of what is alive. */
const entries = [
  "cli/main.ts",
  "proto/generate/generate.ts",
  ...filesUnder("client", (path) => path.endsWith(".ts")),
  // The light client and the proof verifier are a library for other programs, browsers among them.
  ...filesUnder("chain/light", (path) => path.endsWith(".ts")),
  "chain/store/proof.ts",
];

test("the top level holds the rooms of the design card and nothing unexplained", () => {
  const known = new Set([
    ...productFolders,
    ...["test", "web", "docs", "node_modules", ".git", ".ci"],
    ...[
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "tsconfig.core.json",
      "vitest.config.ts",
      "biome.json",
      "rolldown.config.ts",
    ],
    ...[
      ".dependency-cruiser.mjs",
      ".gitignore",
      ".npmrc",
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      "LICENSE",
    ],
  ]);
  const tracked = readdirSync(root).filter(
    (name) => !/^[.](home|tributary-|testnets|vscode|idea)|^dist$|[.]log$|[.]tmp/.test(name),
  );
  expect(tracked.filter((name) => !known.has(name))).toEqual([]);
});

const moduleParts = new Set(
  ["module", "state", "keeper", "errors", "msgs", "queries", "genesis", "invariants", "hooks", "sim", "limits"].flatMap(
    (name) => [name, `${name}.ts`],
  ),
);
/** Pure parts that are a module's own subject matter, named after what they are. */
const subjects: Record<string, readonly string[]> = JSON.parse(read("test/architecture/module-subjects.json"));

function shapeFlaws(name: string, files: readonly string[]): string[] {
  const missing = ["README.md", "module.ts"].filter((file) => !files.includes(file));
  const strangers = files.filter(
    (file) => file !== "README.md" && !moduleParts.has(file) && !(subjects[name] ?? []).includes(file),
  );
  return [...missing.map((file) => `${file} is missing`), ...strangers.map((file) => `${file} is no part of a module`)];
}

describe("a module is one folder of one shape", () => {
  const modules = readdirSync(join(root, "modules"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  test.each(modules.map(({ name }) => name))("%s", (name) => {
    expect(shapeFlaws(name, readdirSync(join(root, "modules", name)))).toEqual([]);
  });
  test("a stray file and a missing page turn red", () => {
    expect(shapeFlaws("bank", ["module.ts", "README.md", "state.ts"])).toEqual([]);
    expect(shapeFlaws("bank", ["module.ts", "README.md", "helpers.ts"])).toEqual(["helpers.ts is no part of a module"]);
    expect(shapeFlaws("bank", ["module.ts"])).toEqual(["README.md is missing"]);
    expect(shapeFlaws("bank", ["README.md", "lexer.ts"])).toEqual([
      "module.ts is missing",
      "lexer.ts is no part of a module",
    ]);
  });
});

/** Files that nothing alive imports. */
function dead(texts: Texts, from: readonly string[]): string[] {
  const alive = new Set<string>();
  const queue = [...from];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const text = texts.get(path);
    if (alive.has(path) || text === undefined) continue;
    alive.add(path);
    queue.push(...importsOf(path, text));
  }
  return [...texts.keys()].filter((path) => !alive.has(path));
}

test("every file is reachable from an entry", () => {
  expect(dead(product, entries)).toEqual([]);
  const planted = new Map([
    ["cli/main.ts", 'import { a } from "./a.ts";'],
    ["cli/a.ts", 'export { b } from "../node/b.ts";'],
    ["node/b.ts", "export const b = 1;"],
    ["node/forgotten.ts", 'import "./b.ts";'],
  ]);
  expect(dead(planted, ["cli/main.ts"])).toEqual(["node/forgotten.ts"]);
});

/** Files that do not begin with a comment. */
function unopened(texts: Texts): string[] {
  return [...texts].filter(([, text]) => !/^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(text)).map(([path]) => path);
}

test("every file opens by saying what it owns", () => {
  expect(unopened(product)).toEqual([]);
  const planted = new Map([
    ["node/a.ts", "// Owns a.\nexport const a = 1;"],
    ["node/b.ts", "export const b = 1; // Owns b."],
  ]);
  expect(unopened(planted)).toEqual(["node/b.ts"]);
});

function tooLong(texts: Texts): { files: Record<string, number>; functions: Record<string, number> } {
  const files: Record<string, number> = {};
  const functions: Record<string, number> = {};
  for (const [path, text] of texts) {
    const lines = text.trimEnd().split("\n").length;
    if (lines > maxFileLines) files[path] = lines;
    for (const { name, lines } of functionsOf(path, text))
      if (lines > maxFunctionLines) functions[`${path}:${name}`] = lines;
  }
  return { files, functions };
}

/** What is longer than it may be. */
function grown(now: Record<string, number>, allowed: Record<string, number>): string[] {
  return Object.entries(now)
    .filter(([key, lines]) => lines > (allowed[key] ?? 0))
    .map(([key, lines]) => `${key}: ${lines}`);
}

test("no file and no function grows beyond its limit", () => {
  const { files, functions } = tooLong(product);
  expect(grown(files, overlong.files)).toEqual([]);
  expect(grown(functions, overlong.functions)).toEqual([]);
  expect(Object.keys(overlong.files).filter((key) => !(key in files))).toEqual([]);
  expect(Object.keys(overlong.functions).filter((key) => !(key in functions))).toEqual([]);
});

test("a long file and a long function turn red", () => {
  const lines = (count: number): string => "  x += 1;\n".repeat(count);
  const planted = tooLong(
    new Map([
      ["node/fits.ts", `function fits() {\n${lines(maxFunctionLines - 2)}}\n`],
      ["node/long.ts", `class C {\n grows() {\n${lines(maxFunctionLines)}}\n}\n${"\n".repeat(maxFileLines)}let y;`],
    ]),
  );
  expect(grown(planted.functions, {})).toEqual([`node/long.ts:grows: ${maxFunctionLines + 2}`]);
  expect(grown(planted.files, {})).toHaveLength(1);
  expect(grown(planted.functions, { "node/long.ts:grows": 500 })).toEqual([]);
});

describe("ARCHITECTURE.md's one transaction, socket to disk", () => {
  const section = /## One transaction[^\n]*\n([\s\S]*?)\n## /.exec(read("ARCHITECTURE.md"))?.[1] ?? "";
  const steps = [...section.matchAll(/^(\d+)[.] .*$/gm)].map((match) => ({
    step: match[1]!,
    files: [...match[0].matchAll(/`([a-z0-9-]+\/[a-z0-9/.-]+[.]ts)`/g)].map((file) => file[1]!),
  }));
  test("names every step", () =>
    expect(steps.map(({ step }) => Number(step))).toEqual([...steps.keys()].map((index) => index + 1)));
  test("has all fifteen steps", () => expect(steps.length).toBe(15));
  test.each(steps.flatMap(({ step, files }) => files.map((file) => [step, file] as const)))(
    "step %s is marked in %s",
    (step, file) => {
      expect(read(file)).toMatch(new RegExp(`Transaction step[s]?[^\\n]*\\b${step}\\b`));
    },
  );
});

describe("the documents are in step with the tree", () => {
  const listed = [
    ...read("ARCHITECTURE.md").matchAll(
      /`((?:proto|chain|modules|genesis|node|cli|attribution|client|test|docs|web)\/[A-Za-z0-9_./-]+)`/g,
    ),
  ];
  test("every path that ARCHITECTURE.md names exists", () => {
    const paths = [...new Set(listed.map((match) => match[1]!))];
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
  test("README.md names only npm scripts that exist", () => {
    const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
    const named = [...read("README.md").matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map((match) => match[1]!);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
  test("package.json keeps its production dependencies few", () => {
    const { dependencies } = JSON.parse(read("package.json")) as { dependencies: object };
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(29);
  });
  test("the lock file has every optional package of every platform, or npm ci refuses on a clean machine", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const holes = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {})
        .filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages))
        .map((name) => `${path} -> ${name}`),
    );
    expect(holes).toEqual([]);
  });
  test.each([".tributary-dev", ".tributary-localnet", ".testnets", "dist"])(
    "%s, which a command makes, is neither linted nor tracked, or that command would turn npm test red",
    (folder) => {
      const { files } = JSON.parse(read("biome.json")) as { files: { includes: string[] } };
      expect(files.includes).toContain(`!${folder}`);
      expect(read(".gitignore").split("\n")).toContain(`${folder}/`);
    },
  );
  test("the lock file names no package that falls back to elliptic", () => {
    expect(read("package-lock.json")).not.toMatch(/"node_modules\/(.*\/)?(elliptic|secp256k1)"/);
  });
});
