/**
 * Length-framed messages over a byte stream: a varint of the body's length, then the body. It cuts and joins bytes and refuses what is
 * too long before buffering it; what a body means belongs to the codec.
 */
import { MAX_BLOCK_ANSWER_BYTES, MAX_FRAME_BYTES } from "./limits.ts";

/** A peer broke the framing rules; its stream is closed. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** First byte of a Frame whose body is `response`: field 14, wire type 2. It may be as large as the answers that were asked for (requests.ts). */
export const RESPONSE_TAG = (14 << 3) | 2;
/** A length below 2^28 takes four varint bytes at most. */
const MAX_LENGTH_BYTES = 4;
/** A buffer that grew beyond this is given back once it is empty. Bytes. */
const KEPT_BUFFER_BYTES = 65_536;
const NOTHING = new Uint8Array();

/** The frame of one body: its length as a varint, then its bytes. */
export function frame(body: Uint8Array): Uint8Array {
  const head: number[] = [];
  let rest = body.length;
  while (rest > 0x7f) {
    head.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  head.push(rest);
  const framed = new Uint8Array(head.length + body.length);
  framed.set(head);
  framed.set(body, head.length);
  return framed;
}

/** The most bytes a body may have that begins with this byte. */
export type FrameLimit = (firstByte: number) => number;

const defaultLimit: FrameLimit = (firstByte) => (firstByte === RESPONSE_TAG ? MAX_BLOCK_ANSWER_BYTES : MAX_FRAME_BYTES);

/**
 * Cuts arriving chunks into bodies. What waits for its rest is held in one piece, at most twice as long as the longest
 * frame allowed, so that a stream cut into single bytes costs no more than any other.
 */
export class FrameReader {
  readonly #limit: FrameLimit;
  /** The beginning of a frame is at `#start`; what has arrived of it ends at `#end`. */
  #buffer = NOTHING;
  #start = 0;
  #end = 0;

  constructor(limit: FrameLimit = defaultLimit) {
    this.#limit = limit;
  }

  /** Bytes of memory held for frames that are not whole. */
  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** Adds a chunk and returns the bodies it completes, in order. Throws FramingError on a length that is malformed or over its limit. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.add(chunk);
    const bodies: Uint8Array[] = [];
    for (let body = this.next(); body !== undefined; body = this.next()) bodies.push(body);
    return bodies;
  }

  /** Adds a chunk; `next` then gives the bodies, one by one, since one may change the limit of those behind it. */
  add(chunk: Uint8Array): void {
    const waiting = this.#end - this.#start;
    const needed = waiting + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      // Moving costs as much as what waits; it is done at most once for as many bytes as arrive.
      const target = needed * 2 > this.#buffer.length ? new Uint8Array(needed * 2) : this.#buffer;
      target.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = target;
      this.#start = 0;
      this.#end = waiting;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** A copy of the next whole body, or undefined while it is not whole. Throws FramingError. */
  next(): Uint8Array | undefined {
    const place = this.#measure(this.#buffer, this.#start, this.#end);
    if (place === undefined || place.end > this.#end) return undefined;
    const body = this.#buffer.slice(place.start, place.end);
    this.#start = place.end;
    if (this.#start === this.#end) this.#forget();
    return body;
  }

  /** Where the body of the frame at `at` stands, once its length and its first byte have arrived. */
  #measure(bytes: Uint8Array, at: number, end: number): { readonly start: number; readonly end: number } | undefined {
    let length = 0;
    for (let index = 0; at + index < end; index += 1) {
      if (index === MAX_LENGTH_BYTES) throw new FramingError("a frame's length takes more than four bytes");
      const byte = bytes[at + index]!;
      length |= (byte & 0x7f) << (7 * index);
      if (byte > 0x7f) continue;
      if (index > 0 && byte === 0) throw new FramingError("a frame's length is padded");
      if (length === 0) throw new FramingError("a frame is empty");
      const start = at + index + 1;
      if (start >= end) return undefined;
      const limit = this.#limit(bytes[start]!);
      if (length > limit) throw new FramingError(`a frame of ${length} bytes is over the limit of ${limit}`);
      return { start, end: start + length };
    }
    return undefined;
  }

  #forget(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#buffer.length > KEPT_BUFFER_BYTES) this.#buffer = NOTHING;
  }
}
