// Owns what passes between a transaction and a node: the account's numbers, simulation, broadcast, and the answer in the
// form of simd's TxResponse. It signs nothing.
import { decode, unpackAny } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError } from "../errors.ts";
import { QueryError, type RpcClient, RpcError } from "../rpc-client.ts";
import type { Json } from "../yaml.ts";
import { type Tx, txBytes, txFromBytes, txHash } from "./transaction.ts";

/** What the chain knows of an account. */
export interface AccountNumbers {
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The numbers of an account; an account the chain does not know cannot sign anything yet. */
export async function accountNumbers(client: RpcClient, address: string): Promise<AccountNumbers> {
  try {
    const { account } = await client.query(
      "/cosmos.auth.v1beta1.Query/Account",
      "cosmos.auth.v1beta1.QueryAccountRequest",
      "cosmos.auth.v1beta1.QueryAccountResponse",
      { address },
    );
    if (account === undefined) throw new CliError(`the node knows nothing of account ${address}`);
    const base = baseAccount(unpackAny(account).value);
    if (base === undefined) throw new CliError(`accounts of type ${account.typeUrl} are not supported`);
    return { accountNumber: base.accountNumber, sequence: base.sequence };
  } catch (error) {
    if (error instanceof QueryError && /not found/i.test(error.message)) {
      throw new CliError(
        `account ${address} does not exist on this chain`,
        "an account begins to exist when it first receives coins; nothing was sent",
      );
    }
    throw error;
  }
}

/** The base account inside an account of any kind: module and vesting accounts wrap it. */
function baseAccount(value: unknown): AccountNumbers | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("accountNumber" in value && "sequence" in value) return value as AccountNumbers;
  for (const key of ["baseAccount", "baseVestingAccount"]) {
    if (key in value) return baseAccount((value as Readonly<Record<string, unknown>>)[key]);
  }
  return undefined;
}

/** What a transaction would do on the present state. */
export async function simulation(client: RpcClient, tx: Tx): Promise<Messages["cosmos.tx.v1beta1.SimulateResponse"]> {
  return await client.query(
    "/cosmos.tx.v1beta1.Service/Simulate",
    "cosmos.tx.v1beta1.SimulateRequest",
    "cosmos.tx.v1beta1.SimulateResponse",
    { txBytes: txBytes(tx) },
  );
}

/** The gas a transaction would use on the present state. */
export async function simulate(client: RpcClient, tx: Tx): Promise<bigint> {
  const { gasInfo } = await simulation(client, tx);
  if (gasInfo === undefined) throw new CliError("the node simulated the transaction and reported no gas");
  return gasInfo.gasUsed;
}

/** The form in which simd prints a transaction's outcome; 64-bit numbers are strings. */
export interface TxResponse {
  readonly height: string;
  readonly txhash: string;
  readonly codespace: string;
  readonly code: number;
  readonly data: string;
  readonly raw_log: string;
  readonly logs: readonly Json[];
  readonly info: string;
  readonly gas_wanted: string;
  readonly gas_used: string;
  readonly tx: Json;
  readonly timestamp: string;
  readonly events: readonly Json[];
}

const emptyResponse: TxResponse = {
  height: "0",
  txhash: "",
  codespace: "",
  code: 0,
  data: "",
  raw_log: "",
  logs: [],
  info: "",
  gas_wanted: "0",
  gas_used: "0",
  tx: null,
  timestamp: "",
  events: [],
};

/** Sends a transaction. `sync` waits for the node's first check and reports its code; `async` does not. */
export async function broadcast(client: RpcClient, bytes: Uint8Array, mode: "sync" | "async"): Promise<TxResponse> {
  try {
    const answer = await client.call<{
      code?: number;
      data?: string;
      log?: string;
      codespace?: string;
      hash?: string;
      gas_wanted?: string;
      gas_used?: string;
    }>(`broadcast_tx_${mode}`, { tx: Buffer.from(bytes).toString("base64") });
    return {
      ...emptyResponse,
      txhash: answer.hash ?? txHash(bytes),
      code: answer.code ?? 0,
      codespace: answer.codespace ?? "",
      raw_log: answer.log ?? "",
    };
  } catch (error) {
    const refused = error instanceof RpcError ? mempoolRefusal(error.message) : undefined;
    if (refused === undefined) throw error;
    // The SDK's client turns these refusals of the mempool into codes of its root table (client/broadcast.go).
    return { ...emptyResponse, txhash: txHash(bytes), codespace: "sdk", code: refused };
  }
}

function mempoolRefusal(text: string): number | undefined {
  if (text.includes("tx already exists in cache")) return 19;
  if (text.includes("mempool is full")) return 20;
  return text.includes("Tx too large") ? 21 : undefined;
}

/** What the `tx` method of the RPC returns, as far as it is used here. */
export interface IndexedTx {
  readonly hash: string;
  readonly height: string;
  readonly tx: string;
  readonly tx_result: {
    readonly code?: number;
    readonly data?: string | null;
    readonly log?: string;
    readonly info?: string;
    readonly gas_wanted?: string;
    readonly gas_used?: string;
    readonly events?: readonly Json[] | null;
    readonly codespace?: string;
  };
}

/** The outcome of a committed transaction in simd's form. `timestamp` is its block's time. */
export function txResponse(found: IndexedTx, timestamp: string): TxResponse {
  const result = found.tx_result;
  const bytes = new Uint8Array(Buffer.from(found.tx, "base64"));
  const tx = toJson("cosmos.tx.v1beta1.Tx", txFromBytes(bytes)) as { readonly [key: string]: Json };
  return {
    ...emptyResponse,
    height: found.height,
    txhash: found.hash.toUpperCase(),
    codespace: result.codespace ?? "",
    code: result.code ?? 0,
    data: Buffer.from(result.data ?? "", "base64")
      .toString("hex")
      .toUpperCase(),
    raw_log: result.log ?? "",
    info: result.info ?? "",
    gas_wanted: result.gas_wanted ?? "0",
    gas_used: result.gas_used ?? "0",
    tx: { "@type": "/cosmos.tx.v1beta1.Tx", ...tx },
    timestamp,
    events: result.events ?? [],
  };
}

/** The decoded answers of a transaction's messages. */
export function messageResponses(data: Uint8Array): readonly Messages["google.protobuf.Any"][] {
  return decode("cosmos.base.abci.v1beta1.TxMsgData", data).msgResponses;
}

/** The failure of a transaction the node did not take. */
export function refusedByNode(response: TxResponse): CliError {
  return new CliError(`the node refused the transaction: ${reasonOf(response)}`, "nothing was changed on the chain");
}

/** The failure of a transaction that was in a block and failed there. */
export function refusedByChain(response: TxResponse): CliError {
  return new CliError(
    `the transaction failed at height ${response.height}: ${reasonOf(response)}`,
    "the fee was taken, everything else is as before",
  );
}

function reasonOf(response: TxResponse): string {
  const log = response.raw_log.replace(/\s+/g, " ").trim();
  return `${log === "" ? "no reason was given" : log} (${response.codespace} code ${response.code})`;
}
