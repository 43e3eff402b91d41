// Owns reading and writing the files that `tx` commands hand to one another: transactions and lists of them, one a line, as simd's commands do.
import { writeFileSync } from "node:fs";
import { usageError } from "../errors.ts";
import { parseJson, readTextFile } from "../files.ts";
import { maxInputFileBytes } from "../limits.ts";
import { option } from "../options.ts";
import { printData, printRaw } from "../output.ts";
import { readAllInput } from "../prompt.ts";
import type { Settings } from "../settings.ts";
import { type Json, toYaml } from "../yaml.ts";
import { type Tx, txFromJson } from "./transaction.ts";

/** The flag that names the file of `emit` and `emitLines`. */
export const outputDocument = () => option("--output-document <file>", "Write the result to a file instead of stdout");

/** A file's text, or standard input's for `-`. */
export function inputText(file: string): string {
  return file === "-" ? readAllInput(maxInputFileBytes) : readTextFile(file);
}

/** A transaction of a file. */
export function readTx(file: string): Tx {
  return txFromJson(parseJson(inputText(file), file), file);
}

/** The lines of a file that are not empty. */
export function inputLines(file: string): readonly string[] {
  return inputText(file)
    .split("\n")
    .filter((line) => line.trim() !== "");
}

/** The transactions of files, one a line; there is one at least. */
export function readTxLines(files: readonly string[]): readonly Tx[] {
  const documents = files.flatMap((file) =>
    inputLines(file).map((line, index) => {
      const source = `${file}, transaction ${index + 1}`;
      return txFromJson(parseJson(line, source), source);
    }),
  );
  if (documents.length === 0) throw usageError(`${files.join(" and ")} holds no transaction`);
  return documents;
}

/** Prints a document, or writes it to --output-document. */
export function emit(settings: Settings, value: Json): void {
  const text = settings.output("json") === "json" ? `${JSON.stringify(value)}\n` : toYaml(value);
  if (!wroteDocument(settings, text)) printData(value, settings.output("json"));
}

/** Prints documents, one a line, or writes them to --output-document. */
export function emitLines(settings: Settings, values: readonly Json[]): void {
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
  if (!wroteDocument(settings, text)) printRaw(text);
}

function wroteDocument(settings: Settings, text: string): boolean {
  const path = settings.text("output-document");
  if (path === undefined || path === "") return false;
  writeFileSync(path, text, { mode: 0o644 });
  return true;
}
