// Owns: feegrant's genesis: the allowances there are. Does not own: how one is given (keeper.ts).

import type { Read, Write } from "../../chain/module/context.ts";
import { compareTime } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { allowanceOf, endOf, validateAllowance } from "./allowance.ts";
import type { FeegrantKeeper } from "./keeper.ts";
import { state } from "./state.ts";

type GenesisState = Messages["cosmos.feegrant.v1beta1.GenesisState"];

/** Throws for an allowance that could not be given: without parties, to oneself, or invalid in itself. */
export function validateGenesis({ allowances }: GenesisState): void {
  for (const { granter, grantee, allowance } of allowances) {
    if (granter === "") throw new Error("missing granter address");
    if (grantee === "") throw new Error("missing grantee address");
    if (granter === grantee) throw new Error("cannot self-grant fee authorization");
    validateAllowance(allowanceOf(allowance));
  }
}

/** Gives every allowance that has not ended: what an export still held of the others, the next block would have removed. */
export function initGenesis(keeper: FeegrantKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  for (const grant of genesis.allowances) {
    const allowance = allowanceOf(grant.allowance);
    const end = endOf(allowance);
    if (end !== undefined && compareTime(end, ctx.time) < 0) continue;
    keeper.grant(ctx, ctx.addresses.parseAccount(grant.granter), ctx.addresses.parseAccount(grant.grantee), allowance);
  }
}

export function exportGenesis(_keeper: FeegrantKeeper, ctx: Read) {
  return { allowances: [...state.allowances.iterate(ctx)].map(([, grant]) => grant) };
}
