/**
 * Owns what an RPC method is: its name, its parameters with their kinds, and its handler; and how values of each kind
 * are read from JSON (POST, WebSocket) and from a URI (GET), as CometBFT reads them (rpc/jsonrpc/server).
 * Does not own transport (node/rpc/server.ts, web-socket.ts) nor any method (node/rpc/methods/).
 */

import { impossible } from "../../chain/types/impossible.ts";
import { type Json, parseBase64, parseHex } from "./json.ts";

/** The kinds a parameter can have. "optional" tells an absent value from zero. */
export type ParameterKind =
  | "string"
  | "boolean"
  | "bytes"
  | "hexBytes"
  | "int64"
  | "uint"
  | "optionalInt64"
  | "optionalInt"
  | "json";

/** The value a handler receives for each kind; an absent parameter is the zero value. */
interface ParameterValue {
  string: string;
  boolean: boolean;
  bytes: Uint8Array;
  hexBytes: Uint8Array;
  int64: bigint;
  uint: number;
  optionalInt64: bigint | undefined;
  optionalInt: number | undefined;
  json: Json;
}

/** A request that cannot be served; its message is meant for the caller and becomes the `data` of error −32603. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}

/** A parameter that cannot be read; becomes error −32602. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
}

/** One end of a WebSocket, as far as subscriptions need it. */
export interface Subscriber {
  /** Sends `result` under the id of the request that subscribed. */
  deliver(id: RequestId, result: Json): void;
  /** Sends error −32000 under that id. */
  fail(id: RequestId, reason: string): void;
  /** Unsent bytes. */
  backlogBytes(): number;
}

/** The id of a request: echoed as it came. */
export type RequestId = string | number;

/** Who calls. `subscriber` is present on WebSockets only. */
export interface Call {
  readonly remote: string;
  readonly id: RequestId;
  readonly subscriber: Subscriber | undefined;
}

/** Read side of one method: everything POST, GET, WebSocket and the listing need. */
export interface Method {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, kind: ParameterKind])[];
  /** Only over WebSocket. */
  readonly webSocketOnly: boolean;
  /** Runs without waiting for its turn: it is cheap, or what it asks for waits by itself. */
  readonly immediate: boolean;
  /** Whether an answer to these arguments never changes, so that a cache may keep it. */
  cacheable(values: readonly unknown[]): boolean;
  call(values: readonly unknown[], call: Call): Json | Promise<Json>;
}

/** Which answers a cache may keep: none, all, or those for a height that was named. */
export type Caching = "never" | "always" | "namedHeight";

/** Defines a method; handler arguments are typed from the kinds. */
export function method<P extends Readonly<Record<string, ParameterKind>>>(
  name: string,
  parameters: P,
  handler: (values: { [K in keyof P]: ParameterValue[P[K]] }, call: Call) => Json | Promise<Json>,
  options: { readonly caching?: Caching; readonly webSocketOnly?: boolean; readonly immediate?: boolean } = {},
): Method {
  const list = Object.entries(parameters);
  const heightAt = list.findIndex(([parameter]) => parameter === "height");
  const caching = options.caching ?? "never";
  return {
    name,
    parameters: list,
    webSocketOnly: options.webSocketOnly ?? false,
    immediate: options.immediate ?? false,
    cacheable: (values) =>
      caching === "always" || (caching === "namedHeight" && values[heightAt] !== undefined && values[heightAt] !== 0n),
    call: (values, call) => {
      const named: Record<string, unknown> = {};
      for (const [index, [parameter]] of list.entries()) named[parameter] = values[index];
      return handler(named as { [K in keyof P]: ParameterValue[P[K]] }, call);
    },
  };
}

/** The value of a parameter nobody gave. */
function zeroValue(kind: ParameterKind): unknown {
  switch (kind) {
    case "string":
      return "";
    case "boolean":
      return false;
    case "bytes":
    case "hexBytes":
      return new Uint8Array(0);
    case "int64":
      return 0n;
    case "uint":
      return 0;
    case "optionalInt64":
    case "optionalInt":
      return undefined;
    case "json":
      return null;
    default:
      return impossible(kind);
  }
}

