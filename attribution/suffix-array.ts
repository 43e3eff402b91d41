/**
 * Owns the suffix array of a sequence of integers, by induced sorting (SA-IS; Nong, Zhang, Chan, "Two Efficient
 * Algorithms for Linear Time Suffix Array Construction", 2011), in time and memory linear in the sequence.
 * It does not own what the integers mean (corpus.ts) nor searching (span-index.ts).
 */

/**
 * The starts of all suffixes of `sequence` in ascending order, a suffix before those it begins.
 * Values are integers from 0 up to, not including, `alphabet`.
 */
export function suffixArray(sequence: Int32Array, alphabet: number): Int32Array {
  const length = sequence.length;
  if (length <= 1) return new Int32Array(length);
  const isSmall = smallSuffixes(sequence);
  const bucketStarts = countSmaller(sequence, alphabet);
  const seeds = seedPositions(isSmall);
  const sorted = new Int32Array(length);
  induce(sequence, isSmall, bucketStarts, seeds, sorted);
  if (seeds.length > 1) {
    const order = sortSeeds(sequence, isSmall, seeds, sorted);
    induce(sequence, isSmall, bucketStarts, order, sorted);
  }
  return sorted;
}

/** Whether the suffix at each place is smaller than the one after it ("S-type"). The last is not. */
function smallSuffixes(sequence: Int32Array): Uint8Array {
  const isSmall = new Uint8Array(sequence.length);
  for (let i = sequence.length - 2; i >= 0; i--) {
    const [here, next] = [sequence[i]!, sequence[i + 1]!];
    isSmall[i] = here < next || (here === next && isSmall[i + 1] === 1) ? 1 : 0;
  }
  return isSmall;
}

/** For each value, how many smaller ones the sequence has; one more entry at the end holds the length. */
function countSmaller(sequence: Int32Array, alphabet: number): Int32Array {
  const counts = new Int32Array(alphabet + 1);
  for (const value of sequence) counts[value + 1]!++;
  for (let value = 0; value < alphabet; value++) counts[value + 1]! += counts[value]!;
  return counts;
}

/** Where a small suffix follows one that is not ("leftmost S-type"): these places seed the sorting. */
function seedPositions(isSmall: Uint8Array): Int32Array {
  const isSeed = (i: number): boolean => i > 0 && isSmall[i] === 1 && isSmall[i - 1] === 0;
  let count = 0;
  for (let i = 1; i < isSmall.length; i++) if (isSeed(i)) count++;
  const seeds = new Int32Array(count);
  for (let i = 1, at = 0; i < isSmall.length; i++) if (isSeed(i)) seeds[at++] = i;
  return seeds;
}

/** Sorts all suffixes into `sorted` from seeds that are in order among those of the same value. */
function induce(
  sequence: Int32Array,
  isSmall: Uint8Array,
  bucketStarts: Int32Array,
  seeds: Int32Array,
  sorted: Int32Array,
): void {
  const length = sequence.length;
  sorted.fill(-1);
  const ends = bucketStarts.slice(1);
  for (let i = seeds.length - 1; i >= 0; i--) sorted[--ends[sequence[seeds[i]!]!]!] = seeds[i]!;
  // Large suffixes from the left: the last suffix is one, and each precedes something already placed.
  const starts = bucketStarts.slice(0, -1);
  sorted[starts[sequence[length - 1]!]!++] = length - 1;
  for (let i = 0; i < length; i++) {
    const before = sorted[i]! - 1;
    if (before >= 0 && isSmall[before] === 0) sorted[starts[sequence[before]!]!++] = before;
  }
  // Small suffixes from the right, over the seeds' preliminary places.
  ends.set(bucketStarts.subarray(1));
  for (let i = length - 1; i >= 0; i--) {
    const before = sorted[i]! - 1;
    if (before >= 0 && isSmall[before] === 1) sorted[--ends[sequence[before]!]!] = before;
  }
}

/** The seeds in the order of their suffixes, given `sorted`, in which their stretches up to the next seed are in order. */
function sortSeeds(sequence: Int32Array, isSmall: Uint8Array, seeds: Int32Array, sorted: Int32Array): Int32Array {
  const indexOfSeed = new Int32Array(sequence.length).fill(-1);
  for (let i = 0; i < seeds.length; i++) indexOfSeed[seeds[i]!] = i;
  const names = new Int32Array(seeds.length);
  let name = -1;
  let previous = -1;
  for (const position of sorted) {
    const index = indexOfSeed[position]!;
    if (index < 0) continue;
    if (previous < 0 || !areStretchesEqual(sequence, isSmall, seeds, previous, index)) name++;
    names[index] = name;
    previous = index;
  }
  const order = suffixArray(names, name + 1);
  return order.map((index) => seeds[index]!);
}

/** Whether the stretches from two seeds up to and with their next seeds are the same. */
function areStretchesEqual(
  sequence: Int32Array,
  isSmall: Uint8Array,
  seeds: Int32Array,
  left: number,
  right: number,
): boolean {
  // The last stretch runs to the end of the sequence and is equal to no other.
  if (left === seeds.length - 1 || right === seeds.length - 1) return false;
  const [leftStart, rightStart] = [seeds[left]!, seeds[right]!];
  const length = seeds[left + 1]! - leftStart;
  if (seeds[right + 1]! - rightStart !== length) return false;
  for (let i = 0; i <= length; i++) {
    if (sequence[leftStart + i] !== sequence[rightStart + i]) return false;
    if (isSmall[leftStart + i] !== isSmall[rightStart + i]) return false;
  }
  return true;
}
