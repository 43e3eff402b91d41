/**
 * Owns the life of a record: its acceptance, its bond, every change of its status, and what members count because of
 * it. It does not own novelty (novelty.ts), commitments (commitments.ts), nor why a status changes.
 */
import type { Write } from "../../../chain/module/context.ts";
import type { Coin } from "../../../chain/types/coin.ts";
import { equalBytes, hex, utf8Length } from "../../../proto/bytes.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import { claimsBefore, type Datanet, type DatanetKeeper, isEarning, type Record } from "../keeper.ts";
import {
  BOND_UNIT_BYTES,
  HASH_BYTES,
  MAX_CLASS_BYTES,
  MAX_COUNTED_AT_ONCE,
  MAX_LICENCE_BYTES,
  MAX_RECORD_BYTES,
  MAX_RECORD_NAME_BYTES,
  SEMANTIC_SIGNATURE_BYTES,
} from "../limits.ts";
import { state } from "../state.ts";
import { appendRecord } from "./accumulator.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";
import { forgetFingerprint, type Novelty, noteFingerprint, noveltyOf } from "./novelty.ts";
import { fundAddress, takeSponsoredBond } from "./sponsorship.ts";

export type RecordInput = Messages["tributary.datanet.v1.RecordInput"];

/** Whose text it is, and since when. */
export interface Claim {
  readonly contributor: Uint8Array;
  readonly claimHeight: bigint;
  /** The commitment that is revealed; zero for none. */
  readonly commitmentId: bigint;
}

/** Accepts a member's records in the order given, all or none. Gives their numbers. */
export function acceptRecords(
  keeper: DatanetKeeper,
  ctx: Write,
  datanetId: bigint,
  claim: Claim,
  inputs: readonly RecordInput[],
): readonly bigint[] {
  const { commitFirst } = keeper.datanet(ctx, datanetId);
  keeper.member(ctx, datanetId, claim.contributor);
  if (commitFirst && claim.commitmentId === 0n) throw errors.commitFirst.because(`datanet ${datanetId}`);
  return inputs.map((input) => {
    checkRecord(input);
    const holder = holderOf(keeper, ctx, datanetId, input);
    if (holder === undefined) return acceptNew(keeper, ctx, datanetId, claim, input);
    if (isComingBack(ctx, holder, claim)) {
      // Its text is free for the one who brought it: nobody else may take what was not shown in time.
      state.records.set(ctx, [datanetId, holder.number], {
        ...holder,
        status: RecordStatus.RECORD_STATUS_REJECTED,
      });
      return acceptNew(keeper, ctx, datanetId, claim, input);
    }
    if (!yields(ctx, holder, claim, input)) {
      const text = `${hex(input.contentHash)} is record ${datanetId}/${holder.number} of ${holder.contributor}`;
      throw errors.duplicateRecord.because(text);
    }
    takeOver(keeper, ctx, holder, claim, input);
    return holder.number;
  });
}

/** Strikes or removes a record: it earns no more, and its bond is divided. Gives the bounty. */
export function strikeRecord(
  keeper: DatanetKeeper,
  ctx: Write,
  record: Record,
  status: Record["status"],
  challenger: Uint8Array,
): Coin {
  const { bond, isBondSponsored, datanetId, number } = record;
  forgetFingerprint(ctx, record);
  dropDeadline(ctx, record.finalAt, DEADLINE.record, datanetId, number);
  setStatus(keeper, ctx, { ...record, bond: 0n, closedAt: ctx.time.seconds }, record.status, status);
  countFinal(keeper, ctx, datanetId);
  if (!isBondSponsored) return keeper.slash(ctx, bond, challenger);
  // A fund that paid bounties could be emptied by a newcomer and its accomplice.
  keeper.release(ctx, fundAddress(datanetId), bond);
  return { denom: keeper.params(ctx).bondDenom, amount: 0n };
}

