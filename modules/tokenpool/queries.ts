/** Owns what the module's queries answer. */
import type { Read } from "../../chain/module/context.ts";
import { type ErrorKind, orStatus, sdkErrors } from "../../chain/module/errors.ts";
import { accountField, positiveCoinField } from "../../chain/module/message-fields.ts";
import { coinsToMessages, coinToMessage, isValidDenom } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { tokenOf, worthOf } from "./keeper/anchored.ts";
import { position as positionIn } from "./keeper/liquidity.ts";
import { twap as averageOf } from "./keeper/oracle.ts";
import { bestRoute, type RouteRequest } from "./keeper/route.ts";
import { quoteExactOut as quotePurchase, quoteExactIn as quoteSale } from "./keeper/swap.ts";
import type { TokenpoolKeeper } from "./keeper.ts";
import { state } from "./state.ts";

type Request<Name extends string> = `tributary.tokenpool.v1.Query${Name}Request` extends infer Full extends
  keyof Messages
  ? Messages[Full]
  : never;

/** What a query answers with NotFound. */
const ABSENT: readonly ErrorKind[] = [errors.poolNotFound, errors.tokenNotFound, errors.noRoute];

export function params(keeper: TokenpoolKeeper, ctx: Read) {
  return { params: keeper.params(ctx) };
}

export function pool(keeper: TokenpoolKeeper, ctx: Read, { poolId }: Request<"Pool">) {
  return { pool: found(() => keeper.pool(ctx, poolId)) };
}

export function pools(keeper: TokenpoolKeeper, ctx: Read, { pagination }: Request<"Pools">) {
  const { rows, page } = keeper.pools(ctx, pagination);
  return { pools: rows.map(([, row]) => row), pagination: page };
}

export function quoteExactIn(
  keeper: TokenpoolKeeper,
  ctx: Read,
  { poolId, denomIn, amountIn }: Request<"QuoteExactIn">,
) {
  const input = positiveCoinField("amount_in", { denom: denomIn, amount: amountIn });
  const known = found(() => keeper.pool(ctx, poolId));
  return { amountOut: coinToMessage(quoteSale(known, input)) };
}

export function quoteExactOut(
  keeper: TokenpoolKeeper,
  ctx: Read,
  { poolId, denomOut, amountOut }: Request<"QuoteExactOut">,
) {
  const output = positiveCoinField("amount_out", { denom: denomOut, amount: amountOut });
  const known = found(() => keeper.pool(ctx, poolId));
  return { amountIn: coinToMessage(quotePurchase(known, output)) };
}

export function route(keeper: TokenpoolKeeper, ctx: Read, request: Request<"Route">) {
  const { poolIds, input, output } = found(() => bestRoute(keeper, ctx, routeRequest(request)));
  return { poolIds: [...poolIds], amountIn: coinToMessage(input), amountOut: coinToMessage(output) };
}

export function twap(keeper: TokenpoolKeeper, ctx: Read, { poolId, windowSeconds }: Request<"Twap">) {
  if (windowSeconds === 0n) throw sdkErrors.invalidRequest.because("window_seconds is missing");
  const known = found(() => keeper.pool(ctx, poolId));
  const { price0, price1, from, to } = averageOf(ctx, known, windowSeconds);
  return { price0: price0.toString(), price1: price1.toString(), from, to };
}

export function token(keeper: TokenpoolKeeper, ctx: Read, { denom }: Request<"Token">) {
  const known = found(() => tokenOf(ctx, denom));
  const { anchorDenom } = keeper.params(ctx);
  const needed = worthOf(BigInt(known.supply), BigInt(known.rate));
  return {
    token: known,
    needed: coinToMessage({ denom: anchorDenom, amount: needed }),
    held: coinToMessage({ denom: anchorDenom, amount: keeper.vault(ctx) }),
  };
}

export function tokens(_keeper: TokenpoolKeeper, ctx: Read, { pagination }: Request<"Tokens">) {
  const { rows, page } = state.tokens.paginate(ctx, pagination);
  return { tokens: rows.map(([, row]) => row), pagination: page };
}

export function position(keeper: TokenpoolKeeper, ctx: Read, { poolId, address }: Request<"Position">) {
  const owner = accountField(ctx, "address", address);
  const { shares, redeemable } = found(() => positionIn(keeper, ctx, poolId, owner));
  return { shares: coinToMessage(shares), redeemable: coinsToMessages(redeemable) };
}

function routeRequest({ denomIn, denomOut, amountIn, amountOut }: Request<"Route">): RouteRequest {
  const isGiven = (amount: string): boolean => amount !== "" && amount !== "0";
  if (isGiven(amountIn) === isGiven(amountOut)) {
    throw sdkErrors.invalidRequest.because("one of amount_in and amount_out is given");
  }
  const other = isGiven(amountIn) ? denomOut : denomIn;
  if (!isValidDenom(other)) throw sdkErrors.invalidRequest.because(`${JSON.stringify(other)} is not a denomination`);
  if (isGiven(amountIn)) {
    return { kind: "exact in", input: positiveCoinField("amount_in", { denom: denomIn, amount: amountIn }), denomOut };
  }
  return {
    kind: "exact out",
    output: positiveCoinField("amount_out", { denom: denomOut, amount: amountOut }),
    denomIn,
  };
}

/** A query's answer, or NotFound for what there is not. */
function found<Answer>(read: () => Answer): Answer {
  return orStatus("NotFound", read, ABSENT);
}
