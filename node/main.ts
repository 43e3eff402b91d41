/**
 * Owns the composition of a node, read from top to bottom: what exists, what each part is given, in which order it
 * starts and stops. Does not own any part. `tributaryd start`, `tributaryd dev` and tests start nodes here.
 *
 * Exit codes of a node process: 0 stopped as asked, 1 wrong usage, configuration or home folder, 70 the disk or the
 * database failed (node/ports.ts EXIT_STORAGE_FAILURE), 71 the chain cannot go on here (EXIT_CHAIN_HALTED).
 */

import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Application } from "../chain/app/abci.ts";
import { ChainApplication, createApplication } from "../chain/app/application.ts";
import { AddressCodec } from "../chain/types/address.ts";
import type { Verifier } from "../chain/types/crypto.ts";
import { parseDecCoins } from "../chain/types/dec-coin.ts";
import { genesisDocumentToCometJson } from "../chain/types/genesis-doc.ts";
import type { Hasher } from "../chain/types/hash.ts";
import { createModules } from "../modules/app.ts";
import { systemClock, systemTimers } from "./clock.ts";
import { CommitGate, closingAtCommit } from "./commit-gate.ts";
import { keptVersions, type NodeConfig } from "./config.ts";
import { chooseCrypto, sha256 } from "./crypto.ts";
import { watchDisk } from "./disk-watch.ts";
import { disk } from "./engine/disk.ts";
import { Driver } from "./engine/driver.ts";
import { handshake } from "./engine/handshake.ts";
import { type NodeHome, nodePaths } from "./home.ts";
import { parseListenAddress } from "./listen.ts";
import { engineLog, type Logger } from "./log.ts";
import { openAdmission } from "./mempool/admission.ts";
import { recheckBudgetMs, recheckSliceMs } from "./mempool/limits.ts";
import { TransactionPool } from "./mempool/mempool.ts";
import { type NodeNetwork, openNetwork } from "./network.ts";
import {
  type CommittedBlock,
  type CommittedListener,
  type Engine,
  EXIT_STORAGE_FAILURE,
  FatalError,
  type Timers,
} from "./ports.ts";
import { collectRoutes } from "./rest/routes.ts";
import { type RestServer, startRest } from "./rest/server.ts";
import { readStaticFiles } from "./rest/static-files.ts";
import { announceBlock } from "./rpc/block-events.ts";
import { CommitWaiters } from "./rpc/commit-waiters.ts";
import type { ApplicationView, RpcEnvironment } from "./rpc/environment.ts";
import { EventHub } from "./rpc/event-hub.ts";
import { informationServices } from "./rpc/grpc-services/node-information.ts";
import { type NodeMethod, routeQueries } from "./rpc/grpc-services/service.ts";
import { transactionServices } from "./rpc/grpc-services/transactions.ts";
import { requestTimeoutMs, webSocketSlowBytes } from "./rpc/limits.ts";
import { startRpc } from "./rpc/start.ts";
import { openSigner } from "./signing.ts";
import { NodeStorage } from "./storage/storage.ts";

/** Makes the application the node hosts; another than the chain's own may be given, for tests and other chains. */
export type ApplicationFactory = (parts: ApplicationParts) => Application;

/** What an application is given by the node. */
export interface ApplicationParts {
  readonly config: NodeConfig;
  readonly version: string;
  readonly records: { get(key: Uint8Array): Uint8Array | undefined };
  readonly hasher: Hasher;
  readonly verifier: Verifier;
  readonly log: Logger;
}

/** What a node is started with. */
export interface StartOptions extends NodeHome {
  /** Version of this program. */
  readonly version: string;
  readonly log: Logger;
  readonly application?: ApplicationFactory;
  /** Told of every durable block, beside the node's own listeners. */
  readonly onCommitted?: CommittedListener;
  readonly timers?: Timers;
}

