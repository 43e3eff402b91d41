/**
 * Owns what stands between the outside and the node: checks of transactions, the ports for clients, the port for metrics,
 * and the watch on the event loop that all of them share. Does not own any of these parts.
 */

import { ChainApplication } from "../chain/app/application.ts";
import type { GenesisDocument } from "../chain/types/genesis-doc.ts";
import type { Hasher } from "../chain/types/hash.ts";
import { type ClientPorts, openClientPorts } from "./clients.ts";
import type { CommitGate } from "./commit-gate.ts";
import type { NodeConfig } from "./config.ts";
import type { ValidatorKey } from "./engine/validator-key.ts";
import type { Logger } from "./log.ts";
import { type Admission, openAdmission } from "./mempool/admission.ts";
import type { TransactionPool } from "./mempool/mempool.ts";
import type { SignaturePool } from "./mempool/signature-pool.ts";
import { VerifyAhead } from "./mempool/verify-ahead.ts";
import { loopWatchDefaults, watchLoop } from "./metrics/loop-lag.ts";
import type { NodeMetrics } from "./metrics/metrics.ts";
import type { MetricsServer } from "./metrics/server.ts";
import type { NodeNetwork } from "./network.ts";
import type { NodeKey } from "./p2p/identity.ts";
import type { Application, Engine } from "./ports.ts";
import type { CommitWaiters } from "./rpc/commit-waiters.ts";
import type { NodeIdentity } from "./rpc/environment.ts";
import type { EventHub } from "./rpc/event-hub.ts";
import type { NodeStorage } from "./storage/storage.ts";
import type { WorkSlices } from "./work-slices.ts";

/** The node behind it. */
export interface WayInNeeds {
  readonly config: NodeConfig;
  readonly genesis: GenesisDocument;
  readonly nodeKey: NodeKey;
  readonly validatorKey?: ValidatorKey | undefined;
  readonly version: string;
  readonly log: Logger;
  readonly crypto: { readonly hasher: Hasher };
  readonly pool: SignaturePool;
  readonly storage: NodeStorage;
  readonly application: Application;
  readonly mempool: TransactionPool;
  readonly network: NodeNetwork;
  readonly engine: Engine;
  readonly gate: CommitGate;
  readonly slices: WorkSlices;
  readonly hub: EventHub;
  readonly waiters: CommitWaiters;
  readonly metrics: NodeMetrics;
  /** Whether the disk is so full that no transaction is taken. */
  readonly diskIsLow: () => boolean;
  /** Hears what undoes each part, in the order they were opened. */
  readonly release: (undo: () => void | Promise<void>) => void;
}

/** The way in, open. */
export interface WayIn {
  readonly admission: Admission;
  readonly ports: ClientPorts;
  /** Undefined when metrics are off. */
  readonly metricsServer: MetricsServer | undefined;
}

/** Opens it. Rejects with a ListenError when a port cannot be had. */
export async function openWayIn(needs: WayInNeeds): Promise<WayIn> {
  const { application, config, mempool, network, log, release } = needs;
  const jobsOf = (tx: Uint8Array) => (application instanceof ChainApplication ? application.signatureJobs(tx) : []);
  const admission = openAdmission({
    ...needs,
    verifyAhead: new VerifyAhead({ jobsOf, pool: needs.pool, hasher: needs.crypto.hasher }),
    refusal: () => {
      if (needs.diskIsLow()) return "the node's disk is nearly full; it takes no transactions now";
      return network.catchingUp() ? "the node is catching up with its chain; send the transaction later" : undefined;
    },
    relay: (tx) => network.sendTransaction(tx),
  });
  const ports = await openClientPorts({
    ...needs,
    identity: identityOf(needs),
    submit: admission.fromClient,
    broadcastCommitTimeoutMs: config.rpcBroadcastCommitTimeoutMs,
    network: network.view,
    catchingUp: () => network.catchingUp(),
  });
  release(() => ports.close());

  const loop = watchLoop(loopWatchDefaults, { log });
  release(() => loop.stop());
  const metricsServer = await needs.metrics.serve({
    mempool,
    statistics: () => network.statistics(),
    catchingUp: () => network.catchingUp(),
    loopLag: loop.lag,
    slices: needs.slices,
  });
  release(() => metricsServer?.close());
  return { admission, ports, metricsServer };
}

function identityOf({ config, genesis, nodeKey, validatorKey, version }: WayInNeeds): NodeIdentity {
  return {
    nodeId: nodeKey.id,
    moniker: config.moniker,
    chainId: genesis.chainId,
    // Clients refuse an empty address; a node without a peer port names one that nobody can dial.
    peerAddress: config.peerAddress === "" ? "tcp://0.0.0.0:0" : config.peerAddress,
    rpcAddress: config.rpcAddress,
    // Clients refuse a node without a key: one that only follows shows its node key, which has no power.
    consensusKey: validatorKey?.publicKey ?? { ed25519: nodeKey.publicKey },
    version,
  };
}
