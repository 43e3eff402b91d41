// Transaction step 3: bytes become messages, strictly. Encodes and decodes every message. The only file that touches
// protobufjs: reflection built from the descriptor bundle reads values, its Writer writes them, its traps are closed here.
//   - 64-bit integers are bigint: the Reader is subclassed, so Long never appears; Type.encode would write 0n as a value.
//   - What may be read is decided before protobufjs sees the bytes (wire.ts): it ignores wrong wire types, padded and
//     overflowing varints, duplicates and unknown fields.
//   - Fields that Go always writes (gogoproto.nullable = false) are always written and always present.
//   - Values are plain objects with every key in a fixed order, not instances with defaults on their prototype.
// protobufjs compiles its readers with `new Function`: a page with a strict content security policy cannot use this file.

import protobuf from "protobufjs/light.js";
import { utf8Length } from "./bytes.ts";
import { defaultOf, EMPTY_BYTES, emptyOf, isAbsentByDefault, isHeldByValue, type MessageValue } from "./defaults.ts";
import type { FieldInfo } from "./descriptor.ts";
import { MESSAGE_DEPTH_MAX, SPARE_WRITER_BYTES_MAX } from "./limits.ts";
import { findMessage, messageInfo, nameOfTypeUrl, typeUrlOf } from "./registry.ts";
import type { MessageName, Messages } from "./types.gen.ts";
import { checkWire, type WireRules } from "./wire.ts";
import { DecodeError, UnknownTypeUrlError, wireTypes } from "./wire-format.ts";

export { nameOfTypeUrl, typeUrlOf } from "./registry.ts";
export type { MessageName, Messages } from "./types.gen.ts";
export { DecodeError, UnknownFieldError, UnknownTypeUrlError } from "./wire-format.ts";

/** Thrown when a value does not fit its message: always a bug of the caller. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
}

/**
 * What is refused beyond malformed bytes.
 * - "lenient": nothing; unknown fields are ignored, as newer peers may send them.
 * - "rejectUnknown": unknown fields, also inside Any values, which must name known messages (SDK x/tx/decode). In a
 *   TxBody a field number with bit 11 set is allowed, as in the SDK.
 * - "adr027": unknown fields and everything that is not the one canonical encoding (SDK ADR-027, for TxRaw). The SDK
 *   itself lets singular fields repeat and defaults stand; here they are refused too, as the ADR's text says.
 */
export type DecodePolicy = "lenient" | "rejectUnknown" | "adr027";

/** What encode takes: any field may be left out, and takes its default. */
export type Encodable<T> = T extends Uint8Array | bigint | string | number | boolean | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Encodable<Item>[]
    : { readonly [Key in keyof T]?: Encodable<T[Key]> | undefined };

/** A message to be encoded, by its name. */
export type MessageInput<Name extends MessageName> = Encodable<Messages[Name]>;

/** A packed message: google.protobuf.Any. */
export type Any = Messages["google.protobuf.Any"];

/** Go types whose zero is written as "0" where they are held by value. */
const integerTypes: ReadonlySet<string> = new Set(["cosmossdk.io/math.Int", "cosmossdk.io/math.LegacyDec"]);
const isInteger = (field: FieldInfo): boolean => field.customType !== undefined && integerTypes.has(field.customType);

// ---------------------------------------------------------------------------------------------------------- decoding

function bigOf(low: number, high: number): bigint {
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}

