/**
 * Owns what datanet versions have earned together, and what of it each of their records has had: by lineage, for the bytes
 * a record has, and by attested scores, for those bytes as far as the datanet's validators vouch for the record. It does not
 * own scores (modules/datanet) nor what an account has earned in all (ledger.ts).
 *
 * A record has a part by its bytes when it stood as its challenge window ended. Until the windows of all of a version's records
 * have ended, what comes in waits. A record that is struck or removed later leaves: what it would have had is the others'.
 *
 * Both cost the same with ten or ten million contributors: income only moves a pool's accumulators
 * (chain/types/accumulator.ts), and a record takes what its bytes have earned when somebody asks for it.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Page, PageRequest } from "../../../chain/store/collections.ts";
import { accumulate, earnedBetween, held } from "../../../chain/types/accumulator.ts";
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

/** What can be credited for a record, and what of its scores' part goes back to all of the version. */
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
    return this.weighed(ctx, pool);
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
    const { rows, page } = state.pools.paginate(ctx, request, { prefix: datanetId, filter });
    return { rows: rows.map(([at, pool]) => [at, this.weighed(ctx, pool)] as const), page };
  }

  /** Whether what the record earned waits, because the record is suspended. */
  isWaiting(ctx: Read, version: DatanetVersion, number: bigint): boolean {
    return this.recordOf(ctx, version, number).status === RecordStatus.RECORD_STATUS_SUSPENDED;
  }

  /** What a record of the version can be credited now. Throws attribution/25 when it is not of the version, or suspended. */
  pending(ctx: Read, stored: LineagePool, number: bigint): Pending {
    const pool = this.weighed(ctx, stored);
    const record = this.recordOf(ctx, pool, number);
    if (this.isWaiting(ctx, pool, number)) {
      throw errors.invalidClaim.because(`record ${pool.datanetId}/${number} is suspended until its notice is decided`);
    }
    const { fromLineage, fromAttested } = this.earnedBy(ctx, pool, record);
    const all = { fromLineage, fromAttested, isAttested: true };
    if (!this.#uses.datanets.isEarning(record)) return { lineage: 0n, attested: 0n, returned: 0n, ...all };
    const ppm = this.#attestedPpm(ctx, record);
    if (ppm === undefined) {
      return { ...all, lineage: fromLineage, attested: 0n, returned: 0n, fromAttested: 0n, isAttested: false };
    }
    const attested = (fromAttested * BigInt(ppm)) / BigInt(PARTS_PER_MILLION);
    return { ...all, lineage: fromLineage, attested, returned: fromAttested - attested };
  }

  /** What a record's bytes have earned in the two streams since it was paid last; nothing for one that has no part in them. */
  earnedBy(ctx: Read, pool: LineagePool, record: Record): { fromLineage: bigint; fromAttested: bigint } {
    if (!this.hasPart(ctx, pool, record)) return { fromLineage: 0n, fromAttested: 0n };
    const at = [[pool.datanetId, pool.recordCount], record.number] as const;
    const since = (accumulator: string, claimed: bigint | undefined): bigint =>
      earnedBetween(claimed ?? 0n, BigInt(accumulator), record.length);
    return {
      fromLineage: since(pool.accumulator, state.lineageClaims.get(ctx, at)),
      fromAttested: since(pool.attestedAccumulator, state.attestedClaims.get(ctx, at)),
    };
  }

  /**
   * Credits records of a version with what they have earned. Those that were struck or removed leave it: what they would have
   * had goes back to the others, and their bytes count no more. Gives the sum.
   */
  claim(ctx: Write, version: DatanetVersion, numbers: readonly bigint[]): bigint {
    let pool = this.pool(ctx, version);
    const key = [version.datanetId, version.recordCount] as const;
    const sums = { credited: 0n, byLineage: 0n, byScores: 0n };
    for (const number of numbers) {
      const record = this.recordOf(ctx, version, number);
      const { lineage, attested, returned, fromLineage, fromAttested, isAttested } = this.pending(ctx, pool, number);
      state.lineageClaims.set(ctx, [key, number], BigInt(pool.accumulator));
      if (isAttested) state.attestedClaims.set(ctx, [key, number], BigInt(pool.attestedAccumulator));
      pool = {
        ...pool,
        paid: (BigInt(pool.paid) + fromLineage).toString(),
        attestedPaid: (BigInt(pool.attestedPaid) + fromAttested).toString(),
      };
      if (this.#uses.datanets.isEarning(record)) {
        this.#ledger.credit(ctx, record.contributor, lineage + attested);
        sums.credited += lineage + attested;
        sums.byLineage += returned;
      } else {
        sums.byLineage += fromLineage;
        sums.byScores += fromAttested;
        if (pool.isWeighed && this.hasPart(ctx, pool, record)) {
          state.leavers.add(ctx, [key, number]);
          pool = withoutBytes(pool, record.length);
        }
      }
    }
    state.pools.set(ctx, key, pool);
    this.#pour(ctx, version, sums.byLineage, sums.byScores);
    return sums.credited;
  }

  /** The pool with its weight, if the windows of all its records have ended: then what waited is divided among their bytes. */
  weighed(ctx: Read, pool: LineagePool): LineagePool {
    if (pool.isWeighed) return pool;
    const { finalCount } = this.#uses.datanets.datanet(ctx, pool.datanetId);
    if (pool.recordCount > finalCount) return pool;
    const weight = this.recordOf(ctx, pool, pool.recordCount).bytesThrough;
    return received({ ...pool, weight, isWeighed: true }, 0n, 0n);
  }

  /** Whether a record has a part in a version: it stood when its window had ended, and has not left. */
  hasPart(ctx: Read, pool: LineagePool, { datanetId, number, length, bytesThrough }: Record): boolean {
    const before = number === 1n ? 0n : this.recordOf(ctx, pool, number - 1n).bytesThrough;
    const stood = bytesThrough - before === length;
    return pool.isWeighed && stood && !state.leavers.has(ctx, [[datanetId, pool.recordCount], number]);
  }

  /** Throws attribution/25 when there is no such record in the version. */
  recordOf(ctx: Read, { datanetId, recordCount }: DatanetVersion, number: bigint): Record {
    const record = number > recordCount ? undefined : this.#uses.datanets.findRecord(ctx, datanetId, number);
    if (record !== undefined) return record;
    throw errors.invalidClaim.because(`record ${datanetId}/${number} is not one of records 1 to ${recordCount}`);
  }

  /** What a record's scores are worth; undefined while it may still be scored. After the time to claim, no score is none. */
  #attestedPpm(ctx: Read, { datanetId, number, acceptedAt }: Record): number | undefined {
    const ppm = this.#uses.datanets.attestedPpm(ctx, datanetId, number);
    if (ppm !== undefined) return ppm;
    const { claimSeconds } = state.params.get(ctx)!.game;
    return ctx.time.seconds > acceptedAt + BigInt(claimSeconds) ? 0 : undefined;
  }

  #pour(ctx: Write, { datanetId, recordCount }: DatanetVersion, lineage: bigint, attested: bigint): void {
    const stored = state.pools.get(ctx, [datanetId, recordCount]);
    if (lineage === 0n && attested === 0n) return;
    const pool = this.weighed(ctx, stored ?? newPool({ datanetId, recordCount }));
    state.pools.set(ctx, [datanetId, recordCount], received(pool, lineage, attested));
  }
}

