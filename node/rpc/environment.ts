/**
 * Owns what RPC methods use of the node, as interfaces, and the checks many methods share: heights and pages.
 * Does not own implementations; node/main.ts hands them in.
 */

import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import type { PublicKey } from "../../chain/types/validator.ts";
import type { Logger } from "../log.ts";
import type { CheckResult, TransactionPool } from "../mempool/mempool.ts";
import type { Application, Engine } from "../ports.ts";
import { type EventQuery, EventQueryError, parseEventQuery } from "../storage/event-query.ts";
import { SearchTooBroadError } from "../storage/event-search.ts";
import type { NodeStorage } from "../storage/storage.ts";
import type { WorkSlices } from "../work-slices.ts";
import type { CommitWaiters } from "./commit-waiters.ts";
import type { EventHub } from "./event-hub.ts";
import { defaultPerPage, maximumPerPage, maximumQueryLength } from "./limits.ts";
import { RequestError } from "./method.ts";

/** One peer, as `net_info` shows it. */
export interface PeerView {
  readonly nodeId: string;
  readonly moniker: string;
  readonly listenAddress: string;
  readonly remoteHost: string;
  readonly outbound: boolean;
  readonly version: string;
  /** Milliseconds since it joined. */
  readonly connectedMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The network as RPC sees it. */
export interface NetworkView {
  /** Whether the node accepts connections. */
  readonly listening: boolean;
  peers(): readonly PeerView[];
  /** Dials peers, `id@host:port` each, and goes on with it when `persistent`. Throws when a text is no address. */
  dial(addresses: readonly string[], persistent: boolean): void;
}

/** Who this node is. */
export interface NodeIdentity {
  /** 40 hex digits: CometBFT's id of the node key. */
  readonly nodeId: string;
  readonly moniker: string;
  readonly chainId: string;
  /** `tcp://host:port` of the peer port. */
  readonly peerAddress: string;
  /** `tcp://host:port` of the RPC port, as configured. */
  readonly rpcAddress: string;
  /** The consensus key, of a validator or not; undefined when the node has none. */
  readonly consensusKey: PublicKey | undefined;
  /** Version of this program. */
  readonly version: string;
}

/** The application as clients see it. */
export interface ApplicationView {
  info(request: Parameters<Application["info"]>[0]): Promise<ReturnType<Application["info"]>>;
  query(request: Parameters<Application["query"]>[0]): Promise<ReturnType<Application["query"]>>;
  checkTx(request: Parameters<Application["checkTx"]>[0]): Promise<ReturnType<Application["checkTx"]>>;
}

/** Everything the methods use. */
export interface RpcEnvironment {
  readonly identity: NodeIdentity;
  readonly genesis: GenesisDocument;
  readonly storage: NodeStorage;
  /** Where queries wait for their turn. */
  readonly slices: Pick<WorkSlices, "run">;
  /** The application, as far as clients may ask it; answers are of durable states only, and given in turn. */
  readonly application: ApplicationView;
  readonly mempool: Pick<TransactionPool, "count" | "bytes" | "first" | "find">;
  /** Checks a transaction and puts it into the mempool. Rejects with MempoolError when it is refused unseen. */
  readonly submit: (tx: Uint8Array) => Promise<CheckResult>;
  /** How long `broadcast_tx_commit` waits for the block. */
  readonly broadcastCommitTimeoutMs: number;
  readonly engine: Pick<Engine, "status" | "summary" | "receive">;
  readonly network: NetworkView;
  /** Whether methods are served that change what the node does (`rpc.unsafe`). */
  readonly unsafe: boolean;
  /** Whether the node still fetches blocks that others have. */
  readonly catchingUp: () => boolean;
  readonly hub: EventHub;
  readonly waiters: CommitWaiters;
  readonly log: Logger;
}

/**
 * The height a request means: the one given, or `latest`. Throws RequestError with CometBFT's texts when it is not
 * positive, above `latest` or pruned (rpc/core/env.go getHeight).
 */
export function chosenHeight(storage: NodeStorage, given: bigint | undefined, latest: bigint): bigint {
  if (given === undefined) return latest;
  if (given <= 0n) throw new RequestError(`height must be greater than 0, but got ${given}`);
  if (given > latest) {
    throw new RequestError(`height ${given} must be less than or equal to the current blockchain height ${latest}`);
  }
  if (given < storage.base) {
    throw new RequestError(`height ${given} is not available, lowest height is ${storage.base}`);
  }
  return given;
}

/** Entries of one page (validatePerPage). */
export function chosenPerPage(given: number | undefined): number {
  if (given === undefined || given < 1) return defaultPerPage;
  return Math.min(given, maximumPerPage);
}

/** The page of a list of `total` entries (validatePage). Throws RequestError when there is no such page. */
export function chosenPage(given: number | undefined, perPage: number, total: number): number {
  if (given === undefined) return 1;
  const pages = Math.max(1, Math.ceil(total / perPage));
  if (given <= 0 || given > pages) {
    throw new RequestError(`page should be within [1, ${pages}] range, given ${given}`);
  }
  return given;
}

/** The entries of one page. */
export function pageOf<T>(items: readonly T[], page: number | undefined, perPage: number | undefined): readonly T[] {
  const size = chosenPerPage(perPage);
  const start = (chosenPage(page, size, items.length) - 1) * size;
  return items.slice(start, start + size);
}

/** Parses the query of a search or subscription. Throws RequestError. */
export function readQuery(text: string): EventQuery {
  if (text.length > maximumQueryLength) throw new RequestError("maximum query length exceeded");
  try {
    return parseEventQuery(text);
  } catch (error) {
    if (error instanceof EventQueryError) throw new RequestError(error.message);
    throw error;
  }
}

/** Runs a search; one that is too broad is the caller's fault. */
export async function searched<T>(search: Promise<T>): Promise<T> {
  try {
    return await search;
  } catch (error) {
    if (error instanceof SearchTooBroadError) throw new RequestError(error.message);
    throw error;
  }
}
