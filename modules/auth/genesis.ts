// Owns: auth's genesis: accounts with their numbers, and which addresses a genesis names. Does not own: balances.

import type { Read, Write } from "../../chain/module/context.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { AuthKeeper } from "./keeper.ts";
import { type Account, accountOfAny, anyOfAccount, DEFAULT_PARAMS, state, validateParams, withBase } from "./state.ts";
import { validateVesting } from "./vesting.ts";

type GenesisState = Messages["cosmos.auth.v1beta1.GenesisState"];

/** A chain without accounts. */
export function defaultGenesis() {
  return { params: DEFAULT_PARAMS, accounts: [] };
}

/** Throws for bad parameters, an account of an unknown kind, or an address named twice. */
export function validateGenesis(genesis: GenesisState): void {
  validateParams(genesis.params);
  const seen = new Set<string>();
  for (const any of genesis.accounts) {
    const account = accountOfAny(any);
    const { address } = account.base;
    if (account.kind === "vesting") {
      try {
        validateVesting(account);
      } catch (error) {
        throw new Error(
          `invalid account found in genesis state; address: ${address}, error: ${(error as Error).message}`,
        );
      }
    }
    if (seen.has(address)) throw new Error(`duplicate account found in genesis state; address: ${address}`);
    seen.add(address);
  }
}

/** Writes the accounts in the order of their numbers; a number given twice goes to the first, the others get unused ones. */
export function initGenesis(keeper: AuthKeeper, ctx: Write, genesis: GenesisState, feeCollector: string): void {
  validateGenesis(genesis);
  state.params.set(ctx, genesis.params);
  const accounts = numbered(genesis.accounts.map((any) => accountOfAny(any)));
  let next = 0n;
  for (const account of accounts) {
    const address = ctx.addresses.parseAccount(account.base.address);
    state.accounts.set(ctx, address, account);
    if (account.base.accountNumber >= next) next = account.base.accountNumber + 1n;
  }
  state.accountNumber.set(ctx, next);
  keeper.ensureModuleAccount(ctx, feeCollector);
}

/** SanitizeGenesisAccounts: sorted by number, without duplicates. */
function numbered(accounts: readonly Account[]): Account[] {
  const order = (a: Account, b: Account): number =>
    a.base.accountNumber < b.base.accountNumber ? -1 : a.base.accountNumber > b.base.accountNumber ? 1 : 0;
  const sorted = [...accounts].sort(order);
  const taken = new Set(sorted.map((account) => account.base.accountNumber));
  const used = new Set<bigint>();
  let free = 0n;
  const fixed = sorted.map((account) => {
    const number = account.base.accountNumber;
    if (!used.has(number)) {
      used.add(number);
      return account;
    }
    while (taken.has(free)) free += 1n;
    taken.add(free);
    used.add(free);
    return withBase(account, { ...account.base, accountNumber: free });
  });
  return fixed.sort(order);
}

/** The state as a genesis. */
export function exportGenesis(keeper: AuthKeeper, ctx: Read) {
  const accounts = [...state.accounts.iterate(ctx)].map(([, account]) => account);
  accounts.sort((a, b) => (a.base.accountNumber < b.base.accountNumber ? -1 : 1));
  return { params: keeper.params(ctx), accounts: accounts.map((account) => anyOfAccount(account)) };
}

/** Every account address the genesis names, in auth's and bank's parts; the bech32 prefix comes from them. */
export function genesisAddresses(appState: { readonly [module: string]: JsonValue }): readonly string[] {
  const accounts = list(appState, "auth", "accounts").map((account) => addressIn(account));
  const balances = list(appState, "bank", "balances").map((balance) => addressIn(balance));
  return [...accounts, ...balances].filter((address) => address !== undefined);
}

function list(appState: { readonly [module: string]: JsonValue }, module: string, name: string): readonly JsonValue[] {
  const part = appState[module];
  const found = isObject(part) ? part[name] : undefined;
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}

/** The `address` of an account of any kind: its own, or that of the base account inside. */
function addressIn(value: JsonValue | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  if (typeof value.address === "string") return value.address;
  return addressIn(value.base_account) ?? addressIn(value.base_vesting_account);
}

function isObject(value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
