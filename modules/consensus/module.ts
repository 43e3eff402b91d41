// Owns: the definition of the consensus module: the engine's parameters, asked for and changed. Version as the SDK's 0.53.
// Does not own: where the application keeps them (chain/app/state.ts), nor what they mean (chain/types/params.ts).

import { consensusState } from "../../chain/app/state.ts";
import { defineModule } from "../../chain/module/define.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { updateParams } from "./msgs.ts";

export const consensus = defineModule({
  name: "consensus",
  proto: "cosmos.consensus.v1",
  version: 1,
  state: consensusState,
  keeper: () => undefined,
  msgs: { UpdateParams: updateParams },
  queries: {
    Params: (_keeper, ctx) => {
      const params = consensusState.params.get(ctx);
      if (params === undefined)
        throw new GrpcError("Internal", "the consensus parameters are not there: genesis was not run");
      return { params };
    },
  },
});