/** Reads 64-bit integers as bigint and bytes as copies. The bytes were checked, so no varint is malformed here. */
class BigReader extends protobuf.Reader {
  private long(): bigint {
    const { buf } = this;
    let at = this.pos;
    let low = 0;
    let high = 0;
    let byte = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      byte = buf[at++]!;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = at;
        return BigInt(low);
      }
    }
    byte = buf[at++]!;
    low |= (byte & 0x7f) << 28;
    high = (byte & 0x7f) >>> 4;
    for (let shift = 3; byte >= 0x80 && shift < 32; shift += 7) {
      byte = buf[at++]!;
      high |= (byte & 0x7f) << shift;
    }
    this.pos = at;
    return bigOf(low >>> 0, high >>> 0);
  }

  // protobufjs declares these as returning Long; the generated readers only store what they return.
  override uint64(): never {
    return this.long() as never;
  }
  override int64(): never {
    return BigInt.asIntN(64, this.long()) as never;
  }
  override sint64(): never {
    const value = this.long();
    return ((value & 1n) === 1n ? -(value >> 1n) - 1n : value >> 1n) as unknown as never;
  }
  override fixed64(): never {
    const low = this.fixed32();
    return bigOf(low, this.fixed32()) as never;
  }
  override sfixed64(): never {
    const low = this.fixed32();
    return BigInt.asIntN(64, bigOf(low, this.fixed32())) as never;
  }
  override raw(start: number, end: number): Uint8Array {
    return start === end ? EMPTY_BYTES : this.buf.slice(start, end);
  }
}

const root = new protobuf.Root();
const types = new Map<string, protobuf.Type>();

/**
 * The reflection type of a message, made when it is first asked for, with all it refers to: most programs use few of
 * them. Enums are read as int32: an unknown number is kept, as proto3 says.
 */
function typeOf(name: string): protobuf.Type {
  const known = types.get(name);
  if (known !== undefined) return known;
  const message = findMessage(name);
  if (message === undefined) throw new EncodeError(`no message is called ${name}`);
  const dot = name.lastIndexOf(".");
  const scope = name.slice(0, dot);
  // A nested message stands inside its parent, which must be there first, and not as a mere namespace.
  const parent = findMessage(scope) === undefined ? root.define(scope) : typeOf(scope);
  // Making the parent makes what its fields refer to, and that may have been this one.
  const made = types.get(name);
  if (made !== undefined) return made;
  const type = new protobuf.Type(name.slice(dot + 1));
  parent.add(type);
  types.set(name, type);
  // A constructor that returns a plain object: what the reader fills is the value itself.
  type.ctor = function plain(): MessageValue {
    return emptyOf(name);
  } as unknown as protobuf.Constructor<object>;
  for (const field of message.fields) {
    if (field.type === "message") typeOf(field.typeName as string);
    const fieldType = field.type === "message" ? `.${field.typeName}` : field.type === "enum" ? "int32" : field.type;
    type.add(new protobuf.Field(field.name, field.number, fieldType, field.repeated ? "repeated" : undefined));
  }
  return type;
}

const lenient: WireRules = { unknown: "ignore", canonical: false, openAny: false };
const strict: WireRules = { unknown: "refuse", canonical: false, openAny: true };
const strictBody: WireRules = { unknown: "refuseCritical", canonical: false, openAny: true };
const canonical: WireRules = { unknown: "refuse", canonical: true, openAny: false };

function rulesOf(name: string, policy: DecodePolicy): WireRules {
  if (policy === "lenient") return lenient;
  if (policy === "adr027") return canonical;
  return name === "cosmos.tx.v1beta1.TxBody" ? strictBody : strict;
}

