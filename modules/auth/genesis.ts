// Owns: auth's genesis: accounts with their numbers, and which addresses a genesis names. Does not own: balances.

import type { Read, Write } from "../../chain/module/context.ts";
import type { Streamed } from "../../chain/module/define.ts";
import type { GenesisPart } from "../../chain/module/genesis-part.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type AuthKeeper, FEE_COLLECTOR } from "./keeper.ts";
import { type Account, accountOfAny, anyOfAccount, DEFAULT_PARAMS, state, validateParams, withBase } from "./state.ts";
import { validateVesting } from "./vesting.ts";

type GenesisState = Streamed<Messages["cosmos.auth.v1beta1.GenesisState"]>;

/** A chain without accounts. */
export function defaultGenesis() {
  return { params: DEFAULT_PARAMS, accounts: [] };
}

/** Throws for bad parameters, an account of an unknown kind, or an address named twice. */
export function validateGenesis(genesis: GenesisState): void {
  validateParams(genesis.params);
  const seen = new Set<string>();
  for (const { base } of checkedAccounts(genesis)) {
    if (seen.has(base.address)) throw duplicate(base.address);
    seen.add(base.address);
  }
}

function duplicate(address: string): Error {
  return new Error(`duplicate account found in genesis state; address: ${address}`);
}

function* checkedAccounts(genesis: GenesisState): Generator<Account, void, undefined> {
  for (const any of genesis.accounts) {
    const account = accountOfAny(any);
    if (account.kind === "vesting") {
      try {
        validateVesting(account);
      } catch (error) {
        throw new Error(
          `invalid account found in genesis state; address: ${account.base.address}, error: ${(error as Error).message}`,
        );
      }
    }
    yield account;
  }
}

/**
 * Writes the accounts. A number given twice goes to the first, the others get unused ones, the lowest number first
 * (SanitizeGenesisAccounts). Only accounts whose number is taken are held until all the others are written.
 */
export function initGenesis(keeper: AuthKeeper, ctx: Write, genesis: GenesisState): void {
  validateParams(genesis.params);
  state.params.set(ctx, genesis.params);
  const waiting: Account[] = [];
  let next = 0n;
  const write = (account: Account): void => {
    const { address, accountNumber } = account.base;
    const key = ctx.addresses.parseAccount(address);
    if (state.accounts.has(ctx, key)) throw duplicate(address);
    state.accounts.set(ctx, key, account);
    if (accountNumber >= next) next = accountNumber + 1n;
  };
  for (const account of checkedAccounts(genesis)) {
    if (isTaken(ctx, account.base.accountNumber)) waiting.push(account);
    else write(account);
  }
  let free = 0n;
  for (const account of waiting.sort(byNumber)) {
    while (isTaken(ctx, free)) free += 1n;
    write(withBase(account, { ...account.base, accountNumber: free }));
  }
  state.accountNumber.set(ctx, next);
  keeper.ensureModuleAccount(ctx, FEE_COLLECTOR);
}

function isTaken(ctx: Read, accountNumber: bigint): boolean {
  return state.accounts.by.number.find(ctx, accountNumber) !== undefined;
}

function byNumber(a: Account, b: Account): number {
  return a.base.accountNumber < b.base.accountNumber ? -1 : a.base.accountNumber > b.base.accountNumber ? 1 : 0;
}

/** The state as a genesis, its accounts in the order of their numbers. */
export function exportGenesis(keeper: AuthKeeper, ctx: Read) {
  return { params: keeper.params(ctx), accounts: { [Symbol.iterator]: () => accountsByNumber(ctx) } };
}

function* accountsByNumber(ctx: Read): Generator<Messages["google.protobuf.Any"], void, undefined> {
  for (const [, address] of state.accounts.by.number.iterate(ctx)) {
    yield anyOfAccount(state.accounts.get(ctx, address)!);
  }
}

/** Every account address the genesis names, in auth's and bank's parts; the bech32 prefix comes from them. */
export function* genesisAddresses(parts: ReadonlyMap<string, GenesisPart>): Generator<string, void, undefined> {
  for (const [module, list] of [
    ["auth", "accounts"],
    ["bank", "balances"],
  ] as const) {
    for (const item of parts.get(module)?.items(list) ?? []) {
      const address = addressIn(item);
      if (address !== undefined) yield address;
    }
  }
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
