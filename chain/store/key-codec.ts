// Owns: what a typed key is. Does not own the types (key-codecs.ts, key-tuples.ts).

import type { AddressCodec } from "../types/address.ts";

/** Thrown when a value cannot be a key, or stored bytes are not a key of the type asked for. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

/** What a key or value looks like in exported genesis JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Turns keys of type `Key` into bytes and back. `Prefix` is what may stand for "all keys that begin with this". */
export interface KeyCodec<Key, Prefix = never> {
  /** The type in words, for tables and errors: `pair(address, string)`. */
  readonly type: string;
  /** The key as the last (or only) component. */
  encode(key: Key): Uint8Array;
  /** The key as a component that another follows. */
  encodePart(key: Key): Uint8Array;
  /** The beginning of the keys that `prefix` names. */
  encodePrefix(prefix: Prefix): Uint8Array;
  /** Inverse of `encode`. Throws KeyError. */
  decode(bytes: Uint8Array): Key;
  /** Inverse of `encodePart` at position `at`; also gives the position after it. Throws KeyError. */
  decodePart(bytes: Uint8Array, at: number): readonly [key: Key, next: number];
  toJson(key: Key, addresses: AddressCodec): Json;
  fromJson(json: Json, addresses: AddressCodec): Key;
}
