// Owns: the one kind of failure a transaction may meet (`TxError`), tables of error kinds per module, and the Cosmos
// SDK's root table (codespace "sdk"). Does not own: how a failure becomes an ABCI response (chain/app/results.ts).
//
// Every other throw in the core is a bug. Codes are part of the public interface: a code that was once released is
// never given another meaning.

/** A failure that a transaction or a query may meet; it becomes an ABCI code. `log` is the whole text a client sees. */
export class TxError extends Error {
  readonly codespace: string;
  /** Positive; 0 would mean success. */
  readonly code: number;
  readonly log: string;

  constructor(codespace: string, code: number, log: string) {
    super(log);
    this.name = "TxError";
    this.codespace = codespace;
    this.code = code;
    this.log = log;
  }

  /** The same failure with context before its text, as `errorsmod.Wrap` does: `context: text`. */
  wrap(context: string): TxError {
    return new TxError(this.codespace, this.code, `${context}: ${this.log}`);
  }
}

/** One row of a module's error table. */
export interface ErrorKind {
  readonly codespace: string;
  readonly code: number;
  readonly text: string;
  /** A failure of this kind; its log is `detail: text`, or `text` alone without a detail. */
  because(detail?: string): TxError;
  /** True when `error` is a `TxError` of this kind, however it was wrapped. */
  is(error: unknown): boolean;
}

/** What a module writes for one kind: a positive code, unique in the module, and the text the SDK would print. */
export interface ErrorRow {
  readonly code: number;
  readonly text: string;
}

/** The error tables by kind name. */
export type ErrorTable<Names extends string = string> = { readonly [Name in Names]: ErrorKind };

/**
 * Makes the error table of a codespace (by custom the module's name).
 * Throws when a code is not a positive 32-bit integer or stands twice: that is a mistake in the source.
 */
export function defineErrors<const Rows extends { readonly [name: string]: ErrorRow }>(
  codespace: string,
  rows: Rows,
): ErrorTable<keyof Rows & string> {
  const seen = new Set<number>();
  const table: Record<string, ErrorKind> = {};
  for (const [name, row] of Object.entries(rows)) {
    if (!Number.isInteger(row.code) || row.code < 1 || row.code > 0xffff_ffff || seen.has(row.code)) {
      throw new Error(`error ${codespace}.${name}: code ${row.code} is not a positive 32-bit code or is taken`);
    }
    seen.add(row.code);
    table[name] = {
      codespace,
      code: row.code,
      text: row.text,
      because: (detail) => new TxError(codespace, row.code, detail === undefined ? row.text : `${detail}: ${row.text}`),
      is: (error) => error instanceof TxError && error.codespace === codespace && error.code === row.code,
    };
  }
  return table as ErrorTable<keyof Rows & string>;
}