/** A node that runs. */
export interface RunningNode {
  readonly rpcUrl: string;
  /** Undefined when REST is off. */
  readonly restUrl: string | undefined;
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

async function compose(options: StartOptions, release: (() => void | Promise<void>)[]): Promise<RunningNode> {
  const { home, config, genesis, log } = options;
  const paths = nodePaths(home);
  const crypto = chooseCrypto();
  log.info({ backends: crypto.summary }, "chose crypto backends");

  // Data. Opening takes the folder's lock: from here on no other node can run in this home.
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const storage = await NodeStorage.open(paths.database, { chainId: genesis.chainId });
  release.push(() => storage.close());

  // The application, over the records storage keeps for it.
  const application = (options.application ?? chainApplication)({
    config,
    version: options.version,
    records: { get: (key) => storage.applicationRecord(key) },
    hasher: crypto.hasher,
    verifier: crypto.verifier,
    log,
  });

  const mempool = new TransactionPool(mempoolOptions(config), { application, log });
  release.push(() => mempool.close());
  const hub = new EventHub({
    maximumClients: config.rpcMaximumSubscriptionClients,
    maximumSubscriptionsPerClient: config.rpcMaximumSubscriptionsPerClient,
    slowBytes: webSocketSlowBytes,
  });
  const waiters = new CommitWaiters();
  release.push(() => waiters.close());

  // Peers. Nothing is sent or received before `start`.
  const network = await openNetwork({
    config,
    nodeKey: options.nodeKey,
    chainId: genesis.chainId,
    genesisHash: sha256(Buffer.from(JSON.stringify(genesisDocumentToCometJson(genesis)))),
    heights: () => ({ base: storage.base, height: storage.height }),
    log,
  });
  release.push(() => network.stop());

  // Consensus. The handshake checks that storage, application and genesis agree.
  const shared = { application, storage, mempool, verifier: crypto.verifier, hasher: crypto.hasher };
  const consensusLog = engineLog(log.child({ module: "consensus" }));
  const hasBlocks = storage.height > 0n;
  const gate = new CommitGate();
  release.push(() => gate.open());
  const start = await handshake(genesis, { ...shared, log: consensusLog });
  const signer = openSigner(
    { home, chainId: genesis.chainId, hasBlocks },
    { key: options.validatorKey, log: consensusLog },
  );
  const stopper = new Stopper(log);
  const driver = new Driver(
    { timeouts: timeoutsOf(config), createEmptyBlocks: config.createEmptyBlocks, logDirectory: paths.writeAheadLog },
    {
      ...shared,
      application: closingAtCommit(application, gate),
      network: network.engineSide,
      clock: systemClock,
      timers: options.timers ?? systemTimers,
      files: disk,
      log: consensusLog,
      signer,
      listeners: [
        // The block is durable and the mempool up to date: whoever waited goes on.
        () => gate.open(),
        (committed) => logBlock(log, committed),
        (committed) => announceBlock(committed, hub, waiters),
        ({ block, blockId }) => network.committed(block.header.height, blockId.hash),
        ({ block }) => {
          if (config.haltHeight > 0 && block.header.height >= BigInt(config.haltHeight)) stopper.request(undefined);
        },
        ...(options.onCommitted === undefined ? [] : [options.onCommitted]),
      ],
      onFatal: (error) => stopper.request(error),
    },
    start,
  );
  release.push(() => driver.stop());

  // The disk.
  const space = watchDisk(home, 10_000, (level, free) => {
    const facts = { freeMegabytes: Math.floor(free / 1_048_576) };
    if (level === "enough") log.info(facts, "there is enough disk space again");
    else if (level === "low") log.warn(facts, "the disk is nearly full: new transactions are refused");
    else
      stopper.request(
        new FatalError(`the disk of ${home} is full; free some space and start again`, EXIT_STORAGE_FAILURE),
      );
  });
  release.push(() => space.stop());

  // The way in for clients. Ports are bound before consensus starts, so that a port in use changes nothing.
  const admission = openAdmission({
    mempool,
    gate,
    log,
    refusal: () =>
      space.level() === "enough" ? undefined : "the node's disk is nearly full; it takes no transactions now",
    relay: (tx) => network.sendTransaction(tx),
  });
  const seen: ApplicationView = {
    info: async (request) => gate.pass().then(() => application.info(request)),
    query: async (request) => gate.pass().then(() => application.query(request)),
    checkTx: async (request) => gate.pass().then(() => application.checkTx(request)),
  };
  const environment: RpcEnvironment = {
    identity: {
      nodeId: options.nodeKey.id,
      moniker: config.moniker,
      chainId: genesis.chainId,
      // Clients refuse an empty address; a node without a peer port names one that nobody can dial.
      peerAddress: config.peerAddress === "" ? "tcp://0.0.0.0:0" : config.peerAddress,
      rpcAddress: config.rpcAddress,
      // Clients refuse a node without a key: one that only follows shows its node key, which has no power.
      consensusKey: options.validatorKey?.publicKey ?? { ed25519: options.nodeKey.publicKey },
      version: options.version,
    },
    genesis,
    storage,
    application: { ...seen, query: (request) => queries(request) },
    mempool,
    submit: admission.fromClient,
    engine: driver,
    network: network.view,
    catchingUp: () => network.catchingUp(),
    hub,
    waiters,
    log,
  };
  const services = [
    ...transactionServices(environment),
    ...informationServices({ environment, config, addresses: () => addressesOf(application) }),
  ];
  const queries = routeQueries(services, seen, (error, where) =>
    log.error({ err: error, where, module: "rpc" }, "a query met a bug"),
  );
  const rpc = await startRpc(
    {
      address: parseListenAddress(config.rpcAddress, "[rpc] laddr in config.toml"),
      maximumBodyBytes: config.rpcMaximumBodyBytes,
      maximumBatchSize: config.rpcMaximumBatchSize,
      maximumOpenConnections: config.rpcMaximumConnections,
      requestTimeoutMs,
      corsAllowedOrigins: config.rpcCorsOrigins,
    },
    environment,
  );
  release.push(() => rpc.close());
  const rest = config.apiEnabled ? await openRest(config, application, environment, services) : undefined;
  if (rest !== undefined) release.push(() => rest.close());

  await network.start({
    engine: driver,
    storage,
    receiveTransaction: admission.fromPeer,
    waitingTransactions: (limit) => mempool.first(limit),
  });
  await driver.start();
  log.info({ chain: genesis.chainId, height: storage.height.toString(), rpc: rpc.url }, "node started");

  stopper.onStop(async () => {
    for (const undo of release.reverse()) await undo();
    log.info({ height: storage.height.toString() }, "node stopped");
  });
  return {
    rpcUrl: rpc.url,
    restUrl: rest?.url,
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

/** Runs the stop sequence once, whoever asks first. */
class Stopper {
  readonly stopped: Promise<FatalError | undefined>;
  private readonly log: Logger;
  private settle: (reason: FatalError | undefined) => void = () => undefined;
  private sequence: (() => Promise<void>) | undefined;
  private running: Promise<void> | undefined;
  private early: { readonly reason: FatalError | undefined } | undefined;

  constructor(log: Logger) {
    this.log = log;
    this.stopped = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  /** Sets what stopping does; a request that came before is carried out now. */
  onStop(sequence: () => Promise<void>): void {
    this.sequence = sequence;
    if (this.early !== undefined) this.request(this.early.reason);
  }

  /** Stops soon, for `reason` or because it was asked for. */
  request(reason: FatalError | undefined): void {
    if (this.running !== undefined) return;
    if (this.sequence === undefined) {
      this.early ??= { reason };
      return;
    }
    if (reason !== undefined) this.log.fatal({ err: reason.message }, "the node stops");
    const { sequence } = this;
    // Not within the caller: it may be the engine itself, which the sequence waits for.
    this.running = new Promise<void>((resolve) => setImmediate(resolve))
      .then(sequence)
      .catch((error: unknown) => this.log.error({ err: error }, "stopping did not go cleanly"))
      .finally(() => this.settle(reason));
  }

  async stop(): Promise<void> {
    this.request(undefined);
    await this.running;
  }
}

/** The chain's own application: all modules of modules/app.ts. */
export function chainApplication(parts: ApplicationParts): ChainApplication {
  const { config, hasher, verifier, log } = parts;
  return createApplication(
    {
      version: parts.version,
      minGasPrices: parseDecCoins(config.minimumGasPrices),
      keepRecent: keptVersions(config),
      minRetainBlocks: BigInt(config.minRetainBlocks),
    },
    {
      modules: createModules({ verifier, hasher }),
      records: parts.records,
      hasher,
      verifier,
      report: (error, where) => log.error({ err: error, where, module: "app" }, "a bug was met and contained"),
    },
  );
}

/** REST over every service that the application's modules or the node answer, and the page in web/. */
async function openRest(
  config: NodeConfig,
  application: Application,
  environment: RpcEnvironment,
  services: readonly NodeMethod[],
): Promise<RestServer> {
  const own = new Set([...services.map(({ path }) => path), "/cosmos.tx.v1beta1.Service/Simulate"]);
  const isServed = (path: string): boolean =>
    own.has(path) || (application instanceof ChainApplication && application.router.query(path) !== undefined);
  return await startRest(
    {
      address: parseListenAddress(config.apiAddress, "[api] address in app.toml"),
      cors: config.apiCors,
      maximumOpenConnections: config.apiMaximumConnections,
    },
    {
      routes: collectRoutes(isServed),
      application: environment.application,
      log: environment.log,
      files: readStaticFiles(fileURLToPath(new URL("../web/", import.meta.url))),
    },
  );
}

/** The address codec of the chain's own application; another application's chain is shown with the default prefix. */
function addressesOf(application: Application): AddressCodec {
  return application instanceof ChainApplication ? application.addresses : new AddressCodec("trib");
}

function mempoolOptions(config: NodeConfig): ConstructorParameters<typeof TransactionPool>[0] {
  return {
    maximumTransactions: config.mempoolSize,
    maximumTransactionsBytes: config.mempoolMaximumBytes,
    maximumTransactionBytes: config.mempoolMaximumTxBytes,
    cacheSize: config.mempoolCacheSize,
    recheck: config.mempoolRecheck,
    keepInvalidInCache: config.mempoolKeepInvalid,
    timeToLiveBlocks: BigInt(config.mempoolTimeToLiveBlocks),
    recheckBudgetMs,
    recheckSliceMs,
  };
}

function timeoutsOf(config: NodeConfig): ConstructorParameters<typeof Driver>[0]["timeouts"] {
  return {
    proposeMs: config.timeoutProposeMs,
    proposeDeltaMs: config.timeoutProposeDeltaMs,
    prevoteMs: config.timeoutPrevoteMs,
    prevoteDeltaMs: config.timeoutPrevoteDeltaMs,
    precommitMs: config.timeoutPrecommitMs,
    precommitDeltaMs: config.timeoutPrecommitDeltaMs,
    commitMs: config.timeoutCommitMs,
  };
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
