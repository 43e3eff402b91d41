/**
 * Owns reading a request message from path and query parameters, as grpc-gateway does: names as in the .proto file or
 * in lower camel case, dots into nested messages, enums by name or number, the first value of a repeated scalar
 * parameter where the field is single, unknown names ignored. The result is the JSON that proto/json.ts reads.
 */

import type { FieldInfo, MessageInfo } from "../../proto/descriptor.ts";
import { messageInfo } from "../../proto/registry.ts";

/** A parameter whose value does not fit its field. */
export class RequestFieldError extends Error {
  override readonly name = "RequestFieldError";
}

type JsonObject = { [key: string]: unknown };

/** Messages that JSON writes as text. */
const textMessages = new Set(["google.protobuf.Timestamp", "google.protobuf.Duration"]);

/** Depth of dotted names. */
const maximumDepth = 4;

/** Builds the JSON of `messageName` from bound path values and the query string. Throws RequestFieldError. */
export function requestJson(
  messageName: string,
  bound: ReadonlyMap<string, string>,
  query: URLSearchParams,
): { readonly [key: string]: unknown } {
  const target: JsonObject = Object.create(null) as JsonObject;
  for (const name of new Set(query.keys())) {
    if (!bound.has(name)) assign(target, messageInfo(messageName), name, query.getAll(name));
  }
  for (const [name, value] of bound) assign(target, messageInfo(messageName), name, [value]);
  return target;
}

function assign(target: JsonObject, message: MessageInfo, name: string, values: readonly string[]): void {
  const path = name.split(".");
  if (path.length > maximumDepth) return;
  let object = target;
  let info = message;
  for (const [index, part] of path.entries()) {
    const field = info.fields.find((one) => one.protoName === part || one.jsonName === part);
    if (field === undefined) return;
    if (index === path.length - 1) {
      const value = fieldValue(field, name, values);
      if (value !== undefined) object[field.protoName] = value;
      return;
    }
    if (field.type !== "message" || field.repeated || field.typeName === undefined) return;
    const inner = (object[field.protoName] ?? Object.create(null)) as JsonObject;
    object[field.protoName] = inner;
    object = inner;
    info = messageInfo(field.typeName);
  }
}

function fieldValue(field: FieldInfo, name: string, values: readonly string[]): unknown {
  if (field.type === "message" && !textMessages.has(field.typeName ?? "")) return undefined;
  if (field.repeated) return values.map((value) => scalar(field, name, value));
  const [first] = values;
  return first === undefined ? undefined : scalar(field, name, first);
}

/** Spellings of Go's strconv.ParseBool. */
const truths = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falsehoods = new Set(["0", "f", "F", "false", "FALSE", "False"]);

function scalar(field: FieldInfo, name: string, value: string): unknown {
  const refuse = (wanted: string): never => {
    throw new RequestFieldError(
      `type mismatch, parameter: ${name}, error: ${JSON.stringify(value.slice(0, 100))} is not ${wanted}`,
    );
  };
  switch (field.type) {
    case "string":
    case "message":
      return value;
    case "bool":
      return truths.has(value) ? true : falsehoods.has(value) ? false : refuse("a boolean");
    case "bytes": {
      // Base64 in either alphabet, as grpc-gateway accepts; a plus sign becomes a space on its way through a URL.
      const text = value.replace(/ /g, "+").replace(/-/g, "+").replace(/_/g, "/");
      return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? text : refuse("base64");
    }
    case "enum":
      return /^-?\d{1,10}$/.test(value) ? Number(value) : value;
    default:
      if (!/^-?\d{1,20}$/.test(value)) return refuse("an integer");
      return /64/.test(field.type) ? value : Number(value);
  }
}
