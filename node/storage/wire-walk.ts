/**
 * Owns finding one element of a repeated field in protobuf bytes without decoding the rest, so that reading one
 * transaction does not decode its whole block. The bytes are our own, read back from storage; anything malformed throws.
 */

/** The bytes of the `index`th length-delimited field with this number, or undefined when there are fewer. */
export function nthField(message: Uint8Array, field: number, index: number): Uint8Array | undefined {
  let seen = 0;
  let offset = 0;
  while (offset < message.length) {
    const [tag, afterTag] = readVarint(message, offset);
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType !== 2) {
      offset = skipScalar(message, afterTag, wireType);
      continue;
    }
    const [length, start] = readVarint(message, afterTag);
    const end = start + length;
    if (end > message.length) throw new Error("stored bytes are cut off");
    if (number === field) {
      if (seen === index) return message.subarray(start, end);
      seen += 1;
    }
    offset = end;
  }
  return undefined;
}

function skipScalar(message: Uint8Array, offset: number, wireType: number): number {
  if (wireType === 0) return readVarint(message, offset)[1];
  if (wireType === 1) return offset + 8;
  if (wireType === 5) return offset + 4;
  throw new Error(`stored bytes have wire type ${wireType}`);
}

/** Value and end. Values above 2^53 lose digits, which only skipped integers can have. */
function readVarint(message: Uint8Array, offset: number): readonly [value: number, end: number] {
  let value = 0;
  let factor = 1;
  for (let index = offset; index < offset + 10; index += 1) {
    const byte = message[index];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return [value, index + 1];
    factor *= 128;
  }
  throw new Error("stored bytes hold a broken varint");
}
