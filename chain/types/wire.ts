/**
 * Owns the few protobuf encodings that are hashed or signed, written field by field (FORMATS: header leaves, sign
 * bytes, validator, commit and result leaves). They are spelled out here, and not taken from the general codec,
 * because they follow rules of their own (wrappers, fields that are always or never there) and are made thousands of
 * times a block. Whole messages are the codec's (proto/codec.ts). Fields that hold their default are left out unless
 * a function says otherwise.
 */
import { concat, utf8 } from "../../proto/bytes.ts";
import type { Timestamp } from "./time.ts";

const EMPTY = new Uint8Array(0);

/** An unsigned base-128 number. Negative numbers are their 64-bit two's complement, ten bytes. */
export function varint(value: bigint): Uint8Array {
  if (value >= 0n && value < 128n) return Uint8Array.of(Number(value));
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left >= 128n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  bytes.push(Number(left));
  return Uint8Array.from(bytes);
}

/** A number with zig-zag sign, as Go's binary.PutVarint writes it. */
export function zigzagVarint(value: bigint): Uint8Array {
  return varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
}

/** An integer field; zero is left out. */
export function varintField(field: number, value: bigint): Uint8Array {
  return value === 0n ? EMPTY : concat(tag(field, 0), varint(value));
}

/** A 64-bit little-endian field; zero is left out. */
export function fixed64Field(field: number, value: bigint): Uint8Array {
  if (value === 0n) return EMPTY;
  const bytes = new Uint8Array(8);
  let left = BigInt.asUintN(64, value);
  for (let i = 0; i < 8; i++, left >>= 8n) bytes[i] = Number(left & 255n);
  return concat(tag(field, 1), bytes);
}

/** A bytes field; empty is left out. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? EMPTY : messageField(field, bytes);
}

/** A text field; empty is left out. */
export function stringField(field: number, text: string): Uint8Array {
  return text === "" ? EMPTY : messageField(field, utf8(text));
}

/** A message field that is always there, even when the message is empty. */
export function messageField(field: number, message: Uint8Array): Uint8Array {
  return concat(tag(field, 2), delimited(message));
}

/** The message behind its length. */
export function delimited(message: Uint8Array): Uint8Array {
  return concat(varint(BigInt(message.length)), message);
}

/** google.protobuf.Timestamp. */
export function timestampBytes(time: Timestamp): Uint8Array {
  return concat(varintField(1, time.seconds), varintField(2, BigInt(time.nanos)));
}

/** A hash-bearing part set header, as tendermint.types.PartSetHeader and its canonical twin encode it. */
export function partSetHeaderBytes(header: { readonly total: number; readonly hash: Uint8Array }): Uint8Array {
  return concat(varintField(1, BigInt(header.total)), bytesField(2, header.hash));
}

/** tendermint.types.BlockID and its canonical twin: the part set header is always there, so a zero id is `12 00`. */
export function blockIdBytes(blockId: {
  readonly hash: Uint8Array;
  readonly partSetHeader: { readonly total: number; readonly hash: Uint8Array };
}): Uint8Array {
  return concat(bytesField(1, blockId.hash), messageField(2, partSetHeaderBytes(blockId.partSetHeader)));
}

function tag(field: number, wireType: number): Uint8Array {
  const value = (field << 3) | wireType;
  return value < 128 ? Uint8Array.of(value) : varint(BigInt(value));
}
