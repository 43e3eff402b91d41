// Turns a descriptor set into the bundle. Owns what is kept and under which name; writes no file.

import type {
  DescriptorBundle,
  EnumInfo,
  FieldInfo,
  FieldType,
  HttpRule,
  MessageInfo,
  MethodInfo,
  ServiceInfo,
} from "../descriptor.ts";
import type {
  DescriptorSet,
  EnumProto,
  FieldProto,
  FileProto,
  MessageProto,
  Options,
  ServiceProto,
} from "./descriptor-set.ts";

/** Files that only declare options, or describe descriptors: no value of theirs is ever encoded here. */
const optionFiles: ReadonlySet<string> = new Set([
  "amino/amino.proto",
  "cosmos_proto/cosmos.proto",
  "gogoproto/gogo.proto",
  "google/api/annotations.proto",
  "google/api/http.proto",
  "google/protobuf/descriptor.proto",
  "cosmos/msg/v1/msg.proto",
  "cosmos/query/v1/query.proto",
  "cosmos/reflection/v1/reflection.proto",
]);

/** Files that buf brings along: their comments are Google's, so they are left out. */
const foreignPrefix = "google/protobuf/";

const fieldTypes: Readonly<Record<string, FieldType>> = {
  TYPE_BOOL: "bool",
  TYPE_BYTES: "bytes",
  TYPE_ENUM: "enum",
  TYPE_FIXED32: "fixed32",
  TYPE_FIXED64: "fixed64",
  TYPE_INT32: "int32",
  TYPE_INT64: "int64",
  TYPE_MESSAGE: "message",
  TYPE_SFIXED32: "sfixed32",
  TYPE_SFIXED64: "sfixed64",
  TYPE_SINT32: "sint32",
  TYPE_SINT64: "sint64",
  TYPE_STRING: "string",
  TYPE_UINT32: "uint32",
  TYPE_UINT64: "uint64",
};

/** `sig_verify_cost_ed25519` as `sigVerifyCostEd25519`: protobuf's own rule for JSON names. */
export function camelCase(name: string): string {
  return name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/_/g, "");
}

type Comments = ReadonlyMap<string, string>;

function commentsOf(file: FileProto): Comments {
  const comments = new Map<string, string>();
  if (file.name.startsWith(foreignPrefix)) return comments;
  for (const location of file.sourceCodeInfo?.location ?? []) {
    const text = location.leadingComments?.replace(/\s+/g, " ").trim();
    if (text) comments.set((location.path ?? []).join("."), text);
  }
  return comments;
}

const withoutDot = (name: string): string => name.replace(/^\./, "");
const text = (options: Options, name: string): string | undefined => options[`[${name}]`] as string | undefined;
const flag = (options: Options, name: string): true | undefined => (options[`[${name}]`] === true ? true : undefined);
const list = (options: Options, name: string): readonly string[] | undefined =>
  options[`[${name}]`] as readonly string[] | undefined;

/** Drops the keys that are undefined, so that the bundle holds what differs from the default and no more. */
function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

function fieldInfo(
  field: FieldProto,
  message: MessageProto,
  path: string,
  comments: Comments,
  syntax: string,
): FieldInfo {
  const where = `${message.name}.${field.name}`;
  const type = fieldTypes[field.type];
  if (type === undefined) throw new Error(`${where}: ${field.type} is not supported: it has no deterministic form`);
  if (
    field.typeName &&
    message.nestedType?.some((nested) => nested.options?.mapEntry && field.typeName?.endsWith(`.${nested.name}`))
  )
    throw new Error(`${where}: maps are not supported: their order on the wire is free`);
  if (syntax !== "proto3") throw new Error(`${where}: only proto3 messages are supported`);
  const options = field.options ?? {};
  const repeated = field.label === "LABEL_REPEATED" ? true : undefined;
  const packable = !["string", "bytes", "message"].includes(type);
  const optional = field.proto3Optional ? true : undefined;
  return compact<FieldInfo>({
    name: camelCase(field.name),
    protoName: field.name,
    jsonName: field.jsonName,
    number: field.number,
    type,
    typeName: field.typeName ? withoutDot(field.typeName) : undefined,
    repeated,
    packed: repeated && packable && options.packed !== false ? true : undefined,
    oneof: field.oneofIndex !== undefined && !optional ? message.oneofDecl?.[field.oneofIndex]?.name : undefined,
    optional,
    deprecated: options.deprecated === true ? true : undefined,
    comment: comments.get(path),
    nullable: options["[gogoproto.nullable]"] === false ? false : undefined,
    embed: flag(options, "gogoproto.embed"),
    customType: text(options, "gogoproto.customtype"),
    castType: text(options, "gogoproto.casttype"),
    castRepeated: text(options, "gogoproto.castrepeated"),
    stdTime: flag(options, "gogoproto.stdtime"),
    stdDuration: flag(options, "gogoproto.stdduration"),
    scalar: text(options, "cosmos_proto.scalar"),
    acceptsInterface: text(options, "cosmos_proto.accepts_interface"),
    aminoEncoding: text(options, "amino.encoding"),
    aminoFieldName: text(options, "amino.field_name"),
    aminoDontOmitEmpty: flag(options, "amino.dont_omitempty"),
    aminoOneofName: text(options, "amino.oneof_name"),
  });
}

