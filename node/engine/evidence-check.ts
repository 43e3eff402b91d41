// What evidence must prove before this node passes it on or votes for a block that carries it (CometBFT evidence/verify.go).
// Owns the looking up of the headers and validators it speaks of, those from before the node's first block included; the
// proofs themselves are chain/types/evidence.ts.

import type { ChainState } from "../../chain/types/chain-state.ts";
import { EMPTY_COMMIT } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import {
  type Evidence,
  evidenceHeight,
  evidenceKind,
  evidenceTime,
  isEvidenceExpired,
  lightBlockOf,
  verifyDuplicateVote,
  verifyLightClientAttack,
} from "../../chain/types/evidence.ts";
import { compareTime, durationToNanoseconds, equalTime, formatTime, type Timestamp } from "../../chain/types/time.ts";
import type { Storage } from "../ports.ts";

export interface EvidenceCheckNeeds {
  readonly storage: Pick<Storage, "loadBlock" | "loadValidators" | "loadPast">;
  readonly verifier: Verifier;
}

/**
 * Whether the evidence is true cannot be known here: it speaks of a height of this chain that the node, begun from a snapshot, knows
 * nothing of. Nodes that know it may be right to take it.
 */
export class UnjudgeableError extends ValidationError {
  override readonly name = "UnjudgeableError";
}

/** Whether evidence of this height and time is too old, in blocks and in time, to be punished. */
export function isExpired(state: ChainState, height: bigint, time: Timestamp): boolean {
  const { maxAgeNumBlocks, maxAgeDuration } = state.consensusParams.evidence;
  const maxAge = durationToNanoseconds(maxAgeDuration);
  return isEvidenceExpired(state.lastBlockHeight, state.lastBlockTime, height, time, maxAgeNumBlocks, maxAge);
}

/** Throws ValidationError unless the evidence is true, and young enough for a block to carry it. */
export async function verifyEvidence(state: ChainState, evidence: Evidence, needs: EvidenceCheckNeeds): Promise<void> {
  const { storage, verifier } = needs;
  const { kind, value } = evidenceKind(evidence);
  const height = evidenceHeight(evidence);
  const { header, validators, isPast } = await knownAt(state, height, storage);
  const { time } = header;
  // The time is recomputed, never believed: nodes would otherwise make different evidence of the same votes.
  if (!equalTime(time, evidenceTime(evidence))) {
    throw new ValidationError("evidence has a different time to the block it is associated with");
  }
  if (isExpired(state, height, time)) throw new ValidationError(`evidence from height ${height} is too old`);
  if (kind === "duplicateVote") {
    verifyDuplicateVote(value, state.chainId, validators, verifier);
    return;
  }
  const conflicting = lightBlockOf(value).signedHeader.header;
  // Of the common header nothing but the height is asked, where it is not the trusted one as well.
  const isApart = isPast && conflicting.height !== height;
  const common = isApart ? { header, commit: EMPTY_COMMIT } : await signedHeader(state, height, storage);
  const trusted =
    conflicting.height === height ? common : await trustedHeader(state, conflicting.height, conflicting.time, storage);
  verifyLightClientAttack(value, common, trusted, validators, verifier);
}

/** Our header at the conflicting height; our newest one when that height is still ahead (a forward lunatic attack). */
async function trustedHeader(
  state: ChainState,
  height: bigint,
  time: Timestamp,
  storage: EvidenceCheckNeeds["storage"],
): ReturnType<typeof signedHeader> {
  if (height <= state.lastBlockHeight) return signedHeader(state, height, storage);
  const latest = await signedHeader(state, state.lastBlockHeight, storage);
  if (compareTime(latest.header.time, time) < 0) {
    throw new ValidationError(
      `latest block time (${formatTime(latest.header.time)}) is before conflicting block time (${formatTime(time)})`,
    );
  }
  return latest;
}

/** The header and the validators of a height, of a block that is stored or from before the first one. */
async function knownAt(state: ChainState, height: bigint, storage: EvidenceCheckNeeds["storage"]) {
  const stored = await storage.loadBlock(height);
  const validators = stored && (await storage.loadValidators(height));
  if (stored !== undefined && validators !== undefined) {
    return { header: stored.block.header, validators, isPast: false };
  }
  const past = await storage.loadPast?.(height);
  if (past === undefined) throw unknown(state, height, "header");
  return { ...past, isPast: true };
}

/** A header with the commit that all nodes agree on: the one in the block above, which the newest block does not have yet. */
async function signedHeader(state: ChainState, height: bigint, storage: EvidenceCheckNeeds["storage"]) {
  const { header } = await knownAt(state, height, storage);
  const commit = (await storage.loadBlock(height + 1n))?.block.lastCommit;
  if (commit === undefined) throw unknown(state, height, "commit");
  return { header, commit };
}

function unknown(state: ChainState, height: bigint, what: "header" | "commit"): ValidationError {
  const isOfChain = height >= state.initialHeight && height < state.lastBlockHeight;
  return new (isOfChain ? UnjudgeableError : ValidationError)(`don't have ${what} at height #${height}`);
}
