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

/** The core's compiler settings over one planted file, kept in memory. */
function programOf(text: string): { program: ts.Program; file: string } {
  const file = join(root, "chain/planted-for-the-guard.ts");
  const host = ts.createCompilerHost(config.options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, languageVersion, ...rest) =>
    name === file
      ? ts.createSourceFile(name, text, languageVersion, true)
      : getSourceFile.call(host, name, languageVersion, ...rest);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.readFile = (name) => (name === file ? text : readFile.call(host, name));
  return { program: ts.createProgram([file], config.options, host), file };
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
  test.each(planted)("%s: %s", (rule, text) => {
    const { program, file } = programOf(text);
    expect(findNondeterminism(program, (name) => name === file).map((finding) => finding.rule)).toContain(rule);
  });

  test("bigint division, a comparator and integer helpers pass", () => {
    const { program, file } = programOf(
      "export const ok = (x: bigint, y: number[]) => [x / 2n, y.sort((a, b) => a - b), Math.min(1, 2), y.length >> 1];",
    );
    expect(findNondeterminism(program, (name) => name === file)).toEqual([]);
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
  test.each(hosts)("%s does not exist there", (name) => {
    const { program, file } = programOf(`export const host = ${name};`);
    const messages = program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map((d) => String(ts.flattenDiagnosticMessageText(d.messageText, " ")));
    expect(messages.some((message) => message.includes(`'${name}'`))).toBe(true);
  });

  test("node:fs cannot be imported there", () => {
    const { program, file } = programOf(`import { readFileSync } from "node:fs"; export const read = readFileSync;`);
    const messages = program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map((d) => String(ts.flattenDiagnosticMessageText(d.messageText, " ")));
    expect(messages.some((message) => message.includes("node:fs"))).toBe(true);
  });
});
