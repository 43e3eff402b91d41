/** Owns what must always hold of uses, batches and their coins. */
import type { Read } from "../../chain/module/context.ts";
import { countsExactly, wholeOf } from "../../chain/types/accumulator.ts";
import { BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import { type Parts, partsSum } from "./charge.ts";
import { exportAll, validate } from "./genesis.ts";
import { chargedBy } from "./keeper/batches.ts";
import type { LineagePool } from "./keeper/version-pools.ts";
import type { AttributionKeeper } from "./keeper.ts";
import { sumOf } from "./payout.ts";

type Genesis = ReturnType<typeof exportAll>;

/** What the module's account owes in the fee's denomination, beside earnings. */
function owedInFees({ uses, batches, challenges, disputes, pools }: Genesis): bigint {
  let owed = 0n;
  for (const { status, fee, parts, proved } of uses) {
    if (status === UseStatus.USE_STATUS_OPEN) owed += BigInt(fee.amount);
    if (status === UseStatus.USE_STATUS_ACKNOWLEDGED) owed += partsSum(parts!) + BigInt(proved);
  }
  for (const batch of batches) {
    if (batch.status === BatchStatus.BATCH_STATUS_OPEN) owed += chargedBy(batch) + BigInt(batch.bond);
    if (batch.status === BatchStatus.BATCH_STATUS_FINAL) owed += BigInt(batch.sum) - BigInt(batch.claimed);
  }
  for (const { bond } of [...challenges, ...disputes]) owed += BigInt(bond);
  for (const pool of pools) owed += heldBy(pool);
  return owed;
}

/** All that was ever credited: to accounts by name, to datanet versions, to backers. */
function creditedEver({ earnings, pools, backed }: Genesis): bigint {
  let sum = BigInt(backed);
  for (const { claimed, unclaimed } of earnings) sum += BigInt(claimed) + BigInt(unclaimed);
  // What a record took out of its version's pool was credited twice: to the version and to its contributor.
  for (const pool of pools) sum += heldBy(pool);
  return sum;
}

/** All that settled uses and final batches gave to be credited: what they were charged, but for validators and what was burned. */
function givenEver({ payouts, uses, batches }: Genesis): bigint {
  let sum = 0n;
  for (const payout of payouts) sum += sumOf(payout) - BigInt(payout.validatorsAmount) - BigInt(payout.burnedAmount);
  for (const { status, parts, proved } of uses) {
    const isDefaulted = status === UseStatus.USE_STATUS_DEFAULTED;
    if (isDefaulted || status === UseStatus.USE_STATUS_PAID) sum += BigInt(proved) + creditedParts(parts!);
    // The host's part went back to the user.
    if (isDefaulted) sum -= BigInt(parts!.host);
  }
  for (const { status, parts, claimed } of batches) {
    const isFinal = status === BatchStatus.BATCH_STATUS_FINAL || status === BatchStatus.BATCH_STATUS_SWEPT;
    if (isFinal) sum += creditedParts(parts) + BigInt(claimed);
  }
  return sum;
}

/** The parts of a charge that are credited rather than given away at once. */
function creditedParts(parts: Parts): bigint {
  return partsSum(parts) - BigInt(parts.validators) - BigInt(parts.burned);
}

/** What the records of a version can still be credited. */
function heldBy({ received, paid, attestedReceived, attestedPaid }: LineagePool): bigint {
  return BigInt(received) - BigInt(paid) + BigInt(attestedReceived) - BigInt(attestedPaid);
}

/** The two streams of a version: by bytes, and by bytes and scores. */
function streamsOf(pool: LineagePool) {
  const name = `${pool.datanetId}/${pool.recordCount}`;
  const { accumulator, remainder, received, paid, left } = pool;
  return [
    { name: `lineage ${name}`, amounts: [accumulator, remainder, received, paid, left].map(BigInt), of: "fromLineage" },
    {
      name: `attested ${name}`,
      amounts: [
        ...[pool.attestedAccumulator, pool.attestedRemainder, pool.attestedReceived, pool.attestedPaid],
        pool.attestedLeft,
      ].map(BigInt),
      of: "fromAttested",
    },
  ] as const;
}

/**
 * What is wrong with a version's streams: an accumulator is what came in, spread over the bytes there were; the weight is that of
 * the records that have a part; and what they can still take, with what waits to be divided, is no more than what is left.
 */
function streamFlaw(keeper: AttributionKeeper, ctx: Read, stored: LineagePool): string | undefined {
  const pool = keeper.pools.weighed(ctx, stored);
  const { datanetId, recordCount } = pool;
  const numbers = Array.from({ length: Number(recordCount) }, (_, i) => BigInt(i + 1));
  const records = numbers.map((number) => keeper.pools.recordOf(ctx, pool, number));
  const parts = records.filter((record) => keeper.pools.hasPart(ctx, pool, record));
  const weight = parts.reduce((sum, { length }) => sum + length, 0n);
  if (weight !== pool.weight) {
    return `version ${datanetId}/${recordCount} counts ${pool.weight} bytes, its records have ${weight}`;
  }
  for (const { name, amounts, of } of streamsOf(pool)) {
    const [accumulator, remainder, received, paid, left] = amounts as [bigint, bigint, bigint, bigint, bigint];
    if (!countsExactly({ accumulator, remainder }, received, pool.weight, left)) {
      return `${name} counts otherwise than by what it received`;
    }
    let owed = wholeOf(remainder);
    for (const record of parts) {
      const earned = keeper.pools.earnedBy(ctx, pool, record)[of];
      if (earned < 0n) return `${name} paid record ${record.number} beyond what a byte has earned`;
      owed += earned;
    }
    if (paid + owed > received) return `${name} paid ${paid} of ${received}, its records have earned ${owed} more`;
  }
  return undefined;
}

export const invariants = {
  /** The module's account holds escrow, bonds, what versions have earned and what was earned and not claimed, and nothing else. */
  escrow: (keeper: AttributionKeeper, ctx: Read): string | undefined => {
    const all = exportAll(ctx);
    const owed = new Map<string, bigint>([[all.params.feeDenom, owedInFees(all)]]);
    for (const { denom, unclaimed } of all.earnings) owed.set(denom, (owed.get(denom) ?? 0n) + BigInt(unclaimed));
    const held = new Map(keeper.ledger.held(ctx).map(({ denom, amount }) => [denom, amount]));
    for (const denom of new Set([...owed.keys(), ...held.keys()])) {
      const [wanted, there] = [owed.get(denom) ?? 0n, held.get(denom) ?? 0n];
      if (wanted !== there) return `${wanted}${denom} is owed, the module's account holds ${there}${denom}`;
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
  /** Accounts, versions and backers were credited exactly what uses and batches gave them, to the last unit. */
  earnings: (_: AttributionKeeper, ctx: Read): string | undefined => {
    const all = exportAll(ctx);
    const [credited, given] = [creditedEver(all), givenEver(all)];
    return credited === given ? undefined : `${credited} was credited, ${given} was given`;
  },
  /** No batch has paid more than it promised; the streams of versions are sound. */
  claims: (keeper: AttributionKeeper, ctx: Read): string | undefined => {
    const all = exportAll(ctx);
    for (const { id, sum, claimed } of all.batches)
      if (BigInt(claimed) > BigInt(sum)) return `batch ${id} paid ${claimed} of ${sum}`;
    for (const pool of all.pools) {
      const flaw = streamFlaw(keeper, ctx, pool);
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  },
};
