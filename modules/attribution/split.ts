/**
 * Owns the division of an amount by weights. Cumulative rounding: part i is ⌊A·Cᵢ/Cₙ⌋ − ⌊A·Cᵢ₋₁/Cₙ⌋ with C the prefix
 * sums of the weights, so the parts sum to the amount exactly and each is less than one unit away from its exact share.
 * It does not own who gets the parts (keeper.ts).
 */

/**
 * Divides `amount` by `weights`, in their order. A weight of zero gets nothing.
 * Throws when an amount or weight is negative, or when no weight is positive: the callers rule these out.
 */
export function splitByWeights(amount: bigint, weights: readonly bigint[]): readonly bigint[] {
  if (amount < 0n || weights.some((weight) => weight < 0n)) throw new Error("a negative amount or weight");
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw new Error("no positive weight");
  let sum = 0n;
  let paid = 0n;
  return weights.map((weight) => {
    sum += weight;
    const upTo = (amount * sum) / total;
    const part = upTo - paid;
    paid = upTo;
    return part;
  });
}
