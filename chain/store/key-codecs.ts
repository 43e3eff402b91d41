// Owns: typed keys as bytes whose byte order is the order of the values, in the Cosmos SDK's layouts
// (collections/codec, types/address). Does not own prefixes of collections (collections.ts) or values (value-codecs.ts).
//
// A component has two forms: as the last part of a key it stands raw, before another part it carries its own end
// (a length or a NUL), so that no key runs into the next component.

import { BytesError, base64, concat, fromBase64, utf8, utf8Text } from "../../proto/bytes.ts";
import type { AddressCodec } from "../types/address.ts";
import { formatTime, parseTime, TimeError, type Timestamp } from "../types/time.ts";
import { type Json, type KeyCodec, KeyError } from "./key-codec.ts";
import { pair, triple } from "./key-tuples.ts";

const MAX_LENGTH_PREFIXED = 255;
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
const MAX_UINT32 = 0xffff_ffff;
const SIGN_BIT = 0x8000_0000_0000_0000n;

function noPrefix(): never {
  throw new KeyError("a key of one component has no prefix");
}

function fixed(bytes: Uint8Array, at: number, width: number, type: string): void {
  if (bytes.length - at < width) throw new KeyError(`${type} key is cut short`);
}

function whole<Key>(
  codec: { decodePart(bytes: Uint8Array, at: number): readonly [Key, number] },
  bytes: Uint8Array,
): Key {
  const [key, next] = codec.decodePart(bytes, 0);
  if (next !== bytes.length) throw new KeyError("bytes are left over after a key");
  return key;
}

function jsonText(json: Json, type: string): string {
  if (typeof json !== "string") throw new KeyError(`a key of type ${type} must be a JSON string`);
  return json;
}

/** One length byte, then the bytes (SDK address.LengthPrefix). */
function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0 || bytes.length > MAX_LENGTH_PREFIXED) {
    throw new KeyError(`an address of ${bytes.length} bytes cannot be a key (1 to ${MAX_LENGTH_PREFIXED})`);
  }
  const framed = new Uint8Array(bytes.length + 1);
  framed[0] = bytes.length;
  framed.set(bytes, 1);
  return framed;
}

function readLengthPrefixed(bytes: Uint8Array, at: number): readonly [Uint8Array, number] {
  const length = bytes[at];
  if (length === undefined || length === 0) throw new KeyError("address key has no length");
  fixed(bytes, at + 1, length, "address");
  return [bytes.slice(at + 1, at + 1 + length), at + 1 + length];
}

/** Unsigned varint, then the bytes (SDK collections BytesKey before another component). */
function varintPrefixed(bytes: Uint8Array): Uint8Array {
  const head: number[] = [];
  let rest = bytes.length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return concat(Uint8Array.from(head), bytes);
}

function readVarintPrefixed(bytes: Uint8Array, at: number): readonly [Uint8Array, number] {
  let length = 0;
  let next = at;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[next++];
    if (byte === undefined || shift > 21) throw new KeyError("bytes key has a damaged length");
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  fixed(bytes, next, length, "bytes");
  return [bytes.slice(next, next + length), next + length];
}

function text(bytes: Uint8Array): string {
  try {
    return utf8Text(bytes);
  } catch (error) {
    if (error instanceof BytesError) throw new KeyError("string key is not UTF-8");
    throw error;
  }
}

