/**
 * Owns what CosmJS needs to send the chain's own messages: a type for its `Registry` and a converter for its `AminoTypes`,
 * each derived from the schema. It does not own the standard messages, which CosmJS knows by itself.
 *
 *   const client = await SigningStargateClient.connectWithSigner(url, signer, {
 *     registry: new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]),
 *     aminoTypes: new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() }),
 *   });
 *   await client.signAndBroadcast(sender, [nativeMessage("tributary.datanet.v1.MsgJoin", { member, datanetId: 1n })], fee);
 *
 * Values have the shape of `Messages`: camelCase fields, bigint for 64-bit integers, Uint8Array for bytes; fields that
 * have their default may be left out.
 */

import { toAminoJson } from "../proto/amino.ts";
import { fromBase64 } from "../proto/bytes.ts";
import { decode, encode, fullDefault, type MessageInput, type MessageName } from "../proto/codec.ts";
import type { JsonValue } from "../proto/json.ts";
import type { FieldInfo } from "../proto/registry.ts";
import { messageInfo, services, typeUrlOf } from "../proto/registry.ts";

/** The packages of the chain's own modules. */
const NATIVE_PREFIX = "tributary.";

/** A message as CosmJS takes it. */
export interface NativeMessage<Name extends MessageName = MessageName> {
  readonly typeUrl: string;
  readonly value: MessageInput<Name>;
}

/** The part of CosmJS's generated types (ts-proto's form) that its Registry calls. */
export interface NativeType {
  readonly encode: (value: unknown) => { finish(): Uint8Array };
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly fromPartial: (value: unknown) => unknown;
}

/** CosmJS's AminoConverter. */
export interface NativeAminoConverter {
  readonly aminoType: string;
  readonly toAmino: (value: unknown) => JsonValue;
  readonly fromAmino: (value: JsonValue) => unknown;
}

/** A message of the chain's own modules, checked by its type. */
export function nativeMessage<const Name extends MessageName>(
  name: Name,
  value: MessageInput<Name>,
): NativeMessage<Name> {
  return { typeUrl: typeUrlOf(name), value };
}

/** The names of all messages that transactions can carry for the chain's own modules. */
export function nativeMessageNames(): readonly MessageName[] {
  return services()
    .filter(([name]) => name.startsWith(NATIVE_PREFIX) && name.endsWith(".Msg"))
    .flatMap(([, service]) => service.methods.map((method) => method.request as MessageName));
}

/** What to add to the types of a CosmJS `Registry`. */
export function nativeTypes(): readonly (readonly [typeUrl: string, type: NativeType])[] {
  return nativeMessageNames().map((name) => [typeUrlOf(name), typeOf(name)] as const);
}

/** What to add to the converters of CosmJS's `AminoTypes`. */
export function nativeAminoConverters(): { readonly [typeUrl: string]: NativeAminoConverter } {
  return Object.fromEntries(nativeMessageNames().map((name) => [typeUrlOf(name), converterOf(name)]));
}

function typeOf(name: MessageName): NativeType {
  return {
    encode: (value) => ({ finish: () => encode(name, value as never) }),
    decode: (bytes) => decode(name, bytes),
    fromPartial: (value) => value,
  };
}

function converterOf(name: MessageName): NativeAminoConverter {
  const { aminoName } = messageInfo(name);
  if (aminoName === undefined) throw new Error(`${name} has no amino name`);
  return {
    aminoType: aminoName,
    toAmino: (value) => {
      const complete = decode(name, encode(name, value as never));
      return (toAminoJson(name, complete) as { readonly value: JsonValue }).value;
    },
    fromAmino: (json) => fromAminoJson(name, json),
  };
}

/** The inverse of amino JSON for messages made of what the chain's own messages have: no Any, oneof, time or decimal. */
function fromAminoJson(name: MessageName, json: JsonValue): unknown {
  const fields = json as { readonly [field: string]: JsonValue };
  const value: Record<string, unknown> = { ...fullDefault(name) };
  for (const field of messageInfo(name).fields) {
    const member = fields[field.protoName];
    if (member === undefined || member === null) continue;
    value[field.name] = field.repeated
      ? (member as readonly JsonValue[]).map((item) => fromAminoValue(field, item))
      : fromAminoValue(field, member);
  }
  return value;
}

function fromAminoValue(field: FieldInfo, json: JsonValue): unknown {
  switch (field.type) {
    case "message":
      return fromAminoJson(field.typeName as MessageName, json);
    case "bytes":
      return fromBase64(json as string);
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return BigInt(json as string);
    default:
      return json;
  }
}
