// Transaction step 12: the keeper a handler calls.
// Owns: coins: who holds how much, moving, making and destroying them, with the SDK's events and refusals (x/bank/keeper).
// Does not own: accounts (auth), or why coins move.

import { AUTHORITY_MODULE } from "../../chain/module/authority.ts";
import type { Read, Write } from "../../chain/module/context.ts";
import type { AccountPermission } from "../../chain/module/define.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import { amountOf, areValidCoins, type Coin, formatCoin, formatCoins } from "../../chain/types/coin.ts";
import { errors } from "./errors.ts";
import { DEFAULT_PARAMS, state } from "./state.ts";

/** What bank needs from its neighbours, and no more. */
export interface BankUses {
  readonly accounts: {
    ensure(ctx: Write, address: Uint8Array): void;
    ensureModuleAccount(ctx: Write, name: string): Uint8Array;
    moduleAddress(name: string): Uint8Array;
    moduleNameOf(address: Uint8Array): string | undefined;
    permissionsOf(name: string): readonly AccountPermission[];
    /** What of an account's coins may not be spent. */
    lockedCoins(ctx: Read, address: Uint8Array): readonly Coin[];
    trackDelegation(ctx: Write, address: Uint8Array, amount: readonly Coin[]): void;
    trackUndelegation(ctx: Write, address: Uint8Array, amount: readonly Coin[]): void;
  };
}

/** An account as a message names it: the text may be in capitals, and events repeat it as it is. */
export interface Named {
  readonly address: Uint8Array;
  readonly text: string;
}

/** One receiver of a multi-send. */
export interface Payment {
  readonly to: Named;
  readonly coins: readonly Coin[];
}

export class BankKeeper {
  readonly #accounts: BankUses["accounts"];

  constructor(uses: BankUses) {
    this.#accounts = uses.accounts;
  }

  /** How much of one denomination an account holds; zero when nothing. */
  balance(ctx: Read, address: Uint8Array, denom: string): bigint {
    return state.balances.get(ctx, [address, denom]) ?? 0n;
  }

  /** Everything an account holds, sorted by denomination. */
  balances(ctx: Read, address: Uint8Array): readonly Coin[] {
    return [...state.balances.iterate(ctx, { prefix: address })].map(([[, denom], amount]) => ({ denom, amount }));
  }

