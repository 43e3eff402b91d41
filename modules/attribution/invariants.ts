/** Owns what must always hold of uses, batches and their coins. */
import type { Read } from "../../chain/module/context.ts";
import { BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import { partsSum } from "./charge.ts";
import { exportAll, validate } from "./genesis.ts";
import { chargedBy } from "./keeper/batches.ts";
import type { AttributionKeeper } from "./keeper.ts";
import { earningsOf } from "./payout.ts";

type Genesis = ReturnType<typeof exportAll>;

/** What the module's account owes in the fee's denomination, beside earnings. */
function owedInFees({ uses, batches, challenges, pools, attested }: Genesis): bigint {
  let owed = BigInt(attested);
  for (const { status, fee, parts, proved } of uses) {
    if (status === UseStatus.USE_STATUS_OPEN) owed += BigInt(fee.amount);
    if (status === UseStatus.USE_STATUS_ACKNOWLEDGED) owed += partsSum(parts!) + BigInt(proved);
  }
  for (const batch of batches) {
    if (batch.status === BatchStatus.BATCH_STATUS_OPEN) owed += chargedBy(batch) + BigInt(batch.bond);
    if (batch.status === BatchStatus.BATCH_STATUS_FINAL) owed += BigInt(batch.sum) - BigInt(batch.claimed);
  }
  for (const { bond } of challenges) owed += BigInt(bond);
  for (const { received, paid } of pools) owed += BigInt(received) - BigInt(paid);
  return owed;
}

export const invariants = {
  /** The module's account holds escrow, bonds, the reserve and what was earned and not claimed, and nothing else. */
  escrow: (keeper: AttributionKeeper, ctx: Read): string | undefined => {
    const all = exportAll(ctx);
    const owed = new Map<string, bigint>([[all.params.feeDenom, owedInFees(all)]]);
    for (const { denom, unclaimed } of all.earnings) owed.set(denom, (owed.get(denom) ?? 0n) + BigInt(unclaimed));
    for (const [denom, amount] of owed) {
      const held = keeper.ledger.held(ctx, denom);
      if (held !== amount) return `${amount}${denom} is owed, the module's account holds ${held}${denom}`;
    }
    return undefined;
  },
  /** Every settled use has one payout, whose parts sum to its fee; no other use has any; batches have their uses. */
  payouts: (_: AttributionKeeper, ctx: Read): string | undefined => {
    try {
      validate(exportAll(ctx));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  /** What is owed and was claimed by name is at least what inline payouts gave. */
  earnings: (_: AttributionKeeper, ctx: Read): string | undefined => {
    const { payouts, earnings, batches, pools, uses } = exportAll(ctx);
    let given = 0n;
    for (const payout of payouts) for (const amount of earningsOf(payout).values()) given += amount;
    for (const { status, parts } of uses)
      if (status === UseStatus.USE_STATUS_DEFAULTED) given += BigInt(parts!.modelOwner);
    for (const { status, parts, claimed } of batches) {
      const isFinal = status === BatchStatus.BATCH_STATUS_FINAL || status === BatchStatus.BATCH_STATUS_SWEPT;
      if (isFinal) given += BigInt(parts.host) + BigInt(parts.modelOwner) + BigInt(claimed);
    }
    for (const { paid } of pools) given += BigInt(paid);
    const noted = earnings.reduce((sum, { claimed, unclaimed }) => sum + BigInt(claimed) + BigInt(unclaimed), 0n);
    // What a batch gave to the lineage was claimed from it and is not earned by name before a record asks for it.
    return noted <= given ? undefined : `${noted} was earned by name, ${given} was given`;
  },
  /** No batch has paid more than it promised, no version more than came in. */
  claims: (_: AttributionKeeper, ctx: Read): string | undefined => {
    const { batches, pools } = exportAll(ctx);
    for (const { id, sum, claimed } of batches)
      if (BigInt(claimed) > BigInt(sum)) return `batch ${id} paid ${claimed} of ${sum}`;
    for (const { datanetId, recordCount, received, paid } of pools) {
      if (BigInt(paid) > BigInt(received)) return `lineage ${datanetId}/${recordCount} paid ${paid} of ${received}`;
    }
    return undefined;
  },
};
