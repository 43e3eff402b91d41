// The SDK's protobuf JSON (gogoproto's jsonpb with OrigName and EmitDefaults), both ways: proto names, defaults written
// out, 64-bit integers as strings, enums by name, bytes as base64, Any as an object with "@type". Reading also takes
// canonical names and numbers, and refuses unknown keys. Amino JSON, which is signed, is amino.ts.

import { BytesError, base64, fromBase64, utf8, utf8Length, utf8Text } from "./bytes.ts";
import {
  type Any,
  DecodeError,
  decode,
  EncodeError,
  encode,
  type MessageInput,
  type MessageName,
  type Messages,
  nameOfTypeUrl,
} from "./codec.ts";
import { DEC_BITS_MAX, INT_BITS_MAX, JSON_DEPTH_MAX } from "./limits.ts";
import {
  decimalText,
  durationText,
  NumberTextError,
  parseDecimal,
  parseDuration,
  parseInteger,
  parseTimestamp,
  type SecondsAndNanos,
  timestampText,
} from "./number-text.ts";
import { enumValueName, enumValueNumber, type FieldInfo, type FieldType, messageInfo } from "./registry.ts";

/** What JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Thrown when JSON does not describe the message asked for, or a value has no JSON form. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

const RAW_JSON = "encoding/json.RawMessage";
const INT_TYPE = "cosmossdk.io/math.Int";
const DEC_TYPE = "cosmossdk.io/math.LegacyDec";

type Value = Readonly<Record<string, unknown>>;

/** Runs `body` and turns the errors of text forms into JsonErrors that say where. */
function at<T>(where: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof NumberTextError || error instanceof BytesError || error instanceof SyntaxError)
      throw new JsonError(`${where}: ${error.message}`);
    throw error;
  }
}

// ----------------------------------------------------------------------------------------------------------- writing

/** What a custom type's text is in JSON; wire text is ASCII whether the field is string or bytes. */
function customTypeJson(field: FieldInfo, value: unknown): JsonValue {
  const text = value instanceof Uint8Array ? utf8Text(value) : (value as string);
  if (text === "" && field.nullable !== false) return null;
  return field.customType === DEC_TYPE ? decimalText(text === "" ? "0" : text) : text === "" ? "0" : text;
}

function anyJson(any: Any, depth: number): JsonValue {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === undefined) throw new JsonError(`unable to resolve type URL ${any.typeUrl}`);
  const content = messageJson(name, decode(name, any.value) as Value, depth + 1);
  return typeof content === "object" && content !== null && !Array.isArray(content)
    ? { "@type": any.typeUrl, ...content }
    : { "@type": any.typeUrl, value: content };
}

function singleJson(field: FieldInfo, value: unknown, depth: number): JsonValue {
  switch (field.type) {
    case "bool":
    case "fixed32":
    case "int32":
    case "sfixed32":
    case "sint32":
    case "string":
    case "uint32":
      return value as JsonValue;
    case "fixed64":
    case "int64":
    case "sfixed64":
    case "sint64":
    case "uint64":
      return (value as bigint).toString();
    case "bytes":
      return field.castType === RAW_JSON
        ? (JSON.parse(utf8Text(value as Uint8Array)) as JsonValue)
        : base64(value as Uint8Array);
    case "enum":
      return enumValueName(field.typeName as string, value as number) ?? (value as number);
    case "message":
      return messageJson(field.typeName as MessageName, value as Value, depth + 1);
  }
}

function fieldJson(field: FieldInfo, value: unknown, depth: number): JsonValue {
  if (field.repeated) return (value as readonly unknown[]).map((item) => singleJson(field, item, depth));
  if (field.customType === INT_TYPE || field.customType === DEC_TYPE) return customTypeJson(field, value);
  // Go decodes absent bytes to a nil slice, which encoding/json writes as null: "next_key": null.
  const isNilSlice = field.type === "bytes" && field.oneof === undefined && (value as Uint8Array).length === 0;
  if (value === undefined || isNilSlice) return null;
  return singleJson(field, value, depth);
}

