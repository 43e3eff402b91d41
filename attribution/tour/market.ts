/** Owns the tour's market: shares of the model bought and sold on its curve, the model backed, a creator's token traded. */
import { nativeMessage } from "../../client/registry.ts";
import { CurveKind } from "../../proto/enums.gen.ts";
import type { Party } from "../chain-session.ts";
import { check, PRICE, sent, type TourContext } from "./context.ts";
import type { Ground } from "./ground.ts";
import type { MarketResult } from "./report.ts";

/** The curve's first share costs two units, each one more a thousandth: prices are times 10^12. */
const CURVE = { base: 2_000_000_000_000n, slope: 1_000_000_000n, blockBuyCap: 1_000_000n };
const SHARES_BOUGHT = 2_000n;
const SHARES_SOLD = 500n;
const BACKING = "5000000";
const TOKEN_NAME = "notes";
/** What a million units of the token cost. */
const TOKEN_RATE = "250000";
const TOKENS_MADE = 4_000_000n;
const TOKENS_POOLED = 3_000_000n;
/** A little above what the pooled tokens cost, so that the pool asks more than the anchor. */
const PAID_INTO_POOL = "900000";
const PAID_FOR_TOKENS = "100000";
const SECONDS_TO_TRADE = 60n;

/** All of it. What an earlier tour opened is used again. */
export async function tradeOnMarket(tour: TourContext, ground: Ground): Promise<MarketResult> {
  return { ...(await tradeShares(tour, ground.model.id)), token: await tradeToken(tour) };
}

/** The owner opens a curve; the user buys shares, sells some back and backs the model. */
async function tradeShares(tour: TourContext, modelId: bigint): Promise<Pick<MarketResult, "shares" | "backing">> {
  const { session, owner, user, say } = tour;
  const known = await session.find("tributary.model.v1.Query/Curve", { modelId });
  if (known === undefined) {
    const curve = {
      ...{ owner: owner.address, modelId, kind: CurveKind.CURVE_KIND_LINEAR },
      ...{ base: CURVE.base.toString(), slope: CURVE.slope.toString(), blockBuyCap: CURVE.blockBuyCap.toString() },
      ...{ virtualReserve: "0", virtualShares: "0", saleShares: "0" },
    };
    await session.send(owner, [nativeMessage("tributary.model.v1.MsgOpenCurve", curve)]);
    say(`${owner.name} opened a curve for shares of model ${modelId}`);
  }
  const quote = await session.query("tributary.model.v1.Query/QuoteBuy", { modelId, shares: SHARES_BOUGHT.toString() });
  const bought = await sent(tour, user, "tributary.model.v1.MsgBuyShares", "tributary.model.v1.MsgBuySharesResponse", {
    ...{ buyer: user.address, modelId, shares: SHARES_BOUGHT.toString(), maxCost: quote.cost },
    deadline: await deadlineOf(tour),
  });
  const sold = await sent(tour, user, "tributary.model.v1.MsgSellShares", "tributary.model.v1.MsgSellSharesResponse", {
    ...{ seller: user.address, modelId, shares: SHARES_SOLD.toString(), minPayout: { ...PRICE, amount: "1" } },
    deadline: await deadlineOf(tour),
  });
  const { curve } = await session.query("tributary.model.v1.Query/Curve", { modelId });
  const supply = BigInt(known?.curve.supply ?? 0) + SHARES_BOUGHT - SHARES_SOLD;
  check(BigInt(curve.supply) === supply, `${curve.supply} of ${supply} shares of model ${modelId} are out`);
  check(BigInt(curve.reserve) >= costOf(supply), `the curve's reserve of ${curve.reserve} covers its shares`);
  const { cost } = bought;
  say(
    `${user.name} bought ${SHARES_BOUGHT} shares for ${cost.amount}${cost.denom} and sold ${SHARES_SOLD} for ${sold.payout.amount}`,
  );
  const amount = { denom: PRICE.denom, amount: BACKING };
  const backed = await sent(tour, user, "tributary.model.v1.MsgBack", "tributary.model.v1.MsgBackResponse", {
    ...{ backer: user.address, modelId, amount },
  });
  say(`${user.name} backed model ${modelId} with ${BACKING}${PRICE.denom}, which earns from the next epoch on`);
  const shares = {
    ...{
      bought: SHARES_BOUGHT.toString(),
      cost: cost.amount,
      sold: SHARES_SOLD.toString(),
      payout: sold.payout.amount,
    },
    reserve: curve.reserve,
  };
  return { shares, backing: { amount: BACKING, shares: backed.shares } };
}

