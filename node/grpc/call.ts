/**
 * Owns answering one gRPC call on bytes: the path names a method, an ABCI query carries it, and a failure becomes a status. gRPC and
 * gRPC-Web share it. Does not own sockets, frames, nor reflection.
 */
import type { Logger } from "../log.ts";
import type { ApplicationView } from "../rpc/environment.ts";
import { type GrpcStatus, grpcCodes, statusOfQuery } from "../rpc/grpc-services/status.ts";
import { BusyError } from "../work-slices.ts";

/** What a call uses. */
export interface CallNeeds {
  /** Whether the method of a path, `/package.Service/Method`, is answered here. */
  readonly isServed: (path: string) => boolean;
  readonly application: Pick<ApplicationView, "query">;
  readonly log: Logger;
}

/** A call, its one message read. */
export interface Call {
  readonly path: string;
  readonly message: Uint8Array;
  /** The height the caller asked for (`x-cosmos-block-height`), as text. */
  readonly height: string | undefined;
}

/** What is sent back: a message and the height it is of, or a status that says why not. */
export type CallAnswer =
  | { readonly ok: true; readonly message: Uint8Array; readonly height: bigint }
  | { readonly ok: false; readonly status: GrpcStatus };

/** Answers a call. Never rejects. */
export async function answerCall(needs: CallNeeds, { path, message, height: text }: Call): Promise<CallAnswer> {
  if (!needs.isServed(path)) return failed(grpcCodes.Unimplemented, unknownText(path));
  if (text !== undefined && !/^\d{1,18}$/.test(text))
    return failed(grpcCodes.InvalidArgument, `invalid height header: ${JSON.stringify(text.slice(0, 50))}`);
  try {
    const height = text === undefined ? 0n : BigInt(text);
    const result = await needs.application.query({ path, data: message, height, prove: false });
    if (result.code === 0) return { ok: true, message: result.value, height: result.height };
    return { ok: false, status: statusOfQuery(result.codespace, result.code, result.log) };
  } catch (error) {
    if (error instanceof BusyError) return failed(grpcCodes.Unavailable, error.message);
    needs.log.error(
      { err: error, path, module: "grpc" },
      "a call met a defect of this program; nothing else is affected, and this line is what to report",
    );
    return failed(grpcCodes.Internal, "internal error");
  }
}

function failed(code: number, message: string): CallAnswer {
  return { ok: false, status: { code, message } };
}

/** In the words of Go's server. */
function unknownText(path: string): string {
  const [, service, method] = /^\/([^/]{1,200})\/([^/]{1,200})$/.exec(path) ?? [];
  if (service === undefined) return "malformed method name";
  return `unknown service ${service} or method ${method}`;
}
