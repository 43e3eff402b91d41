/** Owns the module's parameters: their defaults and what they may be. */
import { orInvalidRequest, sdkErrors } from "../../chain/module/errors.ts";
import { isValidDenom } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import {
  MAX_BOND,
  MAX_BOND_PER_KIB,
  MAX_DEADLINES_PER_BLOCK,
  MAX_SEGMENT_TOKENS,
  MAX_WINDOW_SECONDS,
  PARTS_PER_MILLION,
} from "./limits.ts";

export type Params = Messages["tributary.datanet.v1.Params"];

/** What a new chain begins with. */
export const defaultParams: Params = {
  bondDenom: "uopen",
  minRecordBond: 1000n,
  challengeSeconds: 86_400n,
  minNoveltyPpm: 300_000,
  bountyPpm: 500_000,
  commitDeposit: 1000n,
  revealSeconds: 3600n,
  takedownBond: 1_000_000n,
  takedownSeconds: 86_400n,
  segmentBond: 1_000_000n,
  maxSegmentTokens: MAX_SEGMENT_TOKENS,
  halfLifeSeconds: 15_552_000n,
  maxDeadlinesPerBlock: 256,
  demandBond: 10_000n,
  demandSeconds: 3600n,
  recordDemandSeconds: 21_600n,
  recordBondPerKib: 100n,
};

/** Throws with a sentence for parameters the module cannot work with. */
export function validateParams(params: Params): void {
  if (!isValidDenom(params.bondDenom))
    throw new Error(`datanet: ${JSON.stringify(params.bondDenom)} is not a denomination`);
  requireRange("min_record_bond", params.minRecordBond, 0n, MAX_BOND);
  requireRange("commit_deposit", params.commitDeposit, 0n, MAX_BOND);
  requireRange("takedown_bond", params.takedownBond, 1n, MAX_BOND);
  requireRange("segment_bond", params.segmentBond, 0n, MAX_BOND);
  requireRange("challenge_seconds", params.challengeSeconds, 1n, MAX_WINDOW_SECONDS);
  // An earlier commitment must be able to take a place while the record that has it is still pending.
  requireRange("reveal_seconds", params.revealSeconds, 1n, params.challengeSeconds);
  requireRange("takedown_seconds", params.takedownSeconds, 1n, MAX_WINDOW_SECONDS);
  requireRange("half_life_seconds", params.halfLifeSeconds, 1n, 100n * MAX_WINDOW_SECONDS);
  requireRange("min_novelty_ppm", BigInt(params.minNoveltyPpm), 0n, BigInt(PARTS_PER_MILLION));
  requireRange("bounty_ppm", BigInt(params.bountyPpm), 0n, BigInt(PARTS_PER_MILLION));
  requireRange("max_segment_tokens", params.maxSegmentTokens, 1n, MAX_SEGMENT_TOKENS);
  requireRange("demand_bond", params.demandBond, 0n, MAX_BOND);
  // Where either time is not below challenge_seconds there are no such demands: none would end within a window.
  requireRange("demand_seconds", params.demandSeconds, 1n, MAX_WINDOW_SECONDS);
  requireRange("record_demand_seconds", params.recordDemandSeconds, 1n, MAX_WINDOW_SECONDS);
  requireRange("record_bond_per_kib", params.recordBondPerKib, 0n, MAX_BOND_PER_KIB);
  requireRange("max_deadlines_per_block", BigInt(params.maxDeadlinesPerBlock), 1n, BigInt(MAX_DEADLINES_PER_BLOCK));
}

/** Throws sdk/18 for parameters that may not follow the ones there are: bonds that are held are in their denomination. */
export function requireFollowing(before: Params, after: Params): void {
  orInvalidRequest(() => validateParams(after));
  if (after.bondDenom !== before.bondDenom) {
    throw sdkErrors.invalidRequest.because(
      `datanet: bonds stay in ${before.bondDenom}, they cannot be in ${after.bondDenom}`,
    );
  }
}

function requireRange(name: string, value: bigint, lowest: bigint, highest: bigint): void {
  if (value < lowest || value > highest) {
    throw new Error(`datanet: ${name} ${value} is not from ${lowest} to ${highest}`);
  }
}
