/**
 * Owns the composition of a node, read from top to bottom: what exists, what each part is given, in which order it
 * starts and stops. Does not own any part. `tributaryd start`, `tributaryd dev` and tests start nodes here.
 *
 * Exit codes of a node process: 0 stopped as asked, 1 wrong usage, configuration, home folder or clock, 70 the disk
 * or the database failed (node/ports.ts EXIT_STORAGE_FAILURE), 71 the chain cannot go on here (EXIT_CHAIN_HALTED), 72 the
 * validator's key signs on another node too (EXIT_KEY_IN_USE).
 */

import { mkdirSync } from "node:fs";
import type { Application } from "../chain/app/abci.ts";
import { ChainApplication } from "../chain/app/application.ts";
import { StateError } from "../chain/store/restore.ts";
import { type ApplicationFactory, chainApplication } from "./chain-application.ts";
import { systemClock, systemTimers } from "./clock.ts";
import { CommitGate, closingAtCommit } from "./commit-gate.ts";
import { eventHubOptions, mempoolOptions, timeoutsOf } from "./config-options.ts";
import { type CryptoChoice, chooseCrypto } from "./crypto.ts";
import { watchDisk } from "./disk-watch.ts";
import { crashPointsOf, withCrashPoints } from "./engine/crash-points.ts";
import { disk } from "./engine/disk.ts";
import { Driver } from "./engine/driver.ts";
import { handshake } from "./engine/handshake.ts";
import { genesisHash } from "./genesis-file.ts";
import { type NodeHome, nodePaths } from "./home.ts";
import { KnownSignatures } from "./known-signatures.ts";
import { engineLog, type Logger } from "./log.ts";
import { TransactionPool } from "./mempool/mempool.ts";
import { SignaturePool, verifyWorkerCount } from "./mempool/signature-pool.ts";
import { type NodeMetrics, openMetrics } from "./metrics/metrics.ts";
import { type NodeNetwork, openNetwork } from "./network.ts";
import {
  type Clock,
  type CommittedBlock,
  type CommittedListener,
  type Engine,
  EXIT_STORAGE_FAILURE,
  EXIT_UNFIT,
  FatalError,
  type FileSystem,
  type Timers,
} from "./ports.ts";
import { executeKeptBlock } from "./rolled-back.ts";
import { announceBlock } from "./rpc/block-events.ts";
import { CommitWaiters } from "./rpc/commit-waiters.ts";
import { EventHub } from "./rpc/event-hub.ts";
import { openSigner } from "./signing.ts";
import { openSnapshotMaker, syncState } from "./state-sync.ts";
import { Stopper } from "./stopper.ts";
import { unusableState } from "./storage/database.ts";
import { NodeStorage } from "./storage/storage.ts";
import type { SnapshotMaker } from "./sync/snapshot-maker.ts";
import { SnapshotStore } from "./sync/snapshot-store.ts";
import { leaveUpgradeInfo } from "./upgrade-info.ts";
import { VotesAhead } from "./votes-ahead.ts";
import { openWayIn } from "./way-in.ts";
import { WorkSlices } from "./work-slices.ts";

/** What a node is started with. */
export interface StartOptions extends NodeHome {
  /** Version of this program. */
  readonly version: string;
  readonly log: Logger;
  readonly application?: ApplicationFactory;
  /** Told of every durable block, beside the node's own listeners. */
  readonly onCommitted?: CommittedListener;
  readonly timers?: Timers;
  /** What blocks are timed by; the system's clock by default. */
  readonly clock?: Clock;
}

/** A node that runs. */
export interface RunningNode {
  readonly rpcUrl: string;
  /** Undefined when REST is off. */
  readonly restUrl: string | undefined;
  /** `host:port` of gRPC; undefined when it is off. */
  readonly grpcTarget: string | undefined;
  /** Undefined when metrics are off. */
  readonly metricsUrl: string | undefined;
  readonly nodeId: string;
  /** `tcp://host:port` where peers connect; undefined when none can. */
  readonly peerAddress: string | undefined;
  readonly storage: NodeStorage;
  readonly mempool: TransactionPool;
  readonly engine: Engine;
  readonly application: Application;
  readonly network: NodeNetwork;
  /** Stops in order; resolves when everything is on the disk. Calling again waits for the same. */
  stop(): Promise<void>;
  /** Resolves when the node has stopped, with what made it stop; undefined when it was asked to. */
  readonly stopped: Promise<FatalError | undefined>;
}

