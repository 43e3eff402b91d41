/**
 * Owns what datanet versions have earned together, and what of it each of their records has had: by lineage, for the bytes
 * a record has, and by attested scores, for those bytes as far as the datanet's validators vouch for the record. It does not
 * own scores (modules/datanet) nor what an account has earned in all (ledger.ts).
 *
 * Both cost the same with ten or ten million contributors: income only moves a pool's accumulators
 * (chain/types/accumulator.ts), and a record takes what its bytes have earned when somebody asks for it.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Page, PageRequest } from "../../../chain/store/collections.ts";
import { accumulate, earnedBetween } from "../../../chain/types/accumulator.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { attributed } from "../../datanet/keeper/attributed.ts";
import type { Record } from "../../datanet/keeper.ts";
import { errors } from "../errors.ts";
import { PARTS_PER_MILLION } from "../limits.ts";
import { splitByWeights } from "../split.ts";
import { state } from "../state.ts";
import type { Ledger } from "./ledger.ts";

export type LineagePool = Messages["tributary.attribution.v1.LineagePool"];

/** A datanet version: the datanet's records 1 to `recordCount`. */
export interface DatanetVersion {
  readonly datanetId: bigint;
  readonly recordCount: bigint;
}

/** Datanets as attribution sees them (modules/datanet/keeper/attributed.ts). */
export type Datanets = ReturnType<typeof attributed>;

/** A version with its part of what several are paid. */
export type WeighedVersion = DatanetVersion & { readonly weight: bigint };

/** What pools need of their neighbours. */
export interface VersionPoolUses {
  readonly datanets: Pick<Datanets, "datanet" | "findRecord" | "isEarning" | "attestedPpm">;
}

/** What can be credited for a record, and what of its version's income goes back to all of the version. */
interface Pending {
  readonly lineage: bigint;
  readonly attested: bigint;
  readonly returned: bigint;
  /** What was taken out of the two accumulators for it. */
  readonly fromLineage: bigint;
  readonly fromAttested: bigint;
  /** False while the attested part waits for a score. */
  readonly isAttested: boolean;
}

export class VersionPools {
  readonly #uses: VersionPoolUses;
  readonly #ledger: Ledger;

  constructor(uses: VersionPoolUses, ledger: Ledger) {
    this.#uses = uses;
    this.#ledger = ledger;
  }

  /** Divides an amount among datanet versions, by their weights, for their contributors. */
  creditLineage(ctx: Write, versions: readonly WeighedVersion[], amount: bigint): void {
    for (const [version, part] of divided(versions, amount)) this.#pour(ctx, version, part, 0n);
  }

  /** Divides an amount among datanet versions for those of their records that validators vouch for; without any validators, for all. */
  creditAttested(ctx: Write, versions: readonly WeighedVersion[], amount: bigint): void {
    for (const [version, part] of divided(versions, amount)) {
      const { validators } = this.#uses.datanets.datanet(ctx, version.datanetId);
      if (validators.length > 0) this.#pour(ctx, version, 0n, part);
      else this.#pour(ctx, version, part, 0n);
    }
  }

  /** Throws attribution/28 when the version has earned nothing yet. */
  pool(ctx: Read, { datanetId, recordCount }: DatanetVersion): LineagePool {
    const pool = state.pools.get(ctx, [datanetId, recordCount]);
    if (pool === undefined) throw errors.lineageNotFound.because(`datanet ${datanetId}, records 1 to ${recordCount}`);
    return pool;
  }

  /** The versions of a datanet that hold a record, as far as they have earned anything. Throws attribution/25 for no such record. */
  holding(
    ctx: Read,
    datanetId: bigint,
    number: bigint,
    request: PageRequest | undefined,
  ): Page<readonly [unknown, LineagePool]> {
    this.recordOf(ctx, { datanetId, recordCount: number }, number);
    const filter = (_: unknown, { recordCount }: LineagePool): boolean => number <= recordCount;
    return state.pools.paginate(ctx, request, { prefix: datanetId, filter });
  }

  /** Whether what the record earned waits, because the record is suspended. */
  isWaiting(ctx: Read, version: DatanetVersion, number: bigint): boolean {
    return this.recordOf(ctx, version, number).status === RecordStatus.RECORD_STATUS_SUSPENDED;
  }

  /** What a record of the version can be credited now. Throws attribution/25 when it is not of the version, or suspended. */
  pending(ctx: Read, pool: LineagePool, number: bigint): Pending {
    const record = this.recordOf(ctx, pool, number);
    const at = [[pool.datanetId, pool.recordCount], number] as const;
    const since = (accumulator: string, claimed: bigint | undefined): bigint =>
      earnedBetween(claimed ?? 0n, BigInt(accumulator), record.length);
    const fromLineage = since(pool.accumulator, state.lineageClaims.get(ctx, at));
    const attested = since(pool.attestedAccumulator, state.attestedClaims.get(ctx, at));
    if (this.isWaiting(ctx, pool, number)) {
      throw errors.invalidClaim.because(`record ${pool.datanetId}/${number} is suspended until its notice is decided`);
    }
    if (!this.#uses.datanets.isEarning(record)) {
      return { lineage: fromLineage, attested, returned: 0n, fromLineage, fromAttested: attested, isAttested: true };
    }
    const ppm = this.#attestedPpm(ctx, record);
    if (ppm === undefined) {
      return { lineage: fromLineage, attested: 0n, returned: 0n, fromLineage, fromAttested: 0n, isAttested: false };
    }
    const earned = (attested * BigInt(ppm)) / BigInt(PARTS_PER_MILLION);
    const returned = attested - earned;
    return { lineage: fromLineage, attested: earned, returned, fromLineage, fromAttested: attested, isAttested: true };
  }

