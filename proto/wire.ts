// Walks over encoded messages and refuses what may not be read: the strictness of codec.ts. Owns nesting, UTF-8, unknown
// fields and canonical form; builds no value. Descriptor-driven, without protobufjs.

import { firstInvalidUtf8, utf8Text } from "./bytes.ts";
import type { FieldInfo } from "./descriptor.ts";
import {
  ANY_DEPTH_MAX,
  DEC_BITS_MAX,
  INT_BITS_MAX,
  MESSAGE_BYTES_MAX,
  MESSAGE_DEPTH_MAX,
  MESSAGE_VALUES_MAX,
} from "./limits.ts";
import { messageInfo, nameOfTypeUrl } from "./registry.ts";
import {
  BYTES,
  Cursor,
  DecodeError,
  END_GROUP,
  FIXED32,
  FIXED64,
  isIntegerText,
  START_GROUP,
  UnknownFieldError,
  UnknownTypeUrlError,
  VARINT,
  wireTypeNames,
  wireTypes,
} from "./wire-format.ts";

/** What a walk refuses beyond malformed bytes. */
export interface WireRules {
  /** Unknown fields: ignored, refused, or refused unless bit 11 of the field number is set (SDK ADR-020). */
  readonly unknown: "ignore" | "refuse" | "refuseCritical";
  /** True: the shortest varints, ascending fields, singular fields once, no default values (SDK ADR-027). */
  readonly canonical: boolean;
  /** True: Any values are opened by their type URL and walked too. */
  readonly openAny: boolean;
}

/** A field number with this bit set may be ignored by who does not know it (SDK ADR-020). */
const NON_CRITICAL_BIT = 1 << 10;

interface WireField {
  readonly info: FieldInfo;
  readonly wireType: number;
  readonly packable: boolean;
  /** Which oneof of the message it belongs to, as a bit, or 0. */
  readonly oneofBit: number;
  /** The most bits of the decimal integer that its text holds, or 0 where it holds none. */
  readonly integerBits: number;
}

interface WireMessage {
  readonly name: string;
  readonly fields: ReadonlyMap<number, WireField>;
}

const planned = new Map<string, WireMessage>();

/** How many bits a field of this Go type holds as decimal text, or 0 for other types. */
function integerBits(customType: string | undefined): number {
  if (customType === "cosmossdk.io/math.Int") return INT_BITS_MAX;
  return customType === "cosmossdk.io/math.LegacyDec" ? DEC_BITS_MAX : 0;
}

function plan(name: string): WireMessage {
  const known = planned.get(name);
  if (known !== undefined) return known;
  const message = messageInfo(name);
  const fields = new Map<number, WireField>();
  for (const info of message.fields) {
    fields.set(info.number, {
      info,
      wireType: wireTypes[info.type],
      packable: info.repeated === true && wireTypes[info.type] !== BYTES,
      oneofBit: info.oneof === undefined ? 0 : 1 << (message.oneofs?.indexOf(info.oneof) ?? 0),
      integerBits: integerBits(info.customType),
    });
  }
  const made = { name, fields };
  planned.set(name, made);
  return made;
}

class Walk {
  readonly cursor: Cursor;
  readonly rules: WireRules;
  /** Whether an unknown field was met that may be ignored. */
  metNonCritical = false;
  /** Values with a length that may still come. */
  private valuesLeft: number;

  constructor(bytes: Uint8Array, rules: WireRules, maxValues: number) {
    this.valuesLeft = maxValues;
    this.cursor = new Cursor(bytes, rules.canonical);
    this.rules = rules;
  }

  message(message: WireMessage, end: number, depth: number, anyDepth: number): void {
    if (depth > MESSAGE_DEPTH_MAX) throw new DecodeError(`messages nested deeper than ${MESSAGE_DEPTH_MAX}`);
    const { cursor, rules } = this;
    let oneofs = 0;
    let previous = 0;
    while (cursor.at < end) {
      cursor.varint(end);
      const number = cursor.low >>> 3;
      const wireType = cursor.low & 7;
      if (cursor.high !== 0 || number === 0) throw new DecodeError(`${message.name}: invalid field tag`);
      const field = message.fields.get(number);
      if (field === undefined) {
        this.unknown(message, number, wireType, end, depth);
        continue;
      }
      if (rules.canonical) this.order(message, field, number, previous);
      previous = number;
      if (field.oneofBit !== 0) {
        // The last one would win; no encoder writes two, so whoever does means to be read in two ways.
        if ((oneofs & field.oneofBit) !== 0) throw new DecodeError(`${message.name}: ${field.info.oneof} is set twice`);
        oneofs |= field.oneofBit;
      }
      if (wireType === field.wireType) this.value(message, field, end, depth, anyDepth);
      else if (field.packable && wireType === BYTES) this.packed(message, field, end);
      else
        throw new DecodeError(
          `${message.name}.${field.info.protoName}: wire type ${wireTypeNames[wireType]} does not fit`,
        );
    }
  }