/** What shares cost from none on, rounded down: base·s + slope·s·(s − 1)/2, in parts of 10^12. */
function costOf(shares: bigint): bigint {
  return (CURVE.base * shares + (CURVE.slope * shares * (shares - 1n)) / 2n) / 1_000_000_000_000n;
}

/** A contributor's token: made at the anchor's rate, put in a pool, bought there by another, given back at the anchor. */
async function tradeToken(tour: TourContext): Promise<MarketResult["token"]> {
  const { session, contributors, user, say } = tour;
  const [creator, , , trader] = contributors as readonly [Party, Party, Party, Party];
  const denom = `creator/${creator.address}/${TOKEN_NAME}`;
  if ((await session.find("tributary.tokenpool.v1.Query/Token", { denom })) === undefined) {
    const token = { creator: creator.address, name: TOKEN_NAME, rate: TOKEN_RATE, rateFixed: true };
    await session.send(creator, [nativeMessage("tributary.tokenpool.v1.MsgCreateToken", token)]);
    say(`${creator.name} created a token anchored at ${TOKEN_RATE}${PRICE.denom} for a million units`);
  }
  const made = { denom, amount: TOKENS_MADE.toString() };
  const most = { denom: PRICE.denom, amount: ((TOKENS_MADE * BigInt(TOKEN_RATE)) / 1_000_000n).toString() };
  const { cost } = await sent(
    tour,
    user,
    "tributary.tokenpool.v1.MsgMintAnchored",
    "tributary.tokenpool.v1.MsgMintAnchoredResponse",
    {
      ...{ buyer: user.address, amount: made, maxCost: most },
    },
  );
  const poolId = await poolOf(tour, denom);
  const amountIn = { denom: PRICE.denom, amount: PAID_FOR_TOKENS };
  const { amountOut } = await sent(
    tour,
    trader,
    "tributary.tokenpool.v1.MsgSwapExactIn",
    "tributary.tokenpool.v1.MsgSwapExactInResponse",
    {
      ...{ trader: trader.address, poolId, amountIn, minOut: { denom, amount: "1" } },
      deadline: await deadlineOf(tour),
    },
  );
  const { received } = await sent(
    tour,
    trader,
    "tributary.tokenpool.v1.MsgRedeem",
    "tributary.tokenpool.v1.MsgRedeemResponse",
    {
      ...{ holder: trader.address, amount: amountOut },
    },
  );
  const worth = (BigInt(amountOut.amount) * BigInt(TOKEN_RATE)) / 1_000_000n;
  check(
    BigInt(received.amount) === worth,
    `${amountOut.amount} units gave ${received.amount}, the anchor says ${worth}`,
  );
  const { needed, token } = await session.query("tributary.tokenpool.v1.Query/Token", { denom });
  check(
    BigInt(token.reserve) >= BigInt(needed.amount),
    `the vault's ${token.reserve} backs all units, ${needed.amount}`,
  );
  say(
    `${trader.name} bought ${amountOut.amount} units of ${creator.name}'s token for ${PAID_FOR_TOKENS}${PRICE.denom} and gave them back for ${received.amount}`,
  );
  return {
    ...{ denom, made: made.amount, cost: cost.amount, paid: PAID_FOR_TOKENS },
    ...{ bought: amountOut.amount, redeemed: received.amount, reserve: token.reserve },
  };
}

/** The pool of a token: the one there is, or a new one of the user's. */
async function poolOf({ session, user }: TourContext, denom: string): Promise<bigint> {
  const find = async (): Promise<bigint | undefined> => {
    const { pools } = await session.query("tributary.tokenpool.v1.Query/Pools", {});
    return pools.find((pool) => [pool.denom0, pool.denom1].includes(denom))?.id;
  };
  const known = await find();
  if (known !== undefined) return known;
  const coins = {
    coinA: { denom, amount: TOKENS_POOLED.toString() },
    coinB: { denom: PRICE.denom, amount: PAID_INTO_POOL },
  };
  await session.send(user, [
    nativeMessage("tributary.tokenpool.v1.MsgCreatePool", { creator: user.address, ...coins }),
  ]);
  return (await find())!;
}

async function deadlineOf({ session }: TourContext): Promise<bigint> {
  return (await session.blockTime()) + SECONDS_TO_TRADE;
}
