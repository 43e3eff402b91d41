// The figures of finding sources after words were replaced (substitution.ts). Owns nothing of how they are made.

import { type Effort, type Figure, figure, type Section } from "../measure.ts";
import { measureSubstitution } from "./substitution.ts";
import type { Library } from "./texts.ts";

const rates = [0, 0.1, 0.2, 0.4] as const;

export function benchSubstitution(library: Library, effort: Effort): Section {
  const outputs = effort === "quick" ? 40 : 200;
  const figures = rates.flatMap((rate): Figure[] => {
    const found = measureSubstitution(library, { rate, outputs, minTokens: 6, seed: 1 });
    const row = (what: string, value: number): Figure =>
      figure(`${rate * 100} % of words replaced: ${what}`, "share", [value]);
    return [
      row("tokens covered by spans", found.coverage),
      row("source first by spans", found.spanTop1),
      row("source among five by spans", found.spanTop5),
      row("source first by BM25", found.passageTop1),
      row("source among five by BM25", found.passageTop5),
      row("source among the five largest records", found.sizeTop5),
    ];
  });
  return { title: `${library.name}: sources of ${outputs} outputs of an 8-gram sampler, spans from 6 tokens`, figures };
}
