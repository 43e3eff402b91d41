// Owns: a store without a tree, for what is not committed: transient stores (always empty below a block's branch) and
// memory stores (kept until the process ends). Does not own when changes are applied (multistore.ts).

import type { Change } from "./branch.ts";
import type { Entry, KeyRange, KVRead } from "./kv.ts";
import { keyBytes, keyText, SortedKeys } from "./sorted-keys.ts";

export class PlainStore implements KVRead {
  readonly #values = new Map<string, Uint8Array>();
  readonly #order = new SortedKeys();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(keyText(key));
  }

  has(key: Uint8Array): boolean {
    return this.#values.has(keyText(key));
  }

  *iterate(range: KeyRange = {}): Generator<Entry, void, undefined> {
    for (const text of this.#order.walk(range)) yield [keyBytes(text), this.#values.get(text)!];
  }

  *keys(range: KeyRange = {}): Generator<Uint8Array, void, undefined> {
    for (const text of this.#order.walk(range)) yield keyBytes(text);
  }

  apply(changes: readonly Change[]): void {
    for (const { key, value } of changes) {
      const text = keyText(key);
      const isThere = this.#values.has(text);
      if (value === undefined) {
        if (!isThere) continue;
        this.#values.delete(text);
        this.#order.remove(text);
      } else {
        if (!isThere) this.#order.add(text);
        this.#values.set(text, value);
      }
    }
  }
}
