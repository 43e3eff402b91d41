/** Owns the check that the mutation run itself works: it finds what is tested, and says so of what is not. The run over the whole engine is `npm run mutate`. */

import { beforeAll, describe, expect, test } from "vitest";
import { muster, tryAll } from "./crew.ts";
import { DESIGN_MUTANTS, type DesignMutant, patchedSources } from "./design.ts";
import { instrument, type Mutant } from "./mutants.ts";
import { designTableOf, mergedTable, reasonFor, tableOf } from "./report.ts";
import type { Outcome } from "./worker.ts";

const OPTIONS = {
  files: ["chain/consensus/votes.ts", "chain/consensus/timeouts.ts"],
  testFiles: ["test/chain/consensus/step.test.ts"],
  jobs: 1,
  silenceMs: 60_000,
};

let mutants: readonly Mutant[] = [];

function mutantOf(original: string, replacement: string): Mutant {
  const found = mutants.find((mutant) => mutant.original === original && mutant.replacement === replacement);
  if (found === undefined) throw new Error(`no mutant changes ${original} to ${replacement}`);
  return found;
}

async function outcomesOf(...wanted: readonly Mutant[]): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const ids = wanted.map(({ id }) => id);
  await tryAll(OPTIONS, ids, new Set(), (outcome) => outcomes.set(outcome.id, outcome));
  return outcomes;
}

describe("the mutation run", () => {
  beforeAll(async () => {
    ({ mutants } = await instrument(OPTIONS.files));
  });

  test("finds the canary: a quorum of exactly two thirds, or a power divided where it is multiplied", async () => {
    const quorum = mutantOf("power * 3n > total * 2n", "power * 3n >= total * 2n");
    const divided = mutantOf("power * 3n", "power / 3n");
    const outcomes = await outcomesOf(quorum, divided);
    expect(outcomes.get(quorum.id)).toMatchObject({
      status: "killed",
      detail: expect.stringContaining("step.test.ts"),
    });
    expect(outcomes.get(divided.id)?.status).toBe("killed");
  });

  test("reports code that no test reaches, and passes every test when nothing is changed", async () => {
    const ready = await muster(OPTIONS);
    ready.scout.dismiss();
    expect(ready.broken).toEqual([]);
    expect(ready.tests).toBeGreaterThan(40);
    const outcomes = await outcomesOf({ ...(mutants[0] as Mutant), id: "no such mutant" });
    expect(outcomes.get("no such mutant")).toEqual({ id: "no such mutant", status: "notReached", detail: "" });
  });

  test("knows the place of every patch that takes a rule of the design away", () => {
    for (const { id, patches } of DESIGN_MUTANTS) {
      expect(patchedSources(id).size, id).toBe(new Set(patches.map(({ file }) => file)).size);
    }
    expect(() => patchedSources("none")).toThrow("there is no design mutant none");
    const mutants = DESIGN_MUTANTS.slice(0, 2);
    const [found, lost] = mutants as [DesignMutant, DesignMutant];
    const outcomes = new Map<string, Outcome>([
      [found.id, { id: found.id, status: "killed", detail: "a.test.ts > group > name" }],
      [lost.id, { id: lost.id, status: "survived", detail: "" }],
    ]);
    const table = designTableOf(mutants, outcomes);
    expect(table).toContain(`| ${found.does} |  | a.test.ts: group, name |`);
    expect(table).toContain("| survived |");
  });

  test("tells survivors with their reasons, whatever line they have moved to", () => {
    const [first, second] = mutants as [Mutant, Mutant];
    const outcomes = new Map<string, Outcome>([
      [first.id, { id: first.id, status: "survived", detail: "" }],
      [second.id, { id: second.id, status: "killed", detail: "a test" }],
    ]);
    const reasons = [{ ...first, line: 0, reason: "it makes no difference" }];
    expect(reasonFor({ ...first, line: first.line + 7 }, reasons)).toBe("it makes no difference");
    expect(reasonFor(second, reasons)).toBeUndefined();
    const table = tableOf([first, second], outcomes, reasons);
    expect(table).toContain("| all | 2 | 1 | 1 | 50.0 % |");
    expect(table).toContain("it makes no difference");
    const other = tableOf([{ ...first, file: "chain/other.ts" }], new Map(), []);
    const merged = mergedTable(other, table, ["chain/other.ts", first.file]);
    expect(merged).toContain("| chain/other.ts | 1 | 0 | 1 | 0.0 % |");
    expect(merged).toContain("| all | 3 | 1 | 2 | 33.3 % |");
    expect(merged.match(/not explained yet/g)).toHaveLength(1);
    expect(mergedTable(merged, table, ["chain/other.ts", first.file])).toBe(merged);
  });
});
