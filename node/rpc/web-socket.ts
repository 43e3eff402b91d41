/**
 * Owns the WebSocket side of the RPC port: `/websocket`, one request per message, answers in the order of requests,
 * pings, and the bounds on what waits in either direction. The methods are those of HTTP plus the subscriptions.
 */

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { answer, type Dispatcher, errorResponse, type Response, readRequest, successResponse } from "./envelope.ts";
import type { EventHub } from "./event-hub.ts";
import type { Json } from "./json.ts";
import { webSocketCutBytes, webSocketQueueLength, webSocketReadTimeoutMs } from "./limits.ts";
import { RequestError, type RequestId, type Subscriber } from "./method.ts";
import type { UpgradeHandler } from "./server.ts";

/** Serves WebSockets on connections handed over by the HTTP server. */
export function webSockets(dispatcher: Dispatcher, hub: EventHub, maximumMessageBytes: number): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maximumMessageBytes,
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
        new Connection(webSocket, dispatcher, hub, `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}`);
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

/** One client. */
class Connection implements Subscriber {
  private readonly webSocket: WebSocket;
  private readonly dispatcher: Dispatcher;
  private readonly remote: string;
  private readonly queue: RawData[] = [];
  private busy = false;
  private heard = true;

  constructor(webSocket: WebSocket, dispatcher: Dispatcher, hub: EventHub, remote: string) {
    this.webSocket = webSocket;
    this.dispatcher = dispatcher;
    this.remote = remote;
    const ping = setInterval(() => this.ping(), (webSocketReadTimeoutMs * 9) / 10);
    ping.unref();
    webSocket.on("pong", () => {
      this.heard = true;
    });
    webSocket.on("message", (data) => {
      this.heard = true;
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
      hub.drop(this);
    });
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
        if (this.webSocket.isPaused && this.queue.length < webSocketQueueLength) this.webSocket.resume();
      }
    } finally {
      this.busy = false;
    }
  }

  private async serve(data: RawData): Promise<void> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(String(data));
    } catch {
      this.send(errorResponse("parse", undefined, "error unmarshaling request: the message is not JSON"));
      return;
    }
    try {
      const request = readRequest(parsed);
      if (request.id === undefined) return;
      const call = { remote: this.remote, id: request.id, subscriber: this };
      this.send((await answer(this.dispatcher, request, call)).response);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.send(errorResponse("parse", undefined, error.message));
    }
  }

  private send(response: Response): void {
    if (this.webSocket.readyState !== this.webSocket.OPEN) return;
    if (this.webSocket.bufferedAmount > webSocketCutBytes) {
      this.webSocket.terminate();
      return;
    }
    this.webSocket.send(JSON.stringify(response));
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
