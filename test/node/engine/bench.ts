// One node on a bench: the real driver, journal, log and handshake over a disk and a database in memory, with a clock that
// only moves when asked. It lives, dies at a chosen point, and lives again. Owns the node under test and what it was heard
// to say over all its lives; what other validators say is the test's to give.

import { initialState } from "../../../chain/consensus/step.ts";
import type { GenesisDocument } from "../../../chain/types/genesis-doc.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../../chain/types/params.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { CrashPoints, withCrashPoints } from "../../../node/engine/crash-points.ts";
import { Driver } from "../../../node/engine/driver.ts";
import type { DriverNeeds, DriverOptions } from "../../../node/engine/driver-needs.ts";
import { handshake } from "../../../node/engine/handshake.ts";
import { JournalError, SignJournal } from "../../../node/engine/sign-journal.ts";
import { Signer } from "../../../node/engine/signer.ts";
import type { Application, ConsensusMessage, EngineLog, FatalError } from "../../../node/ports.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { stubKey, stubVerifier } from "../../sim/keys.ts";
import { kvstore } from "../../sim/kvstore.ts";
import { MemoryDisk, PowerCut } from "../../sim/memory-disk.ts";
import { MemoryDatabase, MemoryStorage } from "../../sim/memory-storage.ts";
import type { Random } from "../../sim/random.ts";

export const JOURNAL_PATH = "/home/sign.journal";
export const LOG_FOLDER = "/home/cs.wal";
const CHAIN_ID = "bench-1";
const GENESIS_TIME = { seconds: 1_700_000_000n, nanos: 0 };
const TIMEOUTS = {
  proposeMs: 300,
  proposeDeltaMs: 100,
  prevoteMs: 100,
  prevoteDeltaMs: 100,
  precommitMs: 100,
  precommitDeltaMs: 100,
  commitMs: 100,
};

export interface BenchOptions {
  /** How many validators the genesis has; the node is number 0. */
  readonly validators?: number;
  /** Bytes above which the journal is rewritten when a height begins; 0 rewrites at every height. */
  readonly rewriteBytes?: number;
  readonly application?: (records: ReadonlyMap<string, Uint8Array>) => Application;
  readonly consensusParams?: GenesisDocument["consensusParams"];
  readonly driver?: Partial<DriverOptions>;
  readonly needs?: Partial<DriverNeeds>;
  readonly hasKey?: boolean;
  /** What the node hears of its peers' heights; absent, there is nobody to hear. */
  readonly peerHeight?: () => bigint | undefined;
}

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

export class Bench {
  readonly options: BenchOptions;
  readonly disk = new MemoryDisk();
  readonly database = new MemoryDatabase();
  readonly genesis: GenesisDocument;
  readonly key = stubKey(0);
  /** Everything the node published, over all lives. */
  readonly sent: ConsensusMessage[] = [];
  /** What the node told its listeners, over all lives: block and app hash by height. */
  readonly told = new Map<bigint, string>();
  /** What the node's key was heard to sign, by place. */
  readonly signed = new Map<string, string>();
  readonly lines: string[] = [];
  readonly mempool: Uint8Array[] = [];
  driver: Driver | undefined;
  signer: Signer | undefined;
  fatal: FatalError | undefined;
  /** Why the node was told to stop because its key is in use elsewhere. */
  keyInUse: FatalError | undefined;
  nowMs = 0;
  #timers: Timer[] = [];
  #order = 0;
  #life = 0;
  #files: { dead: boolean } | undefined;
  #storage: MemoryStorage | undefined;

  constructor(options: BenchOptions = {}) {
    this.options = options;
    const keys = Array.from({ length: options.validators ?? 1 }, (_, number) => stubKey(number));
    this.genesis = {
      appName: "",
      appVersion: "",
      genesisTime: GENESIS_TIME,
      chainId: CHAIN_ID,
      initialHeight: 1n,
      consensusParams: options.consensusParams ?? DEFAULT_CONSENSUS_PARAMS,
      validators: keys.map(({ address, publicKey: pubKey }, number) => ({
        address,
        pubKey,
        power: 10n,
        name: `v${number}`,
      })),
      appHash: new Uint8Array(0),
      appState: {},
    };
  }

  get height(): bigint {
    return this.database.state?.lastBlockHeight ?? 0n;
  }

