/**
 * Owns answering REST requests through gRPC methods: a GET's path and query, or a POST's JSON body, become the request
 * message, an ABCI query carries it, and the response message becomes JSON. Errors have grpc-gateway's shape and HTTP
 * codes. Does not own sockets (server.ts) nor routes (routes.ts).
 */

import { DecodeError, decode, encode } from "../../proto/codec.ts";
import { fromJson, JsonError, type JsonValue, toJson } from "../../proto/json.ts";
import { isMessageName } from "../../proto/registry.ts";
import type { MessageName } from "../../proto/types.gen.ts";
import type { Logger } from "../log.ts";
import { BoundedJsonError, parseInTurn } from "../rpc/bounded-json.ts";
import type { ApplicationView } from "../rpc/environment.ts";
import { statusOfQuery } from "../rpc/grpc-services/status.ts";
import { BusyError, type WorkSlices } from "../work-slices.ts";
import { RequestFieldError, requestJson } from "./request-fields.ts";
import { findRoute, type Route } from "./routes.ts";

/** A request, its body read. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** The height the caller asked for (`x-cosmos-block-height`), as text. */
  readonly height: string | undefined;
}

/** An answer: JSON with its status, and the height it is of. */
export interface RestAnswer {
  readonly status: number;
  readonly json: JsonValue;
  readonly height: bigint | undefined;
}

/** HTTP statuses of gRPC codes (grpc-gateway runtime/errors.go). */
const httpStatuses: Readonly<Record<number, number>> = {
  1: 408,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  14: 503,
  16: 401,
};

/** An error in grpc-gateway's shape. */
export function restError(code: number, message: string): RestAnswer {
  return { status: httpStatuses[code] ?? 500, json: { code, message, details: [] }, height: undefined };
}

/** What the gateway uses. */
export interface GatewayNeeds {
  readonly routes: readonly Route[];
  readonly application: Pick<ApplicationView, "query">;
  readonly slices: Pick<WorkSlices, "run">;
  readonly log: Logger;
}

/** Answers a request, or undefined when no route fits it. Never rejects. */
export async function answerRest(needs: GatewayNeeds, request: RestRequest): Promise<RestAnswer | undefined> {
  const match = findRoute(needs.routes, request.method, request.path);
  if (match === undefined) return undefined;
  const { route } = match;
  try {
    const { request: requestName, response: responseName } = route.method;
    if (!isMessageName(requestName) || !isMessageName(responseName)) throw new Error(`no message ${requestName}`);
    const height = readHeight(request.height);
    const json =
      route.http.body === "*" ? await bodyJson(needs, request) : requestJson(requestName, match.bound, request.query);
    const data = encodeRequest(requestName, json as JsonValue);
    const result = await needs.application.query({ path: route.grpcPath, data, height, prove: false });
    if (result.code !== 0) {
      const { code, message } = statusOfQuery(result.codespace, result.code, result.log);
      return restError(code, message);
    }
    const message = decode(responseName, result.value);
    return { status: 200, json: toJson(responseName, message), height: result.height > 0n ? result.height : undefined };
  } catch (error) {
    if (error instanceof RequestFieldError || error instanceof JsonError || error instanceof DecodeError) {
      return restError(3, error.message);
    }
    if (error instanceof BusyError) return restError(14, error.message);
    needs.log.error(
      { err: error, path: request.path, module: "rest" },
      "a request met a defect of this program; nothing else is affected, and this line is what to report",
    );
    return restError(13, "internal error");
  }
}

function readHeight(text: string | undefined): bigint {
  if (text === undefined || text === "") return 0n;
  if (!/^\d{1,18}$/.test(text))
    throw new RequestFieldError(`invalid height header: ${JSON.stringify(text.slice(0, 50))}`);
  return BigInt(text);
}

async function bodyJson({ slices }: GatewayNeeds, { body }: RestRequest): Promise<unknown> {
  try {
    return body.length === 0 ? {} : await parseInTurn(body, slices);
  } catch (error) {
    if (!(error instanceof BoundedJsonError)) throw error;
    throw new RequestFieldError(`the body ${error.message}`);
  }
}

function encodeRequest<Name extends MessageName>(name: Name, json: JsonValue): Uint8Array {
  return encode(name, fromJson(name, json) as never);
}
