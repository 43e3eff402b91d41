// A validator and a follower as processes of their own, under transactions, each killed with -9 again and again. Owns the
// campaign and what it finds out; kills.test.ts says what must hold, kill-campaign-run.ts prints the figures.

import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ByteReader } from "../../node/engine/binary.ts";
import { formatNodeKey, generateNodeKey } from "../../node/p2p/identity.ts";
import { nextSend, type Sender, senderOf } from "../bench/sends.ts";
import { type ChainHome, chainHome, followerHome, freePort, type Home, writeConfig } from "./chain-home.ts";
import { broadcast, rpc, statusOf, until } from "./nodes.ts";

const launcher = fileURLToPath(new URL("../../cli/tributaryd.mjs", import.meta.url));

export interface CampaignOptions {
  /** How often each of the two nodes is killed. */
  readonly kills: number;
  /** Numbers in [0, 1): where the moments of the kills come from. */
  readonly random: () => number;
  readonly timeoutCommitMs: number;
  readonly report?: (line: string) => void;
}

/** What was found of one node. */
export interface NodeFigures {
  readonly kills: number;
  /** Kills inside a commit, before the block was durable: it was executed anew after the restart. */
  readonly beforeDurable: number;
  /** Kills inside a commit, when the block was durable and nobody had been told. */
  readonly afterDurable: number;
  /** Kills outside of a commit in a height of which the write-ahead log had something to replay. */
  readonly replayed: number;
  /** Kills before the process had come up. */
  readonly whileStarting: number;
}

export interface CampaignReport {
  readonly validator: NodeFigures;
  readonly follower: NodeFigures;
  readonly heights: number;
  /** Transactions that a node reported as committed. */
  readonly confirmed: number;
  /** What must not be: one line each. */
  readonly violations: readonly string[];
}

/** Runs a campaign and looks at everything afterwards. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const ports = { validator: await freePort(), follower: await freePort() };
  const common = {
    logFormat: "json",
    logLevel: "debug",
    apiEnabled: false,
    timeoutCommitMs: options.timeoutCommitMs,
  } as const;
  const nodeKey = generateNodeKey();
  // The operator is account 0.
  const senders = Array.from({ length: SENDERS }, (_, index) => senderOf(index, BigInt(1 + index)));
  const chain = await chainHome(
    {},
    1,
    senders.map(({ address }) => address),
  );
  writeFileSync(join(chain.path, "config", "node_key.json"), formatNodeKey(nodeKey));
  writeConfig(chain, { ...common, peerAddress: `tcp://127.0.0.1:${ports.validator}` });
  const followerFolder = followerHome(chain, {
    ...common,
    peerAddress: `tcp://127.0.0.1:${ports.follower}`,
    persistentPeers: `${nodeKey.id}@127.0.0.1:${ports.validator}`,
  });
  const validator = new VictimNode("validator", chain);
  const follower = new VictimNode("follower", followerFolder);
  const load = new Load(chain, [validator, follower], senders);
  try {
    await Promise.all([validator.start(), follower.start()]);
    await until(async () => (await follower.height()) >= 1, "the follower has a block");
    const loading = load.run();
    await Promise.all([killAgainAndAgain(validator, options), killAgainAndAgain(follower, options)]);
    const before = load.confirmed.size;
    await until(() => load.confirmed.size >= before + SENDERS, "transactions go on after the last kill");
    load.stop();
    await loading;
    return await inspect({ validator, follower, chain, load });
  } finally {
    load.stop();
    await Promise.all([validator.kill(), follower.kill()]);
    chain.remove();
    followerFolder.remove();
  }
}

async function killAgainAndAgain(node: VictimNode, { kills, random, report }: CampaignOptions): Promise<void> {
  for (let index = 0; index < kills; index += 1) {
    // One kill in eight comes while the process is starting, the others at any moment after its first block.
    const early = random() < 0.125;
    if (!early) await until(() => node.hasTold, `${node.name} has a block`);
    await pause(random() * 1_500);
    await node.kill();
    node.readJournal();
    report?.(`${node.name}: kill ${index + 1} of ${kills}, ${node.lives.at(-1)?.last ?? "no"} the last height told`);
    await pause(random() < 0.5 ? 0 : random() * 400);
    await node.start();
  }
  await until(() => node.isStarted, `${node.name} is up`);
}

// ---------------------------------------------------------------- a node that is killed

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly height?: string;
  readonly appHash?: string;
  readonly rpc?: string;
}

/** What one process of a node said. */
interface Life {
  /** Height at which it started; undefined when it was killed before. */
  readonly first: number | undefined;
  /** Blocks it told of, with the beginnings of their app hashes. */
  readonly told: ReadonlyMap<number, string>;
  readonly last: number | undefined;
  /** Height of which the log was replayed. */
  readonly replayed: number | undefined;
  /** The block it was executing or storing when it ended. */
  readonly committing: number | undefined;
  readonly alarms: readonly string[];
}

