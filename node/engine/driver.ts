// The driver: takes inputs, calls the consensus step, performs its effects in order and feeds the replies back. Owns the
// order in which things become durable, and the height in progress. Transaction step 9.
//
// The order is the safety rule. Inputs are appended to the log; then the journal makes a signature, and with it the
// lock, durable; then the own vote goes into the log and the log is synced; only then is it published. A block is
// executed and becomes durable in one batch before the next height starts and before anyone is told.
//
// All work runs in one queue, one job after another, so that nothing interleaves with a commit under way.

import type { BuildValueEffect, CommitEffect, Effect, HaltEffect } from "../../chain/consensus/effect.ts";
import type { LoggedInput, StartHeight, SyncedBlock } from "../../chain/consensus/input.ts";
import { summaryOf } from "../../chain/consensus/repair.ts";
import { candidateOf, type State } from "../../chain/consensus/state.ts";
import { initialState, step } from "../../chain/consensus/step.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import { type BlockId, equalBlockIds, upperHex } from "../../chain/types/block-id.ts";
import { type ChainState, nextHeight } from "../../chain/types/chain-state.ts";
import { impossible } from "../../chain/types/impossible.ts";
import type { Commit, ConsensusMessage, Engine, EngineStatus, RoundSummary, Verdict } from "../ports.ts";
import { BlockWork } from "./block-work.ts";
import { executeAndStore } from "./commit-work.ts";
import type { DriverNeeds, DriverOptions, EngineHoldings, StartingPoint } from "./driver-needs.ts";
import { EvidencePool } from "./evidence-pool.ts";
import { Execution } from "./execution.ts";
import { Extensions } from "./extensions.ts";
import { fatalOf } from "./fatal.ts";
import { type HaltedBlockNeeds, haltOn, judgeAgain } from "./halted-block.ts";
import { roundsMs, startHeight } from "./height-start.ts";
import type { HeldBlock } from "./held-blocks.ts";
import { Inbox } from "./inbox.ts";
import { JobQueue } from "./job-queue.ts";
import { KeyWatch } from "./key-watch.ts";
import { MAX_QUEUED_MESSAGES } from "./limits.ts";
import { OwnKey } from "./own-key.ts";
import { publishDurably } from "./publish.ts";
import { closeOpenWork, performOpen, type RecoveryUses, replayLog } from "./recovery.ts";
import { answerRepair, wantedParts } from "./repair-answer.ts";
import { Timeouts } from "./timeouts.ts";
import { WriteAheadLog } from "./wal.ts";
import { decodeEntry, encodeEntry, type LogEntry } from "./wal-record.ts";

export class Driver implements Engine {
  readonly #options: DriverOptions;
  readonly #needs: DriverNeeds;
  readonly #execution: Execution;
  readonly #evidence: EvidencePool;
  readonly #log: WriteAheadLog;
  readonly #extensions = new Extensions();
  readonly #keyWatch: KeyWatch;
  readonly #ownKey: OwnKey;
  readonly #blocks: BlockWork;
  readonly #inbox: Inbox;
  readonly #timeouts: Timeouts;
  readonly #jobs = new JobQueue((error) => this.#fail(error));
  #machine: State = initialState();
  #chain: ChainState;
  #seenCommit: Commit | undefined;
  #last: HeldBlock | undefined;
  #decidedAtMs: number | undefined;
  #awaited: CommitEffect | undefined;
  #pending: Effect[] = [];
  #replaying = false;
  #halted: HaltEffect | undefined;
  #failed = false;
  #announced = "";

