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
  const row = (name: string, of: readonly Mutant[]): string => {
    const killed = of.filter(isKilled).length;
    return `| ${name} | ${of.length} | ${killed} | ${of.length - killed} | ${share(killed, of.length)} |`;
  };
  const files = [...new Set(mutants.map(({ file }) => file))];
  const survivors = mutants.filter((mutant) => !isKilled(mutant));
  return [
    "| file | mutants | killed | survived | score |",
    "|---|---|---|---|---|",
    ...files.map((file) =>
      row(
        file,
        mutants.filter((mutant) => mutant.file === file),
      ),
    ),
    row("all", mutants),
    "",
    "| survivor | change | why nothing finds it |",
    "|---|---|---|",
    ...survivors.map((mutant) => {
      const { file, line, original, replacement } = mutant;
      const reason = reasonFor(mutant, reasons) ?? "not explained yet";
      return `| ${file}:${line} | ${code(original)} → ${code(replacement)} | ${reason} |`;
    }),
  ].join("\n");
}
