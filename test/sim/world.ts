// The simulated world: virtual time, a network that loses, delays, doubles and reorders, and nodes that crash with what
// they had not synced. Owns everything random, from one seed; the nodes run the very driver, step, log and journal that
// a real node runs. The invariants are checked at every commit and at every message sent.

import { votesOf } from "../../chain/consensus/certificate.ts";
import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import { isZeroBlockId, ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { addNanoseconds } from "../../chain/types/time.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote, voteSignBytes } from "../../chain/types/vote.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { Driver } from "../../node/engine/driver.ts";
import { handshake } from "../../node/engine/handshake.ts";
import { SignJournal } from "../../node/engine/sign-journal.ts";
import { Signer } from "../../node/engine/signer.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import type { BlockId, ConsensusMessage, EngineLog, FatalError, Mempool, Network } from "../../node/ports.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import { stubKey, stubVerifier } from "./keys.ts";
import { kvstore } from "./kvstore.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { MemoryDatabase, MemoryStorage } from "./memory-storage.ts";
import { Random } from "./random.ts";

export interface WorldOptions {
  readonly seed: number;
  readonly validators: number;
  /** Nodes without a key. */
  readonly followers?: number;
  /** Validators (by number) whose key also signs whatever a liar likes. */
  readonly liars?: number;
  readonly loss?: number;
  readonly duplicates?: number;
  readonly maxDelayMs?: number;
  /** Chance per node and virtual second that it crashes. */
  readonly crashes?: number;
  /** Chance that a crash also loses the write-ahead log. */
  readonly logLoss?: number;
  readonly timeouts?: Partial<TimeoutConfig>;
  /** The network says that nobody listens, as on a node without peers. */
  readonly alone?: boolean;
  readonly createEmptyBlocks?: boolean;
}

const TIMEOUTS: TimeoutConfig = {
  proposeMs: 300,
  proposeDeltaMs: 100,
  prevoteMs: 100,
  prevoteDeltaMs: 100,
  precommitMs: 100,
  precommitDeltaMs: 100,
  commitMs: 100,
};

const CHAIN_ID = "sim-1";
const GENESIS_TIME = { seconds: 1_700_000_000n, nanos: 0 };

/** Something that must never happen has happened. */
export class Violation extends Error {
  override name = "Violation";
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

export class World {
  readonly options: WorldOptions;
  readonly random: Random;
  readonly nodes: SimNode[] = [];
  readonly genesis: GenesisDocument;
  /** What each height was decided to be: the first node to commit says, all others must agree. */
  readonly decided = new Map<bigint, { readonly block: string; readonly app: string }>();
  /** What each honest key has signed, by key, height, round and step. */
  readonly signed = new Map<string, string>();
  nowMs = 0;
  crashCount = 0;
  eventCount = 0;
  /** While true the network loses nothing and nobody crashes. */
  calm = false;
  readonly #events: Event[] = [];
  #order = 0;

  constructor(options: WorldOptions) {
    this.options = options;
    this.random = new Random(options.seed);
    const keys = Array.from({ length: options.validators }, (_, number) => stubKey(number));
    this.genesis = {
      appName: "",
      appVersion: "",
      genesisTime: GENESIS_TIME,
      chainId: CHAIN_ID,
      initialHeight: 1n,
      consensusParams: DEFAULT_CONSENSUS_PARAMS,
      validators: keys.map(({ address, publicKey }, number) => ({
        address,
        pubKey: publicKey,
        power: 10n,
        name: `v${number}`,
      })),
      appHash: new Uint8Array(0),
      appState: {},
    };
    const followers = Array.from({ length: options.followers ?? 0 }, () => undefined);
    for (const key of [...keys, ...followers]) this.nodes.push(new SimNode(this, this.nodes.length, key));
  }

  async start(): Promise<void> {
    for (const node of this.nodes) await node.start();
    this.every(250, () => this.#gossip());
    this.every(1_000, () => this.#disturb());
    if ((this.options.liars ?? 0) > 0) this.every(40, () => this.#lie());
  }

  schedule(delayMs: number, action: () => void): () => void {
    const event: Event = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#order++, action, cancelled: false };
    // A binary insertion keeps the queue sorted by time, then by order of creation.
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle] as Event;
      if (other.atMs < event.atMs || (other.atMs === event.atMs && other.order < event.order)) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
    return () => {
      event.cancelled = true;
    };
  }

  every(ms: number, action: () => void): void {
    const again = (): void => {
      action();
      this.schedule(ms, again);
    };
    this.schedule(ms, again);
  }

  /** Runs until the condition holds. False when virtual time is up first. */
  async runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.nowMs + limitMs;
    while (!condition()) {
      const event = this.#events[0];
      if (event === undefined || event.atMs > end) return condition();
      this.#events.shift();
      if (event.cancelled) continue;
      this.nowMs = event.atMs;
      this.eventCount++;
      event.action();
      // Let every promise that follows from it settle before the next event.
      await new Promise((resolve) => setImmediate(resolve));
      for (const node of this.nodes) if (node.violation !== undefined) throw node.violation;
    }
    return true;
  }

  lowestHeight(): bigint {
    return this.nodes.reduce((low, node) => (node.height < low ? node.height : low), this.nodes[0]?.height ?? 0n);
  }

  send(from: SimNode, message: ConsensusMessage): void {
    for (const node of this.nodes) if (node !== from) this.deliver(from, node, message);
  }

  deliver(from: SimNode, to: SimNode, message: ConsensusMessage): void {
    const { loss = 0, duplicates = 0, maxDelayMs = 50 } = this.options;
    if (!this.calm && this.random.chance(loss)) return;
    const copies = !this.calm && this.random.chance(duplicates) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = this.random.between(1, this.calm ? 10 : maxDelayMs);
      this.schedule(delayMs, () => void to.driver?.receive(`n${from.number}`, message));
    }
  }

  /** An honest key never signs two things at one place, whatever crashed in between. */
  checkSigned(node: SimNode, message: ConsensusMessage): void {
    if (node.key === undefined || node.number < (this.options.liars ?? 0)) return;
    const own = message.type === "vote" ? message.vote : message.type === "proposal" ? message.proposal : undefined;
    if (own === undefined) return;
    // Log and journal hold it, and all that led to it, before anyone sees it.
    for (const path of ["/data/sign.journal", `/data/wal/${own.height.toString().padStart(19, "0")}.wal`]) {
      if (node.disk.isDurable(path)) continue;
      node.violation ??= new Violation(`node ${node.number} published before ${path} was synced`);
    }
    const place = `${node.number} ${own.height}/${own.round}/${own.type}`;
    const bytes =
      message.type === "vote"
        ? encode("tendermint.types.Vote", message.vote)
        : message.type === "proposal"
          ? encode("tendermint.types.Proposal", message.proposal)
          : new Uint8Array(0);
    const before = this.signed.get(place);
    if (before !== undefined && before !== hex(bytes))
      throw new Violation(`node ${place} signed two different messages`);
    this.signed.set(place, hex(bytes));
  }

  checkCommitted(node: SimNode, height: bigint, blockId: BlockId, appHash: Uint8Array): void {
    const mine = { block: hex(blockId.hash), app: hex(appHash) };
    const first = this.decided.get(height);
    if (first === undefined) this.decided.set(height, mine);
    else if (first.block !== mine.block) throw new Violation(`node ${node.number} decided another block at ${height}`);
    else if (first.app !== mine.app) throw new Violation(`node ${node.number} has another app hash at ${height}`);
  }

  /** Pull repair and block sync, as the network does them. */
  #gossip(): void {
    for (const node of this.nodes) {
      const { driver } = node;
      if (driver === undefined) continue;
      const peer = this.random.pick(this.nodes.filter((other) => other !== node && other.driver !== undefined));
      const peerDriver = peer?.driver;
      if (peer === undefined || peerDriver === undefined) continue;
      const stored = peer.database.blocks.get(driver.status().height);
      if (stored !== undefined && peerDriver.status().height > driver.status().height + 1n) {
        this.schedule(5, () => void node.driver?.receiveBlock(stored.block, stored.seenCommit));
        continue;
      }
      const messages = peerDriver.repair(driver.summary(), 256 * 1024);
      for (const message of messages) this.deliver(peer, node, message);
    }
  }

  #disturb(): void {
    if (this.calm) return;
    const { crashes = 0 } = this.options;
    for (const node of this.nodes) {
      if (node.driver === undefined) continue;
      const fate = this.random.next();
      if (fate < crashes) node.crash();
      // Die inside one of the next disk operations, wherever that is.
      else if (fate < 2 * crashes) node.disk.cutAt = node.disk.operations + this.random.below(12);
      else if (this.random.chance(0.05)) node.submit();
    }
  }

  /** A lying key votes for anything it has heard of, differently to everyone. */
  #lie(): void {
    for (let liar = 0; liar < (this.options.liars ?? 0); liar++) {
      const node = this.nodes[liar] as SimNode;
      const machine = this.random.pick(this.nodes).driver?.machine;
      if (machine === undefined || node.key === undefined) continue;
      const index = machine.validators.validators.findIndex(
        ({ address }) => hex(address) === hex((node.key as ValidatorKey).address),
      );
      if (index < 0) continue;
      const ids = [ZERO_BLOCK_ID, ...machine.candidates.map((candidate) => candidate.blockId)];
      for (const to of this.nodes) {
        if (to === node || this.random.chance(0.5)) continue;
        const vote = lyingVote(node.key, machine.height, machine.round, index, this.random.pick(ids), this.random);
        this.deliver(node, to, { type: "vote", vote });
      }
    }
  }
}

