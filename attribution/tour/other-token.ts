/** Owns the tour's use that is paid in another token: bought along the best route of pools, and settled as any use. */
import type { TourContext } from "./context.ts";
import { check, PRICE, TourError } from "./context.ts";
import type { Ground } from "./ground.ts";
import { PROMPTS } from "./prompts.ts";
import type { OtherTokenResult } from "./report.ts";
import { openUses, settleUses } from "./uses.ts";

/** What a user allows above the quote, in hundredths: others may trade in between. */
const SLIPPAGE = 2n;

export async function payInAnotherToken(tour: TourContext, ground: Ground): Promise<OtherTokenResult> {
  const { session, user, say } = tour;
  const { pool } = await session.query("tributary.tokenpool.v1.Query/Pool", { poolId: ground.poolId });
  const denom = pool.denom0 === PRICE.denom ? pool.denom1 : pool.denom0;
  const wanted = { denomIn: denom, denomOut: PRICE.denom, amountOut: PRICE.amount };
  const { poolIds, amountIn } = await session.query("tributary.tokenpool.v1.Query/Route", wanted);
  const most = { denom, amount: ((BigInt(amountIn.amount) * (100n + SLIPPAGE)) / 100n).toString() };
  const balance = async (): Promise<bigint> => BigInt((await user.client.getBalance(user.address, denom)).amount);
  const before = await balance();
  if (before < BigInt(most.amount))
    throw new TourError(`${user.name} needs ${most.amount}${denom} to pay for a use with`);
  const [answer] = await openUses(tour, ground, [PROMPTS[0]!], most);
  const { useId } = answer!;
  const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId });
  const spent = before - (await balance());
  check(
    use.paid?.amount === spent.toString(),
    `use ${useId} says that ${use.paid?.amount}${denom} were paid, ${spent} were`,
  );
  check(spent <= BigInt(most.amount), `use ${useId} took ${spent} of at most ${most.amount}${denom}`);
  const [payout] = await settleUses(tour, [answer!]);
  const { fee } = payout!;
  check(
    fee.denom === PRICE.denom && fee.amount === PRICE.amount,
    `use ${useId} cost its price, ${PRICE.amount}${PRICE.denom}`,
  );
  say(
    `${user.name} paid ${spent}${denom} for use ${useId}: pools bought the ${fee.amount}${fee.denom} that were divided`,
  );
  return {
    ...{ useId: useId.toString(), paid: { denom, amount: spent.toString() } },
    ...{ fee: { denom: fee.denom, amount: fee.amount }, poolIds: poolIds.map(String) },
  };
}
