// Owns: dividing what a block collected: the tax to the community, the rest to the validators that should have signed the block before, by their
// power, and of that to each one's commission and its delegators (x/distribution/keeper/allocation.go). Does not own: what collects (bank, mint).

import type { BlockWrite, Write } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import {
  addDecCoins,
  type DecCoin,
  decCoinsFromCoins,
  decCoinsToMessages,
  formatDecCoins,
  mulDecCoins,
  mulDecCoinsTruncate,
  subDecCoins,
} from "../../../chain/types/dec-coin.ts";
import { state } from "../state.ts";
import { DISTRIBUTION, type DistributionKeeper } from "./keeper.ts";
import { currentRewards } from "./periods.ts";

/** At the beginning of a block: divides what the block before collected, and remembers who proposed this one. */
export function divideFees(keeper: DistributionKeeper, ctx: BlockWrite): void {
  // The first block has none before it.
  if (ctx.height > 1n) allocate(keeper, ctx);
  state.previousProposer.set(ctx, { value: ctx.block.proposerAddress });
}

function allocate(keeper: DistributionKeeper, ctx: BlockWrite): void {
  const { votes } = ctx.block.lastCommit;
  const totalPower = votes.reduce((sum, { validator }) => sum + validator.power, 0n);
  const fees = keeper.bank.balances(ctx, keeper.accounts.moduleAddress(keeper.feeCollector));
  keeper.bank.sendBetweenModules(ctx, keeper.feeCollector, DISTRIBUTION, fees);
  const collected = decCoinsFromCoins(fees);
  let remaining = collected;
  if (totalPower > 0n) {
    const forValidators = mulDecCoinsTruncate(collected, Dec.one.sub(Dec.fromWire(keeper.params(ctx).communityTax)));
    for (const { validator: vote } of votes) {
      const operator = keeper.staking.operatorByConsensusAddress(ctx, vote.address);
      // One that was removed since has no delegators: its part is everybody's.
      if (operator === undefined) continue;
      const part = Dec.fromInt(vote.power).quoTruncate(Dec.fromInt(totalPower));
      const reward = mulDecCoinsTruncate(forValidators, part);
      allocateToValidator(keeper, ctx, operator, reward);
      remaining = subDecCoins(remaining, reward);
    }
  }
  if (remaining.length > 0) keeper.addToCommunityPool(ctx, remaining);
}

/** Divides coins that the module holds between a validator's commission and its delegators. */
export function allocateToValidator(
  keeper: DistributionKeeper,
  ctx: Write,
  operator: Uint8Array,
  tokens: readonly DecCoin[],
): void {
  const validator = keeper.staking.validator(ctx, operator);
  const { operatorAddress } = validator;
  const commission = mulDecCoins(tokens, Dec.fromWire(validator.commission.commissionRates.rate));
  ctx.emit("commission", [
    ["amount", formatDecCoins(commission)],
    ["validator", operatorAddress],
  ]);
  ctx.emit("rewards", [
    ["amount", formatDecCoins(tokens)],
    ["validator", operatorAddress],
  ]);
  if (tokens.length === 0) return;
  keeper.setCommission(ctx, operator, addDecCoins(keeper.commission(ctx, operator), commission));
  const { rewards, period } = currentRewards(ctx, operator);
  const shared = addDecCoins(rewards, subDecCoins(tokens, commission));
  state.currentRewards.set(ctx, operator, { rewards: decCoinsToMessages(shared), period });
  keeper.setOutstanding(ctx, operator, addDecCoins(keeper.outstanding(ctx, operator), tokens));
}
