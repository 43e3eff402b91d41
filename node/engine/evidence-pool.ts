// Evidence of double votes on its way into a block. Owns the conflicts seen, the pending list and the check of evidence
// in proposed blocks; what evidence proves is chain/types/evidence.ts. Kept in memory: after a restart the
// conflicting votes must be seen, or received as evidence, again; what was committed is read back from the blocks, since
// nodes that know it and nodes that forgot it would disagree about a block that carries it again.

import type { Conflict } from "../../chain/consensus/votes.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import {
  type Evidence,
  evidenceHash,
  evidenceHeight,
  evidenceKind,
  evidenceListSize,
  evidenceTime,
  isEvidenceExpired,
  newDuplicateVoteEvidence,
  validateEvidence,
  verifyDuplicateVote,
} from "../../chain/types/evidence.ts";
import { durationToNanoseconds, equalTime, type Timestamp } from "../../chain/types/time.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { hex } from "../../proto/bytes.ts";
import type { Storage } from "../ports.ts";
import { MAX_PENDING_EVIDENCE } from "./limits.ts";

export class EvidencePool {
  readonly #storage: Storage;
  readonly #verifier: Verifier;
  /** Conflicts of the height in progress: they become evidence when its block, and so its time, is known. */
  #conflicts: Conflict[] = [];
  readonly #pending = new Map<string, Evidence>();
  /** What has been committed, by hash, for as long as it could come again. */
  readonly #committed = new Map<string, { readonly height: bigint; readonly time: Timestamp }>();
  /** Of blocks from this height on, what they carried is known; undefined before any was read back. */
  #knownFrom: bigint | undefined;

  constructor(needs: { storage: Storage; verifier: Verifier }) {
    this.#storage = needs.storage;
    this.#verifier = needs.verifier;
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
   * A block was committed: what it carried is done, what is too old is dropped, and conflicts of its height become
   * evidence stamped with its time. Returns the new evidence, to be sent to peers.
   */
  committed(state: ChainState, evidence: readonly Evidence[], signedBy: ValidatorSet): readonly Evidence[] {
    for (const done of evidence) this.#noteCommitted(done);
    for (const [key, held] of this.#pending) {
      if (isExpired(state, evidenceHeight(held), evidenceTime(held))) this.#pending.delete(key);
    }
    for (const [key, held] of this.#committed)
      if (isExpired(state, held.height, held.time)) this.#committed.delete(key);
    const conflicts = this.#conflicts;
    this.#conflicts = [];
    const fresh: Evidence[] = [];
    for (const { first, second } of conflicts) {
      if (first.height !== state.lastBlockHeight) continue;
      const made = newDuplicateVoteEvidence(first, second, state.lastBlockTime, signedBy);
      if (this.#hold(made)) fresh.push(made);
    }
    return fresh;
  }

  /** Takes evidence from a peer. False when it is known, too old or there is no room; throws ValidationError if wrong. */
  async receive(state: ChainState, evidence: Evidence): Promise<boolean> {
    validateEvidence(evidence);
    const key = hex(evidenceHash(evidence));
    if (this.#pending.has(key) || this.#committed.has(key)) return false;
    if (isExpired(state, evidenceHeight(evidence), evidenceTime(evidence))) return false;
    if (evidenceHeight(evidence) > state.lastBlockHeight) return false;
    await this.#verify(state, evidence);
    await this.#readBack(state, evidence);
    return this.#hold(evidence);
  }

  /** Why the evidence in a block is not acceptable, or undefined. */
  async rejection(state: ChainState, list: readonly Evidence[]): Promise<string | undefined> {
    const seen = new Set<string>();
    try {
      for (const evidence of list) {
        const key = hex(evidenceHash(evidence));
        if (seen.has(key)) return "it carries the same evidence twice";
        if (this.#committed.has(key)) return "it carries evidence that was committed before";
        seen.add(key);
        if (this.#pending.has(key)) continue;
        await this.#verify(state, evidence);
        await this.#readBack(state, evidence);
        if (this.#committed.has(key)) return "it carries evidence that was committed before";
      }
      return undefined;
    } catch (error) {
      if (error instanceof ValidationError) return error.message;
      throw error;
    }
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
    for (let height = from; height < end; height++) {
      const stored = await this.#storage.loadBlock(height);
      for (const done of stored?.block.evidence.evidence ?? []) this.#noteCommitted(done);
    }
    if (from < end) this.#knownFrom = from;
  }

  #hold(evidence: Evidence): boolean {
    const key = hex(evidenceHash(evidence));
    if (this.#pending.size >= MAX_PENDING_EVIDENCE || this.#pending.has(key) || this.#committed.has(key)) return false;
    this.#pending.set(key, evidence);
    return true;
  }

  /** Throws ValidationError unless the evidence is of a kind, an age and a truth that a block may carry. */
  async #verify(state: ChainState, evidence: Evidence): Promise<void> {
    const { kind, value } = evidenceKind(evidence);
    if (kind !== "duplicateVote") throw new ValidationError("evidence of attacks on light clients is not supported");
    const height = evidenceHeight(evidence);
    const stored = await this.#storage.loadBlock(height);
    const validators = await this.#storage.loadValidators(height);
    if (stored === undefined || validators === undefined) {
      throw new ValidationError(`don't have header at height #${height}`);
    }
    // The time is recomputed, never believed: nodes would otherwise make different evidence of the same votes.
    if (!equalTime(stored.block.header.time, evidenceTime(evidence))) {
      throw new ValidationError("evidence has a different time to the block it is associated with");
    }
    if (isExpired(state, height, stored.block.header.time))
      throw new ValidationError(`evidence from height ${height} is too old`);
    verifyDuplicateVote(value, state.chainId, validators, this.#verifier);
  }
}

function isExpired(state: ChainState, height: bigint, time: Timestamp): boolean {
  const { maxAgeNumBlocks, maxAgeDuration } = state.consensusParams.evidence;
  return isEvidenceExpired(
    state.lastBlockHeight,
    state.lastBlockTime,
    height,
    time,
    maxAgeNumBlocks,
    durationToNanoseconds(maxAgeDuration),
  );
}
