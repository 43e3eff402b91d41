// Owns the command line's side of a node's JSON-RPC (CometBFT 0.38): one request at a time over HTTP, with a time limit,
// and failures in plain words. What the answers mean is the caller's.
import { decode, encode } from "../proto/codec.ts";
import type { Messages } from "../proto/types.gen.ts";
import { CliError, exitCode, messageOf } from "./errors.ts";
import { maxResponseBytes, requestTimeoutMs } from "./limits.ts";

/** A refusal by the node: it was reached, understood the request, and said no. */
export class RpcError extends CliError {
  /** The JSON-RPC error's code. */
  readonly rpcCode: number;
  constructor(method: string, rpcCode: number, text: string) {
    super(`the node refused ${method}: ${text}`);
    this.rpcCode = rpcCode;
  }
}

/** A query the application answered with a code other than 0. */
export class QueryError extends CliError {
  readonly abciCode: number;
  readonly codespace: string;
  constructor(path: string, code: number, codespace: string, log: string) {
    super(`${log} (${codespace} code ${code}, ${path})`);
    this.abciCode = code;
    this.codespace = codespace;
  }
}

type MessageName = keyof Messages & string;

/** What `abci_query` returns, as far as it is used here. */
interface AbciQueryAnswer {
  readonly response: {
    readonly code?: number;
    readonly codespace?: string;
    readonly log?: string;
    readonly value?: string | null;
    readonly height?: string;
  };
}

/** A connection to one node. Nothing is kept open between requests that would hold the process. */
export class RpcClient {
  readonly url: string;
  #id = 0;

  constructor(url: string) {
    this.url = url;
  }

  /** Calls a method; the result is returned as parsed. */
  async call<Result = unknown>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    this.#id += 1;
    const body = JSON.stringify({ jsonrpc: "2.0", id: this.#id, method, params });
    const text = await this.#post(method, body);
    let answer: { result?: Result; error?: { code?: number; message?: string; data?: string } };
    try {
      answer = JSON.parse(text) as typeof answer;
    } catch {
      throw new CliError(
        `${this.url} does not speak JSON-RPC: it answered ${JSON.stringify(text.slice(0, 60))}`,
        "is --node the RPC address (port 26657 by default)?",
        exitCode.unavailable,
      );
    }
    if (answer.error !== undefined && answer.error !== null) {
      const { code = 0, message = "", data = "" } = answer.error;
      throw new RpcError(method, code, data === "" ? message : `${message}: ${data}`.replace(/^Internal error: /, ""));
    }
    return answer.result as Result;
  }

  async #post(method: string, body: string): Promise<string> {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const length = Number(response.headers.get("content-length") ?? 0);
      if (length > maxResponseBytes)
        throw new CliError(`the answer to ${method} has ${length} bytes, more than ${maxResponseBytes}`);
      return await response.text();
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw unreachable(this.url, error);
    }
  }

  /** Asks a gRPC query service of the application through `abci_query`. Height 0 is the latest. */
  async query<Request extends MessageName, Response extends MessageName>(
    path: string,
    requestName: Request,
    responseName: Response,
    request: Parameters<typeof encode<Request>>[1],
    height = 0n,
  ): Promise<Messages[Response]> {
    return decode(responseName, await this.queryBytes(path, encode(requestName, request), height));
  }

  /** As `query`, on encoded messages. */
  async queryBytes(path: string, request: Uint8Array, height = 0n): Promise<Uint8Array> {
    const { response } = await this.call<AbciQueryAnswer>("abci_query", {
      path,
      data: Buffer.from(request).toString("hex"),
      height: height.toString(),
      prove: false,
    });
    const code = response.code ?? 0;
    if (code !== 0)
      throw new QueryError(path, code, response.codespace ?? "", (response.log ?? "").replace(/\s+/g, " ").trim());
    return new Uint8Array(Buffer.from(response.value ?? "", "base64"));
  }
}

/** Why a node could not be reached, and what to do. */
function unreachable(url: string, error: unknown): CliError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const reason = timedOut
    ? `it did not answer within ${requestTimeoutMs / 1000} seconds`
    : code === "ECONNREFUSED"
      ? "nothing listens there"
      : code === "ENOTFOUND" || code === "EAI_AGAIN"
        ? "the host name is not known"
        : messageOf(cause);
  return new CliError(
    `cannot reach the node at ${url}: ${reason}`,
    "start it with `tributaryd start`, or name another with --node; nothing was sent",
    exitCode.unavailable,
  );
}