  /** Credits records of a version with what they have earned. Gives the sum. */
  claim(ctx: Write, version: DatanetVersion, numbers: readonly bigint[]): bigint {
    const pool = this.pool(ctx, version);
    const sums = { credited: 0n, returned: 0n, fromLineage: 0n, fromAttested: 0n };
    for (const number of numbers) {
      const at = [[version.datanetId, version.recordCount], number] as const;
      const { lineage, attested, returned, fromLineage, fromAttested, isAttested } = this.pending(ctx, pool, number);
      state.lineageClaims.set(ctx, at, BigInt(pool.accumulator));
      if (isAttested) state.attestedClaims.set(ctx, at, BigInt(pool.attestedAccumulator));
      this.#ledger.credit(ctx, this.#earnerOf(ctx, this.recordOf(ctx, version, number)), lineage + attested);
      sums.credited += lineage + attested;
      sums.returned += returned;
      sums.fromLineage += fromLineage;
      sums.fromAttested += fromAttested;
    }
    state.pools.set(ctx, [version.datanetId, version.recordCount], {
      ...pool,
      paid: (BigInt(pool.paid) + sums.fromLineage).toString(),
      attestedPaid: (BigInt(pool.attestedPaid) + sums.fromAttested).toString(),
    });
    this.#pour(ctx, version, sums.returned, 0n);
    return sums.credited;
  }

  /** Throws attribution/25 when there is no such record in the version. */
  recordOf(ctx: Read, { datanetId, recordCount }: DatanetVersion, number: bigint): Record {
    const record = number > recordCount ? undefined : this.#uses.datanets.findRecord(ctx, datanetId, number);
    if (record !== undefined) return record;
    throw errors.invalidClaim.because(`record ${datanetId}/${number} is not one of records 1 to ${recordCount}`);
  }

  /** Who is paid for a record: its contributor, or the datanet's treasury for one that was struck or removed since, as it earns no more. */
  #earnerOf(ctx: Read, record: Record): string {
    if (this.#uses.datanets.isEarning(record)) return record.contributor;
    return this.#uses.datanets.datanet(ctx, record.datanetId).treasury;
  }

  /** What a record's scores are worth; undefined while it may still be scored. After the time to claim, no score is none. */
  #attestedPpm(ctx: Read, { datanetId, number, acceptedAt }: Record): number | undefined {
    const ppm = this.#uses.datanets.attestedPpm(ctx, datanetId, number);
    if (ppm !== undefined) return ppm;
    const { claimSeconds } = state.params.get(ctx)!.game;
    return ctx.time.seconds > acceptedAt + BigInt(claimSeconds) ? 0 : undefined;
  }

  #pour(ctx: Write, { datanetId, recordCount }: DatanetVersion, lineage: bigint, attested: bigint): void {
    if (lineage === 0n && attested === 0n) return;
    const pool = state.pools.get(ctx, [datanetId, recordCount]) ?? this.#newPool(ctx, { datanetId, recordCount });
    const byLineage = raised(pool.accumulator, pool.remainder, lineage, pool.weight);
    const byScores = raised(pool.attestedAccumulator, pool.attestedRemainder, attested, pool.weight);
    state.pools.set(ctx, [datanetId, recordCount], {
      ...pool,
      ...byLineage,
      received: (BigInt(pool.received) + lineage).toString(),
      attestedAccumulator: byScores.accumulator,
      attestedRemainder: byScores.remainder,
      attestedReceived: (BigInt(pool.attestedReceived) + attested).toString(),
    });
  }

  #newPool(ctx: Read, version: DatanetVersion): LineagePool {
    const { datanetId, recordCount } = version;
    const weight = this.recordOf(ctx, version, recordCount).bytesThrough;
    const byLineage = { accumulator: "0", remainder: "0", received: "0", paid: "0" };
    const byScores = { attestedAccumulator: "0", attestedRemainder: "0", attestedReceived: "0", attestedPaid: "0" };
    return { datanetId, recordCount, weight, ...byLineage, ...byScores };
  }
}

/** An accumulator after an amount came in for so many bytes. */
function raised(accumulator: string, remainder: string, amount: bigint, weight: bigint) {
  const after = accumulate({ accumulator: BigInt(accumulator), remainder: BigInt(remainder) }, amount, weight);
  return { accumulator: after.accumulator.toString(), remainder: after.remainder.toString() };
}

/** Every version with its part. */
function divided(versions: readonly WeighedVersion[], amount: bigint): readonly (readonly [DatanetVersion, bigint])[] {
  const parts = splitByWeights(
    amount,
    versions.map(({ weight }) => weight),
  );
  return versions.map((version, i) => [version, parts[i]!]);
}
