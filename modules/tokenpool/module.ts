/** Owns the definition of the tokenpool module: pools of two denominations, and creator tokens. */
import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { settleOrders } from "./keeper/batch.ts";
import { TOKENPOOL, TokenpoolKeeper, type TokenpoolUses, VAULT } from "./keeper.ts";
import * as msgs from "./msgs.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const tokenpool = defineModule({
  name: TOKENPOOL,
  proto: "tributary.tokenpool.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: TokenpoolUses) => new TokenpoolKeeper(uses),
  accounts: { [TOKENPOOL]: ["minter", "burner"], [VAULT]: ["minter", "burner"] },
  msgs: {
    CreatePool: msgs.createPool,
    AddLiquidity: msgs.addLiquidity,
    RemoveLiquidity: msgs.removeLiquidity,
    SwapExactIn: msgs.swapExactIn,
    SwapExactOut: msgs.swapExactOut,
    SwapRouteExactIn: msgs.swapRouteExactIn,
    SwapRouteExactOut: msgs.swapRouteExactOut,
    PlaceOrder: msgs.placeOrder,
    CreateToken: msgs.createToken,
    MintAnchored: msgs.mintAnchored,
    Redeem: msgs.redeem,
    RaiseRate: msgs.raiseRate,
    UpdateParams: msgs.updateParams,
  },
  queries: {
    Params: queries.params,
    Pool: queries.pool,
    Pools: queries.pools,
    QuoteExactIn: queries.quoteExactIn,
    QuoteExactOut: queries.quoteExactOut,
    Route: queries.route,
    Twap: queries.twap,
    Token: queries.token,
    Tokens: queries.tokens,
    Position: queries.position,
  },
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  endBlock: settleOrders,
  invariants,
  cli: {
    CreatePool: { args: ["coinA", "coinB"] },
    AddLiquidity: { args: ["poolId", "maxA", "maxB", "minShares"] },
    RemoveLiquidity: { args: ["poolId", "shares", "minA", "minB"] },
    SwapExactIn: { args: ["poolId", "amountIn", "minOut"] },
    SwapExactOut: { args: ["poolId", "amountOut", "maxIn"] },
    SwapRouteExactIn: { args: ["amountIn", "minOut"] },
    SwapRouteExactOut: { args: ["amountOut", "maxIn"] },
    PlaceOrder: { args: ["poolId", "amountIn", "minOut"] },
    CreateToken: { args: ["name", "rate"] },
    MintAnchored: { args: ["amount", "maxCost"] },
    Redeem: { args: ["amount"] },
    RaiseRate: { args: ["denom", "rate", "maxAdded"] },
    Pool: { args: ["poolId"] },
    QuoteExactIn: { args: ["poolId", "denomIn", "amountIn"] },
    QuoteExactOut: { args: ["poolId", "denomOut", "amountOut"] },
    Route: { args: ["denomIn", "denomOut"] },
    Twap: { args: ["poolId", "windowSeconds"] },
    Token: { args: ["denom"] },
    Position: { args: ["poolId", "address"] },
  },
});
