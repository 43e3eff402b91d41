// Wire types, varints and the errors of malformed bytes: the format without any schema. Owns a place in the bytes and how
// it moves; which field may stand there is wire.ts.

import { utf8Text } from "./bytes.ts";
import type { FieldType } from "./descriptor.ts";
import { INT_BITS_MAX } from "./limits.ts";

/** What Go calls the wire types (x/tx/decode, WireTypeToString). */
export const wireTypeNames = [
  "varint",
  "fixed64",
  "bytes",
  "start_group",
  "end_group",
  "fixed32",
  "unknown type: 6",
  "unknown type: 7",
];
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const START_GROUP = 3;
export const END_GROUP = 4;
export const FIXED32 = 5;

/** The wire type of a field, unpacked. */
export const wireTypes: Readonly<Record<FieldType, number>> = {
  bool: VARINT,
  bytes: BYTES,
  enum: VARINT,
  fixed32: FIXED32,
  fixed64: FIXED64,
  int32: VARINT,
  int64: VARINT,
  message: BYTES,
  sfixed32: FIXED32,
  sfixed64: FIXED64,
  sint32: VARINT,
  sint64: VARINT,
  string: BYTES,
  uint32: VARINT,
  uint64: VARINT,
};

/** Thrown when bytes are not an acceptable encoding of the message asked for. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}

/** An unknown field where unknown fields are refused. The text is the SDK's (x/tx/decode, ErrUnknownField). */
export class UnknownFieldError extends DecodeError {
  override readonly name = "UnknownFieldError";
  /** The full name of the message that holds the field. */
  readonly messageName: string;
  readonly fieldNumber: number;
  constructor(messageName: string, fieldNumber: number, wireType: number) {
    super(`${messageName}: {TagNum: ${fieldNumber}, WireType:"${wireTypeNames[wireType]}"}`);
    this.messageName = messageName;
    this.fieldNumber = fieldNumber;
  }
}

/** An Any whose type URL names no known message, where Any values are opened. */
export class UnknownTypeUrlError extends DecodeError {
  override readonly name = "UnknownTypeUrlError";
  readonly typeUrl: string;
  constructor(typeUrl: string) {
    super(`unable to resolve type URL ${typeUrl}`);
    this.typeUrl = typeUrl;
  }
}

/** A place in the bytes, and the last varint read. One is made for each message read. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly canonical: boolean;
  at: number;
  /** The low and high 32 bits of the last varint, unsigned. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array, canonical: boolean) {
    this.bytes = bytes;
    this.canonical = canonical;
    this.at = 0;
  }

  varint(end: number): void {
    const { bytes } = this;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.at >= end) throw new DecodeError("truncated varint");
      const byte = bytes[this.at++]!;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (7 * i - 32);
      if (byte < 0x80) {
        if (i === 9 && byte > 1) break;
        if (this.canonical && i > 0 && byte === 0) throw new DecodeError("varint is not as short as possible");
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw new DecodeError("varint overflows 64 bits");
  }

  /** Reads a length and returns the end of what it measures. */
  measured(end: number): number {
    this.varint(end);
    if (this.high !== 0 || this.low > end - this.at) throw new DecodeError("length passes the end of the message");
    return this.at + this.low;
  }

  fixed(width: number, end: number): void {
    if (end - this.at < width) throw new DecodeError("truncated fixed-width value");
    this.at += width;
  }
}

/** Whether the text is a decimal integer as Go writes one (no plus, no leading zero, no "-0"), or empty. */
export function isIntegerText(bytes: Uint8Array, start: number, end: number, bits: number): boolean {
  if (start === end) return true;
  const first = bytes[start] === 0x2d ? start + 1 : start;
  if (first === end || (bytes[first] === 0x30 && (end - first > 1 || first !== start))) return false;
  for (let i = first; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
  // 77 digits always fit 256 bits and 94 always fit 315, so only longer text is worth converting.
  const digits = end - first;
  if (digits <= (bits === INT_BITS_MAX ? 77 : 94)) return true;
  return digits <= 95 && BigInt(utf8Text(bytes, first, end)) < 1n << BigInt(bits);
}
