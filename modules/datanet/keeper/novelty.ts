/**
 * Owns how much of a record is new to its datanet: the k-grams that records have declared, who had each first, and the
 * novelty floor. It does not own what a fingerprint is (fingerprint.ts) nor false ones (challenges.ts).
 *
 * A k-gram counts as taken when a record whose claim came before has it. So a near-copy that overtakes a committed
 * record cannot make the original look old.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { errors } from "../errors.ts";
import { type Gram, readFingerprint } from "../fingerprint.ts";
import { claimsBefore, type DatanetKeeper, type Record } from "../keeper.ts";
import { PARTS_PER_MILLION } from "../limits.ts";
import { state } from "../state.ts";
import type { RecordInput } from "./records.ts";

/** A declared fingerprint beside those of a datanet. */
export interface Novelty {
  readonly grams: readonly Gram[];
  /** The hashes that no record of an earlier claim has. */
  readonly fresh: readonly bigint[];
  readonly ppm: number;
}

type ClaimedPlace = Pick<Record, "datanetId" | "number" | "claimHeight" | "commitmentId">;

/** Reads a fingerprint and compares it. Throws datanet/10 when malformed, datanet/12 below the floor. */
export function noveltyOf(
  keeper: DatanetKeeper,
  ctx: Read,
  place: ClaimedPlace,
  { fingerprint, length }: Pick<RecordInput, "fingerprint" | "length">,
): Novelty {
  const novelty = compareFingerprint(keeper, ctx, place, fingerprint, length);
  const floor = keeper.params(ctx).minNoveltyPpm;
  if (novelty.ppm < floor) {
    const shares = `${novelty.fresh.length} of ${novelty.grams.length} fingerprint entries are new`;
    throw errors.notNovel.because(`${shares}, ${novelty.ppm} ppm; the datanet takes ${floor} ppm or more`);
  }
  return novelty;
}

/** As `noveltyOf`, whatever the floor. A text without a fingerprint is too short to be compared and counts as new. */
export function compareFingerprint(
  keeper: DatanetKeeper,
  ctx: Read,
  place: ClaimedPlace,
  fingerprint: Uint8Array,
  length: bigint,
): Novelty {
  const grams = readFingerprint(fingerprint, length);
  if ("flaw" in grams) throw errors.invalidRecord.because(grams.flaw);
  const fresh = grams.map(({ hash }) => hash).filter((hash) => !isTaken(keeper, ctx, place, hash));
  const count = BigInt(grams.length);
  const ppm = count === 0n ? BigInt(PARTS_PER_MILLION) : (BigInt(PARTS_PER_MILLION) * BigInt(fresh.length)) / count;
  return { grams, fresh, ppm: Number(ppm) };
}

/** Keeps what a record declared, and makes it the first owner of what is new. */
export function noteFingerprint(ctx: Write, record: Record, entries: Uint8Array, { grams, fresh }: Novelty): void {
  if (grams.length === 0) return;
  const { datanetId, number } = record;
  state.fingerprints.set(ctx, [datanetId, number], { datanetId, number, entries, owned: 0n });
  for (const hash of fresh) state.grams.set(ctx, [datanetId, hash], number);
}

/** Forgets what a record declared: what it was first to have may be new again. */
export function forgetFingerprint(ctx: Write, { datanetId, number, length }: Record): void {
  for (const { hash } of declaredGrams(ctx, datanetId, number, length)) {
    if (state.grams.get(ctx, [datanetId, hash]) === number) state.grams.delete(ctx, [datanetId, hash]);
  }
  state.fingerprints.delete(ctx, [datanetId, number]);
}

/** What a record declared; nothing for a short text. */
export function declaredGrams(ctx: Read, datanetId: bigint, number: bigint, length: bigint): readonly Gram[] {
  const entries = state.fingerprints.get(ctx, [datanetId, number])?.entries ?? new Uint8Array(0);
  const grams = readFingerprint(entries, length);
  if ("flaw" in grams) throw new Error(`the fingerprint of record ${datanetId}/${number}: ${grams.flaw}`);
  return grams;
}

/** Whether a record of an earlier claim has the k-gram; without a commitment every other record is earlier. */
function isTaken(keeper: DatanetKeeper, ctx: Read, place: ClaimedPlace, hash: bigint): boolean {
  const owner = state.grams.get(ctx, [place.datanetId, hash]);
  if (owner === undefined) return false;
  if (place.commitmentId === 0n) return true;
  return claimsBefore(keeper.record(ctx, place.datanetId, owner), place);
}
