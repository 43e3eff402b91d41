/**
 * Owns cosmos.tx.v1beta1.Service as far as the node answers it (SDK x/auth/tx/service.go): finding, sending, taking
 * apart and putting together transactions. Simulate is the application's.
 */

import { GrpcError, sdkErrors } from "../../../chain/module/errors.ts";
import { formatTime } from "../../../chain/types/time.ts";
import { DecodeError, decode, encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { sha256 } from "../../crypto.ts";
import { DuplicateTransactionError, MempoolError, TransactionTooLargeError } from "../../mempool/mempool.ts";
import type { IndexedTx } from "../../storage/storage.ts";
import { chosenPage, type RpcEnvironment, readQuery, searched } from "../environment.ts";
import { hexUpper, parseHex } from "../json.ts";
import { maximumPerPage, maximumSearchRows, searchTimeoutMs } from "../limits.ts";
import { RequestError } from "../method.ts";
import { type NodeMethod, nodeMethod } from "./service.ts";

type Tx = Messages["cosmos.tx.v1beta1.Tx"];
type TxResponse = Messages["cosmos.base.abci.v1beta1.TxResponse"];

const tx = "cosmos.tx.v1beta1";

/** Values of cosmos.tx.v1beta1.OrderBy and BroadcastMode. */
const orderDescending = 2;
const modeSync = 2;
const modeAsync = 3;

/** The methods of this file, on a node. */
export function transactionServices(environment: RpcEnvironment): readonly NodeMethod[] {
  const service = `/${tx}.Service`;
  return [
    nodeMethod(`${service}/GetTx`, `${tx}.GetTxRequest`, `${tx}.GetTxResponse`, ({ hash }) => getTx(environment, hash)),
    nodeMethod(`${service}/GetTxsEvent`, `${tx}.GetTxsEventRequest`, `${tx}.GetTxsEventResponse`, (request) =>
      getTxsEvent(environment, request),
    ),
    nodeMethod(
      `${service}/GetBlockWithTxs`,
      `${tx}.GetBlockWithTxsRequest`,
      `${tx}.GetBlockWithTxsResponse`,
      (request) => getBlockWithTxs(environment, request),
    ),
    nodeMethod(`${service}/BroadcastTx`, `${tx}.BroadcastTxRequest`, `${tx}.BroadcastTxResponse`, async (request) => ({
      txResponse: await broadcast(environment, request),
    })),
    nodeMethod(`${service}/TxDecode`, `${tx}.TxDecodeRequest`, `${tx}.TxDecodeResponse`, ({ txBytes }) => ({
      tx: readTx(txBytes),
    })),
    nodeMethod(`${service}/TxEncode`, `${tx}.TxEncodeRequest`, `${tx}.TxEncodeResponse`, (request) => {
      if (request.tx === undefined) throw new GrpcError("InvalidArgument", "invalid empty tx");
      return { txBytes: writeTx(request.tx) };
    }),
  ];
}

/** Signed bytes as the message clients know. Throws GrpcError when they are no transaction. */
function readTx(bytes: Uint8Array): Tx {
  if (bytes.length === 0) throw new GrpcError("InvalidArgument", "invalid empty tx bytes");
  try {
    const raw = decode(`${tx}.TxRaw`, bytes);
    return {
      body: decode(`${tx}.TxBody`, raw.bodyBytes),
      authInfo: decode(`${tx}.AuthInfo`, raw.authInfoBytes),
      signatures: raw.signatures,
    };
  } catch (error) {
    if (error instanceof DecodeError) throw new GrpcError("InvalidArgument", `tx parse error: ${error.message}`);
    throw error;
  }
}

function writeTx(message: Tx): Uint8Array {
  return encode(`${tx}.TxRaw`, {
    bodyBytes: encode(`${tx}.TxBody`, message.body ?? {}),
    authInfoBytes: encode(`${tx}.AuthInfo`, message.authInfo ?? {}),
    signatures: message.signatures,
  });
}

/** A committed transaction in the SDK's shape, with the time of its block. */
function txResponse({ storage }: RpcEnvironment, found: IndexedTx, message: Tx): TxResponse {
  const time = storage.blockMeta(found.height)?.header.time;
  return {
    height: found.height,
    txhash: hexUpper(sha256(found.tx)),
    codespace: found.result.codespace,
    code: found.result.code,
    data: hexUpper(found.result.data),
    rawLog: found.result.log,
    logs: [],
    info: found.result.info,
    gasWanted: found.result.gasWanted,
    gasUsed: found.result.gasUsed,
    tx: { typeUrl: `/${tx}.Tx`, value: encode(`${tx}.Tx`, message) },
    // The SDK prints whole seconds here.
    timestamp: time === undefined ? "" : formatTime({ seconds: time.seconds, nanos: 0 }),
    events: found.result.events,
  };
}

function getTx(environment: RpcEnvironment, text: string): Messages["cosmos.tx.v1beta1.GetTxResponse"] {
  if (text === "") throw new GrpcError("InvalidArgument", "tx hash cannot be empty");
  const hash = parseHex(text);
  if (hash === undefined) throw new GrpcError("InvalidArgument", `invalid tx hash: ${text.slice(0, 100)}`);
  const found = environment.storage.transaction(hash);
  if (found === undefined) throw new GrpcError("NotFound", `tx not found: ${text}`);
  const message = readTx(found.tx);
  return { tx: message, txResponse: txResponse(environment, found, message) };
}

async function getTxsEvent(
  environment: RpcEnvironment,
  request: Messages["cosmos.tx.v1beta1.GetTxsEventRequest"],
): Promise<Messages["cosmos.tx.v1beta1.GetTxsEventResponse"]> {
  const { storage } = environment;
  // Old clients send a list of conditions instead of a query.
  const text = request.query === "" ? request.events.join(" AND ") : request.query;
  if (text === "") throw new GrpcError("InvalidArgument", "query cannot be empty");
  const bounds = { maximumRows: maximumSearchRows, timeoutMs: searchTimeoutMs };
  try {
    const positions = [...(await searched(storage.searchTransactions(readQuery(text), bounds)))];
    if (request.orderBy === orderDescending) positions.reverse();
    const asked = Number(request.limit === 0n ? (request.pagination?.limit ?? 0n) : request.limit);
    const limit = asked === 0 || asked > maximumPerPage ? maximumPerPage : asked;
    const pageGiven = request.page === 0n ? undefined : Number(request.page);
    const page = chosenPage(pageGiven, limit, positions.length);
    const txs: Tx[] = [];
    const txResponses: TxResponse[] = [];
    for (const position of positions.slice((page - 1) * limit, page * limit)) {
      const found = storage.transactionAt(position);
      if (found === undefined) continue;
      const message = readTx(found.tx);
      txs.push(message);
      txResponses.push(txResponse(environment, found, message));
    }
    return { txs, txResponses, pagination: undefined, total: BigInt(positions.length) };
  } catch (error) {
    if (error instanceof RequestError) throw new GrpcError("InvalidArgument", error.message);
    throw error;
  }
}

/** The block, and a page of its transactions; what cannot be read as a transaction is left out, as in the SDK. */
function getBlockWithTxs(
  { storage }: RpcEnvironment,
  { height, pagination }: Messages["cosmos.tx.v1beta1.GetBlockWithTxsRequest"],
): Messages["cosmos.tx.v1beta1.GetBlockWithTxsResponse"] {
  if (height < 1n || height > storage.height) {
    throw sdkErrors.invalidHeight.because(
      `requested height ${height} but height must not be less than 1 or greater than the current height ${storage.height}`,
    );
  }
  const meta = storage.blockMeta(height);
  const block = storage.block(height);
  if (meta === undefined || block === undefined) throw new GrpcError("NotFound", `block at height ${height} not found`);
  const all = block.data.txs;
  const total = BigInt(all.length);
  const { offset = 0n, limit: asked = 0n, reverse = false } = pagination ?? {};
  if (offset >= total && total > 0n) {
    throw sdkErrors.invalidRequest.because(
      `out of range: cannot paginate ${total} txs with offset ${offset} and limit ${asked}`,
    );
  }
  const limit = asked === 0n || asked > maximumPerPage ? maximumPerPage : Number(asked);
  const start = Number(offset);
  const chosen = reverse ? all.toReversed().slice(start, start + limit) : all.slice(start, start + limit);
  const txs = chosen.flatMap((bytes) => {
    try {
      return [readTx(bytes)];
    } catch (error) {
      if (error instanceof GrpcError) return [];
      throw error;
    }
  });
  return { txs, blockId: meta.blockId, block, pagination: { nextKey: new Uint8Array(0), total } };
}

/** Sends a transaction. Refusals are answers with a code, as the SDK's client makes of CometBFT's errors. */
async function broadcast(
  environment: RpcEnvironment,
  { txBytes, mode }: Messages["cosmos.tx.v1beta1.BroadcastTxRequest"],
): Promise<TxResponse> {
  if (txBytes.length === 0) throw new GrpcError("InvalidArgument", "invalid empty tx");
  if (mode !== modeSync && mode !== modeAsync) {
    throw new GrpcError("InvalidArgument", "unsupported broadcast mode; supported modes: sync, async");
  }
  const answer = { ...noResponse, txhash: hexUpper(sha256(txBytes)) };
  try {
    const result = await environment.submit(txBytes);
    if (mode === modeAsync) return answer;
    return {
      ...answer,
      codespace: result.codespace,
      code: result.code,
      data: hexUpper(result.data),
      rawLog: result.log,
    };
  } catch (error) {
    if (!(error instanceof MempoolError)) throw error;
    const kind = refusalOf(error);
    return { ...answer, codespace: kind.codespace, code: kind.code, rawLog: error.message };
  }
}

/** The SDK's codes for a mempool's refusals (client/broadcast.go CheckCometError). */
function refusalOf(error: MempoolError): { readonly codespace: string; readonly code: number } {
  if (error instanceof DuplicateTransactionError) return sdkErrors.txInMempoolCache.because(error.message);
  if (error instanceof TransactionTooLargeError) return sdkErrors.txTooLarge.because(error.message);
  return sdkErrors.mempoolIsFull.because(error.message);
}

const noResponse: TxResponse = {
  height: 0n,
  txhash: "",
  codespace: "",
  code: 0,
  data: "",
  rawLog: "",
  logs: [],
  info: "",
  gasWanted: 0n,
  gasUsed: 0n,
  tx: undefined,
  timestamp: "",
  events: [],
};
