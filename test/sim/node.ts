// One simulated node: the real driver, step, signer, journal, log, mempool and evidence pool on a disk, a storage and a
// network of the world's. Owns its life: start, power cut, kill, suspension, its clock; and what a node does with what
// peers say, as node/p2p and node/sync do it on sockets. Its application is the world's choice.

import type { Application } from "../../chain/app/abci.ts";
import { ChainApplication } from "../../chain/app/application.ts";
import { addNanoseconds, type Timestamp } from "../../chain/types/time.ts";
import { CommitGate, closingAtCommit } from "../../node/commit-gate.ts";
import { Driver } from "../../node/engine/driver.ts";
import { handshake } from "../../node/engine/handshake.ts";
import { JournalError, SignJournal } from "../../node/engine/sign-journal.ts";
import { Signer } from "../../node/engine/signer.ts";
import type { ValidatorKey } from "../../node/engine/validator-key.ts";
import { silentLogger } from "../../node/log.ts";
import { MempoolError, TransactionPool } from "../../node/mempool/mempool.ts";
import type {
  CommittedBlock,
  ConsensusMessage,
  EngineLog,
  FatalError,
  FileSystem,
  Network,
  Verdict,
} from "../../node/ports.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { hasher } from "./forge.ts";
import { evidenceKey, type Subject, Violation } from "./invariants.ts";
import { stubVerifier } from "./keys.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { MemoryDatabase, MemoryStorage } from "./memory-storage.ts";
import type { SentBlock, Wire } from "./network.ts";
import { CHAIN_ID, GENESIS_TIME, TIMEOUTS, type World } from "./world.ts";

const JOURNAL_PATH = "/data/sign.journal";
const LOG_DIRECTORY = "/data/wal";
const NONE = new Uint8Array(0);
const REPAIR_INTERVAL_MS = 250;
const REPAIR_BYTES = 512 * 1024;
const BLOCKS_PER_REQUEST = 5;
const BLOCK_REQUEST_TIMEOUT_MS = 1_500;

/** What a liar does with what its driver wants to publish: the messages that leave instead, each to one node. */
export type Mouth = (
  message: ConsensusMessage,
) => readonly { readonly to: number; readonly message: ConsensusMessage }[];

/** How a node goes down. */
export interface CrashOptions {
  /** True cuts the power: what was not synced may be lost. False kills the process only. By default chance decides. */
  readonly power?: boolean;
  /** Milliseconds until it starts again; undefined for a random while, "forever" until `start` is called. */
  readonly downMs?: number | "forever";
}

export class SimNode implements Subject {
  readonly world: World;
  readonly number: number;
  readonly key: ValidatorKey | undefined;
  readonly disk = new MemoryDisk();
  readonly database = new MemoryDatabase();
  /** Undefined while the node is down. */
  driver: Driver | undefined;
  application: Application | undefined;
  mempool: TransactionPool | undefined;
  violation: Error | undefined;
  fatal: FatalError | undefined;
  /** How far its wall clock is ahead of the world's, in milliseconds. */
  skewMs: number;
  /** Whether the rules do not bind it: its key lies, or its disk does. */
  isByzantine = false;
  /** What it says instead of what its driver publishes; a liar's. */
  mouth: Mouth | undefined;
  /** What it answers instead of what it should, to requests of peers; a liar's. Undefined answers truly. */
  lie: ((to: number, wire: Wire) => Wire | "silence" | undefined) | undefined;
  /** Makes its signer, from the next start on; a scenario puts one in that lacks a guard or a memory. */
  signerFrom: (chainId: string, needs: { readonly key: ValidatorKey; readonly journal: SignJournal }) => Signer = (
    chainId,
    needs,
  ) => new Signer({ chainId }, needs);
  /** Called around the storage batch; a test makes them throw to die there, or fail with a disk's error. */
  beforeCommit: () => void | Promise<void> = () => {};
  afterCommit: () => void | Promise<void> = () => {};
  /** Called when the power was cut, before the node comes back. */
  onPowerCut: () => void = () => {};
  /** What the node said in its log, newest last. */
  readonly lines: string[] = [];
  /** Misbehaviour that FinalizeBlock told the application of, over all lives: validator address in hex and height. */
  readonly misbehavior = new Set<string>();
  /** Heights that peers claim, by number. */
  readonly #claims = new Map<number, bigint>();
  readonly #distrusted = new Set<number>();
  readonly #evidence = new Set<string>();
  #blockRequestUntilMs = 0;
  #lastStep = "";
  #storage: MemoryStorage | undefined;
  #files: { dead: boolean } | undefined;
  #gate = new CommitGate();
  #life = 0;
  #suspendedUntilMs = 0;