  constructor(options: DriverOptions, needs: DriverNeeds, start: StartingPoint) {
    this.#options = options;
    this.#needs = needs;
    this.#execution = new Execution(needs);
    this.#evidence = new EvidencePool(options.logDirectory, needs);
    const checkHeight = options.doubleSignCheckHeight ?? 0;
    this.#keyWatch = new KeyWatch({ checkHeight, listenMs: roundsMs(options.timeouts, 2) }, needs);
    this.#ownKey = new OwnKey({
      ...needs,
      watch: this.#keyWatch,
      extend: ({ blockId, block }) => this.#execution.extension(this.#chain, blockId.hash, block),
      ready: () => this.#jobs.push(() => performOpen(this.#ownKey.takeHeld(), this.#recoveryUses())),
      lastHeight: () => this.#chain.lastBlockHeight,
    });
    this.#chain = start.state;
    this.#seenCommit = start.seenCommit;
    this.#extensions.load(start.extendedCommit);
    if (start.lastBlock !== undefined) {
      const { blockId, parts, bytes } = partsOfBlock(start.lastBlock, needs.hasher);
      this.#last = { blockId, parts, bytes, block: start.lastBlock };
    }
    const { chainId } = start.state;
    this.#log = new WriteAheadLog({ directory: options.logDirectory, chainId }, needs);
    this.#blocks = new BlockWork(needs, {
      chain: () => this.#chain,
      execution: this.#execution,
      evidence: this.#evidence,
      extended: (commit) => this.#extensions.commitOf(this.#chain, commit),
      append: (entry) => this.#append(entry),
      arrived: (blockId) => {
        if (candidateOf(this.#machine, blockId)?.verdict !== "unknown") return;
        this.#jobs.push(() => this.#blockArrived(blockId));
      },
    });
    this.#inbox = new Inbox(
      { chainId, verifier: needs.verifier, hasher: needs.hasher, log: needs.log },
      {
        machine: () => this.#machine,
        chain: () => this.#chain,
        blocks: () => this.#blocks.held,
        evidence: this.#evidence,
        extensions: this.#extensions,
        acceptsExtension: (vote) => this.#execution.acceptsExtension(vote),
        isForeignVote: (vote) => this.#keyWatch.isForeignVote(vote),
        isForeignProposal: (proposal) => this.#keyWatch.isForeignProposal(proposal, this.#machine.validators),
        append: (entry) => this.#append(entry),
        run: (input) => this.#run(input),
        blockArrived: (blockId) => this.#blockArrived(blockId),
        syncRejection: (block, isProven) => this.#execution.syncRejection(this.#chain, block, isProven),
        synced: (held, decision) => this.#synced(held, decision),
      },
    );
    this.#timeouts = new Timeouts({
      ...needs,
      expired: (input) => this.#jobs.push(() => this.#run(input)),
      resumed: (height, round) => needs.network.moved(height, round),
    });
    needs.mempool.onAvailable(() => {
      this.#jobs.push(() => this.#run({ type: "txsAvailable", height: this.#machine.height }));
    });
  }

  /** Replays the height in progress from log and journal, then goes on with it. Resolves when messages are welcome. */
  async start(): Promise<void> {
    await this.#jobs.ask(async () => {
      await this.#evidence.load(this.#chain);
      await this.#keyWatch.begin(this.#chain);
      await this.#begin(nextHeight(this.#chain));
    });
  }

  /** Finishes the work under way, then lets go of timers and files. Nothing is taken in any more. */
  async stop(): Promise<void> {
    await this.#jobs.ask(() => this.#shut());
  }

  // ---------------------------------------------------------------- what comes in

  async receive(from: string, message: ConsensusMessage): Promise<Verdict> {
    if (this.#jobs.length >= MAX_QUEUED_MESSAGES) return "ignored";
    const verdict = await this.#jobs.ask(() => this.#inbox.take(from, message));
    if (verdict === "accepted") this.#needs.network.relay(message, from);
    return verdict ?? "ignored";
  }

  async receiveBlock(...given: Parameters<Engine["receiveBlock"]>): Promise<Verdict> {
    return (await this.#jobs.ask(() => this.#inbox.takeBlock(...given))) ?? "ignored";
  }

  summary(): RoundSummary {
    return {
      ...summaryOf(this.#machine),
      wanted: wantedParts(this.#machine, this.#blocks.held, this.#awaited?.blockId),
    };
  }

  repair(summary: RoundSummary, maxBytes: number): readonly ConsensusMessage[] {
    const last = this.#last;
    try {
      // What was not published, since there were no peers then, leaves now.
      this.#log.sync();
    } catch (error) {
      this.#fail(error);
      return [];
    }
    return answerRepair(summary, maxBytes, {
      machine: this.#machine,
      seenCommit: this.#seenCommit,
      extendedVotes: this.#extensions.votesOf(this.#seenCommit),
      parts: (id) => (last !== undefined && equalBlockIds(last.blockId, id) ? last.parts : this.#blocks.held.parts(id)),
    });
  }

  status(): EngineStatus {
    const { height, round, step: name } = this.#machine;
    return { height, round, step: name, signing: this.#ownKey.isSigning(this.#chain), state: this.#chain };
  }

  /** How much waits or is held. */
  get holdings(): EngineHoldings {
    return this.#inbox.holdings(this.#jobs.length);
  }

  /** Where the machine stands. For tests: plain data, never to be changed. */
  get machine(): State {
    return this.#machine;
  }

  // ---------------------------------------------------------------- the loop

  /** The node stops: a failed write, a chain that cannot go on, or a bug, after which memory is not to be believed. */
  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#jobs.close();
    this.#timeouts.cancelAll();
    this.#ownKey.stop();
    this.#evidence.stop();
    const fatal = fatalOf(error);
    this.#needs.log.error("the node must stop", { reason: fatal.message });
    this.#needs.onFatal(fatal);
  }

  #shut(): void {
    this.#jobs.close();
    this.#timeouts.cancelAll();
    this.#ownKey.stop();
    this.#evidence.stop();
    this.#log.sync();
    this.#log.close();
    this.#needs.signer?.close();
  }

  /** One input and everything that follows from it. */
  async #run(first: LoggedInput): Promise<void> {
    const inputs: LoggedInput[] = [first];
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      const { state, effects } = step(this.#machine, input);
      this.#machine = state;
      this.#needs.observe?.(state);
      for (const effect of effects) {
        const reply = await this.#perform(effect);
        if (reply !== undefined) inputs.push(reply);
      }
    }
    this.#announce();
  }

  /** Tells the network of a new height or round, and forgets blocks that no longer matter. */
  #announce(): void {
    const { height, round } = this.#machine;
    const now = `${height}/${round}`;
    if (now === this.#announced) return;
    this.#announced = now;
    this.#keyWatch.entered();
    this.#needs.network.moved(height, round);
    this.#blocks.prune(this.#machine);
  }

  #perform(effect: Effect): undefined | LoggedInput | Promise<LoggedInput | undefined> {
    switch (effect.type) {
      case "log":
        this.#extensions.noteInput(effect.input);
        if (!this.#replaying) this.#append(effect.input);
        return undefined;
      case "sign":
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#ownKey.sign(effect, this.#machine, this.#chain, this.#blocks.held);
      case "publish":
        publishDurably(effect.message, { ...this.#needs, log: this.#log, held: this.#blocks.held });
        return undefined;
      case "schedule":
        this.#timeouts.schedule(effect.kind, effect.height, effect.round, effect.ms);
        return undefined;
      case "buildValue":
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#build(effect);
      case "validate":
        this.#blocks.held.expect(effect.blockId);
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#blocks.verdict(effect.height, effect.blockId);
      case "want":
        this.#needs.network.want(effect.height, effect.round, effect.blockId);
        return undefined;
      case "evidence":
        this.#needs.log.warn("a validator signed two different votes", {
          validator: upperHex(effect.conflict.first.validatorAddress),
        });
        this.#evidence.report(effect.conflict);
        this.#keyWatch.isForeignVote(effect.conflict.second);
        return undefined;
      case "commit":
        return this.#commit(effect);
      case "halt":
        this.#halted = effect;
        if (this.#replaying) return undefined;
        this.#log.sync();
        if (this.#blocks.isDecided(effect.blockId)) throw haltOn(effect, this.#haltNeeds());
        this.#jobs.pushNext(() => this.#begin(effect.height));
        return undefined;
      default:
        return impossible(effect);
    }
  }

  // ---------------------------------------------------------------- effects

  #append(entry: LogEntry): void {
    this.#log.append(encodeEntry(entry));
  }

  #build({ height, round, lastCommit }: BuildValueEffect): LoggedInput | undefined {
    const { signer } = this.#needs;
    return signer && this.#blocks.build(height, round, lastCommit, signer.address);
  }

  async #blockArrived(blockId: BlockId): Promise<void> {
    const awaited = this.#awaited;
    if (awaited !== undefined && equalBlockIds(awaited.blockId, blockId)) return this.#commit(awaited);
    if (candidateOf(this.#machine, blockId)?.verdict !== "unknown") return;
    const reply = await this.#blocks.verdict(this.#machine.height, blockId);
    if (reply !== undefined) await this.#run(reply);
  }

  /** A verified block from sync. A decision that only waited for its block is carried out as it was made. */
  async #synced(held: HeldBlock, decision: SyncedBlock): Promise<void> {
    this.#keyWatch.cameFromSync(decision.commit);
    this.#blocks.hold(held);
    if (this.#awaited !== undefined) await this.#commit(this.#awaited);
    else await this.#run(decision);
  }

  // ---------------------------------------------------------------- the decision

  /** Executes the decided block and makes it durable, then begins the next height. */
  async #commit(effect: CommitEffect): Promise<undefined> {
    const { height, round, blockId, commit } = effect;
    const held = this.#blocks.held.get(blockId);
    this.#awaited = held === undefined ? effect : undefined;
    if (held === undefined) {
      // Valid once, let go of since: the decision stands, the bytes must come again.
      this.#blocks.held.expect(blockId);
      this.#needs.network.want(height, round, blockId);
      return;
    }
    this.#decidedAtMs = this.#needs.clock.monotonicMs();
    const extendedCommit = this.#extensions.commitOf(this.#chain, commit);
    const needs = { ...this.#needs, execution: this.#execution, evidence: this.#evidence, extendedCommit };
    this.#chain = await executeAndStore(this.#chain, held, effect, needs);
    this.#seenCommit = commit;
    this.#extensions.prune(height);
    this.#last = held;
    // A job of its own, and the very next one: nothing may come in between heights, and heights do not nest.
    this.#jobs.pushNext(() => this.#begin(height + 1n));
  }

  #startHeight(height: bigint): StartHeight {
    const lastAppHash = this.#last?.block.header.appHash;
    const facts = { chain: this.#chain, lastCommit: this.#seenCommit, decidedAtMs: this.#decidedAtMs, lastAppHash };
    return startHeight(height, facts, this.#options, this.#needs);
  }

  // ---------------------------------------------------------------- recovery

  /**
   * Begins a height: opens its log and lives through what it holds, with the same step and the same inputs. What the
   * machine asks to have signed, built or checked meanwhile is answered by the log itself, as far as it goes; what is
   * then still open is done, through the same signer, which gives back what it signed before.
   */
  async #begin(height: bigint): Promise<void> {
    this.#timeouts.cancelAll();
    this.#ownKey.stop();
    this.#blocks.reset();
    this.#pending = [];
    if (this.#machine.step === "halted") this.#machine = initialState();
    const entries = this.#log.open(height).records.map(decodeEntry);
    const uses = this.#recoveryUses();
    this.#replaying = true;
    await replayLog(this.#startHeight(height), entries, uses);
    if (this.#halted !== undefined) {
      const others = await judgeAgain(this.#halted, entries, this.#haltNeeds());
      this.#halted = undefined;
      this.#machine = initialState();
      this.#pending = [];
      await replayLog(this.#startHeight(height), others, uses);
    }
    this.#replaying = false;
    const pending = this.#pending;
    this.#pending = [];
    if (this.#machine.step !== "committed") await closeOpenWork(height, pending, uses);
    for (const { from, message } of this.#inbox.takeEarly()) void this.receive(from, message);
    this.#announce();
  }

  #haltNeeds(): HaltedBlockNeeds {
    return { ...this.#needs, blocks: this.#blocks, directory: this.#options.logDirectory };
  }

  #recoveryUses(): RecoveryUses {
    return {
      ...this.#needs,
      machine: () => this.#machine,
      validators: () => this.#chain.validators,
      blocks: this.#blocks,
      relive: async (input) => {
        const { state, effects } = step(this.#machine, input);
        this.#machine = state;
        for (const effect of effects) await this.#perform(effect);
      },
      run: (input) => this.#run(input),
      perform: (effect) => this.#perform(effect),
    };
  }
}
