// The driver: takes inputs, calls the consensus step, performs its effects in order and feeds the replies back. Owns the
// order in which things become durable, and the height in progress. Step 9 of "one transaction, socket to disk".
//
// The order is the safety rule. Inputs are appended to the log; then the journal makes a signature, and with it the
// lock, durable; then the own vote goes into the log and the log is synced; only then is it published. A block is
// executed and becomes durable in one batch before the next height starts and before anyone is told.
//
// All work runs in one queue, one job after another, so that nothing interleaves with a commit under way.

import { blockKey } from "../../chain/consensus/block-key.ts";
import type { CommitEffect, Effect, SignEffect } from "../../chain/consensus/effect.ts";
import type { LoggedInput, StartHeight } from "../../chain/consensus/input.ts";
import { summaryOf } from "../../chain/consensus/repair.ts";
import { candidateOf, type State } from "../../chain/consensus/state.ts";
import { initialState, step } from "../../chain/consensus/step.ts";
import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import { type BlockId, equalBlockIds, upperHex } from "../../chain/types/block-id.ts";
import { type ChainState, nextHeight } from "../../chain/types/chain-state.ts";
import { verifyCommit } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { impossible } from "../../chain/types/impossible.ts";
import { maxBlockBytes } from "../../chain/types/params.ts";
import { hasValidator } from "../../chain/types/validator-set.ts";
import type { Vote } from "../../chain/types/vote.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { DecodeError } from "../../proto/codec.ts";
import {
  type Application,
  type Block,
  type Clock,
  type Commit,
  type CommittedListener,
  type ConsensusMessage,
  type Engine,
  type EngineLog,
  type EngineStatus,
  type EvidenceMessage,
  EXIT_CHAIN_HALTED,
  EXIT_STORAGE_FAILURE,
  FatalError,
  type FileSystem,
  type Mempool,
  type Network,
  type RoundSummary,
  type Storage,
  type Timers,
  type Verdict,
} from "../ports.ts";
import { EvidencePool } from "./evidence-pool.ts";
import { Execution } from "./execution.ts";
import { type HeldBlock, HeldBlocks } from "./held-blocks.ts";
import { Inbox } from "./inbox.ts";
import { JobQueue } from "./job-queue.ts";
import { MAX_QUEUED_MESSAGES } from "./limits.ts";
import { answerRepair, wantedParts } from "./repair-answer.ts";
import { heldFromBytes, isOpen, isOwnMessage } from "./replay.ts";
import type { SignedMessage, Signer } from "./signer.ts";
import { Timeouts } from "./timeouts.ts";
import { voteTime } from "./vote-time.ts";
import { WriteAheadLog } from "./wal.ts";
import { decodeEntry, encodeEntry, type LogEntry } from "./wal-record.ts";

export interface DriverOptions {
  readonly timeouts: TimeoutConfig;
  /** False waits with a height's first round until a transaction is there (CometBFT create_empty_blocks). */
  readonly createEmptyBlocks: boolean;
  /** Where the write-ahead log's files stand. */
  readonly logDirectory: string;
}

export interface DriverNeeds {
  readonly application: Application;
  readonly storage: Storage;
  readonly mempool: Mempool;
  readonly network: Network;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly files: FileSystem;
  readonly log: EngineLog;
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  /** Undefined in a node that only follows. */
  readonly signer: Signer | undefined;
  /** Told of every durable block, in order. */
  readonly listeners: readonly CommittedListener[];
  /** Told once, when the node must stop. */
  readonly onFatal: (error: FatalError) => void;
}

/** Where the chain stands when the driver begins; see handshake.ts. */
export interface StartingPoint {
  readonly state: ChainState;
  /** The commit of the last block as it was seen; undefined before the first. */
  readonly seenCommit: Commit | undefined;
  /** The last block; undefined before the first. */
  readonly lastBlock: Block | undefined;
}

export class Driver implements Engine {
  readonly #options: DriverOptions;
  readonly #needs: DriverNeeds;
  readonly #execution: Execution;
  readonly #evidence: EvidencePool;
  readonly #log: WriteAheadLog;
  readonly #inbox: Inbox;
  readonly #timeouts: Timeouts;
  readonly #jobs = new JobQueue((error) => this.#fail(error));
  #machine: State = initialState();
  #chain: ChainState;
  #blocks: HeldBlocks;
  #seenCommit: Commit | undefined;
  #last: HeldBlock | undefined;
  #lastAppHash: Uint8Array | undefined;
  #decidedAtMs: number | undefined;
  #awaited: CommitEffect | undefined;
  #pending: Effect[] = [];
  #replaying = false;
  #mutedReason: string | undefined;
  #announced = "";