  /** How much of one denomination an account may spend now. */
  spendable(ctx: Read, address: Uint8Array, denom: string): bigint {
    const free = this.balance(ctx, address, denom) - amountOf(this.#accounts.lockedCoins(ctx, address), denom);
    return free > 0n ? free : 0n;
  }

  /** What of an account's coins may not be spent, whatever it holds. */
  lockedCoins(ctx: Read, address: Uint8Array): readonly Coin[] {
    return this.#accounts.lockedCoins(ctx, address);
  }

  /** How much of a denomination exists. */
  supply(ctx: Read, denom: string): bigint {
    return state.supply.get(ctx, denom) ?? 0n;
  }

  /** Moves coins, and makes an account of the receiver's address. Throws sdk/5 (insufficient funds), sdk/10. */
  send(ctx: Write, from: Uint8Array, to: Uint8Array, coins: readonly Coin[]): void {
    const [sender, recipient] = [ctx.addresses.account(from), ctx.addresses.account(to)];
    const amount = formatCoins(coins);
    this.#take(ctx, from, coins, sender);
    this.#give(ctx, to, coins, recipient);
    this.#accounts.ensure(ctx, to);
    ctx.emit("transfer", [
      ["recipient", recipient],
      ["sender", sender],
      ["amount", amount],
    ]);
    ctx.emit("message", [["sender", sender]]);
  }

  /** Moves coins from an account to a module's. */
  sendToModule(ctx: Write, from: Uint8Array, module: string, coins: readonly Coin[]): void {
    this.send(ctx, from, this.#accounts.ensureModuleAccount(ctx, module), coins);
  }

  /** Moves coins from a module's account. A module must not pay into another module's account this way (sdk/4). */
  sendFromModule(ctx: Write, module: string, to: Uint8Array, coins: readonly Coin[]): void {
    if (this.isBlocked(to)) {
      throw sdkErrors.unauthorized.because(`${ctx.addresses.account(to)} is not allowed to receive funds`);
    }
    this.send(ctx, this.#accounts.moduleAddress(module), to, coins);
  }

  /** Moves coins between modules' accounts. */
  sendBetweenModules(ctx: Write, from: string, to: string, coins: readonly Coin[]): void {
    this.send(ctx, this.#accounts.moduleAddress(from), this.#accounts.ensureModuleAccount(ctx, to), coins);
  }

  /** Hands coins to a staking pool: locked ones may be delegated too, and are counted (DelegateCoinsFromAccountToModule). */
  delegate(ctx: Write, from: Uint8Array, module: string, coins: readonly Coin[]): void {
    this.#requirePermission(module, "staking");
    const pool = this.#accounts.ensureModuleAccount(ctx, module);
    if (!areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
    for (const { denom, amount } of coins) {
      const held = this.balance(ctx, from, denom);
      if (held < amount)
        throw sdkErrors.insufficientFunds.because(
          `failed to delegate; ${formatCoin({ denom, amount: held })} is smaller than ${formatCoins(coins)}`,
        );
      this.#setBalance(ctx, from, denom, held - amount);
    }
    this.#accounts.trackDelegation(ctx, from, coins);
    ctx.emit("coin_spent", [
      ["spender", ctx.addresses.account(from)],
      ["amount", formatCoins(coins)],
    ]);
    this.#give(ctx, pool, coins, ctx.addresses.account(pool));
  }

  /** Gives coins of a staking pool back to whoever delegated them (UndelegateCoinsFromModuleToAccount). */
  undelegate(ctx: Write, module: string, to: Uint8Array, coins: readonly Coin[]): void {
    this.#requirePermission(module, "staking");
    const pool = this.#accounts.moduleAddress(module);
    this.#take(ctx, pool, coins, ctx.addresses.account(pool));
    this.#accounts.trackUndelegation(ctx, to, coins);
    this.#give(ctx, to, coins, ctx.addresses.account(to));
  }

  /** Takes from one account and gives to many, in order (InputOutputCoins). The sums must be equal: see msgs.ts. */
  sendToMany(ctx: Write, from: Named, total: readonly Coin[], payments: readonly Payment[]): void {
    ctx.emit("message", [["sender", from.text]]);
    this.#take(ctx, from.address, total, ctx.addresses.account(from.address));
    for (const { to, coins } of payments) {
      this.#give(ctx, to.address, coins, ctx.addresses.account(to.address));
      ctx.emit("transfer", [
        ["recipient", to.text],
        ["sender", from.text],
        ["amount", formatCoins(coins)],
      ]);
      this.#accounts.ensure(ctx, to.address);
    }
  }

  /** Makes coins in a module's account. Throws for a module without the permission: that is a mistake in the source. */
  mint(ctx: Write, module: string, coins: readonly Coin[]): void {
    this.#requirePermission(module, "minter");
    const address = this.#accounts.ensureModuleAccount(ctx, module);
    const minter = ctx.addresses.account(address);
    this.#give(ctx, address, coins, minter);
    for (const { denom, amount } of coins) state.supply.set(ctx, denom, this.supply(ctx, denom) + amount);
    ctx.emit("coinbase", [
      ["minter", minter],
      ["amount", formatCoins(coins)],
    ]);
  }

  /** Destroys coins of a module's account. Throws sdk/5 when it holds less. */
  burn(ctx: Write, module: string, coins: readonly Coin[]): void {
    this.#requirePermission(module, "burner");
    const address = this.#accounts.ensureModuleAccount(ctx, module);
    const burner = ctx.addresses.account(address);
    this.#take(ctx, address, coins, burner);
    for (const { denom, amount } of coins) {
      const left = this.supply(ctx, denom) - amount;
      if (left < 0n) throw new Error(`supply of ${denom} would go below zero`);
      if (left === 0n) state.supply.delete(ctx, denom);
      else state.supply.set(ctx, denom, left);
    }
    ctx.emit("burn", [
      ["burner", burner],
      ["amount", formatCoins(coins)],
    ]);
  }

  /** Module accounts receive coins from their modules, not from transactions; governance may be sent some, as in the SDK's application. */
  isBlocked(address: Uint8Array): boolean {
    const name = this.#accounts.moduleNameOf(address);
    return name !== undefined && name !== AUTHORITY_MODULE;
  }

  /** Whether transactions may send this denomination. */
  isSendEnabled(ctx: Read, denom: string): boolean {
    return state.sendEnabled.get(ctx, denom) ?? (state.params.get(ctx) ?? DEFAULT_PARAMS).defaultSendEnabled;
  }

  /** Throws bank/5 for the first coin that transactions may not send. */
  requireSendEnabled(ctx: Read, coins: readonly Coin[]): void {
    for (const { denom } of coins) {
      if (!this.isSendEnabled(ctx, denom)) {
        throw errors.sendDisabled.because(`${denom} transfers are currently disabled`);
      }
    }
  }

  #take(ctx: Write, from: Uint8Array, coins: readonly Coin[], spender: string): void {
    if (!areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
    const allLocked = this.#accounts.lockedCoins(ctx, from);
    for (const coin of coins) {
      const { denom, amount } = coin;
      const held = this.balance(ctx, from, denom);
      const locked = amountOf(allLocked, denom);
      if (held < locked)
        throw sdkErrors.insufficientFunds.because(
          `locked amount exceeds account balance funds: ${locked}${denom} > ${held}${denom}`,
        );
      if (held - locked < amount) {
        throw sdkErrors.insufficientFunds.because(
          `spendable balance ${formatCoin({ denom, amount: held - locked })} is smaller than ${formatCoin(coin)}`,
        );
      }
      this.#setBalance(ctx, from, denom, held - amount);
    }
    ctx.emit("coin_spent", [
      ["spender", spender],
      ["amount", formatCoins(coins)],
    ]);
  }

  #give(ctx: Write, to: Uint8Array, coins: readonly Coin[], receiver: string): void {
    if (!areValidCoins(coins)) throw sdkErrors.invalidCoins.because(formatCoins(coins));
    for (const { denom, amount } of coins) this.#setBalance(ctx, to, denom, this.balance(ctx, to, denom) + amount);
    ctx.emit("coin_received", [
      ["receiver", receiver],
      ["amount", formatCoins(coins)],
    ]);
  }

  /** A balance of zero is no entry at all. */
  #setBalance(ctx: Write, address: Uint8Array, denom: string, amount: bigint): void {
    if (amount < 0n) throw new Error(`balance of ${denom} would go below zero`);
    if (amount === 0n) state.balances.delete(ctx, [address, denom]);
    else state.balances.set(ctx, [address, denom], amount);
  }

  #requirePermission(module: string, permission: AccountPermission): void {
    if (!this.#accounts.permissionsOf(module).includes(permission)) {
      throw new Error(`module account ${module} does not have permission to act as ${permission}`);
    }
  }
}
