/**
 * Owns gRPC statuses: their codes, and which one a failed ABCI query stands for. REST and gRPC answer with the same. Does not own how
 * either writes it.
 */

/** A gRPC status other than OK. */
export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/** gRPC codes by name (google.golang.org/grpc/codes). */
export const grpcCodes = {
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  Unauthenticated: 16,
} as const;

/** The status of a failed ABCI query (SDK client/grpc_query.go and baseapp/abci.go). */
export function statusOfQuery(codespace: string, code: number, log: string): GrpcStatus {
  // The status a gRPC handler gave is spelled out in the log, followed by the text of the code it was mapped to.
  const spelled =
    /^rpc error: code = (\w+) desc = (.*?)(?:: (?:key not found|invalid request|unknown request))?$/s.exec(log);
  const named = grpcCodes[(spelled?.[1] ?? "") as keyof typeof grpcCodes] as number | undefined;
  if (named !== undefined) return { code: named, message: spelled?.[2] ?? log };
  if (codespace !== "sdk") return { code: grpcCodes.Unknown, message: log };
  return { code: sdkCodes.get(code) ?? grpcCodes.Unknown, message: log };
}

/** Codes of the codespace "sdk" that have a status of their own. */
const sdkCodes: ReadonlyMap<number, number> = new Map([
  [4, grpcCodes.Unauthenticated],
  [18, grpcCodes.InvalidArgument],
  [22, grpcCodes.NotFound],
  [26, grpcCodes.InvalidArgument],
  [38, grpcCodes.NotFound],
]);
