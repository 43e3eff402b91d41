/**
 * Owns the files of the page that the REST port shows: read once at start, served from memory. Does not own the page.
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { maximumStaticFileBytes } from "./limits.ts";

/** One file as it is served. */
export interface StaticFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
};

/** All files of a folder that a page consists of, by URL path; `/` is index.html. Files of other kinds stay out. */
export function readStaticFiles(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined || statSync(path).size > maximumStaticFileBytes) continue;
    const url = `/${relative(folder, path).split(sep).join("/")}`;
    files.set(url, { contentType, bytes: readFileSync(path) });
  }
  const index = files.get("/index.html");
  if (index !== undefined) files.set("/", index);
  return files;
}
