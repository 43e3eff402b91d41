// A validator under attack, among others: junk transactions over RPC and from a peer and connections held open, or abuse of
// its RPC port. Owns the measurement: how fast blocks come before and during, what honest payments do meanwhile, and the
// memory and event loop of the one that is attacked. flood-attacker.ts and abuse-attacker.ts own the attacks.

import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseExposition } from "../node/metrics/exposition.ts";
import type { AbuseOrder } from "./abuse-attacker.ts";
import { freePort } from "./chain-home.ts";
import { pause } from "./chance.ts";
import type { AttackOrder, AttackReport } from "./flood-attacker.ts";
import { Network } from "./network/network.ts";
import type { NetworkNode } from "./network/network-node.ts";
import { rpc } from "./nodes.ts";

export interface FloodOptions {
  readonly validators: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly streams: number;
  /** Abuse of the RPC port instead of the flood: the names of the abuses, none for all. */
  readonly abuse?: readonly string[] | undefined;
}

/** Blocks of a stretch of time, by their headers. */
export interface Pace {
  readonly blocks: number;
  readonly meanMs: number;
  readonly longestMs: number;
  /** Honest payments reported as committed. */
  readonly payments: number;
}

export interface FloodReport {
  readonly before: Pace;
  readonly during: Pace;
  readonly attack: AttackReport;
  /** Resident memory of the attacked validator, in megabytes. */
  readonly megabytesBefore: number;
  readonly megabytesAtMost: number;
  /** How late the event loop of the attacked validator ran, p99 of the worst ten seconds before, and while it was attacked. */
  readonly lagBeforeMs: number;
  readonly worstLagMs: number;
  /** Requests and transactions it refused unchecked. */
  readonly refused: number;
}

interface Headers {
  readonly block_metas: readonly { readonly header: { readonly height: string; readonly time: string } }[];
}

const flooder = fileURLToPath(new URL("./flood-attacker.ts", import.meta.url));
const abuser = fileURLToPath(new URL("./abuse-attacker.ts", import.meta.url));

function megabytesOf(pid: number | undefined): number {
  const status = pid === undefined ? "" : readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** Reads one sample after another; 0 for what is not there. */
type Metrics = (name: string, quantile?: string) => number;

async function metricsAt(port: number): Promise<Metrics> {
  const page = await fetch(`http://127.0.0.1:${port}/metrics`).then(
    (response) => response.text(),
    () => "",
  );
  const families = parseExposition(page);
  return (name, quantile) =>
    families.get(name)?.samples.find(({ labels }) => quantile === undefined || labels.quantile === quantile)?.value ??
    0;
}

async function paceBetween(url: string, from: number, to: number, payments: number): Promise<Pace> {
  const times: number[] = [];
  for (let low = from; low <= to; low += 20) {
    const high = Math.min(to, low + 19);
    const { block_metas } = await rpc<Headers>(url, `blockchain?minHeight=${low}&maxHeight=${high}`);
    for (const { header } of block_metas) times.push(Date.parse(header.time));
  }
  times.sort((left, right) => left - right);
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const whole = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    blocks: to - from,
    meanMs: Math.round(whole / Math.max(1, gaps.length)),
    longestMs: Math.max(0, ...gaps),
    payments,
  };
}

/** Starts the attacker's process. */
function launch(options: FloodOptions, network: Network, target: NetworkNode): ChildProcess {
  const rpcUrl = target.rpcUrl ?? "";
  if (options.abuse !== undefined)
    return fork(abuser, [JSON.stringify({ rpcUrl, only: options.abuse } satisfies AbuseOrder)]);
  const order: AttackOrder = {
    rpcUrl,
    peer: `${target.home.nodeId}@${target.seat.peerListen.replace("tcp://", "")}`,
    genesisFile: join(target.home.path, "config", "genesis.json"),
    chainId: network.chain.chainId,
    sink: network.chain.operators[0]?.address ?? "",
    perSecond: options.perSecond,
    streams: options.streams,
  };
  return fork(flooder, [JSON.stringify(order)]);
}

/** Runs it. Throws when blocks stop, a node ends, or nodes differ afterwards. */
export async function runFlood(options: FloodOptions): Promise<FloodReport> {
  const network = await Network.make({
    validators: options.validators,
    fullNodes: 0,
    spare: 0,
    random: () => 0.5,
    timeoutCommitMs: 500,
    senders: 4,
    window: 4,
  });
  let attacker: ChildProcess | undefined;
  // Nodes are processes of their own: whoever ends this one early ends them too.
  const interrupted = (): void => void network.stop(false).then(() => process.exit(1));
  process.once("SIGTERM", interrupted).once("SIGINT", interrupted);
  try {
    const [target] = network.nodes;
    if (target === undefined) throw new Error("no validator");
    const metricsPort = await freePort();
    network.configure(target, { prometheus: true, prometheusAddress: `tcp://127.0.0.1:${metricsPort}` });
    await network.start();
    const watched = network.nodes.at(-1)?.rpcUrl ?? "";
    const stretch = async (each: () => void): Promise<Pace> => {
      const [from, paid] = [await network.tip(network.nodes.slice(-1)), network.load.confirmed.size];
      for (let second = 0; second < options.seconds; second += 1) {
        await pause(1_000);
        each();
      }
      const to = await network.tip(network.nodes.slice(-1));
      return await paceBetween(watched, from, to, network.load.confirmed.size - paid);
    };
    let [lagBeforeMs, worstLagMs, refused] = [0, 0, 0];
    const lagMs = (metrics: Metrics): number => Math.round(1_000 * metrics("cometbft_node_loop_lag_seconds", "0.99"));
    const before = await stretch(() => {
      void metricsAt(metricsPort).then((metrics) => {
        lagBeforeMs = Math.max(lagBeforeMs, lagMs(metrics));
      });
    });
    const megabytesBefore = megabytesOf(target.pid);
    let attackerEnded: number | null | undefined;
    let attack: AttackReport = { sent: 0, answered: 0, streamsOpened: 0, streamsCut: 0 };
    attacker = launch(options, network, target);
    attacker.on("message", (report) => {
      attack = report as AttackReport;
    });
    attacker.once("exit", (code) => {
      attackerEnded = code;
    });
    await network.until(() => {
      if (attackerEnded !== undefined) throw new Error(`the attacker ended with code ${attackerEnded}`);
      return attack.answered > 0;
    }, "the attack begins");
    let megabytesAtMost = megabytesBefore;
    const during = await stretch(() => {
      megabytesAtMost = Math.max(megabytesAtMost, megabytesOf(target.pid));
      void metricsAt(metricsPort).then((metrics) => {
        worstLagMs = Math.max(worstLagMs, lagMs(metrics));
        refused = metrics("cometbft_node_refused_total") + metrics("cometbft_mempool_rejected_txs");
      });
    });
    attacker.kill("SIGKILL");
    // Blocks, honest payments, the same chain everywhere, and every payment that was reported.
    await network.settle();
    return { before, during, attack, megabytesBefore, megabytesAtMost, lagBeforeMs, worstLagMs, refused };
  } finally {
    attacker?.kill("SIGKILL");
    await network.stop(false);
    process.off("SIGTERM", interrupted).off("SIGINT", interrupted);
  }
}
