// Owns: bank's genesis: balances, the supply they must sum to, and how denominations are shown. Does not own: accounts.

import type { Read, Write } from "../../chain/module/context.ts";
import {
  addCoins,
  type Coin,
  coinsFromMessages,
  equalCoins,
  formatCoins,
  validateCoins,
} from "../../chain/types/coin.ts";
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "./keeper.ts";
import { DEFAULT_PARAMS, state } from "./state.ts";

type GenesisState = Messages["cosmos.bank.v1beta1.GenesisState"];

/** A chain without coins. */
export function defaultGenesis() {
  return { params: DEFAULT_PARAMS, balances: [], supply: [], denomMetadata: [], sendEnabled: [] };
}

/** Throws when coins are malformed, an address or a denomination stands twice, or the supply is not the sum. */
export function validateGenesis(genesis: GenesisState): void {
  totalOf(genesis);
  unique(
    "denomination metadata",
    genesis.denomMetadata.map(({ base }) => base),
  );
  unique(
    "send enabled",
    genesis.sendEnabled.map(({ denom }) => denom),
  );
}

/** The sum of the balances, checked against the supply if the genesis states one. */
function totalOf(genesis: GenesisState): readonly Coin[] {
  unique(
    "balance",
    genesis.balances.map(({ address }) => address),
  );
  let total: readonly Coin[] = [];
  for (const { address, coins } of genesis.balances) {
    const held = coinsOf(coins, `balance of ${address}`);
    total = addCoins(total, held);
  }
  const stated = coinsOf(genesis.supply, "supply");
  if (stated.length > 0 && !equalCoins(stated, total)) {
    throw new Error(`genesis supply is incorrect, expected ${formatCoins(total)}, got ${formatCoins(stated)}`);
  }
  return total;
}

function coinsOf(messages: readonly Messages["cosmos.base.v1beta1.Coin"][], what: string): readonly Coin[] {
  try {
    const coins = coinsFromMessages(messages);
    validateCoins(coins);
    return coins;
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`);
  }
}

function unique(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`duplicate ${what} for ${name}`);
    seen.add(name);
  }
}

export function initGenesis(_keeper: BankKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  state.params.set(ctx, { ...genesis.params, sendEnabled: [] });
  // Entries inside the parameters are where the SDK kept them before 0.47; a genesis from then still has them there.
  for (const { denom, enabled } of [...genesis.params.sendEnabled, ...genesis.sendEnabled]) {
    state.sendEnabled.set(ctx, denom, enabled);
  }
  const holders = new Set<string>();
  for (const { address, coins } of genesis.balances) {
    const holder = ctx.addresses.parseAccount(address);
    // One address has two spellings, in small and in capital letters: the later balance would replace the earlier.
    if (holders.has(hex(holder))) throw new Error(`duplicate balance for ${address}`);
    holders.add(hex(holder));
    for (const { denom, amount } of coinsFromMessages(coins)) state.balances.set(ctx, [holder, denom], amount);
  }
  for (const { denom, amount } of totalOf(genesis)) state.supply.set(ctx, denom, amount);
  for (const metadata of genesis.denomMetadata) state.denomMetadata.set(ctx, metadata.base, metadata);
}

/** The state as a genesis. */
export function exportGenesis(_keeper: BankKeeper, ctx: Read) {
  const balances: { address: string; coins: { denom: string; amount: string }[] }[] = [];
  for (const [[holder, denom], amount] of state.balances.iterate(ctx)) {
    const address = ctx.addresses.account(holder);
    const last = balances.at(-1);
    const coin = { denom, amount: amount.toString() };
    if (last?.address === address) last.coins.push(coin);
    else balances.push({ address, coins: [coin] });
  }
  return {
    params: state.params.get(ctx) ?? DEFAULT_PARAMS,
    balances,
    supply: [...state.supply.iterate(ctx)].map(([denom, amount]) => ({ denom, amount: amount.toString() })),
    denomMetadata: [...state.denomMetadata.iterate(ctx)].map(([, metadata]) => metadata),
    sendEnabled: [...state.sendEnabled.iterate(ctx)].map(([denom, enabled]) => ({ denom, enabled })),
  };
}
