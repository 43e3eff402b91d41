// What a message is before anything is read into it. Owns the defaults of fields and the fixed order of keys.

import type { FieldInfo } from "./descriptor.ts";
import { messageInfo } from "./registry.ts";

/** A decoded message of any type, by camelCase names. */
export type MessageValue = Record<string, unknown>;

export const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_LIST: readonly never[] = Object.freeze([]);

/** A field's value when nothing says otherwise. Lists are frozen and shared. */
export function defaultOf(field: FieldInfo): unknown {
  if (field.repeated) return EMPTY_LIST;
  switch (field.type) {
    case "message":
      return undefined;
    case "string":
      return "";
    case "bytes":
      return EMPTY_BYTES;
    case "bool":
      return false;
    case "int64":
    case "uint64":
    case "sint64":
    case "fixed64":
    case "sfixed64":
      return 0n;
    default:
      return 0;
  }
}

/** Whether the key itself is missing until the field is set. */
export const isAbsentByDefault = (field: FieldInfo): boolean => field.oneof !== undefined || field.optional === true;
/** Whether gogoproto holds the message by value: always present, always written. */
export const isHeldByValue = (field: FieldInfo): boolean =>
  field.type === "message" && field.nullable === false && !field.repeated && field.oneof === undefined;

/** Makes empty values of one message: every key in order, those in a oneof absent. */
function emptyMaker(name: string): () => MessageValue {
  const fields = messageInfo(name).fields.filter((field) => !isAbsentByDefault(field));
  const template: MessageValue = Object.fromEntries(fields.map((field) => [field.name, defaultOf(field)]));
  const byValue = fields.filter(isHeldByValue).map((field) => [field.name, field.typeName as string] as const);
  if (byValue.length === 0) return () => ({ ...template });
  return () => {
    const value = { ...template };
    // Made anew each time: the reader merges what it reads into them.
    for (const [key, typeName] of byValue) value[key] = emptyOf(typeName);
    return value;
  };
}

const makers = new Map<string, () => MessageValue>();

/** A new value of the message with every field at its default. */
export function emptyOf(name: string): MessageValue {
  let maker = makers.get(name);
  if (maker === undefined) {
    maker = emptyMaker(name);
    makers.set(name, maker);
  }
  return maker();
}