/** Bytes as a plain Uint8Array: a Buffer's slice would be a view of memory that its owner may change. */
const plainBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function read(name: string, bytes: Uint8Array): unknown {
  try {
    return typeOf(name).decode(new BigReader(bytes));
  } catch (error) {
    // The walk found nothing wrong, so protobufjs and it disagree. Peers must not be able to make that a crash.
    throw new DecodeError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Decodes a message. Every key is present (except in oneofs), lists are frozen or fresh, bytes are copies. `maxValues` bounds the values
 * with a length where the sender is not trusted with as many as any message may hold.
 * Throws DecodeError, UnknownFieldError or UnknownTypeUrlError.
 */
export function decode<Name extends MessageName>(
  name: Name,
  bytes: Uint8Array,
  policy: DecodePolicy = "lenient",
  maxValues?: number,
): Messages[Name] {
  const plain = plainBytes(bytes);
  checkWire(name, plain, rulesOf(name, policy), maxValues);
  return read(name, plain) as Messages[Name];
}

/**
 * Whether the bytes hold unknown fields that may be ignored: SIGN_MODE_LEGACY_AMINO_JSON cannot sign them and refuses.
 * Throws as decode under "rejectUnknown" does.
 */
export function hasUnknownNonCriticals(name: MessageName, bytes: Uint8Array): boolean {
  return checkWire(name, plainBytes(bytes), rulesOf(name, "rejectUnknown")).metNonCritical;
}

/** A message whose fields all have their defaults, as decoding no bytes gives it. */
export function fullDefault<Name extends MessageName>(name: Name): Messages[Name] {
  return emptyOf(name) as Messages[Name];
}

// ---------------------------------------------------------------------------------------------------------- encoding

/** Allocates plain arrays: the default would hand out a Buffer, or a view of a shared pool. */
class PlainWriter extends protobuf.Writer {
  static override alloc(size: number): Uint8Array {
    return new Uint8Array(size);
  }
}

/** The writer of the last message: its buffer has grown to what messages take, and allocating one costs more than most of them. */
let spareWriter: PlainWriter | undefined;

interface LongParts {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

function parts(value: bigint): LongParts {
  const bits = BigInt.asUintN(64, value);
  return { low: Number(bits & 0xffffffffn), high: Number(bits >> 32n), unsigned: false };
}

type Write = (writer: protobuf.Writer, value: unknown, depth: number) => void;

function refuse(where: string, expected: string, value: unknown): never {
  throw new EncodeError(
    `${where}: expected ${expected}, got ${typeof value === "bigint" ? `${value}n` : String(value)}`,
  );
}

function checkedNumber(where: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  return refuse(where, `an integer from ${low} to ${high}`, value);
}

function checkedBig(where: string, value: unknown, signed: boolean): LongParts {
  if (typeof value === "bigint" && (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value)) === value)
    return parts(value);
  return refuse(where, signed ? "a bigint of 64 signed bits" : "a bigint of 64 unsigned bits", value);
}

const INT32_MIN = -0x80000000;
const INT32_MAX = 0x7fffffff;
const UINT32_MAX = 0xffffffff;

/** How one value of a field's type is written, without its tag. */
function valueWriter(where: string, field: FieldInfo): Write {
  switch (field.type) {
    case "bool":
      return (w, v) => void w.bool(typeof v === "boolean" ? v : refuse(where, "a boolean", v));
    case "bytes":
      return (w, v) => void w.bytes(v instanceof Uint8Array ? v : refuse(where, "bytes", v));
    case "string":
      return (w, v) => {
        if (typeof v !== "string") refuse(where, "text", v);
        utf8Length(v as string);
        w.string(v as string);
      };
    case "enum":
    case "int32":
      return (w, v) => void w.int32(checkedNumber(where, v, INT32_MIN, INT32_MAX));
    case "sint32":
      return (w, v) => void w.sint32(checkedNumber(where, v, INT32_MIN, INT32_MAX));
    case "sfixed32":
      return (w, v) => void w.sfixed32(checkedNumber(where, v, INT32_MIN, INT32_MAX));
    case "uint32":
      return (w, v) => void w.uint32(checkedNumber(where, v, 0, UINT32_MAX));
    case "fixed32":
      return (w, v) => void w.fixed32(checkedNumber(where, v, 0, UINT32_MAX));
    case "int64":
      return (w, v) => void w.int64(checkedBig(where, v, true) as never);
    case "sint64":
      return (w, v) => void w.sint64(checkedBig(where, v, true) as never);
    case "sfixed64":
      return (w, v) => void w.sfixed64(checkedBig(where, v, true) as never);
    case "uint64":
      return (w, v) => void w.uint64(checkedBig(where, v, false) as never);
    case "fixed64":
      return (w, v) => void w.fixed64(checkedBig(where, v, false) as never);
    case "message": {
      const typeName = field.typeName as string;
      return (w, v, depth) => {
        if (typeof v !== "object" || v === null || v instanceof Uint8Array) refuse(where, typeName, v);
        writeMessage(w.fork(), typeName, v as MessageValue, depth + 1);
        w.ldelim();
      };
    }
  }
}

/** How one field is written, its tag included: nothing at all where it has its default and Go would leave it out. */
function fieldWriter(name: string, field: FieldInfo): Write {
  const where = `${name}.${field.name}`;
  const write = valueWriter(where, field);
  const tag = ((field.number << 3) | (field.packed ? 2 : wireTypes[field.type])) >>> 0;
  if (field.repeated) return repeatedWriter(where, field, tag, write);
  if (isHeldByValue(field)) return (w, v, depth) => write(w.uint32(tag), v ?? {}, depth);
  if (field.type === "message" || isAbsentByDefault(field))
    return (w, v, depth) => {
      if (v !== undefined) write(w.uint32(tag), v, depth);
    };
  if (isInteger(field) && field.nullable === false) {
    const zero = field.type === "bytes" ? new Uint8Array([0x30]) : "0";
    return (w, v, depth) => {
      const isEmpty = v === undefined || (v as string | Uint8Array).length === 0;
      write(w.uint32(tag), isEmpty ? zero : v, depth);
    };
  }
  const none = defaultOf(field);
  return (w, v, depth) => {
    if (v === undefined || v === none || (v instanceof Uint8Array && v.length === 0)) return;
    write(w.uint32(tag), v, depth);
  };
}

function repeatedWriter(where: string, field: FieldInfo, tag: number, write: Write): Write {
  return (w, v, depth) => {
    if (v === undefined) return;
    if (!Array.isArray(v)) refuse(where, "a list", v);
    const items = v as readonly unknown[];
    if (items.length === 0) return;
    if (!field.packed) {
      for (const item of items) write(w.uint32(tag), item, depth);
      return;
    }
    w.uint32(tag).fork();
    for (const item of items) write(w, item, depth);
    w.ldelim();
  };
}

interface FieldPlan {
  readonly key: string;
  readonly write: Write;
}

const encodePlans = new Map<string, readonly FieldPlan[]>();

function encodePlan(name: string): readonly FieldPlan[] {
  let plan = encodePlans.get(name);
  if (plan === undefined) {
    const fields = [...messageInfo(name).fields].sort((a, b) => a.number - b.number);
    plan = fields.map((field) => ({ key: field.name, write: fieldWriter(name, field) }));
    encodePlans.set(name, plan);
  }
  return plan;
}

function writeMessage(writer: protobuf.Writer, name: string, value: MessageValue, depth: number): void {
  if (depth > MESSAGE_DEPTH_MAX) throw new EncodeError(`${name}: nested deeper than ${MESSAGE_DEPTH_MAX}`);
  for (const { key, write } of encodePlan(name)) write(writer, value[key], depth);
}

/**
 * Encodes a message in the one canonical way: fields ascending, defaults left out, shortest varints; what gogoproto
 * holds by value always written. Unknown keys are ignored. Throws EncodeError where a value does not fit its field.
 */
export function encode<Name extends MessageName>(name: Name, value: MessageInput<Name>): Uint8Array {
  const writer = spareWriter ?? new PlainWriter();
  // Out of reach while it is in use; a throw leaves it to the collector, half written.
  spareWriter = undefined;
  writeMessage(writer, name, value as MessageValue, 1);
  const bytes = writer.finish();
  writer.pos = 0;
  if (writer.buf.length <= SPARE_WRITER_BYTES_MAX) spareWriter = writer;
  return bytes;
}

/** Packs a message into an Any. */
export function packAny<Name extends MessageName>(name: Name, value: MessageInput<Name>): Any {
  return { typeUrl: typeUrlOf(name), value: encode(name, value) };
}

/** A message with its name, so that a switch over the name knows the value's type. */
export type NamedMessage = {
  [Name in MessageName]: { readonly name: Name; readonly value: Messages[Name] };
}[MessageName];

/** Unpacks an Any. Throws UnknownTypeUrlError or DecodeError. */
export function unpackAny(any: Any, policy: DecodePolicy = "lenient"): NamedMessage {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === undefined) throw new UnknownTypeUrlError(any.typeUrl);
  return { name, value: decode(name, any.value, policy) } as NamedMessage;
}
