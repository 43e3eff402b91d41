// The simulated world: virtual time, a network, and nodes that crash with what they had not synced. Owns everything
// random, from one seed: the same seed tells the same story on every machine. The nodes run the very driver, step, log and
// journal that a real node runs (node.ts); what must hold is checked at every commit and every message (invariants.ts).
//
// For scenarios: `new World({ seed, validators: 4 })`, `await world.start()`, then move time on with `run` and
// `runUntil` and do things in between: `partition`, `oneWay`, `heal`, `drop`, `hold`, `inject`, and on a node `crash`,
// `start`, `suspend`, `skewMs`, `disk.failAt`, `submit`. Nothing happens while no time passes. A broken invariant is
// thrown out of `run` and `runUntil` as a Violation.

import { votesOf } from "../../chain/consensus/certificate.ts";
import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import { isZeroBlockId, ZERO_BLOCK_ID } from "../../chain/types/block-id.ts";
import type { GenesisDocument } from "../../chain/types/genesis-doc.ts";
import { addNanoseconds } from "../../chain/types/time.ts";
import type { Vote } from "../../chain/types/vote.ts";
import type { CommittedBlock, ConsensusMessage, Verdict } from "../../node/ports.ts";
import { EventQueue } from "./event-queue.ts";
import { forgeVote, placeOf } from "./forge.ts";
import { type ApplicationHost, kvstoreHost } from "./host.ts";
import { type Decision, Invariants, Violation } from "./invariants.ts";
import { stubKey } from "./keys.ts";
import { type Envelope, type Hold, SimNetwork } from "./network.ts";
import { SimNode } from "./node.ts";
import { Random } from "./random.ts";

export type { SimNode } from "./node.ts";

export interface WorldOptions {
  readonly seed: number;
  /** Validators of the genesis; they are the first nodes. */
  readonly validators: number;
  /** Their powers; 10 each by default. */
  readonly powers?: readonly number[];
  /** Nodes with a key that is no validator's yet; they come after the validators. */
  readonly standbys?: number;
  /** Nodes without a key, the last ones. */
  readonly followers?: number;
  /** Validators (by number) whose key also signs whatever a liar likes. */
  readonly liars?: number;
  readonly loss?: number;
  readonly duplicates?: number;
  readonly maxDelayMs?: number;
  /** How much later than the first the second copy of a doubled message may come. */
  readonly replayMs?: number;
  /** Chance that an accepted message is passed on to each other node. */
  readonly relay?: number;
  /** Chance that an admitted transaction is passed on to each other node. */
  readonly fanOut?: number;
  /** Chance per node and virtual second that it crashes. */
  readonly crashes?: number;
  /** Chance that a crash also loses the write-ahead log. */
  readonly logLoss?: number;
  readonly timeouts?: Partial<TimeoutConfig>;
  /** The network says that nobody listens, as on a node without peers. */
  readonly alone?: boolean;
  readonly createEmptyBlocks?: boolean;
  /** Events after which `runUntil` gives up with a Violation: a world that never comes to rest. */
  readonly maxEvents?: number;
  /** What the nodes run; the key-value toy by default. */
  readonly host?: (validators: Parameters<typeof kvstoreHost>[0]) => ApplicationHost;
}

export const TIMEOUTS: TimeoutConfig = {
  proposeMs: 300,
  proposeDeltaMs: 100,
  prevoteMs: 100,
  prevoteDeltaMs: 100,
  precommitMs: 100,
  precommitDeltaMs: 100,
  commitMs: 100,
};

export const CHAIN_ID = "sim-1";
export const GENESIS_TIME = { seconds: 1_700_000_000n, nanos: 0 };

/** Clocks of correct nodes are this far ahead of the world's at most, with what blocks in quick succession add. */
const MAX_SKEW_NS = 65_000_000_000n;

export class World {
  readonly options: WorldOptions;
  readonly random: Random;
  readonly nodes: SimNode[] = [];
  readonly network: SimNetwork;
  readonly host: ApplicationHost;
  readonly invariants: Invariants;
  nowMs = 0;
  crashCount = 0;
  eventCount = 0;
  /** While true the network loses nothing and nobody crashes by chance. */
  calm = false;
  /** Told of every block that a node has made durable, after the invariants have seen it. */
  onCommitted: (node: SimNode, committed: CommittedBlock) => void = () => {};
  readonly #events = new EventQueue();

