// Owns: what must hold of proposals and deposits after every block. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { addCoins, type Coin, coinsFromMessages, equalCoins, formatCoins, isAllGte } from "../../chain/types/coin.ts";
import { V1ProposalStatus as Status } from "../../proto/enums.gen.ts";
import { type GovKeeper, isOpen } from "./keeper/keeper.ts";
import { GOV_ACCOUNT, state } from "./state.ts";

/** The account holds what is deposited, and each open proposal's total is the sum of the deposits on it; no other has any. */
export function depositsAreHeld(keeper: GovKeeper, ctx: Read): string | undefined {
  const byProposal = new Map<bigint, readonly Coin[]>();
  let total: readonly Coin[] = [];
  for (const [[id], { amount }] of state.deposits.iterate(ctx)) {
    const coins = coinsFromMessages(amount);
    total = addCoins(total, coins);
    byProposal.set(id, addCoins(byProposal.get(id) ?? [], coins));
  }
  for (const [id, proposal] of state.proposals.iterate(ctx)) {
    const deposited = byProposal.get(id) ?? [];
    byProposal.delete(id);
    const stated = isOpen(proposal) ? coinsFromMessages(proposal.totalDeposit) : [];
    if (!equalCoins(deposited, stated))
      return `proposal ${id} has deposits of ${formatCoins(deposited)}, not ${formatCoins(stated)}`;
  }
  for (const [id] of byProposal) return `there are deposits on proposal ${id}, which is gone`;
  const held = keeper.uses.bank.balances(ctx, keeper.uses.accounts.moduleAddress(GOV_ACCOUNT));
  return isAllGte(held, total) ? undefined : `${formatCoins(total)} are deposited, but ${formatCoins(held)} held`;
}

/** Every proposal that waits stands in its queue, once, and nothing else does; votes are on proposals that are voted on. */
export function queuesAreComplete(_keeper: GovKeeper, ctx: Read): string | undefined {
  let [waiting, voted] = [0, 0];
  for (const [id, { status, depositEndTime, votingEndTime }] of state.proposals.iterate(ctx)) {
    if (status === Status.PROPOSAL_STATUS_DEPOSIT_PERIOD) {
      waiting += 1;
      if (depositEndTime === undefined || !state.inactiveQueue.has(ctx, [depositEndTime, id]))
        return `proposal ${id} is missing from the queue of those that wait for deposits`;
    }
    if (status === Status.PROPOSAL_STATUS_VOTING_PERIOD) {
      voted += 1;
      if (votingEndTime === undefined || !state.activeQueue.has(ctx, [votingEndTime, id]))
        return `proposal ${id} is missing from the queue of those that are voted on`;
      if (!state.votingPeriodProposals.has(ctx, id)) return `proposal ${id} is not marked as voted on`;
    }
  }
  const counts = [
    ["wait for deposits", [...state.inactiveQueue.keys(ctx)].length, waiting],
    ["are voted on", [...state.activeQueue.keys(ctx)].length, voted],
    ["are marked as voted on", [...state.votingPeriodProposals.keys(ctx)].length, voted],
  ] as const;
  for (const [what, found, expected] of counts)
    if (found !== expected) return `${found} proposals ${what} by their queue, ${expected} by themselves`;
  for (const [id] of state.votes.keys(ctx))
    if (!state.votingPeriodProposals.has(ctx, id)) return `there are votes on proposal ${id}, which is not voted on`;
  return undefined;
}
