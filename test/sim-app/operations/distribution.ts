/** Rewards: taken, sent elsewhere, given away. Owns the choice. */
import type { Operation } from "../operation.ts";
import { DENOM, OTHER_DENOM } from "../world.ts";

export const distributionOperations: readonly Operation[] = [
  {
    name: "distribution.WithdrawDelegatorReward",
    weight: 8,
    plan: (world) => {
      const owner = world.ownerOf((name) => world.delegationsOf(name));
      if (owner === undefined) return undefined;
      const value = { delegatorAddress: world.address(owner.from), validatorAddress: owner.thing.operator };
      return { from: owner.from, message: ["cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", value] };
    },
  },
  {
    name: "distribution.WithdrawValidatorCommission",
    weight: 3,
    plan: (world) => {
      const validatorAddress = world.someValidator()?.operatorAddress;
      const from = validatorAddress && world.nameOf(validatorAddress);
      if (validatorAddress === undefined || from === undefined) return undefined;
      return { from, message: ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", { validatorAddress }] };
    },
  },
  {
    name: "distribution.SetWithdrawAddress",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      const withdrawAddress = world.address(world.random.pick(world.people));
      const value = { delegatorAddress: world.address(from), withdrawAddress };
      return { from, message: ["cosmos.distribution.v1beta1.MsgSetWithdrawAddress", value] };
    },
  },
  {
    name: "distribution.FundCommunityPool",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      const amount = [DENOM, OTHER_DENOM]
        .filter(() => world.random.chance(0.6))
        .map((denom) => world.coin(world.amount(world.spendable(from, denom) / 1000n), denom));
      if (amount.length === 0) return undefined;
      const value = { amount, depositor: world.address(from) };
      return { from, message: ["cosmos.distribution.v1beta1.MsgFundCommunityPool", value] };
    },
  },
  {
    name: "distribution.DepositValidatorRewardsPool",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      const validatorAddress = world.someValidator()?.operatorAddress;
      if (validatorAddress === undefined) return undefined;
      const denom = world.random.chance(0.5) ? DENOM : OTHER_DENOM;
      const amount = [world.coin(world.amount(world.spendable(from, denom) / 1000n), denom)];
      const value = { depositor: world.address(from), validatorAddress, amount };
      return { from, message: ["cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool", value] };
    },
  },
];
