// Owns: how a module declares its state: definitions of typed collections, and the schema that names them and gives them
// their place in a store. Every read and write of a module goes through what is made here.
// Does not own: the collections' workings (store-map.ts, indexed-map.ts), the bytes of keys and values (key-codecs.ts,
// value-codecs.ts), nor what a schema can tell about a store as a whole (schema.ts).
//
//   export const state = schema("bank", {
//     supply: map(0x00, key.string, value.int),
//     params: item(0x05, value.proto("cosmos.bank.v1beta1.Params")),
//   });
//   state.supply.set(ctx, "uopen", 5n);

import type { Place } from "./charged.ts";
import type { Collection, CollectionPrefix } from "./collection.ts";
import { KV_GAS, TRANSIENT_KV_GAS } from "./gas.ts";
import { type IndexDefinition, IndexedMap } from "./indexed-map.ts";
import type { KeyCodec } from "./key-codec.ts";
import { MAX_STORE_NAME_BYTES, type StoreName } from "./limits.ts";
import { Item, KeySet, Sequence, StoreMap } from "./store-map.ts";
import type { ValueCodec } from "./value-codecs.ts";

// What a module's state.ts and keeper.ts need stands here together, so that they import this file alone.
export type { Place, StoreReader, StoreWriter } from "./charged.ts";
export type { Range } from "./collection.ts";
export { reversedPair } from "./indexed-map.ts";
export { key } from "./key-codecs.ts";
export type { Page, PageRequest, PageResponse } from "./pagination.ts";
export { value } from "./value-codecs.ts";

/** A collection before a schema gives it a place. */
export type Definition<Handle extends Collection> = (place: Place) => Handle;

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