/** A pool after so many bytes have left. */
function withoutBytes(pool: LineagePool, length: bigint): LineagePool {
  const after = (left: string, accumulator: string) => (BigInt(left) + BigInt(accumulator) * length).toString();
  return {
    ...pool,
    weight: pool.weight - length,
    left: after(pool.left, pool.accumulator),
    attestedLeft: after(pool.attestedLeft, pool.attestedAccumulator),
  };
}

function newPool({ datanetId, recordCount }: DatanetVersion): LineagePool {
  const byLineage = { accumulator: "0", remainder: "0", received: "0", paid: "0" };
  const byScores = { attestedAccumulator: "0", attestedRemainder: "0", attestedReceived: "0", attestedPaid: "0" };
  return {
    datanetId,
    recordCount,
    weight: 0n,
    isWeighed: false,
    left: "0",
    attestedLeft: "0",
    ...byLineage,
    ...byScores,
  };
}

/** A pool after amounts came in by lineage and for scores. */
function received(pool: LineagePool, lineage: bigint, attested: bigint): LineagePool {
  const byLineage = raised(pool.accumulator, pool.remainder, lineage, pool.weight);
  const byScores = raised(pool.attestedAccumulator, pool.attestedRemainder, attested, pool.weight);
  return {
    ...pool,
    ...byLineage,
    received: (BigInt(pool.received) + lineage).toString(),
    attestedAccumulator: byScores.accumulator,
    attestedRemainder: byScores.remainder,
    attestedReceived: (BigInt(pool.attestedReceived) + attested).toString(),
  };
}

/** An accumulator after an amount came in for so many bytes; without any bytes to divide it among, it waits. */
function raised(accumulator: string, remainder: string, amount: bigint, weight: bigint) {
  const before = { accumulator: BigInt(accumulator), remainder: BigInt(remainder) };
  const after = weight === 0n ? held(before, amount) : accumulate(before, amount, weight);
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
