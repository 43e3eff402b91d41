/**
 * Owns the names, labels and buckets of the metrics: those of CometBFT 0.38 (docs/core/metrics.md and the metrics.go of
 * each of its packages), so that dashboards made for it work. Does not own what is measured (the other files here).
 */

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** `count` bounds, each `factor` times the one before. */
function exponential(start: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => start * factor ** index);
}

/** As prometheus.ExponentialBucketsRange of Go's client, which CometBFT uses for the lengths of steps and rounds. */
function exponentialRange(lowest: number, highest: number, count: number): number[] {
  return exponential(lowest, (highest / lowest) ** (1 / (count - 1)), count);
}

/** Makes every metric on a registry of its own; each of them carries the label `chain_id`. */
export function createInstruments(namespace: string, chainId: string) {
  const registry = new Registry();
  registry.setDefaultLabels({ chain_id: chainId });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const registers = [registry];
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `${namespace}_${name}`, help, labelNames, registers });
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `${namespace}_${name}`, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram({ name: `${namespace}_${name}`, help, labelNames, buckets, registers });
  const makers = { gauge, counter, histogram };
  return {
    registry,
    consensus: { ...chainInstruments(makers), ...votingInstruments(makers) },
    ...trafficInstruments(makers),
    ...nodeInstruments(makers),
  };
}

/** Everything createInstruments makes. */
export type Instruments = ReturnType<typeof createInstruments>;

interface Makers {
  gauge<Label extends string = never>(name: string, help: string, ...labels: Label[]): Gauge<Label>;
  counter<Label extends string = never>(name: string, help: string, ...labels: Label[]): Counter<Label>;
  histogram<Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    ...labels: Label[]
  ): Histogram<Label>;
}

