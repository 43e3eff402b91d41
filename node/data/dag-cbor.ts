/**
 * Owns the part of DAG-CBOR that manifests and CAR headers need (ipld.io/specs/codecs/dag-cbor): whole numbers from 0, bytes, text, lists,
 * maps with text keys, links. One value has one form, and what is in another form is refused. It does not own what blocks mean.
 */
import { concat, firstInvalidUtf8, utf8, utf8Text } from "../../proto/bytes.ts";
import { type Cid, cidBytes, readCid } from "./cid.ts";
import { MAX_CBOR_DEPTH } from "./limits.ts";

/** A link to another block. */
export class Link {
  readonly cid: Cid;
  constructor(cid: Cid) {
    this.cid = cid;
  }
}

/** What can stand in a block. Numbers are whole, from 0 to 2^53 - 1. */
export type CborValue =
  | number
  | string
  | Uint8Array
  | Link
  | readonly CborValue[]
  | { readonly [key: string]: CborValue };

/** Bytes that are no block of this kind; the message says why. */
export class CborError extends Error {
  override readonly name = "CborError";
}

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const LIST = 4;
const MAP = 5;
const TAG = 6;
/** The tag of links; their bytes begin with a zero, the multibase of plain bytes. */
const LINK_TAG = 42;

/** The one encoding of a value: keys by length, then by bytes. */
export function encodeCbor(value: CborValue): Uint8Array {
  if (typeof value === "number") return head(UNSIGNED, value);
  if (typeof value === "string") return withHead(TEXT, utf8(value));
  if (value instanceof Uint8Array) return withHead(BYTES, value);
  if (value instanceof Link) {
    return concat(head(TAG, LINK_TAG), withHead(BYTES, concat(Uint8Array.of(0), cidBytes(value.cid))));
  }
  if (isList(value)) return concat(head(LIST, value.length), ...value.map(encodeCbor));
  const keys = Object.keys(value).sort((a, b) => compareKeys(utf8(a), utf8(b)));
  return concat(head(MAP, keys.length), ...keys.flatMap((key) => [encodeCbor(key), encodeCbor(value[key]!)]));
}

/** Reads a block of exactly one value. Throws CborError. */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new CborError("bytes follow the value");
  return value;
}

function isList(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}

function compareKeys(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? Buffer.compare(a, b) : a.length - b.length;
}

function withHead(major: number, content: Uint8Array): Uint8Array {
  return concat(head(major, content.length), content);
}

function head(major: number, argument: number): Uint8Array {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  const bytes = new Uint8Array(9);
  const view = new DataView(bytes.buffer);
  if (argument < 0x100) return Uint8Array.of(first | 24, argument);
  if (argument < 0x1_0000) {
    bytes[0] = first | 25;
    view.setUint16(1, argument);
    return bytes.subarray(0, 3);
  }
  if (argument < 0x1_0000_0000) {
    bytes[0] = first | 26;
    view.setUint32(1, argument);
    return bytes.subarray(0, 5);
  }
  bytes[0] = first | 27;
  view.setBigUint64(1, BigInt(argument));
  return bytes;
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): CborValue {
    if (depth > MAX_CBOR_DEPTH) throw new CborError("values stand too deep in one another");
    const { major, argument } = this.#head();
    switch (major) {
      case UNSIGNED:
        return argument;
      case BYTES:
        return this.#take(argument).slice();
      case TEXT:
        return this.#text(argument);
      case LIST:
        return this.#list(argument, depth);
      case MAP:
        return this.#map(argument, depth);
      case TAG:
        return this.#link(argument);
      default:
        throw new CborError("it holds something other than numbers from 0, bytes, text, lists, maps and links");
    }
  }

  #list(count: number, depth: number): readonly CborValue[] {
    // Every item has a byte at least: a count beyond the bytes is refused before anything is made.
    if (count > this.#bytes.length - this.at) throw new CborError("it is cut off");
    const items: CborValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): { readonly [key: string]: CborValue } {
    if (count > this.#bytes.length - this.at) throw new CborError("it is cut off");
    const entries: [string, CborValue][] = [];
    let previous: Uint8Array | undefined;
    for (let i = 0; i < count; i++) {
      const { major, argument } = this.#head();
      if (major !== TEXT) throw new CborError("a key is not text");
      const key = this.#text(argument);
      const bytes = utf8(key);
      if (previous !== undefined && compareKeys(previous, bytes) >= 0) throw new CborError("keys are not in order");
      previous = bytes;
      entries.push([key, this.value(depth + 1)]);
    }
    // Not by assignment: a key may be `__proto__`.
    return Object.fromEntries(entries);
  }

  #link(tag: number): Link {
    const { major, argument } = this.#head();
    if (tag !== LINK_TAG || major !== BYTES) throw new CborError("it has a tag other than that of links");
    const bytes = this.#take(argument);
    if (bytes[0] !== 0) throw new CborError("a link does not begin with zero");
    const { cid, end } = readCid(bytes, 1);
    if (end !== bytes.length) throw new CborError("a link has bytes after its end");
    return new Link(cid);
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    if (firstInvalidUtf8(bytes) >= 0) throw new CborError("text is not UTF-8");
    return utf8Text(bytes);
  }

  #take(length: number): Uint8Array {
    const end = this.at + length;
    if (end > this.#bytes.length) throw new CborError("it is cut off");
    const taken = this.#bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  #head(): { readonly major: number; readonly argument: number } {
    const first = this.#take(1)[0]!;
    const short = first & 31;
    const major = first >> 5;
    if (short < 24) return { major, argument: short };
    const width = [1, 2, 4, 8][short - 24];
    if (width === undefined) throw new CborError("a length has no form that is allowed");
    const at = this.at;
    this.#take(width);
    const argument = this.#number(at, width);
    const least = [24, 0x100, 0x1_0000, 0x1_0000_0000][short - 24]!;
    if (argument < least) throw new CborError("a number is not in its shortest form");
    return { major, argument };
  }

  #number(at: number, width: number): number {
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at);
    if (width === 4) return this.#view.getUint32(at);
    const wide = this.#view.getBigUint64(at);
    if (wide > BigInt(Number.MAX_SAFE_INTEGER)) throw new CborError("a number is larger than 2^53 - 1");
    return Number(wide);
  }
}
