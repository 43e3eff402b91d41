/**
 * Owns what a gRPC method answered by the node is, typed by its messages, and its way through `abci_query`: clients
 * such as CosmJS and Hermes reach every gRPC service by an ABCI query whose path is the method's. The application's own
 * methods are answered by the application. Does not own any method.
 */

import { queryErrorOf } from "../../../chain/app/results.ts";
import { GrpcError, TxError } from "../../../chain/module/errors.ts";
import { DecodeError, decode, encode, type MessageInput } from "../../../proto/codec.ts";
import type { MessageName, Messages } from "../../../proto/types.gen.ts";
import type { Application } from "../../ports.ts";
import { BusyError } from "../../work-slices.ts";

type QueryRequest = Parameters<Application["query"]>[0];
type QueryResponse = ReturnType<Application["query"]>;

/** One method of a service, on bytes. `height` is the one the caller asked for, 0n for the latest. */
export interface NodeMethod {
  /** `/package.Service/Method`. */
  readonly path: string;
  handle(request: Uint8Array, height: bigint): Promise<Uint8Array>;
}

/** Defines a method by its path and its two messages. The handler throws GrpcError. */
export function nodeMethod<Request extends MessageName, Response extends MessageName>(
  path: string,
  request: Request,
  response: Response,
  handler: (request: Messages[Request], height: bigint) => MessageInput<Response> | Promise<MessageInput<Response>>,
): NodeMethod {
  return {
    path,
    handle: async (bytes, height) => {
      let decoded: Messages[Request];
      try {
        decoded = decode(request, bytes);
      } catch (error) {
        if (error instanceof DecodeError) throw new GrpcError("InvalidArgument", error.message);
        throw error;
      }
      return encode(response, await handler(decoded, height));
    },
  };
}

/** Queries with the node's methods answered before the application is asked, as of the last height unless one is named. */
export function routeQueries(
  methods: readonly NodeMethod[],
  application: { query(request: QueryRequest): Promise<QueryResponse> },
  lastHeight: () => bigint,
  report: (error: unknown, where: string) => void,
): (request: QueryRequest) => Promise<QueryResponse> {
  const byPath = new Map(methods.map((one) => [one.path, one]));
  return async (request) => {
    const method = byPath.get(request.path);
    if (method === undefined) return await application.query(request);
    // Clients take a height of zero for a broken node.
    const height = request.height === 0n ? lastHeight() : request.height;
    const shared = { info: "", index: 0n, key: new Uint8Array(0), proofOps: undefined, height };
    try {
      const value = await method.handle(request.data, request.height);
      return { ...shared, code: 0, log: "", codespace: "", value };
    } catch (error) {
      // Each way in says in its own terms that the node is busy.
      if (error instanceof BusyError) throw error;
      const failure = error instanceof TxError ? error : queryErrorOf(error, report);
      const { code, codespace, log } = failure;
      return { ...shared, code, codespace, log, value: new Uint8Array(0) };
    }
  };
}
