/** Owns the attribution module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { validateParams } from "./params.ts";
import { sumOf } from "./payout.ts";
import { state } from "./state.ts";

type Genesis = Messages["tributary.attribution.v1.GenesisState"];

/** Throws with a sentence when numbers have gaps, or a settled use has not exactly one payout of its fee. */
export function validate({ params, uses, payouts }: Genesis): void {
  validateParams(params);
  const payoutOf = new Map(payouts.map((payout) => [payout.useId, payout]));
  if (payoutOf.size !== payouts.length) throw new Error("attribution: a use has two payouts");
  uses.forEach((use, i) => {
    if (use.id !== BigInt(i + 1)) throw new Error(`attribution: use ${use.id} stands where ${i + 1} should`);
    const payout = payoutOf.get(use.id);
    payoutOf.delete(use.id);
    const isSettled = use.status === UseStatus.USE_STATUS_SETTLED;
    if (isSettled !== (payout !== undefined)) {
      throw new Error(
        `attribution: use ${use.id} is ${isSettled ? "settled without" : "not settled but has"} a payout`,
      );
    }
    if (payout !== undefined && sumOf(payout) !== BigInt(use.fee.amount)) {
      throw new Error(`attribution: the parts of payout ${use.id} sum to ${sumOf(payout)}, not ${use.fee.amount}`);
    }
  });
  for (const useId of payoutOf.keys()) throw new Error(`attribution: there is no use ${useId} for its payout`);
}

/** Writes a validated genesis. */
export function init(ctx: Write, { params, uses, payouts, earnings }: Genesis): void {
  state.params.set(ctx, params);
  for (const use of uses) state.uses.set(ctx, use.id, use);
  for (const payout of payouts) state.payouts.set(ctx, payout.useId, payout);
  for (const row of earnings) state.earnings.set(ctx, [ctx.addresses.parseAccount(row.beneficiary), row.denom], row);
}

/** Reads everything back in the order of the keys. */
export function exportAll(ctx: Read): Genesis {
  const params = state.params.get(ctx);
  if (params === undefined) throw new Error("attribution has no parameters");
  return {
    params,
    uses: Array.from(state.uses.iterate(ctx), ([, use]) => use),
    payouts: Array.from(state.payouts.iterate(ctx), ([, payout]) => payout),
    earnings: Array.from(state.earnings.iterate(ctx), ([, earnings]) => earnings),
  };
}
