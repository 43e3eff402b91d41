// The shape of the descriptor bundle: what the project keeps of a .proto file at run time. Types only; the data is
// generated (descriptors.gen.ts) and looked up through registry.ts.

/** A field's type on the wire. Floats, groups and maps are refused by the generator: none is deterministic here. */
export type FieldType =
  | "bool"
  | "bytes"
  | "enum"
  | "fixed32"
  | "fixed64"
  | "int32"
  | "int64"
  | "message"
  | "sfixed32"
  | "sfixed64"
  | "sint32"
  | "sint64"
  | "string"
  | "uint32"
  | "uint64";

/** A field and the options that anything derives from. A key that is absent has its default. */
export interface FieldInfo {
  /** The camelCase name, the key of a decoded value. */
  readonly name: string;
  /** The name in the .proto file, the key of the SDK's JSON. */
  readonly protoName: string;
  /** The name in canonical proto-JSON, accepted on input. */
  readonly jsonName: string;
  readonly number: number;
  readonly type: FieldType;
  /** The full name of the message or enum. */
  readonly typeName?: string;
  readonly repeated?: true;
  /** A repeated scalar that is written packed. */
  readonly packed?: true;
  /** The name of the oneof it belongs to. */
  readonly oneof?: string;
  /** Declared `optional`: absent and zero differ. */
  readonly optional?: true;
  readonly deprecated?: true;
  readonly comment?: string;
  /** gogoproto.nullable = false: always present, always written where it is a message or a custom type. */
  readonly nullable?: false;
  readonly embed?: true;
  /** gogoproto.customtype: the Go type that holds it. */
  readonly customType?: string;
  readonly castType?: string;
  readonly castRepeated?: string;
  /** gogoproto.stdtime: a Timestamp in Go's range. */
  readonly stdTime?: true;
  /** gogoproto.stdduration: a Duration in Go's range. */
  readonly stdDuration?: true;
  /** cosmos_proto.scalar, such as "cosmos.AddressString". */
  readonly scalar?: string;
  /** cosmos_proto.accepts_interface, on Any fields. */
  readonly acceptsInterface?: string;
  readonly aminoEncoding?: string;
  readonly aminoFieldName?: string;
  readonly aminoDontOmitEmpty?: true;
  readonly aminoOneofName?: string;
}

/** A message. */
export interface MessageInfo {
  /** The path of its .proto file. */
  readonly file: string;
  readonly comment?: string;
  /** In the order of the .proto file, which is the order of the SDK's JSON. */
  readonly fields: readonly FieldInfo[];
  /** The names of its oneofs. */
  readonly oneofs?: readonly string[];
  /** cosmos.msg.v1.signer: the proto names of the fields that hold the signers, all of them. */
  readonly signers?: readonly string[];
  readonly aminoName?: string;
  readonly aminoEncoding?: string;
  /** cosmos_proto.implements_interface, all of them. */
  readonly implements?: readonly string[];
  readonly deprecated?: true;
}

/** An enum. */
export interface EnumInfo {
  readonly file: string;
  readonly comment?: string;
  readonly values: readonly { readonly name: string; readonly number: number; readonly comment?: string }[];
}

/** One HTTP binding of an rpc (google.api.http), the first or an additional one. */
export interface HttpRule {
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH";
  /** The template, such as "/cosmos/bank/v1beta1/balances/{address}". */
  readonly path: string;
  /** The request field the body fills, or "*" for the whole request. */
  readonly body?: string;
}

/** An rpc. */
export interface MethodInfo {
  readonly name: string;
  /** The request message's full name. */
  readonly request: string;
  /** The response message's full name. */
  readonly response: string;
  readonly comment?: string;
  readonly http?: readonly HttpRule[];
  /** cosmos.query.v1.module_query_safe. */
  readonly moduleQuerySafe?: true;
  readonly deprecated?: true;
}

/** A service. */
export interface ServiceInfo {
  readonly file: string;
  /** Such as "cosmos.bank.v1beta1". */
  readonly package: string;
  /** Such as "Msg". */
  readonly name: string;
  readonly comment?: string;
  /** cosmos.msg.v1.service: its requests are transaction messages. */
  readonly transactions?: true;
  readonly methods: readonly MethodInfo[];
}

/** Everything, by full name. */
export interface DescriptorBundle {
  readonly messages: Readonly<Record<string, MessageInfo>>;
  readonly enums: Readonly<Record<string, EnumInfo>>;
  readonly services: Readonly<Record<string, ServiceInfo>>;
}