/** What a committed block tells. */
function chainInstruments({ gauge, histogram }: Makers) {
  return {
    height: gauge("consensus_height", "Height of the chain."),
    latestBlockHeight: gauge("consensus_latest_block_height", "The latest block height."),
    validators: gauge("consensus_validators", "Number of validators."),
    validatorsPower: gauge("consensus_validators_power", "Total power of all validators."),
    validatorPower: gauge("consensus_validator_power", "Power of a validator.", "validator_address"),
    validatorLastSignedHeight: gauge(
      "consensus_validator_last_signed_height",
      "Last height signed by this node's validator.",
      "validator_address",
    ),
    validatorMissedBlocks: gauge(
      "consensus_validator_missed_blocks",
      "Blocks missed by this node's validator since the process started.",
      "validator_address",
    ),
    missingValidators: gauge("consensus_missing_validators", "Number of validators who did not sign."),
    missingValidatorsPower: gauge("consensus_missing_validators_power", "Total power of the missing validators."),
    byzantineValidators: gauge("consensus_byzantine_validators", "Number of validators who tried to double sign."),
    byzantineValidatorsPower: gauge("consensus_byzantine_validators_power", "Total power of the byzantine validators."),
    blockIntervalSeconds: histogram(
      "consensus_block_interval_seconds",
      "Time between this and the last block, by their headers.",
      [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    ),
    numTxs: gauge("consensus_num_txs", "Number of transactions in the last block."),
    totalTxs: gauge("consensus_total_txs", "Transactions committed since the process started."),
    blockSizeBytes: gauge("consensus_block_size_bytes", "Size of the last block."),
  };
}

/** What happens within a height. */
function votingInstruments({ gauge, counter, histogram }: Makers) {
  return {
    rounds: gauge("consensus_rounds", "Number of rounds the height has needed so far, the first not counted."),
    roundDurationSeconds: histogram(
      "consensus_round_duration_seconds",
      "How long rounds took.",
      exponentialRange(0.1, 100, 8),
    ),
    stepDurationSeconds: histogram(
      "consensus_step_duration_seconds",
      "How long each step took.",
      exponentialRange(0.1, 100, 8),
      "step",
    ),
    blockParts: counter("consensus_block_parts", "Block parts transmitted per peer.", "peer_id"),
    blockGossipPartsReceived: counter(
      "consensus_block_gossip_parts_received",
      "Block parts received, by whether they fitted the block being gathered.",
      "matches_current",
    ),
    duplicateVote: counter("consensus_duplicate_vote", "Votes received that were held already, or came too late."),
    quorumPrevoteDelay: gauge(
      "consensus_quorum_prevote_delay",
      "Seconds between a proposal's timestamp and the prevote that completed a quorum.",
      "proposer_address",
    ),
    fullPrevoteDelay: gauge(
      "consensus_full_prevote_delay",
      "Seconds between a proposal's timestamp and the last prevote of a round in which all voted.",
      "proposer_address",
    ),
    proposalReceiveCount: counter(
      "consensus_proposal_receive_count",
      "Proposals received since the process started.",
      "status",
    ),
    proposalCreateCount: counter(
      "consensus_proposal_create_count",
      "Proposals this node created since the process started.",
    ),
    roundVotingPowerPercent: gauge(
      "consensus_round_voting_power_percent",
      "Share of the power, from 0 to 1, that has voted in the round.",
      "vote_type",
    ),
    lateVotes: counter("consensus_late_votes", "Votes received for an earlier height or round.", "vote_type"),
  };
}

/** Mempool and peers. */
function trafficInstruments({ gauge, counter, histogram }: Makers) {
  return {
    mempool: {
      size: gauge("mempool_size", "Number of uncommitted transactions."),
      sizeBytes: gauge("mempool_size_bytes", "Bytes of uncommitted transactions."),
      txSizeBytes: histogram("mempool_tx_size_bytes", "Sizes of admitted transactions.", exponential(1, 3, 11)),
      failedTxs: counter("mempool_failed_txs", "Transactions the application refused."),
      rejectedTxs: counter("mempool_rejected_txs", "Transactions refused for want of room, without checking them."),
      evictedTxs: counter("mempool_evicted_txs", "Transactions that left for others that pay more."),
      expiredTxs: counter("mempool_expired_txs", "Transactions that waited too long."),
      recheckTimes: counter("mempool_recheck_times", "Transactions rechecked in the mempool."),
      alreadyReceivedTxs: counter("mempool_already_received_txs", "Transactions received more than once."),
    },
    p2p: {
      peers: gauge("p2p_peers", "Number of peers."),
      peerReceiveBytesTotal: counter("p2p_peer_receive_bytes_total", "Bytes received from a peer.", "peer_id", "chID"),
      peerSendBytesTotal: counter("p2p_peer_send_bytes_total", "Bytes sent to a peer.", "peer_id", "chID"),
      peerPendingSendBytes: gauge("p2p_peer_pending_send_bytes", "Bytes that wait to be sent to a peer.", "peer_id"),
      messageReceiveBytesTotal: counter(
        "p2p_message_receive_bytes_total",
        "Bytes received, by kind of message.",
        "message_type",
      ),
      messageSendBytesTotal: counter("p2p_message_send_bytes_total", "Bytes sent, by kind of message.", "message_type"),
    },
  };
}

/** The application, syncing, and this program's own. */
function nodeInstruments({ gauge, counter, histogram }: Makers) {
  return {
    state: {
      blockProcessingTime: histogram(
        "state_block_processing_time",
        "Milliseconds spent in FinalizeBlock.",
        Array.from({ length: 10 }, (_, index) => 1 + 10 * index),
      ),
      consensusParamUpdates: counter(
        "state_consensus_param_updates",
        "Changes of the consensus parameters by the application since the process started.",
      ),
      validatorSetUpdates: counter(
        "state_validator_set_updates",
        "Changes of the validator set by the application since the process started.",
      ),
    },
    blocksyncSyncing: gauge("blocksync_syncing", "1 while the node fetches blocks that others have."),
    statesyncSyncing: gauge("statesync_syncing", "1 while the node restores a snapshot."),
    abciMethodTiming: histogram(
      "abci_connection_method_timing_seconds",
      "How long each ABCI method took.",
      [0.0001, 0.0004, 0.002, 0.009, 0.02, 0.1, 0.65, 2, 6, 25],
      "method",
      "type",
    ),
    node: {
      loopLagSeconds: gauge(
        "node_loop_lag_seconds",
        "How late the event loop ran in the last ten seconds.",
        "quantile",
      ),
      refused: counter("node_refused_total", "Requests and transactions refused because too many waited."),
      waiting: gauge("node_waiting", "Work from outside that waits for its turn.", "lane"),
    },
  };
}
