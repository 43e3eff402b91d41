// Owns: typed collections over a module's store: items, maps, sets, sequences and maps with indexes, and the schema that
// names them. Every read and write of a module goes through here and is paid here (charged.ts).
// Does not own: the bytes of keys and values (key-codecs.ts, value-codecs.ts), nor what a schema can tell about a store
// as a whole (schema.ts).
//
//   export const state = schema("bank", {
//     supply: map(0x00, key.string, value.int),
//     params: item(0x05, value.proto("cosmos.bank.v1beta1.Params")),
//   });
//   state.supply.set(ctx, "uopen", 5n);

import { concat, utf8 } from "../../proto/bytes.ts";
import type { AddressCodec } from "../types/address.ts";
import {
  chargedDelete,
  chargedGet,
  chargedHas,
  chargedIterate,
  chargedKeys,
  chargedSet,
  type Place,
  type StoreReader,
  type StoreWriter,
} from "./charged.ts";
import { GAS_DESCRIPTOR, KV_GAS, TRANSIENT_KV_GAS } from "./gas.ts";
import { type Json, type KeyCodec, KeyError, key } from "./key-codecs.ts";
import { type KeyRange, keyAfter, prefixEnd } from "./kv.ts";
import { MAX_STORE_NAME_BYTES, type StoreName } from "./limits.ts";
import { type Page, type PageRequest, paginate } from "./pagination.ts";
import { noValue, type ValueCodec, value } from "./value-codecs.ts";

export type { Place, StoreReader, StoreWriter } from "./charged.ts";
export { key } from "./key-codecs.ts";
export type { Page, PageRequest, PageResponse } from "./pagination.ts";
export { value } from "./value-codecs.ts";

/** The first byte of a collection's keys, or a longer text, as the SDK's layouts have either. */
export type CollectionPrefix = number | string;

/** What a schema says about one range of keys. */
export interface CollectionDescription {
  /** The name in the schema; an index is `collection.index`. */
  readonly name: string;
  readonly kind: "item" | "map" | "set" | "sequence" | "index" | "unique index";
  readonly prefix: Uint8Array;
  /** The key's type; `undefined` where there is but one entry. */
  readonly key: string | undefined;
  readonly value: string;
}

/** One stored entry in words that genesis JSON and the store decoder can print. */
export interface DecodedEntry {
  readonly collection: string;
  readonly key: Json;
  readonly value: Json;
}

/** What every collection can tell about itself; modules use the typed members instead. */
export interface Collection {
  /** This collection first, then its indexes. */
  describe(): readonly CollectionDescription[];
  /** Decodes an entry whose key begins with `prefix`, one of those described. */
  decodeEntry(
    description: CollectionDescription,
    entryKey: Uint8Array,
    bytes: Uint8Array,
    addresses: AddressCodec,
  ): DecodedEntry;
  /** Everything the collection holds; `undefined` when it is empty. Indexes are left out: import makes them again. */
  exportJson(ctx: StoreReader, addresses: AddressCodec): Json | undefined;
  /** Writes what `exportJson` gave. Throws KeyError, ValueError or the codec's own error for anything else. */
  importJson(ctx: StoreWriter, json: Json, addresses: AddressCodec): void;
}

/** A collection before a schema gives it a place. */
export type Definition<Handle extends Collection> = (place: Place) => Handle;

/** Which part of a map to walk. `start` is inclusive, `end` exclusive; both lie within `prefix` when it is given. */
export interface Range<Key, Prefix> {
  readonly prefix?: Prefix | undefined;
  readonly start?: Key | undefined;
  readonly end?: Key | undefined;
  /** From the highest key down. */
  readonly reverse?: boolean | undefined;
  /** At most this many rows. */
  readonly limit?: number | undefined;
}

