// The time a vote states. Owns the rule only: blocks take their time from votes, so votes must move it forward.

import type { Block } from "../../chain/types/block.ts";
import { addNanoseconds, compareTime, type Timestamp } from "../../chain/types/time.ts";

const MILLISECOND = 1_000_000n;

/**
 * Now, but at least a millisecond after every block the vote builds on (CometBFT consensus/state.go, voteTime): the next
 * block's time is the median of these, and must be later than this block's, whatever a clock says.
 */
export function voteTime(now: Timestamp, lastBlockTime: Timestamp, blocks: readonly (Block | undefined)[]): Timestamp {
  let earliest = addNanoseconds(lastBlockTime, MILLISECOND);
  for (const block of blocks) {
    if (block === undefined) continue;
    const after = addNanoseconds(block.header.time, MILLISECOND);
    if (compareTime(after, earliest) > 0) earliest = after;
  }
  return compareTime(now, earliest) > 0 ? now : earliest;
}
