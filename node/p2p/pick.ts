/** Choosing peers at random: whom to ask is no peer's to foresee. */

/** Two different entries at random, or all when there are fewer. */
export function pickTwo<Entry>(entries: readonly Entry[]): Entry[] {
  if (entries.length <= 2) return [...entries];
  const first = Math.floor(Math.random() * entries.length);
  const second = (first + 1 + Math.floor(Math.random() * (entries.length - 1))) % entries.length;
  return [entries[first]!, entries[second]!];
}
