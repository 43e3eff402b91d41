/** Owns how numbers are written in the leaves of a batch. A leaf is hashed as it is written, so every number has one way to be. */

const NATURAL = /^(0|[1-9][0-9]{0,99})$/;

/** The natural number that `text` writes in the one way there is, without leading zeros; undefined for anything else. */
export function naturalOf(text: string): bigint | undefined {
  return NATURAL.test(text) ? BigInt(text) : undefined;
}

/** As `naturalOf`, for a number that may be below zero. */
export function integerOf(text: string): bigint | undefined {
  if (!text.startsWith("-")) return naturalOf(text);
  const size = naturalOf(text.slice(1));
  return size === undefined || size === 0n ? undefined : -size;
}
