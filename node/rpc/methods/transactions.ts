/**
 * Owns the methods that send and find transactions. Transaction step 1 ends here: the
 * bytes go to the mempool.
 */

import { setImmediate as turn } from "node:timers/promises";
import { proveTx } from "../../../chain/types/tx.ts";
import { sha256 } from "../../crypto.ts";
import { type CheckResult, MempoolError } from "../../mempool/mempool.ts";
import type { IndexedTx } from "../../storage/storage.ts";
import { chosenPerPage, pageOf, type RpcEnvironment, readQuery, searched } from "../environment.ts";
import { base64, hexUpper, type Json, parseHex } from "../json.ts";
import { maximumSearchRows, searchTimeoutMs } from "../limits.ts";
import { type Method, method, RequestError } from "../method.ts";
import { renderCheckTx, renderTxResult } from "../render.ts";

/** What they ask waits for its turn by itself, or is no work. */
const inTurn = { immediate: true };

/** The methods of this file, on a node. */
export function transactionMethods(environment: RpcEnvironment): readonly Method[] {
  const one = { tx: "bytes" } as const;
  return [
    method("broadcast_tx_sync", one, async ({ tx }) => broadcast(tx, await submit(environment, tx)), inTurn),
    method("broadcast_tx_async", one, ({ tx }) => broadcastAsync(environment, tx), inTurn),
    method("broadcast_tx_commit", one, ({ tx }) => broadcastCommit(environment, tx), inTurn),
    method(
      "check_tx",
      one,
      async ({ tx }) => renderCheckTx(await environment.application.checkTx({ tx, type: 0 })),
      inTurn,
    ),
    method("unconfirmed_txs", { limit: "optionalInt" }, ({ limit }) => unconfirmed(environment, limit)),
    method("num_unconfirmed_txs", {}, () => numberUnconfirmed(environment), inTurn),
    method("tx", { hash: "bytes", prove: "boolean" }, ({ hash, prove }) => transaction(environment, hash, prove), {
      caching: "always",
    }),
    method(
      "tx_search",
      { query: "string", prove: "boolean", page: "optionalInt", per_page: "optionalInt", order_by: "string" },
      (values) => search(environment, values),
    ),
  ];
}

/** Hands a transaction to the mempool. Refusals become the caller's error, with CometBFT's text. */
async function submit(environment: RpcEnvironment, tx: Uint8Array): Promise<CheckResult> {
  try {
    return await environment.submit(tx);
  } catch (error) {
    if (error instanceof MempoolError) throw new RequestError(error.message);
    throw error;
  }
}

function broadcast(tx: Uint8Array, result: CheckResult): Json {
  return {
    code: result.code,
    data: hexUpper(result.data),
    log: result.log,
    codespace: result.codespace,
    hash: hexUpper(sha256(tx)),
  };
}

/** As CometBFT: refusals of the mempool are told, the application's verdict is not. */
async function broadcastAsync(environment: RpcEnvironment, tx: Uint8Array): Promise<Json> {
  await submit(environment, tx);
  return { code: 0, data: "", log: "", codespace: "", hash: hexUpper(sha256(tx)) };
}

async function broadcastCommit(environment: RpcEnvironment, tx: Uint8Array): Promise<Json> {
  const hash = hexUpper(sha256(tx));
  // Waiting starts before the check: the block may come faster than the answer.
  const waiter = environment.waiters.wait(hash, environment.broadcastCommitTimeoutMs);
  let checked: CheckResult;
  try {
    checked = await submit(environment, tx);
  } catch (error) {
    waiter.cancel();
    if (error instanceof RequestError) throw new RequestError(`error on broadcastTxCommit: ${error.message}`);
    throw error;
  }
  if (checked.code !== 0) {
    waiter.cancel();
    return { check_tx: renderCheckTx(checked), tx_result: noResult, hash, height: "0" };
  }
  const committed = await waiter.committed;
  if (committed === undefined) throw new RequestError("timed out waiting for tx to be included in a block");
  return {
    check_tx: renderCheckTx(checked),
    tx_result: renderTxResult(committed.result),
    hash,
    height: committed.height.toString(),
  };
}

const noResult: Json = renderTxResult({
  code: 0,
  data: new Uint8Array(0),
  log: "",
  info: "",
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: "",
});

function unconfirmed({ mempool }: RpcEnvironment, limit: number | undefined): Json {
  const txs = mempool.first(chosenPerPage(limit));
  return {
    n_txs: txs.length.toString(),
    total: mempool.count.toString(),
    total_bytes: mempool.bytes.toString(),
    txs: txs.map(base64),
  };
}

function numberUnconfirmed({ mempool }: RpcEnvironment): Json {
  const count = mempool.count.toString();
  return { n_txs: count, total: count, total_bytes: mempool.bytes.toString(), txs: null };
}

function transaction(environment: RpcEnvironment, hash: Uint8Array, prove: boolean): Json {
  const found = environment.storage.transaction(hash);
  if (found === undefined) throw new RequestError(`tx (${hexUpper(hash)}) not found`);
  return renderTransaction(environment, found, prove);
}

function renderTransaction({ storage }: RpcEnvironment, found: IndexedTx, prove: boolean): Json {
  const txs = prove ? storage.block(found.height)?.data.txs : undefined;
  return {
    hash: hexUpper(sha256(found.tx)),
    height: found.height.toString(),
    index: found.txIndex,
    tx_result: renderTxResult(found.result),
    tx: base64(found.tx),
    ...(txs !== undefined && { proof: proofOf(txs, found.txIndex) }),
  };
}

function proofOf(txs: readonly Uint8Array[], index: number): Json {
  const { rootHash, data, proof } = proveTx(txs, index);
  return {
    root_hash: hexUpper(rootHash),
    data: base64(data),
    proof: {
      total: proof.total.toString(),
      index: proof.index.toString(),
      leaf_hash: base64(proof.leafHash),
      aunts: proof.aunts.map(base64),
    },
  };
}

interface SearchValues {
  readonly query: string;
  readonly prove: boolean;
  readonly page: number | undefined;
  readonly per_page: number | undefined;
  readonly order_by: string;
}

async function search(environment: RpcEnvironment, values: SearchValues): Promise<Json> {
  const { storage } = environment;
  const query = readQuery(values.query);
  const byHash = query.find(({ tag }) => tag === "tx.hash");
  if (byHash !== undefined) {
    // A hash decides alone: CometBFT's indexer looks no further either.
    const hash = parseHex(byHash.argument?.text ?? "");
    if (hash === undefined) throw new RequestError("error during searching for a hash in the query: it is not hex");
    const found = storage.transaction(hash);
    const list = found === undefined ? [] : [found];
    return { txs: list.map((one) => renderTransaction(environment, one, values.prove)), total_count: `${list.length}` };
  }
  const bounds = { maximumRows: maximumSearchRows, timeoutMs: searchTimeoutMs };
  const positions = [...(await searched(storage.searchTransactions(query, bounds)))];
  if (values.order_by === "desc") positions.reverse();
  else if (values.order_by !== "asc" && values.order_by !== "") {
    throw new RequestError("expected order_by to be either `asc` or `desc` or empty");
  }
  const txs: Json[] = [];
  for (const position of pageOf(positions, values.page, values.per_page)) {
    const found = storage.transactionAt(position);
    if (found !== undefined) txs.push(renderTransaction(environment, found, values.prove));
    // Votes have their turn between two transactions.
    await turn();
  }
  return { txs, total_count: positions.length.toString() };
}
