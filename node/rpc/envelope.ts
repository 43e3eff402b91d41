/**
 * Owns JSON-RPC 2.0 envelopes as CometBFT 0.38 writes them (rpc/jsonrpc/types): requests, answers, error codes, and
 * the running of one request against the method table. Transaction step 1. Does not own sockets.
 */

import { BusyError, type WorkSlices } from "../work-slices.ts";
import { BoundedJsonError } from "./bounded-json.ts";
import type { Json } from "./json.ts";
import { maximumIdLength } from "./limits.ts";
import {
  type Call,
  type Method,
  ParameterError,
  quoted,
  RequestError,
  type RequestId,
  readJsonParameters,
} from "./method.ts";

/** A request as it came: `params` is read against the method later. */
export interface Request {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

/** An answer: a result or an error. */
export type Response = { readonly jsonrpc: "2.0"; readonly id?: RequestId } & (
  | { readonly result: Json }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: string } }
);

/** Codes and texts of the JSON-RPC 2.0 specification, section 5.1. */
const errorTexts = {
  parse: [-32700, "Parse error. Invalid JSON"],
  invalidRequest: [-32600, "Invalid Request"],
  methodNotFound: [-32601, "Method not found"],
  invalidParams: [-32602, "Invalid params"],
  internal: [-32603, "Internal error"],
  server: [-32000, "Server error"],
} as const;

/** An answer that carries a result. */
export function successResponse(id: RequestId, result: Json): Response {
  return { jsonrpc: "2.0", id, result };
}

/** An answer that carries an error; without an id when the request could not be read. */
export function errorResponse(kind: keyof typeof errorTexts, id: RequestId | undefined, data: string): Response {
  const [code, message] = errorTexts[kind];
  return {
    jsonrpc: "2.0",
    ...(id === undefined ? {} : { id }),
    error: data === "" ? { code, message } : { code, message, data },
  };
}

/** Reads one request object. Throws RequestError when it is not one; an absent or null id marks a notification. */
export function readRequest(value: unknown): Request {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new RequestError("error unmarshaling request: a request is a JSON object");
  }
  const { id, method, params } = value as Record<string, unknown>;
  if (id === undefined || id === null) return { id: undefined, method: "", params: undefined };
  if (typeof id !== "string" && typeof id !== "number") {
    throw new RequestError(`error unmarshaling request: json-rpc ID (${quoted(id)}) is of unknown type (${typeof id})`);
  }
  // JSON has no infinity: an id beyond a double's range could not be repeated.
  if (typeof id === "number" ? !Number.isFinite(id) : id.length > maximumIdLength) {
    throw new RequestError(`error unmarshaling request: json-rpc ID is out of range or longer than ${maximumIdLength}`);
  }
  if (method !== undefined && typeof method !== "string") {
    throw new RequestError("error unmarshaling request: the method is a string");
  }
  // The specification says ids should not have decimals; CometBFT drops them.
  return { id: typeof id === "number" ? Math.trunc(id) : id, method: method ?? "", params };
}

/** The answer to what could not be read; `what` is the body or the message. Throws what is no fault of the sender. */
export function unreadable(error: unknown, what: "body" | "message"): Response {
  if (error instanceof RequestError) return errorResponse("parse", undefined, error.message);
  if (error instanceof BusyError) return errorResponse("server", undefined, error.message);
  if (!(error instanceof BoundedJsonError)) throw error;
  return errorResponse("parse", undefined, `error unmarshaling request: the ${what} ${error.message}`);
}

/** How one request ended: its answer, and whether a cache may keep it. */
export interface Outcome {
  readonly response: Response;
  readonly cacheable: boolean;
}

/** What a transport needs to run requests. */
export interface Dispatcher {
  readonly methods: ReadonlyMap<string, Method>;
  readonly slices: Pick<WorkSlices, "run">;
  /** Told of every failure that is no fault of the caller. */
  readonly onBug: (method: string, error: unknown) => void;
}

/** Runs a request with an id. Never throws: whatever goes wrong becomes an error answer. */
export async function answer(dispatcher: Dispatcher, request: Request, call: Call): Promise<Outcome> {
  const found = dispatcher.methods.get(request.method);
  if (found === undefined || (found.webSocketOnly && call.subscriber === undefined)) {
    return { response: errorResponse("methodNotFound", call.id, ""), cacheable: false };
  }
  let values: readonly unknown[];
  try {
    values = readJsonParameters(found, request.params);
  } catch (error) {
    if (!(error instanceof ParameterError)) return failed(dispatcher, found.name, call, error);
    // CometBFT answers a bad parameter with −32602 over HTTP and −32603 over WebSocket.
    const kind = call.subscriber === undefined ? "invalidParams" : "internal";
    const data = `error converting json params to arguments: ${error.message}`;
    return { response: errorResponse(kind, call.id, data), cacheable: false };
  }
  return run(dispatcher, found, values, call);
}

/** Runs a method on values already read. Never throws. */
export async function run(
  dispatcher: Dispatcher,
  method: Method,
  values: readonly unknown[],
  call: Call,
): Promise<Outcome> {
  try {
    const result = await (method.immediate
      ? method.call(values, call)
      : dispatcher.slices.run("queries", () => method.call(values, call)));
    return { response: successResponse(call.id, result), cacheable: method.cacheable(values) };
  } catch (error) {
    return failed(dispatcher, method.name, call, error);
  }
}

function failed(dispatcher: Dispatcher, method: string, call: Call, error: unknown): Outcome {
  if (error instanceof BusyError)
    return { response: errorResponse("server", call.id, error.message), cacheable: false };
  if (!(error instanceof RequestError)) dispatcher.onBug(method, error);
  const text = error instanceof Error ? error.message : String(error);
  return { response: errorResponse("internal", call.id, text), cacheable: false };
}
