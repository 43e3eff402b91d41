/**
 * Owns a bounded memory of transaction hashes, the least recently seen forgotten first. Does not own transactions.
 */

/** Remembers up to `capacity` keys. */
export class HashCache {
  private readonly capacity: number;
  private readonly keys = new Set<string>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  /** Remembers a key. False when it was known already; it then counts as just seen. */
  add(key: string): boolean {
    const known = this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size > this.capacity) {
      const oldest = this.keys.values().next();
      if (!oldest.done) this.keys.delete(oldest.value);
    }
    return !known;
  }

  remove(key: string): void {
    this.keys.delete(key);
  }
}