interface Collected {
  readonly messages: Map<string, MessageInfo>;
  readonly enums: Map<string, EnumInfo>;
  readonly services: Map<string, ServiceInfo>;
}

function collectEnum(
  into: Collected,
  file: FileProto,
  scope: string,
  proto: EnumProto,
  path: string,
  comments: Comments,
): void {
  into.enums.set(
    `${scope}.${proto.name}`,
    compact<EnumInfo>({
      file: file.name,
      comment: comments.get(path),
      values: proto.value.map((value, i) =>
        compact<EnumInfo["values"][number]>({
          name: value.name,
          number: value.number ?? 0,
          comment: comments.get(`${path}.2.${i}`),
        }),
      ),
    }),
  );
}

function collectMessage(
  into: Collected,
  file: FileProto,
  scope: string,
  proto: MessageProto,
  path: string,
  comments: Comments,
): void {
  const name = `${scope}.${proto.name}`;
  const options = proto.options ?? {};
  const oneofs = proto.oneofDecl?.map((oneof) => oneof.name).filter((oneof) => !oneof.startsWith("_"));
  into.messages.set(
    name,
    compact<MessageInfo>({
      file: file.name,
      comment: comments.get(path),
      fields: (proto.field ?? []).map((field, i) =>
        fieldInfo(field, proto, `${path}.2.${i}`, comments, file.syntax ?? "proto2"),
      ),
      oneofs: oneofs?.length ? oneofs : undefined,
      signers: list(options, "cosmos.msg.v1.signer"),
      aminoName: text(options, "amino.name"),
      aminoEncoding: text(options, "amino.message_encoding"),
      implements: list(options, "cosmos_proto.implements_interface"),
      deprecated: options.deprecated === true ? true : undefined,
    }),
  );
  for (const [i, nested] of (proto.nestedType ?? []).entries())
    collectMessage(into, file, name, nested, `${path}.3.${i}`, comments);
  for (const [i, nested] of (proto.enumType ?? []).entries())
    collectEnum(into, file, name, nested, `${path}.4.${i}`, comments);
}

const httpMethods = { get: "GET", put: "PUT", post: "POST", delete: "DELETE", patch: "PATCH" } as const;

interface HttpRuleProto extends Partial<Record<keyof typeof httpMethods, string>> {
  readonly body?: string;
  readonly additionalBindings?: readonly HttpRuleProto[];
}

function httpRules(rule: HttpRuleProto | undefined): readonly HttpRule[] | undefined {
  if (rule === undefined) return undefined;
  const verb = (Object.keys(httpMethods) as (keyof typeof httpMethods)[]).find((key) => rule[key] !== undefined);
  if (verb === undefined) throw new Error("an HTTP rule without a known method");
  const own = compact<HttpRule>({ method: httpMethods[verb], path: rule[verb] as string, body: rule.body });
  return [own, ...(rule.additionalBindings ?? []).flatMap((more) => httpRules(more) ?? [])];
}

/** A service of streams is left out: nothing is derived from it, whoever serves it does so by hand (node/grpc). */
function collectService(into: Collected, file: FileProto, proto: ServiceProto, path: string, comments: Comments): void {
  if ((proto.method ?? []).some(({ clientStreaming, serverStreaming }) => clientStreaming || serverStreaming)) return;
  const methods = (proto.method ?? []).map((method, i): MethodInfo => {
    const options = method.options ?? {};
    return compact<MethodInfo>({
      name: method.name,
      request: withoutDot(method.inputType),
      response: withoutDot(method.outputType),
      comment: comments.get(`${path}.2.${i}`),
      http: httpRules(options["[google.api.http]"] as HttpRuleProto | undefined),
      moduleQuerySafe: flag(options, "cosmos.query.v1.module_query_safe"),
      deprecated: options.deprecated === true ? true : undefined,
    });
  });
  into.services.set(
    `${file.package}.${proto.name}`,
    compact<ServiceInfo>({
      file: file.name,
      package: file.package ?? "",
      name: proto.name,
      comment: comments.get(path),
      transactions: flag(proto.options ?? {}, "cosmos.msg.v1.service"),
      methods,
    }),
  );
}

function sorted<T>(map: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The bundle of a descriptor set, names sorted. Throws on anything that has no deterministic form. */
export function bundleOf(set: DescriptorSet): DescriptorBundle {
  const into: Collected = { messages: new Map(), enums: new Map(), services: new Map() };
  for (const file of set.file) {
    if (optionFiles.has(file.name)) continue;
    const comments = commentsOf(file);
    const scope = file.package ?? "";
    for (const [i, proto] of (file.messageType ?? []).entries())
      collectMessage(into, file, scope, proto, `4.${i}`, comments);
    for (const [i, proto] of (file.enumType ?? []).entries()) collectEnum(into, file, scope, proto, `5.${i}`, comments);
    for (const [i, proto] of (file.service ?? []).entries()) collectService(into, file, proto, `6.${i}`, comments);
  }
  return { messages: sorted(into.messages), enums: sorted(into.enums), services: sorted(into.services) };
}