  private order(message: WireMessage, field: WireField, number: number, previous: number): void {
    if (number < previous) throw new DecodeError(`${message.name}: got tagNum ${number} after tagNum ${previous}`);
    if (number === previous && !field.info.repeated)
      throw new DecodeError(`${message.name}: tagNum ${number} appears twice`);
  }

  private unknown(message: WireMessage, number: number, wireType: number, end: number, depth: number): void {
    const nonCritical = (number & NON_CRITICAL_BIT) !== 0;
    if (this.rules.unknown === "refuse" || (this.rules.unknown === "refuseCritical" && !nonCritical))
      throw new UnknownFieldError(message.name, number, wireType);
    if (nonCritical) this.metNonCritical = true;
    this.skip(number, wireType, end, depth);
  }

  private skip(number: number, wireType: number, end: number, depth: number): void {
    const { cursor } = this;
    if (depth > MESSAGE_DEPTH_MAX) throw new DecodeError(`groups nested deeper than ${MESSAGE_DEPTH_MAX}`);
    if (wireType === VARINT) cursor.varint(end);
    else if (wireType === FIXED64) cursor.fixed(8, end);
    else if (wireType === BYTES) cursor.at = cursor.measured(end);
    else if (wireType === FIXED32) cursor.fixed(4, end);
    else if (wireType !== START_GROUP)
      throw new DecodeError(`field ${number} has the wire type ${wireTypeNames[wireType]}`);
    else {
      for (;;) {
        cursor.varint(end);
        const inner = cursor.low >>> 3;
        const innerType = cursor.low & 7;
        if (cursor.high !== 0 || inner === 0) throw new DecodeError("invalid field tag in a group");
        if (innerType === END_GROUP) {
          if (inner !== number) throw new DecodeError("group ends under another number");
          return;
        }
        this.skip(inner, innerType, end, depth + 1);
      }
    }
  }

  private value(message: WireMessage, field: WireField, end: number, depth: number, anyDepth: number): void {
    const { cursor } = this;
    const { info } = field;
    if (field.wireType === VARINT) this.varintValue(message, field, end);
    else if (field.wireType === FIXED64) this.fixedValue(message, field, 8, end);
    else if (field.wireType === FIXED32) this.fixedValue(message, field, 4, end);
    else {
      const valueEnd = cursor.measured(end);
      this.valuesLeft--;
      if (this.valuesLeft < 0) throw new DecodeError(`${message.name}: more values than a message may hold`);
      if (info.type === "message") this.child(field, valueEnd, depth, anyDepth);
      else if (this.rules.canonical && valueEnd === cursor.at && !info.repeated) this.refuseDefault(message, field);
      else this.text(message, field, valueEnd);
      cursor.at = valueEnd;
    }
  }

  private refuseDefault(message: WireMessage, field: WireField): void {
    if (field.info.oneof === undefined && !field.info.optional)
      throw new DecodeError(`${message.name}.${field.info.protoName}: a default value is written out`);
  }

  private varintValue(message: WireMessage, field: WireField, end: number): void {
    const { cursor } = this;
    const { info } = field;
    cursor.varint(end);
    const { low, high } = cursor;
    const fits =
      info.type === "uint32" || info.type === "sint32"
        ? high === 0
        : info.type === "int32" || info.type === "enum"
          ? (high === 0 && low <= 0x7fffffff) || (high === 0xffffffff && low >= 0x80000000)
          : true;
    if (!fits) throw new DecodeError(`${message.name}.${info.protoName}: value does not fit 32 bits`);
    if (!this.rules.canonical) return;
    if (info.repeated) throw new DecodeError(`${message.name}.${info.protoName}: repeated values are not packed`);
    if (low === 0 && high === 0) this.refuseDefault(message, field);
    if (info.type === "bool" && (low !== 1 || high !== 0))
      throw new DecodeError(`${message.name}.${info.protoName}: neither true nor false`);
  }

  private fixedValue(message: WireMessage, field: WireField, width: number, end: number): void {
    const { cursor } = this;
    const start = cursor.at;
    cursor.fixed(width, end);
    if (
      this.rules.canonical &&
      !field.info.repeated &&
      cursor.bytes.subarray(start, cursor.at).every((byte) => byte === 0)
    )
      this.refuseDefault(message, field);
  }

  private text(message: WireMessage, field: WireField, valueEnd: number): void {
    const { cursor } = this;
    const { info, integerBits: bits } = field;
    if (info.type === "string" && firstInvalidUtf8(cursor.bytes, cursor.at, valueEnd) >= 0)
      throw new DecodeError(`${message.name}.${info.protoName}: invalid UTF-8`);
    if (bits !== 0 && !isIntegerText(cursor.bytes, cursor.at, valueEnd, bits))
      throw new DecodeError(`${message.name}.${info.protoName}: not a decimal integer of at most ${bits} bits`);
  }

  private packed(message: WireMessage, field: WireField, end: number): void {
    const { cursor } = this;
    const packedEnd = cursor.measured(end);
    if (this.rules.canonical && packedEnd === cursor.at) this.refuseDefault(message, field);
    while (cursor.at < packedEnd) {
      if (field.wireType === FIXED64) cursor.fixed(8, packedEnd);
      else if (field.wireType === FIXED32) cursor.fixed(4, packedEnd);
      else this.packedVarint(message, field, packedEnd);
    }
  }

