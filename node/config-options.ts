/**
 * Owns which settings of the configuration become which options of the parts. Does not own either.
 */

import type { TimeoutConfig } from "../chain/consensus/timeouts.ts";
import { parseDecCoins } from "../chain/types/dec-coin.ts";
import { defaultDenom } from "../genesis/build.ts";
import { ConfigError, type NodeConfig } from "./config.ts";
import type { GrpcServerOptions } from "./grpc/server.ts";
import { parseListenAddress } from "./listen.ts";
import { recheckBudgetMs, recheckPauseMs, recheckSliceMs } from "./mempool/limits.ts";
import type { MempoolOptions } from "./mempool/mempool.ts";
import type { RestServerOptions } from "./rest/server.ts";
import type { EventHubOptions } from "./rpc/event-hub.ts";
import { idleTimeoutMs, requestTimeoutMs, webSocketSlowBytes } from "./rpc/limits.ts";
import type { RpcServerOptions } from "./rpc/server.ts";

/** The mempool's bounds. */
export function mempoolOptions(config: NodeConfig): MempoolOptions {
  return {
    maximumTransactions: config.mempoolSize,
    maximumTransactionsBytes: config.mempoolMaximumBytes,
    maximumTransactionBytes: config.mempoolMaximumTxBytes,
    maximumPerSigner: config.mempoolMaximumPerSigner,
    cacheSize: config.mempoolCacheSize,
    recheck: config.mempoolRecheck,
    keepInvalidInCache: config.mempoolKeepInvalid,
    timeToLiveBlocks: BigInt(config.mempoolTimeToLiveBlocks),
    timeToLiveMs: config.mempoolTimeToLiveMs,
    recheckBudgetMs,
    recheckSliceMs,
    recheckPauseMs,
    // Transactions are compared by what the operator asks for; who asks for nothing compares by the native coin.
    feeDenom: parseDecCoins(config.minimumGasPrices)[0]?.denom ?? defaultDenom,
  };
}

/** The heights of upgrades to go on without. Throws ConfigError for anything but heights. */
export function skippedUpgradesOf(config: NodeConfig): ReadonlySet<bigint> {
  const wrong = config.skippedUpgrades.find((text) => !/^[1-9]\d{0,17}$/.test(text));
  if (wrong !== undefined) {
    throw new ConfigError(
      `unsafe-skip-upgrades names ${JSON.stringify(wrong)}, which is no height. Nothing was changed.`,
    );
  }
  return new Set(config.skippedUpgrades.map(BigInt));
}

/** How long each step of consensus waits. */
export function timeoutsOf(config: NodeConfig): TimeoutConfig {
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

/** The bounds on subscriptions. */
export function eventHubOptions(config: NodeConfig): EventHubOptions {
  return {
    maximumClients: config.rpcMaximumSubscriptionClients,
    maximumSubscriptionsPerClient: config.rpcMaximumSubscriptionsPerClient,
    slowBytes: webSocketSlowBytes,
  };
}

/** Where and within which bounds JSON-RPC is served. Throws ListenError. */
export function rpcOptions(config: NodeConfig): RpcServerOptions {
  return {
    address: parseListenAddress(config.rpcAddress, "[rpc] laddr in config.toml"),
    maximumBodyBytes: config.rpcMaximumBodyBytes,
    maximumBatchSize: config.rpcMaximumBatchSize,
    maximumOpenConnections: config.rpcMaximumConnections,
    requestTimeoutMs,
    // Whoever waits for a block is silent for as long as that may take.
    idleTimeoutMs: Math.max(idleTimeoutMs, config.rpcBroadcastCommitTimeoutMs + 5_000),
    corsAllowedOrigins: config.rpcCorsOrigins,
  };
}

/** Where and within which bounds gRPC is served. Throws ListenError. */
export function grpcOptions(config: NodeConfig): GrpcServerOptions {
  return {
    address: parseListenAddress(config.grpcAddress, "[grpc] address in app.toml"),
    maximumOpenConnections: config.grpcMaximumConnections,
  };
}

/** Where and within which bounds REST is served. Throws ListenError. */
export function restOptions(config: NodeConfig): RestServerOptions {
  return {
    address: parseListenAddress(config.apiAddress, "[api] address in app.toml"),
    cors: config.apiCors,
    maximumOpenConnections: config.apiMaximumConnections,
  };
}
