/**
 * Owns the list of settings a node knows: in which file and under which name each stands, its kind, its default and
 * the sentence that explains it. Reading, defaults files and environment names all derive from this list
 * (node/config.ts). Names and layout are CometBFT 0.38's config.toml and the SDK 0.53's app.toml and client.toml.
 */

import { dataSettings } from "./config-data.ts";
import { peerSettings } from "./config-peers.ts";
import {
  cacheSize,
  maximumPerSigner,
  maximumTransactionBytes,
  maximumTransactions,
  maximumTransactionsBytes,
  timeToLiveBlocks,
  timeToLiveMs,
} from "./mempool/limits.ts";
import {
  broadcastCommitTimeoutMs,
  maximumBatchSize,
  maximumBodyBytes,
  maximumOpenConnections,
  maximumSubscriptionClients,
  maximumSubscriptionsPerClient,
} from "./rpc/limits.ts";
import { setting } from "./setting.ts";

/** Every setting, by the name the node's code uses. The order is that of the files. */
export const settings = {
  moniker: setting("config", "moniker", "text", "node", "A name for this node, shown to peers and explorers."),
  logLevel: setting("config", "log_level", "text", "info", "debug, info, warn, error or none."),
  logFormat: setting("config", "log_format", "text", "plain", "plain for people, json for machines."),

  rpcAddress: setting("config", "rpc.laddr", "text", "tcp://127.0.0.1:26657", "Where JSON-RPC listens."),
  rpcCorsOrigins: setting(
    "config",
    "rpc.cors_allowed_origins",
    "list",
    [],
    'Origins whose pages may call the RPC; ["*"] allows all.',
  ),
  rpcUnsafe: setting(
    "config",
    "rpc.unsafe",
    "boolean",
    false,
    "Serve dial_peers and dial_seeds, which change what the node does. Never on an address that others reach.",
  ),
  rpcMaximumConnections: setting(
    "config",
    "rpc.max_open_connections",
    "number",
    maximumOpenConnections,
    "Open connections, WebSockets included.",
  ),
  rpcMaximumSubscriptionClients: setting(
    "config",
    "rpc.max_subscription_clients",
    "number",
    maximumSubscriptionClients,
    "Clients with subscriptions.",
  ),
  rpcMaximumSubscriptionsPerClient: setting(
    "config",
    "rpc.max_subscriptions_per_client",
    "number",
    maximumSubscriptionsPerClient,
    "Subscriptions of one client.",
  ),
  rpcBroadcastCommitTimeoutMs: setting(
    "config",
    "rpc.timeout_broadcast_tx_commit",
    "duration",
    broadcastCommitTimeoutMs,
    "How long broadcast_tx_commit waits for the block.",
  ),
  rpcMaximumBatchSize: setting(
    "config",
    "rpc.max_request_batch_size",
    "number",
    maximumBatchSize,
    "Requests in one JSON-RPC batch.",
  ),
  rpcMaximumBodyBytes: setting("config", "rpc.max_body_bytes", "number", maximumBodyBytes, "Bytes of one request."),

  ...peerSettings,

  mempoolRecheck: setting("config", "mempool.recheck", "boolean", true, "Check waiting transactions after each block."),
  mempoolSize: setting("config", "mempool.size", "number", maximumTransactions, "Transactions waiting at most."),
  mempoolMaximumBytes: setting(
    "config",
    "mempool.max_txs_bytes",
    "number",
    maximumTransactionsBytes,
    "Bytes of waiting transactions together.",
  ),
  mempoolMaximumTxBytes: setting(
    "config",
    "mempool.max_tx_bytes",
    "number",
    maximumTransactionBytes,
    "Bytes of one transaction.",
  ),
  mempoolMaximumPerSigner: setting(
    "config",
    "mempool.max_txs_per_sender",
    "number",
    maximumPerSigner,
    "Waiting transactions of one signer at most.",
  ),
  mempoolCacheSize: setting("config", "mempool.cache_size", "number", cacheSize, "Transaction hashes remembered."),
  mempoolKeepInvalid: setting(
    "config",
    "mempool.keep-invalid-txs-in-cache",
    "boolean",
    false,
    "Remember refused transactions, so that they are not checked again.",
  ),
  mempoolTimeToLiveBlocks: setting(
    "config",
    "mempool.ttl-num-blocks",
    "number",
    Number(timeToLiveBlocks),
    "Blocks a transaction may wait; 0 is for ever.",
  ),
  mempoolTimeToLiveMs: setting(
    "config",
    "mempool.ttl-duration",
    "duration",
    timeToLiveMs,
    "Time a transaction may wait; 0s is for ever.",
  ),

  prometheus: setting(
    "config",
    "instrumentation.prometheus",
    "boolean",
    false,
    "Show metrics at /metrics on prometheus_listen_addr.",
  ),
  prometheusAddress: setting(
    "config",
    "instrumentation.prometheus_listen_addr",
    "text",
    ":26660",
    "Where metrics are shown; 127.0.0.1:26660 shows them to this machine alone.",
  ),
  prometheusMaximumConnections: setting(
    "config",
    "instrumentation.max_open_connections",
    "number",
    3,
    "Readers of the metrics at one time; 0 is any number.",
  ),
  prometheusNamespace: setting(
    "config",
    "instrumentation.namespace",
    "text",
    "cometbft",
    "What the metrics' names begin with.",
  ),

  timeoutProposeMs: setting("config", "consensus.timeout_propose", "duration", 3_000, "Wait for a proposal."),
  timeoutProposeDeltaMs: setting(
    "config",
    "consensus.timeout_propose_delta",
    "duration",
    500,
    "Added to it with each round.",
  ),
  timeoutPrevoteMs: setting(
    "config",
    "consensus.timeout_prevote",
    "duration",
    1_000,
    "Wait after two thirds prevoted differently.",
  ),
  timeoutPrevoteDeltaMs: setting(
    "config",
    "consensus.timeout_prevote_delta",
    "duration",
    500,
    "Added to it with each round.",
  ),
  timeoutPrecommitMs: setting(
    "config",
    "consensus.timeout_precommit",
    "duration",
    1_000,
    "Wait after two thirds precommitted differently.",
  ),
  timeoutPrecommitDeltaMs: setting(
    "config",
    "consensus.timeout_precommit_delta",
    "duration",
    500,
    "Added to it with each round.",
  ),
  timeoutCommitMs: setting(
    "config",
    "consensus.timeout_commit",
    "duration",
    1_000,
    "Wait after a block before the next: the block interval.",
  ),
  createEmptyBlocks: setting(
    "config",
    "consensus.create_empty_blocks",
    "boolean",
    true,
    "Make blocks also when there are no transactions.",
  ),
  doubleSignCheckHeight: setting(
    "config",
    "consensus.double_sign_check_height",
    "number",
    10,
    "Past commits searched for signatures of this key that this node did not make; 0 also signs without listening first.",
  ),

  stateSyncEnabled: setting(
    "config",
    "statesync.enable",
    "boolean",
    false,
    "Begin with a recent state from peers instead of block 1, where this home has no blocks yet.",
  ),
  stateSyncServers: setting(
    "config",
    "statesync.rpc_servers",
    "text",
    "",
    "RPC addresses of two nodes or more, separated by commas, whose headers are verified and compared.",
  ),
  stateSyncTrustHeight: setting(
    "config",
    "statesync.trust_height",
    "number",
    0,
    "A height whose block you know from somebody you trust, and its hash below.",
  ),
  stateSyncTrustHash: setting("config", "statesync.trust_hash", "text", "", "The hash of that block, 64 hex digits."),
  stateSyncTrustPeriodMs: setting(
    "config",
    "statesync.trust_period",
    "duration",
    168 * 3_600_000,
    "How old that block may be: less than the unbonding time.",
  ),
  stateSyncDiscoveryMs: setting(
    "config",
    "statesync.discovery_time",
    "duration",
    15_000,
    "How long peers are asked for snapshots before the newest is taken.",
  ),
  stateSyncFolder: setting(
    "config",
    "statesync.temp_dir",
    "text",
    "",
    "Where chunks are kept until the state is restored; empty is data/statesync, which a restart finds again.",
  ),
  stateSyncChunkTimeoutMs: setting(
    "config",
    "statesync.chunk_request_timeout",
    "duration",
    10_000,
    "A chunk that takes longer is asked of another peer.",
  ),
  stateSyncChunkFetchers: setting("config", "statesync.chunk_fetchers", "number", 4, "Chunks fetched at once."),

  ...dataSettings,

  minimumGasPrices: setting(
    "app",
    "minimum-gas-prices",
    "text",
    "0uopen",
    "Least price of gas this node accepts, 0.025uopen for example. Validators should set one.",
  ),
  pruning: setting(
    "app",
    "pruning",
    "text",
    "default",
    "How much past state answers queries: default (the last 1000 heights), nothing (all), everything (2), custom.",
  ),
  pruningKeepRecent: setting("app", "pruning-keep-recent", "number", 1_000, "Heights kept when pruning is custom."),
  minRetainBlocks: setting(
    "app",
    "min-retain-blocks",
    "number",
    0,
    "Blocks kept at least, with their results and index; those that evidence may name stay too. 0 keeps all.",
  ),
  haltHeight: setting("app", "halt-height", "number", 0, "Stop after this height; 0 never."),
  skippedUpgrades: setting(
    "app",
    "unsafe-skip-upgrades",
    "list",
    [],
    "Heights at which to go on without the upgrade planned for them. All validators have to agree, or the chain parts.",
  ),
  apiEnabled: setting("app", "api.enable", "boolean", true, "Serve REST and the chain's page."),
  apiAddress: setting("app", "api.address", "text", "tcp://127.0.0.1:1317", "Where REST listens."),
  apiCors: setting("app", "api.enabled-unsafe-cors", "boolean", false, "Let pages of any origin call REST."),
  apiMaximumConnections: setting("app", "api.max-open-connections", "number", 1_000, "Open REST connections."),

  grpcEnabled: setting("app", "grpc.enable", "boolean", true, "Serve gRPC, with reflection for tools such as grpcurl."),
  grpcAddress: setting("app", "grpc.address", "text", "127.0.0.1:9090", "Where gRPC listens."),
  grpcMaximumConnections: setting("app", "grpc.max-open-connections", "number", 500, "Open gRPC connections."),
  grpcWebEnabled: setting("app", "grpc-web.enable", "boolean", true, "Serve gRPC-Web on the REST port."),

  snapshotInterval: setting(
    "app",
    "state-sync.snapshot-interval",
    "number",
    0,
    "Make a snapshot of the state at every multiple of this height, for other nodes to begin with; 0 makes none.",
  ),
  snapshotKeepRecent: setting("app", "state-sync.snapshot-keep-recent", "number", 2, "Snapshots kept; 0 keeps all."),

  chainId: setting("client", "chain-id", "text", "", "The chain that commands speak of."),
  keyringBackend: setting("client", "keyring-backend", "text", "test", "Where keys are kept: test or file."),
  output: setting("client", "output", "text", "text", "How commands print: text or json."),
  nodeAddress: setting("client", "node", "text", "tcp://localhost:26657", "The node that commands ask."),
  broadcastMode: setting("client", "broadcast-mode", "text", "sync", "How transactions are sent: sync or async."),
} as const;

/** The name of a setting in code. */
export type SettingName = keyof typeof settings;
