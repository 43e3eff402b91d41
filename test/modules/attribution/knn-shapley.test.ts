/** Shapley values against their definition, in exact fractions: every pattern of up to nine examples, for every K. */
import { expect, test } from "vitest";
import { shapleyDenominator, shapleyValues } from "../../../modules/attribution/proof/knn-shapley.ts";

/** N! by N. */
const FACTORIALS = [1, 1, 2, 6, 24, 120, 720, 5040, 40_320, 362_880];

/** What each set of examples, nearest first, is worth: how many of its K nearest agree. Sets and `agreeing` are bit masks. */
function worths(k: number, count: number, agreeing: number): readonly number[] {
  return Array.from({ length: 1 << count }, (_, set) => {
    let [left, worth] = [k, 0];
    for (let example = 0; example < count && left > 0; example++) {
      if ((set & (1 << example)) === 0) continue;
      left--;
      if ((agreeing & (1 << example)) !== 0) worth++;
    }
    return worth;
  });
}

/** N!·K times the value of each example, by the weights of subsets: |S|!(N−|S|−1)! times what the example adds to S. */
function bruteForce(k: number, count: number, agreeing: number, sizes: readonly number[]): readonly bigint[] {
  const worth = worths(k, count, agreeing);
  return Array.from({ length: count }, (_, example) => {
    let sum = 0;
    for (let set = 0; set < 1 << count; set++) {
      if ((set & (1 << example)) !== 0) continue;
      const size = sizes[set]!;
      sum += (worth[set | (1 << example)]! - worth[set]!) * FACTORIALS[size]! * FACTORIALS[count - size - 1]!;
    }
    return BigInt(sum);
  });
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
  "for %i examples the recursion is the definition, exactly, whichever agree and for every K",
  (count) => {
    const sizes = Array.from({ length: 1 << count }, (_, set) => set.toString(2).replaceAll("0", "").length);
    const wrong: string[] = [];
    // K above N counts all examples there are.
    for (let k = 1; k <= count + 1; k++) {
      for (let agreeing = 0; agreeing < 1 << count; agreeing++) {
        const agrees = Array.from({ length: count }, (_, example) => (agreeing & (1 << example)) !== 0);
        const scale = BigInt(FACTORIALS[count]! * k);
        const found = shapleyValues(k, agrees).map((value) => value * scale);
        const defined = bruteForce(k, count, agreeing, sizes).map((value) => value * shapleyDenominator(k));
        if (found.join() !== defined.join()) wrong.push(`K ${k}, pattern ${agreeing.toString(2)}`);
      }
    }
    expect(wrong).toEqual([]);
  },
);
