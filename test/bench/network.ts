// Networks of 4, 7 and 16 validators on this machine: real processes over loopback, no wait between blocks. Owns bringing one
// up and reading what it does: block times from headers, bytes from the nodes' own counters, memory and CPU from the system.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../e2e/chain-home.ts";
import { pause } from "../e2e/chance.ts";
import { configure, makeChain, makeHome, type NetworkChain } from "../e2e/network/homes.ts";
import { NetworkNode } from "../e2e/network/network-node.ts";
import { broadcast, rpc, statusOf, until } from "../e2e/nodes.ts";
import { type Figure, figure, type Section } from "./measure.ts";
import { cpuOf, memoryOf } from "./node-process.ts";
import { nextSend, type Sender } from "./sends.ts";

export interface NetworkBenchOptions {
  readonly validators: number;
  /** How long empty blocks are made, and how long payments are sent one after the other. */
  readonly seconds: number;
  readonly timeoutCommitMs: number;
}

interface BenchNode {
  readonly node: NetworkNode;
  readonly metricsUrl: string;
}

const MEGABYTE = 1_000_000;
/** Measured from here on, when every node has met the others. */
const FIRST_HEIGHT = 10;
/** Peers that each node dials; in a network of four that is everyone. */
const DIALLED = 3;

async function makeNetwork({ validators, timeoutCommitMs }: NetworkBenchOptions, folder: string) {
  const homes = Array.from({ length: validators }, (_, index) => makeHome(join(folder, `node${index}`), true));
  const chain = makeChain(
    "bench-network-1",
    homes.map(({ key }) => key!),
    4,
  );
  const ports: { readonly peers: number; readonly rpc: number; readonly metrics: number }[] = [];
  for (const _ of homes) ports.push({ peers: await freePort(), rpc: await freePort(), metrics: await freePort() });
  const nodes = homes.map((home, index): BenchNode => {
    const { peers, rpc: rpcPort, metrics } = ports[index]!;
    const seat = {
      peerListen: `tcp://127.0.0.1:${peers}`,
      rpcListen: `tcp://127.0.0.1:${rpcPort}`,
      rpcUrl: `http://127.0.0.1:${rpcPort}`,
      prefix: [],
    };
    const dialled = Array.from({ length: DIALLED }, (_, step) => (index + step + 1) % validators);
    configure(home, chain, {
      moniker: `validator ${index}`,
      logFormat: "json",
      apiEnabled: false,
      grpcEnabled: false,
      rpcAddress: seat.rpcListen,
      peerAddress: seat.peerListen,
      prometheus: true,
      prometheusAddress: `127.0.0.1:${metrics}`,
      persistentPeers: [...new Set(dialled)]
        .filter((other) => other !== index)
        .map((other) => `${homes[other]!.nodeId}@127.0.0.1:${ports[other]!.peers}`)
        .join(","),
      timeoutCommitMs,
    });
    const node = new NetworkNode(`validator ${index}`, index, home, seat);
    return { node, metricsUrl: `http://127.0.0.1:${metrics}/metrics` };
  });
  return { chain, nodes };
}