  constructor(options: WorldOptions) {
    this.options = options;
    this.random = new Random(options.seed);
    const { validators, standbys = 0, followers = 0, powers = [] } = options;
    const keys = Array.from({ length: validators + standbys }, (_, number) => stubKey(number));
    const host = {
      chainId: CHAIN_ID,
      time: GENESIS_TIME,
      keys: keys.slice(0, validators),
      powers: keys.slice(0, validators).map((_, at) => BigInt(powers[at] ?? 10)),
    };
    this.host = (options.host ?? kvstoreHost)(host);
    const { loss = 0, duplicates = 0, maxDelayMs = 50, replayMs = 0 } = options;
    this.network = new SimNetwork(
      { loss, duplicates, replayMs, minDelayMs: 1, maxDelayMs },
      {
        chance: (probability) => this.random.chance(probability),
        between: (low, high) => this.random.between(low, high),
        schedule: (delayMs, action) => this.schedule(delayMs, action),
        arrive: ({ from, to, wire }) => this.nodes[to]?.hear(from, wire),
        isCalm: () => this.calm,
      },
    );
    this.invariants = new Invariants({
      chainId: CHAIN_ID,
      subjects: () => this.nodes,
      latestClock: () => addNanoseconds(GENESIS_TIME, BigInt(Math.round(this.nowMs * 1e6)) + MAX_SKEW_NS),
    });
    for (let number = 0; number < validators + standbys + followers; number++) {
      this.nodes.push(new SimNode(this, number, keys[number]));
    }
    for (let liar = 0; liar < (options.liars ?? 0); liar++) this.node(liar).isByzantine = true;
  }

  get genesis(): GenesisDocument {
    return this.host.genesis;
  }

  /** What each height was decided to be: the first node to commit says, all others must agree. */
  get decided(): ReadonlyMap<bigint, Decision> {
    return this.invariants.decided;
  }

  /** What each correct key has signed, by node number, height, round and step. */
  get signed(): ReadonlyMap<string, string> {
    return this.invariants.signed;
  }

