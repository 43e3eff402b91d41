/**
 * Owns the exact Shapley values of examples for one answer of a K-nearest-neighbours classifier, by the recursion of Jia
 * et al., "Efficient task-specific data valuation for nearest neighbor algorithms" (VLDB 2019, theorem 1): with the
 * examples in order of distance, s_N = 1[y_N = y]·min(K, N)/(N·K) and
 * s_j = s_{j+1} + (1[y_j = y] − 1[y_{j+1} = y])/K · min(K, j)/j. Values are numerators over one denominator, so nothing is
 * rounded. It does not own which examples are listed nor their weights in a use (challenge/).
 */
import { MAX_FEATURES, MAX_NEIGHBOURS } from "../limits.ts";

/** The least common multiple of 1 to 64: every fraction in the recursion is a whole number of its reciprocals, times K. */
const COMMON_MULTIPLE = leastCommonMultiple(MAX_NEIGHBOURS);

/** An example as a record's text holds it: its label in the first byte, then its features. */
export interface Example {
  readonly label: number;
  readonly features: Uint8Array;
}

/** The example in a record's text; undefined when the text is none. */
export function exampleOf(text: Uint8Array): Example | undefined {
  const [label] = text;
  if (label === undefined || text.length < 2 || text.length > MAX_FEATURES + 1) return undefined;
  return { label, features: text.subarray(1) };
}

/** The squared Euclidean distance; undefined when the two have different numbers of features: then they are not compared. */
export function squaredDistance(query: Uint8Array, features: Uint8Array): bigint | undefined {
  if (query.length !== features.length) return undefined;
  let sum = 0;
  // At most 1023 squares of at most 65025, which is exact.
  for (let i = 0; i < query.length; i++) sum += (query[i]! - features[i]!) ** 2;
  return BigInt(sum);
}

/** What values are numerators over: K times the least common multiple of 1 to 64. */
export function shapleyDenominator(k: number): bigint {
  return BigInt(k) * COMMON_MULTIPLE;
}

/** The value of the farthest of `count` examples. */
export function lastValue(k: number, count: number, agrees: boolean): bigint {
  return agrees ? (BigInt(Math.min(k, count)) * COMMON_MULTIPLE) / BigInt(count) : 0n;
}

/** The value of example `position`, from 1, given whether it and the next one agree with the answer, and the next one's. */
export function valueBefore(k: number, position: number, agrees: boolean, nextAgrees: boolean, next: bigint): bigint {
  const step = (BigInt(Math.min(k, position)) * COMMON_MULTIPLE) / BigInt(position);
  return next + (agrees === nextAgrees ? 0n : agrees ? step : -step);
}

/** The values of examples in order of distance, the nearest first; `agrees` says whose label is the answer's. */
export function shapleyValues(k: number, agrees: readonly boolean[]): readonly bigint[] {
  const values: bigint[] = [];
  for (let i = agrees.length - 1; i >= 0; i--) {
    const next = values[0];
    values.unshift(
      next === undefined
        ? lastValue(k, agrees.length, agrees[i]!)
        : valueBefore(k, i + 1, agrees[i]!, agrees[i + 1]!, next),
    );
  }
  return values;
}

function leastCommonMultiple(highest: number): bigint {
  let multiple = 1n;
  for (let n = 2n; n <= BigInt(highest); n++) {
    let [a, b] = [multiple, n];
    while (b > 0n) [a, b] = [b, a % b];
    multiple = (multiple / a) * n;
  }
  return multiple;
}
