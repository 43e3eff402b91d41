/**
 * Owns the tour's data: the Solidity files inside five npm packages, which are development dependencies. It reads files
 * and writes none; what the files are used for is tour.ts's.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Each package is one contributor of the tour, in this order. */
export const SOLIDITY_PACKAGES = [
  { name: "@openzeppelin/contracts", licence: "MIT" },
  { name: "solady", licence: "MIT" },
  { name: "@uniswap/v2-core", licence: "GPL-3.0-or-later" },
  { name: "@uniswap/v3-core", licence: "BUSL-1.1" },
  { name: "@aave/core-v3", licence: "BUSL-1.1" },
] as const;

/** One file of a package. */
export interface SourceFile {
  /** The package and the path in it. */
  readonly name: string;
  readonly text: Uint8Array;
}

/** The Solidity files of an installed package, in the order of their paths. Throws when the package is not installed. */
export function solidityFiles(packageName: string): readonly SourceFile[] {
  const folder = packageFolder(packageName);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".sol") && statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join("/"))
    .sort()
    .map((path) => ({ name: `${packageName}/${path}`, text: new Uint8Array(readFileSync(join(folder, path))) }))
    .filter(({ text }) => text.length > 0);
}

/** The nearest node_modules above this file that has the package. */
function packageFolder(packageName: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", packageName);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (dirname(folder) === folder) break;
  }
  throw new Error(
    `the package ${packageName} is not installed: run npm ci with development dependencies in the repository`,
  );
}
