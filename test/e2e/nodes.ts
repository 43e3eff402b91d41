// Nodes of a chain in this process, and questions to them over RPC as any client would ask. Owns starting, stopping and
// waiting; homes are chain-home.ts's.

import { readHome } from "../../node/home.ts";
import { createLogger, silentLogger } from "../../node/log.ts";
import { type RunningNode, type StartOptions, startNode } from "../../node/main.ts";
import type { Home } from "./chain-home.ts";
import { pause } from "./chance.ts";

/** A node may be stopped or cut off while it is asked; nobody waits for its answer for ever. */
const REQUEST_TIMEOUT_MS = 30_000;

const PERSISTENT_TRIES = 10;

/** Starts a node in a home folder; TRIBUTARY_LOG=debug shows what it says. */
export async function startIn(home: Home, changes: Partial<StartOptions> = {}): Promise<RunningNode> {
  const level = process.env.TRIBUTARY_LOG;
  const log = level === undefined ? silentLogger() : createLogger({ level });
  return await startNode({ ...readHome(home.path), version: "test", log, ...changes });
}

/** The address by which others find the node: id@host:port. */
export function peerOf(node: RunningNode): string {
  if (node.peerAddress === undefined) throw new Error("the node does not listen for peers");
  return `${node.nodeId}@${node.peerAddress.replace("tcp://", "")}`;
}

/** Asks one RPC method over GET; throws the error's text. */
export async function rpc<Result>(url: string, path: string): Promise<Result> {
  const response = await fetch(`${url}/${path}`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  const { result, error } = (await response.json()) as { result: Result; error?: { message: string; data: string } };
  if (error !== undefined) throw new Error(`${error.message}: ${error.data}`);
  return result;
}

interface Status {
  readonly sync_info: { readonly latest_block_height: string; readonly catching_up: boolean };
}

/** Height and catching_up of `status`. */
export async function statusOf(url: string): Promise<{ readonly height: number; readonly catchingUp: boolean }> {
  const { sync_info } = await rpc<Status>(url, "status");
  return { height: Number(sync_info.latest_block_height), catchingUp: sync_info.catching_up };
}

interface CommitResult {
  readonly signed_header: {
    readonly header: { readonly app_hash: string };
    readonly commit: { readonly block_id: { readonly hash: string } };
  };
}

/** Block hash and app hash of every height from `first` up to `last`, from `commit`: the app hash at h is the state after h-1. */
export async function chainOf(url: string, last: number, first = 1): Promise<readonly string[]> {
  const found: string[] = [];
  for (let height = first; height <= last; height += 1) {
    const { header, commit } = (await rpc<CommitResult>(url, `commit?height=${height}`)).signed_header;
    found.push(`${height} ${commit.block_id.hash} ${header.app_hash}`);
  }
  return found;
}

/** Asks again when the question did not get through: on a busy machine a connection may take longer than a client waits. */
export async function persistently<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === PERSISTENT_TRIES) throw error;
      await pause(1_000);
    }
  }
}

/** Waits until `condition` holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 120_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Sends signed bytes through one of the three broadcast methods. */
export async function broadcast(
  url: string,
  method: "broadcast_tx_async" | "broadcast_tx_sync" | "broadcast_tx_commit",
  tx: Uint8Array,
): Promise<{ readonly code: number; readonly hash: string; readonly log: string }> {
  const body = { jsonrpc: "2.0", id: 1, method, params: { tx: Buffer.from(tx).toString("base64") } };
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body), signal });
  const { result, error } = (await response.json()) as {
    result: { code: number; hash: string; log: string };
    error?: { message: string; data: string };
  };
  if (error !== undefined) throw new Error(`${error.message}: ${error.data}`);
  return result;
}

interface BlockMetas {
  readonly block_metas: readonly {
    readonly block_id: { readonly hash: string };
    readonly header: { readonly height: string; readonly app_hash: string };
  }[];
}

/** Block hash and app hash of every height from `first` to `last`, twenty at a time. */
export async function headersOf(url: string, last: number, first = 1): Promise<ReadonlyMap<number, string>> {
  const headers = new Map<number, string>();
  for (let low = first; low <= last; low += 20) {
    const high = Math.min(last, low + 19);
    const range = `blockchain?minHeight=${low}&maxHeight=${high}`;
    const { block_metas } = await persistently(() => rpc<BlockMetas>(url, range));
    for (const { header, block_id } of block_metas)
      headers.set(Number(header.height), `${block_id.hash} ${header.app_hash}`);
  }
  return headers;
}
