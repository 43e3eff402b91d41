// A whole test network: homes, links, processes, transactions on their way, and the witness. Owns bringing it up, bringing it
// to rest after something was done to it, and taking it down. Does not own what is done to it (perturbations/).

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeConfig } from "../../../node/config.ts";
import { pause } from "../chance.ts";
import { Load } from "../load.ts";
import { configure, makeChain, makeHome, type NetworkChain, type NetworkHome } from "./homes.ts";
import { type Links, openLinks } from "./links.ts";
import { NetworkNode, type Recovery } from "./network-node.ts";
import { Witness } from "./witness.ts";

export interface NetworkOptions {
  readonly validators: number;
  readonly fullNodes: number;
  /** Places kept for nodes that join later. */
  readonly spare: number;
  readonly random: () => number;
  readonly timeoutCommitMs: number;
  readonly senders: number;
  /** Transactions of one sender that wait for a block at once. */
  readonly window: number;
  /** Told of the working folder before any home is made in it. */
  readonly prepare?: (folder: string) => void;
  /** Told when everything has ended; the homes must then be ordinary folders again, or may be gone unless they are kept. */
  readonly release?: (folder: string, keep: boolean) => void;
}

/** How long anything may take before it counts as not happening. Generous: it tells a stall from a slow machine. */
const DEADLINE_MS = 300_000;

/** Heights between two snapshots of the state. */
const SNAPSHOT_INTERVAL = 20;

export class Network {
  readonly folder: string;
  readonly chain: NetworkChain;
  readonly links: Links;
  readonly nodes: NetworkNode[];
  readonly witness: Witness;
  readonly load: Load;
  readonly #options: NetworkOptions;
  #loading: Promise<void> | undefined;

  private constructor(options: NetworkOptions, folder: string, links: Links, homes: readonly NetworkHome[]) {
    this.#options = options;
    this.folder = folder;
    this.links = links;
    const keys = homes.flatMap(({ key }) => (key === undefined ? [] : [key]));
    this.chain = makeChain("network-1", keys, options.senders);
    this.nodes = homes.map((home, index) => {
      const isValidator = home.key !== undefined;
      const name = isValidator ? `validator ${index}` : `full node ${index}`;
      return new NetworkNode(name, index, home, links.seat(index));
    });
    for (const node of this.nodes) this.configure(node);
    this.witness = new Witness(this.chain.chainId);
    this.load = new Load({
      chainId: this.chain.chainId,
      sink: this.chain.operators[0]!.address,
      nodes: this.nodes,
      senders: this.chain.senders,
      window: options.window,
      pauseMs: 100,
    });
  }

  /** Makes homes and links; nothing runs yet. */
  static async make(options: NetworkOptions): Promise<Network> {
    const folder = mkdtempSync(join(tmpdir(), "tributary-network-"));
    options.prepare?.(folder);
    const count = options.validators + options.fullNodes;
    const links = await openLinks(count + options.spare);
    const homes = Array.from({ length: count }, (_, index) =>
      makeHome(join(folder, `node${index}`), index < options.validators),
    );
    return new Network(options, folder, links, homes);
  }

  get validators(): readonly NetworkNode[] {
    return this.nodes.filter(({ home }) => home.key !== undefined);
  }

  get fullNodes(): readonly NetworkNode[] {
    return this.nodes.filter(({ home }) => home.key === undefined);
  }

