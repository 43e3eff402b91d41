/** Guards 1 and 2 of ARCHITECTURE.md: the core compiles without any host's types, and holds nothing that two nodes could see differently. */
import { join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { findNondeterminism } from "./determinism.ts";

const root = resolve(import.meta.dirname, "../..");
const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.core.json"), { incremental: false }, {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
    throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  },
} as ts.ParseConfigFileHost)!;

/** The core's compiler settings over planted files, kept in memory; one program for all, since each costs a second. */
function programOf(texts: readonly string[]): { program: ts.Program; fileOf: (text: string) => string } {
  const files = new Map(
    texts.map((text, index) => [join(root, `chain/planted-for-the-guard-${index}.ts`), `${text}\nexport {};`]),
  );
  const host = ts.createCompilerHost(config.options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = files.get(name);
    if (text === undefined) return getSourceFile.call(host, name, languageVersion, ...rest);
    return ts.createSourceFile(name, text, languageVersion, true);
  };
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  return {
    program: ts.createProgram([...files.keys()], config.options, host),
    fileOf: (text) => [...files.keys()][texts.indexOf(text)]!,
  };
}

test("chain and modules hold no clock, chance, float, await, locale or default sort", () => {
  const files = config.fileNames.filter((file) => /[/](chain|modules)[/]/.test(file));
  expect(files.length).toBeGreaterThan(40);
  const program = ts.createProgram(files, config.options);
  const found = findNondeterminism(program, (file) => files.includes(file));
  expect(found.map(({ file, line, rule }) => `${relative(root, file)}:${line} ${rule}`)).toEqual([]);
});

describe("each kind of nondeterminism turns red when planted", () => {
  const planted: readonly (readonly [rule: string, text: string])[] = [
    ["Date", "export const now = () => Date.now();"],
    ["Date", "export const born = new Date(0);"],
    ["Math.random", "export const chance = Math.random();"],
    ["Math.floor", "export const floor = (x: number) => Math.floor(x);"],
    ["await", "export const wait = async (x: number) => { await x; };"],
    ["async", "export async function later() { return 1; }"],
    ["Promise", "export type Later = Promise<number>;"],
    ["Intl", "export const format = new Intl.NumberFormat();"],
    ["localeCompare", "export const compare = (a: string, b: string) => a.localeCompare(b);"],
    ["Root.load", "declare const Root: { load(path: string): void }; Root.load('a.proto');"],
    ["number division", "export const half = (x: number) => x / 2;"],
    ["float literal", "export const half = 0.5;"],
    ["default sort", "export const sorted = (x: number[]) => x.sort();"],
    ["default sort", "export const sorted = (x: number[]) => x.toSorted();"],
    ["for..in", "export function keys(x: object) { for (const key in x) return key; return; }"],
    ["Float64Array", "export const floats = new Float64Array(2);"],
  ];
  const harmless =
    "export const ok = (x: bigint, y: number[]) => [x / 2n, y.sort((a, b) => a - b), Math.min(1, 2), y.length >> 1];";
  const { program, fileOf } = programOf([...planted.map(([, text]) => text), harmless]);
  const rulesIn = (text: string) =>
    findNondeterminism(program, (name) => name === fileOf(text)).map((finding) => finding.rule);

  test.each(planted)("%s: %s", (rule, text) => {
    expect(rulesIn(text)).toContain(rule);
  });

  test("bigint division, a comparator and integer helpers pass", () => {
    expect(rulesIn(harmless)).toEqual([]);
  });
});

describe("the core's compiler program knows no host", () => {
  const hosts = [
    "process",
    "Buffer",
    "setTimeout",
    "fetch",
    "TextEncoder",
    "WebAssembly",
    "console",
    "require",
    "window",
  ];
  const useOf = (name: string) => `export const host = ${name};`;
  const importing = 'import { readFileSync } from "node:fs"; export const read = readFileSync;';
  const { program, fileOf } = programOf([...hosts.map(useOf), importing]);
  const complaints = (text: string) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(fileOf(text)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
      .join("\n");

  test.each(hosts)("%s does not exist there", (name) => {
    expect(complaints(useOf(name))).toContain(`'${name}'`);
  });

  test("node:fs cannot be imported there", () => {
    expect(complaints(importing)).toContain("node:fs");
  });
});
