// When a height's first round begins. Owns the commit timeout's remainder, the wait for genesis time and the wait for
// transactions; all of it local choices that change no block's validity.

import type { StartHeight } from "../../chain/consensus/input.ts";
import type { TimeoutConfig } from "../../chain/consensus/timeouts.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { nanosecondsBetween } from "../../chain/types/time.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Clock, Commit } from "../ports.ts";
import type { DriverNeeds, DriverOptions } from "./driver-needs.ts";

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** What the height below left behind. */
export interface HeightFacts {
  readonly chain: ChainState;
  readonly lastCommit: Commit | undefined;
  /** When this process decided it; undefined at the start of the process. */
  readonly decidedAtMs: number | undefined;
  /** The application hash in the last block's header; undefined before the first block. */
  readonly lastAppHash: Uint8Array | undefined;
}

/** The input that begins a height. */
export function startHeight(
  height: bigint,
  { chain, lastCommit, decidedAtMs, lastAppHash }: HeightFacts,
  { timeouts, createEmptyBlocks }: Pick<DriverOptions, "timeouts" | "createEmptyBlocks">,
  { signer, mempool, clock }: Pick<DriverNeeds, "signer" | "mempool" | "clock">,
): StartHeight {
  return {
    type: "startHeight",
    height,
    validators: chain.validators,
    self: signer?.address,
    lastCommit,
    delayMs: delayMs(chain, decidedAtMs, timeouts.commitMs, clock),
    timeouts,
    waitForTxs: !createEmptyBlocks && !needsProofBlock(chain, lastAppHash) && mempool.count === 0,
  };
}

/**
 * Milliseconds to wait before round 0. The first block waits for genesis time; a start of the process waits for nothing;
 * otherwise it is what is left of the commit timeout since the decision.
 */
function delayMs(chain: ChainState, decidedAtMs: number | undefined, commitMs: number, clock: Clock): number {
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
function needsProofBlock(chain: ChainState, lastHeaderAppHash: Uint8Array | undefined): boolean {
  return lastHeaderAppHash === undefined || !equalBytes(lastHeaderAppHash, chain.appHash);
}
