// A validator and a full node on small machines: each in a control group of one core and one gigabyte without swap, beside
// two large validators that go on without it, under a steady rate of payments. Owns the run and its figures; run.ts prints
// them.

import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import { freePort } from "../e2e/chain-home.ts";
import { pause } from "../e2e/chance.ts";
import { configure, makeChain, makeHome } from "../e2e/network/homes.ts";
import { NetworkNode } from "../e2e/network/network-node.ts";
import { headersOf, rpc } from "../e2e/nodes.ts";
import { type Group, type GroupUse, makeGroup } from "./cgroup.ts";
import { type LoadFigures, SteadyLoad } from "./steady-load.ts";

export interface LowSpecOptions {
  readonly minutes: number;
  readonly perSecond: number;
  readonly memoryMegabytes: number;
  readonly cores: number;
  /** CPU weight against the rest of this machine, 1024 for one ordinary process. */
  readonly shares: number;
  readonly folder: string;
  readonly sampleSeconds: number;
  readonly report: (line: string) => void;
}

/** One look at one of the small nodes. */
export interface Sample {
  readonly node: string;
  readonly atSeconds: number;
  readonly height: number | undefined;
  /** Bytes of the process's resident memory, now and at most. */
  readonly rss: number;
  readonly rssPeak: number;
  /** Bytes of its home folder, as the disk counts them. */
  readonly disk: number;
  readonly group: GroupUse;
}

export interface LowSpecReport {
  readonly minutes: number;
  /** The height at which the payments began; what is said of blocks is said of those from it on. */
  readonly fromHeight: number;
  readonly heights: number;
  readonly committed: number;
  readonly load: LoadFigures;
  /** Milliseconds between blocks, by their times. */
  readonly interval: { readonly median: number; readonly p99: number; readonly max: number };
  /** Heights whose commit lacks the small validator's signature, and the heights that were looked at. */
  readonly missed: { readonly blocks: number; readonly of: number };
  /** Blocks the small validator proposed. */
  readonly proposed: number;
  /** Heights that took more than one round. */
  readonly laterRounds: number;
  readonly sameChain: boolean;
  readonly samples: readonly Sample[];
}

const GROUP_MEGABYTE = 1_048_576;
const SENDERS = 512;

interface SmallNode {
  readonly node: NetworkNode;
  readonly group: Group;
}

/** Runs it. Rejects when a node ends by itself; its log is then in the folder. */
export async function runLowSpec(options: LowSpecOptions): Promise<LowSpecReport> {
  const { folder, memoryMegabytes, cores, shares, report } = options;
  const homes = [true, true, true, false].map((isValidator, index) =>
    makeHome(join(folder, `node${index}`), isValidator),
  );
  const keys = homes.flatMap(({ key }): ValidatorKey[] => (key === undefined ? [] : [key]));
  // The two large ones have three quarters of the power between them, and neither has a quorum: they go on when the small
  // one misses a block, so that misses show, and they need an exchange of votes as in any network.
  const chain = makeChain("low-spec-1", keys, SENDERS, [400_000_000n, 350_000_000n, 250_000_000n]);
  const name = `tributary-low-spec-${process.pid}`;
  const bounded = { cores, memoryBytes: memoryMegabytes * GROUP_MEGABYTE, shares };
  const groups = [
    makeGroup(`${name}-first`, { cores: undefined, memoryBytes: undefined, shares }),
    makeGroup(`${name}-second`, { cores: undefined, memoryBytes: undefined, shares }),
    makeGroup(`${name}-validator`, bounded),
    makeGroup(`${name}-full`, bounded),
  ];
  const names = ["first large validator", "second large validator", "small validator", "small full node"];
  const nodes: NetworkNode[] = [];
  for (const [index, home] of homes.entries()) {
    const [peers, port] = [await freePort(), await freePort()];
    const seat = {
      peerListen: `tcp://127.0.0.1:${peers}`,
      rpcListen: `tcp://127.0.0.1:${port}`,
      rpcUrl: `http://127.0.0.1:${port}`,
      prefix: groups[index]!.prefix,
    };
    nodes.push(new NetworkNode(names[index]!, index, home, seat));
    // Everything else as `tributaryd init` writes it: blocks every second, REST served.
    configure(home, chain, {
      moniker: names[index]!,
      logFormat: "json",
      rpcAddress: seat.rpcListen,
      peerAddress: seat.peerListen,
      apiAddress: "tcp://127.0.0.1:0",
      grpcAddress: "127.0.0.1:0",
      persistentPeers: nodes
        .slice(0, index)
        .map((other) => `${other.home.nodeId}@${other.seat.peerListen.replace("tcp://", "")}`)
        .join(","),
    });
  }
  const small = [2, 3].map((index): SmallNode => ({ node: nodes[index]!, group: groups[index]! }));
  try {
    for (const node of nodes) node.start();
    await untilAll(nodes, 3);
    report(`four nodes are up; ${options.perSecond} payments a second for ${options.minutes} minutes`);
    // Payments come in through the small full node, as they would on a machine that serves a wallet.
    const load = new SteadyLoad(nodes[3]!.seat.rpcUrl, chain.senders, {
      chainId: chain.chainId,
      perSecond: options.perSecond,
    });
    load.start();
    const fromHeight = (await nodes[0]!.height()) ?? 0;
    const samples = await observe(small, nodes, load, options);
    await load.stop();
    await pause(5_000);
    return await figuresOf(nodes, { load: load.figures, samples, minutes: options.minutes, fromHeight });
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
    await pause(200);
    for (const group of groups) group.remove();
    for (const { path } of homes) rmSync(path, { recursive: true, force: true });
  }
}

