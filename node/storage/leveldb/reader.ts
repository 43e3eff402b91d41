/** Owns reading the numbers and stretches that LevelDB's files are made of. Every read beyond the end is a RangeError. */

/** A stretch of a table: `size` bytes of contents at `offset`, then one byte for the kind of compression and four for the checksum. */
export interface Block {
  readonly offset: number;
  readonly size: number;
}

/** A checksum of bytes that hold checksums themselves is kept turned and shifted (LevelDB, util/crc32c.h). */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
}

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new RangeError("it ends too early");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  littleEndian(length: number): number {
    return this.take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  }

  /** A varint within the numbers that a file's offsets can be. */
  number(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 42; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number in it is too large");
  }

  block(): Block {
    return { offset: this.number(), size: this.number() };
  }
}
