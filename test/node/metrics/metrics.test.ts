// The metrics page of a validator with a follower: it parses, it has CometBFT's names, and its values are those of the
// chain.

import { SigningStargateClient } from "@cosmjs/stargate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningNode } from "../../../node/main.ts";
import { startMetricsServer } from "../../../node/metrics/server.ts";
import { type ChainHome, chainHome, followerHome, type Home, wallet } from "../../e2e/chain-home.ts";
import { peerOf, startIn, statusOf, until } from "../../e2e/nodes.ts";
import { type Family, parseExposition } from "./exposition.ts";

const shown = { prometheus: true, prometheusAddress: "tcp://127.0.0.1:0" };
let chain: ChainHome;
let followerFolder: Home;
let node: RunningNode;
let follower: RunningNode;

beforeAll(async () => {
  chain = await chainHome(shown);
  node = await startIn(chain);
  followerFolder = followerHome(chain, { persistentPeers: peerOf(node) });
  follower = await startIn(followerFolder);
});

afterAll(async () => {
  await follower.stop();
  await node.stop();
  followerFolder.remove();
  chain.remove();
});

async function page(): Promise<Map<string, Family>> {
  const response = await fetch(node.metricsUrl ?? "");
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parseExposition(await response.text());
}

function sampled(families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number {
  const family = families.get(name) ?? families.get(name.replace(/_(?:sum|count)$/, ""));
  const found = family?.samples.find(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  if (found === undefined) throw new Error(`no ${name} with ${JSON.stringify(labels)}`);
  return found.value;
}

/**
 * Names, types and labels of CometBFT 0.38 (docs/core/metrics.md; mempool/metrics.go for those of the mempool that the
 * page leaves out). Not here: p2p_num_txs and consensus_vote_extension_receive_count, which this node does not count.
 */
const cometMetrics: readonly (readonly [name: string, type: string, ...labels: string[]])[] = [
  ["abci_connection_method_timing_seconds", "histogram", "method", "type"],
  ["blocksync_syncing", "gauge"],
  ["consensus_height", "gauge"],
  ["consensus_validators", "gauge"],
  ["consensus_validators_power", "gauge"],
  ["consensus_validator_power", "gauge", "validator_address"],
  ["consensus_validator_last_signed_height", "gauge", "validator_address"],
  ["consensus_validator_missed_blocks", "gauge", "validator_address"],
  ["consensus_missing_validators", "gauge"],
  ["consensus_missing_validators_power", "gauge"],
  ["consensus_byzantine_validators", "gauge"],
  ["consensus_byzantine_validators_power", "gauge"],
  ["consensus_block_interval_seconds", "histogram"],
  ["consensus_rounds", "gauge"],
  ["consensus_num_txs", "gauge"],
  ["consensus_total_txs", "gauge"],
  ["consensus_block_parts", "counter", "peer_id"],
  ["consensus_latest_block_height", "gauge"],
  ["consensus_block_size_bytes", "gauge"],
  ["consensus_step_duration_seconds", "histogram", "step"],
  ["consensus_round_duration_seconds", "histogram"],
  ["consensus_block_gossip_parts_received", "counter", "matches_current"],
  ["consensus_quorum_prevote_delay", "gauge", "proposer_address"],
  ["consensus_full_prevote_delay", "gauge", "proposer_address"],
  ["consensus_proposal_receive_count", "counter", "status"],
  ["consensus_proposal_create_count", "counter"],
  ["consensus_round_voting_power_percent", "gauge", "vote_type"],
  ["consensus_late_votes", "counter", "vote_type"],
  ["p2p_message_send_bytes_total", "counter", "message_type"],
  ["p2p_message_receive_bytes_total", "counter", "message_type"],
  ["p2p_peers", "gauge"],
  ["p2p_peer_receive_bytes_total", "counter", "peer_id", "chID"],
  ["p2p_peer_send_bytes_total", "counter", "peer_id", "chID"],
  ["p2p_peer_pending_send_bytes", "gauge", "peer_id"],
  ["mempool_size", "gauge"],
  ["mempool_size_bytes", "gauge"],
  ["mempool_tx_size_bytes", "histogram"],
  ["mempool_failed_txs", "counter"],
  ["mempool_rejected_txs", "counter"],
  ["mempool_evicted_txs", "counter"],
  ["mempool_recheck_times", "counter"],
  ["mempool_already_received_txs", "counter"],
  ["state_block_processing_time", "histogram"],
  ["state_consensus_param_updates", "counter"],
  ["state_validator_set_updates", "counter"],
  ["statesync_syncing", "gauge"],
];

describe("the metrics page", () => {
  test("has CometBFT's names, types and labels, and chain_id on every sample", async () => {
    const families = await page();
    for (const [name, type, ...labels] of cometMetrics) {
      const family = families.get(`cometbft_${name}`);
      expect(family?.type, name).toBe(type);
      expect(family?.help, name).not.toBe("");
      for (const sample of family?.samples ?? []) {
        const names = Object.keys(sample.labels).filter((one) => one !== "le");
        expect(names.toSorted(), sample.name).toEqual(["chain_id", ...labels].toSorted());
        expect(sample.labels.chain_id).toBe("e2e-1");
      }
    }
    expect(families.get("process_resident_memory_bytes")?.samples).toHaveLength(1);
    expect(families.get("cometbft_node_loop_lag_seconds")?.samples).toHaveLength(3);
  });

  test("moves with the chain", async () => {
    const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(2), {
      broadcastPollIntervalMs: 20,
    });
    const [from = "", to = ""] = chain.addresses;
    const fee = { amount: [], gas: "200000" };
    const before = await page();
    await client.sendTokens(from, to, [{ denom: "uopen", amount: "1" }], fee);
    client.disconnect();
    const reached = (await statusOf(node.rpcUrl)).height;
    await until(async () => (await statusOf(follower.rpcUrl)).height >= reached, "the follower is level");
    const after = await page();
    const grown = [
      "cometbft_consensus_height",
      "cometbft_consensus_total_txs",
      "cometbft_consensus_proposal_create_count",
      "cometbft_consensus_block_interval_seconds_count",
      "cometbft_consensus_round_duration_seconds_count",
      "cometbft_mempool_tx_size_bytes_count",
      "cometbft_state_block_processing_time_count",
    ];
    for (const name of grown) expect(sampled(after, name), name).toBeGreaterThan(sampled(before, name));
    const labelled: readonly (readonly [string, Record<string, string>])[] = [
      ["cometbft_abci_connection_method_timing_seconds_count", { method: "finalize_block" }],
      ["cometbft_abci_connection_method_timing_seconds_count", { method: "check_tx" }],
      ["cometbft_consensus_step_duration_seconds_count", { step: "Propose" }],
      ["cometbft_consensus_step_duration_seconds_count", { step: "Precommit" }],
      ["cometbft_p2p_peer_send_bytes_total", { peer_id: follower.nodeId }],
      ["cometbft_consensus_quorum_prevote_delay", {}],
    ];
    for (const [name, labels] of labelled) expect(sampled(after, name, labels), name).toBeGreaterThan(0);
    expect(sampled(after, "cometbft_p2p_peers")).toBe(1);
    expect(sampled(after, "cometbft_consensus_validators")).toBe(1);
    expect(sampled(after, "cometbft_consensus_missing_validators")).toBe(0);
    const power = sampled(after, "cometbft_consensus_validators_power");
    expect(sampled(after, "cometbft_consensus_validator_power")).toBe(power);
    expect(sampled(after, "cometbft_consensus_validator_last_signed_height")).toBeGreaterThan(0);
    expect(sampled(after, "cometbft_consensus_validator_missed_blocks")).toBe(0);
    const sent = after.get("cometbft_p2p_message_send_bytes_total")?.samples ?? [];
    expect(sent.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(1_000);
  });
});

test("a node shows no metrics unless it is told to", () => {
  expect(follower.metricsUrl).toBeUndefined();
});

test("more readers than allowed are asked to come again, and other paths are told where the page is", async () => {
  let finish: (text: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const registry = { contentType: "text/plain; version=0.0.4; charset=utf-8" as const, metrics: () => slow };
  const server = await startMetricsServer({ address: { host: "127.0.0.1", port: 0 }, maximumReaders: 1 }, registry);
  const answers = [fetch(server.url), fetch(server.url)];
  const refused = await Promise.race(answers);
  expect(refused.status).toBe(503);
  finish("up 1\n");
  const statuses = await Promise.all(answers.map(async (one) => (await one).status));
  expect(statuses.toSorted()).toEqual([200, 503]);
  expect((await fetch(server.url.replace("/metrics", "/"))).status).toBe(404);
  await server.close();
});
