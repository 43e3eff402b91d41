// Owns: accounts: creating, reading, numbering, their keys and sequences, and the module accounts with what they may do.
// Does not own: balances (bank), signature checks (chain/app).

import type { AccountsPort, ModuleAccounts, SigningAccount } from "../../chain/app/ports.ts";
import type { Read, Write } from "../../chain/module/context.ts";
import type { AccountPermission } from "../../chain/module/define.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import type { Coin } from "../../chain/types/coin.ts";
import { type Timestamp, timeToNanoseconds } from "../../chain/types/time.ts";
import { hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Account, DEFAULT_PARAMS, state, withBase } from "./state.ts";
import { lockedCoins, newVestingAccount, trackDelegation, trackUndelegation, type VestingSchedule } from "./vesting.ts";

/** What auth is told: every module account of the application. */
export interface AuthUses {
  readonly moduleAccounts: ModuleAccounts;
}

/** Where transaction fees are collected. */
export const FEE_COLLECTOR = "fee_collector";

export class AuthKeeper implements AccountsPort {
  readonly #permissions: ModuleAccounts;
  readonly #addressByName = new Map<string, Uint8Array>();
  readonly #nameByAddress = new Map<string, string>();

  constructor({ moduleAccounts }: AuthUses) {
    this.#permissions = moduleAccounts;
    for (const name of moduleAccounts.keys()) {
      const address = moduleAddress(name);
      this.#addressByName.set(name, address);
      this.#nameByAddress.set(hex(address), name);
    }
  }

  /** The module's parameters; the SDK's defaults before genesis wrote any. */
  params(ctx: Read): Messages["cosmos.auth.v1beta1.Params"] {
    return state.params.get(ctx) ?? DEFAULT_PARAMS;
  }

  /** The account, or `undefined`. */
  account(ctx: Read, address: Uint8Array): Account | undefined {
    return state.accounts.get(ctx, address);
  }

  /** Makes sure the address has an account: a new one gets the next number. */
  ensure(ctx: Write, address: Uint8Array): void {
    if (state.accounts.has(ctx, address)) return;
    state.accounts.set(ctx, address, { kind: "base", base: this.#nextBase(ctx, address) });
  }

  /** Makes the vesting account of an address that has none: it gets the next number. Throws sdk/18 for a schedule that contradicts its coins. */
  createVesting(ctx: Write, address: Uint8Array, coins: readonly Coin[], schedule: VestingSchedule): void {
    const base = this.#nextBase(ctx, address);
    let account: Account;
    try {
      account = newVestingAccount(base, coins, schedule);
    } catch (error) {
      throw sdkErrors.invalidRequest.because((error as Error).message);
    }
    state.accounts.set(ctx, address, account);
  }

  /** What of an account's coins may not be spent; nothing for all but vesting accounts. */
  lockedCoins(ctx: Read, address: Uint8Array): readonly Coin[] {
    const account = state.accounts.get(ctx, address);
    return account?.kind === "vesting" ? lockedCoins(account, ctx.time.seconds) : [];
  }

  /** Counts coins that a vesting account delegates; for other accounts there is nothing to count. */
  trackDelegation(ctx: Write, address: Uint8Array, amount: readonly Coin[]): void {
    const account = state.accounts.get(ctx, address);
    if (account?.kind === "vesting")
      state.accounts.set(ctx, address, trackDelegation(account, ctx.time.seconds, amount));
  }

  /** Counts coins that come back to a vesting account. */
  trackUndelegation(ctx: Write, address: Uint8Array, amount: readonly Coin[]): void {
    const account = state.accounts.get(ctx, address);
    if (account?.kind === "vesting") state.accounts.set(ctx, address, trackUndelegation(account, amount));
  }

  /** The address of a module account. Throws for a name no module declares: that is a mistake in the source. */
  moduleAddress(name: string): Uint8Array {
    const address = this.#addressByName.get(name);
    if (address === undefined) throw new Error(`module account ${name} does not exist`);
    return address;
  }

  /** The name of the module account at an address, or `undefined` for any other address. */
  moduleNameOf(address: Uint8Array): string | undefined {
    return this.#nameByAddress.get(hex(address));
  }

  /** What a module account may do. */
  permissionsOf(name: string): readonly AccountPermission[] {
    const permissions = this.#permissions.get(name);
    if (permissions === undefined) throw new Error(`module account ${name} does not exist`);
    return permissions;
  }

  /** The names of all module accounts, in byte order. */
  moduleNames(): readonly string[] {
    return [...this.#permissions.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Makes sure a module's account exists as one, and gives its address. */
  ensureModuleAccount(ctx: Write, name: string): Uint8Array {
    const address = this.moduleAddress(name);
    const existing = state.accounts.get(ctx, address);
    if (existing?.kind === "module") return address;
    // Whoever sent coins to this address before the module first used it made a plain account of it: it keeps its number.
    const base = existing?.base ?? this.#nextBase(ctx, address);
    state.accounts.set(ctx, address, { kind: "module", base, name, permissions: this.permissionsOf(name) });
    return address;
  }

  /** A module's account as it is, or as it would be made now, after `others` that would be made before it. */
  moduleAccount(ctx: Read, name: string, others = 0n): Account {
    const address = this.moduleAddress(name);
    const stored = state.accounts.get(ctx, address);
    if (stored !== undefined) return stored;
    const accountNumber = state.accountNumber.peek(ctx) + others;
    const base = { address: ctx.addresses.account(address), pubKey: undefined, accountNumber, sequence: 0n };
    return { kind: "module", base, name, permissions: this.permissionsOf(name) };
  }

  anteParams(ctx: Read): Messages["cosmos.auth.v1beta1.Params"] {
    return this.params(ctx);
  }

  signingAccount(ctx: Read, address: Uint8Array): SigningAccount | undefined {
    const account = state.accounts.get(ctx, address);
    if (account === undefined) return undefined;
    const { pubKey, accountNumber, sequence } = account.base;
    return { address, pubKey, accountNumber, sequence };
  }

  updateSigner(ctx: Write, account: SigningAccount, sequence: bigint, pubKey: SigningAccount["pubKey"]): void {
    const stored = state.accounts.get(ctx, account.address);
    if (stored === undefined) throw new Error(`account ${ctx.addresses.account(account.address)} vanished`);
    state.accounts.set(ctx, account.address, withBase(stored, { ...stored.base, sequence, pubKey }));
  }

  useNonce(ctx: Write, address: Uint8Array, timeout: Timestamp): boolean {
    const at = [timeToNanoseconds(timeout), address] as const;
    if (state.unorderedNonces.has(ctx, at)) return false;
    state.unorderedNonces.add(ctx, at);
    return true;
  }

  /**
   * At the beginning of a block: forgets the unordered transactions that can no longer be in one. Those that end at this very moment still can,
   * so they are kept; the SDK forgets them, and one could run twice.
   */
  forgetNonces(ctx: Write): void {
    const now = timeToNanoseconds(ctx.time);
    const ended: (readonly [bigint, Uint8Array])[] = [];
    for (const nonce of state.unorderedNonces.keys(ctx)) {
      if (nonce[0] >= now) break;
      ended.push(nonce);
    }
    for (const nonce of ended) state.unorderedNonces.delete(ctx, nonce);
  }

  #nextBase(ctx: Write, address: Uint8Array): Account["base"] {
    return {
      address: ctx.addresses.account(address),
      pubKey: undefined,
      accountNumber: state.accountNumber.next(ctx),
      sequence: 0n,
    };
  }
}
