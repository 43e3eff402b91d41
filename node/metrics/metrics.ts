/**
 * Owns joining the metrics to the parts of a node: what is told as it happens, and what is read when somebody looks. A
 * node that shows none pays for none. Does not own names (instruments.ts) nor the port (server.ts).
 */

import type { State } from "../../chain/consensus/state.ts";
import { systemClock } from "../clock.ts";
import type { NodeConfig } from "../config.ts";
import { parseListenAddress } from "../listen.ts";
import type { TransactionPool } from "../mempool/mempool.ts";
import type { NetworkStatistics } from "../p2p/network.ts";
import type { Application, CommittedBlock, Engine, Network } from "../ports.ts";
import type { WorkSlices } from "../work-slices.ts";
import { ConsensusMeter } from "./consensus-meter.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type { LoopLag } from "./loop-lag.ts";
import { type MetricsServer, startMetricsServer } from "./server.ts";
import { timedApplication } from "./timed-application.ts";

/** Where the figures that are only read come from. */
export interface MetricsSources {
  readonly mempool: Pick<TransactionPool, "count" | "bytes" | "counts">;
  readonly statistics: () => NetworkStatistics | undefined;
  readonly catchingUp: () => boolean;
  readonly loopLag: () => LoopLag;
  readonly slices: Pick<WorkSlices, "refused" | "waitingIn">;
}

/** The metrics, as the parts of a node tell them what happens. */
export interface NodeMetrics {
  application(application: Application): Application;
  network(network: Network): Network;
  engine(engine: Engine): Engine;
  observe(machine: State): void;
  committed(block: CommittedBlock): void;
  admitted(bytes: number): void;
  serve(sources: MetricsSources): Promise<MetricsServer | undefined>;
}

/** What `openMetrics` is told. */
export interface MetricsOptions {
  readonly config: Pick<
    NodeConfig,
    "prometheus" | "prometheusAddress" | "prometheusMaximumConnections" | "prometheusNamespace"
  >;
  readonly chainId: string;
  /** This node's validator address; undefined for a node that only follows. */
  readonly self: Uint8Array | undefined;
}

/** The metrics of a node; of one that shows none, functions that do nothing. */
export function openMetrics({ config, chainId, self }: MetricsOptions): NodeMetrics {
  if (!config.prometheus) return noMetrics;
  const instruments = createInstruments(config.prometheusNamespace, chainId);
  const meter = new ConsensusMeter({ instruments, clock: systemClock, self });
  const took = (method: string, ms: number): void => {
    instruments.abciMethodTiming.observe({ method, type: "sync" }, ms / 1_000);
    if (method === "finalize_block") instruments.state.blockProcessingTime.observe(ms);
  };
  return {
    application: (application) => timedApplication(application, took),
    network: (network) => ({
      hasPeers: () => network.hasPeers?.() ?? true,
      publish: (message) => {
        meter.published(message);
        network.publish(message);
      },
      relay: (message, from) => network.relay(message, from),
      moved: (height, round) => network.moved(height, round),
      want: (height, round, blockId) => network.want(height, round, blockId),
    }),
    engine: (engine) => ({
      receive: async (from, message) => {
        const { height, round } = engine.status();
        const verdict = await engine.receive(from, message);
        meter.received(from, message, verdict, height, round);
        return verdict;
      },
      receiveBlock: (block, commit) => engine.receiveBlock(block, commit),
      summary: () => engine.summary(),
      repair: (summary, maxBytes) => engine.repair(summary, maxBytes),
      status: () => engine.status(),
    }),
    observe: (machine) => meter.observe(machine),
    committed: (block) => meter.committed(block),
    admitted: (bytes) => instruments.mempool.txSizeBytes.observe(bytes),
    serve: async (sources) => {
      const address = parseListenAddress(
        config.prometheusAddress,
        "[instrumentation] prometheus_listen_addr in config.toml",
      );
      const registry = {
        contentType: instruments.registry.contentType,
        metrics: async () => {
          readSources(instruments, sources);
          return await instruments.registry.metrics();
        },
      };
      return await startMetricsServer({ address, maximumReaders: config.prometheusMaximumConnections }, registry);
    },
  };
}

/** Brings what is only read up to date. */
function readSources(instruments: Instruments, { mempool, statistics, catchingUp, ...sources }: MetricsSources): void {
  const { mempool: pool, node } = instruments;
  const raise = (counter: { reset(): void; inc(by: number): void }, value: number): void => {
    counter.reset();
    counter.inc(value);
  };
  pool.size.set(mempool.count);
  pool.sizeBytes.set(mempool.bytes);
  raise(pool.failedTxs, mempool.counts.failed);
  raise(pool.rejectedTxs, mempool.counts.rejected);
  raise(pool.evictedTxs, mempool.counts.evicted);
  raise(pool.expiredTxs, mempool.counts.expired);
  raise(pool.recheckTimes, mempool.counts.rechecked);
  raise(pool.alreadyReceivedTxs, mempool.counts.alreadyReceived);
  instruments.blocksyncSyncing.set(catchingUp() ? 1 : 0);
  const { p50, p99, max } = sources.loopLag();
  node.loopLagSeconds.set({ quantile: "0.5" }, p50);
  node.loopLagSeconds.set({ quantile: "0.99" }, p99);
  node.loopLagSeconds.set({ quantile: "1" }, max);
  raise(node.refused, sources.slices.refused);
  for (const lane of ["clients", "queries", "peers"] as const)
    node.waiting.set({ lane }, sources.slices.waitingIn(lane));
  readTraffic(instruments, statistics());
}

function readTraffic({ p2p }: Instruments, statistics: NetworkStatistics | undefined): void {
  p2p.peers.set((statistics?.peersInbound ?? 0) + (statistics?.peersOutbound ?? 0));
  p2p.messageReceiveBytesTotal.reset();
  p2p.messageSendBytesTotal.reset();
  for (const [name, { bytesIn, bytesOut }] of Object.entries(statistics?.channels ?? {})) {
    p2p.messageReceiveBytesTotal.inc({ message_type: name }, bytesIn);
    p2p.messageSendBytesTotal.inc({ message_type: name }, bytesOut);
  }
  p2p.peerPendingSendBytes.reset();
  for (const [peer, bytes] of Object.entries(statistics?.queuedBytes ?? {})) {
    p2p.peerPendingSendBytes.set({ peer_id: peer }, bytes);
  }
  p2p.peerReceiveBytesTotal.reset();
  p2p.peerSendBytesTotal.reset();
  for (const [peer, { bytesIn, bytesOut }] of Object.entries(statistics?.peerTraffic ?? {})) {
    p2p.peerReceiveBytesTotal.inc({ peer_id: peer, chID: "all" }, bytesIn);
    p2p.peerSendBytesTotal.inc({ peer_id: peer, chID: "all" }, bytesOut);
  }
}

const noMetrics: NodeMetrics = {
  application: (application) => application,
  network: (network) => network,
  engine: (engine) => engine,
  observe: () => undefined,
  committed: () => undefined,
  admitted: () => undefined,
  serve: async () => undefined,
};