  get machine(): Driver["machine"] {
    return this.driver?.machine ?? initialState();
  }

  /** Begins a life. With points it may end in the middle of anything, this call included. */
  async start(points?: CrashPoints): Promise<void> {
    const life = ++this.#life;
    const mounted = this.disk.mount();
    const storage = new MemoryStorage(this.database);
    this.#files = mounted;
    this.#storage = storage;
    this.fatal = undefined;
    const files = points === undefined ? mounted : withCrashPoints(mounted, points);
    const stored = points === undefined ? storage : storageWithPoints(storage, points);
    const log = this.#log();
    const application = (this.options.application ?? kvstore)(this.database.records);
    const base = { application, storage: stored, mempool: this.#ownMempool(), log, verifier: stubVerifier };
    const shared = { ...base, hasher: nodeHasher() };
    try {
      const start = await handshake(this.genesis, shared);
      this.signer = this.options.hasKey === false ? undefined : this.#openSigner(files, log);
      this.driver = new Driver(
        { timeouts: TIMEOUTS, createEmptyBlocks: true, logDirectory: LOG_FOLDER, ...this.options.driver },
        {
          ...shared,
          files,
          network: {
            publish: (message) => life === this.#life && this.#heard(message),
            relay: () => {},
            moved: () => {},
            want: () => {},
            ...(this.options.peerHeight === undefined ? {} : { peerHeight: this.options.peerHeight }),
          },
          clock: {
            now: () => addNanoseconds(GENESIS_TIME, BigInt(this.nowMs) * 1_000_000n),
            monotonicMs: () => this.nowMs,
          },
          timers: { schedule: (ms, callback) => this.#schedule(ms, () => life === this.#life && callback()) },
          signer: this.signer,
          listeners: [({ block, blockId, state }) => this.#told(block.header.height, blockId.hash, state.appHash)],
          onFatal: (error) => life === this.#life && this.#ended(error),
          onKeyInUse: (error) => {
            this.keyInUse = error;
          },
          ...this.options.needs,
        },
        start,
      );
      await this.driver.start();
      await settled();
    } catch (error) {
      if (life === this.#life) this.#ended(error as FatalError);
    }
  }

  /** Another bench with what is on this one's disk and in its database; `change` may alter a file on the way. */
  copy(change: (path: string, bytes: Uint8Array) => Uint8Array | undefined = (_path, bytes) => bytes): Bench {
    const twin = new Bench(this.options);
    for (const path of this.disk.paths()) {
      const bytes = change(path, this.disk.read(path) as Uint8Array);
      if (bytes !== undefined) twin.disk.write(path, bytes);
    }
    twin.database.state = this.database.state;
    for (const [height, batch] of this.database.blocks) twin.database.blocks.set(height, batch);
    for (const [height, set] of this.database.validators) twin.database.validators.set(height, set);
    for (const [key, value] of this.database.records) twin.database.records.set(key, value);
    for (const [place, bytes] of this.signed) twin.signed.set(place, bytes);
    for (const [height, mine] of this.told) twin.told.set(height, mine);
    twin.nowMs = this.nowMs;
    return twin;
  }

  /** Ends the life under way: `power` loses what was not synced (some of it, by chance), without it only the process dies. */
  crash(power?: Random): void {
    this.#life++;
    this.#timers = [];
    this.driver = undefined;
    if (this.#files !== undefined) this.#files.dead = true;
    if (this.#storage !== undefined) this.#storage.dead = true;
    // Killed without a power cut, what was not synced is still in the page cache, and still not durable.
    if (power !== undefined) this.disk.crash(power);
  }

  /** Lets virtual time pass until the condition holds, the node dies, or the time is up. */
  async runUntil(condition: () => boolean, limitMs = 60_000): Promise<boolean> {
    const end = this.nowMs + limitMs;
    await settled();
    while (!condition() && this.fatal === undefined) {
      const timer = this.#timers[0];
      if (timer === undefined || timer.atMs > end) return condition();
      this.#timers.shift();
      this.nowMs = Math.max(this.nowMs, timer.atMs);
      timer.callback();
      await settled();
    }
    return condition();
  }

  async reaches(height: bigint): Promise<boolean> {
    return this.runUntil(() => this.height >= height);
  }

  #schedule(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, order: this.#order++, callback };
    this.#timers.push(timer);
    this.#timers.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  #openSigner(files: Parameters<typeof SignJournal.create>[1], log: EngineLog): Signer | undefined {
    const options = {
      path: JOURNAL_PATH,
      chainId: CHAIN_ID,
      address: this.key.address,
      rewriteBytes: this.options.rewriteBytes ?? 0,
    };
    // As node/signing.ts does it: a journal is made only for a home without blocks.
    const isNew = this.height === 0n && files.readFile(JOURNAL_PATH) === undefined;
    try {
      const journal = isNew ? SignJournal.create(options, files) : SignJournal.open(options, { files, log });
      return new Signer({ chainId: CHAIN_ID }, { key: this.key, journal });
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      log.error(error.message);
      return undefined;
    }
  }

  #ended(error: FatalError): void {
    this.fatal = error;
    this.#timers = [];
    if (this.#files !== undefined) this.#files.dead = true;
    if (this.#storage !== undefined) this.#storage.dead = true;
  }

  #heard(message: ConsensusMessage): void {
    this.sent.push(message);
    if (message.type !== "vote" && message.type !== "proposal") return;
    const own = message.type === "vote" ? message.vote : message.proposal;
    const place = `${own.height}/${own.round}/${own.type}`;
    const bytes = textOf(message);
    const before = this.signed.get(place) ?? bytes;
    if (before !== bytes) throw new Error(`two different messages were signed at ${place}`);
    this.signed.set(place, bytes);
  }

  #told(height: bigint, block: Uint8Array, app: Uint8Array): void {
    const mine = `${hex(block)} ${hex(app)}`;
    if (this.told.has(height)) throw new Error(`height ${height} was told twice`);
    this.told.set(height, mine);
  }

  #ownMempool(): DriverNeeds["mempool"] {
    const pool = this.mempool;
    return {
      reap: () => [...pool],
      update: (_height, txs) => {
        const done = new Set(txs.map(hex));
        pool.splice(0, pool.length, ...pool.filter((tx) => !done.has(hex(tx))));
      },
      get count() {
        return pool.length;
      },
      onAvailable: () => {},
    };
  }

  #log(): EngineLog {
    const write = (level: string) => (message: string, facts?: Readonly<Record<string, unknown>>) =>
      void this.lines.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
    return { info: write("info"), warn: write("warn"), error: write("error") };
  }
}

/** The bytes of a vote or proposal, in hexadecimal; other messages have none here. */
export function textOf(message: ConsensusMessage): string {
  if (message.type === "vote") return hex(encode("tendermint.types.Vote", message.vote));
  return message.type === "proposal" ? hex(encode("tendermint.types.Proposal", message.proposal)) : "";
}

/** Lets every promise that can settle do so. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The storage with a pair of points around each batch. */
function storageWithPoints(storage: MemoryStorage, points: CrashPoints): DriverNeeds["storage"] {
  return {
    loadChainState: () => storage.loadChainState(),
    commitGenesis: (state) => points.aroundAsync("database batch", () => storage.commitGenesis(state)),
    commitBlock: (batch) => points.aroundAsync("database batch", () => storage.commitBlock(batch)),
    loadBlock: (height) => storage.loadBlock(height),
    loadValidators: (height) => storage.loadValidators(height),
  };
}

/** The names of all points of an undisturbed life up to a height, in order. */
export async function pointsOf(bench: Bench, height: bigint): Promise<readonly string[]> {
  const names: string[] = [];
  const points = new CrashPoints({ at: undefined }, { die: cut });
  const { around, aroundAsync } = points;
  points.around = (name, run) => {
    names.push(`before ${name}`, `after ${name}`);
    return around.call(points, name, run) as ReturnType<typeof run>;
  };
  points.aroundAsync = (name, run) => {
    names.push(`before ${name}`, `after ${name}`);
    return aroundAsync.call(points, name, run) as ReturnType<typeof run>;
  };
  await bench.start(points);
  if (!(await bench.reaches(height))) throw new Error(`height ${height} was not reached: ${bench.fatal?.message}`);
  if (points.passed !== names.length) throw new Error("the points were not all named");
  return names;
}

/** Dies at the point, as `CrashPoints` wants it. */
export function cut(point: string): never {
  throw new PowerCut(point);
}
