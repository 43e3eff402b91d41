/** Random values of any message, built from its descriptor. Owns no expectation. */
import fc from "fast-check";
import type { MessageName } from "../../proto/codec.ts";
import { type FieldInfo, messageInfo } from "../../proto/registry.ts";

/** Values of every field; `special` may give a field's values where random ones would say little. */
export function randomMessage(
  name: MessageName,
  special: (message: MessageName, field: FieldInfo) => fc.Arbitrary<unknown> | undefined = () => undefined,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      messageInfo(name).fields.map((field) => {
        const single = special(name, field) ?? randomField(field, special);
        return [field.name, field.repeated ? fc.array(single, { maxLength: 3 }) : single];
      }),
    ),
  );
}

function randomField(field: FieldInfo, special: Parameters<typeof randomMessage>[1]): fc.Arbitrary<unknown> {
  if (field.type === "message") return randomMessage(field.typeName as MessageName, special);
  if (field.type === "bool") return fc.boolean();
  if (field.type === "bytes") return fc.uint8Array({ maxLength: 40 });
  if (field.scalar === "cosmos.Int") return fc.bigInt({ min: 0n, max: 1n << 200n }).map(String);
  if (field.type === "string") return fc.string();
  if (field.type === "uint64") return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
  if (field.type === "int64") return fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
  if (field.type === "uint32") return fc.nat(0xffff_ffff);
  return fc.integer({ min: 0, max: 3 });
}
