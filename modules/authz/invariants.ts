// Owns: what must always hold of authorizations. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import type { AuthzKeeper } from "./keeper.ts";
import { state } from "./state.ts";

/** Every grant that ends waits in the queue under its end, once, and nothing else waits there. */
export function queueKnowsEnds(_keeper: AuthzKeeper, ctx: Read): string | undefined {
  let ending = 0;
  for (const [[granter, grantee, typeUrl], { expiration }] of state.grants.iterate(ctx)) {
    if (expiration === undefined) continue;
    ending += 1;
    const waiting = state.queue.get(ctx, [expiration, granter, grantee])?.msgTypeUrls ?? [];
    if (waiting.filter((entry) => entry === typeUrl).length !== 1)
      return `a grant for ${typeUrl} to ${ctx.addresses.account(grantee)} ends, but does not wait for its end once`;
  }
  let waiting = 0;
  for (const [, { msgTypeUrls }] of state.queue.iterate(ctx)) waiting += msgTypeUrls.length;
  return waiting === ending ? undefined : `${waiting} grants wait for their end, but ${ending} have one`;
}