  /** One of the nodes, by chance. */
  pick<Node extends NetworkNode>(nodes: readonly Node[]): Node {
    return nodes[Math.floor(this.#options.random() * nodes.length)]!;
  }

  /** Several different ones, by chance. */
  pickSome(nodes: readonly NetworkNode[], count: number): NetworkNode[] {
    const left = [...nodes];
    return Array.from({ length: count }, () => left.splice(Math.floor(this.#options.random() * left.length), 1)[0]!);
  }

  random(): number {
    return this.#options.random();
  }

  /** Writes a node's configuration: each dials the two next ones, a full node two validators. The mesh is a ring with chords. */
  configure(node: NetworkNode, changes: Partial<NodeConfig> = {}): void {
    const { validators } = this.#options;
    const { index, seat } = node;
    const dialled =
      index < validators
        ? [(index + 1) % validators, (index + 2) % validators]
        : [index % validators, (index + 3) % validators];
    const others = [...new Set(dialled)].filter((other) => other !== index);
    const peers = others.map((other) => `${this.nodes[other]?.home.nodeId}@${this.links.dialAddress(index, other)}`);
    configure(node.home, this.chain, {
      moniker: node.name,
      logFormat: "json",
      apiEnabled: false,
      grpcEnabled: false,
      rpcAddress: seat.rpcListen,
      peerAddress: seat.peerListen,
      persistentPeers: peers.join(","),
      timeoutCommitMs: this.#options.timeoutCommitMs,
      // For nodes that begin with a state.
      snapshotInterval: SNAPSHOT_INTERVAL,
      ...changes,
    });
  }

  /** A node at a spare place, with a consensus key or without; it does not run yet. */
  add(name: string, isValidator: boolean): NetworkNode {
    const index = this.nodes.length;
    const home = makeHome(join(this.folder, `node${index}`), isValidator);
    const node = new NetworkNode(name, index, home, this.links.seat(index));
    this.nodes.push(node);
    this.configure(node);
    return node;
  }

  /** Starts all nodes, waits for blocks, and lets transactions flow. */
  async start(): Promise<void> {
    for (const node of this.nodes) node.start();
    await this.waitFor(2, "the first blocks on every node");
    this.#loading = this.load.run();
    await this.until(() => this.load.confirmed.size > 0, "the first transaction");
  }

  /** The highest height any node reports. */
  async tip(nodes: readonly NetworkNode[] = this.nodes): Promise<number> {
    const heights = await Promise.all(nodes.map((node) => node.height()));
    return Math.max(0, ...heights.map((height) => height ?? 0));
  }

  /** Waits until all the nodes have a height. */
  async waitFor(height: number, what: string, nodes: readonly NetworkNode[] = this.nodes): Promise<void> {
    await this.until(async () => {
      for (const node of nodes) {
        if (!node.isRunning) throw new Error(`${node.name} does not run: ${node.unexpected.at(-1) ?? ""}`);
        if (((await node.height()) ?? -1) < height) return false;
      }
      return true;
    }, what);
  }

  /** Waits for a condition; throws with every node's height when it does not come. */
  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!(await condition())) {
      if (performance.now() > deadline) {
        const heights = await Promise.all(this.nodes.map(async (node) => `${node.name} ${await node.height()}`));
        throw new Error(`did not happen within ${DEADLINE_MS} ms: ${what}; heights: ${heights.join(", ")}`);
      }
      await pause(50);
    }
  }

  /** Kills a node and starts it again; resolves with how long it took to be level and to sign. */
  async restart(node: NetworkNode, downMs: number): Promise<Recovery> {
    const known = await this.tip();
    await node.kill();
    this.witness.readHomes([node]);
    await pause(downMs);
    // When everyone was killed nobody can say how far the chain is.
    return await node.restart(Math.max(known, await this.tip()));
  }

  /** Kills a node and starts it, and lets it run for a moment, which may be too short for it to come up. */
  async restartAtOnce(node: NetworkNode, forMs: number): Promise<void> {
    await node.kill();
    node.start();
    await pause(forMs);
  }

  /** Demands progress of everyone, transactions among it, and then looks at everything. */
  async settle(): Promise<void> {
    const before = this.load.confirmed.size;
    await this.waitFor((await this.tip()) + 2, "every node goes on");
    await this.until(() => this.load.failed.length > 0 || this.load.confirmed.size > before, "transactions go on");
    const reported = new Map(this.load.confirmed);
    await this.waitFor(Math.max(0, ...reported.values()), "every node has what was reported");
    const from = this.witness.heights;
    await this.witness.compareChains(this.nodes);
    await this.witness.compareCommits(
      this.nodes,
      this.witness.heights - Math.min(10, this.witness.heights - from),
      this.witness.heights - 2,
    );
    await this.witness.findTransactions(this.nodes, reported);
    this.witness.readHomes(this.nodes);
    this.witness.readLogs(this.nodes);
    this.witness.violations.push(...this.load.failed.splice(0));
  }

  /** Looks once more at everything on every node, the whole chain. */
  async lookAtEverything(): Promise<void> {
    for (const node of this.nodes) this.witness.forget(node);
    await this.settle();
  }

  /** Ends everything; the homes stay when `keep` says so. */
  async stop(keep: boolean): Promise<void> {
    this.load.stop();
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.#loading?.catch(() => undefined);
    await this.links.close();
    this.#options.release?.(this.folder, keep);
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}
