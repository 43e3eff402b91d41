// Owns: a protobuf message on one line as Go prints it (gogoproto's CompactTextString), from pieces: some events carry such texts.
// Does not own: which fields a message has, or their order: the caller names them, because the core has no types of Go.
//
// A number that is zero is left out; a message inside another stands there even when it is empty. Every piece ends in a space.

import { utf8 } from "../../proto/bytes.ts";
import type { Timestamp } from "./time.ts";

/** `name:5 `, or nothing for 0. */
export function numberText(name: string, value: bigint): string {
  return value === 0n ? "" : `${name}:${value} `;
}

/** `name:"text" `, also for an empty text: those that may be left out are the caller's to leave out. */
export function quotedText(name: string, value: string): string {
  return `${name}:"${Array.from(utf8(value), escaped).join("")}" `;
}

/** `name:<inside> `. */
export function groupText(name: string, inside: string): string {
  return `${name}:<${inside}> `;
}

/** `name:<seconds:1 nanos:2 > `, for a time or a duration. */
export function timeText(name: string, { seconds, nanos }: Timestamp): string {
  return groupText(name, numberText("seconds", seconds) + numberText("nanos", BigInt(nanos)));
}

const ESCAPES: { readonly [byte: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };

/** A byte of a quoted text: what is not printable ASCII becomes three octal digits. */
function escaped(byte: number): string {
  const known = ESCAPES[byte];
  if (known !== undefined) return known;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
}