/** Reads `params` of a JSON request: an object by name, an array by position, or nothing. Throws ParameterError. */
export function readJsonParameters(method: Method, params: unknown): readonly unknown[] {
  if (params === undefined || params === null) return method.parameters.map(([, kind]) => zeroValue(kind));
  if (Array.isArray(params)) {
    if (params.length !== method.parameters.length) {
      const names = method.parameters.map(([name]) => name).join(" ");
      throw new ParameterError(
        `expected ${method.parameters.length} parameters ([${names}]), got ${params.length} (${quoted(params, 200)})`,
      );
    }
    return method.parameters.map(([, kind], index) => readJsonValue(kind, params[index]));
  }
  if (typeof params !== "object") {
    throw new ParameterError(`unknown type for JSON params: ${typeof params}. Expected map or array`);
  }
  const given = new Map<string, unknown>(Object.entries(params));
  return method.parameters.map(([name, kind]) => readJsonValue(kind, given.get(name)));
}

/** A value as JSON in an error, cut so that an answer is never much larger than a question. */
export function quoted(value: unknown, maximumLength = 100): string {
  try {
    return JSON.stringify(value).slice(0, maximumLength);
  } catch {
    // What was parsed without recursion may nest too deeply to be printed with it.
    return "a value that nests too deeply";
  }
}

function readJsonValue(kind: ParameterKind, value: unknown): unknown {
  if (value === undefined || value === null) return zeroValue(kind);
  switch (kind) {
    case "string":
      if (typeof value !== "string") throw new ParameterError(`cannot read ${quoted(value)} as a string`);
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw new ParameterError(`cannot read ${quoted(value)} as a boolean`);
      return value;
    case "bytes":
      return orRefuse(typeof value === "string" ? parseBase64(value) : undefined, value, "base64 bytes");
    case "hexBytes":
      return orRefuse(typeof value === "string" ? parseHex(value) : undefined, value, "hex bytes");
    case "int64":
    case "uint":
    case "optionalInt64":
    case "optionalInt":
      // 64-bit integers are strings in CometBFT's JSON: a bare number loses digits in half the world's parsers.
      if (typeof value !== "string") {
        throw new ParameterError(`invalid 64-bit integer encoding ${quoted(quoted(value))}, expected string`);
      }
      return readInteger(kind, value);
    case "json":
      return value;
    default:
      return impossible(kind);
  }
}

function orRefuse<T>(value: T | undefined, given: unknown, wanted: string): T {
  if (value === undefined) throw new ParameterError(`cannot read ${quoted(given)} as ${wanted}`);
  return value;
}

const int64Maximum = (1n << 63n) - 1n;
const int64Minimum = -(1n << 63n);

function readInteger(kind: "int64" | "uint" | "optionalInt64" | "optionalInt", text: string): bigint | number {
  if (!/^-?[0-9]{1,20}$/.test(text)) throw new ParameterError(`cannot read ${quoted(text)} as an integer`);
  const value = BigInt(text);
  if (value > int64Maximum || value < int64Minimum || (kind === "uint" && value < 0n)) {
    throw new ParameterError(`the integer ${text} is out of range`);
  }
  if (kind === "int64" || kind === "optionalInt64") return value;
  // Page numbers: beyond 2^31 they only ever miss, so the exact value does not matter.
  const bound = 1n << 31n;
  return Number(value > bound ? bound : value < -bound ? -bound : value);
}

/** Reads the query string of a GET. Throws ParameterError. */
export function readUriParameters(method: Method, query: URLSearchParams): readonly unknown[] {
  return method.parameters.map(([name, kind]) => {
    const text = query.get(name);
    return text === null || text === "" ? zeroValue(kind) : readUriValue(kind, text);
  });
}

/** In a URI, text and bytes are quoted (`"abc"`) or hex (`0x616263`); integers may be bare. */
function readUriValue(kind: ParameterKind, text: string): unknown {
  const integer = kind === "int64" || kind === "uint" || kind === "optionalInt64" || kind === "optionalInt";
  if (integer && /^-?[0-9]+$/.test(text)) return readInteger(kind, text);
  const bytes = kind === "bytes" || kind === "hexBytes";
  if (/^0x/i.test(text)) {
    if (!bytes && kind !== "string") throw new ParameterError(`got a hex string arg, but expected '${kind}'`);
    const value = orRefuse(parseHex(text.slice(2)), text, "hex bytes");
    return bytes ? value : Buffer.from(value).toString("utf8");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ParameterError(`${quoted(text)} is not a value; strings are written in double quotes`);
  }
  if (bytes && typeof value === "string") return new Uint8Array(Buffer.from(value, "utf8"));
  return readJsonValue(kind, value);
}
