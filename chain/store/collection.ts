// Owns: what all typed collections have in common: the interface a schema drives them by, ranges of typed keys, pages.
// Does not own any kind of collection (store-map.ts, indexed-map.ts).

import { concat, utf8 } from "../../proto/bytes.ts";
import type { AddressCodec } from "../types/address.ts";
import { chargedKeys, type Place, type StoreReader, type StoreWriter } from "./charged.ts";
import type { Json, KeyCodec } from "./key-codec.ts";
import { type KeyRange, keyAfter, prefixEnd } from "./kv.ts";
import { type Page, type PageRequest, paginate } from "./pagination.ts";

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

/** A collection's prefix as bytes. Throws when it is none. */
export function prefixBytes(prefix: CollectionPrefix): Uint8Array {
  if (typeof prefix === "string") {
    if (prefix.length === 0) throw new Error("a collection's prefix must not be empty");
    return utf8(prefix);
  }
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 255) throw new Error(`prefix ${prefix} is not one byte`);
  return Uint8Array.of(prefix);
}

/** The first `limit` rows, or all without a limit. */
export function* limited<Row>(rows: Iterable<Row>, limit: number | undefined): Generator<Row, void, undefined> {
  if (limit !== undefined && limit <= 0) return;
  let count = 0;
  for (const row of rows) {
    yield row;
    if (++count === limit) return;
  }
}

/** The range of store keys that a typed range names, in the collection whose keys begin with `base`. */
export function keyRange<Key, Prefix>(
  base: Uint8Array,
  codec: KeyCodec<Key, Prefix>,
  range: Range<Key, Prefix>,
): KeyRange {
  const within = range.prefix === undefined ? base : concat(base, codec.encodePrefix(range.prefix));
  return {
    start: range.start === undefined ? within : concat(base, codec.encode(range.start)),
    end: range.end === undefined ? prefixEnd(within) : concat(base, codec.encode(range.end)),
    reverse: range.reverse,
  };
}

/** Walks a page's keys below `within`; `read` makes the row of a full key. */
export function pageOf<Row>(
  ctx: StoreReader,
  place: Place,
  within: Uint8Array,
  request: PageRequest | undefined,
  filtered: boolean,
  read: (fullKey: Uint8Array) => Row | undefined,
): Page<Row> {
  const end = prefixEnd(within);
  const store = ctx.kv(place.store);
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
      count: () => store.count?.({ start: within, end }),
      ...(store.keyAt === undefined
        ? {}
        : {
            keyAt: (index: number, reverse: boolean) =>
              store.keyAt?.({ start: within, end, reverse }, index)?.subarray(within.length),
          }),
    },
    request,
    filtered,
  );
}
