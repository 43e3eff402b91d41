// Transaction step 12: where a keeper's read or write of its state lands.
// Owns: the plain typed collections: one value, a counter, values under typed keys, keys alone.
// Does not own indexes (indexed-map.ts) or how a module declares collections (collections.ts).

import { concat } from "../../proto/bytes.ts";
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
import {
  type Collection,
  type CollectionDescription,
  type CollectionPrefix,
  type DecodedEntry,
  keyRange,
  limited,
  pageOf,
  prefixBytes,
  type Range,
} from "./collection.ts";
import { GAS_DESCRIPTOR } from "./gas.ts";
import { type Json, type KeyCodec, KeyError } from "./key-codec.ts";
import type { Page, PageRequest } from "./pagination.ts";
import { noValue, type ValueCodec, value } from "./value-codecs.ts";

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
