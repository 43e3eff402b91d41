/**
 * Owns what clients of a port make it hold: bodies and messages on their way in, answers that are not read. It reads bodies
 * within bounds: their size, the number of pieces they come in, and the bytes that all clients hold together. Does not own
 * what is answered when a bound is met.
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { ByteBudget } from "../byte-budget.ts";
import { bodyBytesPerPiece, freeBodyPieces, maximumHeldBytes } from "./limits.ts";

/** Whoever makes the port hold bytes, and can be made to let go of them. */
interface Holder {
  giveUp(): void;
}

/** What all clients of a port hold together. */
export type HeldBytes = ByteBudget<Holder>;

/** The room of one port: whoever holds most gives up when it is full. */
export function heldBytes(limit = maximumHeldBytes): HeldBytes {
  return new ByteBudget<Holder>(limit, (holder) => holder.giveUp());
}

/** Counts what of an answer the client has not taken yet, until the answer is over. */
export function countUnsent(response: ServerResponse, held: HeldBytes): void {
  const unsent = response.writableLength;
  if (unsent === 0 || response.closed) return;
  const holder: Holder = { giveUp: () => response.destroy() };
  response.once("close", () => held.release(holder));
  held.change(holder, unsent);
}

/** Why there is no body: "gone" needs no answer, since nobody is there to hear it. */
export type BodyRefusal = "too large" | "no room" | "gone";

/**
 * The whole body, or why there is none. What was announced too large is not even read. The bytes count until the response
 * is over; a client that must let go of them before that is cut off.
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  bounds: { readonly maximumBytes: number; readonly held: HeldBytes },
): Promise<Buffer | BodyRefusal> {
  if (Number(request.headers["content-length"] ?? 0) > bounds.maximumBytes) return "too large";
  return await new Promise((resolve) => {
    const body = new Body(bounds, resolve, request);
    request.on("data", (piece: Buffer) => body.take(piece));
    request.once("end", () => body.finish());
    request.once("error", () => body.end("gone"));
    request.once("close", () => body.end("gone"));
    response.once("close", () => bounds.held.release(body));
  });
}

/** A body on its way: one buffer that grows, not a list of pieces, since a piece of one byte would cost a hundred. */
class Body implements Holder {
  readonly #maximumBytes: number;
  readonly #held: HeldBytes;
  readonly #resolve: (outcome: Buffer | BodyRefusal) => void;
  readonly #request: IncomingMessage;
  #buffer = Buffer.alloc(0);
  #size = 0;
  #pieces = 0;
  #isReading = true;

  constructor(
    { maximumBytes, held }: { readonly maximumBytes: number; readonly held: HeldBytes },
    resolve: (outcome: Buffer | BodyRefusal) => void,
    request: IncomingMessage,
  ) {
    this.#maximumBytes = maximumBytes;
    this.#held = held;
    this.#resolve = resolve;
    this.#request = request;
  }

  giveUp(): void {
    if (this.#isReading) this.end("no room");
    else this.#request.socket.destroy();
  }

  take(piece: Buffer): void {
    if (!this.#isReading) return;
    const size = this.#size + piece.length;
    this.#pieces += 1;
    if (size > this.#maximumBytes) this.end("too large");
    else if (this.#pieces > freeBodyPieces + size / bodyBytesPerPiece) this.#refuseCrumbs();
    else if (this.#hasRoom(size)) {
      piece.copy(this.#buffer, this.#size);
      this.#size = size;
    }
  }

  /**
   * Each piece is a call out of the parser, ten thousand in one read of single bytes, and the parser goes on with what it has:
   * only a request that is destroyed costs little from here on. The answer is therefore written past it.
   */
  #refuseCrumbs(): void {
    this.#request.socket.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    this.#request.destroy();
    this.end("gone");
  }

  /** Makes room for so many bytes; false when others need it more. */
  #hasRoom(size: number): boolean {
    const before = this.#buffer.length;
    if (size <= before) return true;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#maximumBytes, Math.max(2 * before, size)));
    this.#held.change(this, grown.length - before);
    if (!this.#isReading) return false;
    this.#buffer.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
    return true;
  }

  finish(): void {
    this.end(this.#buffer.subarray(0, this.#size));
  }

  /** Ends reading, once. */
  end(outcome: Buffer | BodyRefusal): void {
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#buffer = Buffer.alloc(0);
    if (typeof outcome === "string") this.#held.release(this);
    this.#resolve(outcome);
  }
}
