// Owns: the definition of the authz module: running messages for other accounts. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import { queueKnowsEnds } from "./invariants.ts";
import { AuthzKeeper, type AuthzUses } from "./keeper.ts";
import { MAX_PRUNED_PER_BLOCK } from "./limits.ts";
import { exec, grant, revoke } from "./msgs.ts";
import { granteeGrants, granterGrants, grants } from "./queries.ts";
import { state } from "./state.ts";

export const authz = defineModule({
  name: "authz",
  proto: "cosmos.authz.v1beta1",
  version: 2,
  state,
  errors,
  keeper: (uses: AuthzUses) => new AuthzKeeper(uses),
  msgs: { Grant: grant, Exec: exec, Revoke: revoke },
  queries: { Grants: grants, GranterGrants: granterGrants, GranteeGrants: granteeGrants },
  genesis: {
    default: () => ({ authorization: [] }),
    validate: validateGenesis,
    init: initGenesis,
    export: exportGenesis,
  },
  beginBlock: (keeper, ctx) => keeper.prune(ctx, MAX_PRUNED_PER_BLOCK),
  invariants: { queueKnowsEnds },
  cli: {
    Grant: { args: ["grantee", "grant"] },
    Exec: { args: ["msgs"] },
    Revoke: { args: ["grantee", "msgTypeUrl"] },
    Grants: { args: ["granter", "grantee", "msgTypeUrl"], optionalArgs: 1 },
    GranterGrants: { args: ["granter"], name: "grants-by-granter" },
    GranteeGrants: { args: ["grantee"], name: "grants-by-grantee" },
  },
});