class VictimNode {
  readonly name: string;
  readonly #home: Home;
  readonly lives: Life[] = [];
  /** Sign bytes by height, round and step, as the journal held them after each kill. */
  readonly signed = new Map<string, string>();
  readonly contradictions: string[] = [];
  #process: ChildProcess | undefined;
  #log = "";

  constructor(name: string, home: Home) {
    this.name = name;
    this.#home = home;
  }

  /** Starts a process; it may not be up yet. */
  async start(): Promise<void> {
    this.#log = join(this.#home.path, `life-${this.lives.length}.log`);
    const file = openSync(this.#log, "w");
    // A file, not a pipe: what was written before the kill is there afterwards.
    this.#process = spawn(process.execPath, [launcher, "start", "--home", this.#home.path], {
      stdio: ["ignore", file, file],
    });
    closeSync(file);
  }

  /** Kills the process, if there is one, and takes down what it had said. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    this.#process = undefined;
    if (child.exitCode !== null) throw new Error(`${this.name} ended by itself: ${readFileSync(this.#log, "utf8")}`);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    this.lives.push(lifeOf(this.#lines()));
  }

  get isStarted(): boolean {
    return this.rpcUrl !== undefined;
  }

  get hasTold(): boolean {
    return this.#lines().some(({ msg }) => msg === "committed a block");
  }

  get rpcUrl(): string | undefined {
    if (this.#process === undefined) return undefined;
    return this.#lines().find(({ msg }) => msg === "node started")?.rpc;
  }

  async height(): Promise<number> {
    const url = this.rpcUrl;
    return url === undefined ? 0 : (await statusOf(url)).height;
  }

  /** Compares the journal with what it held before: a place that was signed is never signed otherwise. */
  readJournal(): void {
    for (const { place, signBytes } of journalOf(join(this.#home.path, "sign.journal"))) {
      const before = this.signed.get(place);
      if (before !== undefined && before !== signBytes) this.contradictions.push(`${place} was signed twice`);
      this.signed.set(place, signBytes);
    }
  }

  #lines(): LogLine[] {
    const lines = readFileSync(this.#log, "utf8").split("\n");
    // The last one may have been cut off by the kill.
    return lines.slice(0, -1).flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as LogLine] : []));
  }
}

function lifeOf(lines: readonly LogLine[]): Life {
  const heightOf = (message: string) => {
    const line = lines.find(({ msg }) => msg === message);
    return line?.height === undefined ? undefined : Number(line.height);
  };
  const told = new Map<number, string>();
  const alarms: string[] = [];
  const begins = lines.findLast(({ msg }) => msg === "executing a decided block");
  const begun = begins === undefined ? undefined : Number(begins.height);
  for (const { level, msg, height, appHash } of lines) {
    if (msg === "committed a block") {
      if (told.has(Number(height))) alarms.push(`height ${height} was committed twice by one process`);
      told.set(Number(height), appHash ?? "");
    }
    if (level === "error" || level === "fatal" || msg === "a validator signed two different votes") alarms.push(msg);
  }
  return {
    first: heightOf("node started"),
    told,
    last: told.size === 0 ? undefined : Math.max(...told.keys()),
    replayed: heightOf("replaying the write-ahead log"),
    committing: begun === undefined || told.has(begun) ? undefined : begun,
    alarms,
  };
}

