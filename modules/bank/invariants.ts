// Owns: what must always hold of coins. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import type { BankKeeper } from "./keeper.ts";
import { state } from "./state.ts";

/** Every denomination's supply is the sum of what accounts hold of it. */
export function totalSupply(_keeper: BankKeeper, ctx: Read): string | undefined {
  const sums = new Map<string, bigint>();
  for (const [[, denom], amount] of state.balances.iterate(ctx)) sums.set(denom, (sums.get(denom) ?? 0n) + amount);
  for (const [denom, supply] of state.supply.iterate(ctx)) {
    const sum = sums.get(denom) ?? 0n;
    if (sum !== supply) return `supply of ${denom} is ${supply}, but accounts hold ${sum}`;
    sums.delete(denom);
  }
  for (const [denom, sum] of sums) return `accounts hold ${sum}${denom}, of which there is no supply`;
  return undefined;
}

/** No balance is zero or less: zero is no entry, and less is debt. */
export function positiveBalances(_keeper: BankKeeper, ctx: Read): string | undefined {
  for (const [[holder, denom], amount] of state.balances.iterate(ctx)) {
    if (amount <= 0n) return `${ctx.addresses.account(holder)} holds ${amount}${denom}`;
  }
  return undefined;
}
