/**
 * Owns amino's binary form of messages (go-amino 0.16, as the SDK's LegacyAmino uses it): what TxEncodeAmino and TxDecodeAmino answer, and nothing
 * that is signed or stored. Derived from the descriptors: fields are counted in their order, a oneof once; a packed message is four bytes of its
 * amino name's hash and its fields; durations are nanoseconds; what is empty is left out. Does not own the transaction around the messages.
 */
import { varint as uvarint } from "../../../chain/types/wire.ts";
import { concat, utf8, utf8Text } from "../../../proto/bytes.ts";
import { type Any, decode, encode, type MessageInput, packAny } from "../../../proto/codec.ts";
import { MESSAGE_DEPTH_MAX } from "../../../proto/limits.ts";
import { type FieldInfo, messageInfo, messageNames, nameOfTypeUrl } from "../../../proto/registry.ts";
import type { MessageName } from "../../../proto/types.gen.ts";
import { BYTES, Cursor, DecodeError, VARINT } from "../../../proto/wire-format.ts";
import { sha256 } from "../../crypto.ts";

/** The value has no amino form, or the bytes are none. */
export class AminoBinaryError extends Error {
  override readonly name = "AminoBinaryError";
}

type Value = { readonly [field: string]: unknown };

/** A message, or a struct of the SDK's that is none in protobuf. */
export interface AminoStruct {
  readonly fields: readonly FieldInfo[];
}

const NANOS_PER_SECOND = 1_000_000_000n;
const PREFIX_BYTES = 4;
const ANY = "google.protobuf.Any";

/** The four bytes that stand for a registered type: the hash of its name after the first bytes that are not zero (go-amino, nameToDisfix). */
export function aminoPrefix(name: string): Uint8Array {
  const hash = sha256(utf8(name));
  const nonZero = (from: number): number => hash.findIndex((byte, index) => index >= from && byte !== 0);
  const start = nonZero(nonZero(0) + 3);
  return hash.slice(start, start + PREFIX_BYTES);
}

let registered: ReadonlyMap<string, MessageName> | undefined;

/** The message whose amino name has this prefix. */
function messageOfPrefix(prefix: Uint8Array): MessageName {
  registered ??= new Map(
    messageNames().flatMap((name) => {
      const { aminoName } = messageInfo(name);
      return aminoName === undefined ? [] : [[aminoPrefix(aminoName).join(), name] as const];
    }),
  );
  const name = registered.get(prefix.join());
  if (name === undefined) throw new AminoBinaryError("unrecognized prefix bytes");
  return name;
}

/** A field with its number: a oneof has one for all its members. */
function numbered({ fields }: AminoStruct): readonly (readonly [number: number, field: FieldInfo])[] {
  const places: (string | FieldInfo)[] = [];
  return fields.map((field) => {
    const place = field.oneof ?? field;
    if (!places.includes(place)) places.push(place);
    return [places.indexOf(place) + 1, field];
  });
}

/** The value of a field that is one number on the wire. */
function isVarint({ type, stdDuration }: FieldInfo): boolean {
  return stdDuration === true || !["message", "string", "bytes"].includes(type);
}

// ------------------------------------------------------------------------------------------------------------ writing

function measured(bytes: Uint8Array): Uint8Array {
  return concat(uvarint(BigInt(bytes.length)), bytes);
}

const key = (number: number, wireType: number): Uint8Array => uvarint(BigInt((number << 3) | wireType));

/** The fields of a struct. Throws AminoBinaryError. */
export function structBytes(struct: AminoStruct, value: Value, depth = 0): Uint8Array {
  if (depth > MESSAGE_DEPTH_MAX) throw new AminoBinaryError(`nested deeper than ${MESSAGE_DEPTH_MAX}`);
  const parts: Uint8Array[] = [];
  for (const [number, field] of numbered(struct)) {
    const held = value[field.name];
    if (field.oneof === undefined) parts.push(fieldBytes(number, field, held, depth));
    else if (held !== undefined) {
      if (field.aminoOneofName === undefined) throw new AminoBinaryError(`${field.protoName} has no amino name`);
      const inner = concat(aminoPrefix(field.aminoOneofName), fieldBytes(1, field, held, depth));
      parts.push(key(number, BYTES), measured(inner));
    }
  }
  return concat(...parts);
}

