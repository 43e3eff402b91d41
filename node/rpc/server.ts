/**
 * Owns the HTTP side of the RPC port: JSON-RPC over POST (single and batch), the same methods over GET, the HTML
 * listing, CORS, and the limits on bodies, batches, headers and connections. Does not own methods (node/rpc/methods/)
 * nor WebSockets (node/rpc/web-socket.ts). Transaction step 1 starts here.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { impossible } from "../../chain/types/impossible.ts";
import { closeServer, type ListenAddress, listen } from "../listen.ts";
import { parseInTurn } from "./bounded-json.ts";
import {
  answer,
  type Dispatcher,
  errorResponse,
  type Outcome,
  type Request,
  type Response,
  readRequest,
  run,
  unreadable,
} from "./envelope.ts";
import { type BodyRefusal, countUnsent, type HeldBytes, readBody } from "./held-bytes.ts";
import { maximumHeaderBytes, maximumPipelinedRequests } from "./limits.ts";
import { type Method, ParameterError, readUriParameters } from "./method.ts";

const noRoomText = "the node is busy: requests on their way take all the room there is for them; try again in a moment";

/** What the operator can set; defaults stand in node/rpc/limits.ts and node/config.ts. */
export interface RpcServerOptions {
  readonly address: ListenAddress;
  readonly maximumBodyBytes: number;
  readonly maximumBatchSize: number;
  readonly maximumOpenConnections: number;
  /** Time a client has to send its request, headers included. */
  readonly requestTimeoutMs: number;
  /** Silence in either direction after which a connection is cut. */
  readonly idleTimeoutMs: number;
  /** Origins browsers may call from; "*" is every origin, none disables CORS. */
  readonly corsAllowedOrigins: readonly string[];
}

/** The WebSocket half, which takes over connections that ask for an upgrade. */
export interface UpgradeHandler {
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
  close(): void;
}

/** A running server. */
export interface RpcServer {
  /** `http://host:port` as bound. */
  readonly url: string;
  close(): Promise<void>;
}

/** Binds the port and serves. Rejects with one clear line when the port cannot be bound. */
export async function startRpcServer(
  options: RpcServerOptions,
  dispatcher: Dispatcher,
  { upgrades, held }: { readonly upgrades: UpgradeHandler; readonly held: HeldBytes },
): Promise<RpcServer> {
  const server: Server = createServer(
    { maxHeaderSize: maximumHeaderBytes, connectionsCheckingInterval: Math.min(1_000, options.requestTimeoutMs) },
    (request, response) => {
      if (!waitsItsTurn(request, response)) return;
      serve({ ...options, held }, dispatcher, request, response)
        .catch((error: unknown) => {
          dispatcher.onBug(request.url ?? "", error);
          if (!response.headersSent) send(response, 500, errorResponse("internal", -1, "internal error"));
          else response.destroy();
        })
        .finally(() => countUnsent(response, held));
    },
  );
  server.headersTimeout = options.requestTimeoutMs;
  server.requestTimeout = options.requestTimeoutMs;
  server.keepAliveTimeout = options.requestTimeoutMs;
  server.timeout = options.idleTimeoutMs;
  server.maxConnections = options.maximumOpenConnections;
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    upgrades.upgrade(request, socket, head);
  });
  const bound: AddressInfo = await listen(server, options.address, "RPC", "[rpc] laddr in config.toml");
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${host}:${bound.port}`,
    close: async () => {
      upgrades.close();
      await closeServer(server);
    },
  };
}

/** Answers still owed on each connection. */
const owed = new WeakMap<Socket, number>();

/**
 * One client's requests in one packet would all be read in one turn of the event loop. A few may come before their
 * answers; who sends more is cut off.
 */
function waitsItsTurn({ socket }: IncomingMessage, response: ServerResponse): boolean {
  const open = (owed.get(socket) ?? 0) + 1;
  if (open > maximumPipelinedRequests) {
    socket.destroy();
    return false;
  }
  owed.set(socket, open);
  response.once("close", () => owed.set(socket, (owed.get(socket) ?? 1) - 1));
  return true;
}

async function serve(
  options: RpcServerOptions & { readonly held: HeldBytes },
  dispatcher: Dispatcher,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (allowOrigin(options.corsAllowedOrigins, request, response)) return;
  const { maximumBodyBytes: maximumBytes, held } = options;
  const body = await readBody(request, response, { maximumBytes, held });
  if (typeof body === "string") {
    refuseBody(response, body);
    return;
  }
  const target = request.url ?? "/";
  // Behind a host of our own every path can be read; by itself, one that begins with two slashes would name a host. What
  // begins otherwise is a whole URL, as proxies send it, or nothing this server knows.
  const url = target.startsWith("/") ? new URL(`http://node${target}`) : URL.parse(target);
  if (url === null) {
    sendNotFound(response);
    return;
  }
  if (url.pathname !== "/") {
    await serveUri(dispatcher, url, body, request, response);
    return;
  }
  if (body.length === 0) {
    sendHtml(response, listing(dispatcher.methods.values(), request.headers.host ?? "localhost"));
    return;
  }
  await servePost(options, dispatcher, body, request, response);
}