function bigEndian(value: bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

function readBigEndian(bytes: Uint8Array, at: number, width: number): bigint {
  let value = 0n;
  for (let i = at; i < at + width; i++) value = (value << 8n) | BigInt(bytes[i]!);
  return value;
}

function isUint64(value: bigint): boolean {
  return value >= 0n && value <= MAX_UINT64;
}

/** A codec of a fixed width, the same in both places. */
function fixedWidth<Key>(
  type: string,
  width: number,
  encode: (key: Key) => Uint8Array,
  read: (bytes: Uint8Array, at: number) => Key,
  json: { to(key: Key): Json; from(json: Json): Key },
): KeyCodec<Key> {
  const codec: KeyCodec<Key> = {
    type,
    encode,
    encodePart: encode,
    encodePrefix: noPrefix,
    decode: (bytes) => whole(codec, bytes),
    decodePart: (bytes, at) => {
      fixed(bytes, at, width, type);
      return [read(bytes, at), at + width];
    },
    toJson: (key) => json.to(key),
    fromJson: (value) => json.from(value),
  };
  return codec;
}

function decimalJson(type: string): { to(key: bigint): Json; from(json: Json): bigint } {
  return {
    to: (key) => key.toString(),
    from: (json) => {
      const digits = jsonText(json, type);
      if (!/^-?(0|[1-9]\d*)$/.test(digits)) throw new KeyError(`${JSON.stringify(digits)} is not a whole number`);
      return BigInt(digits);
    },
  };
}

const address: KeyCodec<Uint8Array> = {
  type: "address",
  encode: (key) => {
    if (key.length === 0 || key.length > MAX_LENGTH_PREFIXED) lengthPrefixed(key);
    return key;
  },
  encodePart: lengthPrefixed,
  encodePrefix: noPrefix,
  decode: (bytes) => {
    if (bytes.length === 0 || bytes.length > MAX_LENGTH_PREFIXED) throw new KeyError("address key of a wrong length");
    return bytes;
  },
  decodePart: readLengthPrefixed,
  toJson: (key, addresses) => addresses.account(key),
  fromJson: (json, addresses) => addresses.parseAccount(jsonText(json, "address")),
};

const prefixedAddress: KeyCodec<Uint8Array> = {
  ...address,
  type: "length-prefixed address",
  encode: lengthPrefixed,
  decode: (bytes) => whole({ decodePart: readLengthPrefixed }, bytes),
};

/** The same bytes as an address, shown in JSON under the validator or consensus prefix. */
function shownAs(
  codec: KeyCodec<Uint8Array>,
  type: string,
  toJson: (key: Uint8Array, addresses: AddressCodec) => string,
  fromText: (text: string, addresses: AddressCodec) => Uint8Array,
): KeyCodec<Uint8Array> {
  return { ...codec, type, toJson, fromJson: (json, addresses) => fromText(jsonText(json, type), addresses) };
}

const string: KeyCodec<string, string> = {
  type: "string",
  encode: (key) => utf8(key),
  encodePart: (key) => {
    if (key.includes("\0")) throw new KeyError("a string key before another component must not contain NUL");
    return concat(utf8(key), Uint8Array.of(0));
  },
  encodePrefix: (prefix) => utf8(prefix),
  decode: text,
  decodePart: (bytes, at) => {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw new KeyError("string key does not end");
    return [text(bytes.subarray(at, end)), end + 1];
  },
  toJson: (key) => key,
  fromJson: (json) => jsonText(json, "string"),
};

const bytes: KeyCodec<Uint8Array, Uint8Array> = {
  type: "bytes",
  encode: (key) => key,
  encodePart: varintPrefixed,
  encodePrefix: (prefix) => prefix,
  decode: (key) => key,
  decodePart: readVarintPrefixed,
  toJson: (key) => base64(key),
  fromJson: (json) => fromBase64(jsonText(json, "bytes")),
};

const uint64 = fixedWidth<bigint>(
  "uint64",
  8,
  (key) => {
    if (!isUint64(key)) throw new KeyError(`${key} is not an unsigned 64-bit number`);
    return bigEndian(key, 8);
  },
  (from, at) => readBigEndian(from, at, 8),
  decimalJson("uint64"),
);

const uint64LittleEndian = fixedWidth<bigint>(
  "uint64 little-endian",
  8,
  (key) => uint64.encode(key).reverse(),
  (from, at) => readBigEndian(from.slice(at, at + 8).reverse(), 0, 8),
  decimalJson("uint64 little-endian"),
);

const int64 = fixedWidth<bigint>(
  "int64",
  8,
  (key) => {
    if (!isUint64(key + SIGN_BIT)) throw new KeyError(`${key} is not a signed 64-bit number`);
    // The sign bit is turned over, so that negative numbers come first (SDK collections Int64Key).
    return bigEndian(key + SIGN_BIT, 8);
  },
  (from, at) => readBigEndian(from, at, 8) - SIGN_BIT,
  decimalJson("int64"),
);

const uint32 = fixedWidth<number>(
  "uint32",
  4,
  (key) => {
    if (!Number.isInteger(key) || key < 0 || key > MAX_UINT32)
      throw new KeyError(`${key} is not an unsigned 32-bit number`);
    return Uint8Array.of(key >>> 24, (key >>> 16) & 0xff, (key >>> 8) & 0xff, key & 0xff);
  },
  (from, at) => ((from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!) >>> 0,
  {
    to: (key) => key,
    from: (json) => {
      if (typeof json !== "number") throw new KeyError("a key of type uint32 must be a JSON number");
      return json;
    },
  },
);

const bool = fixedWidth<boolean>(
  "bool",
  1,
  (key) => Uint8Array.of(key ? 1 : 0),
  (from, at) => {
    if (from[at]! > 1) throw new KeyError("bool key is neither 0 nor 1");
    return from[at] === 1;
  },
  {
    to: (key) => key,
    from: (json) => {
      if (typeof json !== "boolean") throw new KeyError("a key of type bool must be a JSON boolean");
      return json;
    },
  },
);

/** The SDK's sortable time, `2006-01-02T15:04:05.000000000`, always 29 bytes (types/utils.go, FormatTimeBytes). */
function sortableTime(time: Timestamp): string {
  const printed = formatTime(time);
  const seconds = printed.slice(0, 19);
  const fraction = printed.length > 20 ? printed.slice(20, -1) : "";
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}

function timeOf(printed: string): Timestamp {
  try {
    return parseTime(printed);
  } catch (error) {
    if (error instanceof TimeError) throw new KeyError(error.message);
    throw error;
  }
}

const SORTABLE_TIME_BYTES = 29;

const time = fixedWidth<Timestamp>(
  "time",
  SORTABLE_TIME_BYTES,
  (key) => utf8(sortableTime(key)),
  (from, at) => {
    const printed = text(from.subarray(at, at + SORTABLE_TIME_BYTES));
    const parsed = timeOf(`${printed}Z`);
    if (sortableTime(parsed) !== printed) throw new KeyError("time key is not in its canonical form");
    return parsed;
  },
  { to: (key) => formatTime(key), from: (json) => parseTime(jsonText(json, "time")) },
);

/** The key types that modules use. */
export const key = {
  /** An address of 1 to 255 bytes: raw when last, after a length byte otherwise. */
  address,
  /** An address that carries its length byte even when last, as most of the SDK's older layouts do. */
  prefixedAddress,
  /** As `address`, shown in JSON as a validator operator's address. */
  validatorAddress: shownAs(
    address,
    "validator address",
    (bytes, addresses) => addresses.validator(bytes),
    (text, addresses) => addresses.parseValidator(text),
  ),
  /** As `prefixedAddress`, shown in JSON as a validator operator's address. */
  prefixedValidatorAddress: shownAs(
    prefixedAddress,
    "length-prefixed validator address",
    (bytes, addresses) => addresses.validator(bytes),
    (text, addresses) => addresses.parseValidator(text),
  ),
  /** As `address`, shown in JSON as a consensus address. */
  consensusAddress: shownAs(
    address,
    "consensus address",
    (bytes, addresses) => addresses.consensus(bytes),
    (text, addresses) => addresses.parseConsensus(text),
  ),
  /** As `prefixedAddress`, shown in JSON as a consensus address. */
  prefixedConsensusAddress: shownAs(
    prefixedAddress,
    "length-prefixed consensus address",
    (bytes, addresses) => addresses.consensus(bytes),
    (text, addresses) => addresses.parseConsensus(text),
  ),
  /** UTF-8 text: raw when last, ended by NUL otherwise (and then free of NUL). Ordered by bytes, not by UTF-16. */
  string,
  /** Any bytes: raw when last, after their length as a varint otherwise (and then ordered by length first). */
  bytes,
  /** Unsigned 64-bit, big-endian. */
  uint64,
  /** Unsigned 64-bit, lowest byte first: its order is not that of the numbers, so it serves to look up, not to walk. */
  uint64LittleEndian,
  /** Signed 64-bit, big-endian with the sign bit turned over. */
  int64,
  /** Unsigned 32-bit, big-endian. */
  uint32,
  bool,
  /** A time as 29 bytes of sortable text, nanoseconds included. */
  time,
  pair,
  triple,
} as const;
