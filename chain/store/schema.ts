// Owns: what a schema tells about a store as a whole: the table of its key ranges, decoding of any stored entry, and a
// module's state as genesis JSON and back. Does not own the collections themselves (collections.ts).

import type { AddressCodec } from "../types/address.ts";
import type { StoreReader, StoreWriter } from "./charged.ts";
import type { Collection, CollectionDescription, DecodedEntry } from "./collection.ts";
import { type SchemaFacts, schemaFacts } from "./collections.ts";
import type { Json } from "./key-codec.ts";
import type { StoreName } from "./limits.ts";

/** Any schema, whatever its collections. */
export interface AnySchema {
  readonly [schemaFacts]: SchemaFacts;
}

/** The store a schema lies in. */
export function storeOf(schema: AnySchema): StoreName {
  return schema[schemaFacts].store;
}

/** Every key range of the schema, collections in the module's order, each followed by its indexes. */
export function describe(schema: AnySchema): readonly CollectionDescription[] {
  return schema[schemaFacts].collections.flatMap(([, collection]) => collection.describe());
}

/**
 * Decodes one stored entry. `undefined` when no collection of the schema has such keys; throws KeyError or ValueError
 * when the bytes are not what the collection stores.
 */
export function decodeEntry(
  schema: AnySchema,
  key: Uint8Array,
  value: Uint8Array,
  addresses: AddressCodec,
): DecodedEntry | undefined {
  for (const [, collection] of schema[schemaFacts].collections) {
    for (const description of collection.describe()) {
      const { prefix } = description;
      if (key.length < prefix.length || !prefix.every((byte, i) => byte === key[i])) continue;
      return collection.decodeEntry(description, key, value, addresses);
    }
  }
  return undefined;
}

/** Everything the schema's collections hold, by collection; empty ones are left out. Indexes are not exported. */
export function exportState(
  schema: AnySchema,
  ctx: StoreReader,
  addresses: AddressCodec,
): { readonly [name: string]: Json } {
  const state: { [name: string]: Json } = {};
  for (const [name, collection] of schema[schemaFacts].collections) {
    const json = collection.exportJson(ctx, addresses);
    if (json !== undefined) state[name] = json;
  }
  return state;
}

/** Writes what `exportState` gave, index entries included. Throws on a collection the schema does not have. */
export function importState(
  schema: AnySchema,
  ctx: StoreWriter,
  state: { readonly [name: string]: Json },
  addresses: AddressCodec,
): void {
  const { store, collections } = schema[schemaFacts];
  const byName = new Map<string, Collection>(collections);
  for (const name of Object.keys(state)) {
    if (!byName.has(name)) throw new Error(`genesis of ${store} names an unknown collection ${JSON.stringify(name)}`);
  }
  for (const [name, collection] of collections) {
    const json = Object.hasOwn(state, name) ? state[name] : undefined;
    if (json !== undefined) collection.importJson(ctx, json, addresses);
  }
}
