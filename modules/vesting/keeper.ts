// Owns: putting a vesting account in its place: the address must be new and may receive coins. Does not own: accounts (auth), coins (bank).

import type { Read, Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import type { Coin } from "../../chain/types/coin.ts";
import type { AuthKeeper } from "../auth/keeper.ts";

/** How the coins of a new account come free. */
export type Schedule = Parameters<AuthKeeper["createVesting"]>[3];

/** What vesting needs from its neighbours, and no more. */
export interface VestingUses {
  readonly accounts: Pick<AuthKeeper, "account" | "createVesting">;
  readonly bank: {
    isBlocked(address: Uint8Array): boolean;
    requireSendEnabled(ctx: Read, coins: readonly Coin[]): void;
    send(ctx: Write, from: Uint8Array, to: Uint8Array, coins: readonly Coin[]): void;
  };
}

export class VestingKeeper {
  readonly #uses: VestingUses;

  constructor(uses: VestingUses) {
    this.#uses = uses;
  }

  /** Throws bank/5 for coins that may not be sent, sdk/4 for a module's address, sdk/18 for one that has an account. */
  requireReceivable(ctx: Read, to: Uint8Array, text: string, coins: readonly Coin[]): void {
    const { accounts, bank } = this.#uses;
    bank.requireSendEnabled(ctx, coins);
    if (bank.isBlocked(to)) throw sdkErrors.unauthorized.because(`${text} is not allowed to receive funds`);
    if (accounts.account(ctx, to) !== undefined)
      throw sdkErrors.invalidRequest.because(`account ${text} already exists`);
  }

  /** Makes the account and pays its coins. */
  create(ctx: Write, from: Uint8Array, to: Uint8Array, coins: readonly Coin[], schedule: Schedule): void {
    this.#uses.accounts.createVesting(ctx, to, coins, schedule);
    this.#uses.bank.send(ctx, from, to, coins);
  }
}
