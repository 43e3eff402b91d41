// What evidence must prove before this node passes it on or votes for a block that carries it (CometBFT evidence/verify.go).
// Owns the looking up of the blocks and validators it speaks of; the proofs themselves are chain/types/evidence.ts.

import type { ChainState } from "../../chain/types/chain-state.ts";
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
  readonly storage: Pick<Storage, "loadBlock" | "loadValidators">;
  readonly verifier: Verifier;
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
  const stored = await storage.loadBlock(height);
  const validators = await storage.loadValidators(height);
  if (stored === undefined || validators === undefined) {
    throw new ValidationError(`don't have header at height #${height}`);
  }
  const { time } = stored.block.header;
  // The time is recomputed, never believed: nodes would otherwise make different evidence of the same votes.
  if (!equalTime(time, evidenceTime(evidence))) {
    throw new ValidationError("evidence has a different time to the block it is associated with");
  }
  if (isExpired(state, height, time)) throw new ValidationError(`evidence from height ${height} is too old`);
  if (kind === "duplicateVote") {
    verifyDuplicateVote(value, state.chainId, validators, verifier);
    return;
  }
  const common = await signedHeader(height, storage);
  const conflicting = lightBlockOf(value).signedHeader.header;
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
  if (height <= state.lastBlockHeight) return signedHeader(height, storage);
  const latest = await signedHeader(state.lastBlockHeight, storage);
  if (compareTime(latest.header.time, time) < 0) {
    throw new ValidationError(
      `latest block time (${formatTime(latest.header.time)}) is before conflicting block time (${formatTime(time)})`,
    );
  }
  return latest;
}

/** A header with the commit that all nodes agree on: the one in the block above, which the newest block does not have yet. */
async function signedHeader(height: bigint, storage: EvidenceCheckNeeds["storage"]) {
  const stored = await storage.loadBlock(height);
  if (stored === undefined) throw new ValidationError(`don't have header at height #${height}`);
  const commit = (await storage.loadBlock(height + 1n))?.block.lastCommit;
  if (commit === undefined) throw new ValidationError(`don't have commit at height #${height}`);
  return { header: stored.block.header, commit };
}
