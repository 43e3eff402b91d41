/**
 * Owns content identifiers: CIDv1 as bytes and as text (multiformats/cid, multibase base32), and reading the older CIDv0 where files hold
 * it. Only SHA-256 is known: a block under another hash could not be checked here. It does not own what a block means.
 */
import { base32nopad, base58 } from "@scure/base";
import { varint } from "../../chain/types/wire.ts";
import { concat } from "../../proto/bytes.ts";
import { sha256 } from "../crypto.ts";

/** Bytes as they are: a record's text, or its sealed form. (multicodec table) */
export const RAW = 0x55;
/** CBOR with links: manifests, and the header of a CAR file. */
export const DAG_CBOR = 0x71;
/** IPFS's files of before; read only as the codec of CIDv0. */
const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const DIGEST_BYTES = 32;
/** Multicodecs have at most nine bytes; none in use has more than four. */
const MAX_VARINT_BYTES = 4;

/** What names a block: how it is read and the SHA-256 of its bytes. */
export interface Cid {
  readonly version: 0 | 1;
  /** The multicodec of the block. */
  readonly codec: number;
  readonly digest: Uint8Array;
}

/** Bytes or text that are no identifier of a kind known here; the message says why. */
export class CidError extends Error {
  override readonly name = "CidError";
}

/** The identifier of a block. */
export function cidOf(codec: number, block: Uint8Array): Cid {
  return { version: 1, codec, digest: sha256(block) };
}

/** The identifier of raw bytes whose hash is known: a record's `content_hash`. */
export function rawCid(digest: Uint8Array): Cid {
  return { version: 1, codec: RAW, digest };
}

/** The binary form. */
export function cidBytes({ version, codec, digest }: Cid): Uint8Array {
  const multihash = concat(Uint8Array.of(SHA2_256, DIGEST_BYTES), digest);
  return version === 0 ? multihash : concat(Uint8Array.of(1), varint(BigInt(codec)), multihash);
}

/** The text: `bafk…` for raw bytes. */
export function cidText(cid: Cid): string {
  const bytes = cidBytes(cid);
  return cid.version === 0 ? base58.encode(bytes) : `b${base32nopad.encode(bytes).toLowerCase()}`;
}

/** Reads the text form. Throws CidError. */
export function parseCid(text: string): Cid {
  let bytes: Uint8Array;
  try {
    if (/^Qm[1-9A-HJ-NP-Za-km-z]{44}$/.test(text)) bytes = base58.decode(text);
    else if (/^b[a-z2-7]{1,80}$/.test(text)) bytes = base32nopad.decode(text.slice(1).toUpperCase());
    else throw new CidError("it does not look like bafk… or Qm…");
  } catch (error) {
    throw new CidError(`${JSON.stringify(text.slice(0, 100))} is no content identifier: ${(error as Error).message}`);
  }
  const { cid, end } = readCid(bytes, 0);
  if (end !== bytes.length) throw new CidError(`${text} has bytes after its end`);
  return cid;
}

/** Reads the binary form at `at`. Throws CidError. */
export function readCid(bytes: Uint8Array, at: number): { readonly cid: Cid; readonly end: number } {
  if (bytes[at] === SHA2_256 && bytes[at + 1] === DIGEST_BYTES) return digestAt(bytes, at, 0, DAG_PB);
  const version = readVarint(bytes, at, MAX_VARINT_BYTES);
  if (version.value !== 1) throw new CidError(`version ${version.value} of content identifiers is not known`);
  const codec = readVarint(bytes, version.end, MAX_VARINT_BYTES);
  return digestAt(bytes, codec.end, 1, codec.value);
}

function digestAt(bytes: Uint8Array, at: number, version: 0 | 1, codec: number): { cid: Cid; end: number } {
  if (bytes[at] !== SHA2_256 || bytes[at + 1] !== DIGEST_BYTES) throw new CidError("only SHA-256 of 32 bytes is known");
  const end = at + 2 + DIGEST_BYTES;
  if (bytes.length < end) throw new CidError("the content identifier is cut off");
  return { cid: { version, codec, digest: bytes.slice(at + 2, end) }, end };
}

/** Reads an unsigned LEB128 number (multiformats/unsigned-varint) of at most `maxBytes` bytes. Throws CidError when it is cut off, too long or not in its shortest form. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
  maxBytes: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let length = 1; length <= maxBytes; length++) {
    const byte = bytes[at + length - 1];
    if (byte === undefined) throw new CidError("a number is cut off");
    value += (byte & 0x7f) * 128 ** (length - 1);
    if (byte >= 0x80) continue;
    if (byte === 0 && length > 1) throw new CidError("a number is not in its shortest form");
    return { value, end: at + length };
  }
  throw new CidError(`a number has more than ${maxBytes} bytes`);
}
