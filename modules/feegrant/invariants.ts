// Owns: what must always hold of allowances. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { allowanceOf, endOf } from "./allowance.ts";
import type { FeegrantKeeper } from "./keeper.ts";
import { state } from "./state.ts";

/** Every allowance that ends waits in the queue under its end, and nothing else waits there: a stale entry would end a later allowance. */
export function queueKnowsEnds(_keeper: FeegrantKeeper, ctx: Read): string | undefined {
  let ending = 0;
  for (const [[grantee, granter], { allowance }] of state.allowances.iterate(ctx)) {
    const end = endOf(allowanceOf(allowance));
    if (end === undefined) continue;
    ending += 1;
    if (!state.queue.has(ctx, [end, grantee, granter]))
      return `the allowance of ${ctx.addresses.account(grantee)} ends, but does not wait for its end`;
  }
  const waiting = [...state.queue.keys(ctx)].length;
  return waiting === ending ? undefined : `${waiting} allowances wait for their end, but ${ending} have one`;
}