/** Starts a node. Rejects, with everything released again, when it cannot start; the message is one line for people. */
export async function startNode(options: StartOptions): Promise<RunningNode> {
  const release: (() => void | Promise<void>)[] = [];
  try {
    return await compose(options, release);
  } catch (error) {
    for (const undo of release.reverse()) await undo();
    throw error;
  }
}

/** What `startNode` built so far, undone in reverse when something fails and when the node stops. */
type Release = (() => void | Promise<void>)[];

async function compose(options: StartOptions, release: Release): Promise<RunningNode> {
  const { genesis, log } = options;
  await syncState(options);
  const parts = await openParts(options, release);
  const { storage, application, mempool, network } = parts;
  const stopper = new Stopper(log);
  const driver = await openEngine(options, parts, stopper, release);

  // The way in. Ports are bound before consensus starts, so that a port in use changes nothing.
  const space = watchSpace(options, stopper);
  release.push(() => space.stop());
  const { admission, ports, metricsServer } = await openWayIn({
    ...options,
    ...parts,
    engine: driver,
    diskIsLow: () => space.level() !== "enough",
    release: (undo) => void release.push(undo),
  });

  await network.start({
    engine: new VotesAhead({ ...parts, engine: parts.metrics.engine(driver) }),
    storage,
    application,
    ownAddress: options.validatorKey?.address,
    receiveTransaction: (tx, refused) => {
      admission.fromPeer(tx, refused);
      // Admission passes it on by itself, once it is checked.
      return false;
    },
    waitingTransactions: (limit) => mempool.first(limit),
    clockWrong: (reason) => {
      if (options.validatorKey === undefined) log.error(reason);
      else stopper.request(new FatalError(reason, EXIT_UNFIT));
    },
  });
  await driver.start();
  await executeKeptBlock(storage, driver, log);
  log.info({ chain: genesis.chainId, height: storage.height.toString(), rpc: ports.rpc.url }, "node started");
  stopper.onStop(async () => {
    for (const undo of release.reverse()) await undo();
    log.info({ height: storage.height.toString() }, "node stopped");
  });
  return {
    rpcUrl: ports.rpc.url,
    restUrl: ports.rest?.url,
    grpcTarget: ports.grpc?.target,
    metricsUrl: metricsServer?.url,
    nodeId: options.nodeKey.id,
    peerAddress: network.listenAddress(),
    storage,
    mempool,
    engine: driver,
    application,
    network,
    stop: () => stopper.stop(),
    stopped: stopper.stopped,
  };
}

/** The parts that do nothing by themselves. */
interface Parts {
  readonly crypto: CryptoChoice;
  readonly known: KnownSignatures;
  readonly pool: SignaturePool;
  readonly files: FileSystem;
  readonly storage: NodeStorage;
  readonly application: Application;
  readonly snapshots: SnapshotMaker | undefined;
  readonly mempool: TransactionPool;
  readonly network: NodeNetwork;
  readonly gate: CommitGate;
  readonly slices: WorkSlices;
  readonly hub: EventHub;
  readonly waiters: CommitWaiters;
  readonly metrics: NodeMetrics;
}

async function openParts(options: StartOptions, release: Release): Promise<Parts> {
  const { home, config, genesis, log } = options;
  const crypto = await chooseCrypto();
  log.info({ backends: crypto.summary }, "chose crypto backends");
  const known = new KnownSignatures(crypto.verifier);
  const pool = new SignaturePool({ workers: verifyWorkerCount() }, { log });
  release.push(() => pool.close());

  // Data. Opening takes the folder's lock: from here on no other node can run in this home.
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const points = crashPointsOf(process.env);
  const files = points === undefined ? disk : withCrashPoints(disk, points);
  const storage = await NodeStorage.open(nodePaths(home).database, { chainId: genesis.chainId }, points);
  release.push(() => storage.close());

  // The application, over the records storage keeps for it.
  const snapshots = new SnapshotStore(nodePaths(home).snapshots);
  const application = withState(home, () =>
    (options.application ?? chainApplication)({
      config,
      version: options.version,
      records: { get: (key) => storage.applicationRecord(key) },
      snapshots,
      hasher: crypto.hasher,
      verifier: crypto.verifier,
      log,
    }),
  );

  const maker = openSnapshotMaker(config, application, snapshots, log);
  release.push(() => maker?.stop());

  // What waits: transactions for a block, clients for events, everyone for a block to be durable.
  const terms = application instanceof ChainApplication ? { terms: application.txTerms.bind(application) } : {};
  const metrics = openMetrics({ config, chainId: genesis.chainId, self: options.validatorKey?.address });
  const { admitted } = metrics;
  const gate = new CommitGate();
  const mempool = new TransactionPool(mempoolOptions(config), {
    application: metrics.application(application),
    gate,
    log,
    admitted,
    ...terms,
  });
  release.push(() => mempool.close());
  const hub = new EventHub(eventHubOptions(config));
  const waiters = new CommitWaiters();
  release.push(() => waiters.close());
  const slices = new WorkSlices(gate);
  release.push(() => slices.close());
  release.push(() => gate.open());

  // Peers. Nothing is sent or received before `start`.
  const network = await openNetwork({
    home,
    config,
    nodeKey: options.nodeKey,
    chainId: genesis.chainId,
    genesisHash: genesisHash(genesis),
    heights: () => ({ base: storage.base, height: storage.height }),
    log,
  });
  release.push(() => network.stop());
  return {
    ...{ crypto, known, pool, files, storage, application, mempool, network, gate, slices, hub, waiters, metrics },
    snapshots: maker,
  };
}