function fieldBytes(number: number, field: FieldInfo, value: unknown, depth: number): Uint8Array {
  if (field.repeated === true) {
    const items = value as readonly unknown[];
    if (items.length === 0) return new Uint8Array(0);
    if (isVarint(field)) {
      const packed = concat(...items.map((item) => uvarint(numberOf(field, item))));
      return concat(key(number, BYTES), measured(packed));
    }
    return concat(...items.map((item) => concat(key(number, BYTES), measured(contentOf(field, item, depth)))));
  }
  if (value === undefined) return new Uint8Array(0);
  if (isVarint(field)) {
    const held = numberOf(field, value);
    return held === 0n ? new Uint8Array(0) : concat(key(number, VARINT), uvarint(held));
  }
  const content = contentOf(field, value, depth);
  // Only what Go holds as a pointer is written where it is empty.
  const isPointer = field.type === "message" && field.nullable !== false;
  return content.length === 0 && !isPointer ? content : concat(key(number, BYTES), measured(content));
}

function numberOf(field: FieldInfo, value: unknown): bigint {
  if (field.stdDuration === true) {
    const { seconds, nanos } = value as { readonly seconds: bigint; readonly nanos: number };
    return seconds * NANOS_PER_SECOND + BigInt(nanos);
  }
  return BigInt(value as bigint | number | boolean);
}

/** What a field holds, without its length. */
function contentOf(field: FieldInfo, value: unknown, depth: number): Uint8Array {
  if (field.type === "message") {
    if (field.typeName === ANY) return packedBytes(value as Any, depth + 1);
    return structBytes(messageInfo(field.typeName ?? ""), value as Value, depth + 1);
  }
  const bytes = typeof value === "string" ? utf8(value) : (value as Uint8Array);
  // An integer or a decimal that Go holds by value always has a text.
  return bytes.length === 0 && field.customType !== undefined && field.nullable === false ? utf8("0") : bytes;
}

function packedBytes({ typeUrl, value }: Any, depth: number): Uint8Array {
  const name = nameOfTypeUrl(typeUrl);
  const info = name === undefined ? undefined : messageInfo(name);
  if (name === undefined || info?.aminoName === undefined) {
    throw new AminoBinaryError(`cannot encode unregistered concrete type ${typeUrl}`);
  }
  const held = decode(name, value) as Value;
  const content =
    info.aminoEncoding === "key_field" ? measured(held.key as Uint8Array) : structBytes(info, held, depth);
  return concat(aminoPrefix(info.aminoName), content);
}

// ------------------------------------------------------------------------------------------------------------ reading

/** Reads the fields of a struct; a message's are complete. Throws AminoBinaryError and DecodeError. */
export function readStruct(struct: AminoStruct, bytes: Uint8Array, depth = 0): Value {
  if (depth > MESSAGE_DEPTH_MAX) throw new AminoBinaryError(`nested deeper than ${MESSAGE_DEPTH_MAX}`);
  const value: Record<string, unknown> = {};
  for (const field of struct.fields) if (field.repeated === true) value[field.name] = [];
  const fields = numbered(struct);
  const cursor = new Cursor(bytes, true);
  let last = 0;
  while (cursor.at < bytes.length) {
    const tag = varint(cursor, bytes.length);
    const number = Number(tag >> 3n);
    const candidates = fields.filter(([place]) => place === number).map(([, field]) => field);
    const [first] = candidates;
    const isInOrder = number > last || (number === last && first?.repeated === true);
    if (first === undefined || !isInOrder) throw new AminoBinaryError(`unexpected field ${number}`);
    last = number;
    const wireType = Number(tag & 7n);
    if (first.oneof === undefined) readField(first, wireType, cursor, value, depth);
    else readOneof(candidates, wireType, cursor, value, depth);
  }
  return value;
}

