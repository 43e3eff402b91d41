/**
 * `npm run mutate`: owns the command line of the mutation run and its report. Exit code 1 when a test fails without a mutant, when a
 * mutant survived that survivors.json gives no reason for, or when a mutant of the design survived at all.
 *
 *     npm run mutate -- --files signer,wal --jobs 2
 *     npm run mutate -- --design
 *     npm run mutate -- --write
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { muster, tryAll, tryDesigns } from "./crew.ts";
import { DESIGN_MUTANTS } from "./design.ts";
import { instrument, type Mutant, ROOT } from "./mutants.ts";
import { designTableOf, mergedTable, type Reason, reasonFor, tableOf } from "./report.ts";
import { MUTATED, TEST_FILES } from "./targets.ts";
import type { Outcome } from "./worker.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "" },
    tests: { type: "string", default: "" },
    jobs: { type: "string", default: "1" },
    /** The mutants of the design, and no others. */
    design: { type: "boolean", default: false },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const REPORT = join(ROOT, "docs/reliability.md");
let isClean = true;
if (!values.design) await mechanical();
if (values.files === "") await designed();
process.exit(isClean ? 0 : 1);

/** One small change at a time, made by operators. */
async function mechanical(): Promise<void> {
  const wanted = values.files.split(",");
  const files = MUTATED.filter((file) => wanted.some((part) => file.includes(part)));
  const testFiles = TEST_FILES.filter((pattern) => pattern.includes(values.tests));
  const options = { files, testFiles, jobs: Number(values.jobs), silenceMs: 300_000 };
  const reasons = JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8")) as Reason[];

  const { mutants } = await instrument(files);
  const { tests, onlyAtLoad, broken, scout } = await muster(options);
  console.log(`${mutants.length} mutants of ${files.length} files, ${tests} tests`);
  for (const test of broken) console.log(`fails without a mutant: ${test}`);

  const byId = new Map<string, Mutant>(mutants.map((mutant) => [mutant.id, mutant]));
  const outcomes = new Map<string, Outcome>();
  await tryAll(
    options,
    [...byId.keys()],
    new Set(onlyAtLoad),
    (outcome) => {
      outcomes.set(outcome.id, outcome);
      const mutant = byId.get(outcome.id);
      if (mutant === undefined || outcome.status === "killed") return;
      const reason = reasonFor(mutant, reasons);
      const { file, line, operator, original, replacement } = mutant;
      const note = reason === undefined ? outcome.detail || outcome.status : `known: ${reason}`;
      console.log(`SURVIVED ${file}:${line} ${operator}: ${original} -> ${replacement} (${note})`);
    },
    scout,
  );

  if (values.json !== undefined) {
    const rows = mutants.map((mutant) => ({ ...mutant, ...outcomes.get(mutant.id) }));
    writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`);
  }
  const told = tableOf(mutants, outcomes, reasons);
  // A part of the files renews its own rows only.
  tell(
    "mutation table",
    files.length === MUTATED.length ? told : mergedTable(tableIn("mutation table"), told, MUTATED),
  );
  const unexplained = mutants.filter(
    (mutant) => outcomes.get(mutant.id)?.status !== "killed" && reasonFor(mutant, reasons) === undefined,
  );
  if (broken.length > 0 || unexplained.length > 0) isClean = false;
}

/** The rules of the design, each taken away. */
async function designed(): Promise<void> {
  const testFiles = [...new Set(DESIGN_MUTANTS.flatMap((mutant) => mutant.testFiles))];
  const { tests, broken, scout } = await muster({ files: [], testFiles, jobs: 1, silenceMs: 0 });
  scout.dismiss();
  console.log(`${DESIGN_MUTANTS.length} mutants of the design, ${tests} tests`);
  for (const test of broken) console.log(`fails without a mutant: ${test}`);
  const outcomes = new Map<string, Outcome>();
  await tryDesigns(DESIGN_MUTANTS, (outcome) => {
    outcomes.set(outcome.id, outcome);
    console.log(`${outcome.status} ${outcome.id}: ${outcome.detail}`);
  });
  tell("design mutant table", designTableOf(DESIGN_MUTANTS, outcomes));
  const survived = [...outcomes.values()].some(({ status }) => status !== "killed");
  if (broken.length > 0 || survived) isClean = false;
}

/** The table that docs/reliability.md has now. */
function tableIn(name: string): string {
  const [, rest = ""] = readFileSync(REPORT, "utf8").split(`<!-- ${name} -->\n`);
  return rest.slice(0, rest.indexOf(`\n<!-- end of ${name} -->`));
}

/** Prints a table, and puts it into its place in docs/reliability.md with `--write`. */
function tell(name: string, table: string): void {
  console.log(`\n${table}`);
  if (!values.write) return;
  const [before = "", rest = ""] = readFileSync(REPORT, "utf8").split(`<!-- ${name} -->\n`);
  const after = rest.slice(rest.indexOf(`<!-- end of ${name} -->`));
  writeFileSync(REPORT, `${before}<!-- ${name} -->\n${table}\n${after}`);
}
