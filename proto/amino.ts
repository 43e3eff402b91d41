// Amino JSON, derived from the amino options of the .proto files: what SIGN_MODE_LEGACY_AMINO_JSON signs and hardware
// wallets show. Follows cosmossdk.io/x/tx/signing/aminojson (json_marshal.go, encoder.go), which the chain of the Cosmos
// SDK 0.53 uses. Amino's binary form is not here: only public keys still need it.

import { base64, utf8, utf8Text } from "./bytes.ts";
import { type Any, decode, type MessageName, type Messages, nameOfTypeUrl, UnknownTypeUrlError } from "./codec.ts";
import type { JsonValue } from "./json.ts";
import { MESSAGE_DEPTH_MAX } from "./limits.ts";
import { decimalText, type SecondsAndNanos, timestampText } from "./number-text.ts";
import { type FieldInfo, messageInfo } from "./registry.ts";

/** Thrown when a message has no amino JSON. */
export class AminoError extends Error {
  override readonly name = "AminoError";
}

type Value = Readonly<Record<string, unknown>>;
type JsonObject = Record<string, JsonValue>;

/** Go's time.Duration holds 64 bits of nanoseconds (aminojson/time.go). */
const DURATION_SECONDS_MAX = 9223372035n;

// ---------------------------------------------------------------------------------------------------- canonical text

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Escapes what Go's encoding/json escapes beyond JavaScript: it keeps JSON safe inside HTML and old JavaScript. */
function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** JSON with sorted keys, no spaces and Go's escapes: the one text of a value that is signed. */
export function canonicalJson(json: JsonValue): string {
  if (typeof json === "string") return escaped(json);
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${(json as readonly JsonValue[]).map(canonicalJson).join(",")}]`;
  const entries = Object.entries(json).sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, value]) => `${escaped(key)}:${canonicalJson(value)}`).join(",")}}`;
}

// ------------------------------------------------------------------------------------------------------------ fields

/** Whether protobuf reflection would say the field is set: a list with items, a value other than its default. */
function isSet(field: FieldInfo, value: unknown): boolean {
  if (field.repeated) return (value as readonly unknown[]).length > 0;
  if (field.type === "message" || field.oneof !== undefined || field.optional) return value !== undefined;
  if (value instanceof Uint8Array) return value.length > 0;
  return value !== "" && value !== false && value !== 0 && value !== 0n;
}

/** Text of a custom type, which the wire holds as ASCII in string or bytes fields. */
const wireText = (value: unknown): string => (value instanceof Uint8Array ? utf8Text(value) : (value as string));

function singleJson(field: FieldInfo, value: unknown, depth: number): JsonValue {
  switch (field.type) {
    case "message":
      return messageJson(field.typeName as MessageName, value as Value, depth + 1);
    case "bytes":
      return base64(value as Uint8Array);
    case "fixed64":
    case "int64":
    case "sfixed64":
    case "sint64":
    case "uint64":
      return (value as bigint).toString();
    default:
      return value as JsonValue;
  }
}

function fieldJson(where: string, field: FieldInfo, value: unknown, depth: number): JsonValue {
  if (field.aminoEncoding === "inline_json") return JSON.parse(utf8Text(value as Uint8Array)) as JsonValue;
  if (field.repeated) {
    const items = value as readonly unknown[];
    // A list that is nil in Go is null, unless the field asks for the old coins' form.
    if (items.length === 0) return field.aminoEncoding === "legacy_coins" ? [] : null;
    return items.map((item) => singleJson(field, item, depth));
  }
  if (field.scalar === "cosmos.Int") return wireText(value) === "" ? "0" : wireText(value);
  if (field.scalar === "cosmos.Dec" && field.customType === "cosmossdk.io/math.LegacyDec")
    return wireText(value) === "" ? "0" : decimalText(wireText(value));
  if (field.type === "message" && value === undefined)
    throw new AminoError(`${where}: dont_omitempty on a message that is absent`);
  if (field.type === "bytes" && (value as Uint8Array).length === 0) return null;
  return singleJson(field, value, depth);
}

/** `authorization_type` as `AuthorizationType`: the key under which amino puts a oneof. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function objectJson(name: MessageName, value: Value, depth: number): JsonValue {
  const json: JsonObject = {};
  const info = messageInfo(name);
  for (const oneof of info.oneofs ?? []) json[pascalCase(oneof)] = null;
  for (const field of info.fields) {
    const where = `${name}.${field.protoName}`;
    const fieldValue = value[field.name];
    if (field.oneof !== undefined && field.aminoOneofName === undefined)
      throw new AminoError(`${where}: a oneof without amino.oneof_name has no amino JSON`);
    if (!isSet(field, fieldValue) && (field.oneof !== undefined || !field.aminoDontOmitEmpty)) continue;
    const key = field.aminoFieldName ?? field.protoName;
    const member = fieldJson(where, field, fieldValue, depth);
    if (field.oneof === undefined) json[key] = member;
    else json[pascalCase(field.oneof)] = { type: field.aminoOneofName as string, value: { [key]: member } };
  }
  return json;
}

// ---------------------------------------------------------------------------------------------------------- messages

/** The account as amino's `moduleAccountPretty` prints it: integers as numbers, the base account flattened. */
function moduleAccountJson(account: Messages["cosmos.auth.v1beta1.ModuleAccount"]): JsonValue {
  return {
    account_number: Number(account.baseAccount?.accountNumber ?? 0n),
    address: account.baseAccount?.address ?? "",
    name: account.name,
    permissions: account.permissions.length === 0 ? null : account.permissions,
    public_key: "",
    sequence: Number(account.baseAccount?.sequence ?? 0n),
  };
}

