/**
 * Owns how gRPC puts messages into a byte stream: a flag, the length in four bytes, the message (grpc/doc/PROTOCOL-HTTP2.md).
 * Does not own what they mean.
 */
import { type GrpcStatus, grpcCodes } from "../rpc/grpc-services/status.ts";

const PREFIX_BYTES = 5;
const COMPRESSED = 1;

/** A stream that no message can be read from, with the status that says so. */
export class FramingError extends Error {
  override readonly name = "FramingError";
  readonly status: GrpcStatus;

  constructor(status: GrpcStatus) {
    super(status.message);
    this.status = status;
  }
}

/** A message with its prefix. gRPC-Web marks its trailers by a flag of 128. */
export function frame(message: Uint8Array, flag = 0): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed.writeUInt8(flag, 0);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  return framed;
}

/** Puts messages together from pieces of any size. What it holds is one buffer, since a piece of one byte would cost a hundred. */
export class FrameReader {
  readonly #maximumBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #size = 0;

  constructor(maximumBytes: number) {
    this.#maximumBytes = maximumBytes;
  }

  /** Bytes held for messages that are not whole yet. */
  get heldBytes(): number {
    return this.#buffer.length;
  }

  /** Whether a message has begun and is not whole. */
  get isCut(): boolean {
    return this.#size > 0;
  }

  /** The messages that are whole with this piece. Throws FramingError on one too large or compressed. */
  take(piece: Uint8Array): readonly Uint8Array[] {
    this.#append(piece);
    const messages: Uint8Array[] = [];
    let start = 0;
    while (this.#size - start >= PREFIX_BYTES) {
      const length = this.#lengthAt(start);
      const end = start + PREFIX_BYTES + length;
      if (end > this.#size) break;
      messages.push(Uint8Array.prototype.slice.call(this.#buffer, start + PREFIX_BYTES, end));
      start = end;
    }
    this.#buffer.copyWithin(0, start, this.#size);
    this.#size -= start;
    if (this.#size === 0) this.#buffer = Buffer.alloc(0);
    return messages;
  }

  #lengthAt(start: number): number {
    const flag = this.#buffer.readUInt8(start);
    if (flag === COMPRESSED) {
      const message = "grpc: the request is compressed, which this server does not read; send it as it is";
      throw new FramingError({ code: grpcCodes.Unimplemented, message });
    }
    if (flag !== 0) throw new FramingError({ code: grpcCodes.Internal, message: `grpc: unknown flag ${flag}` });
    const length = this.#buffer.readUInt32BE(start + 1);
    if (length > this.#maximumBytes) {
      const message = `grpc: received message larger than max (${length} vs. ${this.#maximumBytes})`;
      throw new FramingError({ code: grpcCodes.ResourceExhausted, message });
    }
    return length;
  }

  #append(piece: Uint8Array): void {
    const size = this.#size + piece.length;
    if (size > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(size, Math.min(2 * this.#buffer.length, this.#maximumBytes)));
      this.#buffer.copy(grown, 0, 0, this.#size);
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#size);
    this.#size = size;
  }
}

/**
 * The text of `grpc-message`: what is no printable ASCII, and the percent sign, as percent escapes of its UTF-8 bytes. So is a space at
 * either end, which HTTP/2 forbids there.
 */
export function escapedMessage(text: string): string {
  let escaped = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    escaped += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped.replace(/^ | $/g, "%20");
}
