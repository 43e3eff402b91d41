/** Reads the source tree for the tidy test: files, their imports, the lengths of their functions. It owns no rule. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

export const root = resolve(import.meta.dirname, "../..");
/** The folders that hold product code. */
export const productFolders = ["proto", "chain", "modules", "genesis", "node", "cli", "attribution", "client"] as const;

/** Paths, relative to the root and with forward slashes, of the files under `folder` that `accept` takes. */
export function filesUnder(folder: string, accept: (path: string) => boolean): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter(accept)
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Every hand-written TypeScript file of the product. */
export function productFiles(): string[] {
  return productFolders.flatMap((folder) =>
    filesUnder(folder, (path) => path.endsWith(".ts") && !path.endsWith(".gen.ts")),
  );
}

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Files by path, with their texts: the tree, or one planted for a rule to turn red on. */
export type Texts = ReadonlyMap<string, string>;

/** The product's files with their texts. */
export function productTexts(): Texts {
  return new Map(productFiles().map((path) => [path, read(path)]));
}

/** The relative modules that a file imports or re-exports, as paths from the root. */
export function importsOf(path: string, text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => relative(root, resolve(root, dirname(path), name)).replaceAll("\\", "/"));
}

/** Functions and methods of a file with their length in lines. */
export function functionsOf(path: string, text: string): { name: string; lines: number }[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      const name = node.name?.getText() ?? "(anonymous)";
      found.push({ name, lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
