// Owns the JSON of query answers as simd's derived commands print it, which differs from REST in three places (SDK
// client/v2/autocli): an Any is {"type","value"} instead of having "@type", and durations are written as Go writes them.
import type { FieldInfo } from "../../proto/descriptor.ts";
import { toJson } from "../../proto/json.ts";
import { messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { formatGoDuration, parseGoDuration } from "../go-duration.ts";
import type { Json } from "../yaml.ts";

type MessageName = keyof Messages & string;

/** The answer as the command line prints it. */
export function answerJson<Name extends MessageName>(name: Name, answer: Messages[Name]): Json {
  return adapt(name, toJson(name, answer) as Json);
}

function adapt(name: string, json: Json): Json {
  if (name === "google.protobuf.Duration") return durationText(json);
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const object = json as { readonly [key: string]: Json };
  if (name === "google.protobuf.Any") return adaptAny(object);
  const adapted: { [key: string]: Json } = { ...object };
  for (const field of messageInfo(name as MessageName).fields) {
    const value = object[field.protoName];
    if (field.type === "message" && value !== undefined) adapted[field.protoName] = adaptField(field, value);
  }
  return adapted;
}

function adaptField(field: FieldInfo, value: Json): Json {
  const type = field.typeName ?? "";
  return Array.isArray(value) ? (value as readonly Json[]).map((item) => adapt(type, item)) : adapt(type, value);
}

function adaptAny(object: { readonly [key: string]: Json }): Json {
  const { "@type": type, ...fields } = object;
  if (typeof type !== "string") return object;
  return { type, value: adapt(type.replace(/^\//, ""), fields) };
}

function durationText(json: Json): Json {
  if (typeof json !== "string") return json;
  const nanoseconds = parseGoDuration(json);
  return nanoseconds === undefined ? json : formatGoDuration(nanoseconds);
}
