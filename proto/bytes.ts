// Bytes to text and back: UTF-8, hex, base64, joining and comparing. Pure, with no platform encoder, because the
// deterministic core may not depend on one. Knows nothing of protobuf.

/** Thrown when text or bytes are not of the form asked for. */
export class BytesError extends Error {
  override readonly name = "BytesError";
}

const EMPTY = new Uint8Array(0);

/** The number of bytes that `text` takes in UTF-8. Throws BytesError on an unpaired surrogate. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit >= 0xd800 && unit < 0xe000) {
      const next = text.charCodeAt(i + 1);
      if (unit >= 0xdc00 || !(next >= 0xdc00 && next < 0xe000)) throw new BytesError("unpaired surrogate in text");
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/** Text as UTF-8. Throws BytesError on an unpaired surrogate, which UTF-8 cannot carry. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      bytes[at++] = point;
      continue;
    }
    if (point >= 0xd800 && point < 0xdc00) point = 0x10000 + ((point - 0xd800) << 10) + (text.charCodeAt(++i) - 0xdc00);
    if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return bytes;
}

/**
 * The position of the first byte in `bytes[start, end)` that is not well-formed UTF-8 (Unicode table 3-7: no overlong
 * form, no surrogate, nothing above U+10FFFF), or -1.
 */
export function firstInvalidUtf8(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const width =
      lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (width === 0 || at + width > end) return at;
    const second = bytes[at + 1]!;
    const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) return at;
    for (let k = 2; k < width; k++) if ((bytes[at + k]! & 0xc0) !== 0x80) return at;
    at += width;
  }
  return -1;
}

/** UTF-8 bytes as text. Throws BytesError where they are not well formed; nothing is replaced. */
export function utf8Text(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const invalid = firstInvalidUtf8(bytes, start, end);
  if (invalid >= 0) throw new BytesError(`invalid UTF-8 at byte ${invalid - start}`);
  let text = "";
  let at = start;
  while (at < end) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      at += 1;
    } else if (lead < 0xe0) {
      text += String.fromCharCode(((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f));
      at += 2;
    } else if (lead < 0xf0) {
      text += String.fromCharCode(((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f));
      at += 3;
    } else {
      const point =
        ((lead & 0x07) << 18) |
        ((bytes[at + 1]! & 0x3f) << 12) |
        ((bytes[at + 2]! & 0x3f) << 6) |
        (bytes[at + 3]! & 0x3f);
      text += String.fromCodePoint(point);
      at += 4;
    }
  }
  return text;
}

const HEX = "0123456789abcdef";

/** Bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]!;
  return text;
}

function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x61 && unit <= 0x66) return unit - 0x57;
  if (unit >= 0x41 && unit <= 0x46) return unit - 0x37;
  return -1;
}

/** Hex of either case as bytes. Throws BytesError on an odd length or another character. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new BytesError("hex text of odd length");
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) throw new BytesError(`not hex at character ${2 * i}`);
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes as standard base64 with padding (RFC 4648 section 4). */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0);
    text += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!;
    text += left > 1 ? BASE64[(group >> 6) & 63]! : "=";
    text += left > 2 ? BASE64[group & 63]! : "=";
  }
  return text;
}

function base64Digit(unit: number): number {
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41;
  if (unit >= 0x61 && unit <= 0x7a) return unit - 0x61 + 26;
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30 + 52;
  if (unit === 0x2b || unit === 0x2d) return 62;
  if (unit === 0x2f || unit === 0x5f) return 63;
  return -1;
}

/**
 * Base64 as bytes: the standard or the URL-safe alphabet, with or without padding, as proto-JSON accepts
 * (protobuf JSON mapping, `bytes`). Throws BytesError on anything else.
 */
export function fromBase64(text: string): Uint8Array {
  let end = text.length;
  while (end > 0 && text.length - end < 2 && text.charCodeAt(end - 1) === 0x3d) end--;
  if (end === 0) {
    if (text.length > 0) throw new BytesError("base64 text of only padding");
    return EMPTY;
  }
  if (end % 4 === 1 || (end < text.length && text.length % 4 !== 0))
    throw new BytesError("base64 text of a wrong length");
  const bytes = new Uint8Array((end * 3) >> 2);
  let at = 0;
  let group = 0;
  let bits = 0;
  for (let i = 0; i < end; i++) {
    const digit = base64Digit(text.charCodeAt(i));
    if (digit < 0) throw new BytesError(`not base64 at character ${i}`);
    group = ((group << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (group >> bits) & 0xff;
    }
  }
  return bytes;
}

/** The parts joined into one new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Lexicographic order of bytes, a prefix before what it begins: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Whether two arrays hold the same bytes. Not constant in time: not for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}
