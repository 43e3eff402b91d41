/**
 * Owns the WebSocket side of the RPC port: `/websocket`, one request per message, answers in the order of requests,
 * pings, and the bounds on what waits in either direction. The methods are those of HTTP plus the subscriptions.
 */

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { parseInTurn } from "./bounded-json.ts";
import {
  answer,
  type Dispatcher,
  errorResponse,
  type Response,
  readRequest,
  successResponse,
  unreadable,
} from "./envelope.ts";
import type { EventHub } from "./event-hub.ts";
import type { HeldBytes } from "./held-bytes.ts";
import type { Json } from "./json.ts";
import {
  maximumMessageChunks,
  maximumMessageFrames,
  webSocketCutBytes,
  webSocketQueueLength,
  webSocketReadTimeoutMs,
} from "./limits.ts";
import type { RequestId, Subscriber } from "./method.ts";
import type { UpgradeHandler } from "./server.ts";

/** Bytes of a client's ping or pong beside what it carries: two, and the mask. */
const controlFrameBytes = 6;

/** Serves WebSockets on connections handed over by the HTTP server. */
export function webSockets(
  dispatcher: Dispatcher,
  hub: EventHub,
  { maximumMessageBytes, held }: { readonly maximumMessageBytes: number; readonly held: HeldBytes },
): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maximumMessageBytes,
    maxFragments: maximumMessageFrames,
    maxBufferedChunks: maximumMessageChunks,
    perMessageDeflate: false,
    allowSynchronousEvents: false,
  });
  return {
    upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
      // The HTTP server has let go of the socket: without a listener, a client that resets it would end the node.
      socket.on("error", () => socket.destroy());
      const path = (request.url ?? "").split("?")[0];
      if (path !== "/websocket") {
        socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => {
        new Connection(webSocket, socket, { dispatcher, hub, held });
      });
    },
    close(): void {
      hub.close();
      for (const client of server.clients) client.close(1001, "node is stopping");
      setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, 500).unref();
      server.close();
    },
  };
}

/** What a connection uses. */
interface ConnectionNeeds {
  readonly dispatcher: Dispatcher;
  readonly hub: EventHub;
  readonly held: HeldBytes;
}

/** One client. */
class Connection implements Subscriber {
  private readonly webSocket: WebSocket;
  private readonly dispatcher: Dispatcher;
  private readonly held: HeldBytes;
  private readonly remote: string;
  private readonly queue: Buffer[] = [];
  /** Bytes of a message that has not arrived as a whole. */
  private unfinished = 0;
  private busy = false;
  private heard = true;

  constructor(webSocket: WebSocket, socket: Socket, { dispatcher, hub, held }: ConnectionNeeds) {
    this.webSocket = webSocket;
    this.dispatcher = dispatcher;
    this.held = held;
    this.remote = `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}`;
    const ping = setInterval(() => this.ping(), (webSocketReadTimeoutMs * 9) / 10);
    ping.unref();
    // Before the parser hears of it: what is complete in this chunk is no longer unfinished afterwards.
    socket.prependListener("data", (chunk: Buffer) => {
      this.unfinished += chunk.length;
      this.hold(chunk.length);
    });
    webSocket.on("ping", (data) => this.finish(controlFrameBytes + data.length));
    webSocket.on("pong", (data) => {
      this.heard = true;
      this.finish(controlFrameBytes + data.length);
    });
    webSocket.on("message", (data: Buffer) => {
      this.heard = true;
      this.finish(this.unfinished);
      this.hold(data.length);
      this.queue.push(data);
      // Reading stops while too many requests wait; TCP then slows the sender down.
      if (this.queue.length >= webSocketQueueLength) webSocket.pause();
      this.work().catch((error: unknown) => {
        // One client's message must not end the node; that client is cut off, since its answers would be out of step.
        dispatcher.onBug("websocket", error);
        webSocket.terminate();
      });
    });
    // Protocol errors (a message too large, bad UTF-8) close the connection by themselves.
    webSocket.on("error", () => undefined);
    webSocket.on("close", () => {
      clearInterval(ping);
      this.queue.length = 0;
      held.release(this);
      hub.drop(this);
    });
  }

  /** The node is full of what clients sent or do not read, and this one has most of it. */
  giveUp(): void {
    this.webSocket.terminate();
  }

  /** Counts bytes that are held for this client, or let go of. */
  private hold(bytes: number): void {
    if (this.webSocket.readyState === this.webSocket.OPEN) this.held.change(this, bytes);
  }

  /** Bytes that were part of something unfinished are accounted for. */
  private finish(bytes: number): void {
    const known = Math.min(this.unfinished, bytes);
    this.unfinished -= known;
    this.hold(-known);
  }

  private ping(): void {
    if (!this.heard) {
      this.webSocket.terminate();
      return;
    }
    this.heard = false;
    if (this.webSocket.readyState === this.webSocket.OPEN) this.webSocket.ping();
  }

  /** Serves what waits, one request at a time, so that answers keep the order of requests. */
  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let data = this.queue.shift(); data !== undefined; data = this.queue.shift()) {
        await this.serve(data);
        this.hold(-data.length);
        if (this.webSocket.isPaused && this.queue.length < webSocketQueueLength) this.webSocket.resume();
      }
    } finally {
      this.busy = false;
    }
  }

  private async serve(data: Buffer): Promise<void> {
    try {
      const request = readRequest(await parseInTurn(data, this.dispatcher.slices));
      if (request.id === undefined) return;
      const call = { remote: this.remote, id: request.id, subscriber: this };
      this.send((await answer(this.dispatcher, request, call)).response);
    } catch (error) {
      this.send(unreadable(error, "message"));
    }
  }

  private send(response: Response): void {
    if (this.webSocket.readyState !== this.webSocket.OPEN) return;
    if (this.webSocket.bufferedAmount > webSocketCutBytes) {
      this.webSocket.terminate();
      return;
    }
    const text = JSON.stringify(response);
    this.hold(text.length);
    this.webSocket.send(text, () => this.hold(-text.length));
  }

  deliver(id: RequestId, result: Json): void {
    this.send(successResponse(id, result));
  }

  fail(id: RequestId, reason: string): void {
    this.send(errorResponse("server", id, reason));
  }

  backlogBytes(): number {
    return this.webSocket.bufferedAmount;
  }
}