  constructor(options: DriverOptions, needs: DriverNeeds, start: StartingPoint) {
    this.#options = options;
    this.#needs = needs;
    this.#execution = new Execution(needs);
    this.#evidence = new EvidencePool(needs);
    this.#chain = start.state;
    this.#seenCommit = start.seenCommit;
    this.#lastAppHash = start.lastBlock?.header.appHash;
    this.#blocks = this.#emptyBlocks();
    if (start.lastBlock !== undefined) {
      const { blockId, parts, bytes } = partsOfBlock(start.lastBlock, needs.hasher);
      this.#last = { blockId, parts, bytes, block: start.lastBlock };
    }
    const { chainId } = start.state;
    this.#log = new WriteAheadLog({ directory: options.logDirectory, chainId }, needs);
    this.#inbox = new Inbox(
      { chainId, verifier: needs.verifier },
      {
        machine: () => this.#machine,
        chain: () => this.#chain,
        blocks: () => this.#blocks,
        evidence: this.#evidence,
        checkOwnKey: (vote) => this.#watchOwnKey(vote),
        append: (entry) => this.#append(entry),
        run: (input) => this.#run(input),
        blockArrived: (blockId) => this.#blockArrived(blockId),
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
    await this.#jobs.ask(() => this.#begin(nextHeight(this.#chain)));
  }

  /** Finishes the work under way, then lets go of timers and files. Nothing is taken in any more. */
  async stop(): Promise<void> {
    await this.#jobs.ask(() => this.#shut());
  }

  // ---------------------------------------------------------------- what comes in

  async receive(from: string, message: ConsensusMessage): Promise<Verdict> {
    if (this.#jobs.length >= MAX_QUEUED_MESSAGES) return "ignored";
    const answer = await this.#jobs.ask<Verdict>(async () => {
      try {
        const verdict = await this.#inbox.take(from, message);
        if (verdict === "accepted") this.#needs.network.relay(message, from);
        return verdict;
      } catch (error) {
        if (!(error instanceof ValidationError) && !(error instanceof DecodeError)) throw error;
        this.#needs.log.warn(`invalid ${message.type} from a peer`, { from, reason: error.message });
        return "invalid";
      }
    });
    return answer ?? "ignored";
  }

  async receiveBlock(block: Block, commit: Commit): Promise<Verdict> {
    const answer = await this.#jobs.ask<Verdict>(async () => {
      const { height } = this.#machine;
      if (block.header.height !== height || commit.height !== height) return "ignored";
      if (this.#machine.step === "halted") return "ignored";
      try {
        const { blockId, parts, bytes } = partsOfBlock(block, this.#needs.hasher);
        const { chainId, validators } = this.#chain;
        verifyCommit(chainId, validators, blockId, height, commit, this.#needs.verifier);
        const reason = this.#execution.syncRejection(this.#chain, block);
        if (reason !== undefined) throw new ValidationError(reason);
        this.#hold({ blockId, parts, bytes, block });
        // A decision that only waited for its block is carried out as it was made.
        if (this.#awaited !== undefined) await this.#commitAwaited();
        else await this.#run({ type: "syncedBlock", height, blockId, commit });
        return "accepted";
      } catch (error) {
        if (!(error instanceof ValidationError) && !(error instanceof DecodeError)) throw error;
        this.#needs.log.warn("block from sync is not acceptable", { height: height.toString(), reason: error.message });
        return "invalid";
      }
    });
    return answer ?? "ignored";
  }

  summary(): RoundSummary {
    return { ...summaryOf(this.#machine), wanted: wantedParts(this.#machine, this.#blocks, this.#awaited?.blockId) };
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
      parts: (id) => (last !== undefined && equalBlockIds(last.blockId, id) ? last.parts : this.#blocks.parts(id)),
    });
  }

  status(): EngineStatus {
    const { height, round, step: name } = this.#machine;
    const { signer } = this.#needs;
    const signing =
      signer !== undefined && this.#mutedReason === undefined && hasValidator(this.#chain.validators, signer.address);
    return { height, round, step: name, signing, state: this.#chain };
  }

  /** Where the machine stands. For tests: plain data, never to be changed. */
  get machine(): State {
    return this.#machine;
  }

  /** A vote of our own key that our journal does not know was signed by someone else who holds the key. */
  #watchOwnKey(vote: Vote): void {
    const { signer } = this.#needs;
    if (signer === undefined || !equalBytes(vote.validatorAddress, signer.address)) return;
    if (!signer.knows(vote)) this.#mute("a vote of this node's own key came from outside: the key is in use twice");
  }

  /** Stops signing for the rest of this process. */
  #mute(reason: string): void {
    if (this.#mutedReason !== undefined) return;
    this.#mutedReason = reason;
    this.#needs.log.error("this node signs no more", { reason });
  }

  // ---------------------------------------------------------------- the loop

  /** The node stops: a failed write, a chain that cannot go on, or a bug, after which memory is not to be believed. */
  #fail(error: unknown): void {
    this.#timeouts.cancelAll();
    const reason = error instanceof Error ? error.message : String(error);
    const fatal =
      error instanceof FatalError
        ? error
        : new FatalError(`the engine failed: ${reason}`, EXIT_CHAIN_HALTED, { cause: error });
    this.#needs.log.error("the node must stop", { reason: fatal.message });
    this.#needs.onFatal(fatal);
  }

  #shut(): void {
    this.#jobs.close();
    this.#timeouts.cancelAll();
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
      for (const effect of effects) {
        const reply = await this.#perform(effect);
        if (reply !== undefined) inputs.push(reply);
      }
    }
    this.#announce();
  }