function varint(cursor: Cursor, end: number): bigint {
  cursor.varint(end);
  return (BigInt(cursor.high) << 32n) | BigInt(cursor.low);
}

function taken(cursor: Cursor, wireType: number): Uint8Array {
  if (wireType !== BYTES) throw new AminoBinaryError(`a length is expected, not wire type ${wireType}`);
  const end = cursor.measured(cursor.bytes.length);
  const bytes = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return bytes;
}

function readField(
  field: FieldInfo,
  wireType: number,
  cursor: Cursor,
  value: Record<string, unknown>,
  depth: number,
): void {
  if (field.repeated === true) {
    const list = value[field.name] as unknown[];
    const bytes = taken(cursor, wireType);
    if (!isVarint(field)) {
      list.push(readContent(field, bytes, depth));
      return;
    }
    const inner = new Cursor(bytes, true);
    while (inner.at < bytes.length) list.push(ofNumber(field, varint(inner, bytes.length)));
    return;
  }
  if (isVarint(field)) {
    if (wireType !== VARINT) throw new AminoBinaryError(`a number is expected, not wire type ${wireType}`);
    value[field.name] = ofNumber(field, varint(cursor, cursor.bytes.length));
  } else value[field.name] = readContent(field, taken(cursor, wireType), depth);
}

function readOneof(
  candidates: readonly FieldInfo[],
  wireType: number,
  cursor: Cursor,
  value: Record<string, unknown>,
  depth: number,
): void {
  const bytes = taken(cursor, wireType);
  const prefix = bytes.subarray(0, PREFIX_BYTES).join();
  const field = candidates.find(({ aminoOneofName = "" }) => aminoPrefix(aminoOneofName).join() === prefix);
  if (field === undefined) throw new AminoBinaryError("unrecognized prefix bytes");
  const { oneof: _, ...alone } = field;
  Object.assign(value, readStruct({ fields: [alone] }, bytes.subarray(PREFIX_BYTES), depth + 1));
}

function ofNumber(field: FieldInfo, given: bigint): unknown {
  if (field.stdDuration === true) {
    const nanoseconds = BigInt.asIntN(64, given);
    return { seconds: nanoseconds / NANOS_PER_SECOND, nanos: Number(nanoseconds % NANOS_PER_SECOND) };
  }
  switch (field.type) {
    case "bool":
      if (given > 1n) throw new AminoBinaryError("a truth value is neither 0 nor 1");
      return given === 1n;
    case "uint32":
      return Number(BigInt.asUintN(32, given));
    case "int32":
    case "enum":
      return Number(BigInt.asIntN(32, given));
    case "int64":
      return BigInt.asIntN(64, given);
    default:
      return given;
  }
}

function readContent(field: FieldInfo, bytes: Uint8Array, depth: number): unknown {
  if (field.type === "string") return utf8Text(bytes);
  if (field.type === "bytes") return bytes.slice();
  if (field.typeName === ANY) return readPacked(bytes, depth + 1);
  return complete(field.typeName as MessageName, readStruct(messageInfo(field.typeName ?? ""), bytes, depth + 1));
}

function complete(name: MessageName, value: Value): unknown {
  return decode(name, encode(name, value as MessageInput<typeof name>));
}

function readPacked(bytes: Uint8Array, depth: number): Any {
  const name = messageOfPrefix(bytes.subarray(0, PREFIX_BYTES));
  const rest = bytes.subarray(PREFIX_BYTES);
  const info = messageInfo(name);
  if (info.aminoEncoding !== "key_field") {
    return packAny(name, complete(name, readStruct(info, rest, depth)) as never);
  }
  const cursor = new Cursor(rest, true);
  const key = taken(cursor, BYTES);
  if (cursor.at < rest.length) throw new DecodeError("bytes follow a key");
  return packAny(name, { key } as never);
}