/** Says why a body was not read, and ends the connection: the rest of the body is still on its way. */
function refuseBody(response: ServerResponse, reason: BodyRefusal): void {
  response.setHeader("Connection", "close");
  switch (reason) {
    case "too large": {
      const data = "error reading request body: http: request body too large";
      send(response, 400, errorResponse("invalidRequest", undefined, data));
      return;
    }
    case "no room":
      send(response, 503, errorResponse("server", undefined, noRoomText));
      return;
    case "gone":
      response.destroy();
      return;
    default:
      impossible(reason);
  }
}

/** CORS as CometBFT's server: simple requests and preflights from the origins allowed. True when fully answered. */
function allowOrigin(allowed: readonly string[], request: IncomingMessage, response: ServerResponse): boolean {
  const origin = request.headers.origin;
  if (allowed.length === 0 || origin === undefined) return false;
  response.setHeader("Vary", "Origin");
  if (!allowed.includes("*") && !allowed.includes(origin)) return false;
  response.setHeader("Access-Control-Allow-Origin", allowed.includes("*") ? "*" : origin);
  if (request.method !== "OPTIONS") return false;
  response.setHeader("Access-Control-Allow-Methods", "HEAD, GET, POST");
  response.setHeader("Access-Control-Allow-Headers", "Origin, Accept, Content-Type, X-Requested-With, X-Server-Time");
  response.writeHead(204).end();
  return true;
}

async function servePost(
  options: RpcServerOptions,
  dispatcher: Dispatcher,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let requests: readonly Request[];
  let batch: readonly unknown[];
  try {
    const parsed = await parseInTurn(body, dispatcher.slices);
    batch = Array.isArray(parsed) ? parsed : [parsed];
    if (batch.length > options.maximumBatchSize) {
      const data = `batch request exceeds maximum (${options.maximumBatchSize}) allowed number of requests`;
      send(response, 200, errorResponse("invalidRequest", undefined, data));
      return;
    }
    requests = batch.map(readRequest);
  } catch (error) {
    send(response, 500, unreadable(error, "body"));
    return;
  }
  // A request without an id is a notification and gets no answer. Requests of a batch start in their order and do not
  // wait for each other, so that the signatures of a batch of transactions are verified together.
  const outcomes: readonly Outcome[] = await Promise.all(
    requests.flatMap((one) => {
      if (one.id === undefined) return [];
      return [answer(dispatcher, one, { remote: remoteOf(request), id: one.id, subscriber: undefined })];
    }),
  );
  if (outcomes.length === 0) {
    response.writeHead(200).end();
    return;
  }
  if (outcomes.every((outcome) => outcome.cacheable)) allowCaching(response);
  const responses = outcomes.map((outcome) => outcome.response);
  const [only] = responses;
  send(response, 200, responses.length === 1 && only !== undefined ? only : responses);
}

async function serveUri(
  dispatcher: Dispatcher,
  url: URL,
  body: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = dispatcher.methods.get(url.pathname.slice(1));
  if (found === undefined) {
    sendNotFound(response);
    return;
  }
  // A URI carries no id; CometBFT answers with -1.
  const id = -1;
  if (found.webSocketOnly) {
    send(response, 404, errorResponse("methodNotFound", id, ""));
    return;
  }
  let values: readonly unknown[];
  try {
    values = readUriParameters(found, withForm(url.searchParams, request, body));
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    const data = `error converting http params to arguments: ${error.message}`;
    send(response, 500, errorResponse("invalidParams", id, data));
    return;
  }
  const outcome = await run(dispatcher, found, values, { remote: remoteOf(request), id, subscriber: undefined });
  if (outcome.cacheable) allowCaching(response);
  send(response, "error" in outcome.response ? 500 : 200, outcome.response);
}

/** Parameters of the query string, then those of a posted form. */
function withForm(query: URLSearchParams, request: IncomingMessage, body: Buffer): URLSearchParams {
  if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return query;
  const all = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) all.append(name, value);
  return all;
}

function remoteOf(request: IncomingMessage): string {
  return `${request.socket.remoteAddress ?? ""}:${request.socket.remotePort ?? ""}`;
}

function allowCaching(response: ServerResponse): void {
  response.setHeader("Cache-Control", "public, max-age=86400");
}

function send(response: ServerResponse, status: number, body: Response | readonly Response[]): void {
  const text = Buffer.from(JSON.stringify(body), "utf8");
  response.setHeader("X-Server-Time", String(Math.floor(Date.now() / 1000)));
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": text.length }).end(text);
}

function sendNotFound(response: ServerResponse): void {
  response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("404 page not found\n");
}

function sendHtml(response: ServerResponse, html: string): void {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html);
}

/** The page CometBFT shows at `/`: every method as a link, those with parameters apart. */
function listing(methods: Iterable<Method>, host: string): string {
  const safeHost = host.replace(/[^A-Za-z0-9.:[\]-]/g, "");
  const shown = [...methods].filter((one) => !one.webSocketOnly).sort((a, b) => (a.name < b.name ? -1 : 1));
  const link = (one: Method): string => {
    const query = one.parameters.map(([name]) => `${name}=_`).join("&");
    const target = `//${safeHost}/${one.name}${query === "" ? "" : `?${query}`}`;
    return `<a href="${target}">${target}</a></br>`;
  };
  const plain = shown.filter((one) => one.parameters.length === 0).map(link);
  const withArguments = shown.filter((one) => one.parameters.length > 0).map(link);
  return [
    "<html><body><br>Available endpoints:<br>",
    ...plain,
    "<br>Endpoints that require arguments:<br>",
    ...withArguments,
    "</body></html>",
  ].join("\n");
}
