// What attribution must come to on texts whose sources are known: a reduced run of `npm run bench:attribution`, with its
// bounds. Times are not looked at.

import { expect, test } from "vitest";
import { describeWith } from "../vectors/vectors.ts";
import { measureAccounting, totalVariation } from "./attribution/accounting.ts";
import { measureSubstitution } from "./attribution/substitution.ts";
import { shakespeare, shakespeareFile } from "./attribution/texts.ts";

test("total variation is half the sum of differences of shares", () => {
  const of = (...rows: [string, number][]) => new Map(rows);
  expect(totalVariation(of(["a", 1], ["b", 3]), of(["a", 2], ["b", 6]))).toBe(0);
  expect(totalVariation(of(["a", 1]), of(["b", 5]))).toBe(1);
  expect(totalVariation(of(["a", 1], ["b", 1]), of(["a", 3], ["b", 1]))).toBe(0.25);
});

describeWith(
  shakespeareFile,
  "put it there, or set TRIBUTARY_DATA",
  "payouts for outputs whose every token has a known source, on Shakespeare's speeches",
  () => {
    const library = shakespeare();
    test.each([
      { order: 5, bound: 0.07, seed: 1 },
      { order: 5, bound: 0.07, seed: 2 },
      { order: 8, bound: 0.045, seed: 1 },
      { order: 8, bound: 0.045, seed: 2 },
    ])("are within $bound of the truth for a $order-gram sampler, seed $seed", ({ order, bound, seed }) => {
      const { tokens, coverage, byRecord, byContributor } = measureAccounting(library, {
        ...{ order, seed },
        outputs: 200,
        minTokens: 4,
      });
      expect(tokens).toBeGreaterThan(8000);
      expect(coverage).toBeGreaterThan(0.99);
      expect(byRecord.paid).toBeLessThanOrEqual(bound);
      expect(byContributor.paid).toBeLessThanOrEqual(byRecord.paid);
      // Paying by size is what a datanet without attribution can do.
      expect(byRecord.bySize).toBeGreaterThan(5 * byRecord.paid);
      expect(byContributor.bySize).toBeGreaterThan(5 * byContributor.paid);
    });

    test("sources are found by spans in what was copied, and by BM25 even where two words of five were replaced", () => {
      const measure = (rate: number) => measureSubstitution(library, { rate, outputs: 60, minTokens: 6, seed: 1 });
      const [copied, replaced] = [measure(0), measure(0.4)];
      expect(copied.coverage).toBeGreaterThan(0.97);
      expect(copied.spanTop1).toBeGreaterThan(0.9);
      expect(replaced.coverage).toBeLessThan(0.3);
      expect(replaced.passageTop5).toBeGreaterThan(0.85);
      expect(replaced.passageTop5).toBeGreaterThan(replaced.spanTop5);
      expect(copied.sizeTop5).toBeLessThan(0.2);
    });
  },
);
