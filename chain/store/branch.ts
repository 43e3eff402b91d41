// Owns: writes that are not kept yet. A branch lies over a state (a committed version or another branch), reads through
// it, and is either written down to what lies below or dropped. Transactions, messages and checks each run on one.
// Does not own: what is finally committed and in which form (multistore.ts), nor gas (collections.ts).

import { compareBytes } from "../../proto/bytes.ts";
import type { Entry, KeyRange, KVRead, KVWrite, MultiRead } from "./kv.ts";
import { MAX_BRANCH_DEPTH, MAX_KEY_BYTES, MAX_VALUE_BYTES, type StoreName } from "./limits.ts";
import { keyText, SortedKeys } from "./sorted-keys.ts";

/** The net change of one key: its new value, or `undefined` when it is deleted. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** One store's layer of a branch. */
class Overlay implements KVWrite {
  readonly #below: Overlay | undefined;
  readonly #base: KVRead;
  readonly #changes = new Map<string, Change>();
  // Built when an iterator first needs order; most branches are never iterated.
  #order: SortedKeys | undefined;
  #liveIterators = 0;

  constructor(below: KVRead) {
    this.#below = below instanceof Overlay ? below : undefined;
    this.#base = below;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const text = keyText(key);
    for (let layer: Overlay = this; ; ) {
      const change = layer.#changes.get(text);
      if (change !== undefined) return change.value;
      if (layer.#below === undefined) return layer.#base.get(key);
      layer = layer.#below;
    }
  }

  has(key: Uint8Array): boolean {
    const text = keyText(key);
    for (let layer: Overlay = this; ; ) {
      const change = layer.#changes.get(text);
      if (change !== undefined) return change.value !== undefined;
      if (layer.#below === undefined) return layer.#base.has(key);
      layer = layer.#below;
    }
  }

  set(key: Uint8Array, value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw new Error("a value must be bytes; delete the key to remove it");
    if (value.length > MAX_VALUE_BYTES) throw new Error(`value of ${value.length} bytes is too long`);
    this.#put({ key, value });
  }

  delete(key: Uint8Array): void {
    this.#put({ key, value: undefined });
  }

  *iterate(range: KeyRange = {}): Generator<Entry, void, undefined> {
    const walk = this.#merge(range, this.#base.iterate(range), (entry) => entry[0]);
    for (const step of walk) {
      if (step.below !== undefined) yield step.below;
      else yield [step.change.key, step.change.value];
    }
  }

  *keys(range: KeyRange = {}): Generator<Uint8Array, void, undefined> {
    for (const step of this.#merge(range, this.#base.keys(range), (key) => key)) yield step.below ?? step.change.key;
  }

  /** Forgets every change. */
  clear(): void {
    this.#assertNotIterated();
    this.#changes.clear();
    this.#order = undefined;
  }

  /** Applies every change to `target`. */
  writeTo(target: KVWrite): void {
    for (const { key, value } of this.#changes.values()) {
      if (value === undefined) target.delete(key);
      else target.set(key, value);
    }
  }

  /** The net changes in ascending byte order of keys. */
  sortedChanges(): readonly Change[] {
    const sorted: Change[] = [];
    for (const text of this.#sortedKeys().walk()) sorted.push(this.#changes.get(text)!);
    return sorted;
  }

  get size(): number {
    return this.#changes.size;
  }

  #put(change: Change): void {
    const { key } = change;
    this.#assertNotIterated();
    if (key.length === 0) throw new Error("a key must not be empty");
    if (key.length > MAX_KEY_BYTES) throw new Error(`key of ${key.length} bytes is too long`);
    const text = keyText(key);
    const before = this.#changes.size;
    this.#changes.set(text, change);
    if (this.#order !== undefined && this.#changes.size !== before) this.#order.add(text);
  }

  #assertNotIterated(): void {
    if (this.#liveIterators > 0) throw new Error("a store was written while one of its iterators was live");
  }

  #sortedKeys(): SortedKeys {
    this.#order ??= new SortedKeys(this.#changes.keys());
    return this.#order;
  }

  /**
   * Walks what lies below and this layer's changes together: a change hides the key below it, a deletion hides and is
   * not yielded. While it runs, this layer and those below refuse writes.
   */
  *#merge<Below>(
    range: KeyRange,
    below: Iterable<Below>,
    keyOf: (item: Below) => Uint8Array,
  ): Generator<
    | { readonly below: Below; readonly change?: undefined }
    | { readonly below?: undefined; readonly change: { readonly key: Uint8Array; readonly value: Uint8Array } },
    void,
    undefined
  > {
    this.#liveIterators++;
    const direction = range.reverse === true ? -1 : 1;
    const lower = below[Symbol.iterator]();
    const upper = this.#sortedKeys().walk(range);
    try {
      let low = lower.next();
      let up = upper.next();
      while (!low.done || !up.done) {
        const change = up.done ? undefined : this.#changes.get(up.value)!;
        const order = low.done ? 1 : change === undefined ? -1 : compareBytes(keyOf(low.value), change.key) * direction;
        if (order < 0) {
          yield { below: low.value };
          low = lower.next();
          continue;
        }
        if (change!.value !== undefined) yield { change: { key: change!.key, value: change!.value } };
        up = upper.next();
        if (order === 0) low = lower.next();
      }
    } finally {
      lower.return?.();
      this.#liveIterators--;
    }
  }
}

/**
 * A writable branch over several stores. Reads see the branch's own writes over the state below. Nothing reaches the
 * state below until `write`. A branch may be branched again; a parent may be written while a child lives, and the child
 * then sees it.
 */
export class MultiBranch implements MultiRead {
  readonly #below: MultiRead;
  readonly #overlays = new Map<StoreName, Overlay>();
  readonly #depth: number;

  /** `below` is what the branch lies over: a committed view or another branch. */
  constructor(below: MultiRead) {
    this.#below = below;
    this.#depth = below instanceof MultiBranch ? below.#depth + 1 : 1;
    if (this.#depth > MAX_BRANCH_DEPTH) throw new Error(`branches nest deeper than ${MAX_BRANCH_DEPTH}`);
  }

  /** The state under this branch: another branch, or the committed view at the bottom. */
  get below(): MultiRead {
    return this.#below;
  }

  /** The branch's view of one store. Throws for a store that is not mounted. */
  kv(store: StoreName): KVWrite {
    return this.#overlay(store);
  }

  /** A new branch over this one. */
  branch(): MultiBranch {
    return new MultiBranch(this);
  }

  /** Writes every change into the branch below and empties this one. A bottom branch is staged by the multistore instead. */
  write(): void {
    const below = this.#below;
    if (!(below instanceof MultiBranch)) throw new Error("this branch lies over a committed state: stage it instead");
    for (const [store, overlay] of this.#overlays) {
      if (overlay.size === 0) continue;
      overlay.writeTo(below.kv(store));
      overlay.clear();
    }
  }

  /** Forgets every change. */
  discard(): void {
    for (const overlay of this.#overlays.values()) overlay.clear();
  }

  /** How many keys it changes, over all stores. */
  get size(): number {
    let size = 0;
    for (const overlay of this.#overlays.values()) size += overlay.size;
    return size;
  }

  /** Net changes per store: stores in byte order of their names, keys in ascending byte order. Unchanged stores are left out. */
  changes(): ReadonlyMap<StoreName, readonly Change[]> {
    const changes = new Map<StoreName, readonly Change[]>();
    const names = [...this.#overlays.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const name of names) {
      const overlay = this.#overlays.get(name)!;
      if (overlay.size > 0) changes.set(name, overlay.sortedChanges());
    }
    return changes;
  }

  #overlay(store: StoreName): Overlay {
    let overlay = this.#overlays.get(store);
    if (overlay === undefined) {
      overlay = new Overlay(this.#below instanceof MultiBranch ? this.#below.#overlay(store) : this.#below.kv(store));
      this.#overlays.set(store, overlay);
    }
    return overlay;
  }
}
