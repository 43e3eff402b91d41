/**
 * Owns joining the peer network and block sync to the rest of the node, or standing in for them in a node without
 * peers, so that node/main.ts reads the same for both. Does not own the protocol (node/p2p) nor fetching (node/sync).
 */

import { systemClock, wallMs } from "./clock.ts";
import { ClockReport } from "./clock-report.ts";
import type { NodeConfig } from "./config.ts";
import type { DataService } from "./data/service.ts";
import type { Logger } from "./log.ts";
import type { NodeKey, PeerAddress } from "./p2p/identity.ts";
import type { NetworkStatistics, PeerNetwork } from "./p2p/network.ts";
import type { SwitchOptions } from "./p2p/switch.ts";
import type { Application, Engine, Network } from "./ports.ts";
import type { NetworkView } from "./rpc/environment.ts";
import { cometVersion } from "./rpc/versions.ts";
import type { NodeStorage } from "./storage/storage.ts";

/** What the network needs of the node once everything exists. */
export interface NetworkStart {
  readonly engine: Engine;
  readonly storage: NodeStorage;
  /** Gives out snapshots. */
  readonly application: Application;
  /** The address of this node's consensus key, if it has one. */
  readonly ownAddress: Uint8Array | undefined;
  readonly receiveTransaction: (tx: Uint8Array, refused: (ms: number) => void) => boolean;
  /** What waits in the mempool, the oldest first; told to peers that join. */
  readonly waitingTransactions: (limit: number) => readonly Uint8Array[];
  /** This machine's clock is too far from the peers' for a validator to start; the words say how far and what to do. */
  readonly clockWrong: (reason: string) => void;
}

/** The network as the node uses it. */
export interface NodeNetwork {
  /** What the engine publishes through. */
  readonly engineSide: Network;
  readonly view: NetworkView;
  /** Counters since the start; undefined for a node without peers. */
  statistics(): NetworkStatistics | undefined;
  /** `tcp://host:port` as bound; undefined when peers cannot connect. */
  listenAddress(): string | undefined;
  catchingUp(): boolean;
  sendTransaction(tx: Uint8Array): void;
  /** A block became durable here. */
  committed(height: bigint, blockHash: Uint8Array): void;
  start(needs: NetworkStart): Promise<void>;
  stop(): Promise<void>;
}

/** What `openNetwork` is told. */
export interface NetworkOptions {
  readonly config: NodeConfig;
  readonly home: string;
  readonly nodeKey: NodeKey;
  readonly chainId: string;
  readonly genesisHash: Uint8Array;
  readonly heights: () => { readonly base: bigint; readonly height: bigint };
  readonly log: Logger;
}

/** The peer network, or a stand-in when the node neither listens nor dials. libp2p is loaded only when needed. */
export async function openNetwork(options: NetworkOptions): Promise<NodeNetwork> {
  const { config } = options;
  if (config.peerAddress === "" && config.persistentPeers.trim() === "" && config.seeds.trim() === "")
    return aloneNetwork;
  return await peerNetwork(options);
}

/** A node by itself: a chain of one validator needs nobody. */
const aloneNetwork: NodeNetwork = {
  engineSide: {
    hasPeers: () => false,
    publish: () => undefined,
    relay: () => undefined,
    moved: () => undefined,
    want: () => undefined,
  },
  view: {
    listening: false,
    peers: () => [],
    dial: () => {
      throw new Error("this node has no peer network: set p2p.laddr or p2p.persistent_peers in config.toml");
    },
  },
  statistics: () => undefined,
  listenAddress: () => undefined,
  catchingUp: () => false,
  sendTransaction: () => undefined,
  committed: () => undefined,
  start: async () => undefined,
  stop: async () => undefined,
};

/** What this node says of itself at the moment. */
function helloOf({ config, chainId, genesisHash, heights }: NetworkOptions) {
  return {
    chainId,
    genesisHash,
    blockProtocol: 11n,
    moniker: config.moniker,
    listenAddress: config.externalAddress === "" ? config.peerAddress : config.externalAddress,
    status: heights(),
    version: cometVersion,
  };
}

/** The network as RPC sees it. */
function viewOf(network: PeerNetwork, listening: boolean, parse: (text: string) => PeerAddress): NetworkView {
  return {
    listening,
    peers: () => network.peerSummaries(),
    dial: (addresses, persistent) => network.dialSoon(addresses.map(parse), persistent),
  };
}

/** How this node listens, dials, greets and chooses its peers. */
export async function switchOptions(options: NetworkOptions): Promise<SwitchOptions> {
  const { config } = options;
  const [{ parsePeerList }, { policyOf }] = await Promise.all([import("./p2p/identity.ts"), import("./p2p/policy.ts")]);
  return {
    nodeKey: options.nodeKey,
    chainId: options.chainId,
    listenAddress: config.peerAddress === "" ? undefined : config.peerAddress,
    persistentPeers: parsePeerList(config.persistentPeers),
    policy: policyOf(config, options.home),
    hello: () => helloOf(options),
  };
}

async function peerNetwork(options: NetworkOptions): Promise<NodeNetwork> {
  const { config, heights } = options;
  const log = options.log.child({ module: "p2p" });
  const [{ PeerNetwork }, { parsePeerAddress }, { PeerClocks }, { BlockSync }, { serveSnapshots }] = await Promise.all([
    import("./p2p/network.ts"),
    import("./p2p/identity.ts"),
    import("./p2p/peer-clocks.ts"),
    import("./sync/block-sync.ts"),
    import("./sync/request-kinds.ts"),
  ]);
  const switching = await switchOptions(options);
  const { persistentPeers } = switching;
  const network = new PeerNetwork(switching, { log });
  let sync: InstanceType<typeof BlockSync> | undefined;
  let clocks: InstanceType<typeof PeerClocks> | undefined;
  let data: DataService | undefined;
  return {
    engineSide: network,
    view: viewOf(network, config.peerAddress !== "", (text) => parsePeerAddress(text, "peers")),
    statistics: () => network.statistics(),
    listenAddress: () => network.listenAddresses()[0],
    catchingUp: () => sync?.catchingUp ?? false,
    sendTransaction: (tx) => network.sendTransaction(tx),
    committed: (height, blockHash) => {
      network.committed(height, blockHash);
      sync?.wake();
    },
    start: async ({
      engine,
      storage,
      application,
      ownAddress,
      receiveTransaction,
      waitingTransactions,
      clockWrong,
    }) => {
      const report = new ClockReport({ log: options.log, monotonicMs: systemClock.monotonicMs, clockWrong });
      const peerClocks = new PeerClocks(
        { expectedPeers: persistentPeers.length },
        {
          requests: network.requests,
          peers: () => network.peers(),
          wallMs,
          monotonicMs: systemClock.monotonicMs,
          judged: (verdict, aheadMs) => report.judged(verdict, aheadMs),
        },
      );
      clocks = peerClocks;
      const blockSync = new BlockSync({ network, engine, log, ownAddress });
      sync = blockSync;
      serveSnapshots(network.requests, application);
      data = await (await import("./data/service.ts")).openData(options, { network, application });
      await network.start({
        engine,
        storage,
        heights,
        receiveTransaction,
        waitingTransactions,
        heightsChanged: () => blockSync.wake(),
        peerJoined: (peer) => void peerClocks.measure(peer),
      });
    },
    stop: async () => {
      clocks?.stop();
      sync?.stop();
      await data?.stop();
      await network.stop();
    },
  };
}