/** Sum of a counter over all its labels. */
async function counter(url: string, name: string): Promise<number> {
  const text = await (await fetch(url)).text();
  const values = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

/** How a node stands at one moment. */
interface Standing {
  readonly height: number;
  readonly cpuMs: number;
  readonly sentBytes: number;
  readonly peers: number;
}

async function standing({ node, metricsUrl }: BenchNode): Promise<Standing> {
  return {
    height: (await node.height()) ?? 0,
    cpuMs: cpuOf(node.pid) ?? 0,
    sentBytes: await counter(metricsUrl, "cometbft_p2p_peer_send_bytes_total"),
    peers: await counter(metricsUrl, "cometbft_p2p_peers"),
  };
}

/** Milliseconds between the blocks of a range, by the times in their headers, sorted. */
async function intervals(url: string, first: number, last: number): Promise<number[]> {
  const times: number[] = [];
  for (let low = first; low <= last; low += 20) {
    const { block_metas } = await rpc<{ block_metas: { header: { time: string } }[] }>(
      url,
      `blockchain?minHeight=${low}&maxHeight=${Math.min(last, low + 19)}`,
    );
    times.push(...block_metas.toReversed().map(({ header }) => Date.parse(header.time)));
  }
  return times
    .slice(1)
    .map((time, index) => time - times[index]!)
    .toSorted((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Waits until the node has a block and does not say that it is catching up: then it takes transactions. */
async function ready({ seat, name }: NetworkNode, height: number): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    const status = await statusOf(seat.rpcUrl).catch(() => undefined);
    return status !== undefined && status.height >= height && !status.catchingUp;
  };
  await until(isReady, `${name} has block ${height} and keeps up`);
}

interface Committed {
  readonly height: string;
  readonly check_tx: { readonly code: number; readonly log: string };
  readonly tx_result: { readonly code: number; readonly log: string };
}

/** Sends a payment and resolves with the height of its block; throws where it was refused or failed. */
async function commit(url: string, tx: Uint8Array): Promise<number> {
  const answer: unknown = await broadcast(url, "broadcast_tx_commit", tx);
  const { height, check_tx: check, tx_result: result } = answer as Committed;
  if (check.code !== 0 || result.code !== 0) throw new Error(`a payment was refused: ${check.log}${result.log}`);
  return Number(height);
}

/**
 * Sends payments one after the other through one node after the other; milliseconds until each is in a block, sorted. The next
 * one leaves when its node has the block of the one before, since a payment is checked against the state that its node has.
 */
async function commitTimes(nodes: readonly BenchNode[], chain: NetworkChain, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const endMs = performance.now() + seconds * 1_000;
  const sender = chain.senders[0] as Sender;
  let height = 1;
  for (let turn = 0; performance.now() < endMs; turn += 1) {
    const { node } = nodes[turn % nodes.length]!;
    await ready(node, height);
    const { tx } = nextSend(sender, chain.operators[0]!.address, chain.chainId);
    const startedMs = performance.now();
    height = await commit(node.seat.rpcUrl, tx);
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b);
}

/** Measures one network. */
export async function benchNetwork(options: NetworkBenchOptions): Promise<Section> {
  const { validators, seconds } = options;
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-network-"));
  const { chain, nodes } = await makeNetwork(options, folder);
  try {
    for (const { node } of nodes) node.start();
    for (const { node } of nodes) await ready(node, FIRST_HEIGHT);
    const name = (what: string): string => `${validators} validators: ${what}`;
    const [first] = nodes as [BenchNode, ...BenchNode[]];
    const before = await Promise.all(nodes.map(standing));
    const startedMs = performance.now();
    await pause(seconds * 1_000);
    const after = await Promise.all(nodes.map(standing));
    const elapsedMs = performance.now() - startedMs;
    const rss = nodes.map(({ node }) => (memoryOf(node.pid)?.now ?? 0) / MEGABYTE);
    const gaps = await intervals(first.node.seat.rpcUrl, before[0]!.height, after[0]!.height);
    const each = (of: (before: Standing, after: Standing, blocks: number) => number): number[] =>
      after.map((now, index) => of(before[index]!, now, Math.max(1, now.height - before[index]!.height)));
    const figures: Figure[] = [
      figure(name("block interval, median"), "ms", [quantile(gaps, 0.5)]),
      figure(name("block interval, p99"), "ms", [quantile(gaps, 0.99)]),
      figure(
        name("sent per block and peer"),
        "bytes",
        each((old, now, blocks) => (now.sentBytes - old.sentBytes) / blocks / Math.max(1, now.peers)),
      ),
      figure(
        name("CPU per block and node"),
        "ms CPU",
        each((old, now, blocks) => (now.cpuMs - old.cpuMs) / blocks),
      ),
      figure(
        name("CPU of a node"),
        "% core",
        each((old, now) => ((now.cpuMs - old.cpuMs) / elapsedMs) * 100),
      ),
      figure(name("memory of a node (RSS)"), "MB", rss),
    ];
    const times = await commitTimes(nodes, chain, seconds);
    figures.push(
      figure(name("broadcast to commit, median"), "ms", [quantile(times, 0.5)]),
      figure(name("broadcast to commit, p99"), "ms", [quantile(times, 0.99)]),
    );
    return { title: `${validators} validators on this machine, timeout_commit ${options.timeoutCommitMs} ms`, figures };
  } finally {
    await Promise.all(nodes.map(({ node }) => node.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}