  /** Tells the network of a new height or round, and forgets blocks that no longer matter. */
  #announce(): void {
    const { height, round, lock, valid, rounds } = this.#machine;
    const now = `${height}/${round}`;
    if (now === this.#announced) return;
    this.#announced = now;
    this.#needs.network.moved(height, round);
    const keep = new Set<string>();
    if (lock !== undefined) keep.add(blockKey(lock.blockId));
    if (valid !== undefined) keep.add(blockKey(valid.blockId));
    for (const held of rounds) {
      if (held.round >= round - 1) for (const { blockId } of held.proposals) keep.add(blockKey(blockId));
    }
    this.#blocks.prune(keep);
  }

  #perform(effect: Effect): undefined | LoggedInput | Promise<LoggedInput | undefined> {
    switch (effect.type) {
      case "log":
        if (!this.#replaying) this.#append(effect.input);
        return undefined;
      case "sign":
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#sign(effect);
      case "publish":
        this.#publish(effect.message);
        return undefined;
      case "schedule":
        this.#timeouts.schedule(effect.kind, effect.height, effect.round, effect.ms);
        return undefined;
      case "buildValue":
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#build(effect.height, effect.round, effect.lastCommit);
      case "validate":
        this.#blocks.expect(effect.blockId);
        if (this.#replaying) this.#pending.push(effect);
        return this.#replaying ? undefined : this.#validate(effect.blockId);
      case "want":
        this.#needs.network.want(effect.height, effect.round, effect.blockId);
        return undefined;
      case "evidence":
        this.#needs.log.warn("a validator signed two different votes", {
          validator: upperHex(effect.conflict.first.validatorAddress),
        });
        this.#evidence.report(effect.conflict);
        this.#watchOwnKey(effect.conflict.second);
        return undefined;
      case "commit":
        return this.#commit(effect);
      case "halt":
        this.#log.sync();
        throw new FatalError(
          `more than two thirds committed block ${upperHex(effect.blockId.hash)} at height ${effect.height}, which is invalid here: ${this.#invalidReason}. The block is in the write-ahead log`,
          EXIT_CHAIN_HALTED,
        );
      default:
        return impossible(effect);
    }
  }

  // ---------------------------------------------------------------- effects

  #append(entry: LogEntry): void {
    this.#log.append(encodeEntry(entry));
  }

  #sign(effect: SignEffect): LoggedInput | undefined {
    const { signer, clock, log } = this.#needs;
    if (signer === undefined || this.#mutedReason !== undefined) return undefined;
    const held = effect.lock && this.#blocks.get(effect.lock.blockId);
    const known = [effect.message.blockId, this.#machine.lock?.blockId].map((id) => id && this.#blocks.get(id)?.block);
    const outcome = signer.sign({
      effect,
      timestamp: voteTime(clock.now(), this.#chain.lastBlockTime, known),
      block: held?.bytes,
      powers: this.#machine.powers,
    });
    if (outcome.outcome === "refused") {
      log.warn("the signer refused", { reason: outcome.reason });
      return undefined;
    }
    if (outcome.alarm !== undefined) log.error("the signer voted nil instead", { reason: outcome.alarm });
    return outcome.message;
  }

  /** Everything up to here is on disk before it leaves. When nobody would hear it, it can wait until somebody does. */
  #publish(message: SignedMessage): void {
    const { network } = this.#needs;
    if (network.hasPeers?.() === false) return;
    this.#log.sync();
    network.publish(message);
    if (message.type !== "proposal") return;
    const { height, round, blockId } = message.proposal;
    const parts = this.#blocks.parts(blockId);
    for (let index = 0; parts !== undefined && index < parts.header.total; index++) {
      const part = parts.part(index);
      if (part !== undefined) network.publish({ type: "part", height, round, part });
    }
  }

  #build(height: bigint, round: number, lastCommit: Commit | undefined): LoggedInput | undefined {
    const { signer, hasher, log } = this.#needs;
    if (signer === undefined) return undefined;
    try {
      const evidence = this.#evidence.pending(this.#chain);
      const block = this.#execution.build(this.#chain, lastCommit, evidence, signer.address);
      const { blockId, parts, bytes } = partsOfBlock(block, hasher);
      this.#hold({ blockId, parts, bytes, block });
      return { type: "builtValue", height, round, blockId };
    } catch (error) {
      if (error instanceof FatalError) throw error;
      // No block from us this round: it times out and someone else proposes.
      log.error("cannot build a block", { reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  /** Holds a whole block and logs its parts, so that the inputs naming it can be replayed. */
  #hold(held: HeldBlock): void {
    const { blockId, parts } = held;
    if (this.#blocks.get(blockId) !== undefined) return;
    this.#blocks.put(held);
    for (let index = 0; index < parts.header.total; index++) {
      const part = parts.part(index);
      if (part !== undefined) this.#append({ type: "part", blockId, part });
    }
    // The machine may have waited for it: a block whose parts were lost can be built again, to the last byte.
    if (candidateOf(this.#machine, blockId)?.verdict === "unknown") this.#jobs.push(() => this.#blockArrived(blockId));
  }

  #invalidReason = "unknown";

  /** The verdict on a block if it is whole; otherwise it comes when the last part does. */
  async #validate(blockId: BlockId): Promise<LoggedInput | undefined> {
    const { height } = this.#machine;
    const held = this.#blocks.get(blockId);
    let reason = this.#blocks.brokenReason(blockId);
    if (held === undefined && reason === undefined && this.#blocks.expect(blockId)) return undefined;
    if (held !== undefined) {
      reason = await this.#evidence.rejection(this.#chain, held.block.evidence.evidence);
      reason ??= this.#execution.rejection(this.#chain, held.block, blockId.hash);
    }
    const valid = held !== undefined && reason === undefined;
    if (!valid) {
      this.#invalidReason = reason ?? "its size is beyond the limit";
      this.#needs.log.warn("proposed block is invalid", { height: height.toString(), reason: this.#invalidReason });
    }
    return { type: "blockReady", height, blockId, valid };
  }

  async #blockArrived(blockId: BlockId): Promise<void> {
    if (this.#awaited !== undefined && equalBlockIds(this.#awaited.blockId, blockId)) return this.#commitAwaited();
    if (candidateOf(this.#machine, blockId)?.verdict !== "unknown") return;
    const reply = await this.#validate(blockId);
    if (reply !== undefined) await this.#run(reply);
  }

  async #commitAwaited(): Promise<void> {
    const effect = this.#awaited;
    this.#awaited = undefined;
    if (effect !== undefined) await this.#commit(effect);
  }

  // ---------------------------------------------------------------- the decision

  /** Executes the decided block and makes it durable, then begins the next height. */
  async #commit(effect: CommitEffect): Promise<undefined> {
    const { storage, mempool, network, clock, log } = this.#needs;
    const { height, round, blockId, commit } = effect;
    const held = this.#blocks.get(blockId);
    if (held === undefined) {
      // Valid once, let go of since: the decision stands, the bytes must come again.
      this.#awaited = effect;
      this.#blocks.expect(blockId);
      network.want(height, round, blockId);
      return;
    }
    this.#decidedAtMs = clock.monotonicMs();
    const { block, bytes } = held;
    const signedBy = this.#chain.validators;
    const { response, state, writes, retainHeight } = this.#execution.execute(this.#chain, blockId, block);
    try {
      await storage.commitBlock({
        height,
        blockId,
        block,
        blockBytes: bytes,
        seenCommit: commit,
        response,
        state,
        appWrites: writes,
        retainHeight,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FatalError(`block ${height} cannot be stored: ${reason}`, EXIT_STORAGE_FAILURE, { cause: error });
    }
    this.#chain = state;
    this.#seenCommit = commit;
    this.#last = held;
    this.#lastAppHash = block.header.appHash;
    mempool.update(height, block.data.txs, response.txResults);
    for (const evidence of this.#evidence.committed(state, block.evidence.evidence, signedBy)) {
      network.publish({ type: "evidence", evidence: evidence as EvidenceMessage });
    }
    for (const listener of this.#needs.listeners) {
      try {
        listener({ blockId, block, seenCommit: commit, response, state });
      } catch (error) {
        log.error("a listener failed", { reason: error instanceof Error ? error.message : String(error) });
      }
    }
    // A job of its own, and the very next one: nothing may come in between heights, and heights do not nest.
    this.#jobs.pushNext(() => this.#begin(height + 1n));
  }

  #startHeight(height: bigint): StartHeight {
    const { signer, mempool } = this.#needs;
    return {
      type: "startHeight",
      height,
      validators: this.#chain.validators,
      self: signer?.address,
      lastCommit: this.#seenCommit,
      delayMs: this.#delayMs(),
      timeouts: this.#options.timeouts,
      waitForTxs: !this.#options.createEmptyBlocks && !this.#needsProofBlock() && mempool.count === 0,
    };
  }

  /** What is left of the commit timeout; nothing after a start. The first block waits for genesis time. */
  #delayMs(): number {
    const { clock } = this.#needs;
    if (this.#chain.lastBlockHeight === 0n) {
      const { seconds, nanos } = clock.now();
      const genesis = this.#chain.lastBlockTime;
      return Math.max(0, Number(genesis.seconds - seconds) * 1000 + Math.ceil((genesis.nanos - nanos) / 1e6));
    }
    if (this.#decidedAtMs === undefined) return 0;
    // Never quite nothing: what waits in the queue gets its turn between two heights.
    return Math.max(1, this.#options.timeouts.commitMs - (clock.monotonicMs() - this.#decidedAtMs));
  }

  /** An empty block is due when the last one changed the state: its header proves the new state (CometBFT needProofBlock). */
  #needsProofBlock(): boolean {
    return this.#lastAppHash === undefined || !equalBytes(this.#lastAppHash, this.#chain.appHash);
  }

  #emptyBlocks(): HeldBlocks {
    const maxBytes = Number(maxBlockBytes(this.#chain.consensusParams));
    return new HeldBlocks({ maxBytes }, { hasher: this.#needs.hasher });
  }

  // ---------------------------------------------------------------- recovery

  /**
   * Begins a height: opens its log and lives through what it holds, with the same step and the same inputs. What the
   * machine asks to have signed, built or checked meanwhile is answered by the log itself, as far as it goes; what is
   * then still open is done, through the same signer, which gives back what it signed before.
   */
  async #begin(height: bigint): Promise<void> {
    this.#timeouts.cancelAll();
    this.#blocks = this.#emptyBlocks();
    this.#pending = [];
    const entries = this.#log.open(height).records.map(decodeEntry);
    if (entries.length > 0) {
      this.#needs.log.info("replaying the write-ahead log", { height: height.toString(), entries: entries.length });
    }
    const { signer } = this.#needs;
    for (const entry of entries) {
      if (signer !== undefined && isOwnMessage(entry, this.#chain.validators, signer.address)) signer.restore(entry);
    }
    this.#replaying = true;
    await this.#replay(this.#startHeight(height));
    for (const entry of entries) {
      // A decision ends the height, and what the log holds after it was late.
      if (this.#machine.step === "committed") break;
      await this.#replay(entry);
    }
    this.#replaying = false;
    if (this.#machine.step !== "committed") await this.#resume(height);
    for (const { from, message } of this.#inbox.takeEarly()) void this.receive(from, message);
    this.#announce();
  }

  async #replay(entry: LogEntry | StartHeight): Promise<void> {
    if (entry.type === "part") {
      this.#blocks.expect(entry.blockId);
      this.#blocks.add(entry.part);
      return;
    }
    const { state, effects } = step(this.#machine, entry);
    this.#machine = state;
    for (const effect of effects) await this.#perform(effect);
  }

  /** After the log: what only the journal remembers, then what the replay left open. */
  async #resume(height: bigint): Promise<void> {
    const { signer, hasher } = this.#needs;
    const isOver = (): boolean => this.#machine.step === "committed";
    const lock = signer?.lockAt(height);
    if (lock !== undefined && lock.round > (this.#machine.lock?.round ?? -1)) {
      this.#hold(heldFromBytes(lock.blockId, lock.block, hasher));
      await this.#run({ type: "restoreLock", height, lock });
    }
    for (const message of signer?.signedAt(height) ?? []) if (!isOver()) await this.#run(message);
    const open = this.#pending;
    this.#pending = [];
    for (const effect of open) {
      if (isOver() || !isOpen(this.#machine, effect, open)) continue;
      const reply = await this.#perform(effect);
      if (reply !== undefined) await this.#run(reply);
    }
  }
}