/** The Cosmos SDK's root errors; codes and texts from cosmos-sdk types/errors/errors.go. */
export const sdkErrors = defineErrors("sdk", {
  txDecode: { code: 2, text: "tx parse error" },
  invalidSequence: { code: 3, text: "invalid sequence" },
  unauthorized: { code: 4, text: "unauthorized" },
  insufficientFunds: { code: 5, text: "insufficient funds" },
  unknownRequest: { code: 6, text: "unknown request" },
  invalidAddress: { code: 7, text: "invalid address" },
  invalidPubKey: { code: 8, text: "invalid pubkey" },
  unknownAddress: { code: 9, text: "unknown address" },
  invalidCoins: { code: 10, text: "invalid coins" },
  outOfGas: { code: 11, text: "out of gas" },
  memoTooLarge: { code: 12, text: "memo too large" },
  insufficientFee: { code: 13, text: "insufficient fee" },
  tooManySignatures: { code: 14, text: "maximum number of signatures exceeded" },
  noSignatures: { code: 15, text: "no signatures supplied" },
  jsonMarshal: { code: 16, text: "failed to marshal JSON bytes" },
  jsonUnmarshal: { code: 17, text: "failed to unmarshal JSON bytes" },
  invalidRequest: { code: 18, text: "invalid request" },
  txInMempoolCache: { code: 19, text: "tx already in mempool" },
  mempoolIsFull: { code: 20, text: "mempool is full" },
  txTooLarge: { code: 21, text: "tx too large" },
  keyNotFound: { code: 22, text: "key not found" },
  wrongPassword: { code: 23, text: "invalid account password" },
  invalidSigner: { code: 24, text: "tx intended signer does not match the given signer" },
  invalidGasAdjustment: { code: 25, text: "invalid gas adjustment" },
  invalidHeight: { code: 26, text: "invalid height" },
  invalidVersion: { code: 27, text: "invalid version" },
  invalidChainId: { code: 28, text: "invalid chain-id" },
  invalidType: { code: 29, text: "invalid type" },
  txTimeoutHeight: { code: 30, text: "tx timeout height" },
  unknownExtensionOptions: { code: 31, text: "unknown extension options" },
  wrongSequence: { code: 32, text: "incorrect account sequence" },
  packAny: { code: 33, text: "failed packing protobuf message to Any" },
  unpackAny: { code: 34, text: "failed unpacking protobuf message from Any" },
  logic: { code: 35, text: "internal logic error" },
  conflict: { code: 36, text: "conflict" },
  notSupported: { code: 37, text: "feature not supported" },
  notFound: { code: 38, text: "not found" },
  io: { code: 39, text: "Internal IO error" },
  appConfig: { code: 40, text: "error in app.toml" },
  invalidGasLimit: { code: 41, text: "invalid gas limit" },
  txTimeout: { code: 42, text: "tx timeout" },
});

/** Thrown at the beginning of a block that another program has to make: the node says so, leaves word for its supervisor, and ends. */
export class UpgradeNeeded extends Error {
  override readonly name = "UpgradeNeeded";
  readonly plan: { readonly name: string; readonly height: bigint; readonly info: string };

  constructor(plan: UpgradeNeeded["plan"]) {
    super(`UPGRADE "${plan.name}" NEEDED at height: ${plan.height}: ${plan.info}`);
    this.plan = plan;
  }
}

/** Codes of no module: a failure without a code of its own (1) and a recovered panic (111222). */
export const undefinedErrors = defineErrors("undefined", {
  internal: { code: 1, text: "internal" },
  panic: { code: 111222, text: "panic" },
});

/** A failure that no table names, as the SDK's own plain errors are told to clients: undefined/1 with its text alone. */
export function uncodedError(log: string): TxError {
  return new TxError("undefined", undefinedErrors.internal.code, log);
}

/** Runs a check of what a message asks for: what it throws is told with its text alone. */
export function orUncoded(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw uncodedError((error as Error).message);
  }
}

/** Runs a check of what a message asks for: what it throws is told as sdk/18 with its text. */
export function orInvalidRequest(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw sdkErrors.invalidRequest.because((error as Error).message);
  }
}

/** The gRPC status codes that queries answer with (google.golang.org/grpc/codes). */
export type GrpcCode =
  | "Unknown"
  | "InvalidArgument"
  | "NotFound"
  | "AlreadyExists"
  | "FailedPrecondition"
  | "Unimplemented"
  | "Internal";

/**
 * A query's failure as a gRPC status. Over `abci_query` the SDK turns NotFound into sdk/22, InvalidArgument into
 * sdk/18 and so on, with the log `rpc error: code = NotFound desc = …: key not found` (baseapp/abci.go, gRPCErrorToSDKError).
 */
export class GrpcError extends Error {
  readonly grpcCode: GrpcCode;
  readonly description: string;

  constructor(grpcCode: GrpcCode, description: string) {
    super(`rpc error: code = ${grpcCode} desc = ${description}`);
    this.name = "GrpcError";
    this.grpcCode = grpcCode;
    this.description = description;
  }
}

/** What a query reads; a refusal on the way (one of `kinds`, where they are named) is told as a status with its text. */
export function orStatus<Answer>(code: GrpcCode, read: () => Answer, kinds?: readonly ErrorKind[]): Answer {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TxError) || kinds?.some((kind) => kind.is(error)) === false) throw error;
    throw new GrpcError(code, error.log);
  }
}