function lyingVote(
  key: ValidatorKey,
  height: bigint,
  round: number,
  validatorIndex: number,
  blockId: BlockId,
  random: Random,
): Vote {
  const empty = new Uint8Array(0);
  const vote: Vote = {
    type: random.chance(0.5) ? SIGNED_PREVOTE : SIGNED_PRECOMMIT,
    height,
    round: Math.max(0, round + random.below(3) - 1),
    blockId,
    timestamp: addNanoseconds(GENESIS_TIME, BigInt(random.below(1_000_000_000))),
    validatorAddress: key.address,
    validatorIndex,
    signature: empty,
    extension: empty,
    extensionSignature: empty,
  };
  return { ...vote, signature: key.sign(voteSignBytes(CHAIN_ID, vote)) };
}

export class SimNode {
  readonly world: World;
  readonly number: number;
  readonly key: ValidatorKey | undefined;
  readonly disk = new MemoryDisk();
  readonly database = new MemoryDatabase();
  driver: Driver | undefined;
  violation: Error | undefined;
  fatal: FatalError | undefined;
  /** Called around the storage batch; a test makes them throw to die there. */
  beforeCommit: () => void = () => {};
  afterCommit: () => void = () => {};
  /** What the node said in its log, newest last. */
  readonly lines: string[] = [];
  readonly #mempool: Uint8Array[] = [];
  #onAvailable: () => void = () => {};
  #storage: MemoryStorage | undefined;
  #files: { dead: boolean } | undefined;
  #life = 0;