function encodedJson(name: MessageName, encoding: string, value: Value, depth: number): JsonValue | undefined {
  switch (encoding) {
    case "key_field": {
      const key = value.key as Uint8Array;
      return key.length === 0 ? null : base64(key);
    }
    case "module_account":
      return moduleAccountJson(value as unknown as Messages["cosmos.auth.v1beta1.ModuleAccount"]);
    case "threshold_string": {
      const key = value as unknown as Messages["cosmos.crypto.multisig.LegacyAminoPubKey"];
      return { pubkeys: key.publicKeys.map((member) => anyJson(member, depth)), threshold: key.threshold.toString() };
    }
    default:
      throw new AminoError(`${name}: unknown amino.message_encoding ${encoding}`);
  }
}

function anyJson(any: Any, depth: number): JsonValue {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === undefined) throw new UnknownTypeUrlError(any.typeUrl);
  const value = messageJson(name, decode(name, any.value) as Value, depth + 1);
  return { type: messageInfo(name).aminoName ?? any.typeUrl, value };
}

function durationJson({ seconds, nanos }: SecondsAndNanos): JsonValue {
  if (seconds > DURATION_SECONDS_MAX) throw new AminoError(`${seconds} seconds pass 64 bits of nanoseconds`);
  return (seconds * 1000000000n + BigInt(nanos)).toString();
}

function messageJson(name: MessageName, value: Value, depth: number): JsonValue {
  if (depth > MESSAGE_DEPTH_MAX) throw new AminoError(`${name}: nested deeper than ${MESSAGE_DEPTH_MAX}`);
  if (name === "google.protobuf.Any") return anyJson(value as unknown as Any, depth);
  if (name === "google.protobuf.Timestamp") return timestampText(value as unknown as SecondsAndNanos, "shortest");
  if (name === "google.protobuf.Duration") return durationJson(value as unknown as SecondsAndNanos);
  const encoding = messageInfo(name).aminoEncoding;
  return encoding === undefined
    ? objectJson(name, value, depth)
    : (encodedJson(name, encoding, value, depth) as JsonValue);
}

/**
 * A message as amino JSON: {"type", "value"} where it has an amino name, its value alone where it has none. `value` is
 * complete, as decode gives it. Throws AminoError, UnknownTypeUrlError or DecodeError.
 */
export function toAminoJson<Name extends MessageName>(name: Name, value: Messages[Name]): JsonValue {
  const json = messageJson(name, value as Value, 1);
  const { aminoName } = messageInfo(name);
  return aminoName === undefined ? json : { type: aminoName, value: json };
}

/** A packed message as amino JSON: {"type", "value"}, the type being its URL where it has no amino name. */
export function anyToAminoJson(any: Any): JsonValue {
  return anyJson(any, 1);
}

/** What SIGN_MODE_LEGACY_AMINO_JSON signs. */
export interface AminoSignDoc {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly chainId: string;
  readonly memo: string;
  readonly fee: Messages["cosmos.tx.v1beta1.Fee"];
  readonly msgs: readonly Any[];
  /** 0 for none. */
  readonly timeoutHeight: bigint;
  readonly unordered?: boolean;
  readonly timeoutTimestamp?: Messages["google.protobuf.Timestamp"] | undefined;
}

/**
 * The bytes that SIGN_MODE_LEGACY_AMINO_JSON signs: canonical JSON, empty fields left out where the old StdSignDoc did.
 * The caller refuses extension options and unknown fields first, as the SDK does.
 */
export function aminoSignBytes(doc: AminoSignDoc): Uint8Array {
  const json: JsonObject = {
    account_number: doc.accountNumber.toString(),
    chain_id: doc.chainId,
    fee: {
      amount: doc.fee.amount.map((coin) => messageJson("cosmos.base.v1beta1.Coin", coin, 1)),
      gas: doc.fee.gasLimit.toString(),
      ...(doc.fee.payer === "" ? {} : { payer: doc.fee.payer }),
      ...(doc.fee.granter === "" ? {} : { granter: doc.fee.granter }),
    },
    memo: doc.memo,
    msgs: doc.msgs.map((any) => anyJson(any, 1)),
    sequence: doc.sequence.toString(),
  };
  if (doc.timeoutHeight !== 0n) json.timeout_height = doc.timeoutHeight.toString();
  if (doc.unordered) json.unordered = true;
  if (doc.timeoutTimestamp !== undefined) json.timeout_timestamp = timestampText(doc.timeoutTimestamp, "shortest");
  return utf8(canonicalJson(json));
}
