/** Reads the figures of a worked example from a page of the documentation. */
import { readFileSync } from "node:fs";

/** The last column of the table under "A worked example", in its order. Throws when there is none. */
export function workedExample(path: string): bigint[] {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const section = /\n## A worked example\n([\s\S]*?)(?=\n## |$)/.exec(text)?.[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  const figures = rows.slice(2).map((row) => row.split("|").at(-2)!.trim().replaceAll(",", ""));
  if (figures.length === 0) throw new Error(`${path} has no worked example`);
  return figures.map((figure) => BigInt(figure));
}
