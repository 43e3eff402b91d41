// Owns the port at which a host takes prompts and gives answers: plain HTTP in and out, and bounds on what strangers make it hold. A body is
// read only once its sender has shown to be the user of an open use. Who may have an answer is attribution/asking/answer-desk.ts's.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AnswerDesk, AskRefusal, type RefusalKind } from "../../attribution/asking/answer-desk.ts";
import { MAX_TEXT_BYTES } from "../../attribution/asking/limits.ts";
import { ASK_HEADERS, readRoute, readSignatureText } from "../../attribution/asking/wire.ts";
import { impossible } from "../../chain/types/impossible.ts";
import { closeServer, type ListenAddress, listen } from "../../node/listen.ts";
import { countUnsent, type HeldBytes, heldBytes, readBody } from "../../node/rpc/held-bytes.ts";
import { base64 } from "../../proto/bytes.ts";
import { messageOf } from "../errors.ts";
import {
  maxAskConnections,
  maxAskHeaderBytes,
  maxAskLookups,
  maxAskRequestsPerConnection,
  requestTimeoutMs,
} from "../limits.ts";

/** What the port is for. */
export interface AskServerOptions {
  readonly address: ListenAddress;
  readonly desk: AnswerDesk;
  readonly chainId: string;
  /** The host's address. */
  readonly host: string;
  /** Told of a defect of this program. */
  readonly report: (line: string) => void;
}

/** A port that is open. */
export interface AskServer {
  readonly url: string;
  close(): Promise<void>;
}

/** HTTP's words for refusals. */
const STATUS: { readonly [kind in RefusalKind]: number } = {
  ...{ unknown: 404, forbidden: 403, mismatch: 422, closed: 410, busy: 503, unsigned: 429, failed: 502 },
};

/** Binds the port and serves. Rejects with a ListenError when it cannot be had. */
export async function startAskServer(options: AskServerOptions): Promise<AskServer> {
  const port: Port = { ...options, held: heldBytes(), lookups: 0 };
  const server = createServer(
    { maxHeaderSize: maxAskHeaderBytes, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      serve(port, request, response)
        .catch((error: unknown) => refuse(options, response, error))
        .finally(() => countUnsent(response, port.held));
    },
  );
  server.headersTimeout = requestTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = requestTimeoutMs;
  server.timeout = requestTimeoutMs;
  server.maxConnections = maxAskConnections;
  server.maxRequestsPerSocket = maxAskRequestsPerConnection;
  const bound = await listen(server, options.address, "prompts", "--listen");
  const name = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  return { url: `http://${name}:${bound.port}`, close: () => closeServer(server) };
}

/** What requests share. */
interface Port extends AskServerOptions {
  readonly held: HeldBytes;
  /** How many requests ask the chain now. */
  lookups: number;
}

async function serve(port: Port, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { desk, chainId, host, held } = port;
  const route = readRoute(request.method, request.url ?? "");
  if (route === undefined) throw new AskRefusal("unknown", "there is no such thing here: see docs/hosting.md");
  const signature = readSignatureText(request.headers[ASK_HEADERS.signature]);
  switch (route.is) {
    case "host":
      response.setHeader(ASK_HEADERS.chain, encodeURIComponent(chainId)).setHeader(ASK_HEADERS.host, host);
      send(response, 200, `${host} answers prompts of ${chainId}\n`);
      return;
    case "user":
      await looking(port, () => desk.welcome(route.user));
      send(response, 200, "welcome\n");
      return;
    case "receipt":
      await looking(port, () => desk.sign(route.useId, required(signature)));
      send(response, 200, "thank you\n");
      return;
    case "prompt": {
      const use = await looking(port, () => desk.admit(route.useId, required(signature)));
      // A request that was given up while the chain was asked says so no more.
      if (request.destroyed) return;
      const prompt = await readBody(request, response, { maximumBytes: MAX_TEXT_BYTES, held });
      if (prompt === "gone") response.destroy();
      else if (prompt === "too large") throw new AskRefusal("mismatch", `a prompt has at most ${MAX_TEXT_BYTES} bytes`);
      else if (prompt === "no room") throw new AskRefusal("busy", "the host is busy: ask again later");
      else {
        const answer = await desk.answer(use, prompt);
        if (answer === undefined) send(response, 202, `use ${use.id} is being answered: ask again\n`);
        else {
          response.setHeader(ASK_HEADERS.units, `${answer.units}`);
          response.setHeader(ASK_HEADERS.hostSignature, base64(answer.hostSignature));
          send(response, 200, answer.output);
        }
      }
      return;
    }
    default:
      impossible(route);
  }
}

/** Asks the chain for a stranger, unless many do: the host needs its node for batches and challenges too, which have deadlines. */
async function looking<T>(port: Port, ask: () => Promise<T>): Promise<T> {
  if (port.lookups >= maxAskLookups) throw new AskRefusal("busy", "the host is busy: ask again later");
  port.lookups++;
  try {
    return await ask();
  } finally {
    port.lookups--;
  }
}

/** The signature, without which there is nothing to look up. */
function required(signature: Uint8Array | undefined): Uint8Array {
  if (signature !== undefined) return signature;
  throw new AskRefusal("forbidden", `the header ${ASK_HEADERS.signature} has no signature: 64 bytes in base64`);
}

/** Answers with a reason, and ends the connection: a body may be on its way still. */
function refuse({ report }: AskServerOptions, response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.setHeader("Connection", "close");
  if (error instanceof AskRefusal) {
    send(response, STATUS[error.kind], `${error.message}\n`);
    return;
  }
  report(`a request failed here, and nothing was lost: ${messageOf(error)}`);
  send(response, 500, "the host could not look that up: ask again later\n");
}

function send(response: ServerResponse, status: number, content: string | Uint8Array): void {
  const body = Buffer.from(content);
  response.writeHead(status, {
    "Content-Type": typeof content === "string" ? "text/plain; charset=utf-8" : "application/octet-stream",
    "Content-Length": body.length,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  response.end(body);
}
