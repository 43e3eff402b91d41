// Owns: the definition of the vesting module: making accounts whose coins come free over time. Version as the SDK's 0.53. It stores nothing: the
// accounts are auth's.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { VestingKeeper, type VestingUses } from "./keeper.ts";
import { createPeriodicVestingAccount, createPermanentLockedAccount, createVestingAccount } from "./msgs.ts";

export const vesting = defineModule({
  name: "vesting",
  proto: "cosmos.vesting.v1beta1",
  version: 1,
  errors,
  keeper: (uses: VestingUses) => new VestingKeeper(uses),
  msgs: {
    CreateVestingAccount: createVestingAccount,
    CreatePermanentLockedAccount: createPermanentLockedAccount,
    CreatePeriodicVestingAccount: createPeriodicVestingAccount,
  },
  queries: {},
  genesis: { json: true, default: () => ({}), init: () => undefined, export: () => ({}) },
  cli: {
    CreateVestingAccount: { args: ["toAddress", "amount", "endTime"] },
    CreatePermanentLockedAccount: { args: ["toAddress", "amount"] },
    CreatePeriodicVestingAccount: { args: ["toAddress", "startTime", "vestingPeriods"] },
  },
});
