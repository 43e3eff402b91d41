/**
 * Owns the making of mutants: Stryker's instrumenter puts all mutants of a file into it, each behind a switch. Does not own running them.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { EXCLUDED_OPERATORS } from "./targets.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** One change of the sources. */
export interface Mutant {
  readonly id: string;
  /** Path from the root of the project. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly operator: string;
  /** The text before and after, in one line each. */
  readonly original: string;
  readonly replacement: string;
}

export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** Sources with the switches, by absolute path. */
  readonly sources: ReadonlyMap<string, string>;
}

const nothing = (): void => {};
const never = (): boolean => false;
const SILENT = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
  isTraceEnabled: never,
  isDebugEnabled: never,
  isInfoEnabled: never,
  isWarnEnabled: () => true,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
};

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The source between two places; Stryker counts lines and columns from 0. */
function textBetween(source: string, start: Place, end: Place): string {
  const lines = source.split("\n").slice(start.line, end.line + 1);
  lines[lines.length - 1] = (lines.at(-1) ?? "").slice(0, end.column);
  lines[0] = (lines[0] ?? "").slice(start.column);
  return lines.join("\n");
}

export function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Mutates the files (paths from the root of the project). The ids are the same for the same sources. */
export async function instrument(files: readonly string[]): Promise<Instrumented> {
  const inputs = files.map((file) => ({
    name: join(ROOT, file),
    content: readFileSync(join(ROOT, file), "utf8"),
    mutate: true,
  }));
  const result = await new Instrumenter(SILENT).instrument(inputs, {
    plugins: null,
    excludedMutations: [...EXCLUDED_OPERATORS],
    ignorers: [],
  });
  // Of the operators left out Stryker still tells, marked as ignored.
  const tried = result.mutants.filter(({ status }) => status !== "Ignored");
  const mutants = tried.map(({ id, fileName, location, mutatorName, replacement }) => {
    const source = inputs.find(({ name }) => name === fileName)?.content ?? "";
    return {
      id,
      file: fileName.slice(ROOT.length + 1),
      line: location.start.line + 1,
      operator: mutatorName,
      original: inOneLine(textBetween(source, location.start, location.end)),
      replacement: inOneLine(replacement),
    };
  });
  return { mutants, sources: new Map(result.files.map(({ name, content }) => [name, content])) };
}
