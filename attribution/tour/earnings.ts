/** Owns what the tour's contributors do with their earnings: claim, swap, delegate, and claim once too often. */
import { nativeMessage } from "../../client/registry.ts";
import { decode } from "../../proto/codec.ts";
import type { Party } from "../chain-session.ts";
import { check, checkRefusal, feeAmountOf, PRICE, REFUSED_GAS, type TourContext, TourError } from "./context.ts";
import type { TourResult } from "./report.ts";

type Claim = TourResult["claims"][number];

/** How long a swap may wait for its block, in seconds. */
const SWAP_SECONDS = 60n;
const DELEGATION_GAS = 500_000;

/** One claims and swaps, one delegates, one is refused a second time, one is paid on another's word, one elsewhere. */
export async function spendEarnings(
  tour: TourContext,
  poolId: bigint,
): Promise<Pick<TourResult, "claims" | "swap" | "delegation" | "secondClaim">> {
  const { session, contributors, user, vault } = tour;
  const [trader, delegator, repeater, quiet, saver] = contributors as readonly [Party, Party, Party, Party, Party];
  const savings = { contributor: saver.address, payoutAddress: vault.address };
  await session.send(saver, [nativeMessage("tributary.datanet.v1.MsgSetPayoutAddress", savings)]);
  const claims = await Promise.all([
    claim(tour, trader, trader),
    claim(tour, delegator, delegator),
    claim(tour, repeater, repeater),
    claim(tour, user, quiet),
    claim(tour, saver, saver),
  ]);
  check(claims[4].payoutAddress === vault.address, `${saver.name} was paid at the address of ${vault.name}`);
  const again = nativeMessage("tributary.attribution.v1.MsgClaim", {
    sender: repeater.address,
    beneficiary: repeater.address,
  });
  const [swapped, delegation, secondClaim] = await Promise.all([
    swap(tour, trader, poolId, BigInt(claims[0].amount) / 2n),
    delegate(tour, delegator, BigInt(claims[1].amount)),
    session.sendRefused(repeater, again, REFUSED_GAS),
  ]);
  checkRefusal(secondClaim, "attribution", 13);
  tour.say(`${repeater.name} claimed a second time and was refused: ${secondClaim.log}`);
  return { claims, swap: swapped, delegation, secondClaim };
}

async function claim({ session, say }: TourContext, sender: Party, beneficiary: Party): Promise<Claim> {
  const { earnings } = await session.query("tributary.attribution.v1.Query/Earnings", {
    beneficiary: beneficiary.address,
  });
  const due = earnings.find(({ denom }) => denom === PRICE.denom)?.unclaimed;
  const message = { sender: sender.address, beneficiary: beneficiary.address };
  const { responses } = await session.send(sender, [nativeMessage("tributary.attribution.v1.MsgClaim", message)]);
  const { payoutAddress, paid } = decode("tributary.attribution.v1.MsgClaimResponse", responses[0]!.value);
  const amount = feeAmountOf(paid);
  check(amount === due, `${beneficiary.name} was paid ${amount} of ${due} unclaimed`);
  const how = sender === beneficiary ? "" : `, on the word of ${sender.name}`;
  const where = payoutAddress === beneficiary.address ? "" : ` at ${payoutAddress}`;
  say(`${beneficiary.name} was paid ${amount}${PRICE.denom}${where}${how}`);
  return { name: beneficiary.name, beneficiary: beneficiary.address, payoutAddress, sender: sender.address, amount };
}

async function swap(tour: TourContext, trader: Party, poolId: bigint, amount: bigint): Promise<TourResult["swap"]> {
  const { session, say } = tour;
  const paid = { denom: PRICE.denom, amount: amount.toString() };
  const request = { poolId, denomIn: paid.denom, amountIn: paid.amount };
  const quote = await session.query("tributary.tokenpool.v1.Query/QuoteExactIn", request);
  const least = (BigInt(quote.amountOut.amount) * 99n) / 100n;
  const minOut = { denom: quote.amountOut.denom, amount: least.toString() };
  const deadline = (await session.blockTime()) + SWAP_SECONDS;
  const message = { trader: trader.address, poolId, amountIn: paid, minOut, deadline };
  const { responses } = await session.send(trader, [nativeMessage("tributary.tokenpool.v1.MsgSwapExactIn", message)]);
  const { amountOut: received } = decode("tributary.tokenpool.v1.MsgSwapExactInResponse", responses[0]!.value);
  check(BigInt(received.amount) >= least, `the swap gave ${received.amount}, at least ${least} was asked for`);
  say(`${trader.name} swapped ${paid.amount}${paid.denom} for ${received.amount}${received.denom}`);
  return { name: trader.name, paid, received };
}

async function delegate(tour: TourContext, delegator: Party, amount: bigint): Promise<TourResult["delegation"]> {
  const [validator] = await tour.session.validators();
  if (validator === undefined) throw new TourError("there is no bonded validator");
  const { address, client, name } = delegator;
  const coin = { denom: PRICE.denom, amount: amount.toString() };
  const before = await client.getDelegation(address, validator);
  const { code, rawLog } = await client.delegateTokens(address, validator, coin, tour.session.feeFor(DELEGATION_GAS));
  check(code === 0, `${name} delegates: ${rawLog}`);
  const after = await client.getDelegation(address, validator);
  const added = BigInt(after?.amount ?? 0) - BigInt(before?.amount ?? 0);
  check(added === amount, `the delegation grew by ${added} of ${amount}`);
  tour.say(`${name} delegated ${coin.amount}${coin.denom} to ${validator}`);
  return { name, validator, amount: coin };
}
