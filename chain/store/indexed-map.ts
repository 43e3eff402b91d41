// Owns: maps whose entries can be found by something other than their key, and the index entries that make it so.
// Does not own plain maps (store-map.ts).

import { concat, equalBytes } from "../../proto/bytes.ts";
import type { AddressCodec } from "../types/address.ts";
import {
  chargedDelete,
  chargedGet,
  chargedKeys,
  chargedSet,
  type Place,
  type StoreReader,
  type StoreWriter,
} from "./charged.ts";
import {
  type CollectionDescription,
  type CollectionPrefix,
  type DecodedEntry,
  limited,
  pageOf,
  prefixBytes,
  type Range,
} from "./collection.ts";
import type { KeyCodec } from "./key-codec.ts";
import { key } from "./key-codecs.ts";
import { prefixEnd } from "./kv.ts";
import type { Page, PageRequest } from "./pagination.ts";
import { StoreMap } from "./store-map.ts";
import { noValue, type ValueCodec } from "./value-codecs.ts";

/** How an index is made from the entries of its map. `of` gives the indexed value; `undefined` leaves the entry out. */
export interface IndexDefinition<Key, Value, By> {
  readonly prefix: CollectionPrefix;
  readonly by: KeyCodec<By, never>;
  readonly of: (item: Value, at: Key) => By | undefined;
  /** At most one entry for each indexed value; the map's key is then the index entry's value (SDK indexes.Unique). */
  readonly unique?: boolean;
  /** How an entry's key is laid out; by default the indexed value, then the whole key of the map. Not for unique indexes. */
  readonly layout?: KeyCodec<readonly [By, Key], By>;
}

/**
 * The index of a map with pairs as keys by their second component, in the SDK's layout of a reversed pair: the second
 * component, then the first, and nothing twice (collections/indexes/reverse_pair.go).
 */
export function reversedPair<A, B, Value>(
  prefix: CollectionPrefix,
  second: KeyCodec<B, never>,
  first: KeyCodec<A, never>,
): IndexDefinition<readonly [A, B], Value, B> {
  const flat = key.pair(second, first);
  const turn = ([b, a]: readonly [B, A]): readonly [B, readonly [A, B]] => [b, [a, b]];
  return {
    prefix,
    by: second,
    of: (_, [, b]) => b,
    layout: {
      type: flat.type,
      encode: ([b, [a]]) => flat.encode([b, a]),
      encodePart: ([b, [a]]) => flat.encodePart([b, a]),
      encodePrefix: (b) => flat.encodePrefix(b),
      decode: (bytes) => turn(flat.decode(bytes)),
      decodePart: (bytes, at) => {
        const [entry, next] = flat.decodePart(bytes, at);
        return [turn(entry), next];
      },
      toJson: ([b, [a]], addresses) => flat.toJson([b, a], addresses),
      fromJson: (json, addresses) => turn(flat.fromJson(json, addresses)),
    },
  };
}

/** Index entries are keys of the same store, so they are committed and provable too. */
export class Index<Key, Value, By> {
  readonly #place: Place;
  readonly #prefix: Uint8Array;
  readonly #definition: IndexDefinition<Key, Value, By>;
  readonly #pair: KeyCodec<readonly [By, Key], By>;
  readonly #keys: KeyCodec<Key, never>;
  readonly #map: IndexedMap<Key, Value, never, never>;

  constructor(
    map: IndexedMap<Key, Value, never, never>,
    place: Place,
    keys: KeyCodec<Key, never>,
    definition: IndexDefinition<Key, Value, By>,
  ) {
    this.#map = map;
    this.#place = place;
    this.#prefix = prefixBytes(definition.prefix);
    this.#definition = definition;
    this.#keys = keys;
    this.#pair = definition.layout ?? key.pair(definition.by, keys);
  }

