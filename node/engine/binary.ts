// Bytes of the engine's own two files: a writer, a reader, and the checksum over records. Owns this small layout (fixed
// big-endian integers, length-prefixed bytes); chain data inside it keeps its protobuf form.

/** The bytes are not what this layout says. */
export class LayoutError extends Error {
  override name = "LayoutError";
}

/** Collects fields. */
export class ByteWriter {
  readonly #chunks: Uint8Array[] = [];

  uint8(value: number): this {
    this.#chunks.push(Uint8Array.of(value));
    return this;
  }

  uint32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value);
    this.#chunks.push(bytes);
    return this;
  }

  uint64(value: bigint): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value);
    this.#chunks.push(bytes);
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#chunks.push(bytes);
    return this;
  }

  /** Length as uint32, then the bytes. */
  bytes(bytes: Uint8Array): this {
    return this.uint32(bytes.length).raw(bytes);
  }

  finish(): Uint8Array {
    return plainBytes(Buffer.concat(this.#chunks));
  }
}

/** Takes fields off the front. Every read beyond the end throws LayoutError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = plainBytes(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  raw(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.slice(at, at + length);
  }

  bytes(): Uint8Array {
    return this.raw(this.uint32());
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  end(): void {
    if (this.left !== 0) throw new LayoutError(`${this.left} bytes too many`);
  }

  #take(length: number): number {
    if (length > this.left) throw new LayoutError(`${length} bytes wanted, ${this.left} left`);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** The same bytes as a Uint8Array and not as a Buffer, whose `slice` does not copy. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const TABLE = castagnoliTable();

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the chunks one after the other. */
export function crc32c(...chunks: readonly Uint8Array[]): number {
  let crc = 0xffff_ffff;
  for (const chunk of chunks) {
    for (let index = 0; index < chunk.length; index++) {
      crc = (crc >>> 8) ^ (TABLE[(crc ^ (chunk[index] as number)) & 0xff] as number);
    }
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

function castagnoliTable(): Uint32Array {
  const table = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
    table[byte] = value >>> 0;
  }
  return table;
}
