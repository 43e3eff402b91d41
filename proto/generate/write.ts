// Prints the generated files from the bundle. Owns their text; reads and writes nothing.

import type { DescriptorBundle, EnumInfo, FieldInfo, FieldType, MessageInfo } from "../descriptor.ts";

const banner = "// Generated from the .proto files by `npm run gen`. Do not edit: change those and run it again.\n\n";

const scalarTypes: Readonly<Record<Exclude<FieldType, "message">, string>> = {
  bool: "boolean",
  bytes: "Uint8Array",
  enum: "number",
  fixed32: "number",
  fixed64: "bigint",
  int32: "number",
  int64: "bigint",
  sfixed32: "number",
  sfixed64: "bigint",
  sint32: "number",
  sint64: "bigint",
  string: "string",
  uint32: "number",
  uint64: "bigint",
};

function valueType(field: FieldInfo): string {
  return field.type === "message" ? `Messages[${JSON.stringify(field.typeName)}]` : scalarTypes[field.type];
}

function property(field: FieldInfo): string {
  const type = valueType(field);
  if (field.repeated) return `readonly ${field.name}: readonly ${type.includes("|") ? `(${type})` : type}[];`;
  if (field.oneof !== undefined || field.optional) return `readonly ${field.name}?: ${type} | undefined;`;
  if (field.type === "message" && field.nullable !== false) return `readonly ${field.name}: ${type} | undefined;`;
  return `readonly ${field.name}: ${type};`;
}

const doc = (indent: string, comment: string | undefined): string =>
  comment === undefined ? "" : `${indent}/** ${comment.replaceAll("*/", "*\u200b/")} */\n`;

function messageType(name: string, message: MessageInfo): string {
  const fields = message.fields.map((field) => `${doc("    ", field.comment)}    ${property(field)}\n`).join("");
  return `${doc("  ", message.comment)}  ${JSON.stringify(name)}: {${fields === "" ? "" : `\n${fields}  `}};\n`;
}

/** types.gen.ts: the TypeScript shape of every message, and the methods of every service. */
export function typesFile(bundle: DescriptorBundle): string {
  const messages = Object.entries(bundle.messages).map(([name, message]) => messageType(name, message));
  const packages = new Map<string, string[]>();
  for (const service of Object.values(bundle.services)) {
    const methods = service.methods.map(
      (method) =>
        `${doc("      ", method.comment)}      ${method.name}: [${JSON.stringify(method.request)}, ${JSON.stringify(method.response)}];\n`,
    );
    const lines = packages.get(service.package) ?? [];
    lines.push(`${doc("    ", service.comment)}    ${service.name}: {\n${methods.join("")}    };\n`);
    packages.set(service.package, lines);
  }
  const services = [...packages].map(([name, lines]) => `  ${JSON.stringify(name)}: {\n${lines.join("")}  };\n`);
  return `${banner}/** The shape of every message when it is decoded, by full name. */
export interface Messages {
${messages.join("")}}

/** The full name of a message. */
export type MessageName = keyof Messages;

/** The methods of every service: package, service, method, and the names of its request and response. */
export interface Services {
${services.join("")}}
`;
}

/** The name of an enum's own constant: its scopes' capitalised names and its own, after the package. */
function enumConstant(name: string): string {
  return name
    .split(".")
    .filter((part) => /^[A-Z]/.test(part))
    .join("");
}

/** The last part of the enum's package, capitalised: V1beta1. */
function packageWord(name: string): string {
  const word = name.split(".").findLast((part) => /^[a-z]/.test(part)) ?? "";
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** The shortest names that tell the enums apart: the package's last part is put before names that clash. */
function enumConstants(names: readonly string[]): ReadonlyMap<string, string> {
  const own = names.map(enumConstant);
  const constants = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    const plain = own[index]!;
    const constant = own.indexOf(plain) === own.lastIndexOf(plain) ? plain : packageWord(name) + plain;
    const other = taken.get(constant);
    if (other !== undefined) throw new Error(`the enums ${other} and ${name} would both be called ${constant}`);
    taken.set(constant, name);
    constants.set(name, constant);
  }
  return constants;
}

function enumValues(info: EnumInfo): string {
  return info.values.map((value) => `${doc("  ", value.comment)}  ${value.name}: ${value.number},\n`).join("");
}

/** enums.gen.ts: a constant for every enum, and all of them by full name. */
export function enumsFile(bundle: DescriptorBundle): string {
  const constants = enumConstants(Object.keys(bundle.enums));
  const blocks = Object.entries(bundle.enums).map(
    ([name, info]) =>
      `${doc("", info.comment)}export const ${constants.get(name)} = {\n${enumValues(info)}} as const;\n`,
  );
  const all = [...constants].map(([name, constant]) => `  ${JSON.stringify(name)}: ${constant},\n`);
  return `${banner}${blocks.join("\n")}
/** The numbers of every enum's values, by the enum's full name. */
export const Enums = {
${all.join("")}} as const;
`;
}

function entries(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
    .join("");
}

/** descriptors.gen.ts: the bundle itself. */
export function descriptorsFile(bundle: DescriptorBundle): string {
  return `${banner}import type { DescriptorBundle } from "./descriptor.ts";

/** What is known of every message, enum and service. Look it up through registry.ts. */
export const descriptorBundle: DescriptorBundle = {
  messages: {
${entries(bundle.messages)}  },
  enums: {
${entries(bundle.enums)}  },
  services: {
${entries(bundle.services)}  },
};
`;
}

/** reflection.gen.ts: the bytes of the FileDescriptorSet, for gRPC reflection. Import it only where it is served. */
export function reflectionFile(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,116}/g) ?? [];
  return `${banner}/** The google.protobuf.FileDescriptorSet of all .proto files, without comments, base64. */
export const fileDescriptorSetBase64: string = [
${lines.map((line) => `  "${line}",\n`).join("")}].join("");
`;
}
