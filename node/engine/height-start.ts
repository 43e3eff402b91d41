// When a height's first round begins. Owns the commit timeout's remainder, the wait for genesis time and the wait for
// transactions; all of it local choices that change no block's validity.

import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { nanosecondsBetween } from "../../chain/types/time.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Clock } from "../ports.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * Milliseconds to wait before round 0. The first block waits for genesis time; a start of the process waits for nothing;
 * otherwise it is what is left of the commit timeout since the decision.
 */
export function delayMs(chain: ChainState, decidedAtMs: number | undefined, commitMs: number, clock: Clock): number {
  if (chain.lastBlockHeight === 0n) {
    const early = nanosecondsBetween(clock.now(), chain.lastBlockTime);
    return early <= 0n ? 0 : Number((early + NANOSECONDS_PER_MILLISECOND - 1n) / NANOSECONDS_PER_MILLISECOND);
  }
  if (decidedAtMs === undefined) return 0;
  // Never quite nothing: what waits in the queue gets its turn between two heights.
  return Math.max(1, commitMs - (clock.monotonicMs() - decidedAtMs));
}

/** Milliseconds that a number of first rounds take when nobody says a word, with the pause between heights. */
export function roundsMs({ proposeMs, prevoteMs, precommitMs, commitMs }: TimeoutConfig, rounds: number): number {
  return rounds * (proposeMs + prevoteMs + precommitMs + commitMs);
}

/**
 * Whether an empty block is due even without transactions: the first one, and one after a block that changed the state,
 * since only the next header proves the new state (CometBFT consensus/state.go, needProofBlock).
 */
export function needsProofBlock(chain: ChainState, lastHeaderAppHash: Uint8Array | undefined): boolean {
  return lastHeaderAppHash === undefined || !equalBytes(lastHeaderAppHash, chain.appHash);
}
