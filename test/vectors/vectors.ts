// Reads the byte vectors of other implementations. Owns where they lie and what happens when they are absent; knows
// nothing of what any of them pins. The vectors live beside the repository (../shared/vectors), not in it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** The folder of vectors: `../shared/vectors` from the project's root, or where TRIBUTARY_VECTORS points. */
export const vectorsFolder: string =
  process.env.TRIBUTARY_VECTORS ??
  fileURLToPath(new URL("../../../shared/vectors/", import.meta.url)).replace(/\/$/, "");

/** Whether the vectors are there. Without them the tests built on npm packages still run. */
export const vectorsPresent: boolean = existsSync(vectorsFolder);

/**
 * The parsed JSON of one vector file, `path` relative to the folder ("comet-types/sign_bytes.json").
 * The caller states the shape it expects; nothing is checked here. Throws when the file is absent.
 */
export function vector<T>(path: string): T {
  return JSON.parse(vectorText(path)) as T;
}

/** The text of one vector file. */
export function vectorText(path: string): string {
  return readFileSync(`${vectorsFolder}/${path}`, "utf8");
}

/** The names of the files in one folder of vectors, sorted, folders left out. */
export function vectorNames(folder: string): readonly string[] {
  return readdirSync(`${vectorsFolder}/${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The REST routes of the SDK 0.53, a line each: `../shared/reference`, which lies beside the vectors. Throws when it is absent. */
export function sdkRoutes(): readonly string[] {
  return readFileSync(sdkRoutesFile, "utf8").split("\n").filter(Boolean);
}

const sdkRoutesFile = `${vectorsFolder}/../reference/rest-routes-sdk-0.53.txt`;

/** A `describe` whose tests need the vectors. `body` runs only when they are present, so it may read them at once. */
export function describeVectors(title: string, body: () => void): void {
  describeWith(vectorsFolder, "put them there, or set TRIBUTARY_VECTORS", title, body);
}

/** As `describeVectors`, for tests that need the SDK's routes. */
export function describeSdkRoutes(title: string, body: () => void): void {
  describeWith(sdkRoutesFile, "it lies beside the vectors", title, body);
}

/**
 * A `describe` whose tests need a file or folder from outside the repository. Where it is absent they are skipped, with a
 * message that says what to do, or fail in one test where CI=true.
 */
export function describeWith(path: string, advice: string, title: string, body: () => void): void {
  if (existsSync(path)) {
    describe(title, body);
    return;
  }
  describe(title, () => {
    if (process.env.CI === "true") test(`${path} is present`, () => expect.fail(`CI runs need ${path}`));
    else test.skip(`${path} is not there: ${advice}`, () => undefined);
  });
}