/** Places and sign bytes in a sign journal, read by its layout: a torn last record is left out. */
function journalOf(path: string): { readonly place: string; readonly signBytes: string }[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return [];
  }
  const reader = new ByteReader(bytes);
  reader.raw(8);
  reader.bytes();
  reader.bytes();
  reader.raw(8 + 4 + 1 + 4);
  const records: { place: string; signBytes: string }[] = [];
  while (reader.left >= 12) {
    const length = reader.uint32();
    reader.raw(8);
    if (reader.left < length) break;
    const record = new ByteReader(reader.raw(length));
    const place = `${record.uint64()}/${record.uint32()}/${record.uint8()}`;
    records.push({ place, signBytes: Buffer.from(record.bytes()).toString("hex") });
  }
  return records;
}

// ---------------------------------------------------------------- transactions

const SENDERS = 4;
/** Transactions of one sender that wait for a block at once. */
const WINDOW = 16;

interface Waiting {
  readonly tx: Uint8Array;
  readonly hash: string;
}

/** Sends from several accounts through whichever node is up, and believes a transaction when a node reports it committed. */
class Load {
  /** Heights at which transactions were reported, by hash. */
  readonly confirmed = new Map<string, number>();
  readonly #chain: ChainHome;
  readonly #nodes: readonly VictimNode[];
  #stopped = false;

  readonly #senders: readonly Sender[];

  constructor(chain: ChainHome, nodes: readonly VictimNode[], senders: readonly Sender[]) {
    this.#chain = chain;
    this.#nodes = nodes;
    this.#senders = senders;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    await Promise.all(this.#senders.map((sender, index) => this.#send(sender, index)));
  }

  /** Keeps `WINDOW` transactions of one account on their way, in the order of their sequences. */
  async #send(sender: Sender, index: number): Promise<void> {
    const [sink = ""] = this.#chain.addresses;
    const waiting: Waiting[] = [];
    for (let tries = index; ; tries += 1) {
      const fresh = !this.#stopped && waiting.length < WINDOW >> 1;
      while (fresh && waiting.length < WINDOW) {
        const { tx } = nextSend(sender, sink, this.#chain.chainId);
        waiting.push({ tx, hash: createHash("sha256").update(tx).digest("hex").toUpperCase() });
      }
      const url = this.#nodes[(tries >> 3) % this.#nodes.length]?.rpcUrl;
      if (url !== undefined) await this.#confirm(url, waiting, fresh || tries % 8 === index);
      if (this.#stopped) return;
      await pause(20);
    }
  }

  /**
   * Asks a node for the oldest transactions and, now and then, sends all again: what a killed process held in memory is
   * gone. A node that is down, and a transaction it knows already, are both daily business here.
   */
  async #confirm(url: string, waiting: Waiting[], again: boolean): Promise<void> {
    if (again) {
      for (const { tx } of waiting) await broadcast(url, "broadcast_tx_async", tx).catch(() => undefined);
    }
    for (let oldest = waiting[0]; oldest !== undefined; oldest = waiting[0]) {
      const found = await rpc<TxAnswer>(url, `tx?hash=0x${oldest.hash}`).catch(() => undefined);
      if (found === undefined) return;
      if (found.tx_result.code !== 0) throw new Error(`a payment failed: ${found.tx_result.log}`);
      this.confirmed.set(oldest.hash, Number(found.height));
      waiting.shift();
    }
  }
}

interface TxAnswer {
  readonly height: string;
  readonly tx_result: { readonly code: number; readonly log: string };
}

// ---------------------------------------------------------------- afterwards

interface Found {
  readonly validator: VictimNode;
  readonly follower: VictimNode;
  readonly chain: ChainHome;
  readonly load: Load;
}

