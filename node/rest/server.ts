/**
 * Owns the REST port: HTTP in and out, CORS, limits, the static page. Does not own routes nor their answers.
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { impossible } from "../../chain/types/impossible.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { CallNeeds } from "../grpc/call.ts";
import { answerWebCall, isWebCall } from "../grpc/web.ts";
import { closeServer, type ListenAddress, listen } from "../listen.ts";
import { type BodyRefusal, countUnsent, type HeldBytes, heldBytes, readBody } from "../rpc/held-bytes.ts";
import { idleTimeoutMs, maximumHeaderBytes } from "../rpc/limits.ts";
import { answerRest, type GatewayNeeds, type RestAnswer, restError } from "./gateway.ts";
import { maximumBodyBytes, maximumUrlLength, requestTimeoutMs } from "./limits.ts";
import type { StaticFile } from "./static-files.ts";

/** What the operator sets. */
export interface RestServerOptions {
  readonly address: ListenAddress;
  /** Whether pages of any origin may call. */
  readonly cors: boolean;
  readonly maximumOpenConnections: number;
}

/** A running server. */
export interface RestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What the server uses. */
export interface RestNeeds extends GatewayNeeds {
  readonly files: ReadonlyMap<string, StaticFile>;
  /** How calls of gRPC-Web are answered; undefined where they are not. */
  readonly webCalls: CallNeeds | undefined;
}

/** Binds the port and serves. Rejects with a ListenError when the port cannot be had. */
export async function startRest(options: RestServerOptions, needs: RestNeeds): Promise<RestServer> {
  const held = heldBytes();
  const server = createServer(
    { maxHeaderSize: maximumHeaderBytes, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      serve(options, { ...needs, held }, request, response)
        .catch((error: unknown) => {
          needs.log.error(
            { err: error, module: "rest" },
            "a request met a defect of this program; nothing else is affected, and this line is what to report",
          );
          if (response.headersSent) response.destroy();
          else send(response, restError(13, "internal error"));
        })
        .finally(() => countUnsent(response, held));
    },
  );
  server.headersTimeout = requestTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = requestTimeoutMs;
  server.timeout = idleTimeoutMs;
  server.maxConnections = options.maximumOpenConnections;
  const bound = await listen(server, options.address, "REST", "[api] address in app.toml");
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return { url: `http://${host}:${bound.port}`, close: () => closeServer(server) };
}

async function serve(
  options: RestServerOptions,
  needs: RestNeeds & { readonly held: HeldBytes },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (options.cors) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", "x-cosmos-block-height, grpc-status, grpc-message");
    if (request.method === "OPTIONS") {
      response.setHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
      response.setHeader(
        "Access-Control-Allow-Headers",
        "Content-Type, Accept, X-Requested-With, x-cosmos-block-height, x-grpc-web, x-user-agent, grpc-timeout",
      );
      response.writeHead(204).end();
      return;
    }
  }
  const target = request.url ?? "/";
  if (target.length > maximumUrlLength) {
    send(response, restError(3, "the URL is too long"));
    return;
  }
  const body = await readBody(request, response, { maximumBytes: maximumBodyBytes, held: needs.held });
  if (typeof body === "string") {
    refuseBody(response, body);
    return;
  }
  const cut = target.indexOf("?");
  const path = cut < 0 ? target : target.slice(0, cut);
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const file = method === "GET" ? needs.files.get(path) : undefined;
  if (file !== undefined) {
    sendFile(response, file);
    return;
  }
  const asked = request.headers["x-cosmos-block-height"] ?? request.headers["grpc-metadata-x-cosmos-block-height"];
  const height = Array.isArray(asked) ? asked[0] : asked;
  const contentType = request.headers["content-type"];
  if (needs.webCalls !== undefined && method === "POST" && isWebCall(contentType)) {
    const web = await answerWebCall(needs.webCalls, { path, contentType, body, height });
    response.writeHead(200, { ...web.headers, "Content-Length": web.body.length }).end(web.body);
    return;
  }
  const query = new URLSearchParams(cut < 0 ? "" : target.slice(cut + 1));
  const answer = await answerRest(needs, { method, path, query, body, height });
  // grpc-gateway answers paths it does not know with Unimplemented; clients probe for modules that way.
  send(response, answer ?? restError(12, "Not Implemented"));
}

/** Says why a body was not read, and ends the connection: the rest of the body is still on its way. */
function refuseBody(response: ServerResponse, reason: BodyRefusal): void {
  response.setHeader("Connection", "close");
  switch (reason) {
    case "too large":
      send(response, { ...restError(8, `the body is larger than ${maximumBodyBytes} bytes`), status: 413 });
      return;
    case "no room":
      send(response, restError(14, "the node is busy with the requests of others; try again in a moment"));
      return;
    case "gone":
      response.destroy();
      return;
    default:
      impossible(reason);
  }
}

function send(response: ServerResponse, answer: RestAnswer): void {
  if (answer.height !== undefined) {
    response.setHeader("x-cosmos-block-height", answer.height.toString());
    response.setHeader("Grpc-Metadata-X-Cosmos-Block-Height", answer.height.toString());
  }
  const json: JsonValue = answer.json;
  const text = Buffer.from(JSON.stringify(json), "utf8");
  response.writeHead(answer.status, { "Content-Type": "application/json", "Content-Length": text.length }).end(text);
}

function sendFile(response: ServerResponse, file: StaticFile): void {
  response.writeHead(200, {
    "Content-Type": file.contentType,
    "Content-Length": file.bytes.length,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
  });
  response.end(file.bytes);
}
