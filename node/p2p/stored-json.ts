/**
 * Small JSON files that a node can do without: read with what is wrong set aside, written so that a reader sees the old or the new
 * content. It owns the file; what stands in it is the caller's.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "../log.ts";

/**
 * The content of a file, as `parse` makes it of the JSON; undefined when there is none. A file that cannot be read or that `parse`
 * throws on is renamed to `<path>.damaged` with a line in the log: the node goes on without it.
 */
export function readStoredJson<Content>(
  path: string,
  what: string,
  parse: (json: unknown) => Content,
  log: Logger,
): Content | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const aside = `${path}.damaged`;
    const reason = error instanceof Error ? error.message : String(error);
    try {
      renameSync(path, aside);
      log.warn({ file: path, aside, reason }, `${what} is damaged: it was set aside, and a new one is begun`);
    } catch {
      log.warn({ file: path, reason }, `${what} cannot be read; the node goes on without it`);
    }
    return undefined;
  }
}

/** Replaces the file. A failure is logged: nothing that a block depends on stands in such files. */
export function writeStoredJson(path: string, what: string, content: unknown, log: Logger): void {
  const temporary = `${path}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(temporary, "w", 0o600);
    try {
      writeSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    log.warn({ file: path, reason: (error as Error).message }, `${what} could not be written`);
  }
}
