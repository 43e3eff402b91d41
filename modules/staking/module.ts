// Owns: the definition of the staking module: validators, delegations and the updates of the validator set. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, trackHistoricalInfo, validateGenesis } from "./genesis.ts";
import * as invariants from "./invariants.ts";
import { StakingKeeper, type StakingUses } from "./keeper/keeper.ts";
import { endBlock } from "./keeper/validator-set.ts";
import * as msgs from "./msgs.ts";
import * as queries from "./queries.ts";
import { BONDED_POOL, NOT_BONDED_POOL, state } from "./state.ts";

export const staking = defineModule({
  name: "staking",
  proto: "cosmos.staking.v1beta1",
  version: 5,
  state,
  errors,
  keeper: (uses: StakingUses) => new StakingKeeper(uses),
  accounts: { [BONDED_POOL]: ["burner", "staking"], [NOT_BONDED_POOL]: ["burner", "staking"] },
  msgs: {
    CreateValidator: msgs.createValidator,
    EditValidator: msgs.editValidator,
    Delegate: msgs.delegate,
    Undelegate: msgs.undelegate,
    BeginRedelegate: msgs.beginRedelegate,
    CancelUnbondingDelegation: msgs.cancelUnbondingDelegation,
    UpdateParams: msgs.updateParams,
  },
  queries: {
    Validators: queries.validators,
    Validator: queries.validator,
    ValidatorDelegations: queries.validatorDelegations,
    ValidatorUnbondingDelegations: queries.validatorUnbondingDelegations,
    Delegation: queries.delegation,
    UnbondingDelegation: queries.unbondingDelegation,
    DelegatorDelegations: queries.delegatorDelegations,
    DelegatorUnbondingDelegations: queries.delegatorUnbondingDelegations,
    Redelegations: queries.redelegations,
    DelegatorValidators: queries.delegatorValidators,
    DelegatorValidator: queries.delegatorValidator,
    HistoricalInfo: queries.historicalInfo,
    Pool: queries.pool,
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
  },
  genesis: { default: defaultGenesis, validate: validateGenesis, init: initGenesis, export: exportGenesis },
  beginBlock: trackHistoricalInfo,
  endBlock,
  invariants: { ...invariants },
  cli: {
    Delegate: { args: ["validatorAddress", "amount"] },
    Undelegate: { args: ["validatorAddress", "amount"], name: "unbond" },
    BeginRedelegate: { args: ["validatorSrcAddress", "validatorDstAddress", "amount"], name: "redelegate" },
    CancelUnbondingDelegation: { args: ["validatorAddress", "amount", "creationHeight"], name: "cancel-unbond" },
    Redelegations: {
      args: ["delegatorAddr", "srcValidatorAddr", "dstValidatorAddr"],
      optionalArgs: 2,
      name: "redelegation",
      aliases: ["redelegations"],
    },
    Validator: { args: ["validatorAddr"] },
    ValidatorDelegations: { args: ["validatorAddr"], name: "delegations-to" },
    ValidatorUnbondingDelegations: { args: ["validatorAddr"], name: "unbonding-delegations-from" },
    Delegation: { args: ["delegatorAddr", "validatorAddr"] },
    UnbondingDelegation: { args: ["delegatorAddr", "validatorAddr"] },
    DelegatorDelegations: { args: ["delegatorAddr"], name: "delegations" },
    DelegatorUnbondingDelegations: { args: ["delegatorAddr"], name: "unbonding-delegations" },
    DelegatorValidators: { args: ["delegatorAddr"] },
    DelegatorValidator: { args: ["delegatorAddr", "validatorAddr"] },
    HistoricalInfo: { args: ["height"] },
  },
});
