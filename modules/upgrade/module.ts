// Owns: the definition of the upgrade module: when the chain goes on with another program. Version as the SDK's 0.53.
// Does not own: where the application keeps the modules' versions (chain/app/state.ts).

import { upgradeState } from "../../chain/app/state.ts";
import type { GenesisWrite } from "../../chain/module/context.ts";
import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import * as invariants from "./invariants.ts";
import { UpgradeKeeper, type UpgradeUses } from "./keeper.ts";
import { cancelUpgrade, softwareUpgrade } from "./msgs.ts";
import * as queries from "./queries.ts";

export const upgrade = defineModule({
  name: "upgrade",
  proto: "cosmos.upgrade.v1beta1",
  version: 2,
  state: upgradeState,
  errors,
  keeper: (uses: UpgradeUses) => new UpgradeKeeper(uses),
  msgs: { SoftwareUpgrade: softwareUpgrade, CancelUpgrade: cancelUpgrade },
  queries: {
    CurrentPlan: queries.currentPlan,
    AppliedPlan: queries.appliedPlan,
    UpgradedConsensusState: queries.upgradedConsensusState,
    ModuleVersions: queries.moduleVersions,
    Authority: queries.authority,
  },
  // The SDK's application writes an empty object here, and so does this one.
  genesis: { json: true, default: () => ({}), init: () => undefined, export: () => ({}) },
  preBlock: (keeper, ctx) => keeper.preBlock(ctx as typeof ctx & GenesisWrite),
  invariants: { ...invariants },
  cli: {
    // One command of SoftwareUpgrade's stands for both.
    CancelUpgrade: { hidden: true },
    CurrentPlan: { name: "plan" },
    AppliedPlan: { args: ["name"], name: "applied" },
    UpgradedConsensusState: { hidden: true },
    ModuleVersions: { args: ["moduleName"], optionalArgs: 1, aliases: ["module_versions"] },
  },
});
