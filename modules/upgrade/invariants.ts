// Owns: what must always hold of planned upgrades. Does not own: when it is checked.

import { upgradeState } from "../../chain/app/state.ts";
import type { Read } from "../../chain/module/context.ts";
import type { UpgradeKeeper } from "./keeper.ts";

/** What is planned is still to come, and has not been done before. */
export function planIsAhead(keeper: UpgradeKeeper, ctx: Read): string | undefined {
  const plan = upgradeState.plan.get(ctx);
  if (plan === undefined) return undefined;
  // One for the very block that planned it is due in the next.
  if (plan.height < ctx.height) return `the upgrade ${plan.name} is planned for ${plan.height}, which is over`;
  const done = keeper.doneHeight(ctx, plan.name);
  return done === undefined ? undefined : `the upgrade ${plan.name} is planned, and was done at ${done}`;
}
