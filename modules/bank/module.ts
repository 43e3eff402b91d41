// Owns: the definition of the bank module: coins and who holds them. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import { positiveBalances, totalSupply } from "./invariants.ts";
import { BankKeeper, type BankUses } from "./keeper.ts";
import { multiSend, send, setSendEnabled, updateParams } from "./msgs.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const bank = defineModule({
  name: "bank",
  proto: "cosmos.bank.v1beta1",
  version: 4,
  state,
  errors,
  keeper: (uses: BankUses) => new BankKeeper(uses),
  msgs: { Send: send, MultiSend: multiSend, UpdateParams: updateParams, SetSendEnabled: setSendEnabled },
  queries: {
    Balance: queries.balance,
    AllBalances: queries.allBalances,
    SpendableBalances: queries.spendableBalances,
    SpendableBalanceByDenom: queries.spendableBalanceByDenom,
    TotalSupply: queries.totalSupply,
    SupplyOf: queries.supplyOf,
    Params: queries.params,
    DenomsMetadata: queries.denomsMetadata,
    DenomMetadata: queries.denomMetadata,
    DenomMetadataByQueryString: queries.denomMetadata,
    DenomOwners: queries.denomOwners,
    DenomOwnersByQuery: queries.denomOwners,
    SendEnabled: queries.sendEnabled,
  },
  genesis: {
    streams: ["balances"],
    default: defaultGenesis,
    validate: validateGenesis,
    init: initGenesis,
    export: exportGenesis,
  },
  invariants: { totalSupply, positiveBalances },
  cli: {
    Send: { args: ["fromAddress", "toAddress", "amount"] },
    Balance: { args: ["address", "denom"] },
    AllBalances: { args: ["address"], name: "balances" },
    SpendableBalances: { args: ["address"] },
    SpendableBalanceByDenom: { args: ["address", "denom"], name: "spendable-balance" },
    TotalSupply: { aliases: ["total"] },
    SupplyOf: { args: ["denom"], name: "total-supply-of" },
    DenomMetadata: { args: ["denom"] },
    DenomOwners: { args: ["denom"] },
    SendEnabled: { args: ["denoms"] },
  },
});
