/**
 * Length-framed messages over a byte stream: a varint of the body's length, then the body. It cuts and joins bytes and refuses what is
 * too long before buffering it; what a body means belongs to the codec.
 */
import { MAX_BLOCK_FRAME_BYTES, MAX_FRAME_BYTES } from "./limits.ts";

/** A peer broke the framing rules; its stream is closed. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** First byte of a Frame whose body is `block_response`: field 8, wire type 2. Only such a frame may be large. */
const BLOCK_RESPONSE_TAG = (8 << 3) | 2;
/** A length below 2^28 takes four varint bytes at most. */
const MAX_LENGTH_BYTES = 4;

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

/** Cuts arriving chunks into bodies. Memory held is bounded by one frame's limit. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /** Adds a chunk and returns the bodies it completes, in order. Throws FramingError on a length that is malformed or over its limit. */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const bodies: Uint8Array[] = [];
    for (let body = this.#next(); body !== undefined; body = this.#next()) bodies.push(body);
    return bodies;
  }

  #next(): Uint8Array | undefined {
    const head = this.#peek(MAX_LENGTH_BYTES + 1);
    let length = 0;
    for (let index = 0; index < head.length; index += 1) {
      if (index === MAX_LENGTH_BYTES) throw new FramingError("a frame's length takes more than four bytes");
      const byte = head[index]!;
      length |= (byte & 0x7f) << (7 * index);
      if (byte > 0x7f) continue;
      if (index > 0 && byte === 0) throw new FramingError("a frame's length is padded");
      const start = index + 1;
      if (length === 0) throw new FramingError("a frame is empty");
      if (length > MAX_FRAME_BYTES) {
        if (head.length <= start) return undefined;
        const limit = head[start] === BLOCK_RESPONSE_TAG ? MAX_BLOCK_FRAME_BYTES : MAX_FRAME_BYTES;
        if (length > limit) throw new FramingError(`a frame of ${length} bytes is over the limit of ${limit}`);
      }
      if (this.#length < start + length) return undefined;
      this.#take(start);
      return this.#take(length);
    }
    return undefined;
  }

  /** The first `count` buffered bytes, or fewer, without removing them. */
  #peek(count: number): Uint8Array {
    const first = this.#chunks[0];
    if (first === undefined) return new Uint8Array();
    if (first.length >= count || this.#chunks.length === 1) return first.subarray(0, count);
    const taken = new Uint8Array(Math.min(count, this.#length));
    let offset = 0;
    for (const chunk of this.#chunks) {
      const part = chunk.subarray(0, taken.length - offset);
      taken.set(part, offset);
      offset += part.length;
      if (offset === taken.length) break;
    }
    return taken;
  }

  /** Removes and returns exactly `count` buffered bytes. */
  #take(count: number): Uint8Array {
    const taken = new Uint8Array(count);
    let offset = 0;
    while (offset < count) {
      const chunk = this.#chunks[0]!;
      const part = chunk.subarray(0, count - offset);
      taken.set(part, offset);
      offset += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#length -= count;
    return taken;
  }
}
