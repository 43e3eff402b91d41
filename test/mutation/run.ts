/**
 * `npm run mutate`: owns the command line of the mutation run and its report. Exit code 1 when a test fails without a mutant, or when a
 * mutant survived that survivors.json gives no reason for.
 *
 *     npm run mutate -- --files signer --jobs 2 --write
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { muster, tryAll } from "./crew.ts";
import { instrument, type Mutant, ROOT } from "./mutants.ts";
import { type Reason, reasonFor, tableOf } from "./report.ts";
import { MUTATED, TEST_FILES } from "./targets.ts";
import type { Outcome } from "./worker.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "" },
    tests: { type: "string", default: "" },
    jobs: { type: "string", default: "1" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const files = MUTATED.filter((file) => file.includes(values.files));
const testFiles = TEST_FILES.filter((pattern) => pattern.includes(values.tests));
const options = { files, testFiles, jobs: Number(values.jobs), silenceMs: 300_000 };
const reasons = JSON.parse(readFileSync(join(import.meta.dirname, "survivors.json"), "utf8")) as Reason[];

const { mutants } = await instrument(files);
const { tests, onlyAtLoad, broken } = await muster(options);
console.log(`${mutants.length} mutants of ${files.length} files, ${tests} tests`);
for (const test of broken) console.log(`fails without a mutant: ${test}`);

const byId = new Map<string, Mutant>(mutants.map((mutant) => [mutant.id, mutant]));
const outcomes = new Map<string, Outcome>();
await tryAll(options, [...byId.keys()], new Set(onlyAtLoad), (outcome) => {
  outcomes.set(outcome.id, outcome);
  const mutant = byId.get(outcome.id);
  if (mutant === undefined || outcome.status === "killed") return;
  const reason = reasonFor(mutant, reasons);
  const { file, line, operator, original, replacement } = mutant;
  const note = reason === undefined ? outcome.detail || outcome.status : `known: ${reason}`;
  console.log(`SURVIVED ${file}:${line} ${operator}: ${original} -> ${replacement} (${note})`);
});

if (values.json !== undefined) {
  const rows = mutants.map((mutant) => ({ ...mutant, ...outcomes.get(mutant.id) }));
  writeFileSync(values.json, `${JSON.stringify(rows, null, 1)}\n`);
}
const table = tableOf(mutants, outcomes, reasons);
console.log(`\n${table}`);
if (values.write) {
  const path = join(ROOT, "docs/reliability.md");
  const [before = "", rest = ""] = readFileSync(path, "utf8").split("<!-- mutation table -->\n");
  const after = rest.slice(rest.indexOf("<!-- end of mutation table -->"));
  writeFileSync(path, `${before}<!-- mutation table -->\n${table}\n${after}`);
}
const unexplained = mutants.filter(
  (mutant) => outcomes.get(mutant.id)?.status !== "killed" && reasonFor(mutant, reasons) === undefined,
);
process.exit(broken.length > 0 || unexplained.length > 0 ? 1 : 0);