/** Rejects a pending record: it earns no more and its bond is given back. */
export function rejectRecord(keeper: DatanetKeeper, ctx: Write, record: Record): void {
  forgetFingerprint(ctx, record);
  dropDeadline(ctx, record.finalAt, DEADLINE.record, record.datanetId, record.number);
  const closed = { ...record, bond: 0n, closedAt: ctx.time.seconds };
  setStatus(keeper, ctx, closed, record.status, RecordStatus.RECORD_STATUS_REJECTED);
  countFinal(keeper, ctx, record.datanetId);
  releaseBond(keeper, ctx, record);
}

/** Ends a record's challenge window. A suspended one waits for its notice. */
export function finaliseRecord(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, number: bigint): void {
  const record = keeper.record(ctx, datanetId, number);
  if (record.status === RecordStatus.RECORD_STATUS_PENDING) {
    setStatus(keeper, ctx, { ...record, bond: 0n }, record.status, RecordStatus.RECORD_STATUS_FINAL);
    releaseBond(keeper, ctx, record);
  }
  countFinal(keeper, ctx, datanetId);
}

/**
 * Ends the wait of the records that come next: up to the first whose window is open still, bytes of those that stand are
 * counted. A suspended one stands; what it earns waits for it. Each record is visited once.
 */
export function countFinal(keeper: DatanetKeeper, ctx: Write, datanetId: bigint): void {
  const { finalCount: before, recordCount } = keeper.datanet(ctx, datanetId);
  let finalCount = before;
  let bytes = before === 0n ? 0n : keeper.record(ctx, datanetId, before).bytesThrough;
  for (; finalCount < recordCount && finalCount - before < MAX_COUNTED_AT_ONCE; finalCount++) {
    const record = keeper.record(ctx, datanetId, finalCount + 1n);
    const stands = isEarning(record) || record.status === RecordStatus.RECORD_STATUS_SUSPENDED;
    if (stands && (record.finalAt > ctx.time.seconds || record.status === RecordStatus.RECORD_STATUS_PENDING)) break;
    if (stands) bytes += record.length;
    state.records.set(ctx, [datanetId, finalCount + 1n], { ...record, bytesThrough: bytes });
  }
  if (finalCount === before) return;
  // The rest in the next block.
  if (finalCount - before === MAX_COUNTED_AT_ONCE) {
    addDeadline(ctx, ctx.time.seconds, DEADLINE.record, datanetId, finalCount);
  }
  state.datanets.set(ctx, datanetId, { ...keeper.datanet(ctx, datanetId), finalCount });
}

/** Suspends a record while a notice waits for its contributor. */
export function suspendRecord(keeper: DatanetKeeper, ctx: Write, record: Record): void {
  setStatus(keeper, ctx, record, record.status, RecordStatus.RECORD_STATUS_SUSPENDED);
}

/** Restores a suspended record to what it would be without the notice. */
export function restoreRecord(keeper: DatanetKeeper, ctx: Write, record: Record): void {
  const restored = { ...record, restoredAt: ctx.time.seconds };
  setStatus(keeper, ctx, restored, record.status, RecordStatus.RECORD_STATUS_PENDING);
  if (record.finalAt <= ctx.time.seconds) finaliseRecord(keeper, ctx, record.datanetId, record.number);
}

/** What a record of so many bytes is bonded with. */
function recordBond(keeper: DatanetKeeper, ctx: Write, { recordBond: own }: Datanet, length: bigint): bigint {
  const { minRecordBond: floor, recordBondPerKib } = keeper.params(ctx);
  return (own > floor ? own : floor) + (length / BOND_UNIT_BYTES) * recordBondPerKib;
}

function acceptNew(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, claim: Claim, input: RecordInput): bigint {
  const datanet = keeper.datanet(ctx, datanetId);
  const number = datanet.recordCount + 1n;
  const novelty = noveltyOf(keeper, ctx, { datanetId, number, ...claim }, input);
  const record = recordOf(keeper, ctx, datanet, number, claim, input, novelty);
  const member = keeper.member(ctx, datanetId, claim.contributor);
  state.datanets.set(ctx, datanetId, {
    ...datanet,
    recordCount: number,
    byteCount: datanet.byteCount + input.length,
  });
  state.members.set(ctx, [datanetId, claim.contributor], {
    ...member,
    recordCount: member.recordCount + 1n,
    byteCount: member.byteCount + input.length,
  });
  setStatus(keeper, ctx, record, RecordStatus.RECORD_STATUS_UNSPECIFIED, record.status);
  noteFingerprint(ctx, record, input.fingerprint, novelty);
  appendRecord(keeper, ctx, record);
  addDeadline(ctx, record.finalAt, DEADLINE.record, datanetId, number);
  emitAccepted(ctx, record);
  return number;
}

