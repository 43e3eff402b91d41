/**
 * Owns the JSON value type of the RPC and REST surfaces, and the spelling of bytes and numbers in CometBFT's JSON
 * (libs/json: 64-bit integers are strings, bytes base64, hashes upper-case hex).
 * Does not own which fields a type has: that is node/rpc/render.ts.
 */

/** What may stand in a response. Keys appear in the order they were set. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Standard base64 with padding. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Base64, or null for no bytes, as Go renders a nil slice. */
export function base64OrNull(bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : base64(bytes);
}

/** Upper-case hex, as CometBFT renders hashes and addresses. */
export function hexUpper(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex").toUpperCase();
}

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of standard base64 with padding, or undefined when the text is not that. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !base64Pattern.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, "base64"));
}

/** The bytes of hex of either case, or undefined when the text is not that. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, "hex"));
}
