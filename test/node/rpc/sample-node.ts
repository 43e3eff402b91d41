// A node without an engine for tests of the RPC surface: real storage, real mempool, real server, and a small
// application like CometBFT's kvstore; blocks are made by the sample chain when a test says so.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommitGate } from "../../../node/commit-gate.ts";
import { silentLogger } from "../../../node/log.ts";
import { TransactionPool } from "../../../node/mempool/mempool.ts";
import type { Application, CommittedBlock } from "../../../node/ports.ts";
import { announceBlock } from "../../../node/rpc/block-events.ts";
import { CommitWaiters } from "../../../node/rpc/commit-waiters.ts";
import type { RpcEnvironment } from "../../../node/rpc/environment.ts";
import { EventHub } from "../../../node/rpc/event-hub.ts";
import type { RpcServerOptions } from "../../../node/rpc/server.ts";
import { startRpc } from "../../../node/rpc/start.ts";
import { NodeStorage } from "../../../node/storage/storage.ts";
import { WorkSlices } from "../../../node/work-slices.ts";
import { roomyMempool } from "../mempool/roomy-mempool.ts";
import { event, type SampleBlock, SampleChain, tx } from "../sample-chain.ts";

const empty = new Uint8Array(0);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Transactions are `key=value`; anything else is refused with code 1. Values can be queried by key. */
export class SampleApplication implements Pick<Application, "info" | "query" | "checkTx"> {
  readonly values = new Map<string, string>();
  height = 0n;

  info() {
    return {
      data: `{"size":${this.values.size}}`,
      version: "2.0.0",
      appVersion: 1n,
      lastBlockHeight: this.height,
      lastBlockAppHash: new Uint8Array(8),
    };
  }

  query(request: Parameters<Application["query"]>[0]): ReturnType<Application["query"]> {
    const value = this.values.get(text(request.data));
    return {
      code: 0,
      log: value === undefined ? "does not exist" : "exists",
      info: "",
      index: 0n,
      key: request.data,
      value: value === undefined ? empty : tx(value),
      proofOps: undefined,
      height: this.height,
      codespace: "",
    };
  }

  checkTx({ tx: bytes }: { readonly tx: Uint8Array }): ReturnType<Application["checkTx"]> {
    const code = /^[^=]+=[^=]+$/.test(text(bytes)) ? 0 : 1;
    const rest = {
      data: empty,
      log: code === 0 ? "" : "not key=value",
      info: "",
      gasUsed: 0n,
      events: [],
      codespace: "",
    };
    return { code, gasWanted: 1n, ...rest } as ReturnType<Application["checkTx"]>;
  }
}

export const testServer: RpcServerOptions = {
  address: { host: "127.0.0.1", port: 0 },
  maximumBodyBytes: 1_000_000,
  maximumBatchSize: 10,
  maximumOpenConnections: 200,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  corsAllowedOrigins: [],
};

/** A running sample node. */
export interface SampleNode {
  readonly url: string;
  readonly environment: RpcEnvironment;
  readonly application: SampleApplication;
  readonly chain: SampleChain;
  /** Commits a block with what waits in the mempool, as an engine would. */
  commit(extra?: Pick<SampleBlock, "events" | "validatorUpdates">): Promise<CommittedBlock>;
  stop(): Promise<void>;
}

export async function startSampleNode(options: Partial<RpcServerOptions> = {}): Promise<SampleNode> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-rpc-"));
  const chain = new SampleChain({ chainId: "dockerchain" });
  const storage = await NodeStorage.open(join(folder, "tributary.db"), { chainId: "dockerchain" });
  await storage.commitGenesis(chain.state);
  const application = new SampleApplication();
  const log = silentLogger();
  const mempool = new TransactionPool(roomyMempool, { application, log });
  const hub = new EventHub({ maximumClients: 100, maximumSubscriptionsPerClient: 5, slowBytes: 4_000_000 });
  const waiters = new CommitWaiters();
  const environment: RpcEnvironment = {
    identity: {
      nodeId: "cf4a66aa29e5123abfdfbdf485da6788bb8e46d1",
      moniker: "dockernode",
      chainId: "dockerchain",
      peerAddress: "tcp://0.0.0.0:26656",
      rpcAddress: "tcp://0.0.0.0:26657",
      consensusKey: { ed25519: chain.publicKey(0) },
      version: "0.0.0",
    },
    genesis: chain.genesis,
    storage,
    application: {
      info: async () => application.info(),
      query: async (request) => application.query(request),
      checkTx: async (request) => application.checkTx(request),
    },
    slices: new WorkSlices(new CommitGate()),
    mempool,
    broadcastCommitTimeoutMs: 1_500,
    submit: async (bytes) => mempool.checkTx(bytes),
    engine: {
      status: () => ({
        height: storage.height + 1n,
        round: 0,
        step: "newHeight",
        signing: true,
        state: storage.chainState ?? chain.state,
      }),
      summary: () => ({
        height: storage.height + 1n,
        round: 0,
        rounds: [
          { round: 0, hasProposal: false, prevotes: Uint8Array.of(0), precommits: Uint8Array.of(1), certificates: [] },
        ],
        wanted: undefined,
      }),
      receive: async () => "ignored",
    },
    network: { listening: true, peers: () => [], dial: () => undefined },
    unsafe: false,
    catchingUp: () => false,
    hub,
    waiters,
    log,
  };
  const server = await startRpc({ ...testServer, ...options }, environment);
  return {
    url: server.url,
    environment,
    application,
    chain,
    commit: async (extra = {}) => {
      const txs = mempool.reap(-1n, -1n);
      const samples = txs.map((bytes) => {
        const [key = "", value = ""] = text(bytes).split("=");
        application.values.set(key, value);
        return {
          tx: bytes,
          events: [event("app", { creator: "Cosmoshi Netowoko", key, index_key: "index is working" })],
        };
      });
      const batch = chain.next({ ...extra, txs: samples });
      await storage.commitBlock(batch);
      application.height = batch.height;
      mempool.update(batch.height, txs, batch.response.txResults);
      announceBlock(batch, hub, waiters);
      return batch;
    },
    stop: async () => {
      waiters.close();
      mempool.close();
      await server.close();
      await storage.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