async function inspect({ validator, follower, load }: Found): Promise<CampaignReport> {
  const [validatorUrl, followerUrl] = [validator.rpcUrl, follower.rpcUrl];
  if (validatorUrl === undefined || followerUrl === undefined) throw new Error("a node is not up at the end");
  const heights = (await statusOf(validatorUrl)).height;
  await until(async () => (await statusOf(followerUrl)).height >= heights, "the follower is level");
  const violations: string[] = [];
  const [own, followed] = [await headersOf(validatorUrl, heights), await headersOf(followerUrl, heights)];
  for (let height = 1; height <= heights; height += 1) {
    if (own.get(height) === undefined || own.get(height) !== followed.get(height)) {
      violations.push(`height ${height}: validator ${own.get(height)}, follower ${followed.get(height)}`);
    }
  }
  for (const [hash, height] of load.confirmed) {
    for (const url of [validatorUrl, followerUrl]) {
      const found = await rpc<TxAnswer>(url, `tx?hash=0x${hash}`).catch(() => undefined);
      if (Number(found?.height) !== height) violations.push(`transaction ${hash} of height ${height} is lost`);
    }
  }
  await Promise.all([validator.kill(), follower.kill()]);
  validator.readJournal();
  for (const node of [validator, follower]) {
    violations.push(...node.contradictions.map((line) => `${node.name}: ${line}`), ...brokenPromises(node, own));
  }
  return {
    validator: figuresOf(validator),
    follower: figuresOf(follower),
    heights,
    confirmed: load.confirmed.size,
    violations,
  };
}

/** What a node's processes told that did not stay true. */
function brokenPromises(node: VictimNode, headers: ReadonlyMap<number, string>): string[] {
  const broken: string[] = [];
  const seen = new Set<number>();
  let highest = 0;
  for (const { first, told, last, alarms } of node.lives) {
    broken.push(...alarms);
    if (first !== undefined && first < highest) broken.push(`started at ${first} after having told of ${highest}`);
    for (const [height, appHash] of told) {
      if (seen.has(height)) broken.push(`height ${height} was committed by two processes`);
      seen.add(height);
      // A header carries the hash of the state before it.
      const next = headers.get(height + 1);
      if (next !== undefined && !next.includes(` ${appHash}`)) broken.push(`height ${height} was told with ${appHash}`);
    }
    highest = Math.max(highest, last ?? 0);
  }
  return broken.map((line) => `${node.name}: ${line}`);
}

function figuresOf({ lives }: VictimNode): NodeFigures {
  const figures = { kills: 0, beforeDurable: 0, afterDurable: 0, replayed: 0, whileStarting: 0 };
  for (const [index, life] of lives.entries()) {
    // The last life ended with the campaign, not by a kill of it.
    const next = lives[index + 1];
    if (next === undefined) break;
    figures.kills += 1;
    if (life.first === undefined) figures.whileStarting += 1;
    if (life.committing !== undefined) {
      // Whoever has the block already does not tell of it again.
      const again = lives.slice(index + 1).some(({ told }) => told.has(life.committing ?? 0));
      if (again) figures.beforeDurable += 1;
      else figures.afterDurable += 1;
    } else if (next.replayed !== undefined) figures.replayed += 1;
  }
  return figures;
}

interface BlockMetas {
  readonly block_metas: readonly {
    readonly block_id: { readonly hash: string };
    readonly header: { readonly height: string; readonly app_hash: string };
  }[];
}

/** Block hash and app hash of every height, twenty at a time. */
async function headersOf(url: string, last: number): Promise<ReadonlyMap<number, string>> {
  const headers = new Map<number, string>();
  for (let low = 1; low <= last; low += 20) {
    const high = Math.min(last, low + 19);
    const { block_metas } = await rpc<BlockMetas>(url, `blockchain?minHeight=${low}&maxHeight=${high}`);
    for (const { header, block_id } of block_metas)
      headers.set(Number(header.height), `${block_id.hash} ${header.app_hash}`);
  }
  return headers;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
