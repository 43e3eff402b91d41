// Owns what searches of transactions and of blocks share: their flags, hashes as text, and how the pages found are counted (SDK types/result.go).
import { usageError } from "../errors.ts";
import type { Json } from "../yaml.ts";

/** The flags of a search. */
export interface SearchOptions {
  readonly query?: string;
  readonly events?: string;
  readonly page: number;
  readonly limit: number;
  readonly order_by: string;
}

/** A hash of 32 bytes; `what` says what it is of. */
export function hexHash(text: string, what: string): Buffer {
  const plain = text.replace(/^0x/, "");
  if (!/^[0-9a-fA-F]{64}$/.test(plain))
    throw usageError(`${JSON.stringify(text)} is not a ${what} hash`, "a hash has 64 hexadecimal digits");
  return Buffer.from(plain, "hex");
}

/** How much was found, and which part of it is shown. */
export function pagesOf(
  total: string,
  count: number,
  page: number,
  limit: number,
): { readonly [member: string]: Json } {
  return {
    total_count: total,
    count: String(count),
    page_number: String(page),
    page_total: String(Math.ceil(Number(total) / limit)),
    limit: String(limit),
  };
}
