/**
 * Owns the gRPC port: HTTP/2 in and out, its bounds, the frames of each stream. Calls are answered by call.ts, reflection by
 * reflection.ts. Deadlines are the client's to keep: it resets its stream, and nothing goes on for it here that costs anything.
 */
import {
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { DecodeError } from "../../proto/codec.ts";
import { ByteBudget } from "../byte-budget.ts";
import { type ListenAddress, listen } from "../listen.ts";
import { type GrpcStatus, grpcCodes } from "../rpc/grpc-services/status.ts";
import { maximumHeldBytes } from "../rpc/limits.ts";
import { answerCall, type CallNeeds } from "./call.ts";
import { escapedMessage, FrameReader, FramingError, frame } from "./framing.ts";
import {
  idleTimeoutMs,
  maximumConcurrentStreams,
  maximumHeaderBytes,
  maximumReflectionRequests,
  maximumRequestBytes,
  requestTimeoutMs,
} from "./limits.ts";
import type { Reflection } from "./reflection.ts";

/** What the operator sets. */
export interface GrpcServerOptions {
  readonly address: ListenAddress;
  readonly maximumOpenConnections: number;
}

/** What the server uses. */
export interface GrpcNeeds extends CallNeeds {
  /** Made when it is first asked for: it holds the descriptors of everything. */
  readonly reflection: () => Promise<{ readonly paths: ReadonlySet<string>; readonly of: Reflection }>;
}

/** A running server. */
export interface GrpcServer {
  /** `host:port`, as gRPC clients write it. */
  readonly target: string;
  close(): Promise<void>;
}

/** What streams hold together; whoever holds most is ended. */
type Held = ByteBudget<ServerHttp2Stream>;

const OK: GrpcStatus = { code: 0, message: "" };

/** Binds the port and serves. Rejects with a ListenError when the port cannot be had. */
export async function startGrpc(options: GrpcServerOptions, needs: GrpcNeeds): Promise<GrpcServer> {
  const held: Held = new ByteBudget(maximumHeldBytes, (stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM));
  const settings = { maxConcurrentStreams: maximumConcurrentStreams, maxHeaderListSize: maximumHeaderBytes };
  const server = createServer({ settings, maxSessionInvalidFrames: 100 });
  const sessions = new Set<Http2Session>();
  server.maxConnections = options.maximumOpenConnections;
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    session.setTimeout(idleTimeoutMs, () => session.close());
  });
  // A client that breaks the protocol loses its connection, and that is all there is to say.
  server.on("sessionError", () => undefined);
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    stream.once("close", () => held.release(stream));
    stream.setTimeout(requestTimeoutMs, () => stream.close(constants.NGHTTP2_CANCEL));
    serve(needs, held, stream, headers).catch((error: unknown) => {
      needs.log.error(
        { err: error, module: "grpc" },
        "a call met a defect of this program; nothing else is affected, and this line is what to report",
      );
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    });
  });
  const bound = await listen(server, options.address, "gRPC", "[grpc] address in app.toml");
  const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      const cut = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, 1_000);
      server.close(() => {
        clearTimeout(cut);
        resolve();
      });
      for (const session of sessions) session.close();
    });
  return { target: `${host}:${bound.port}`, close };
}

async function serve(
  needs: GrpcNeeds,
  held: Held,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const path = headers[":path"] ?? "";
  if (headers[":method"] !== "POST" || !/^application\/grpc(?:[+;]|$)/.test(headers["content-type"] ?? "")) {
    stream.respond({ ":status": headers[":method"] === "POST" ? 415 : 405 }, { endStream: true });
    return;
  }
  try {
    if (path.startsWith("/grpc.reflection.")) {
      const { paths, of } = await needs.reflection();
      if (paths.has(path)) return await serveReflection(of, held, stream);
    }
    await serveCall(needs, held, stream, headers, path);
  } catch (error) {
    if (error instanceof FramingError) finish(stream, error.status);
    else if (error instanceof DecodeError) finish(stream, { code: grpcCodes.InvalidArgument, message: error.message });
    // The client went away while it was still sending.
    else if (!stream.destroyed) throw error;
  }
}

/** One message in, one out. */
async function serveCall(
  needs: CallNeeds,
  held: Held,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  path: string,
): Promise<void> {
  let message: Uint8Array | undefined;
  for await (const each of messagesOf(stream, held)) {
    if (message !== undefined) {
      const text = "grpc: the method takes one message, and more came";
      return finish(stream, { code: grpcCodes.Internal, message: text });
    }
    message = each;
    held.change(stream, each.length);
  }
  if (message === undefined)
    return finish(stream, { code: grpcCodes.Internal, message: "grpc: the method takes one message, and none came" });
  const height = headers["x-cosmos-block-height"];
  const answer = await answerCall(needs, { path, message, height: Array.isArray(height) ? height[0] : height });
  if (!answer.ok) return finish(stream, answer.status);
  if (stream.destroyed) return;
  begin(stream, { "x-cosmos-block-height": answer.height.toString() });
  const framed = frame(answer.message);
  held.change(stream, framed.length);
  stream.end(framed);
}

/** A question, its answer, the next question, until the client has no more. */
async function serveReflection(reflection: Reflection, held: Held, stream: ServerHttp2Stream): Promise<void> {
  begin(stream);
  let count = 0;
  for await (const question of messagesOf(stream, held)) {
    if (++count > maximumReflectionRequests) throw tooMany();
    const framed = frame(reflection.answer(question));
    // Whoever does not read its answers is not asked for more questions.
    if (!stream.write(framed)) await drained(stream);
  }
  stream.end();
}

function tooMany(): FramingError {
  return new FramingError({ code: grpcCodes.ResourceExhausted, message: "too many questions in one stream" });
}

/** The messages of a request as they come. Throws FramingError on bytes that are none. */
async function* messagesOf(stream: ServerHttp2Stream, held: Held): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader(maximumRequestBytes);
  // Left early, it must not take the stream down: the status is still to be sent.
  for await (const piece of stream.iterator({ destroyOnReturn: false })) {
    const before = reader.heldBytes;
    const messages = reader.take(piece as Buffer);
    held.change(stream, reader.heldBytes - before);
    yield* messages;
  }
  if (reader.isCut)
    throw new FramingError({ code: grpcCodes.Internal, message: "grpc: the request ends in a message" });
}

/** Sends the headers of a good answer; the status follows in the trailers. */
function begin(stream: ServerHttp2Stream, headers: Readonly<Record<string, string>> = {}): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers(trailersOf(OK)));
}

/** Ends the stream with a status: in its headers where none were sent, else in its trailers. */
function finish(stream: ServerHttp2Stream, status: GrpcStatus): void {
  if (stream.destroyed) return;
  if (stream.headersSent) {
    stream.removeAllListeners("wantTrailers");
    stream.once("wantTrailers", () => stream.sendTrailers(trailersOf(status)));
    stream.end();
  } else {
    const headers = { ":status": 200, "content-type": "application/grpc", ...trailersOf(status) };
    stream.respond(headers, { endStream: true });
  }
  // What the client still sends is of no use; without this it would wait for the window to open.
  stream.resume();
}

function trailersOf({ code, message }: GrpcStatus): Record<string, string> {
  return { "grpc-status": String(code), ...(message === "" ? {} : { "grpc-message": escapedMessage(message) }) };
}

function drained(stream: ServerHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const name of ["drain", "close"]) stream.off(name, done);
      resolve();
    };
    for (const name of ["drain", "close"]) stream.once(name, done);
  });
}
