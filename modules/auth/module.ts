// Owns: the definition of the auth module: accounts and the rules transactions are checked by. Version as the SDK's 0.53.

import { defineModule } from "../../chain/module/define.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportGenesis, initGenesis, validateGenesis } from "./genesis.ts";
import * as invariants from "./invariants.ts";
import { AuthKeeper, type AuthUses, FEE_COLLECTOR } from "./keeper.ts";
import { updateParams } from "./msgs.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const auth = defineModule({
  name: "auth",
  proto: "cosmos.auth.v1beta1",
  version: 5,
  state,
  errors,
  keeper: (uses: AuthUses) => new AuthKeeper(uses),
  accounts: { [FEE_COLLECTOR]: [] },
  msgs: { UpdateParams: updateParams },
  queries: {
    Accounts: queries.accounts,
    Account: queries.account,
    AccountAddressByID: queries.accountAddressById,
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    ModuleAccounts: queries.moduleAccounts,
    ModuleAccountByName: queries.moduleAccountByName,
    Bech32Prefix: (_keeper, ctx) => ({ bech32Prefix: ctx.addresses.prefix }),
    AddressBytesToString: queries.addressBytesToString,
    AddressStringToBytes: queries.addressStringToBytes,
    AccountInfo: queries.accountInfo,
  },
  genesis: {
    streams: ["accounts"],
    default: defaultGenesis,
    validate: validateGenesis,
    init: initGenesis,
    export: exportGenesis,
  },
  preBlock: (keeper, ctx) => keeper.forgetNonces(ctx),
  invariants: { ...invariants },
  cli: {
    Account: { args: ["address"] },
    AccountInfo: { args: ["address"] },
    AccountAddressByID: { args: ["accountId"], name: "address-by-acc-num" },
    ModuleAccountByName: { args: ["name"], name: "module-account" },
    AddressBytesToString: { args: ["addressBytes"] },
    AddressStringToBytes: { args: ["addressString"] },
  },
});
