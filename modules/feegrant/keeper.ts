// Owns: who lets whom pay fees with its coins: giving, using, taking back and forgetting allowances (x/feegrant/keeper). Does not own: the kinds of
// allowance (allowance.ts), the coins (bank).

import type { FeeGrantsPort } from "../../chain/app/ports.ts";
import type { TxMessage } from "../../chain/app/tx.ts";
import type { Read, Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import { areValidCoins, type Coin, formatCoins } from "../../chain/types/coin.ts";
import { compareTime, type Timestamp } from "../../chain/types/time.ts";
import { type Allowance, allowanceOf, anyOfAllowance, endOf, spend } from "./allowance.ts";
import { state } from "./state.ts";

/** What feegrant needs from its neighbours, and no more. */
export interface FeegrantUses {
  readonly accounts: {
    account(ctx: Read, address: Uint8Array): object | undefined;
    ensure(ctx: Write, address: Uint8Array): void;
  };
  readonly bank: { isBlocked(address: Uint8Array): boolean };
}

export class FeegrantKeeper implements FeeGrantsPort {
  readonly #uses: FeegrantUses;

  constructor(uses: FeegrantUses) {
    this.#uses = uses;
  }

  has(ctx: Read, granter: Uint8Array, grantee: Uint8Array): boolean {
    return state.allowances.has(ctx, [grantee, granter]);
  }

  /** The allowance. Throws sdk/38 (not found) when there is none. */
  allowance(ctx: Read, granter: Uint8Array, grantee: Uint8Array): Allowance {
    const grant = state.allowances.get(ctx, [grantee, granter]);
    if (grant === undefined) throw sdkErrors.notFound.because("fee-grant not found");
    return allowanceOf(grant.allowance);
  }

  /** Gives an allowance, and makes an account of the grantee's address. Throws sdk/18 when there is one or it has ended already. */
  grant(ctx: Write, granter: Uint8Array, grantee: Uint8Array, allowance: Allowance): void {
    if (this.has(ctx, granter, grantee)) throw sdkErrors.invalidRequest.because("fee allowance already exists");
    if (this.#uses.accounts.account(ctx, grantee) === undefined) {
      if (this.#uses.bank.isBlocked(grantee))
        throw sdkErrors.unauthorized.because(`${ctx.addresses.account(grantee)} is not allowed to receive funds`);
      this.#uses.accounts.ensure(ctx, grantee);
    }
    const end = endOf(allowance);
    if (end !== undefined) {
      if (compareTime(end, ctx.time) < 0)
        throw sdkErrors.invalidRequest.because("expiration is before current block time");
      state.queue.add(ctx, [end, grantee, granter]);
    }
    this.#save(ctx, granter, grantee, allowance);
    this.#tell(ctx, "set_feegrant", granter, grantee);
  }

  /** Takes an allowance back. Throws sdk/38 when there is none. */
  revoke(ctx: Write, granter: Uint8Array, grantee: Uint8Array): void {
    const end = endOf(this.allowance(ctx, granter, grantee));
    state.allowances.delete(ctx, [grantee, granter]);
    if (end !== undefined) state.queue.delete(ctx, [end, grantee, granter]);
    this.#tell(ctx, "revoke_feegrant", granter, grantee);
  }

  useGrant(
    ctx: Write,
    granter: Uint8Array,
    grantee: Uint8Array,
    fee: readonly Coin[],
    messages: readonly TxMessage[],
  ): void {
    const allowance = this.allowance(ctx, granter, grantee);
    const coins = fee.filter(({ amount }) => amount !== 0n);
    if (!areValidCoins(coins)) throw sdkErrors.insufficientFee.because(`invalid fee amount: ${formatCoins(fee)}`);
    const typeUrls = messages.map(({ typeUrl }) => typeUrl);
    const left = spend(allowance, { coins, time: ctx.time, typeUrls, gas: ctx.gas });
    if (left === undefined) this.revoke(ctx, granter, grantee);
    this.#tell(ctx, "use_feegrant", granter, grantee);
    if (left === undefined) return;
    this.#save(ctx, granter, grantee, left);
    this.#tell(ctx, "update_feegrant", granter, grantee);
  }

  /** Forgets allowances that have ended, the earliest first and `limit` at most. */
  prune(ctx: Write, limit: number): void {
    const ended: (readonly [Timestamp, Uint8Array, Uint8Array])[] = [];
    for (const entry of state.queue.keys(ctx, { limit })) {
      // One that ends at this very moment may still pay in this block.
      if (compareTime(entry[0], ctx.time) >= 0) break;
      ended.push(entry);
    }
    for (const entry of ended) {
      const [, grantee, granter] = entry;
      state.queue.delete(ctx, entry);
      state.allowances.delete(ctx, [grantee, granter]);
    }
  }

  #save(ctx: Write, granter: Uint8Array, grantee: Uint8Array, allowance: Allowance): void {
    state.allowances.set(ctx, [grantee, granter], {
      granter: ctx.addresses.account(granter),
      grantee: ctx.addresses.account(grantee),
      allowance: anyOfAllowance(allowance),
    });
  }

  #tell(ctx: Write, event: string, granter: Uint8Array, grantee: Uint8Array): void {
    ctx.emit(event, [
      ["granter", ctx.addresses.account(granter)],
      ["grantee", ctx.addresses.account(grantee)],
    ]);
  }
}
