// Owns: the definition of the mint module: new coins, as many as bring the bonded share of the supply toward its goal. Version as the SDK's 0.53.

import { requireAuthority } from "../../chain/module/authority.ts";
import { defineModule } from "../../chain/module/define.ts";
import { orUncoded } from "../../chain/module/errors.ts";
import { utf8 } from "../../proto/bytes.ts";
import { errors } from "./errors.ts";
import * as invariants from "./invariants.ts";
import { MINT_ACCOUNT, MintKeeper, type MintUses } from "./keeper.ts";
import { DEFAULT_MINTER, DEFAULT_PARAMS, state, validateMinter, validateParams } from "./state.ts";

export const mint = defineModule({
  name: "mint",
  proto: "cosmos.mint.v1beta1",
  version: 2,
  state,
  errors,
  keeper: (uses: MintUses) => new MintKeeper(uses),
  accounts: { [MINT_ACCOUNT]: ["minter"] },
  msgs: {
    UpdateParams: (_keeper, ctx, { authority, params }) => {
      requireAuthority(ctx, authority);
      orUncoded(() => validateParams(params));
      state.params.set(ctx, params);
      return {};
    },
  },
  queries: {
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    // A decimal travels as the text of its scaled integer, here in a field of bytes.
    Inflation: (keeper, ctx) => ({ inflation: utf8(keeper.minter(ctx).inflation) }),
    AnnualProvisions: (keeper, ctx) => ({ annualProvisions: utf8(keeper.minter(ctx).annualProvisions) }),
  },
  genesis: {
    default: () => ({ minter: DEFAULT_MINTER, params: DEFAULT_PARAMS }),
    validate: ({ minter, params }) => {
      validateParams(params);
      validateMinter(minter);
    },
    init: (keeper, ctx, { minter, params }) => {
      validateParams(params);
      validateMinter(minter);
      state.minter.set(ctx, minter);
      state.params.set(ctx, params);
      keeper.ensureAccount(ctx);
    },
    export: (keeper, ctx) => ({ minter: keeper.minter(ctx), params: keeper.params(ctx) }),
  },
  beginBlock: (keeper, ctx) => keeper.mintBlock(ctx),
  invariants: { ...invariants },
});