function messageJson(name: MessageName, value: Value, depth: number): JsonValue {
  if (depth > JSON_DEPTH_MAX) throw new JsonError(`${name}: nested deeper than ${JSON_DEPTH_MAX}`);
  switch (name) {
    case "google.protobuf.Any":
      return anyJson(value as unknown as Any, depth);
    case "google.protobuf.Timestamp":
      return at(name, () => timestampText(value as unknown as SecondsAndNanos));
    case "google.protobuf.Duration":
      return durationText(value as unknown as SecondsAndNanos);
    default: {
      const json: Record<string, JsonValue> = {};
      for (const field of messageInfo(name).fields) {
        const fieldValue = value[field.name];
        if (field.oneof !== undefined && fieldValue === undefined) continue;
        json[field.protoName] = at(`${name}.${field.protoName}`, () => fieldJson(field, fieldValue, depth));
      }
      return json;
    }
  }
}

/** A message as the SDK's JSON. Throws JsonError where an Any holds an unknown message, DecodeError a broken one. */
export function toJson<Name extends MessageName>(name: Name, value: Messages[Name]): JsonValue {
  return messageJson(name, value as Value, 1);
}

// ----------------------------------------------------------------------------------------------------------- reading

function isObject(json: JsonValue): json is { readonly [key: string]: JsonValue } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

const integerRanges: Readonly<Partial<Record<FieldType, readonly [low: bigint, high: bigint, big: boolean]>>> = {
  fixed32: [0n, 0xffffffffn, false],
  fixed64: [0n, 0xffffffffffffffffn, true],
  int32: [-0x80000000n, 0x7fffffffn, false],
  int64: [-0x8000000000000000n, 0x7fffffffffffffffn, true],
  sfixed32: [-0x80000000n, 0x7fffffffn, false],
  sfixed64: [-0x8000000000000000n, 0x7fffffffffffffffn, true],
  sint32: [-0x80000000n, 0x7fffffffn, false],
  sint64: [-0x8000000000000000n, 0x7fffffffffffffffn, true],
  uint32: [0n, 0xffffffffn, false],
  uint64: [0n, 0xffffffffffffffffn, true],
};

function integerOf(where: string, field: FieldInfo, json: JsonValue): number | bigint {
  const [low, high, big] = integerRanges[field.type] as readonly [bigint, bigint, boolean];
  const isText = typeof json === "string" && json.length <= 32 && /^-?\d+$/.test(json);
  if (!isText && !(typeof json === "number" && Number.isSafeInteger(json)))
    throw new JsonError(`${where}: expected an integer`);
  const value = BigInt(json as string | number);
  if (value < low || value > high) throw new JsonError(`${where}: ${value} does not fit ${field.type}`);
  return big ? value : Number(value);
}

function expectText(where: string, json: JsonValue): string {
  if (typeof json !== "string") throw new JsonError(`${where}: expected text`);
  // JSON can spell half a surrogate pair, which no UTF-8 and so no message can hold.
  at(where, () => utf8Length(json));
  return json;
}

function customTypeOf(where: string, field: FieldInfo, json: JsonValue): string | Uint8Array {
  const given = expectText(where, typeof json === "number" && Number.isSafeInteger(json) ? json.toString() : json);
  const text = at(where, () => (field.customType === DEC_TYPE ? parseDecimal(given) : parseInteger(given)));
  const bits = field.customType === DEC_TYPE ? DEC_BITS_MAX : INT_BITS_MAX;
  if (BigInt(text.replace("-", "")) >> BigInt(bits) !== 0n) throw new JsonError(`${where}: more than ${bits} bits`);
  return field.type === "bytes" ? utf8(text) : text;
}

