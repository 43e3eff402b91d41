// A validator and a follower as processes of their own, under transactions, each killed with -9 again and again. Owns the
// campaign and what it finds out; kills.test.ts says what must hold, kill-campaign-run.ts prints the figures.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatNodeKey, generateNodeKey } from "../../node/p2p/identity.ts";
import { senderOf } from "../bench/sends.ts";
import { type ChainHome, chainHome, followerHome, freePort, type Home, writeConfig } from "./chain-home.ts";
import { pause } from "./chance.ts";
import { Load, type TxAnswer } from "./load.ts";
import { headersOf, rpc, statusOf, until } from "./nodes.ts";
import { journalOf } from "./signed-places.ts";

const SENDERS = 4;

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
    grpcEnabled: false,
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
  const load = new Load({
    chainId: chain.chainId,
    sink: chain.addresses[0] ?? "",
    nodes: [validator, follower],
    senders,
    window: 16,
    pauseMs: 20,
  });
  try {
    await Promise.all([validator.start(), follower.start()]);
    await until(async () => (await follower.height()) >= 1, "the follower has a block");
    const loading = load.run();
    await Promise.all([killAgainAndAgain(validator, options), killAgainAndAgain(follower, options)]);
    const before = load.confirmed.size;
    await until(
      () => load.failed.length > 0 || load.confirmed.size >= before + SENDERS,
      "transactions go on after the last kill",
    );
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
  const violations: string[] = [...load.failed];
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