  constructor(world: World, number: number, key: ValidatorKey | undefined) {
    this.world = world;
    this.number = number;
    this.key = key;
    this.skewMs = number;
    this.disk.random = world.random;
    if (key === undefined) return;
    SignJournal.create(this.#journalOptions(key), this.disk.mount()).close();
    this.disk.settle();
  }

  get height(): bigint {
    return this.database.state?.lastBlockHeight ?? 0n;
  }

  get address(): Uint8Array | undefined {
    return this.key?.address;
  }

  get isCorrect(): boolean {
    return !this.isByzantine;
  }

  get isUp(): boolean {
    return this.driver !== undefined;
  }

  get isSuspended(): boolean {
    return this.world.nowMs < this.#suspendedUntilMs;
  }

  isDurable(path: string): boolean {
    return this.disk.isDurable(path);
  }

  /** Its wall clock. */
  now(): Timestamp {
    return addNanoseconds(GENESIS_TIME, BigInt(Math.round((this.world.nowMs + this.skewMs) * 1e6)));
  }

  // ---------------------------------------------------------------- life

  /** Starts the process on what its disk and database hold. Harmless while it runs. */
  async start(): Promise<void> {
    if (this.driver !== undefined) return;
    const life = ++this.#life;
    const files = this.disk.mount();
    const storage = new MemoryStorage(this.database);
    storage.beforeCommit = () => this.beforeCommit();
    storage.afterCommit = () => this.afterCommit();
    this.#files = files;
    this.#storage = storage;
    const log = this.#log();
    try {
      this.world.invariants.started(this, this.height);
      const application = this.world.host.create(this.database.records, (error, where) => {
        this.violation ??= new Violation(`node ${this.number} met a bug in ${where}: ${(error as Error)?.stack}`);
      });
      this.application = application;
      this.#gate = new CommitGate();
      const mempool = new TransactionPool(MEMPOOL, {
        application,
        gate: this.#gate,
        log: silentLogger(),
        nowMs: () => this.world.nowMs,
        ...(application instanceof ChainApplication ? { terms: (tx) => application.txTerms(tx) } : {}),
      });
      this.mempool = mempool;
      const base = { storage, mempool, files, log, verifier: stubVerifier, hasher };
      const start = await handshake(this.world.genesis, { ...base, application });
      const signer = this.key && this.#signer(this.key, files, log);
      const isAlive = (): boolean => life === this.#life;
      const driver = new Driver(
        {
          timeouts: { ...TIMEOUTS, ...this.world.options.timeouts },
          createEmptyBlocks: this.world.options.createEmptyBlocks ?? true,
          logDirectory: LOG_DIRECTORY,
        },
        {
          ...base,
          application: this.#watched(closingAtCommit(application, this.#gate)),
          network: this.#network(isAlive),
          clock: { now: () => this.now(), monotonicMs: () => this.world.nowMs },
          timers: { schedule: (ms, callback) => this.#later(ms, isAlive, callback) },
          signer,
          listeners: [() => this.#gate.open(), (committed) => this.#committed(committed)],
          onFatal: (error) => this.#died(life, error),
        },
        start,
      );
      this.driver = driver;
      this.#every(REPAIR_INTERVAL_MS, isAlive, () => this.#repair());
      await driver.start();
    } catch (error) {
      this.#died(life, error as FatalError);
    }
  }

  /** Down, now; back after a while unless told otherwise. */
  crash(options: CrashOptions = {}): void {
    const { random } = this.world;
    this.#stopLife();
    this.disk.cutAt = undefined;
    if (options.power ?? random.chance(0.7)) {
      this.disk.crash(random);
      this.onPowerCut();
    }
    if (random.chance(this.world.options.logLoss ?? 0)) this.disk.lose(LOG_DIRECTORY);
    this.world.crashCount++;
    const { downMs = random.between(50, 3_000) } = options;
    if (downMs !== "forever") this.world.schedule(downMs, () => void this.start());
  }

  /** The process does not run for a while, as under SIGSTOP or on a phone that dozes: timers and messages wait. */
  suspend(ms: number): void {
    this.#suspendedUntilMs = Math.max(this.#suspendedUntilMs, this.world.nowMs + ms);
  }

  /** Ends a suspension: whatever waited happens now. */
  resume(): void {
    this.#suspendedUntilMs = this.world.nowMs;
  }

  /** Whether its votes count now. */
  get isSigning(): boolean {
    return this.driver?.status().signing === true;
  }

  /** Evidence that it has published or taken since it started and that stands in no block yet. */
  openEvidence(): readonly string[] {
    return [...this.#evidence].filter((key) => !this.world.invariants.isCommittedEvidence(key));
  }

  #stopLife(): void {
    this.#life++;
    this.driver = undefined;
    this.application = undefined;
    this.mempool?.close();
    this.mempool = undefined;
    this.#blockRequestUntilMs = 0;
    this.#distrusted.clear();
    this.#lastStep = "";
    this.#suspendedUntilMs = 0;
    this.#evidence.clear();
    if (this.#storage !== undefined) this.#storage.dead = true;
    if (this.#files !== undefined) this.#files.dead = true;
  }

  #died(life: number, error: Error): void {
    if (life !== this.#life) return;
    this.fatal = error as FatalError;
    const reason = `${error.message} ${String((error as { cause?: unknown }).cause)}`;
    const isPower = /power cut|process is dead/.test(reason);
    if (!isPower && !/EIO|ENOSPC/.test(reason) && this.isCorrect) {
      this.violation ??= new Violation(`node ${this.number} stopped: ${error.stack} ${reason}`);
    }
    this.crash(isPower ? {} : { power: false });
  }

  #later(ms: number, isAlive: () => boolean, action: () => void): () => void {
    return this.world.schedule(ms, () => this.awake(isAlive, action));
  }

  /** Does something now, or as soon as the process runs again. */
  awake(isAlive: () => boolean, action: () => void): void {
    if (!isAlive()) return;
    if (this.isSuspended)
      this.world.schedule(this.#suspendedUntilMs - this.world.nowMs, () => this.awake(isAlive, action));
    else action();
  }

  #every(ms: number, isAlive: () => boolean, action: () => void): void {
    const again = (): void => {
      if (!isAlive()) return;
      action();
      this.#later(ms, isAlive, again);
    };
    this.#later(this.world.random.between(0, ms), isAlive, again);
  }

  // ---------------------------------------------------------------- transactions

  /** A client's transaction. Refusals are as silent as a client that does not look. */
  submit(tx = utf8(`k${this.world.random.below(50)}=${this.world.random.below(1e9)}`)): void {
    void this.#admit(tx, undefined);
  }

  async #admit(tx: Uint8Array, from: number | undefined): Promise<void> {
    const { mempool } = this;
    if (mempool === undefined) return;
    await this.#gate.pass();
    if (this.mempool !== mempool) return;
    try {
      if (mempool.checkTx(tx).code !== 0) return;
    } catch (error) {
      if (error instanceof MempoolError) return;
      throw error;
    }
    const { fanOut = 0 } = this.world.options;
    for (const node of this.world.nodes) {
      if (node !== this && node.number !== from && this.world.random.chance(fanOut)) {
        this.say(node.number, { kind: "transaction", tx });
      }
    }
  }

  // ---------------------------------------------------------------- peers

  /** Sends to one node. */
  say(to: number, wire: Wire): void {
    this.world.network.send({ from: this.number, to, wire });
  }

  /** Something arrived from another node. */
  hear(from: number, wire: Wire): void {
    const life = this.#life;
    this.awake(
      () => life === this.#life,
      () => this.#take(from, wire),
    );
  }

  #take(from: number, wire: Wire): void {
    const { driver } = this;
    if (driver === undefined) return;
    const lie = this.lie?.(from, wire);
    if (lie === "silence") return;
    if (lie !== undefined) {
      this.say(from, lie);
      return;
    }
    switch (wire.kind) {
      case "consensus":
        void this.#receive(driver, from, wire.message);
        break;
      case "status":
        this.#claims.set(from, wire.height);
        this.#sync();
        break;
      case "repairRequest": {
        this.#claims.set(from, wire.height);
        const messages = driver.repair(wire.summary, REPAIR_BYTES);
        for (const message of messages) if (message.type !== "proposal") this.#show(message);
        this.say(from, { kind: "repairResponse", messages, height: this.height });
        break;
      }
      case "repairResponse":
        this.#claims.set(from, wire.height);
        for (const message of wire.messages) void this.#receive(driver, from, message);
        this.#sync();
        break;
      case "blockRequest":
        this.#serveBlocks(from, wire.fromHeight, wire.count);
        break;
      case "blockResponse":
        void this.#takeBlocks(driver, from, wire.blocks);
        break;
      case "transaction":
        void this.#admit(wire.tx, from);
        break;
    }
  }

  async #receive(driver: Driver, from: number, message: ConsensusMessage): Promise<void> {
    const verdict = await driver.receive(`n${from}`, message);
    if (verdict === "accepted" && message.type === "evidence" && this.driver === driver) {
      this.#evidence.add(evidenceKey(message.evidence));
    }
    if (verdict === "invalid" && this.isCorrect) this.#blame(from, `a ${message.type}`);
  }

  /** A correct node never says what another correct one finds invalid. */
  #blame(from: number, what: string): void {
    const peer = this.world.nodes[from];
    if (peer?.isCorrect !== true) return;
    this.violation ??= new Violation(`node ${this.number} finds ${what} of node ${from} invalid: ${this.lines.at(-1)}`);
  }