/** Gives the place of a record that was claimed later to the earlier claim. The text and its number stay. */
function takeOver(keeper: DatanetKeeper, ctx: Write, holder: Record, claim: Claim, input: RecordInput): void {
  const { datanetId, number } = holder;
  forgetFingerprint(ctx, holder);
  dropDeadline(ctx, holder.finalAt, DEADLINE.record, datanetId, number);
  // Without a weight in between, so that each contributor's own is changed.
  setStatus(keeper, ctx, { ...holder, bond: 0n }, holder.status, RecordStatus.RECORD_STATUS_REJECTED);
  releaseBond(keeper, ctx, holder);
  moveCounts(keeper, ctx, holder, claim.contributor);
  const novelty = noveltyOf(keeper, ctx, { datanetId, number, ...claim }, input);
  const made = recordOf(keeper, ctx, keeper.datanet(ctx, datanetId), number, claim, input, novelty);
  const record = made;
  for (const [at] of [...state.curationVotes.iterate(ctx, { prefix: [datanetId, number] })]) {
    state.curationVotes.delete(ctx, at);
  }
  setStatus(keeper, ctx, record, RecordStatus.RECORD_STATUS_REJECTED, record.status);
  noteFingerprint(ctx, record, input.fingerprint, novelty);
  addDeadline(ctx, record.finalAt, DEADLINE.record, datanetId, number);
  ctx.emit("record_taken_over", [
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["from", holder.contributor],
    ["to", record.contributor],
    ["commitment_id", claim.commitmentId.toString()],
  ]);
  emitAccepted(ctx, record);
}

/** Whether the holder of a text must yield it: to the same text, committed to before the holder claimed it. */
function yields(ctx: Write, holder: Record, claim: Claim, input: RecordInput): boolean {
  return (
    claim.commitmentId !== 0n &&
    holder.status !== RecordStatus.RECORD_STATUS_FINAL &&
    // What settles by batch relies on it that nothing of a record changes any more once its window has ended.
    ctx.time.seconds < holder.finalAt &&
    equalBytes(holder.contentHash, input.contentHash) &&
    equalBytes(holder.textRoot, input.textRoot) &&
    holder.length === input.length &&
    claimsBefore({ ...claim, number: holder.number }, holder)
  );
}

/** Whether a text that nobody showed in time is brought again by its contributor. */
function isComingBack(ctx: Write, holder: Record, { contributor }: Claim): boolean {
  return (
    holder.status === RecordStatus.RECORD_STATUS_WITHHELD && holder.contributor === ctx.addresses.account(contributor)
  );
}

/** The record that has the text already, by its hash or by its root. */
function holderOf(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, input: RecordInput): Record | undefined {
  const at =
    state.records.by.contentHash.find(ctx, [datanetId, input.contentHash]) ??
    state.records.by.textRoot.find(ctx, [datanetId, input.textRoot]);
  return at === undefined ? undefined : keeper.record(ctx, ...at);
}

/** A new pending record, its bond taken. */
function recordOf(
  keeper: DatanetKeeper,
  ctx: Write,
  datanet: Datanet,
  number: bigint,
  { contributor, claimHeight, commitmentId }: Claim,
  input: RecordInput,
  novelty: Novelty,
): Record {
  const { fingerprint: _, ...committed } = input;
  const bond = recordBond(keeper, ctx, datanet, input.length);
  const isBondSponsored = takeSponsoredBond(keeper, ctx, datanet.id, contributor, bond);
  if (!isBondSponsored) keeper.hold(ctx, contributor, bond);
  return {
    ...committed,
    datanetId: datanet.id,
    number,
    contributor: ctx.addresses.account(contributor),
    height: ctx.height,
    fingerprintCount: novelty.grams.length,
    noveltyPpm: novelty.ppm,
    status: RecordStatus.RECORD_STATUS_PENDING,
    claimHeight,
    commitmentId,
    bond,
    isBondSponsored,
    finalAt: ctx.time.seconds + keeper.params(ctx).challengeSeconds,
    acceptedAt: ctx.time.seconds,
    approvals: 0,
    rejections: 0,
    dismissedNotices: 0,
    bytesThrough: 0n,
    restoredAt: 0n,
    closedAt: 0n,
  };
}

