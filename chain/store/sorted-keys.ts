// Owns: a set of keys kept in byte order, cheap to grow in any order, and the text form of a key that makes it so.
// Does not own: values. Used by the branch (branch.ts) and the unhashed stores (plain-store.ts).
//
// A key is held as a string of one character per byte. JavaScript compares such strings by code unit, which here is byte
// order, and hashes them natively, so one form serves both maps and order. Any other string order (locale) is banned.

import type { KeyRange } from "./kv.ts";

/** `bytes` as a string of one character per byte (0 to 255). */
export function keyText(bytes: Uint8Array): string {
  // Arguments of a call live on the stack: long keys go in pieces.
  if (bytes.length <= 1024) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  let text = "";
  for (let at = 0; at < bytes.length; at += 1024) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + 1024) as unknown as number[]);
  }
  return text;
}

/** The inverse of `keyText`. */
export function keyBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Keys per block of the list: inserting moves at most this many, finding a block is a binary search. */
const BLOCK_KEYS = 256;

/** Keys in ascending byte order, in blocks: a B-tree of two levels, enough for the keys of one block of transactions. */
export class SortedKeys {
  #blocks: string[][] = [];

  /** Builds the set from keys in any order; they must be distinct. */
  constructor(keys: Iterable<string> = []) {
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (let at = 0; at < sorted.length; at += BLOCK_KEYS >> 1)
      this.#blocks.push(sorted.slice(at, at + (BLOCK_KEYS >> 1)));
  }

  /** Adds a key that is not there yet. */
  add(key: string): void {
    if (this.#blocks.length === 0) {
      this.#blocks.push([key]);
      return;
    }
    const index = Math.min(this.#blockOf(key), this.#blocks.length - 1);
    const block = this.#blocks[index]!;
    block.splice(firstNotBelow(block, key), 0, key);
    if (block.length > BLOCK_KEYS) this.#blocks.splice(index + 1, 0, block.splice(block.length >> 1));
  }

  /** Removes a key that is there. */
  remove(key: string): void {
    const index = this.#blockOf(key);
    const block = this.#blocks[index];
    const at = block === undefined ? -1 : firstNotBelow(block, key);
    if (block === undefined || block[at] !== key) throw new Error("the key to remove is not in the set");
    block.splice(at, 1);
    if (block.length === 0) this.#blocks.splice(index, 1);
  }

  /** Keys of the range in its direction. The set must not change while this runs; its owner sees to that. */
  *walk(range: KeyRange = {}): Generator<string, void, undefined> {
    const start = range.start === undefined ? undefined : keyText(range.start);
    const end = range.end === undefined ? undefined : keyText(range.end);
    if (range.reverse === true) yield* this.#descend(start, end);
    else yield* this.#ascend(start, end);
  }

  *#ascend(start: string | undefined, end: string | undefined): Generator<string, void, undefined> {
    let index = start === undefined ? 0 : this.#blockOf(start);
    let at = start === undefined || index >= this.#blocks.length ? 0 : firstNotBelow(this.#blocks[index]!, start);
    for (; index < this.#blocks.length; index++, at = 0) {
      const block = this.#blocks[index]!;
      for (; at < block.length; at++) {
        const key = block[at]!;
        if (end !== undefined && key >= end) return;
        yield key;
      }
    }
  }

  *#descend(start: string | undefined, end: string | undefined): Generator<string, void, undefined> {
    let index = end === undefined ? this.#blocks.length - 1 : Math.min(this.#blockOf(end), this.#blocks.length - 1);
    for (let first = true; index >= 0; index--, first = false) {
      const block = this.#blocks[index]!;
      let at = (first && end !== undefined ? firstNotBelow(block, end) : block.length) - 1;
      for (; at >= 0; at--) {
        const key = block[at]!;
        if (start !== undefined && key < start) return;
        yield key;
      }
    }
  }

  /** The first block whose last key is not below `key`; the number of blocks when there is none. */
  #blockOf(key: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const block = this.#blocks[middle]!;
      if (block[block.length - 1]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The position of the first key of a sorted block that is not below `key`. */
function firstNotBelow(block: readonly string[], key: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (block[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
