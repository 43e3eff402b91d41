// Random values of any message, from the descriptors. Owns which values are legal; asserts nothing.

import fc from "fast-check";
import type { MessageName } from "../../proto/codec.ts";
import { type FieldInfo, messageInfo } from "../../proto/registry.ts";

type Value = Record<string, unknown>;

const isIntegerText = (field: FieldInfo): boolean => field.customType?.startsWith("cosmossdk.io/math.") === true;
const integerText: fc.Arbitrary<string> = fc.bigInt({ min: -(1n << 255n), max: 1n << 255n }).map(String);
const ascii = new TextEncoder();

/** cosmjs-types 0.11 writes 64-bit integers from 2^31 to 2^32 - 1 wrongly (varint.js keeps the low half signed). */
const outsideForeignFault = (value: bigint): boolean => value < 1n << 31n || value >= 1n << 32n;

function timestamp(): fc.Arbitrary<Value> {
  return fc.record({
    seconds: fc.bigInt({ min: -62135596800n, max: 253402300799n }).filter(outsideForeignFault),
    nanos: fc.integer({ min: 0, max: 999999999 }),
  });
}

function duration(): fc.Arbitrary<Value> {
  return fc
    .bigInt({ min: -(1n << 62n), max: 1n << 62n })
    .filter((total) => outsideForeignFault(total / 1000000000n))
    .map((total) => ({
      seconds: total / 1000000000n,
      nanos: Number(total % 1000000000n),
    }));
}

function single(field: FieldInfo, depth: number): fc.Arbitrary<unknown> {
  if (field.stdTime) return timestamp();
  if (field.stdDuration) return duration();
  switch (field.type) {
    case "bool":
      return fc.boolean();
    case "bytes":
      return isIntegerText(field) ? integerText.map((text) => ascii.encode(text)) : fc.uint8Array({ maxLength: 24 });
    case "string":
      return isIntegerText(field) ? integerText : fc.string({ unit: "binary", maxLength: 24 });
    case "enum":
      return fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: -0x80000000, max: 0x7fffffff }));
    case "int32":
    case "sint32":
    case "sfixed32":
      return fc.integer({ min: -0x80000000, max: 0x7fffffff });
    case "uint32":
    case "fixed32":
      return fc.integer({ min: 0, max: 0xffffffff });
    case "int64":
    case "sint64":
    case "sfixed64":
      return fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }).filter(outsideForeignFault);
    case "uint64":
    case "fixed64":
      return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).filter(outsideForeignFault);
    case "message":
      return message(field.typeName as MessageName, depth + 1);
  }
}

function fieldValue(field: FieldInfo, depth: number): fc.Arbitrary<unknown> {
  const isDeep = field.type === "message" && depth >= 3;
  if (field.repeated) return isDeep ? fc.constant([]) : fc.array(single(field, depth), { maxLength: 3 });
  if (field.type === "message" && field.nullable !== false)
    return isDeep ? fc.constant(undefined) : fc.option(single(field, depth), { nil: undefined });
  if (isDeep) return fc.constant(zeroMessage(field.typeName as MessageName));
  return fc.oneof(fc.constant(zeroOf(field)), single(field, depth));
}

function zeroOf(field: FieldInfo): unknown {
  if (field.type === "message") return zeroMessage(field.typeName as MessageName);
  if (isIntegerText(field) && field.nullable === false) return field.type === "bytes" ? ascii.encode("0") : "0";
  if (field.type === "string") return "";
  if (field.type === "bytes") return new Uint8Array(0);
  if (field.type === "bool") return false;
  return /64$/.test(field.type) ? 0n : 0;
}

/** The message whose fields are all zero, an Int or Dec held by value being "0" as Go writes it. */
export function zeroMessage(name: MessageName): Value {
  const present = messageInfo(name).fields.filter((field) => field.oneof === undefined);
  return Object.fromEntries(
    present.map((field) => {
      if (field.repeated) return [field.name, []];
      return [field.name, field.type === "message" && field.nullable !== false ? undefined : zeroOf(field)];
    }),
  );
}

/** A random value of the message, complete as decode gives it; at most one member of each oneof. */
export function message(name: MessageName, depth = 0): fc.Arbitrary<Value> {
  const info = messageInfo(name);
  const plain = info.fields.filter((field) => field.oneof === undefined);
  const parts: fc.Arbitrary<Value>[] = [
    fc.record(
      Object.fromEntries(plain.map((field) => [field.name, fieldValue(field, depth)])) as Record<
        string,
        fc.Arbitrary<unknown>
      >,
    ),
  ];
  for (const oneof of info.oneofs ?? []) {
    const members = info.fields.filter((field) => field.oneof === oneof && (depth < 3 || field.type !== "message"));
    parts.push(
      fc.oneof(
        fc.constant({}),
        ...members.map((field) => single(field, depth).map((value) => ({ [field.name]: value }))),
      ),
    );
  }
  return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as Value);
}