/** Stores a record under a status, and counts it among those that may earn or no more. */
function setStatus(
  keeper: DatanetKeeper,
  ctx: Write,
  record: Record,
  before: Record["status"],
  after: Record["status"],
): void {
  const { datanetId, number, length } = record;
  state.records.set(ctx, [datanetId, number], { ...record, status: after });
  const change = BigInt(isEarning({ status: after })) - BigInt(isEarning({ status: before }));
  if (change === 0n) return;
  const contributor = ctx.addresses.parseAccount(record.contributor);
  const member = keeper.member(ctx, datanetId, contributor);
  const datanet = keeper.datanet(ctx, datanetId);
  state.members.set(ctx, [datanetId, contributor], {
    ...member,
    earningRecords: member.earningRecords + change,
    earningBytes: member.earningBytes + change * length,
  });
  state.datanets.set(ctx, datanetId, {
    ...datanet,
    earningRecords: datanet.earningRecords + change,
    earningBytes: datanet.earningBytes + change * length,
  });
}

/** Counts a record for another member than before. */
function moveCounts(keeper: DatanetKeeper, ctx: Write, holder: Record, to: Uint8Array): void {
  const move = (account: Uint8Array, sign: bigint): void => {
    const member = keeper.member(ctx, holder.datanetId, account);
    const recordCount = member.recordCount + sign;
    const byteCount = member.byteCount + sign * holder.length;
    state.members.set(ctx, [holder.datanetId, account], { ...member, recordCount, byteCount });
  };
  move(ctx.addresses.parseAccount(holder.contributor), -1n);
  move(to, 1n);
}

function releaseBond(
  keeper: DatanetKeeper,
  ctx: Write,
  { datanetId, contributor, bond, isBondSponsored }: Record,
): void {
  keeper.release(ctx, isBondSponsored ? fundAddress(datanetId) : ctx.addresses.parseAccount(contributor), bond);
}

function emitAccepted(ctx: Write, { datanetId, number, contributor, contentHash, noveltyPpm, bond }: Record): void {
  ctx.emit("record_accepted", [
    ["datanet_id", datanetId.toString()],
    ["number", number.toString()],
    ["contributor", contributor],
    ["content_hash", hex(contentHash)],
    ["novelty_ppm", noveltyPpm.toString()],
    ["bond", bond.toString()],
  ]);
}

function checkRecord(input: RecordInput): void {
  const { contentHash, textRoot, length, licence, name, semanticSignature } = input;
  const refuse = (flaw: string) => errors.invalidRecord.because(flaw);
  if (contentHash.length !== HASH_BYTES) throw refuse(`content_hash has ${contentHash.length} bytes`);
  if (textRoot.length !== HASH_BYTES) throw refuse(`text_root has ${textRoot.length} bytes`);
  if (length < 1n || length > MAX_RECORD_BYTES) throw refuse(`length ${length} is not from 1 to ${MAX_RECORD_BYTES}`);
  if (utf8Length(licence) > MAX_LICENCE_BYTES) throw refuse(`licence over ${MAX_LICENCE_BYTES} bytes`);
  if (utf8Length(name) > MAX_RECORD_NAME_BYTES) throw refuse(`name over ${MAX_RECORD_NAME_BYTES} bytes`);
  if (utf8Length(input.class) > MAX_CLASS_BYTES) throw refuse(`class over ${MAX_CLASS_BYTES} bytes`);
  if (BigInt(input.tokenCount) > length) throw refuse(`token_count ${input.tokenCount} of ${length} bytes`);
  if (semanticSignature.length !== 0 && semanticSignature.length !== SEMANTIC_SIGNATURE_BYTES) {
    throw refuse(`semantic_signature has ${semanticSignature.length} bytes`);
  }
}
