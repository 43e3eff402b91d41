// Owns: authz's genesis: the authorizations there are. Does not own: how one is given (keeper.ts).

import type { Read, Write } from "../../chain/module/context.ts";
import { compareTime } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { authorizationOf, messageOf, validateAuthorization } from "./authorization.ts";
import type { AuthzKeeper } from "./keeper.ts";
import { withParties } from "./queries.ts";
import { state } from "./state.ts";

type GenesisState = Messages["cosmos.authz.v1beta1.GenesisState"];

/** Throws for an authorization without parties, or one that could not be given. */
export function validateGenesis({ authorization: all }: GenesisState): void {
  for (const [index, { granter, grantee, authorization }] of all.entries()) {
    if (grantee === "") throw new Error(`authorization: ${index}, missing grantee`);
    if (granter === "") throw new Error(`authorization: ${index},missing granter`);
    const unpacked = authorizationOf(authorization);
    validateAuthorization(unpacked);
    messageOf(unpacked);
  }
}

/** Gives every authorization that has not ended. */
export function initGenesis(keeper: AuthzKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  for (const { granter, grantee, authorization, expiration } of genesis.authorization) {
    if (expiration !== undefined && compareTime(expiration, ctx.time) <= 0) continue;
    const [from, to] = [ctx.addresses.parseAccount(granter), ctx.addresses.parseAccount(grantee)];
    keeper.grant(ctx, from, to, authorizationOf(authorization), expiration);
  }
}

export function exportGenesis(_keeper: AuthzKeeper, ctx: Read) {
  return { authorization: [...state.grants.iterate(ctx)].map((row) => withParties(ctx, row)) };
}
