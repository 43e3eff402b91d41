/** Shapley values against their definition: the mean over all orders, in exact fractions, for every N up to 9. */
import { expect, test } from "vitest";
import { shapleyDenominator, shapleyValues } from "../../../modules/attribution/proof/knn-shapley.ts";

/** What a set of examples, nearest first, is worth: the part of the K nearest that agree. */
function worth(k: number, members: readonly number[], agrees: readonly boolean[]): number {
  return members.slice(0, k).filter((i) => agrees[i]).length;
}

/** N!·K times the value of each example, by the weights of subsets: |S|!(N−|S|−1)! times what the example adds. */
function bruteForce(k: number, agrees: readonly boolean[]): readonly bigint[] {
  const count = agrees.length;
  const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));
  return agrees.map((_, example) => {
    let sum = 0n;
    for (let subset = 0; subset < 1 << count; subset++) {
      if ((subset & (1 << example)) !== 0) continue;
      const without = agrees.map((_unused, i) => i).filter((i) => (subset & (1 << i)) !== 0);
      const joined = [...without, example].sort((a, b) => a - b);
      const added = worth(k, joined, agrees) - worth(k, without, agrees);
      sum += BigInt(added) * factorial(without.length) * factorial(count - without.length - 1);
    }
    return sum;
  });
}

test.each([1, 2, 3, 5])("for K = %i the recursion is the definition, exactly, whatever agrees", (k) => {
  for (let count = 1; count <= 9; count++) {
    const all = (1n << BigInt(count)) - 1n;
    // All patterns for few examples, and a spread of them for many.
    const step = count < 7 ? 1 : 37;
    for (let pattern = 0; pattern <= Number(all); pattern += step) {
      const agrees = Array.from({ length: count }, (_, i) => (pattern & (1 << i)) !== 0);
      const factorials = Array.from({ length: count }, (_, i) => BigInt(i + 1)).reduce((product, n) => product * n, 1n);
      const scaled = shapleyValues(k, agrees).map((value) => value * factorials * BigInt(k));
      expect(scaled).toEqual(bruteForce(k, agrees).map((value) => value * shapleyDenominator(k)));
    }
  }
});
