// Evidence of misbehaviour on its way into a block. Owns the conflicts seen, the pending list, its telling to peers and its
// memory across restarts, and the check of evidence in proposed blocks; what evidence proves is evidence-check.ts. What
// was committed is read back from the blocks, since nodes that know it and nodes that forgot it would disagree about a
// block that carries it again.

import type { Conflict } from "../../chain/consensus/votes.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import {
  type Evidence,
  evidenceHash,
  evidenceHeight,
  evidenceListSize,
  evidenceTime,
  newDuplicateVoteEvidence,
  validateEvidence,
} from "../../chain/types/evidence.ts";
import type { Timestamp } from "../../chain/types/time.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { hex } from "../../proto/bytes.ts";
import type { EngineLog, FileSystem, Network, Timers } from "../ports.ts";
import { type EvidenceCheckNeeds, isExpired, UnjudgeableError, verifyEvidence } from "./evidence-check.ts";
import { EvidenceFile } from "./evidence-file.ts";
import { EVIDENCE_RESEND_MS, MAX_PENDING_EVIDENCE } from "./limits.ts";

export interface EvidencePoolNeeds extends EvidenceCheckNeeds {
  readonly files: FileSystem;
  readonly network: Pick<Network, "publish">;
  readonly timers: Timers;
  readonly log: EngineLog;
}

export class EvidencePool {
  readonly #needs: EvidencePoolNeeds;
  readonly #file: EvidenceFile;
  /** Conflicts of the height in progress: they become evidence when its block, and so its time, is known. */
  #conflicts: Conflict[] = [];
  /** Made of conflicts, but of a block that is not stored yet: peers would find it too early. */
  readonly #untold: Evidence[] = [];
  readonly #pending = new Map<string, Evidence>();
  /** What has been committed, by hash, for as long as it could come again. */
  readonly #committed = new Map<string, { readonly height: bigint; readonly time: Timestamp }>();
  /** Of blocks from this height on, what they carried is known; undefined before any was read back. */
  #knownFrom: bigint | undefined;
  #cancelResend: (() => void) | undefined;

  /** `directory` is where the list of what waits is kept. */
  constructor(directory: string, needs: EvidencePoolNeeds) {
    this.#needs = needs;
    this.#file = new EvidenceFile(directory, needs.files);
  }

  /** Takes up what waited when the process ended; all of it is checked again, and what is in a block by now is left out. */
  async load(state: ChainState): Promise<void> {
    for (const evidence of this.#file.load()) {
      try {
        await this.#takeIn(state, evidence);
      } catch (error) {
        if (!(error instanceof ValidationError)) throw error;
        this.#needs.log.warn("evidence that was kept is not taken up", { reason: error.message });
      }
    }
  }

  /** Conflicts and pieces of evidence that wait. */
  get count(): number {
    return this.#conflicts.length + this.#pending.size;
  }

  /** Tells nobody anything any more. */
  stop(): void {
    this.#cancelResend?.();
    this.#cancelResend = undefined;
  }

