// Owns: bank's genesis: balances, the supply they must sum to, and how denominations are shown. Does not own: accounts.

import type { Read, Write } from "../../chain/module/context.ts";
import type { Streamed } from "../../chain/module/define.ts";
import {
  addCoins,
  type Coin,
  coinsFromMessages,
  equalCoins,
  formatCoins,
  validateCoins,
} from "../../chain/types/coin.ts";
import { compareBytes, hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "./keeper.ts";
import { DEFAULT_PARAMS, state } from "./state.ts";

type GenesisState = Streamed<Messages["cosmos.bank.v1beta1.GenesisState"]>;

/** A chain without coins. */
export function defaultGenesis() {
  return { params: DEFAULT_PARAMS, balances: [], supply: [], denomMetadata: [], sendEnabled: [] };
}

/** Throws when coins are malformed, an address or a denomination stands twice, or the supply is not the sum. */
export function validateGenesis(genesis: GenesisState): void {
  validateDenominations(genesis);
  const seen = new Set<string>();
  let total: readonly Coin[] = [];
  for (const { address, coins } of genesis.balances) {
    if (seen.has(address)) throw duplicate("balance", address);
    seen.add(address);
    total = addCoins(total, coinsOf(coins, `balance of ${address}`));
  }
  checkSupply(genesis, total);
}

function validateDenominations(genesis: GenesisState): void {
  unique("denomination metadata", genesis.denomMetadata, ({ base }) => base);
  unique("send enabled", genesis.sendEnabled, ({ denom }) => denom);
}

/** The sum of the balances has to be the supply, if the genesis states one. */
function checkSupply(genesis: GenesisState, total: readonly Coin[]): void {
  const stated = coinsOf([...genesis.supply], "supply");
  if (stated.length > 0 && !equalCoins(stated, total)) {
    throw new Error(`genesis supply is incorrect, expected ${formatCoins(total)}, got ${formatCoins(stated)}`);
  }
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

function unique<Item>(what: string, items: Iterable<Item>, nameOf: (item: Item) => string): void {
  const seen = new Set<string>();
  for (const item of items) {
    const name = nameOf(item);
    if (seen.has(name)) throw duplicate(what, name);
    seen.add(name);
  }
}

function duplicate(what: string, name: string): Error {
  return new Error(`duplicate ${what} for ${name}`);
}

/** Writes the state; the balances are walked once, and held nowhere. */
export function initGenesis(_keeper: BankKeeper, ctx: Write, genesis: GenesisState): void {
  validateDenominations(genesis);
  state.params.set(ctx, { ...genesis.params, sendEnabled: [] });
  // Entries inside the parameters are where the SDK kept them before 0.47; a genesis from then still has them there.
  for (const { denom, enabled } of [...genesis.params.sendEnabled, ...genesis.sendEnabled]) {
    state.sendEnabled.set(ctx, denom, enabled);
  }
  const holders = new Holders(genesis, ctx);
  let total: readonly Coin[] = [];
  for (const { address, coins } of genesis.balances) {
    const held = coinsOf(coins, `balance of ${address}`);
    const holder = ctx.addresses.parseAccount(address);
    // One address has two spellings, in small and in capital letters: the later balance would replace the earlier.
    if (!holders.add(holder)) throw duplicate("balance", address);
    for (const { denom, amount } of held) state.balances.set(ctx, [holder, denom], amount);
    total = addCoins(total, held);
  }
  checkSupply(genesis, total);
  for (const { denom, amount } of total) state.supply.set(ctx, denom, amount);
  for (const metadata of genesis.denomMetadata) state.denomMetadata.set(ctx, metadata.base, metadata);
}

/**
 * Tells whether a holder was there before. Balances that a program wrote stand in the order of the address bytes, and then
 * the last one tells; where that order ends, those before are walked again and remembered.
 */
class Holders {
  readonly #genesis: GenesisState;
  readonly #ctx: Write;
  #last: Uint8Array | undefined;
  #count = 0;
  #seen: Set<string> | undefined;

  constructor(genesis: GenesisState, ctx: Write) {
    this.#genesis = genesis;
    this.#ctx = ctx;
  }

  /** False when the holder was added before. */
  add(holder: Uint8Array): boolean {
    if (this.#seen === undefined && this.#last !== undefined && compareBytes(this.#last, holder) >= 0) {
      this.#seen = this.#first(this.#count);
    }
    this.#last = holder;
    this.#count++;
    if (this.#seen === undefined) return true;
    const before = this.#seen.size;
    return this.#seen.add(hex(holder)).size > before;
  }

  #first(count: number): Set<string> {
    const seen = new Set<string>();
    if (count === 0) return seen;
    for (const { address } of this.#genesis.balances) {
      seen.add(hex(this.#ctx.addresses.parseAccount(address)));
      if (seen.size === count) break;
    }
    return seen;
  }
}

/** The state as a genesis. */
export function exportGenesis(_keeper: BankKeeper, ctx: Read) {
  return {
    params: state.params.get(ctx) ?? DEFAULT_PARAMS,
    balances: { [Symbol.iterator]: () => balancesOf(ctx) },
    supply: [...state.supply.iterate(ctx)].map(([denom, amount]) => ({ denom, amount: amount.toString() })),
    denomMetadata: [...state.denomMetadata.iterate(ctx)].map(([, metadata]) => metadata),
    sendEnabled: [...state.sendEnabled.iterate(ctx)].map(([denom, enabled]) => ({ denom, enabled })),
  };
}

interface Balance {
  readonly address: string;
  readonly coins: { readonly denom: string; readonly amount: string }[];
}

function* balancesOf(ctx: Read): Generator<Balance, void, undefined> {
  let last: Balance | undefined;
  for (const [[holder, denom], amount] of state.balances.iterate(ctx)) {
    const address = ctx.addresses.account(holder);
    const coin = { denom, amount: amount.toString() };
    if (last?.address === address) last.coins.push(coin);
    else {
      if (last !== undefined) yield last;
      last = { address, coins: [coin] };
    }
  }
  if (last !== undefined) yield last;
}
