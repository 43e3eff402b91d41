// One seed from beginning to end: a world is drawn, troubled until it has made so many blocks (or for so long), and then a
// quorum of correct nodes is healed, which must make progress whatever becomes of the others. Owns the phases, the demand
// for progress and the result; pure but for the work itself: nothing is kept between runs, so other tools may call it in
// their own process as often as they like. A mutant that loops without end inside one event is theirs to stop.

import { ChainApplication } from "../../chain/app/application.ts";
import { MAX_FUTURE_ROUNDS_PER_VALIDATOR, MAX_PROPOSALS_PER_ROUND } from "../../chain/consensus/limits.ts";
import { sha256 } from "../../node/crypto.ts";
import {
  LOG_FILES_KEPT,
  LOG_REMOVAL_HEIGHTS,
  MAX_BUFFERED_MESSAGES,
  MAX_HELD_BLOCKS,
  MAX_PENDING_EVIDENCE,
  MAX_QUEUED_MESSAGES,
  SET_ASIDE_FILES_KEPT,
} from "../../node/engine/limits.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { corrupt, reform } from "./byzantine.ts";
import { chainHost, supplyOf, TOTAL_SUPPLY } from "./chain-host.ts";
import { Violation } from "./invariants.ts";
import { MEMPOOL, type SimNode } from "./node.ts";
import { drawSwarm, type Swarm } from "./swarm.ts";
import { toyHost } from "./toy-host.ts";
import { Trouble, type TroubleCounts } from "./trouble.ts";
import { Workload } from "./workload.ts";
import { World } from "./world.ts";

export interface RunOptions {
  /** How many blocks the run makes at least. */
  readonly heights: number;
  /** Events after which the run ends as a "no progress" violation; a bound on the time a run takes. */
  readonly maxEvents?: number;
  /** Changes to what the seed draws: for tests of one kind of trouble. */
  readonly swarm?: Partial<Swarm>;
}

/** What became of a run. Equal seeds and options give equal results, `cpuMs` aside. */
export interface RunResult {
  readonly seed: number;
  /** Over every decision and the course of events. */
  readonly hash: string;
  /** The highest block of any correct node. */
  readonly heights: number;
  readonly events: number;
  readonly messages: number;
  readonly crashes: number;
  readonly trouble: TroubleCounts;
  readonly liars: number;
  /** Pieces of evidence in blocks. */
  readonly evidence: number;
  /** Transactions that succeeded. */
  readonly txs: number;
  /** Changes of the validator set. */
  readonly setChanges: number;
  readonly virtualMs: number;
  readonly cpuMs: number;
  readonly violation?: { readonly name: string; readonly message: string; readonly log: readonly string[] };
}

const MAX_EVENTS = 600_000;
const MAX_PENDING_EVENTS = 20_000;
/** The troubled phase ends after so much virtual time per wanted height, whatever it came to. */
const TROUBLED_MS_PER_HEIGHT = 4_000;
/** What a node may hold. Blocks named in one round come on top of those kept, and timers on top of messages. */
const HOLDINGS = {
  queued: MAX_QUEUED_MESSAGES + 100,
  early: MAX_BUFFERED_MESSAGES,
  blocks: MAX_HELD_BLOCKS + 2 * MAX_PROPOSALS_PER_ROUND + 2,
  evidence: 2 * MAX_PENDING_EVIDENCE,
  files: LOG_FILES_KEPT + LOG_REMOVAL_HEIGHTS + SET_ASIDE_FILES_KEPT + 6,
};
const PROGRESS_HEIGHTS = 3n;
const PROGRESS_MS = 60_000;
const LOG_LINES = 60;

/** Runs one seed. Never rejects for what the run finds: that is `violation`. */
export async function runSeed(seed: number, options: RunOptions): Promise<RunResult> {
  const began = process.cpuUsage();
  const swarm = { ...drawSwarm(seed), ...options.swarm };
  const run = new Run(seed, swarm, options);
  const violation = await run.toTheEnd();
  const { user, system } = process.cpuUsage(began);
  return { ...run.result(), cpuMs: (user + system) / 1_000, ...(violation === undefined ? {} : { violation }) };
}

/** One run, not yet begun: a test may change its world first. */
export class Run {
  readonly world: World;
  readonly #seed: number;
  readonly #swarm: Swarm;
  readonly #heights: bigint;
  readonly #trouble: Trouble;
  readonly #workload: Workload;
  #setChanges = 0;