  /** Starts all nodes but those named. */
  async start(except: readonly number[] = []): Promise<void> {
    for (const node of this.nodes) {
      // A validator that has a quorum by itself commits while it starts. That may take virtual time, which does not pass yet.
      if (!except.includes(node.number)) await Promise.race([node.start(), turns(100)]);
    }
    this.every(1_000, () => this.#disturb());
    if ((this.options.liars ?? 0) > 0) this.every(40, () => this.#lie());
  }

  /** The node of a number. Throws when there is none. */
  node(number: number): SimNode {
    const node = this.nodes[number];
    if (node === undefined) throw new Error(`there is no node ${number}`);
    return node;
  }

  // ---------------------------------------------------------------- time

  /** Does something when that much virtual time has passed. Returns the cancellation. */
  schedule(delayMs: number, action: () => void): () => void {
    const event = this.#events.add(this.nowMs + Math.max(0, delayMs), action);
    return () => {
      event.action = undefined;
    };
  }

  every(ms: number, action: () => void): void {
    const again = (): void => {
      action();
      this.schedule(ms, again);
    };
    this.schedule(ms, again);
  }

  /** Events that have not happened yet, cancelled ones among them. */
  get pendingEvents(): number {
    return this.#events.length;
  }

  /** Lets virtual time pass. */
  async run(ms: number): Promise<void> {
    await this.runUntil(() => false, ms);
  }

  /** Runs until the condition holds. False when `limitMs` of virtual time are up first. */
  async runUntil(condition: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.nowMs + limitMs;
    const { maxEvents = Number.POSITIVE_INFINITY } = this.options;
    while (!condition()) {
      const event = this.#events.first;
      if (event === undefined || event.atMs > end) {
        this.nowMs = end;
        return condition();
      }
      this.#events.take();
      this.nowMs = event.atMs;
      if (++this.eventCount > maxEvents) throw new Violation(`no progress: ${maxEvents} events`);
      event.action?.();
      // Let every promise that follows from it settle before the next event.
      await new Promise((resolve) => setImmediate(resolve));
      for (const node of this.nodes) if (node.violation !== undefined) throw node.violation;
    }
    return true;
  }

  /** The lowest height that all nodes have committed. */
  lowestHeight(): bigint {
    return this.nodes.reduce((low, node) => (node.height < low ? node.height : low), this.nodes[0]?.height ?? 0n);
  }

  /** The highest height that any node has committed. */
  highestHeight(): bigint {
    return this.nodes.reduce((high, node) => (node.height > high ? node.height : high), 0n);
  }

  // ---------------------------------------------------------------- the network

  /** Only members of the same group reach each other; a node in no group reaches nobody. See SimNetwork. */
  partition(groups: readonly (readonly number[])[]): void {
    this.network.partition(groups);
  }

  /** Nothing that one of `from` sends reaches one of `to`; the other direction stays. */
  oneWay(from: readonly number[], to: readonly number[]): void {
    this.network.oneWay(from, to);
  }

  /** Ends partitions and one-way cuts. */
  heal(): void {
    this.network.heal();
  }

  /** Loses every message that the test says yes to, until the returned function is called. */
  drop(matches: (envelope: Envelope) => boolean): () => void {
    return this.network.drop(matches);
  }

  /** Holds back every message that the test says yes to, until released. */
  hold(matches: (envelope: Envelope) => boolean): Hold {
    return this.network.hold(matches);
  }

  /** Hands a message to nodes now, past all faults of the network. Resolves with what the first makes of it. */
  async inject(to: number | readonly number[], message: ConsensusMessage, from = "outside"): Promise<Verdict> {
    const verdicts = [to].flat().map((number) => this.node(number).driver?.receive(from, message));
    return (await verdicts[0]) ?? "ignored";
  }

  /** A vote of node `number`'s key at the height and with the validators that `at`'s machine has now. */
  vote(
    number: number,
    what: Omit<Parameters<typeof forgeVote>[1], "chainId" | "validators" | "height" | "time"> & { readonly at: number },
  ): Vote {
    const { key } = this.node(number);
    const machine = this.node(what.at).driver?.machine;
    if (key === undefined || machine === undefined) throw new Error("no key, or the node is down");
    const { height, validators } = machine;
    return forgeVote(key, { ...what, chainId: CHAIN_ID, validators, height, time: this.node(number).now() });
  }

  // ---------------------------------------------------------------- what happens by itself

  committed(node: SimNode, committed: CommittedBlock): void {
    if (node.isCorrect) this.invariants.committed(node, committed);
    this.onCommitted(node, committed);
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
      else if (this.random.chance(0.05) && this.options.host === undefined) node.submit();
    }
  }

  /** A lying key votes for anything it has heard of, differently to everyone. */
  #lie(): void {
    for (let liar = 0; liar < (this.options.liars ?? 0); liar++) {
      const { key } = this.node(liar);
      const machine = this.random.pick(this.nodes).driver?.machine;
      if (machine === undefined || key === undefined || placeOf(machine.validators, key) === undefined) continue;
      const ids = [ZERO_BLOCK_ID, ...machine.candidates.map((candidate) => candidate.blockId)];
      for (const to of this.nodes) {
        if (to.number === liar || this.random.chance(0.5)) continue;
        const vote = forgeVote(key, {
          chainId: CHAIN_ID,
          validators: machine.validators,
          kind: this.random.chance(0.5) ? "prevote" : "precommit",
          height: machine.height,
          round: Math.max(0, machine.round + this.random.below(3) - 1),
          blockId: this.random.pick(ids),
          time: addNanoseconds(GENESIS_TIME, BigInt(this.random.below(1_000_000_000))),
        });
        const message = { type: "vote", vote } as const;
        this.invariants.shown(this.node(liar), message, machine.powers);
        this.network.send({ from: liar, to: to.number, wire: { kind: "consensus", message } });
      }
    }
  }
}

/** Whether a commit is for a block and not for nil: used by tests that look into commits. */
export function signersOf(commit: Parameters<typeof votesOf>[0]["commit"]): number {
  return votesOf({ kind: "commit", commit }).filter((vote) => !isZeroBlockId(vote.blockId)).length;
}

export { Violation };

/** Turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}