  /** Remembers two conflicting votes of the height in progress. */
  report(conflict: Conflict): void {
    if (this.#conflicts.length < MAX_PENDING_EVIDENCE) this.#conflicts.push(conflict);
  }

  /** Evidence for the next block, as much as the parameters allow. */
  pending(state: ChainState): readonly Evidence[] {
    const chosen: Evidence[] = [];
    for (const evidence of this.#pending.values()) {
      if (evidenceListSize([...chosen, evidence]) > state.consensusParams.evidence.maxBytes) break;
      chosen.push(evidence);
    }
    return chosen;
  }

  /**
   * Makes evidence of the conflicts of a height, stamped with its block's time, before that block is stored: a crash
   * in between finds them in the log again, one after it finds the evidence in its file.
   */
  stamp(height: bigint, blockTime: Timestamp, signedBy: ValidatorSet): void {
    const conflicts = this.#conflicts;
    this.#conflicts = [];
    for (const { first, second } of conflicts) {
      if (first.height !== height) continue;
      const made = newDuplicateVoteEvidence(first, second, blockTime, signedBy);
      if (this.#hold(made)) this.#untold.push(made);
    }
    if (this.#untold.length > 0) this.#file.save(this.#pending.values());
  }

  /** A block was committed: what it carried is done, what is too old is dropped, and peers hear of what is new. */
  committed(state: ChainState, evidence: readonly Evidence[]): void {
    for (const fresh of this.#untold.splice(0)) this.#needs.network.publish({ type: "evidence", evidence: fresh });
    const before = this.#pending.size;
    for (const done of evidence) this.#noteCommitted(done);
    for (const [key, held] of this.#pending) {
      if (isExpired(state, evidenceHeight(held), evidenceTime(held))) this.#pending.delete(key);
    }
    for (const [key, held] of this.#committed)
      if (isExpired(state, held.height, held.time)) this.#committed.delete(key);
    if (this.#pending.size !== before) this.#file.save(this.#pending.values());
  }

  /** Takes evidence from a peer. False when it is known, too old, not to be judged or there is no room; throws ValidationError if wrong. */
  async receive(state: ChainState, evidence: Evidence): Promise<boolean> {
    try {
      const isNew = await this.#takeIn(state, evidence);
      if (isNew) this.#file.save(this.#pending.values());
      return isNew;
    } catch (error) {
      // Who sends it may know what this node does not.
      if (error instanceof UnjudgeableError) return false;
      throw error;
    }
  }

  async #takeIn(state: ChainState, evidence: Evidence): Promise<boolean> {
    validateEvidence(evidence);
    const key = hex(evidenceHash(evidence));
    if (this.#pending.has(key) || this.#committed.has(key)) return false;
    if (isExpired(state, evidenceHeight(evidence), evidenceTime(evidence))) return false;
    if (evidenceHeight(evidence) > state.lastBlockHeight) return false;
    await verifyEvidence(state, evidence, this.#needs);
    await this.#readBack(state, evidence);
    return this.#hold(evidence);
  }

  /**
   * Why the evidence in a block is not acceptable, or undefined. Throws UnjudgeableError when nothing else is wrong than that
   * some of it cannot be judged here; of a block that more than two thirds decided that much is believed.
   */
  async rejection(state: ChainState, list: readonly Evidence[], isDecided = false): Promise<string | undefined> {
    const seen = new Set<string>();
    let unjudged: UnjudgeableError | undefined;
    for (const evidence of list) {
      try {
        const key = hex(evidenceHash(evidence));
        if (seen.has(key)) return "it carries the same evidence twice";
        if (this.#committed.has(key)) return "it carries evidence that was committed before";
        seen.add(key);
        // The hash of an attack names its block and no more: the rest of it may differ from what waits here.
        if (this.#pending.has(key) && evidence.duplicateVoteEvidence !== undefined) continue;
        validateEvidence(evidence);
        await verifyEvidence(state, evidence, this.#needs);
        await this.#readBack(state, evidence);
        if (this.#committed.has(key)) return "it carries evidence that was committed before";
      } catch (error) {
        if (error instanceof UnjudgeableError) unjudged = error;
        else if (error instanceof ValidationError) return error.message;
        else throw error;
      }
    }
    if (unjudged !== undefined) {
      if (!isDecided) throw unjudged;
      this.#needs.log.warn("believing more than two thirds about evidence from before this node's first block", {
        reason: unjudged.message,
      });
    }
    return undefined;
  }

  #noteCommitted(evidence: Evidence): void {
    const key = hex(evidenceHash(evidence));
    this.#pending.delete(key);
    this.#committed.set(key, { height: evidenceHeight(evidence), time: evidenceTime(evidence) });
  }

  /** Learns what the stored blocks carried, as far back as this evidence could stand in one. Good evidence only: it is rare. */
  async #readBack(state: ChainState, evidence: Evidence): Promise<void> {
    const from = evidenceHeight(evidence) + 1n;
    const end = this.#knownFrom ?? state.lastBlockHeight + 1n;
    for (let height = end - 1n; height >= from; height--) {
      const stored = await this.#needs.storage.loadBlock(height);
      // Below the first block that is kept there is none.
      if (stored === undefined) break;
      for (const done of stored.block.evidence.evidence) this.#noteCommitted(done);
    }
    if (from < end) this.#knownFrom = from;
  }

  #hold(evidence: Evidence): boolean {
    const key = hex(evidenceHash(evidence));
    if (this.#pending.size >= MAX_PENDING_EVIDENCE || this.#pending.has(key) || this.#committed.has(key)) return false;
    this.#pending.set(key, evidence);
    this.#resendLater();
    return true;
  }

  /** Peers that came since, or forgot, hear of what waits again and again until it is in a block. */
  #resendLater(): void {
    const { timers, network } = this.#needs;
    this.#cancelResend ??= timers.schedule(EVIDENCE_RESEND_MS, () => {
      this.#cancelResend = undefined;
      if (this.#pending.size === 0) return;
      for (const evidence of this.#pending.values()) network.publish({ type: "evidence", evidence });
      this.#resendLater();
    });
  }
}
