// Owns: the shape of an ordered byte-to-byte store, as everything above the store sees it, and small helpers on key ranges.
// Does not own: any implementation (branch.ts, multistore.ts), gas (gas.ts) or typed keys (collections.ts).

import type { StoreName } from "./limits.ts";

/** A half-open range of keys in ascending byte order: `start` inclusive, `end` exclusive, either absent for unbounded. */
export interface KeyRange {
  readonly start?: Uint8Array | undefined;
  readonly end?: Uint8Array | undefined;
  /** Walk from the highest key of the range down to the lowest. */
  readonly reverse?: boolean | undefined;
}

/** One key with its value. Neither array may be changed by whoever receives it. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/** A store that can be read. Arrays given and returned are shared, never copied: treat them as immutable. */
export interface KVRead {
  /** The value, or `undefined` when the key is absent. An empty value is a value. */
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  /** Entries of the range in byte order. Abandon it only through `break` or `return`, which release the store for writing. */
  iterate(range?: KeyRange): Iterable<Entry>;
  /** As `iterate`, without reading values: far cheaper when only keys matter. */
  keys(range?: KeyRange): Iterable<Uint8Array>;
  /**
   * How many keys the range holds, where the store knows without walking (a committed version does; a branch does not
   * and leaves this undefined). Same result as counting `keys(range)`.
   */
  count?(range?: KeyRange): number;
  /** The key at a place of the range in its direction, counted from 0, where the store knows without walking. */
  keyAt?(range: KeyRange, index: number): Uint8Array | undefined;
}

/** A store that can be read and written. Setting or deleting while one of its iterators is live throws. */
export interface KVWrite extends KVRead {
  set(key: Uint8Array, value: Uint8Array): void;
  /** Deleting an absent key is allowed and changes nothing. */
  delete(key: Uint8Array): void;
}

/** Several stores by name, one consistent state. Naming a store that is not mounted throws: that is a wiring bug. */
export interface MultiRead {
  kv(store: StoreName): KVRead;
}

/** The first key after every key that begins with `prefix`, or `undefined` when there is none (empty, or all 0xff). */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1]! += 1;
  return end;
}

/** The first key after `key` itself. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}
