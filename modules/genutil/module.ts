// Owns: the definition of the genutil module: the transactions of a genesis, by which the first validators bond. It has
// no state; they run once, at InitChain, through the same path as any transaction.

import { defineModule } from "../../chain/module/define.ts";
import { initGenesis, validateGenesis } from "./genesis.ts";
import { GenutilKeeper, type GenutilUses } from "./keeper.ts";

export const genutil = defineModule({
  name: "genutil",
  proto: "cosmos.genutil.v1beta1",
  version: 1,
  keeper: (uses: GenutilUses) => new GenutilKeeper(uses),
  msgs: {},
  queries: {},
  genesis: {
    json: true,
    default: () => ({ gen_txs: [] }),
    validate: validateGenesis,
    init: initGenesis,
    export: () => ({ gen_txs: [] }),
  },
});
