// Owns: the little binary language of the store's own records: varints, counted bytes, names. It is ours alone; nothing
// another program reads is written with it. Does not own the records (records.ts, checkpoint.ts).

import { BytesError, utf8, utf8Text } from "../../proto/bytes.ts";

/** A record does not follow its format: the disk or the program is damaged. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** Appends to a growing array. */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** An integer from 0 to 2^32 - 1. */
  varint(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** An unsigned 64-bit number. */
  bigVarint(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  /** Bytes as they are; the reader must know how many. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Bytes after their number. */
  counted(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    this.counted(utf8(text));
  }

  /** Makes room for `length` bytes that the caller writes into `target` from `position` on, and then ends with `close`. */
  open(length: number): { readonly target: Uint8Array; readonly position: number } {
    this.#reserve(length);
    return { target: this.#bytes, position: this.#length };
  }

  /** Ends what was opened; `position` is the one after the last byte written. */
  close(position: number): void {
    this.#length = position;
  }

  /** Everything written, as an array of its own; the writer is then empty. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return bytes;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(needed * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Reads what a ByteWriter wrote. Throws RecordError past the end and on varints no writer makes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RecordError("a record is cut short");
    return value;
  }

  varint(): number {
    const value = this.bigVarint();
    if (value > 0xffff_ffffn) throw new RecordError("a number in a record is too great");
    return Number(value);
  }

  bigVarint(): bigint {
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      small |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(small);
    }
    let value = BigInt(small);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >> 64n !== 0n) break;
        return value;
      }
    }
    throw new RecordError("a number in a record is malformed");
  }

  /** A view on the next `length` bytes. */
  raw(length: number): Uint8Array {
    if (this.#bytes.length - this.#at < length) throw new RecordError("a record is cut short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  counted(): Uint8Array {
    return this.raw(this.varint());
  }

  text(): string {
    const bytes = this.counted();
    try {
      return utf8Text(bytes);
    } catch (error) {
      if (error instanceof BytesError) throw new RecordError("a name in a record is not UTF-8");
      throw error;
    }
  }

  /** Throws unless everything was read. */
  end(): void {
    if (!this.isAtEnd) throw new RecordError("bytes are left over in a record");
  }
}