function prefixBytes(prefix: CollectionPrefix): Uint8Array {
  if (typeof prefix === "string") {
    if (prefix.length === 0) throw new Error("a collection's prefix must not be empty");
    return utf8(prefix);
  }
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 255) throw new Error(`prefix ${prefix} is not one byte`);
  return Uint8Array.of(prefix);
}

function* limited<Row>(rows: Iterable<Row>, limit: number | undefined): Generator<Row, void, undefined> {
  if (limit !== undefined && limit <= 0) return;
  let count = 0;
  for (const row of rows) {
    yield row;
    if (++count === limit) return;
  }
}

function keyRange<Key, Prefix>(base: Uint8Array, codec: KeyCodec<Key, Prefix>, range: Range<Key, Prefix>): KeyRange {
  const within = range.prefix === undefined ? base : concat(base, codec.encodePrefix(range.prefix));
  return {
    start: range.start === undefined ? within : concat(base, codec.encode(range.start)),
    end: range.end === undefined ? prefixEnd(within) : concat(base, codec.encode(range.end)),
    reverse: range.reverse,
  };
}

/** Walks a page's keys below `within`; `read` makes the row of a full key. */
function pageOf<Row>(
  ctx: StoreReader,
  place: Place,
  within: Uint8Array,
  request: PageRequest | undefined,
  filtered: boolean,
  read: (fullKey: Uint8Array) => Row | undefined,
): Page<Row> {
  const end = prefixEnd(within);
  return paginate<Row>(
    {
      walk: function* (from, reverse) {
        const first = from === undefined ? undefined : concat(within, from);
        const range: KeyRange = reverse
          ? { start: within, end: first === undefined ? end : keyAfter(first), reverse }
          : { start: first ?? within, end };
        for (const full of chargedKeys(ctx, place, range)) {
          yield { key: full.subarray(within.length), row: () => read(full) };
        }
      },
      count: () => ctx.kv(place.store).count?.({ start: within, end }),
    },
    request,
    filtered,
  );
}

/** One value under a fixed key. */
export class Item<Value> implements Collection {
  readonly #place: Place;
  readonly #key: Uint8Array;
  readonly #value: ValueCodec<Value>;

  constructor(place: Place, prefix: CollectionPrefix, codec: ValueCodec<Value>) {
    this.#place = place;
    this.#key = prefixBytes(prefix);
    this.#value = codec;
  }

