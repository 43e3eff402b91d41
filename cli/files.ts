// Owns reading and replacing files the way the command line needs it: bounded reads, and writes that either happen
// whole or not at all. It knows nothing of what the files mean.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CliError, messageOf } from "./errors.ts";
import { maxInputFileBytes } from "./limits.ts";

/** Reads a text file of at most `maxBytes` bytes. */
export function readTextFile(path: string, maxBytes: number = maxInputFileBytes): string {
  const size = statSync(path).size;
  if (size > maxBytes) {
    throw new CliError(`${path} has ${size} bytes, more than the ${maxBytes} this command reads`, "check the path");
  }
  return readFileSync(path, "utf8");
}

/** Reads and parses a JSON file; a syntax error names the file and the place. */
export function readJsonFile(path: string, maxBytes: number = maxInputFileBytes): unknown {
  return parseJson(readTextFile(path, maxBytes), path);
}

/** Parses JSON; a syntax error names `source` and the line and column. */
export function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = messageOf(error);
    const place = /\(line \d+ column \d+\)/.exec(reason)?.[0];
    const position = /at position (\d+)/.exec(reason)?.[1];
    const where = place ?? (position === undefined ? "" : lineAndColumn(text, Number(position)));
    throw new CliError(
      `${source} is not valid JSON: ${reason.replace(/ in JSON.*$/, "").replace(/, "[\s\S]*" is not valid JSON$/, "")} ${where}`.trim(),
      "correct the file; it was not changed",
    );
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  return `(line ${line} column ${position - before.lastIndexOf("\n")})`;
}

/**
 * Makes a folder and those above it that are missing. Step by step, because Node's recursive mkdir never returns on a file
 * system that refuses new folders with ENOENT (/proc).
 */
export function makeFolder(path: string, mode = 0o755): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Replaces a file atomically: a temporary file in the same folder, synced, renamed over the old one, folder synced. */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o644): void {
  writePiecesAtomic(path, [content], mode);
}

/** As `writeFileAtomic`, of content that comes in pieces. */
export function writePiecesAtomic(path: string, pieces: Iterable<string | Uint8Array>, mode = 0o644): void {
  const folder = dirname(path);
  makeFolder(folder);
  const temporary = join(folder, `.${process.pid}-${Math.random().toString(36).slice(2)}.tmp`);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(temporary, "wx", mode);
    for (const piece of pieces) {
      const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : piece;
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    renameSync(temporary, path);
    const folderDescriptor = openSync(folder, "r");
    try {
      fsyncSync(folderDescriptor);
    } finally {
      closeSync(folderDescriptor);
    }
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    // A failed write names no file; the one that was to be replaced is what a person knows.
    if (error instanceof Error && !("path" in error)) Object.assign(error, { path });
    throw error;
  }
}