  constructor(world: World, number: number, key: ValidatorKey | undefined) {
    this.world = world;
    this.number = number;
    this.key = key;
    if (key === undefined) return;
    SignJournal.create(this.#journalOptions(key), this.disk.mount()).close();
    this.disk.kill();
  }

  get height(): bigint {
    return this.database.state?.lastBlockHeight ?? 0n;
  }

  async start(): Promise<void> {
    const life = ++this.#life;
    const files = this.disk.mount();
    const storage = new MemoryStorage(this.database);
    storage.beforeCommit = () => this.beforeCommit();
    storage.afterCommit = () => this.afterCommit();
    this.#files = files;
    this.#storage = storage;
    const log = this.#log();
    try {
      const application = kvstore(this.database.records);
      const hasher = nodeHasher();
      const mempool = this.#ownMempool();
      const base = { application, storage, mempool, files, log, verifier: stubVerifier, hasher };
      const start = await handshake(this.world.genesis, base);
      const signer = this.key && this.#signer(this.key, files, log);
      const driver = new Driver(
        {
          timeouts: { ...TIMEOUTS, ...this.world.options.timeouts },
          createEmptyBlocks: this.world.options.createEmptyBlocks ?? true,
          logDirectory: "/data/wal",
        },
        {
          ...base,
          network: this.#network(() => life === this.#life),
          clock: {
            now: () => addNanoseconds(GENESIS_TIME, BigInt(Math.round((this.world.nowMs + this.number) * 1e6))),
            monotonicMs: () => this.world.nowMs,
          },
          timers: {
            schedule: (ms, callback) => this.world.schedule(ms, () => life === this.#life && callback()),
          },
          signer,
          listeners: [
            ({ block, blockId, state }) => {
              try {
                this.world.checkCommitted(this, block.header.height, blockId, state.appHash);
              } catch (error) {
                this.violation ??= error as Error;
              }
            },
          ],
          onFatal: (error) => this.#died(life, error),
        },
        start,
      );
      this.driver = driver;
      await driver.start();
    } catch (error) {
      this.#died(life, error as FatalError);
    }
  }

  /** Power off, now; back after a while. */
  crash(): void {
    this.#stopLife();
    this.disk.cutAt = undefined;
    const { random } = this.world;
    if (random.chance(0.3)) this.disk.kill();
    else this.disk.crash(random);
    if (random.chance(this.world.options.logLoss ?? 0)) this.disk.lose("/data/wal");
    this.world.crashCount++;
    this.world.schedule(random.between(50, 3_000), () => void this.start());
  }

  submit(tx = utf8(`k${this.world.random.below(50)}=${this.world.random.below(1e9)}`)): void {
    this.#mempool.push(tx);
    this.#onAvailable();
  }

  #stopLife(): void {
    this.#life++;
    this.driver = undefined;
    if (this.#storage !== undefined) this.#storage.dead = true;
    if (this.#files !== undefined) this.#files.dead = true;
  }

  #died(life: number, error: Error): void {
    if (life !== this.#life) return;
    this.fatal = error as FatalError;
    const cut = error instanceof Error && /power cut|process is dead/.test(`${error.message} ${String(error.cause)}`);
    if (!cut) this.violation ??= new Violation(`node ${this.number} stopped: ${error.stack} ${String(error.cause)}`);
    this.crash();
  }

  #journalOptions(key: ValidatorKey) {
    return { path: "/data/sign.journal", chainId: CHAIN_ID, address: key.address };
  }

  #signer(key: ValidatorKey, files: ReturnType<MemoryDisk["mount"]>, log: EngineLog): Signer {
    const journal = SignJournal.open(this.#journalOptions(key), { files, log });
    return new Signer({ chainId: CHAIN_ID }, { key, journal });
  }

  #network(isAlive: () => boolean): Network {
    return {
      hasPeers: () => this.world.options.alone !== true,
      publish: (message) => {
        if (!isAlive()) return;
        this.world.checkSigned(this, message);
        this.world.send(this, message);
      },
      relay: (message, from) => {
        if (!isAlive()) return;
        for (const node of this.world.nodes) {
          if (node !== this && `n${node.number}` !== from && this.world.random.chance(0.3)) {
            this.world.deliver(this, node, message);
          }
        }
      },
      moved: () => {},
      want: () => {},
    };
  }

  #ownMempool(): Mempool {
    const pool = this.#mempool;
    return {
      reap: () => [...pool],
      update: (_height, txs) => {
        const done = new Set(txs.map((tx) => hex(tx)));
        for (let index = pool.length - 1; index >= 0; index--) {
          if (done.has(hex(pool[index] as Uint8Array))) pool.splice(index, 1);
        }
      },
      get count() {
        return pool.length;
      },
      onAvailable: (listener) => {
        this.#onAvailable = listener;
      },
    };
  }

  #log(): EngineLog {
    const write = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
      this.lines.push(`${this.world.nowMs.toFixed(0)} ${level} ${message} ${JSON.stringify(facts ?? {})}`);
      if (this.lines.length > 2_000) this.lines.splice(0, 1_000);
    };
    return { info: write("info"), warn: write("warn"), error: write("error") };
  }
}

/** Whether a commit is for a block and not for nil: used by tests that look into commits. */
export function signersOf(commit: Parameters<typeof votesOf>[0]["commit"]): number {
  return votesOf({ kind: "commit", commit }).filter((vote) => !isZeroBlockId(vote.blockId)).length;
}
