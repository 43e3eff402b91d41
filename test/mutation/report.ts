/** Owns how a mutation run is told: the score per file, every survivor with the reason that survivors.json gives, and what found each mutant of the design. */

import type { DesignMutant } from "./design.ts";
import type { Mutant } from "./mutants.ts";
import type { Outcome } from "./worker.ts";

/** Why a mutant may survive. Lines are left out, since they move. */
export interface Reason {
  readonly file: string;
  readonly operator: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

export function reasonFor(mutant: Mutant, reasons: readonly Reason[]): string | undefined {
  return reasons.find(
    ({ file, operator, original, replacement }) =>
      file === mutant.file &&
      operator === mutant.operator &&
      original === mutant.original &&
      replacement === mutant.replacement,
  )?.reason;
}

const WIDTH = 90;

function code(text: string): string {
  const short = text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text;
  return `\`\` ${short.replaceAll("|", "\\|").replaceAll("`", "'")} \`\``;
}

/** Killed over all mutants, in tenths of a percent rounded down. */
function share(killed: number, all: number): string {
  const tenths = all === 0 ? 1000 : Math.floor((killed * 1000) / all);
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

/** A Markdown table of the mutants of the design, with the test that found each. */
export function designTableOf(mutants: readonly DesignMutant[], outcomes: ReadonlyMap<string, Outcome>): string {
  const rows = mutants.map(({ id, does, partner }) => {
    const { status, detail } = outcomes.get(id) ?? { status: "not tried", detail: "" };
    const found =
      status === "killed" ? detail.replace(" > ", ": ").replaceAll(" > ", ", ").replaceAll("|", "/") : status;
    return `| ${does} | ${partner ?? ""} | ${found} |`;
  });
  return ["| the engine, changed, | what still stands behind it | found by |", "|---|---|---|", ...rows].join("\n");
}

/** Two Markdown tables: files with their scores, survivors with their reasons. */
export function tableOf(
  mutants: readonly Mutant[],
  outcomes: ReadonlyMap<string, Outcome>,
  reasons: readonly Reason[],
): string {
  const isKilled = ({ id }: Mutant): boolean => outcomes.get(id)?.status === "killed";
  const files = [...new Set(mutants.map(({ file }) => file))];
  const survivors = mutants.filter((mutant) => !isKilled(mutant));
  const scores = files.map((file) => {
    const own = mutants.filter((mutant) => mutant.file === file);
    return row(file, own.length, own.filter(isKilled).length);
  });
  const lines = survivors.map((mutant) => {
    const { file, line, original, replacement } = mutant;
    const reason = reasonFor(mutant, reasons) ?? "not explained yet";
    return `| ${file}:${line} | ${code(original)} → ${code(replacement)} | ${reason} |`;
  });
  return assembled(scores, lines);
}

/** A table in which the rows of the files in `newer` replace those that `older` has; `order` is that of the files. */
export function mergedTable(older: string, newer: string, order: readonly string[]): string {
  const parts = (table: string): Map<string, string[]> => {
    const rows = new Map<string, string[]>();
    for (const line of table.split("\n")) {
      const file = /^\| ([a-z/-]+\.ts)(?:\b|:)/.exec(line)?.[1];
      if (file !== undefined) rows.set(file, [...(rows.get(file) ?? []), line]);
    }
    return rows;
  };
  const [before, after] = [parts(older), parts(newer)];
  const rows = order.map((file) => after.get(file) ?? before.get(file) ?? []);
  return assembled(
    rows.flatMap(([score]) => (score === undefined ? [] : [score])),
    rows.flatMap((own) => own.slice(1)),
  );
}

function row(name: string, all: number, killed: number): string {
  return `| ${name} | ${all} | ${killed} | ${all - killed} | ${share(killed, all)} |`;
}

/** The rows of the two tables, with their heads and the sum. */
function assembled(scores: readonly string[], survivors: readonly string[]): string {
  const sum = (column: number): number => scores.reduce((total, line) => total + Number(line.split("|")[column]), 0);
  return [
    "| file | mutants | killed | survived | score |",
    "|---|---|---|---|---|",
    ...scores,
    row("all", sum(2), sum(3)),
    "",
    "| survivor | change | why nothing finds it |",
    "|---|---|---|",
    ...survivors,
  ].join("\n");
}
