// Owns: how failures become codes, codespaces and log texts (baseapp/recovery.go, baseapp/abci.go), and the outcome of
// running one transaction. Does not own: the error tables (chain/module/errors.ts).

import { GrpcError, sdkErrors, TxError, undefinedErrors } from "../module/errors.ts";
import type { Event } from "../module/events.ts";
import { type GasMeter, GasOverflow, OutOfGas } from "../store/gas.ts";
import { impossible } from "../types/impossible.ts";

/** Told of every throw that is a bug: the node logs and counts it, tests and the simulator stop on it. */
export type BugReporter = (error: unknown, where: string) => void;

/** What running one transaction came to. */
export interface TxOutcome {
  /** The failure, or `undefined` on success. */
  readonly error: TxError | undefined;
  /** The encoded TxMsgData; empty on failure. */
  readonly data: Uint8Array;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  /** Ante and message events; on failure only those of an ante that passed. */
  readonly events: readonly Event[];
  /** The encoded response of each message, for simulation. */
  readonly responses: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

/** Any throw while running a transaction, as the failure the SDK would report. */
export function txErrorOf(error: unknown, gas: GasMeter, gasWanted: bigint, report: BugReporter): TxError {
  if (error instanceof TxError) return error;
  if (error instanceof OutOfGas || error instanceof GasOverflow) {
    return sdkErrors.outOfGas.because(
      `out of gas in location: ${error.descriptor}; gasWanted: ${gasWanted}, gasUsed: ${gas.consumed}`,
    );
  }
  report(error, "transaction");
  return undefinedErrors.panic.because(`recovered: ${textOf(error)}`);
}

/** Any throw while answering a query, as baseapp's gRPCErrorToSDKError maps it. */
export function queryErrorOf(error: unknown, report: BugReporter): TxError {
  if (error instanceof GrpcError) return fromGrpc(error);
  if (error instanceof TxError) return sdkErrors.invalidRequest.because(error.log);
  if (error instanceof OutOfGas || error instanceof GasOverflow) {
    return sdkErrors.outOfGas.because(`query consumed too much gas in location: ${error.descriptor}`);
  }
  report(error, "query");
  return undefinedErrors.panic.because(`recovered: ${textOf(error)}`);
}

function fromGrpc(error: GrpcError): TxError {
  switch (error.grpcCode) {
    case "NotFound":
      return sdkErrors.keyNotFound.because(error.message);
    case "InvalidArgument":
    case "FailedPrecondition":
      return sdkErrors.invalidRequest.because(error.message);
    case "Unknown":
    case "AlreadyExists":
    case "Unimplemented":
    case "Internal":
      return sdkErrors.unknownRequest.because(error.message);
    default:
      return impossible(error.grpcCode);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
