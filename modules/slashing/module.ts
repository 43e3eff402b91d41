// Owns: the definition of the slashing module: validators' reliability and what faults cost. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import * as invariants from "./invariants.ts";
import { countSignatures, SlashingKeeper, type SlashingUses } from "./keeper/keeper.ts";
import { unjail, updateParams } from "./msgs.ts";
import { signingInfo, signingInfos } from "./queries.ts";
import { state } from "./state.ts";

export const slashing = defineModule({
  name: "slashing",
  proto: "cosmos.slashing.v1beta1",
  version: 4,
  state,
  errors,
  keeper: (uses: SlashingUses) => new SlashingKeeper(uses),
  msgs: { Unjail: unjail, UpdateParams: updateParams },
  queries: {
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    SigningInfo: signingInfo,
    SigningInfos: signingInfos,
  },
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  beginBlock: countSignatures,
  invariants: { ...invariants },
  cli: { SigningInfo: { args: ["consAddress"] } },
});
