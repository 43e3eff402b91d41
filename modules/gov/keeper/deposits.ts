// Owns: deposits: what is accepted, keeping them, giving them back, burning them, charging them when a proposal is cancelled
// (x/gov/keeper/deposit.go). Does not own: when that happens (proposals.ts, end-block.ts).

import type { Read, Write } from "../../../chain/module/context.ts";
import { sdkErrors, uncodedError } from "../../../chain/module/errors.ts";
import {
  addCoins,
  amountOf,
  areValidCoins,
  type Coin,
  coinsFromMessages,
  coinsToMessages,
  formatCoin,
  formatCoins,
  isAllGte,
} from "../../../chain/types/coin.ts";
import { Dec, DecError } from "../../../chain/types/dec.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { V1ProposalStatus as Status } from "../../../proto/enums.gen.ts";
import { errors } from "../errors.ts";
import { type Deposit, GOV_ACCOUNT, type Params, state } from "../state.ts";
import { type GovKeeper, isOpen, minDepositOf } from "./keeper.ts";

/** A part of an amount. Throws undefined/1 when it is more than a decimal can hold. */
function partOf(amount: bigint, ratio: Dec): Dec {
  try {
    return Dec.fromInt(amount).mul(ratio);
  } catch (error) {
    if (error instanceof DecError) throw uncodedError(error.message);
    throw error;
  }
}

/** Throws sdk/10 for coins that are malformed, and gov/16 for less than a proposer must deposit at once. */
export function requireInitialDeposit(params: Params, coins: readonly Coin[], expedited: boolean): void {
  if (!areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
  const ratio = Dec.parse(params.minInitialDepositRatio);
  if (ratio.isZero()) return;
  const needed = minDepositOf(params, expedited).map(({ denom, amount }) => ({
    denom,
    amount: partOf(amount, ratio).roundInt(),
  }));
  if (!isAllGte(coins, needed)) {
    throw errors.minDepositTooSmall.because(`was (${formatCoins(coins)}), need (${formatCoins(needed)})`);
  }
}

/** Throws gov/23 for a coin that may not be deposited. */
export function requireDepositDenoms(params: Params, coins: readonly Coin[]): void {
  const accepted = params.minDeposit.map(({ denom }) => denom);
  if (coins.every(({ denom }) => accepted.includes(denom))) return;
  throw errors.invalidDepositDenom.because(
    `deposited ${formatCoins(coins)}, but gov accepts only the following denom(s): [${accepted.join(" ")}]`,
  );
}

/** Throws gov/16 unless one of the coins reaches its part of the minimum. */
function requireDepositRatio(params: Params, minimum: readonly Coin[], coins: readonly Coin[]): void {
  const ratio = Dec.parse(params.minDepositRatio);
  if (ratio.isZero()) return;
  const thresholds: Coin[] = [];
  for (const { denom, amount } of minimum) {
    const threshold = { denom, amount: partOf(amount, ratio).truncateInt() };
    thresholds.push(threshold);
    const deposited = amountOf(coins, denom);
    if (deposited > 0n && deposited >= threshold.amount) return;
  }
  throw errors.minDepositTooSmall.because(
    `received ${formatCoins(coins)} but need at least one of the following: ${thresholds.map(formatCoin).join(",")}`,
  );
}

/** Takes a deposit, and says whether voting began with it. Throws when the proposal takes none, or not this. */
export function addDeposit(
  keeper: GovKeeper,
  ctx: Write,
  proposalId: bigint,
  depositor: Uint8Array,
  coins: readonly Coin[],
): boolean {
  const before = keeper.proposal(ctx, proposalId);
  if (!isOpen(before)) throw errors.inactiveProposal.because(proposalId.toString());
  const params = keeper.params(ctx);
  const minimum = minDepositOf(params, before.expedited);
  requireDepositDenoms(params, coins);
  requireDepositRatio(params, minimum, coins);
  keeper.uses.bank.sendToModule(ctx, depositor, GOV_ACCOUNT, coins);
  const total = addCoins(coinsFromMessages(before.totalDeposit), coins);
  const proposal = { ...before, totalDeposit: coinsToMessages(total) };
  keeper.saveProposal(ctx, proposal);
  const begins = proposal.status === Status.PROPOSAL_STATUS_DEPOSIT_PERIOD && isAllGte(total, minimum);
  if (begins) keeper.beginVote(ctx, proposal);
  const held = state.deposits.get(ctx, [proposalId, depositor]);
  const amount = addCoins(held === undefined ? [] : coinsFromMessages(held.amount), coins);
  const text = ctx.addresses.account(depositor);
  ctx.emit("proposal_deposit", [
    ["depositor", text],
    ["amount", formatCoins(coins)],
    ["proposal_id", proposalId.toString()],
  ]);
  state.deposits.set(ctx, [proposalId, depositor], { proposalId, depositor: text, amount: coinsToMessages(amount) });
  return begins;
}

/** The deposits on a proposal, in the order of the depositors' addresses. */
function depositsOn(ctx: Read, proposalId: bigint): readonly (readonly [depositor: Uint8Array, deposit: Deposit])[] {
  return [...state.deposits.iterate(ctx, { prefix: proposalId })].map(([[, who], deposit]) => [who, deposit]);
}

/** Gives every depositor back what it deposited. */
export function refundDeposits(keeper: GovKeeper, ctx: Write, proposalId: bigint): void {
  for (const [depositor, { amount }] of depositsOn(ctx, proposalId)) {
    keeper.uses.bank.sendFromModule(ctx, GOV_ACCOUNT, depositor, coinsFromMessages(amount));
    state.deposits.delete(ctx, [proposalId, depositor]);
  }
}

/** Destroys what was deposited. */
export function burnDeposits(keeper: GovKeeper, ctx: Write, proposalId: bigint): void {
  let burnt: readonly Coin[] = [];
  for (const [depositor, { amount }] of depositsOn(ctx, proposalId)) {
    burnt = addCoins(burnt, coinsFromMessages(amount));
    state.deposits.delete(ctx, [proposalId, depositor]);
  }
  keeper.uses.bank.burn(ctx, GOV_ACCOUNT, burnt);
}

/** Keeps the part of the deposits that cancelling costs, rounded down for each of them, and gives the rest back. */
export function chargeDeposits(keeper: GovKeeper, ctx: Write, proposalId: bigint, params: Params): void {
  const ratio = Dec.parse(params.proposalCancelRatio);
  const { bank, distribution, accounts } = keeper.uses;
  let charges: readonly Coin[] = [];
  for (const [depositor, deposit] of depositsOn(ctx, proposalId)) {
    let rest: readonly Coin[] = [];
    for (const { denom, amount } of coinsFromMessages(deposit.amount)) {
      const charge = partOf(amount, ratio).truncateInt();
      if (charge > 0n) charges = addCoins(charges, [{ denom, amount: charge }]);
      if (amount > charge) rest = addCoins(rest, [{ denom, amount: amount - charge }]);
    }
    if (rest.length > 0) bank.sendFromModule(ctx, GOV_ACCOUNT, depositor, rest);
    state.deposits.delete(ctx, [proposalId, depositor]);
  }
  if (charges.length === 0) return;
  const destination = params.proposalCancelDest;
  if (destination === "") bank.burn(ctx, GOV_ACCOUNT, charges);
  else {
    const account = ctx.addresses.parseAccount(destination);
    if (equalBytes(account, accounts.moduleAddress("distribution"))) {
      distribution.fundCommunityPool(ctx, charges, accounts.moduleAddress(GOV_ACCOUNT));
    } else bank.sendFromModule(ctx, GOV_ACCOUNT, account, charges);
  }
}