  constructor(seed: number, swarm: Swarm, { heights, maxEvents = MAX_EVENTS }: RunOptions) {
    this.#seed = seed;
    this.#swarm = swarm;
    this.#heights = BigInt(heights);
    const world = new World({
      seed,
      validators: swarm.validators,
      powers: swarm.powers,
      standbys: swarm.standbys,
      followers: swarm.followers,
      loss: swarm.loss,
      duplicates: swarm.duplicates,
      replayMs: swarm.replayMs,
      maxDelayMs: swarm.maxDelayMs,
      relay: swarm.relay,
      // Who waits for a transaction must hear of it.
      fanOut: swarm.emptyBlocks ? swarm.fanOut : 1,
      logLoss: swarm.logLoss,
      maxEvents,
      createEmptyBlocks: swarm.emptyBlocks,
      host: swarm.application === "toy" ? toyHost(swarm.extensionsFrom) : chainHost,
    });
    this.world = world;
    this.#trouble = new Trouble(world, swarm);
    if (swarm.lyingDisk !== undefined) world.node(swarm.lyingDisk).isByzantine = true;
    for (const [number, lies] of swarm.liars) corrupt(world, world.node(number), lies, seed * 31 + number);
    const isTrusted = (number: number): boolean => world.node(number).isCorrect && number !== swarm.flipped;
    this.#workload = new Workload(world, {
      seed: seed * 17 + 1,
      // A chain without empty blocks goes as fast as its clients.
      perSecond: swarm.emptyBlocks ? swarm.txPerSecond : Math.max(2, swarm.txPerSecond),
      toy: swarm.application === "toy",
      trusted: swarm.powers.map((_, number) => number).filter(isTrusted),
      joiners: swarm.joiners,
      leavers: swarm.leavers,
    });
    let last = 0n;
    world.every(1_000, () => this.#checkBounds());
    world.onCommitted = (node, { block, state }) => {
      if (!node.isCorrect || block.header.height <= last) return;
      last = block.header.height;
      if (state.lastHeightValidatorsChanged === last + 2n) this.#setChanges++;
      this.#checkModules(node);
    };
  }

  async toTheEnd(): Promise<RunResult["violation"]> {
    try {
      await this.world.start();
      await this.#troubled();
      await this.#healed();
      return undefined;
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      const text = name === "Violation" ? message : `${message}\n${stack}`;
      return { name, message: text, log: this.#lastLines() };
    }
  }

  async #troubled(): Promise<void> {
    const world = this.world;
    await world.runUntil(() => world.highestHeight() >= this.#heights, Number(this.#heights) * TROUBLED_MS_PER_HEIGHT);
  }

  /** Heals a core of correct nodes with a quorum of the power; the others stay as they are, or do worse. */
  async #healed(): Promise<void> {
    const world = this.world;
    const { random } = world;
    this.#workload.settled = true;
    const core = this.#chooseCore();
    world.calm = true;
    this.#trouble.end(core);
    world.heal();
    const outside = world.nodes.filter((node) => !core.includes(node));
    for (const node of core) {
      node.resume();
      await node.start();
    }
    const cutOff: SimNode[] = [];
    for (const node of outside) {
      if (node.isByzantine && random.chance(0.3)) reform(node);
      else if (random.chance(0.3)) node.crash({ downMs: "forever" });
      else if (random.chance(0.4)) cutOff.push(node);
    }
    if (cutOff.length > 0) {
      world.partition([world.nodes.filter((node) => !cutOff.includes(node)).map(({ number }) => number)]);
    }
    await this.#demand(core, PROGRESS_HEIGHTS);
    const missing = this.#heights - world.highestHeight();
    if (missing > 0n) await this.#demand(core, missing, PROGRESS_MS * Math.ceil(Number(missing) / 3));
    await this.#evidenceLands(core);
  }

  async #demand(core: readonly SimNode[], heights: bigint, limitMs = PROGRESS_MS): Promise<void> {
    const world = this.world;
    const target = world.highestHeight() + heights;
    const isThere = (): boolean => core.every((node) => node.height >= target);
    if (await world.runUntil(isThere, limitMs)) return;
    const states = core.map((node) => {
      const { height, round, step } = node.driver?.machine ?? {};
      return `n${node.number} ${height}/${round}/${step}${node.isSigning ? "" : " not signing"}`;
    });
    throw new Violation(`no progress to ${target} in ${limitMs} ms after the trouble ended: ${states.join(", ")}`);
  }

  /** Evidence that a node of the core has made or taken, and not lost in a restart, stands in a block before long. */
  async #evidenceLands(core: readonly SimNode[]): Promise<void> {
    const open = (): boolean => core.some((node) => node.openEvidence().length > 0);
    if (await this.world.runUntil(() => !open(), PROGRESS_MS)) return;
    throw new Violation(`evidence known to the core is in no block after ${PROGRESS_MS} ms`);
  }

  /** Correct signing nodes until they have a quorum of this height's validators and of the next one's. */
  #chooseCore(): readonly SimNode[] {
    const world = this.world;
    const candidates = world.nodes.filter((node) => node.isCorrect && node.number !== this.#swarm.flipped);
    const state = candidates.reduce((best, node) => (node.height > best.height ? node : best)).database.state;
    if (state === undefined) return candidates;
    // Who may come or go within the next blocks is not left out, and neither is who they lean on.
    const changing = [...this.#swarm.joiners, ...this.#swarm.leavers].map(({ node }) => node);
    const isChanging = changing.length > 0 || state.validators !== state.nextValidators;
    const core = candidates.filter((node) => changing.includes(node.number) || node.key === undefined);
    const rest = candidates.filter((node) => !core.includes(node));
    while (rest.length > 0) {
      const power = state.validators.validators.reduce((sum, { address, votingPower }) => {
        const isHere = core.some((node) => node.address !== undefined && hex(node.address) === hex(address));
        return isHere ? sum + votingPower : sum;
      }, 0n);
      if (!isChanging && power * 3n > state.validators.totalVotingPower * 2n) break;
      core.push(rest.splice(world.random.below(rest.length), 1)[0] as SimNode);
    }
    return core;
  }

  /** What a node holds does not grow with what others say. */
  #checkBounds(): void {
    for (const { number, driver, mempool, disk } of this.world.nodes) {
      if (driver === undefined) continue;
      const held = { ...driver.holdings, files: disk.paths().length };
      for (const [name, bound] of Object.entries(HOLDINGS) as [keyof typeof HOLDINGS, number][]) {
        if (held[name] > bound) throw new Violation(`node ${number} holds ${held[name]} ${name}, more than ${bound}`);
      }
      const { rounds, round, powers, candidates } = driver.machine;
      const size = powers.each.length;
      // Rounds up to the next one, and of each validator the highest few beyond.
      if (rounds.length > round + 2 + MAX_FUTURE_ROUNDS_PER_VALIDATOR * size) {
        throw new Violation(`node ${number} holds ${rounds.length} rounds in round ${round}`);
      }
      if (candidates.length > MAX_PROPOSALS_PER_ROUND * (round + 2) + 2 * size + 4) {
        throw new Violation(`node ${number} holds ${candidates.length} candidates in round ${round}`);
      }
      if ((mempool?.count ?? 0) > MEMPOOL.maximumTransactions)
        throw new Violation(`node ${number} has ${mempool?.count} txs`);
      if ((mempool?.bytes ?? 0) > MEMPOOL.maximumTransactionsBytes)
        throw new Violation(`node ${number} has ${mempool?.bytes} bytes of txs`);
    }
    if (this.world.pendingEvents > MAX_PENDING_EVENTS) throw new Violation(`${this.world.pendingEvents} events wait`);
  }

  /**
   * The modules' own invariants, and no coin more than at genesis: nothing mints in these worlds. Coins are fewer only after a double signature
   * was proven, each of which costs a twentieth of a stake.
   */
  #checkModules(node: SimNode): void {
    const { application } = node;
    if (!(application instanceof ChainApplication)) return;
    const broken = application.brokenInvariants();
    if (broken.length > 0) throw new Violation(broken.join("; "));
    const supply = supplyOf(application);
    const burnt = TOTAL_SUPPLY - supply;
    const mostBurnt = this.world.invariants.committedEvidence.length === 0 ? 0n : TOTAL_SUPPLY / 20n;
    if (burnt < 0n || burnt > mostBurnt) throw new Violation(`the supply is ${supply}, not ${TOTAL_SUPPLY}`);
  }

  result(): Omit<RunResult, "cpuMs"> {
    const world = this.world;
    const { invariants } = world;
    const course = [...invariants.decided].map(
      ([height, { block, app, results }]) => `${height} ${block} ${app} ${results}`,
    );
    course.push(`${world.eventCount} ${world.network.sent} ${world.crashCount} ${world.nowMs}`);
    return {
      seed: this.#seed,
      hash: hex(sha256(utf8(course.join("\n")))),
      heights: Number(world.highestHeight()),
      events: world.eventCount,
      messages: world.network.sent,
      crashes: world.crashCount,
      trouble: this.#trouble.counts,
      liars: this.#swarm.liars.size,
      evidence: invariants.committedEvidence.length,
      txs: invariants.succeeded.size,
      setChanges: this.#setChanges,
      virtualMs: Math.round(world.nowMs),
    };
  }

  #lastLines(): readonly string[] {
    const lines = this.world.nodes.flatMap((node) => node.lines.slice(-LOG_LINES));
    const at = (line: string): number => Number(line.slice(0, line.indexOf(" ")));
    return lines.sort((a, b) => at(a) - at(b)).slice(-LOG_LINES);
  }
}
