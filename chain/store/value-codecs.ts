// Owns: typed values as bytes, in the Cosmos SDK's layouts (collections/codec). Does not own keys (key-codecs.ts), nor the
// encoding of messages (proto/codec.ts).

import { BytesError, base64, fromBase64, utf8, utf8Text } from "../../proto/bytes.ts";
import { decode, encode, type MessageInput } from "../../proto/codec.ts";
import { fromJson, type JsonValue, toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { Dec } from "../types/dec.ts";
import type { Json } from "./key-codec.ts";
import { key } from "./key-codecs.ts";

/** Thrown when a value cannot be stored, or stored bytes are not a value of the type asked for. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}

/** Turns values of type `Value` into bytes and back. */
export interface ValueCodec<Value> {
  /** The type in words, for tables and errors. */
  readonly type: string;
  encode(value: Value): Uint8Array;
  /** Throws ValueError (or DecodeError for messages) on bytes that are not such a value: the state is damaged. */
  decode(bytes: Uint8Array): Value;
  toJson(value: Value): Json;
  fromJson(json: Json): Value;
}

/** Largest absolute value of an SDK Int: 256 bits. */
const MAX_INT_BITS = 256n;
const MAX_INT = (1n << MAX_INT_BITS) - 1n;

function ascii(bytes: Uint8Array, type: string): string {
  try {
    return utf8Text(bytes);
  } catch (error) {
    if (error instanceof BytesError) throw new ValueError(`${type} value is not UTF-8`);
    throw error;
  }
}

function decimal(text: string, type: string): bigint {
  if (!/^(0|-?[1-9]\d{0,77})$/.test(text)) throw new ValueError(`${type} value is not a whole number in decimal`);
  const value = BigInt(text);
  if (value > MAX_INT || value < -MAX_INT) throw new ValueError(`${type} value takes more than ${MAX_INT_BITS} bits`);
  return value;
}

function jsonText(json: Json, type: string): string {
  if (typeof json !== "string") throw new ValueError(`a value of type ${type} must be a JSON string`);
  return json;
}

const int: ValueCodec<bigint> = {
  type: "int",
  encode: (value) => {
    if (value > MAX_INT || value < -MAX_INT) throw new ValueError(`int value takes more than ${MAX_INT_BITS} bits`);
    return utf8(value.toString());
  },
  decode: (bytes) => decimal(ascii(bytes, "int"), "int"),
  toJson: (value) => value.toString(),
  fromJson: (json) => decimal(jsonText(json, "int"), "int"),
};

const uint64: ValueCodec<bigint> = {
  type: "uint64",
  encode: (value) => key.uint64.encode(value),
  decode: (bytes) => {
    if (bytes.length !== 8) throw new ValueError("uint64 value is not eight bytes");
    return key.uint64.decode(bytes);
  },
  toJson: (value) => value.toString(),
  fromJson: (json) => {
    const value = decimal(jsonText(json, "uint64"), "uint64");
    key.uint64.encode(value);
    return value;
  },
};

const bytes: ValueCodec<Uint8Array> = {
  type: "bytes",
  encode: (value) => value,
  decode: (value) => value,
  toJson: (value) => base64(value),
  fromJson: (json) => fromBase64(jsonText(json, "bytes")),
};

const string: ValueCodec<string> = {
  type: "string",
  encode: (value) => utf8(value),
  decode: (value) => ascii(value, "string"),
  toJson: (value) => value,
  fromJson: (json) => jsonText(json, "string"),
};

const bool: ValueCodec<boolean> = {
  type: "bool",
  encode: (value) => Uint8Array.of(value ? 1 : 0),
  decode: (value) => {
    if (value.length !== 1 || value[0]! > 1) throw new ValueError("bool value is neither 0 nor 1");
    return value[0] === 1;
  },
  toJson: (value) => value,
  fromJson: (json) => {
    if (typeof json !== "boolean") throw new ValueError("a value of type bool must be a JSON boolean");
    return json;
  },
};

const MEMBER: Uint8Array = Uint8Array.of(1);

/**
 * The value of a set's members and of index entries: one byte, not none. ICS-23 cannot prove an empty value, neither to
 * be there nor as the neighbour of an absent key, so one empty entry would take the proof of absence from the keys
 * beside it (ics23 go/ops.go, LeafOp.Apply).
 */
export const noValue: ValueCodec<true> = {
  type: "member",
  encode: () => MEMBER,
  decode: (value) => {
    if (value.length !== 1 || value[0] !== 1) throw new ValueError("a set's member carries a value");
    return true;
  },
  toJson: () => true,
  fromJson: (json) => {
    if (json !== true) throw new ValueError("a set's member must be true in JSON");
    return true;
  },
};

/** A message in its canonical encoding. Stored bytes with unknown fields or of another form are refused as damaged. */
function proto<Name extends keyof Messages & string>(name: Name): ValueCodec<Messages[Name]> {
  return {
    type: name,
    encode: (value) => encode(name, value as MessageInput<Name>),
    decode: (value) => decode(name, value),
    toJson: (value) => toJson(name, value) as Json,
    fromJson: (json) => fromJson(name, json as JsonValue),
  };
}

/** A codec for `Outer` through one for `Inner`. */
function mapped<Outer, Inner>(
  type: string,
  inner: ValueCodec<Inner>,
  to: (value: Outer) => Inner,
  from: (value: Inner) => Outer,
): ValueCodec<Outer> {
  return {
    type,
    encode: (value) => inner.encode(to(value)),
    decode: (value) => from(inner.decode(value)),
    toJson: (value) => inner.toJson(to(value)),
    fromJson: (json) => from(inner.fromJson(json)),
  };
}

const dec = mapped<Dec, string>(
  "dec",
  string,
  (value) => value.toWire(),
  (value) => Dec.fromWire(value),
);

/** The value types that modules use. */
export const value = {
  proto,
  /** A whole number of up to 256 bits and a sign, as decimal text (SDK math.Int). */
  int,
  /** Unsigned 64-bit, big-endian. */
  uint64,
  bytes,
  string,
  bool,
  /** A decimal, as the text of its scaled integer (SDK LegacyDec). */
  dec,
  mapped,
} as const;
