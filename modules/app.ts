// Owns: which modules the chain has, which neighbours each is given, and the order in which they take their turn.
// Read it from top to bottom. A new module is its .proto files, its folder, and a line in the list below; one that has work at the beginning or the
// end of a block also takes its place in that order, and the node does not start until it has one.

import type { ApplicationModules } from "../chain/app/application.ts";
import type { ModuleAccounts } from "../chain/app/ports.ts";
import { Assembly } from "../chain/module/assembly.ts";
import type { AnyModuleDefinition, Module } from "../chain/module/define.ts";
import { MessageDispatch } from "../chain/module/dispatch.ts";
import { createRouter } from "../chain/module/router.ts";
import type { Verifier } from "../chain/types/crypto.ts";
import type { Hasher } from "../chain/types/hash.ts";
import { attribution } from "./attribution/module.ts";
import { genesisAddresses } from "./auth/genesis.ts";
import { FEE_COLLECTOR } from "./auth/keeper.ts";
import { auth } from "./auth/module.ts";
import { authz } from "./authz/module.ts";
import { bank } from "./bank/module.ts";
import { consensus } from "./consensus/module.ts";
import { attributed as attributedDatanets } from "./datanet/keeper/attributed.ts";
import { datanet } from "./datanet/module.ts";
import { hooksOf as distributionHooks } from "./distribution/hooks.ts";
import { distribution } from "./distribution/module.ts";
import { evidence } from "./evidence/module.ts";
import { feegrant } from "./feegrant/module.ts";
import { genutil } from "./genutil/module.ts";
import { gov } from "./gov/module.ts";
import { mint } from "./mint/module.ts";
import { attributed as attributedModels } from "./model/keeper/attributed.ts";
import { model } from "./model/module.ts";
import { paramsModule } from "./params/module.ts";
import { slashing } from "./slashing/module.ts";
import { answerable } from "./staking/keeper/answerable.ts";
import { rewarded } from "./staking/keeper/rewarded.ts";
import { applyValidatorSetUpdates } from "./staking/keeper/validator-set.ts";
import { votingStake } from "./staking/keeper/voting-stake.ts";
import { staking } from "./staking/module.ts";
import { exchange } from "./tokenpool/keeper/exchange.ts";
import { tokenpool } from "./tokenpool/module.ts";
import type { Upgrade } from "./upgrade/keeper.ts";
import { upgrade } from "./upgrade/module.ts";
import { vesting } from "./vesting/module.ts";

/** What keepers are given besides their neighbours. */
export interface ModuleDependencies {
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  /** The upgrades this program knows; by default those listed below. */
  readonly upgrades?: readonly Upgrade[];
  /** Heights at which this node goes on without the upgrade that is planned for them. */
  readonly skipUpgradeHeights?: ReadonlySet<bigint>;
}

/** Every upgrade that chains may have planned and this program carries out: a new one is a line here, and stays. */
const UPGRADES: readonly Upgrade[] = [];

/** What every keeper may be given besides its neighbours. */
interface Shared extends ModuleDependencies {
  readonly moduleAccounts: ModuleAccounts;
  readonly dispatch: MessageDispatch;
  /** All modules, once they are built. */
  readonly modules: () => readonly Module[];
}

