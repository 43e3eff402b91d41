// Owns: the definition of the distribution module: rewards of validators and delegators, and the community pool. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import * as invariants from "./invariants.ts";
import { divideFees } from "./keeper/allocation.ts";
import { DISTRIBUTION, DistributionKeeper, type DistributionUses } from "./keeper/keeper.ts";
import * as msgs from "./msgs.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const distribution = defineModule({
  name: DISTRIBUTION,
  proto: "cosmos.distribution.v1beta1",
  version: 3,
  state,
  errors,
  keeper: (uses: DistributionUses) => new DistributionKeeper(uses),
  accounts: { [DISTRIBUTION]: [] },
  msgs: {
    SetWithdrawAddress: msgs.setWithdrawAddress,
    WithdrawDelegatorReward: msgs.withdrawDelegatorReward,
    WithdrawValidatorCommission: msgs.withdrawValidatorCommission,
    FundCommunityPool: msgs.fundCommunityPool,
    UpdateParams: msgs.updateParams,
    CommunityPoolSpend: msgs.communityPoolSpend,
    DepositValidatorRewardsPool: msgs.depositValidatorRewardsPool,
  },
  queries: {
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    ValidatorDistributionInfo: queries.validatorDistributionInfo,
    ValidatorOutstandingRewards: queries.validatorOutstandingRewards,
    ValidatorCommission: queries.validatorCommission,
    ValidatorSlashes: queries.validatorSlashes,
    DelegationRewards: queries.delegationRewards,
    DelegationTotalRewards: queries.delegationTotalRewards,
    DelegatorValidators: queries.delegatorValidators,
    DelegatorWithdrawAddress: queries.delegatorWithdrawAddress,
    CommunityPool: queries.communityPool,
  },
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  beginBlock: divideFees,
  invariants: { ...invariants },
  cli: {
    SetWithdrawAddress: { args: ["withdrawAddress"], name: "set-withdraw-addr" },
    WithdrawDelegatorReward: { args: ["validatorAddress"], name: "withdraw-rewards" },
    WithdrawValidatorCommission: { args: ["validatorAddress"] },
    FundCommunityPool: { args: ["amount"] },
    DepositValidatorRewardsPool: { args: ["validatorAddress", "amount"], name: "fund-validator-rewards-pool" },
    ValidatorDistributionInfo: { args: ["validatorAddress"] },
    ValidatorOutstandingRewards: { args: ["validatorAddress"] },
    ValidatorCommission: { args: ["validatorAddress"], name: "commission" },
    ValidatorSlashes: { args: ["validatorAddress", "startingHeight", "endingHeight"], name: "slashes" },
    DelegationRewards: { args: ["delegatorAddress", "validatorAddress"], name: "rewards-by-validator" },
    DelegationTotalRewards: { args: ["delegatorAddress"], name: "rewards" },
    DelegatorValidators: { args: ["delegatorAddress"] },
    DelegatorWithdrawAddress: { args: ["delegatorAddress"] },
  },
});
