// The figures of the comparison with the truth (accounting.ts), over several seeds. Owns nothing of how it is made.

import { type Effort, type Figure, figure, type Section } from "../measure.ts";
import { type Accounting, measureAccounting } from "./accounting.ts";
import type { Library } from "./texts.ts";

/** A sampler's order and the shortest span that counts; the pair 3 and 6 shows what a length above the copying does. */
const cases = [
  { order: 3, minTokens: 3 },
  { order: 3, minTokens: 6 },
  { order: 5, minTokens: 4 },
  { order: 8, minTokens: 4 },
] as const;

export function benchAccounting(library: Library, effort: Effort): Section {
  const [outputs, seeds] = effort === "quick" ? [100, 2] : [300, 5];
  const figures = cases.flatMap(({ order, minTokens }): Figure[] => {
    const runs = Array.from({ length: seeds }, (_, i) =>
      measureAccounting(library, { order, minTokens, outputs, seed: i + 1 }),
    );
    const row = (what: string, unit: string, of: (run: Accounting) => number): Figure =>
      figure(`${order}-gram sampler, spans from ${minTokens} tokens: ${what}`, unit, runs.map(of));
    return [
      row("coverage", "share", (run) => run.coverage),
      row("paid to no record", "share", (run) => run.unpaid),
      row("payouts by record", "TV", (run) => run.byRecord.paid),
      row("by size, by record", "TV", (run) => run.byRecord.bySize),
      row("payouts by contributor", "TV", (run) => run.byContributor.paid),
      row("by size, by contributor", "TV", (run) => run.byContributor.bySize),
    ];
  });
  return { title: `${library.name}: distance of payouts from the truth, ${outputs} outputs a run`, figures };
}
