// Owns: which modules the chain has, which neighbours each is given, and the order in which they take their turn.
// Plain construction: read it from top to bottom. A new module is its .proto files, its folder, and its lines here.

import type { ApplicationModules } from "../chain/app/application.ts";
import type { ModuleAccounts } from "../chain/app/ports.ts";
import type { AnyModuleDefinition } from "../chain/module/define.ts";
import type { Verifier } from "../chain/types/crypto.ts";
import type { Hasher } from "../chain/types/hash.ts";
import { attribution } from "./attribution/module.ts";
import { genesisAddresses } from "./auth/genesis.ts";
import { FEE_COLLECTOR } from "./auth/keeper.ts";
import { auth } from "./auth/module.ts";
import { bank } from "./bank/module.ts";
import { datanet } from "./datanet/module.ts";
import { genutil } from "./genutil/module.ts";
import { model } from "./model/module.ts";
import { applyValidatorSetUpdates } from "./staking/keeper/validator-set.ts";
import { staking } from "./staking/module.ts";
import { tokenpool } from "./tokenpool/module.ts";

/** Every module's static facts: for the command line, default genesis and documentation. */
export const definitions: readonly AnyModuleDefinition[] = [
  auth,
  bank,
  staking,
  datanet,
  model,
  attribution,
  tokenpool,
  genutil,
];

/** Cryptography that some modules check signatures and hashes with. */
export interface ModuleDependencies {
  readonly verifier: Verifier;
  readonly hasher: Hasher;
}

/** Builds every module, each with the neighbours it asks for. */
export function createModules({ verifier, hasher }: ModuleDependencies): ApplicationModules {
  const authModule = auth.create({ moduleAccounts: moduleAccounts(definitions) });
  const accounts = authModule.keeper;
  const bankModule = bank.create({ accounts });
  const stakingModule = staking.create({ accounts, bank: bankModule.keeper });
  const datanetModule = datanet.create({ bank: bankModule.keeper });
  const modelModule = model.create({ datanets: datanetModule.keeper, verifier });
  const attributionModule = attribution.create({
    bank: bankModule.keeper,
    accounts,
    models: modelModule.keeper,
    datanets: datanetModule.keeper,
    verifier,
    hasher,
  });
  const tokenpoolModule = tokenpool.create({ bank: bankModule.keeper });
  const genutilModule = genutil.create({
    validatorUpdates: (ctx) => applyValidatorSetUpdates(stakingModule.keeper, ctx),
  });
  return {
    modules: [
      authModule,
      bankModule,
      stakingModule,
      datanetModule,
      modelModule,
      attributionModule,
      tokenpoolModule,
      genutilModule,
    ],
    genesisOrder: [
      "auth", // accounts first: everything after may look one up
      "bank", // balances, from which every other module's money is moved
      "staking", // its pools are checked against the balances
      "datanet", // records, which models and uses refer to
      "model",
      "attribution",
      "tokenpool",
      "genutil", // last: its transactions run over everything else
    ],
    beginBlockOrder: [
      "staking", // remembers the header before anything changes
    ],
    endBlockOrder: [
      "staking", // last: the validator set follows from everything the block did
    ],
    ports: {
      accounts,
      fees: { deductFee: (ctx, payer, fee) => bankModule.keeper.sendToModule(ctx, payer, FEE_COLLECTOR, fee) },
    },
    genesisAddresses,
  };
}

/** The module accounts that the definitions declare. Throws when two declare one. */
function moduleAccounts(all: readonly AnyModuleDefinition[]): ModuleAccounts {
  const accounts = new Map(all.flatMap(({ accounts: own }) => Object.entries(own ?? {})));
  const declared = all.reduce((count, { accounts: own }) => count + Object.keys(own ?? {}).length, 0);
  if (accounts.size !== declared) throw new Error("two modules declare the same module account");
  return accounts;
}