  /** Keys of the map's entries whose indexed value is `by`, in the order of the keys. */
  *keys(
    ctx: StoreReader,
    by: By,
    range: { readonly reverse?: boolean; readonly limit?: number } = {},
  ): Generator<Key, void, undefined> {
    if (this.#definition.unique === true) {
      const at = this.find(ctx, by);
      if (at !== undefined) yield at;
      return;
    }
    const within = concat(this.#prefix, this.#pair.encodePrefix(by));
    const walk = chargedKeys(ctx, this.#place, { start: within, end: prefixEnd(within), reverse: range.reverse });
    for (const full of limited(walk, range.limit)) yield this.#entry(ctx, full)[1];
  }

  /** As `keys`, with the map's values. */
  *entries(
    ctx: StoreReader,
    by: By,
    range: { readonly reverse?: boolean; readonly limit?: number } = {},
  ): Generator<readonly [Key, Value], void, undefined> {
    for (const at of this.keys(ctx, by, range)) yield [at, this.#valueOf(ctx, at)];
  }

  /** Index entries in the order of the indexed values, `start` inclusive and `end` exclusive. */
  *iterate(ctx: StoreReader, range: Range<By, never> = {}): Generator<readonly [By, Key], void, undefined> {
    const { by, unique } = this.#definition;
    const bound = (at: By): Uint8Array => concat(this.#prefix, unique === true ? by.encode(at) : by.encodePart(at));
    const walk = chargedKeys(ctx, this.#place, {
      start: range.start === undefined ? this.#prefix : bound(range.start),
      end: range.end === undefined ? prefixEnd(this.#prefix) : bound(range.end),
      reverse: range.reverse,
    });
    for (const full of limited(walk, range.limit)) yield this.#entry(ctx, full);
  }

  /** The key of the one entry whose indexed value is `by`. For unique indexes only. */
  find(ctx: StoreReader, by: By): Key | undefined {
    this.#assertUnique(true);
    const bytes = chargedGet(ctx, this.#place, concat(this.#prefix, this.#definition.by.encode(by)));
    return bytes === undefined ? undefined : this.#keys.decode(bytes);
  }

  /** One page of the entries whose indexed value is `by`. Not for unique indexes. */
  paginate(ctx: StoreReader, by: By, request: PageRequest | undefined): Page<readonly [Key, Value]> {
    this.#assertUnique(false);
    const within = concat(this.#prefix, this.#pair.encodePrefix(by));
    return pageOf(ctx, this.#place, within, request, false, (full) => {
      const at = this.#entry(ctx, full)[1];
      return [at, this.#valueOf(ctx, at)] as const;
    });
  }

  describe(): CollectionDescription {
    const { by, unique } = this.#definition;
    return unique === true
      ? { name: this.#place.name, kind: "unique index", prefix: this.#prefix, key: by.type, value: this.#keys.type }
      : { name: this.#place.name, kind: "index", prefix: this.#prefix, key: this.#pair.type, value: noValue.type };
  }

  decodeEntry(
    description: CollectionDescription,
    entryKey: Uint8Array,
    bytes: Uint8Array,
    addresses: AddressCodec,
  ): DecodedEntry {
    const rest = entryKey.subarray(this.#prefix.length);
    if (this.#definition.unique === true) {
      const by = this.#definition.by.toJson(this.#definition.by.decode(rest), addresses);
      return { collection: description.name, key: by, value: this.#keys.toJson(this.#keys.decode(bytes), addresses) };
    }
    return { collection: description.name, key: this.#pair.toJson(this.#pair.decode(rest), addresses), value: true };
  }

  /** Brings the index in step with one change of its map. */
  update(ctx: StoreWriter, at: Key, before: Value | undefined, after: Value | undefined): void {
    const { of, unique } = this.#definition;
    const was = before === undefined ? undefined : of(before, at);
    const is = after === undefined ? undefined : of(after, at);
    const wasKey = was === undefined ? undefined : this.#entryKey(was, at);
    const isKey = is === undefined ? undefined : this.#entryKey(is, at);
    if (wasKey !== undefined && isKey !== undefined && equalBytes(wasKey, isKey)) return;
    if (wasKey !== undefined) chargedDelete(ctx, this.#place, wasKey);
    if (isKey === undefined) return;
    chargedSet(ctx, this.#place, isKey, unique === true ? this.#keys.encode(at) : noValue.encode(true));
  }

  /** Throws when a unique index has another entry for what `item` would be found by. Nothing is written yet then. */
  assertFree(ctx: StoreReader, at: Key, item: Value): void {
    const { of, by, unique } = this.#definition;
    const wanted = unique === true ? of(item, at) : undefined;
    if (wanted === undefined) return;
    const taken = this.find(ctx, wanted);
    if (taken === undefined || equalBytes(this.#keys.encode(taken), this.#keys.encode(at))) return;
    throw new Error(`unique index ${this.#place.store}/${this.#place.name} has an entry for this ${by.type} already`);
  }

  #entryKey(by: By, at: Key): Uint8Array {
    const rest = this.#definition.unique === true ? this.#definition.by.encode(by) : this.#pair.encode([by, at]);
    return concat(this.#prefix, rest);
  }

  #entry(ctx: StoreReader, full: Uint8Array): readonly [By, Key] {
    const rest = full.subarray(this.#prefix.length);
    if (this.#definition.unique !== true) return this.#pair.decode(rest);
    const by = this.#definition.by.decode(rest);
    return [by, this.find(ctx, by)!];
  }

  #valueOf(ctx: StoreReader, at: Key): Value {
    const item = this.#map.get(ctx, at);
    if (item === undefined)
      throw new Error(`index ${this.#place.store}/${this.#place.name} names an entry that is not there`);
    return item;
  }

  #assertUnique(unique: boolean): void {
    if ((this.#definition.unique === true) === unique) return;
    throw new Error(`index ${this.#place.store}/${this.#place.name} is ${unique ? "not " : ""}unique`);
  }
}

/** A map with indexes that follow every write. */
export class IndexedMap<Key, Value, Prefix, Indexes> extends StoreMap<Key, Value, Prefix> {
  /** The indexes by name. */
  readonly by: { readonly [Name in keyof Indexes]: Index<Key, Value, Indexes[Name]> };
  readonly #all: readonly Index<Key, Value, unknown>[];

  constructor(
    place: Place,
    prefix: CollectionPrefix,
    keys: KeyCodec<Key, Prefix>,
    values: ValueCodec<Value>,
    indexes: { readonly [Name in keyof Indexes]: IndexDefinition<Key, Value, Indexes[Name]> },
  ) {
    super(place, prefix, keys, values);
    const made: [string, Index<Key, Value, unknown>][] = [];
    for (const name of Object.keys(indexes) as (keyof Indexes & string)[]) {
      const definition = indexes[name] as IndexDefinition<Key, Value, unknown>;
      const indexPlace = { ...place, name: `${place.name}.${name}` };
      const map = this as unknown as IndexedMap<Key, Value, never, never>;
      made.push([name, new Index(map, indexPlace, keys as KeyCodec<Key, never>, definition)]);
    }
    this.#all = made.map(([, index]) => index);
    this.by = Object.fromEntries(made) as { readonly [Name in keyof Indexes]: Index<Key, Value, Indexes[Name]> };
  }

  override set(ctx: StoreWriter, at: Key, item: Value): void {
    const before = this.get(ctx, at);
    for (const index of this.#all) index.assertFree(ctx, at, item);
    for (const index of this.#all) index.update(ctx, at, before, item);
    super.set(ctx, at, item);
  }

  override delete(ctx: StoreWriter, at: Key): void {
    const before = this.get(ctx, at);
    if (before === undefined) return;
    for (const index of this.#all) index.update(ctx, at, before, undefined);
    super.delete(ctx, at);
  }

  override describe(): readonly CollectionDescription[] {
    return [...super.describe(), ...this.#all.map((index) => index.describe())];
  }

  override decodeEntry(
    description: CollectionDescription,
    entryKey: Uint8Array,
    bytes: Uint8Array,
    addresses: AddressCodec,
  ): DecodedEntry {
    const index = this.#all.find((candidate) => candidate.describe().name === description.name);
    if (index !== undefined) return index.decodeEntry(description, entryKey, bytes, addresses);
    return super.decodeEntry(description, entryKey, bytes, addresses);
  }
}
