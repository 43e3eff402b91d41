// Owns: the definition of the feegrant module: paying the fees of others. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import { queueKnowsEnds } from "./invariants.ts";
import { FeegrantKeeper, type FeegrantUses } from "./keeper.ts";
import { MAX_PRUNED_PER_BLOCK } from "./limits.ts";
import { grantAllowance, pruneAllowances, revokeAllowance } from "./msgs.ts";
import { allowance, allowances, allowancesByGranter } from "./queries.ts";
import { state } from "./state.ts";

export const feegrant = defineModule({
  name: "feegrant",
  proto: "cosmos.feegrant.v1beta1",
  version: 2,
  state,
  errors,
  keeper: (uses: FeegrantUses) => new FeegrantKeeper(uses),
  msgs: { GrantAllowance: grantAllowance, RevokeAllowance: revokeAllowance, PruneAllowances: pruneAllowances },
  queries: { Allowance: allowance, Allowances: allowances, AllowancesByGranter: allowancesByGranter },
  genesis: {
    default: () => ({ allowances: [] }),
    validate: validateGenesis,
    init: initGenesis,
    export: exportGenesis,
  },
  endBlock: (keeper, ctx) => keeper.prune(ctx, MAX_PRUNED_PER_BLOCK),
  invariants: { queueKnowsEnds },
  cli: {
    GrantAllowance: { args: ["granter", "grantee", "allowance"], name: "grant" },
    RevokeAllowance: { args: ["granter", "grantee"], name: "revoke" },
    PruneAllowances: { name: "prune" },
    Allowance: { args: ["granter", "grantee"], name: "grant" },
    Allowances: { args: ["grantee"], name: "grants-by-grantee" },
    AllowancesByGranter: { args: ["granter"], name: "grants-by-granter" },
  },
});
