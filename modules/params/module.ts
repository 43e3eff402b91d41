// Owns: the definition of the params module: an old way to ask for single parameters. Does not own: any parameter.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { ParamsKeeper, type ParamsUses } from "./keeper.ts";
import { params, subspaces } from "./queries.ts";

export const paramsModule = defineModule({
  name: "params",
  proto: "cosmos.params.v1beta1",
  version: 1,
  errors,
  keeper: (uses: ParamsUses) => new ParamsKeeper(uses),
  msgs: {},
  queries: { Params: params, Subspaces: subspaces },
  cli: { Params: { args: ["subspace", "key"], name: "subspace" } },
});