async function untilAll(nodes: readonly NetworkNode[], height: number): Promise<void> {
  for (const node of nodes) {
    while (((await node.height()) ?? 0) < height) {
      if (!node.isRunning) throw new Error(node.unexpected.join("\n"));
      await pause(100);
    }
  }
}

async function observe(
  small: readonly SmallNode[],
  nodes: readonly NetworkNode[],
  load: SteadyLoad,
  { minutes, sampleSeconds, report }: LowSpecOptions,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  const elapsed = (): number => (performance.now() - startedMs) / 1_000;
  for (let due = 0; due <= minutes * 60; due += sampleSeconds) {
    await pause(Math.max(0, (due - elapsed()) * 1_000));
    const ended = nodes.find(({ isRunning }) => !isRunning);
    if (ended !== undefined) throw new Error(ended.unexpected.join("\n"));
    for (const { node, group } of small) {
      const status = readFileSync(`/proc/${node.pid}/status`, "utf8");
      const kilobytes = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0);
      const sample: Sample = {
        node: node.name,
        atSeconds: Math.round(elapsed()),
        height: await node.height(),
        rss: kilobytes("VmRSS") * 1_024,
        rssPeak: kilobytes("VmHWM") * 1_024,
        disk: diskBytes(node.home.path),
        group: group.use(),
      };
      samples.push(sample);
      report(sampleText(sample));
    }
    if (due % (sampleSeconds * 10) === 0) report(`payments: ${JSON.stringify(load.figures)}`);
  }
  return samples;
}

function sampleText({ node, atSeconds, height, rss, disk, group }: Sample): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const cpu = `${(group.cpuMs / 1_000).toFixed(0)} s CPU, throttled ${(group.throttledMs / 1_000).toFixed(0)} s`;
  return `${String(atSeconds).padStart(5)} s  ${node.padEnd(15)}  height ${height}  rss ${megabytes(rss)}  group ${megabytes(group.memoryBytes)}  disk ${megabytes(disk)}  ${cpu}`;
}

/** What a folder takes on the disk, in blocks of 512 bytes as stat(2) counts them. */
function diskBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      bytes += entry.isDirectory() ? diskBytes(path) : statSync(path).blocks * 512;
    } catch {
      // The database removes files as it goes.
    }
  }
  return bytes;
}

interface CommitAnswer {
  readonly signed_header: {
    readonly header: { readonly time: string; readonly proposer_address: string };
    readonly commit: {
      readonly round: number;
      readonly signatures: readonly { readonly block_id_flag: number; readonly validator_address: string }[];
    };
  };
}

async function figuresOf(
  nodes: readonly NetworkNode[],
  known: Pick<LowSpecReport, "load" | "samples" | "minutes" | "fromHeight">,
): Promise<LowSpecReport> {
  const [large, , validator, full] = nodes as [NetworkNode, NetworkNode, NetworkNode, NetworkNode];
  const heights = ((await large.height()) ?? 0) - 2;
  await untilAll(nodes, heights);
  const chains = await Promise.all(nodes.map((node) => headersOf(node.seat.rpcUrl, heights)));
  const address = Buffer.from(validator.home.key!.address).toString("hex").toUpperCase();
  const times: number[] = [];
  let [missed, proposed, laterRounds] = [0, 0, 0];
  for (let height = known.fromHeight; height <= heights; height += 1) {
    const { header, commit } = (await rpc<CommitAnswer>(large.seat.rpcUrl, `commit?height=${height}`)).signed_header;
    times.push(Date.parse(header.time));
    if (header.proposer_address === address) proposed += 1;
    if (commit.round > 0) laterRounds += 1;
    if (!commit.signatures.some((each) => each.validator_address === address && each.block_id_flag === 2)) missed += 1;
  }
  const gaps = times
    .slice(1)
    .map((time, index) => time - times[index]!)
    .toSorted((a, b) => a - b);
  const at = (share: number): number => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * share))] ?? 0;
  const committed = full
    .lines()
    .reduce((sum, line) => sum + (line.msg === "committed a block" ? (line.txs ?? 0) : 0), 0);
  return {
    ...known,
    heights,
    committed,
    interval: { median: at(0.5), p99: at(0.99), max: at(1) },
    missed: { blocks: missed, of: times.length },
    proposed,
    laterRounds,
    sameChain: chains.every((chain) => [...chain].join() === [...chains[0]!].join()),
  };
}
