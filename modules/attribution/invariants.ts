/** Owns what must always hold of uses and their coins. */
import type { Read } from "../../chain/module/context.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import { exportAll, validate } from "./genesis.ts";
import type { AttributionKeeper } from "./keeper.ts";
import { earningsOf } from "./payout.ts";

export const invariants = {
  /** The module's account holds the fees of open uses and the unclaimed earnings, and nothing else. */
  escrow: (keeper: AttributionKeeper, ctx: Read): string | undefined => {
    const { params, uses, earnings } = exportAll(ctx);
    const owed = new Map<string, bigint>([[params.feeDenom, 0n]]);
    const add = (denom: string, amount: string): void => {
      owed.set(denom, (owed.get(denom) ?? 0n) + BigInt(amount));
    };
    for (const { status, fee } of uses) if (status === UseStatus.USE_STATUS_OPEN) add(fee.denom, fee.amount);
    for (const { denom, unclaimed } of earnings) add(denom, unclaimed);
    for (const [denom, amount] of owed) {
      const held = keeper.held(ctx, denom);
      if (held !== amount) return `${amount}${denom} is owed, the module's account holds ${held}${denom}`;
    }
    return undefined;
  },
  /** Every settled use has one payout, whose parts sum to its fee; no other use has any. */
  payouts: (_: AttributionKeeper, ctx: Read): string | undefined => {
    try {
      validate(exportAll(ctx));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  /** What accounts have earned, claimed or not, is what payouts gave them. */
  earnings: (_: AttributionKeeper, ctx: Read): string | undefined => {
    const { payouts, earnings } = exportAll(ctx);
    const open = new Map<string, bigint>();
    for (const payout of payouts) {
      for (const [account, amount] of earningsOf(payout)) {
        const name = `${account} in ${payout.fee.denom}`;
        open.set(name, (open.get(name) ?? 0n) + amount);
      }
    }
    for (const { beneficiary, denom, claimed, unclaimed } of earnings) {
      const name = `${beneficiary} in ${denom}`;
      open.set(name, (open.get(name) ?? 0n) - BigInt(claimed) - BigInt(unclaimed));
    }
    for (const [name, difference] of open)
      if (difference !== 0n) return `${name}: ${difference} was earned and not noted`;
    return undefined;
  },
};
