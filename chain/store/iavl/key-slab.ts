// Owns: the bytes of every key of the trees, in one growing array. A key's identity is its place in the array, so a tree
// node holds a number instead of an object, and thousands of keys cost the garbage collector nothing.
// Does not own: which node uses which key (arena.ts, tree.ts).
//
// A slot is: length (2 bytes), number of leaves that hold the key (4 bytes), the key, padding to 8 bytes. Slots of keys
// that no leaf holds any more are reused for keys of the same slot size.

import { MAX_KEY_BYTES } from "../limits.ts";

const HEADER_BYTES = 6;

/** Slot numbers count eights of bytes, so that they fit a 31-bit link up to 16 GB of keys. */
const SLOT_SHIFT = 3;

export class KeySlab {
  #bytes = new Uint8Array(1 << 12);
  #used = 0;
  /** Free slots by their size in eights of bytes. */
  readonly #free = new Map<number, number[]>();
  #freeBytes = 0;

  /** Stores a key that no leaf holds yet; the caller's leaf is its first holder. */
  add(key: Uint8Array): number {
    const length = key.length;
    if (length === 0 || length > MAX_KEY_BYTES) throw new Error(`a key of ${length} bytes cannot be stored`);
    const units = slotUnits(length);
    const reused = this.#free.get(units)?.pop();
    if (reused !== undefined) this.#freeBytes -= units << SLOT_SHIFT;
    const id = reused ?? this.#extend(units);
    const at = id * 8;
    const bytes = this.#bytes;
    bytes[at] = length & 0xff;
    bytes[at + 1] = length >> 8;
    this.#setHolders(at, 1);
    bytes.set(key, at + HEADER_BYTES);
    return id;
  }

  /** Another leaf holds the key too. */
  retain(id: number): void {
    const at = id * 8;
    this.#setHolders(at, this.#holders(at) + 1);
  }

  /** A leaf stops holding the key; without holders its slot is free. */
  release(id: number): void {
    const at = id * 8;
    const holders = this.#holders(at) - 1;
    if (holders < 0) throw new Error("a key was released more often than it was held");
    this.#setHolders(at, holders);
    if (holders > 0) return;
    const units = slotUnits(this.#length(at));
    const slots = this.#free.get(units);
    if (slots === undefined) this.#free.set(units, [id]);
    else slots.push(id);
    this.#freeBytes += units << SLOT_SHIFT;
  }

  /** The key's bytes, as an array of their own. */
  read(id: number): Uint8Array {
    const at = id * 8;
    return this.#bytes.slice(at + HEADER_BYTES, at + HEADER_BYTES + this.#length(at));
  }

  /** Length of the key in bytes. */
  lengthOf(id: number): number {
    return this.#length(id * 8);
  }

  /** Copies the key's bytes from `skip` on to `target` and gives the position after them. */
  copyTo(id: number, target: Uint8Array, at: number, skip = 0): number {
    const from = id * 8 + HEADER_BYTES;
    const length = this.#length(id * 8);
    const bytes = this.#bytes;
    for (let i = skip; i < length; i++) target[at++] = bytes[from + i]!;
    return at;
  }

  /** Order of `key` against the stored key: negative, zero or positive, by bytes. */
  compare(key: Uint8Array, id: number): number {
    const bytes = this.#bytes;
    const at = id * 8;
    const stored = this.#length(at);
    const shared = key.length < stored ? key.length : stored;
    const from = at + HEADER_BYTES;
    for (let i = 0; i < shared; i++) {
      const difference = key[i]! - bytes[from + i]!;
      if (difference !== 0) return difference;
    }
    return key.length - stored;
  }

  /** How many first bytes two stored keys share. */
  sharedLength(a: number, b: number): number {
    const bytes = this.#bytes;
    const shared = Math.min(this.#length(a * 8), this.#length(b * 8));
    const fromA = a * 8 + HEADER_BYTES;
    const fromB = b * 8 + HEADER_BYTES;
    let i = 0;
    while (i < shared && bytes[fromA + i] === bytes[fromB + i]) i++;
    return i;
  }

  /** Bytes reserved. */
  get memoryBytes(): number {
    return this.#bytes.length;
  }

  /** Bytes of slots that wait for reuse. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  #length(at: number): number {
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  #holders(at: number): number {
    const bytes = this.#bytes;
    return bytes[at + 2]! | (bytes[at + 3]! << 8) | (bytes[at + 4]! << 16) | (bytes[at + 5]! << 24);
  }

  #setHolders(at: number, holders: number): void {
    const bytes = this.#bytes;
    bytes[at + 2] = holders & 0xff;
    bytes[at + 3] = (holders >> 8) & 0xff;
    bytes[at + 4] = (holders >> 16) & 0xff;
    bytes[at + 5] = holders >> 24;
  }

  #extend(units: number): number {
    const id = this.#used;
    const needed = (id + units) * 8;
    if (id + units > 0x7fff_ffff) throw new Error("the keys of the state do not fit the memory index");
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, grownCapacity(this.#bytes.length)));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#used = id + units;
    return id;
  }
}

function slotUnits(length: number): number {
  return (length + HEADER_BYTES + 7) >> SLOT_SHIFT;
}

/** The next size of an array that is full: double while small, a quarter more once the slack would be tens of megabytes. */
export function grownCapacity(capacity: number): number {
  return capacity < 1 << 20 ? capacity * 2 : capacity + ((capacity >>> 3) << 1);
}