function anyOf(where: string, json: JsonValue, depth: number): Any {
  if (!isObject(json)) throw new JsonError(`${where}: expected an object with "@type"`);
  const { "@type": typeUrl, ...content } = json;
  if (typeof typeUrl !== "string") throw new JsonError(`${where}: Any JSON doesn't have '@type'`);
  const name = nameOfTypeUrl(typeUrl);
  if (name === undefined) throw new JsonError(`${where}: unable to resolve type URL ${typeUrl}`);
  const isWrapped =
    name === "google.protobuf.Any" || name === "google.protobuf.Timestamp" || name === "google.protobuf.Duration";
  const value = messageOf(typeUrl, name, isWrapped ? (content.value ?? null) : content, depth + 1);
  return { typeUrl, value: encode(name, value as MessageInput<MessageName>) };
}

function enumOf(where: string, field: FieldInfo, json: JsonValue): number {
  if (typeof json === "number" && Number.isSafeInteger(json) && json === (json | 0)) return json;
  const number = typeof json === "string" ? enumValueNumber(field.typeName as string, json) : undefined;
  if (number === undefined) throw new JsonError(`${where}: unknown value ${JSON.stringify(json)} of ${field.typeName}`);
  return number;
}

function singleOf(where: string, field: FieldInfo, json: JsonValue, depth: number): unknown {
  switch (field.type) {
    case "bool":
      if (typeof json !== "boolean") throw new JsonError(`${where}: expected true or false`);
      return json;
    case "string":
      return field.customType === INT_TYPE || field.customType === DEC_TYPE
        ? customTypeOf(where, field, json)
        : expectText(where, json);
    case "bytes":
      if (field.castType === RAW_JSON) return utf8(JSON.stringify(json));
      if (field.customType === INT_TYPE || field.customType === DEC_TYPE) return customTypeOf(where, field, json);
      return at(where, () => fromBase64(expectText(where, json)));
    case "enum":
      return enumOf(where, field, json);
    case "message":
      return messageOf(where, field.typeName as MessageName, json, depth + 1);
    default:
      return integerOf(where, field, json);
  }
}

function fieldOf(where: string, field: FieldInfo, json: JsonValue, depth: number): unknown {
  if (!field.repeated) return singleOf(where, field, json, depth);
  if (!Array.isArray(json)) throw new JsonError(`${where}: expected a list`);
  return (json as readonly JsonValue[]).map((item, i) => singleOf(`${where}[${i}]`, field, item, depth));
}

function messageOf(where: string, name: MessageName, json: JsonValue, depth: number): unknown {
  if (depth > JSON_DEPTH_MAX) throw new JsonError(`${where}: nested deeper than ${JSON_DEPTH_MAX}`);
  if (name === "google.protobuf.Any") return anyOf(where, json, depth);
  if (name === "google.protobuf.Timestamp") return at(where, () => parseTimestamp(expectText(where, json)));
  if (name === "google.protobuf.Duration") return at(where, () => parseDuration(expectText(where, json)));
  if (!isObject(json)) throw new JsonError(`${where}: expected an object`);
  const info = messageInfo(name);
  const value: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const [key, entry] of Object.entries(json)) {
    const field = info.fields.find((candidate) => candidate.protoName === key || candidate.jsonName === key);
    if (field === undefined) throw new JsonError(`${where}: unknown field "${key.slice(0, 64)}" in ${name}`);
    if (entry === null) continue;
    const slot = field.oneof === undefined ? field.name : `oneof ${field.oneof}`;
    if (given.has(slot)) throw new JsonError(`${where}: ${field.oneof ?? key} is given twice`);
    given.add(slot);
    value[field.name] = fieldOf(`${where}.${key}`, field, entry, depth);
  }
  return value;
}

/**
 * A message from the SDK's JSON; what is missing or null has its default. `maxValues` is decode's. Throws JsonError, with the path to
 * what is wrong.
 */
export function fromJson<Name extends MessageName>(name: Name, json: JsonValue, maxValues?: number): Messages[Name] {
  const value = messageOf(name, name, json, 1) as MessageInput<Name>;
  // Through the wire and back: defaults are filled in one place, and what cannot be encoded is refused here.
  try {
    return decode(name, encode(name, value), "lenient", maxValues);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) throw new JsonError(error.message);
    throw error;
  }
}