  /** While the step is unchanged, two peers are asked for what is missing. */
  #repair(): void {
    const { driver } = this;
    if (driver === undefined) return;
    const { height, round, step } = driver.status();
    const now = `${height}/${round}/${step}`;
    if (now === this.#lastStep) this.#askForRepair(driver);
    this.#lastStep = now;
    this.#sync();
  }

  #askForRepair(driver: Driver): void {
    const others = this.world.nodes.filter((node) => node !== this);
    const first = this.world.random.below(others.length);
    const second = (first + 1 + this.world.random.below(Math.max(1, others.length - 1))) % others.length;
    const summary = driver.summary();
    for (const index of new Set([first, second])) {
      const peer = others[index];
      if (peer !== undefined) this.say(peer.number, { kind: "repairRequest", summary, height: this.height });
    }
  }

  // ---------------------------------------------------------------- block sync

  /** Asks one of the peers that claim to have it for the next block and a few more. */
  #sync(): void {
    const { driver } = this;
    if (driver === undefined || this.world.nowMs < this.#blockRequestUntilMs) return;
    const next = this.height + 1n;
    // The block that consensus works on comes by itself; one below the claimed height does not.
    const able = [...this.#claims].filter(([peer, height]) => height > next && !this.#distrusted.has(peer));
    const chosen = able[this.world.random.below(able.length)];
    if (chosen === undefined) {
      // Everyone was caught lying, or nobody was ahead: all get another chance.
      this.#distrusted.clear();
      return;
    }
    this.#blockRequestUntilMs = this.world.nowMs + BLOCK_REQUEST_TIMEOUT_MS;
    this.say(chosen[0], { kind: "blockRequest", fromHeight: next, count: BLOCKS_PER_REQUEST });
  }

  #serveBlocks(to: number, from: bigint, count: number): void {
    const blocks: SentBlock[] = [];
    for (let height = from; blocks.length < count; height++) {
      const stored = this.database.blocks.get(height);
      if (stored === undefined) break;
      blocks.push({ block: stored.block, commit: stored.extendedCommit ?? stored.seenCommit });
    }
    this.say(to, { kind: "blockResponse", blocks });
  }

  async #takeBlocks(driver: Driver, from: number, blocks: readonly SentBlock[]): Promise<void> {
    if (this.#blockRequestUntilMs === 0) return;
    let verdict: Verdict = "ignored";
    for (const { block, commit } of blocks) {
      if (this.driver !== driver) return;
      verdict = await driver.receiveBlock(block, commit);
      if (verdict !== "accepted") break;
    }
    if (verdict === "invalid") {
      this.#distrusted.add(from);
      if (this.isCorrect) this.#blame(from, "a block");
    }
    if (blocks.length === 0) this.#claims.delete(from);
    this.#blockRequestUntilMs = 0;
    if (this.driver === driver) this.#sync();
  }

  // ---------------------------------------------------------------- the driver's surroundings

  #show(message: ConsensusMessage): void {
    const powers = this.driver?.machine.powers;
    if (powers === undefined) return;
    try {
      this.world.invariants.shown(this, message, powers);
    } catch (error) {
      this.violation ??= error as Error;
    }
  }

  #committed(committed: CommittedBlock): void {
    try {
      for (const evidence of committed.block.evidence.evidence) {
        const { validatorAddress = NONE, height = 0n } = evidence.duplicateVoteEvidence?.voteA ?? {};
        if (!this.misbehavior.has(`${hex(validatorAddress)}/${height}`)) {
          throw new Violation(`node ${this.number} did not tell its application of evidence in a block`);
        }
      }
      this.world.committed(this, committed);
    } catch (error) {
      this.violation ??= error as Error;
    }
    for (const node of this.world.nodes) {
      if (node !== this) this.say(node.number, { kind: "status", height: committed.block.header.height });
    }
  }

  #network(isAlive: () => boolean): Network {
    return {
      hasPeers: () => this.world.options.alone !== true,
      publish: (message) => {
        if (!isAlive()) return;
        if (this.mouth !== undefined) {
          for (const { to, message: said } of this.mouth(message)) {
            this.#show(said);
            this.say(to, { kind: "consensus", message: said });
          }
          return;
        }
        this.#show(message);
        if (message.type === "evidence") this.#evidence.add(evidenceKey(message.evidence));
        for (const node of this.world.nodes) if (node !== this) this.say(node.number, { kind: "consensus", message });
      },
      relay: (message, from) => {
        if (!isAlive()) return;
        const { relay = 0.3 } = this.world.options;
        for (const node of this.world.nodes) {
          if (node !== this && `n${node.number}` !== from && this.world.random.chance(relay)) {
            this.say(node.number, { kind: "consensus", message });
          }
        }
      },
      moved: () => {},
      want: () => {
        if (this.driver !== undefined) this.#askForRepair(this.driver);
      },
    };
  }

  /** The application as the driver has it, with an ear on what it is told of misbehaviour. */
  #watched(application: Application): Application {
    return {
      ...application,
      finalizeBlock: (request, facts) => {
        for (const { validator, height } of request.misbehavior) {
          this.misbehavior.add(`${hex(validator.address)}/${height}`);
        }
        return application.finalizeBlock(request, facts);
      },
    };
  }

  #journalOptions(key: ValidatorKey) {
    return { path: JOURNAL_PATH, chainId: CHAIN_ID, address: key.address };
  }

  /** As node/signing.ts: a journal that cannot vouch for the past makes a node that follows without signing. */
  #signer(key: ValidatorKey, files: FileSystem, log: EngineLog): Signer | undefined {
    try {
      const journal = SignJournal.open(this.#journalOptions(key), { files, log });
      const sign = (bytes: Uint8Array): Uint8Array => {
        this.world.invariants.signing(this, bytes);
        return key.sign(bytes);
      };
      const needs = { key: { ...key, sign }, journal };
      return this.isByzantine ? new Shameless({ chainId: CHAIN_ID }, needs) : this.signerFrom(CHAIN_ID, needs);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      log.error(`${error.message}. This node follows the chain without signing.`);
      return undefined;
    }
  }

  #log(): EngineLog {
    const write = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) => {
      const { lines } = this;
      lines.push(
        `${this.world.nowMs.toFixed(0)} n${this.number} ${level} ${message} ${facts ? JSON.stringify(facts) : ""}`,
      );
      if (lines.length > 400) lines.splice(0, 200);
    };
    return { info: write("info"), warn: write("warn"), error: write("error") };
  }
}

/** A liar's: it does not fall silent when it hears what its own key has said elsewhere. */
class Shameless extends Signer {
  override knows(): boolean {
    return true;
  }
}

/** Bounds small enough to be met. A recheck takes no virtual time, so it is never cut short. */
export const MEMPOOL = {
  maximumTransactions: 200,
  maximumTransactionsBytes: 4 * 1024 * 1024,
  maximumTransactionBytes: 512 * 1024,
  maximumPerSigner: 16,
  cacheSize: 1_000,
  recheck: true,
  keepInvalidInCache: false,
  timeToLiveBlocks: 30n,
  timeToLiveMs: 0,
  recheckBudgetMs: 1_000,
  recheckSliceMs: 1_000,
  recheckPauseMs: 0,
  feeDenom: "uopen",
};
