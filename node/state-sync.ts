/**
 * Owns what the configuration says of snapshots and state sync, and joining their parts. State sync runs before anything else of the node
 * exists, with peers of its own and no engine: when it is done the home is as after a restart. Does not own the parts (node/sync).
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Application } from "../chain/app/abci.ts";
import { ChainApplication } from "../chain/app/application.ts";
import { chainApplication } from "./chain-application.ts";
import { systemClock } from "./clock.ts";
import { ConfigError, type NodeConfig } from "./config.ts";
import { chooseCrypto } from "./crypto.ts";
import { crashPointsOf } from "./engine/crash-points.ts";
import { genesisHash } from "./genesis-file.ts";
import { type NodeHome, nodePaths } from "./home.ts";
import type { Logger } from "./log.ts";
import { switchOptions } from "./network.ts";
import type { PeerNetwork } from "./p2p/network.ts";
import type { Engine } from "./ports.ts";
import { NodeStorage } from "./storage/storage.ts";
import { SnapshotMaker } from "./sync/snapshot-maker.ts";
import { SnapshotStore } from "./sync/snapshot-store.ts";
import type { TrustRoot } from "./sync/trusted-headers.ts";

/** What of a node's start matters here. */
interface SyncStart extends NodeHome {
  readonly version: string;
  readonly log: Logger;
}

/** What makes snapshots while the node runs; undefined when none are wanted, or the application cannot give its state. */
export function openSnapshotMaker(
  config: NodeConfig,
  application: Application,
  store: SnapshotStore,
  log: Logger,
): SnapshotMaker | undefined {
  if (config.snapshotInterval === 0 || !(application instanceof ChainApplication)) return undefined;
  return new SnapshotMaker(
    { interval: BigInt(config.snapshotInterval), keepRecent: config.snapshotKeepRecent },
    { state: application.snapshotState, store, log: log.child({ module: "snapshots" }) },
  );
}

/** Syncs the state when the configuration asks for it and this home has no blocks. */
export async function syncState(options: SyncStart): Promise<void> {
  const { home, config, genesis, log } = options;
  const paths = nodePaths(home);
  if (!config.stateSyncEnabled) return;
  const root = trustRootOf(config, genesis.chainId);
  if (await hasBlocks(paths.database, genesis.chainId)) {
    rmSync(paths.stateSync, { recursive: true, force: true });
    log.info("state sync is enabled, but this home has blocks already: it goes on from them");
    return;
  }
  if (config.persistentPeers.trim() === "") {
    throw new ConfigError(
      "config.toml: statesync.enable needs peers to fetch from: set p2p.persistent_peers. Nothing was changed.",
    );
  }
  mkdirSync(paths.stateSync, { recursive: true, mode: 0o700 });
  const network = await startPeers(options);
  try {
    await runStateSync(options, root, network);
  } finally {
    await network.stop();
  }
  rmSync(paths.stateSync, { recursive: true, force: true });
}

async function runStateSync(options: SyncStart, root: TrustRoot, network: PeerNetwork): Promise<void> {
  const { home, config, genesis } = options;
  const paths = nodePaths(home);
  const log = options.log.child({ module: "statesync" });
  const [{ StateSync }, { TrustedHeaders }, { RpcLightSource }] = await Promise.all([
    import("./sync/state-sync.ts"),
    import("./sync/trusted-headers.ts"),
    import("./light/rpc-source.ts"),
  ]);
  const crypto = await chooseCrypto();
  const sources = serversOf(config).map((address) => new RpcLightSource(address));
  const folder = config.stateSyncFolder === "" ? paths.stateSync : config.stateSyncFolder;
  const sync = new StateSync(
    {
      chainId: genesis.chainId,
      initialHeight: genesis.initialHeight,
      trustHeight: root.height,
      databasePath: paths.database,
      workPath: join(paths.stateSync, "restored.db"),
      chunkPath: join(folder, `chunks-${genesis.chainId}`),
      discoveryMs: config.stateSyncDiscoveryMs,
      chunkTimeoutMs: config.stateSyncChunkTimeoutMs,
      chunkFetchers: Math.max(1, config.stateSyncChunkFetchers),
    },
    {
      network,
      past: sources,
      headers: new TrustedHeaders(root, sources, { verifier: crypto.verifier, clock: systemClock, log }),
      applicationOver: (records) => chainApplication({ config, version: options.version, records, ...crypto, log }),
      ...crypto,
      local: new SnapshotStore(paths.snapshots),
      log,
      points: crashPointsOf(process.env),
    },
  );
  await sync.run();
}

/** Peers without a chain: this node has no say, and nothing to serve of it. For state sync, and to fetch texts by command. */
export async function startPeers(
  options: Pick<NodeHome, "home" | "config" | "genesis" | "nodeKey"> & { readonly log: Logger },
): Promise<PeerNetwork> {
  const { home, config, genesis, nodeKey, log } = options;
  const { PeerNetwork } = await import("./p2p/network.ts");
  const heights = () => ({ base: 0n, height: 0n });
  const hello = { chainId: genesis.chainId, genesisHash: genesisHash(genesis), heights };
  const switching = await switchOptions({ home, config, nodeKey, ...hello, log });
  const network = new PeerNetwork(switching, { log: log.child({ module: "p2p" }) });
  const height = genesis.initialHeight;
  // It is asked where it stands and told what others say; a node without a state has no part in it.
  const engine = {
    receive: async () => "ignored",
    summary: () => ({ height, round: 0, rounds: [], wanted: undefined }),
    repair: () => [],
    status: () => ({ height, round: 0, step: "newHeight" }),
  } as unknown as Engine;
  await network.start({
    engine,
    storage: { loadBlock: async () => undefined },
    heights,
    receiveTransaction: () => false,
    waitingTransactions: () => [],
    heightsChanged: () => undefined,
  });
  return network;
}

/** Whether a chain with blocks stands here. */
async function hasBlocks(path: string, chainId: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  const storage = await NodeStorage.open(path, { chainId });
  try {
    return storage.height > 0n;
  } finally {
    await storage.close();
  }
}

function serversOf(config: NodeConfig): readonly string[] {
  return config.stateSyncServers
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

/** Throws ConfigError, naming the setting, when state sync cannot be begun so. */
function trustRootOf(config: NodeConfig, chainId: string): TrustRoot {
  const wrong = (setting: string, reason: string) =>
    new ConfigError(`config.toml: statesync.${setting} ${reason}. Nothing was changed.`);
  if (new Set(serversOf(config)).size < 2)
    throw wrong("rpc_servers", "must name at least two nodes, separated by commas");
  if (config.stateSyncTrustHeight < 1) throw wrong("trust_height", "must be the height of a block you trust");
  if (!/^[0-9a-fA-F]{64}$/.test(config.stateSyncTrustHash)) throw wrong("trust_hash", "must be 64 hex digits");
  if (config.stateSyncTrustPeriodMs < 1) throw wrong("trust_period", "must be longer than nothing");
  return {
    chainId,
    height: BigInt(config.stateSyncTrustHeight),
    hash: Uint8Array.from(Buffer.from(config.stateSyncTrustHash, "hex")),
    period: BigInt(config.stateSyncTrustPeriodMs) * 1_000_000n,
  };
}
