// Looks things up in the generated descriptor bundle, by full name. Owns the questions, not the data, and knows nothing
// of protobufjs. Names may come from outside: an unknown one is an error or undefined, never a property of Object.

import type { EnumInfo, FieldInfo, MessageInfo, MethodInfo, ServiceInfo } from "./descriptor.ts";
import { descriptorBundle } from "./descriptors.gen.ts";
import type { MessageName } from "./types.gen.ts";

export type { EnumInfo, FieldInfo, FieldType, HttpRule, MessageInfo, MethodInfo, ServiceInfo } from "./descriptor.ts";

/** Thrown when a message, enum, service or method is asked for that no .proto file declares. */
export class UnknownNameError extends Error {
  override readonly name = "UnknownNameError";
}

function find<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Whether `name` is the full name of a message, and then its type says so. */
export function isMessageName(name: string): name is MessageName {
  return Object.hasOwn(descriptorBundle.messages, name);
}

/** The message of this full name, or undefined. */
export function findMessage(name: string): MessageInfo | undefined {
  return find(descriptorBundle.messages, name);
}

/** The message of this full name. Throws UnknownNameError. */
export function messageInfo(name: string): MessageInfo {
  const info = findMessage(name);
  if (info === undefined) throw new UnknownNameError(`no message is called ${name}`);
  return info;
}

/** The full names of all messages, sorted. */
export function messageNames(): readonly MessageName[] {
  return Object.keys(descriptorBundle.messages) as MessageName[];
}

/** A message's field by its camelCase or proto name, or undefined. */
export function findField(message: MessageInfo, name: string): FieldInfo | undefined {
  return message.fields.find((field) => field.name === name || field.protoName === name);
}

/** The enum of this full name. Throws UnknownNameError. */
export function enumInfo(name: string): EnumInfo {
  const info = find(descriptorBundle.enums, name);
  if (info === undefined) throw new UnknownNameError(`no enum is called ${name}`);
  return info;
}

/** The full names of all enums, sorted. */
export function enumNames(): readonly string[] {
  return Object.keys(descriptorBundle.enums);
}

/** The name of an enum's number, or undefined for a number the enum does not declare. */
export function enumValueName(name: string, number: number): string | undefined {
  return enumInfo(name).values.find((value) => value.number === number)?.name;
}

/** The number of an enum's value name, or undefined. */
export function enumValueNumber(name: string, valueName: string): number | undefined {
  return enumInfo(name).values.find((value) => value.name === valueName)?.number;
}

/** The service of this full name ("cosmos.bank.v1beta1.Query"), or undefined. */
export function findService(name: string): ServiceInfo | undefined {
  return find(descriptorBundle.services, name);
}

/** The service of this full name. Throws UnknownNameError. */
export function serviceInfo(name: string): ServiceInfo {
  const info = findService(name);
  if (info === undefined) throw new UnknownNameError(`no service is called ${name}`);
  return info;
}

/** All services with their full names, sorted. */
export function services(): readonly (readonly [name: string, info: ServiceInfo])[] {
  return Object.entries(descriptorBundle.services);
}

/** A method by its gRPC path, "/cosmos.bank.v1beta1.Query/Balance", or undefined. */
export function findMethod(path: string): { readonly service: ServiceInfo; readonly method: MethodInfo } | undefined {
  const [, serviceName, methodName, ...rest] = path.split("/");
  if (serviceName === undefined || methodName === undefined || rest.length > 0 || !path.startsWith("/"))
    return undefined;
  const service = findService(serviceName);
  const method = service?.methods.find((candidate) => candidate.name === methodName);
  return service !== undefined && method !== undefined ? { service, method } : undefined;
}

/** The type URL of a message: "/" and its full name. */
export function typeUrlOf(name: MessageName): string {
  return `/${name}`;
}

/** The message that a type URL names, or undefined. The SDK's URLs have nothing before the slash. */
export function nameOfTypeUrl(url: string): MessageName | undefined {
  namesByTypeUrl ??= new Map(messageNames().map((name) => [typeUrlOf(name), name]));
  return namesByTypeUrl.get(url);
}

/** Made when first asked for: every message of a transaction is found by it. */
let namesByTypeUrl: ReadonlyMap<string, MessageName> | undefined;