/** Loads what holds the state; records that do not fit together are a failure of the data folder, told with the remedy. */
function withState<Loaded>(home: string, load: () => Loaded): Loaded {
  try {
    return load();
  } catch (error) {
    if (error instanceof StateError) throw unusableState(nodePaths(home).database, error);
    throw error;
  }
}

/** Consensus. The handshake checks that storage, application and genesis agree. */
async function openEngine(options: StartOptions, parts: Parts, stopper: Stopper, release: Release): Promise<Driver> {
  const { home, config, genesis, log } = options;
  const { files, storage, application, snapshots, mempool, network, gate, hub, waiters, metrics } = parts;
  const consensusLog = engineLog(log.child({ module: "consensus" }));
  const shared = { storage, mempool, log: consensusLog, ...parts.crypto, verifier: parts.known.verifier };
  const { height } = storage;
  const start = await handshake(genesis, { ...shared, application });
  const signer = openSigner(
    { home, chainId: genesis.chainId, height },
    { key: options.validatorKey, files, log: consensusLog },
  );
  const { haltHeight } = config;
  const driver = new Driver(
    {
      timeouts: timeoutsOf(config),
      createEmptyBlocks: config.createEmptyBlocks,
      logDirectory: nodePaths(home).writeAheadLog,
      doubleSignCheckHeight: config.doubleSignCheckHeight,
    },
    {
      ...shared,
      application: closingAtCommit(metrics.application(application), gate),
      network: metrics.network(network.engineSide),
      observe: metrics.observe,
      clock: options.clock ?? systemClock,
      timers: options.timers ?? systemTimers,
      files,
      signer,
      listeners: [
        // The block is durable and the mempool up to date: whoever waited goes on.
        () => gate.open(),
        (committed) => logBlock(log, committed),
        metrics.committed,
        (committed) => announceBlock(committed, hub, waiters),
        ({ block, blockId }) => network.committed(block.header.height, blockId.hash),
        ({ block }) => snapshots?.committed(block.header.height),
        ({ block }) => {
          if (haltHeight > 0 && block.header.height >= BigInt(haltHeight)) stopper.request(undefined);
        },
        ...(options.onCommitted === undefined ? [] : [options.onCommitted]),
      ],
      onFatal: (error) => {
        leaveUpgradeInfo(nodePaths(home).upgradeInfo, error);
        stopper.request(error);
      },
      onKeyInUse: (error) => stopper.request(error),
    },
    start,
  );
  release.push(() => driver.stop());
  return driver;
}

/** The disk: transactions are refused while it is nearly full, and the node stops while it still can. */
function watchSpace({ home, log }: StartOptions, stopper: Stopper): ReturnType<typeof watchDisk> {
  return watchDisk(home, 10_000, (level, free) => {
    const facts = { freeMegabytes: Math.floor(free / 1_048_576) };
    if (level === "enough") log.info(facts, "there is enough disk space again");
    else if (level === "low") log.warn(facts, "the disk is nearly full: new transactions are refused");
    else {
      const reason = `the disk of ${home} is full; free some space and start again`;
      stopper.request(new FatalError(reason, EXIT_STORAGE_FAILURE));
    }
  });
}

function logBlock(log: Logger, { block, state }: CommittedBlock): void {
  log.info(
    {
      height: block.header.height.toString(),
      txs: block.data.txs.length,
      appHash: Buffer.from(state.appHash).toString("hex").toUpperCase().slice(0, 16),
    },
    "committed a block",
  );
}