/** The modules, in the order of their genesis: a new one is a line here. */
const assembly = Assembly.of<Shared>()
  .with(auth, (_, { moduleAccounts }) => ({ moduleAccounts })) // accounts first: everything after may look one up
  .with(consensus, () => undefined) // the engine's parameters, which stand outside the modules' genesis
  .with(bank, (keepers) => ({ accounts: keepers.auth })) // balances, from which every other module's money is moved
  .with(staking, ({ auth: accounts, bank }) => ({ accounts, bank })) // its pools are checked against the balances
  .with(distribution, ({ auth: accounts, bank, staking }) => {
    return { accounts, bank, staking: rewarded(staking), feeCollector: FEE_COLLECTOR };
  })
  .with(slashing, ({ staking }) => ({ staking: answerable(staking) })) // knows the keys of staking's validators
  .with(evidence, ({ staking, slashing }, { hasher }) => ({ staking: answerable(staking), slashing, hasher }))
  .with(mint, ({ auth: accounts, bank, staking }) => ({ accounts, bank, staking, feeCollector: FEE_COLLECTOR }))
  .with(authz, ({ auth: accounts, bank }, { dispatch }) => ({ accounts, bank, dispatch })) // who may run whose messages
  .with(feegrant, ({ auth: accounts, bank }) => ({ accounts, bank })) // who may pay with whose coins
  .with(gov, ({ auth: accounts, bank, staking, distribution }, { dispatch }) => ({
    accounts,
    bank,
    distribution,
    dispatch,
    stake: votingStake(staking),
  })) // its deposits are checked against the balances
  .with(upgrade, (_, { modules, upgrades, skipUpgradeHeights }) => ({
    modules,
    upgrades: upgrades ?? UPGRADES,
    skipHeights: skipUpgradeHeights ?? new Set<bigint>(),
  }))
  .with(vesting, ({ auth: accounts, bank }) => ({ accounts, bank }))
  .with(paramsModule, (_, { modules }) => ({ modules })) // parameters as they were asked for once
  .with(datanet, ({ bank, feegrant }, { hasher }) => ({ bank, feegrants: feegrant, hasher })) // records, which models and uses refer to
  .with(tokenpool, ({ bank }) => ({ bank })) // pools, which curves of models end in
  .with(model, ({ bank, datanet: datanets, tokenpool: pools }, { verifier }) => {
    return { bank, datanets, exchange: exchange(pools), verifier };
  })
  .with(attribution, (keepers, { verifier, hasher }) => {
    const { auth: accounts, bank, staking } = keepers;
    const [datanets, models] = [attributedDatanets(keepers.datanet), attributedModels(keepers.model)];
    const stake = votingStake(staking);
    return { accounts, bank, datanets, models, stake, exchange: exchange(keepers.tokenpool), verifier, hasher };
  })
  .with(genutil, (keepers) => ({ validatorUpdates: (ctx) => applyValidatorSetUpdates(keepers.staking, ctx) })); // last: its transactions run over everything else

/** Every module's static facts: for the command line, default genesis and documentation. */
export const definitions: readonly AnyModuleDefinition[] = assembly.definitions;

/** Builds every module, each with the neighbours it asks for. */
export function createModules(dependencies: ModuleDependencies): ApplicationModules {
  const dispatch = new MessageDispatch();
  const shared = { dispatch, moduleAccounts: moduleAccounts(definitions), modules: () => modules };
  const { modules, keepers } = assembly.build({ ...dependencies, ...shared });
  dispatch.bind(createRouter(modules));
  keepers.staking.hooks.listen([distributionHooks(keepers.distribution), keepers.slashing.hooks]);
  return {
    modules,
    genesisOrder: genesisOrder(modules.map(({ name }) => name)),
    preBlockOrder: [
      "upgrade", // first: nothing may happen in a block that another program should make
      "auth", // forgets unordered transactions that have ended
    ],
    beginBlockOrder: [
      "mint", // what it makes is shared out in the same block
      "distribution", // divides what the last block collected, before anyone is slashed
      "slashing", // counts who signed the last block, with the stake as it was
      "evidence", // then what was proven against them
      "staking", // remembers the header and the set that faults have left
      "authz", // forgets what has ended
    ],
    endBlockOrder: [
      "gov", // what proposals change about validators is in this block's updates
      "staking", // the validator set follows from everything the block did
      "feegrant", // forgets what has ended
      "tokenpool", // settles the orders of the block
      "datanet", // settles what is due: bonds, commitments, notices, segments
      "model", // pays what was asked back in time
      "attribution", // batches that nobody proved wrong become final
    ],
    ports: {
      accounts: keepers.auth,
      fees: { deductFee: (ctx, payer, fee) => keepers.bank.sendToModule(ctx, payer, FEE_COLLECTOR, fee) },
      feeGrants: keepers.feegrant,
    },
    genesisAddresses,
    storeUpgrade: (ctx, height) => keepers.upgrade.storesOf(ctx, height),
  };
}

/** The modules' order, with distribution before staking, whose validators it is told of; staking is built first, because distribution uses it. */
function genesisOrder(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name !== "distribution")
    .flatMap((name) => (name === "staking" ? ["distribution", name] : name));
}

/** The module accounts that the definitions declare. Throws when two declare one. */
function moduleAccounts(all: readonly AnyModuleDefinition[]): ModuleAccounts {
  const accounts = new Map(all.flatMap(({ accounts: own }) => Object.entries(own ?? {})));
  const declared = all.reduce((count, { accounts: own }) => count + Object.keys(own ?? {}).length, 0);
  if (accounts.size !== declared) throw new Error("two modules declare the same module account");
  return accounts;
}
