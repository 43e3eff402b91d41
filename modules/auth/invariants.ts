// Owns: what must always hold of accounts, vesting ones among them. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { timeToNanoseconds } from "../../chain/types/time.ts";
import type { AuthKeeper } from "./keeper.ts";
import { state } from "./state.ts";
import { scheduleFlaw } from "./vesting.ts";

/** No two accounts have one number, none has one that is still to be given, and each stands under its own address. */
export function numbersAreDistinct(_keeper: AuthKeeper, ctx: Read): string | undefined {
  const next = state.accountNumber.peek(ctx);
  const seen = new Set<bigint>();
  for (const [address, { base }] of state.accounts.iterate(ctx)) {
    if (base.address !== ctx.addresses.account(address)) return `${base.address} stands under another address`;
    if (base.accountNumber >= next) return `${base.address} has number ${base.accountNumber}, but ${next} is the next`;
    if (seen.has(base.accountNumber)) return `two accounts have number ${base.accountNumber}`;
    seen.add(base.accountNumber);
  }
  return undefined;
}

/** A vesting account's coins are valid sums, its periods come to what it was given, and no more of that is delegated than was given. */
export function vestingIsSound(_keeper: AuthKeeper, ctx: Read): string | undefined {
  for (const [, account] of state.accounts.iterate(ctx)) {
    if (account.kind !== "vesting") continue;
    const flaw = scheduleFlaw(account);
    if (flaw !== undefined) return `${account.base.address}: ${flaw}`;
  }
  return undefined;
}

/** Unordered transactions that have ended are forgotten. */
export function endedNoncesAreForgotten(_keeper: AuthKeeper, ctx: Read): string | undefined {
  const now = timeToNanoseconds(ctx.time);
  for (const [ends] of state.unorderedNonces.keys(ctx))
    return ends < now ? `an unordered transaction that ended at ${ends} is remembered at ${now}` : undefined;
  return undefined;
}