  get(ctx: StoreReader): Value | undefined {
    const bytes = chargedGet(ctx, this.#place, this.#key);
    return bytes === undefined ? undefined : this.#value.decode(bytes);
  }

  has(ctx: StoreReader): boolean {
    return chargedHas(ctx, this.#place, this.#key);
  }

  set(ctx: StoreWriter, item: Value): void {
    chargedSet(ctx, this.#place, this.#key, this.#value.encode(item));
  }

  delete(ctx: StoreWriter): void {
    chargedDelete(ctx, this.#place, this.#key);
  }

  /** The store key, for proofs: what follows `/store/<name>/key`. */
  storeKey(): Uint8Array {
    return this.#key;
  }

  describe(): readonly CollectionDescription[] {
    return [{ name: this.#place.name, kind: "item", prefix: this.#key, key: undefined, value: this.#value.type }];
  }

  decodeEntry(description: CollectionDescription, entryKey: Uint8Array, bytes: Uint8Array): DecodedEntry {
    if (entryKey.length !== this.#key.length) throw new KeyError(`bytes follow the key of item ${description.name}`);
    return { collection: description.name, key: null, value: this.#value.toJson(this.#value.decode(bytes)) };
  }

  exportJson(ctx: StoreReader): Json | undefined {
    const item = this.get(ctx);
    return item === undefined ? undefined : this.#value.toJson(item);
  }

  importJson(ctx: StoreWriter, json: Json): void {
    this.set(ctx, this.#value.fromJson(json));
  }
}

/** A counter: `next` hands out 0, 1, 2 and so on (SDK collections.Sequence, unsigned 64-bit big-endian). */
export class Sequence implements Collection {
  readonly #item: Item<bigint>;

  constructor(place: Place, prefix: CollectionPrefix) {
    this.#item = new Item(place, prefix, value.uint64);
  }

  /** The number that `next` will hand out. */
  peek(ctx: StoreReader): bigint {
    return this.#item.get(ctx) ?? 0n;
  }

  /** Hands out the next number. */
  next(ctx: StoreWriter): bigint {
    const number = this.peek(ctx);
    this.#item.set(ctx, number + 1n);
    return number;
  }

  /** Makes `number` the next one handed out. */
  set(ctx: StoreWriter, number: bigint): void {
    this.#item.set(ctx, number);
  }

  /** The store key, for proofs. */
  storeKey(): Uint8Array {
    return this.#item.storeKey();
  }

  describe(): readonly CollectionDescription[] {
    return this.#item.describe().map((description) => ({ ...description, kind: "sequence" as const }));
  }

  decodeEntry(description: CollectionDescription, entryKey: Uint8Array, bytes: Uint8Array): DecodedEntry {
    return this.#item.decodeEntry(description, entryKey, bytes);
  }

  exportJson(ctx: StoreReader): Json | undefined {
    return this.#item.exportJson(ctx);
  }

  importJson(ctx: StoreWriter, json: Json): void {
    this.#item.importJson(ctx, json);
  }
}

/** Values under typed keys, walked in the order of the keys. */
export class StoreMap<Key, Value, Prefix = never> implements Collection {
  protected readonly place: Place;
  protected readonly prefix: Uint8Array;
  protected readonly keys_: KeyCodec<Key, Prefix>;
  protected readonly values_: ValueCodec<Value>;

  constructor(place: Place, prefix: CollectionPrefix, keys: KeyCodec<Key, Prefix>, values: ValueCodec<Value>) {
    this.place = place;
    this.prefix = prefixBytes(prefix);
    this.keys_ = keys;
    this.values_ = values;
  }

  get(ctx: StoreReader, at: Key): Value | undefined {
    const bytes = chargedGet(ctx, this.place, this.storeKey(at));
    return bytes === undefined ? undefined : this.values_.decode(bytes);
  }

  has(ctx: StoreReader, at: Key): boolean {
    return chargedHas(ctx, this.place, this.storeKey(at));
  }

  set(ctx: StoreWriter, at: Key, item: Value): void {
    chargedSet(ctx, this.place, this.storeKey(at), this.values_.encode(item));
  }

  /** Deletes the entry; an absent one changes nothing. */
  delete(ctx: StoreWriter, at: Key): void {
    chargedDelete(ctx, this.place, this.storeKey(at));
  }

  /** Entries in the order of the keys. The store must not be written before the walk ends: collect first, then write. */
  *iterate(ctx: StoreReader, range: Range<Key, Prefix> = {}): Generator<readonly [Key, Value], void, undefined> {
    const walk = chargedIterate(ctx, this.place, keyRange(this.prefix, this.keys_, range));
    for (const [full, bytes] of limited(walk, range.limit)) {
      yield [this.#keyOf(full), this.values_.decode(bytes)];
    }
  }

  /** Keys alone, in order; cheaper than `iterate`. */
  *keys(ctx: StoreReader, range: Range<Key, Prefix> = {}): Generator<Key, void, undefined> {
    const walk = chargedKeys(ctx, this.place, keyRange(this.prefix, this.keys_, range));
    for (const full of limited(walk, range.limit)) yield this.#keyOf(full);
  }

  /** The first entry of the range in its direction. */
  first(ctx: StoreReader, range: Range<Key, Prefix> = {}): readonly [Key, Value] | undefined {
    for (const entry of this.iterate(ctx, { ...range, limit: 1 })) return entry;
    return undefined;
  }

  /** Whether the range holds nothing. */
  isEmpty(ctx: StoreReader, range: Range<Key, Prefix> = {}): boolean {
    for (const _ of this.keys(ctx, { ...range, limit: 1 })) return false;
    return true;
  }

  /** One page of entries (pagination.ts), of those that `filter` accepts when it is given. */
  paginate(
    ctx: StoreReader,
    request: PageRequest | undefined,
    options: { readonly prefix?: Prefix; readonly filter?: (at: Key, item: Value) => boolean } = {},
  ): Page<readonly [Key, Value]> {
    const { prefix, filter } = options;
    const within = prefix === undefined ? this.prefix : concat(this.prefix, this.keys_.encodePrefix(prefix));
    return pageOf(ctx, this.place, within, request, filter !== undefined, (full) => {
      const entry = [this.#keyOf(full), this.#read(ctx, full)] as const;
      return filter === undefined || filter(entry[0], entry[1]) ? entry : undefined;
    });
  }

  /** The key in the store, for proofs: what follows `/store/<name>/key`. */
  storeKey(at: Key): Uint8Array {
    return concat(this.prefix, this.keys_.encode(at));
  }

  describe(): readonly CollectionDescription[] {
    const { type } = this.values_;
    const kind = (this.values_ as ValueCodec<unknown>) === noValue ? "set" : "map";
    return [{ name: this.place.name, kind, prefix: this.prefix, key: this.keys_.type, value: type }];
  }

  decodeEntry(
    description: CollectionDescription,
    entryKey: Uint8Array,
    bytes: Uint8Array,
    addresses: AddressCodec,
  ): DecodedEntry {
    return {
      collection: description.name,
      key: this.keys_.toJson(this.#keyOf(entryKey), addresses),
      value: this.values_.toJson(this.values_.decode(bytes)),
    };
  }

  exportJson(ctx: StoreReader, addresses: AddressCodec): Json | undefined {
    const rows: Json[] = [];
    for (const [at, item] of this.iterate(ctx)) {
      rows.push({ key: this.keys_.toJson(at, addresses), value: this.values_.toJson(item) });
    }
    return rows.length === 0 ? undefined : rows;
  }

  importJson(ctx: StoreWriter, json: Json, addresses: AddressCodec): void {
    const name = `${this.place.store}/${this.place.name}`;
    if (!Array.isArray(json)) throw new KeyError(`${name} must be a JSON array`);
    for (const row of json as readonly Json[]) {
      if (typeof row !== "object" || row === null || Array.isArray(row))
        throw new KeyError(`${name}: a row must be an object`);
      const fields = row as { readonly [field: string]: Json };
      if (fields.key === undefined || fields.value === undefined)
        throw new KeyError(`${name}: a row needs key and value`);
      const at = this.keys_.fromJson(fields.key, addresses);
      if (this.has(ctx, at)) throw new KeyError(`${name}: a key stands twice: ${JSON.stringify(fields.key)}`);
      this.set(ctx, at, this.values_.fromJson(fields.value));
    }
  }

  #keyOf(full: Uint8Array): Key {
    return this.keys_.decode(full.subarray(this.prefix.length));
  }

  /** Reads a row of a page; the step was paid by the walk, so the value pays for its bytes alone. */
  #read(ctx: StoreReader, full: Uint8Array): Value {
    const bytes = ctx.kv(this.place.store).get(full);
    if (bytes === undefined)
      throw new Error(`a key of ${this.place.store}/${this.place.name} vanished while it was walked`);
    ctx.gas.consume(this.place.prices.readPerByte * BigInt(bytes.length), GAS_DESCRIPTOR.valuePerByte);
    return this.values_.decode(bytes);
  }
}

/** Keys without values (SDK collections.KeySet). */
export class KeySet<Key, Prefix = never> extends StoreMap<Key, true, Prefix> {
  constructor(place: Place, prefix: CollectionPrefix, keys: KeyCodec<Key, Prefix>) {
    super(place, prefix, keys, noValue);
  }

  add(ctx: StoreWriter, at: Key): void {
    this.set(ctx, at, true);
  }
}

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
    if (wasKey !== undefined && isKey !== undefined && this.#same(wasKey, isKey)) return;
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
    if (taken === undefined || this.#same(this.#keys.encode(taken), this.#keys.encode(at))) return;
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

  #same(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
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

/** One value under `prefix` itself. */
export function item<Value>(prefix: CollectionPrefix, codec: ValueCodec<Value>): Definition<Item<Value>> {
  return (place) => new Item(place, prefix, codec);
}

/** Values under typed keys. */
export function map<Key, Prefix, Value>(
  prefix: CollectionPrefix,
  keys: KeyCodec<Key, Prefix>,
  values: ValueCodec<Value>,
): Definition<StoreMap<Key, Value, Prefix>> {
  return (place) => new StoreMap(place, prefix, keys, values);
}

/** Keys without values. */
export function set<Key, Prefix>(
  prefix: CollectionPrefix,
  keys: KeyCodec<Key, Prefix>,
): Definition<KeySet<Key, Prefix>> {
  return (place) => new KeySet(place, prefix, keys);
}

/** A counter. */
export function sequence(prefix: CollectionPrefix): Definition<Sequence> {
  return (place) => new Sequence(place, prefix);
}

/** Values under typed keys, with indexes: `{ denom: { prefix: 0x03, by: key.string, of: (item, [, denom]) => denom } }`. */
export function indexed<Key, Prefix, Value, Indexes>(
  prefix: CollectionPrefix,
  keys: KeyCodec<Key, Prefix>,
  values: ValueCodec<Value>,
  indexes: { readonly [Name in keyof Indexes]: IndexDefinition<Key, Value, Indexes[Name]> },
): Definition<IndexedMap<Key, Value, Prefix, Indexes>> {
  return (place) => new IndexedMap(place, prefix, keys, values, indexes);
}

/** Under this symbol a schema carries what schema.ts needs; modules never see it. */
export const schemaFacts = Symbol("schema");

/** What a schema knows about itself. */
export interface SchemaFacts {
  readonly store: StoreName;
  /** In the order in which the module wrote them. */
  readonly collections: readonly (readonly [name: string, collection: Collection])[];
}

/** A module's collections by name. */
export type Schema<Definitions> = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends Definition<infer Handle> ? Handle : never;
} & { readonly [schemaFacts]: SchemaFacts };

/**
 * Gives collections their place in `store`. Throws when one's prefix begins another's: their keys would mix.
 * `transient` stores are emptied at every commit and cost less gas.
 */
export function schema<const Definitions extends { readonly [name: string]: Definition<Collection> }>(
  store: StoreName,
  definitions: Definitions,
  options: { readonly transient?: boolean } = {},
): Schema<Definitions> {
  if (!/^[a-z][a-z0-9_]*$/.test(store) || store.length > MAX_STORE_NAME_BYTES) {
    throw new Error(`${JSON.stringify(store)} is not a store name`);
  }
  const prices = options.transient === true ? TRANSIENT_KV_GAS : KV_GAS;
  const collections = Object.keys(definitions).map(
    (name) => [name, definitions[name]!({ store, name, prices })] as const,
  );
  const described = collections.flatMap(([, collection]) => collection.describe());
  for (const [i, a] of described.entries()) {
    for (const b of described.slice(i + 1)) {
      const shared = Math.min(a.prefix.length, b.prefix.length);
      if (a.prefix.subarray(0, shared).every((byte, at) => byte === b.prefix[at])) {
        throw new Error(`store ${store}: the prefixes of ${a.name} and ${b.name} clash`);
      }
    }
  }
  return {
    ...Object.fromEntries(collections),
    [schemaFacts]: { store, collections },
  } as unknown as Schema<Definitions>;
}
