// How long each step waits. Owns the arithmetic; the values come from the node's configuration, and since they change
// no block they need not agree between validators.

import { MAX_TIMEOUT_MS } from "./limits.ts";

/** Milliseconds, integers. Defaults are CometBFT's; the deltas are added once per round that has failed. */
export interface TimeoutConfig {
  readonly proposeMs: number;
  readonly proposeDeltaMs: number;
  readonly prevoteMs: number;
  readonly prevoteDeltaMs: number;
  readonly precommitMs: number;
  readonly precommitDeltaMs: number;
  /** Wait after a commit, for late precommits and to set the block interval. */
  readonly commitMs: number;
}

export const DEFAULT_TIMEOUTS: TimeoutConfig = {
  proposeMs: 3_000,
  proposeDeltaMs: 500,
  prevoteMs: 1_000,
  prevoteDeltaMs: 500,
  precommitMs: 1_000,
  precommitDeltaMs: 500,
  commitMs: 1_000,
};

/** base + delta * round, at most MAX_TIMEOUT_MS. */
export function timeoutMs(baseMs: number, deltaMs: number, round: number): number {
  return Math.min(baseMs + deltaMs * round, MAX_TIMEOUT_MS);
}