  private packedVarint(message: WireMessage, field: WireField, end: number): void {
    const { cursor } = this;
    cursor.varint(end);
    const { type } = field.info;
    const negative = (type === "int32" || type === "enum") && cursor.high === 0xffffffff && cursor.low >= 0x80000000;
    const narrow = type === "uint32" || type === "sint32" || type === "int32" || type === "enum";
    const high = type === "int32" || type === "enum" ? cursor.low > 0x7fffffff || cursor.high !== 0 : cursor.high !== 0;
    if (narrow && high && !negative)
      throw new DecodeError(`${message.name}.${field.info.protoName}: value does not fit 32 bits`);
  }

  private child(field: WireField, valueEnd: number, depth: number, anyDepth: number): void {
    const { cursor } = this;
    const { info } = field;
    const start = cursor.at;
    this.message(plan(info.typeName as string), valueEnd, depth + 1, anyDepth);
    if (info.stdTime) checkTimestamp(...this.secondsAndNanos(start, valueEnd, depth));
    else if (info.stdDuration) checkDuration(...this.secondsAndNanos(start, valueEnd, depth));
    else if (this.rules.openAny && info.typeName === "google.protobuf.Any")
      this.opened(start, valueEnd, depth, anyDepth);
  }

  /** The fields 1 and 2 of a Timestamp or Duration that has been walked. */
  private secondsAndNanos(start: number, end: number, depth: number): readonly [seconds: bigint, nanos: bigint] {
    const { cursor } = this;
    let seconds = 0n;
    let nanos = 0n;
    cursor.at = start;
    while (cursor.at < end) {
      cursor.varint(end);
      const tag = cursor.low;
      if (tag !== 0x08 && tag !== 0x10) {
        this.skip(tag >>> 3, tag & 7, end, depth);
        continue;
      }
      cursor.varint(end);
      const value = BigInt.asIntN(64, (BigInt(cursor.high) << 32n) | BigInt(cursor.low));
      if (tag === 0x08) seconds = value;
      else nanos = value;
    }
    return [seconds, nanos];
  }

  private opened(start: number, end: number, depth: number, anyDepth: number): void {
    if (anyDepth >= ANY_DEPTH_MAX) throw new DecodeError(`Any values nested deeper than ${ANY_DEPTH_MAX}`);
    const { cursor } = this;
    let typeUrl = "";
    let valueStart = end;
    let valueEnd = end;
    cursor.at = start;
    while (cursor.at < end) {
      cursor.varint(end);
      const tag = cursor.low;
      if (tag !== 0x0a && tag !== 0x12) {
        this.skip(tag >>> 3, tag & 7, end, depth);
        continue;
      }
      const stop = cursor.measured(end);
      if (tag === 0x0a) typeUrl = utf8Text(cursor.bytes, cursor.at, stop);
      else [valueStart, valueEnd] = [cursor.at, stop];
      cursor.at = stop;
    }
    const name = nameOfTypeUrl(typeUrl);
    if (name === undefined) throw new UnknownTypeUrlError(typeUrl);
    cursor.at = valueStart;
    this.message(plan(name), valueEnd, depth + 1, anyDepth + 1);
    cursor.at = end;
  }
}

/** Go's time.Time reaches from year 1 to year 9999 in protobuf (gogoproto, validateTimestamp). */
function checkTimestamp(seconds: bigint, nanos: bigint): void {
  if (seconds < -62135596800n || seconds >= 253402300800n || nanos < 0n || nanos >= 1000000000n)
    throw new DecodeError("timestamp outside the years 1 to 9999");
}

/** Go's time.Duration is an int64 of nanoseconds, and both parts have one sign (gogoproto, validateDuration). */
function checkDuration(seconds: bigint, nanos: bigint): void {
  const total = seconds * 1000000000n + nanos;
  if (nanos <= -1000000000n || nanos >= 1000000000n || (seconds < 0n && nanos > 0n) || (seconds > 0n && nanos < 0n))
    throw new DecodeError("duration with wrong nanoseconds");
  if (total !== BigInt.asIntN(64, total)) throw new DecodeError("duration passes 64 bits of nanoseconds");
}

/**
 * Checks that `bytes` are an acceptable encoding of the message `name`. Returns whether unknown fields were met that
 * may be ignored. At most `maxValues` values with a length may stand in it. Throws DecodeError or one of its kinds.
 */
export function checkWire(
  name: string,
  bytes: Uint8Array,
  rules: WireRules,
  maxValues = MESSAGE_VALUES_MAX,
): { readonly metNonCritical: boolean } {
  if (bytes.length > MESSAGE_BYTES_MAX) throw new DecodeError(`message larger than ${MESSAGE_BYTES_MAX} bytes`);
  const walk = new Walk(bytes, rules, maxValues);
  walk.message(plan(name), bytes.length, 1, 0);
  return { metNonCritical: walk.metNonCritical };
}
