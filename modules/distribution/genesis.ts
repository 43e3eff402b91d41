// Owns: distribution's genesis (x/distribution/keeper/genesis.go). Does not own: the records' meaning.

import type { Read, Write } from "../../chain/module/context.ts";
import { equalCoins, formatCoins } from "../../chain/types/coin.ts";
import { addDecCoins, decCoinsFromMessages, truncateDecCoins } from "../../chain/types/dec-coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { DISTRIBUTION, type DistributionKeeper } from "./keeper/keeper.ts";
import { DEFAULT_PARAMS, state, validateParams } from "./state.ts";

type GenesisState = Messages["cosmos.distribution.v1beta1.GenesisState"];

const NOBODY = new Uint8Array(0);

export function defaultGenesis() {
  return { params: DEFAULT_PARAMS, feePool: { communityPool: [] } };
}

/** Throws for a tax out of range and a community pool below zero. */
export function validateGenesis({ params, feePool }: GenesisState): void {
  validateParams(params);
  const pool = decCoinsFromMessages(feePool.communityPool);
  if (pool.some(({ amount }) => amount.isNegative()))
    throw new Error("negative CommunityPool in distribution fee pool");
}

/** Writes the state and checks that the module holds what it owes. Before staking, which tells of its validators. */
export function initGenesis(keeper: DistributionKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  const { addresses } = ctx;
  state.feePool.set(ctx, genesis.feePool);
  state.params.set(ctx, genesis.params);
  for (const { delegatorAddress, withdrawAddress } of genesis.delegatorWithdrawInfos)
    state.withdrawAddresses.set(ctx, addresses.parseAccount(delegatorAddress), addresses.parseAccount(withdrawAddress));
  const proposer = genesis.previousProposer === "" ? NOBODY : addresses.parseConsensus(genesis.previousProposer);
  state.previousProposer.set(ctx, { value: proposer });
  let owed = decCoinsFromMessages(genesis.feePool.communityPool);
  for (const { validatorAddress, outstandingRewards } of genesis.outstandingRewards) {
    state.outstandingRewards.set(ctx, addresses.parseValidator(validatorAddress), { rewards: outstandingRewards });
    owed = addDecCoins(owed, decCoinsFromMessages(outstandingRewards));
  }
  for (const { validatorAddress, accumulated } of genesis.validatorAccumulatedCommissions)
    state.commissions.set(ctx, addresses.parseValidator(validatorAddress), accumulated);
  for (const { validatorAddress, period, rewards } of genesis.validatorHistoricalRewards)
    state.historicalRewards.set(ctx, [addresses.parseValidator(validatorAddress), period], rewards);
  for (const { validatorAddress, rewards } of genesis.validatorCurrentRewards)
    state.currentRewards.set(ctx, addresses.parseValidator(validatorAddress), rewards);
  for (const { delegatorAddress, validatorAddress, startingInfo } of genesis.delegatorStartingInfos) {
    const at = [addresses.parseValidator(validatorAddress), addresses.parseAccount(delegatorAddress)] as const;
    state.startingInfos.set(ctx, at, startingInfo);
  }
  for (const { validatorAddress, height, period, validatorSlashEvent } of genesis.validatorSlashEvents)
    state.slashEvents.set(ctx, [addresses.parseValidator(validatorAddress), height, period], validatorSlashEvent);
  const { coins } = truncateDecCoins(owed);
  const held = keeper.bank.balances(ctx, keeper.accounts.ensureModuleAccount(ctx, DISTRIBUTION));
  if (!equalCoins(held, coins))
    throw new Error(
      `distribution module balance does not match the module holdings: ${formatCoins(held)} <-> ${formatCoins(coins)}`,
    );
}

export function exportGenesis(keeper: DistributionKeeper, ctx: Read) {
  const { addresses } = ctx;
  const proposer = state.previousProposer.get(ctx)?.value ?? NOBODY;
  return {
    params: keeper.params(ctx),
    feePool: state.feePool.get(ctx) ?? { communityPool: [] },
    delegatorWithdrawInfos: [...state.withdrawAddresses.iterate(ctx)].map(([delegator, to]) => ({
      delegatorAddress: addresses.account(delegator),
      withdrawAddress: addresses.account(to),
    })),
    previousProposer: proposer.length === 0 ? "" : addresses.consensus(proposer),
    outstandingRewards: [...state.outstandingRewards.iterate(ctx)].map(([operator, { rewards }]) => ({
      validatorAddress: addresses.validator(operator),
      outstandingRewards: rewards,
    })),
    validatorAccumulatedCommissions: [...state.commissions.iterate(ctx)].map(([operator, accumulated]) => ({
      validatorAddress: addresses.validator(operator),
      accumulated,
    })),
    validatorHistoricalRewards: [...state.historicalRewards.iterate(ctx)].map(([[operator, period], rewards]) => ({
      validatorAddress: addresses.validator(operator),
      period,
      rewards,
    })),
    validatorCurrentRewards: [...state.currentRewards.iterate(ctx)].map(([operator, rewards]) => ({
      validatorAddress: addresses.validator(operator),
      rewards,
    })),
    delegatorStartingInfos: [...state.startingInfos.iterate(ctx)].map(([[operator, delegator], startingInfo]) => ({
      delegatorAddress: addresses.account(delegator),
      validatorAddress: addresses.validator(operator),
      startingInfo,
    })),
    validatorSlashEvents: [...state.slashEvents.iterate(ctx)].map(
      ([[operator, height, period], validatorSlashEvent]) => ({
        validatorAddress: addresses.validator(operator),
        height,
        period,
        validatorSlashEvent,
      }),
    ),
  };
}
