/**
 * Owns the queue of what is due when: one entry for each window that ends, settled at the end of the block whose time
 * has reached it, so many in a block as the parameters admit. It does not own what settling means.
 */
import type { Write } from "../../../chain/module/context.ts";
import { impossible } from "../../../chain/types/impossible.ts";
import type { DatanetKeeper } from "../keeper.ts";
import { state } from "../state.ts";
import { expireCommitment } from "./commitments.ts";
import { expireDemand } from "./demands.ts";
import { DEADLINE } from "./due.ts";
import { finaliseRecord } from "./records.ts";
import { finaliseSegment } from "./segments.ts";
import { settleNotice } from "./takedowns.ts";

/** Settles what is due, the earliest first. */
export function settleDeadlines(keeper: DatanetKeeper, ctx: Write): void {
  const limit = keeper.params(ctx).maxDeadlinesPerBlock;
  const due = [...state.deadlines.keys(ctx, { limit })].filter(([at]) => at <= ctx.time.seconds);
  for (const entry of due) {
    // What was settled before it may have taken it back: a struck segment needs no other demand answered, and is not final.
    if (!state.deadlines.has(ctx, entry)) continue;
    const [, kind, [first, second]] = entry;
    state.deadlines.delete(ctx, entry);
    switch (kind as (typeof DEADLINE)[keyof typeof DEADLINE]) {
      case DEADLINE.record:
        finaliseRecord(keeper, ctx, first, second);
        break;
      case DEADLINE.commitment:
        expireCommitment(keeper, ctx, first);
        break;
      case DEADLINE.notice:
        settleNotice(keeper, ctx, first);
        break;
      case DEADLINE.segment:
        finaliseSegment(keeper, ctx, first, second);
        break;
      case DEADLINE.demand:
        expireDemand(keeper, ctx, first);
        break;
      default:
        impossible(kind as never);
    }
  }
}
