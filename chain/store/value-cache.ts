// Owns: values held in memory by the tree leaf they belong to, up to a number of bytes. Does not own where values come
// from (multistore.ts).
//
// Two generations: values enter the young one; when it holds half the budget it becomes the old one and what was old is
// forgotten. A hit in the old generation makes the value young again. That is close to least-recently-used at the cost
// of one map operation per hit.

/** What a map entry costs besides the value's bytes, about. */
const ENTRY_BYTES = 96;

export class ValueCache {
  readonly #half: number;
  #young = new Map<number, Uint8Array>();
  #old = new Map<number, Uint8Array>();
  #youngBytes = 0;
  #oldBytes = 0;

  /** `budget` is in bytes; 0 holds nothing. */
  constructor(budget: number) {
    this.#half = budget >> 1;
  }

  get(leaf: number): Uint8Array | undefined {
    const young = this.#young.get(leaf);
    if (young !== undefined) return young;
    const old = this.#old.get(leaf);
    if (old !== undefined) {
      this.#old.delete(leaf);
      this.#oldBytes -= old.length + ENTRY_BYTES;
      this.put(leaf, old);
    }
    return old;
  }

  put(leaf: number, value: Uint8Array): void {
    const cost = value.length + ENTRY_BYTES;
    if (cost > this.#half) return;
    if (this.#youngBytes + cost > this.#half) {
      this.#old = this.#young;
      this.#oldBytes = this.#youngBytes;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.delete(leaf);
    this.#young.set(leaf, value);
    this.#youngBytes += cost;
  }

  /** Forgets a leaf; its number may be given to another one. */
  delete(leaf: number): void {
    const young = this.#young.get(leaf);
    if (young !== undefined) {
      this.#young.delete(leaf);
      this.#youngBytes -= young.length + ENTRY_BYTES;
    }
    const old = this.#old.get(leaf);
    if (old !== undefined) {
      this.#old.delete(leaf);
      this.#oldBytes -= old.length + ENTRY_BYTES;
    }
  }

  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }
}
