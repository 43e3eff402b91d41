// CometBFT's own wire vectors: every reactor message decodes and encodes again to the same bytes.

import { expect, test } from "vitest";
import { fromHex, hex } from "../../proto/bytes.ts";
import { decode, encode, type MessageInput, type MessageName } from "../../proto/codec.ts";
import { isMessageName } from "../../proto/registry.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";

interface WireCase {
  readonly name?: string;
  readonly message?: unknown;
  readonly bytes_hex: string;
}
interface WireGroup {
  readonly package?: string;
  readonly vectors?: readonly WireCase[];
  readonly bytes_hex?: string;
}

/** A decoded value in the vectors' terms: snake_case keys, 64-bit as text, bytes as hex, zero values left out. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value === 0n ? undefined : value.toString();
  if (value instanceof Uint8Array) return value.length === 0 ? undefined : hex(value);
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => plain(item) ?? "0");
  if (typeof value !== "object" || value === null)
    return value === 0 || value === "" || value === false ? undefined : value;
  const time = value as { seconds?: bigint; nanos?: number };
  if (time.seconds !== undefined && time.nanos === 0)
    return new Date(Number(time.seconds) * 1000).toISOString().replace(".000", "");
  const entries = Object.entries(value)
    .map(([key, entry]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), plain(entry)] as const)
    .filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries);
}

/** The vector's own value without its zero values, so that both sides can be compared. */
function withoutZeros(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutZeros(item) ?? item);
  if (typeof value !== "object" || value === null)
    return value === 0 || value === "0" || value === "" || value === false ? undefined : value;
  const entries = Object.entries(value)
    .map(([key, entry]) => [key, withoutZeros(entry)] as const)
    .filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries);
}

describeVectors("CometBFT wire messages", () => {
  const groups = Object.entries(vector<Record<string, WireGroup | string>>("comet-types/wire_messages.json")).flatMap(
    ([group, content]) => (typeof content === "string" ? [] : [[group, content] as const]),
  );
  const cases = groups.flatMap(([group, content]) => {
    const name = content.package?.replace(/\{.*$/, "") ?? "";
    const list = content.vectors ?? [{ bytes_hex: content.bytes_hex ?? "" }];
    return list.map((entry, i) => [`${group} ${entry.name ?? i}`, name, entry] as const);
  });

  test("were all found", () => {
    expect(cases.length).toBeGreaterThanOrEqual(43);
    for (const [, name] of cases) expect(isMessageName(name), name).toBe(true);
  });

  test.each(cases)("%s decodes and encodes to the same bytes", (_title, name, entry) => {
    const bytes = fromHex(entry.bytes_hex);
    const value = decode(name as MessageName, bytes);
    expect(hex(encode(name as MessageName, value as MessageInput<MessageName>))).toBe(entry.bytes_hex);
    // One block is described in words instead of as a value.
    if (entry.message !== undefined && !JSON.stringify(entry.message).includes("MakeBlock"))
      expect(plain(value)).toEqual(withoutZeros(entry.message));
  });
});
