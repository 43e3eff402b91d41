/**
 * Owns commitments: places held for records that are shown later. It does not own what becomes of the records
 * (records.ts).
 *
 * Whoever sees a record on its way to a block could submit it first. A commitment says nothing about the record, and the
 * record it is revealed with counts as of the commitment's block. The deposit makes it cost something to lay claim to
 * texts that others may bring.
 */
import type { Write } from "../../../chain/module/context.ts";
import { key } from "../../../chain/store/collections.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { concat, equalBytes, utf8 } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { errors } from "../errors.ts";
import type { DatanetKeeper } from "../keeper.ts";
import { HASH_BYTES, MAX_OPEN_COMMITMENTS, MAX_SALT_BYTES, MIN_SALT_BYTES } from "../limits.ts";
import { state } from "../state.ts";
import { addDeadline, DEADLINE, dropDeadline } from "./due.ts";
import { acceptRecords, type RecordInput } from "./records.ts";
import { fundAddress, takeSponsoredDeposit } from "./sponsorship.ts";

export type Commitment = Messages["tributary.datanet.v1.Commitment"];

const PREFIX = utf8("tributary/datanet/commit");

/**
 * The hash that is committed to: SHA-256 over the words "tributary/datanet/commit", the datanet's number in 8 bytes, the
 * length of the contributor's address in one and the address, the length of the salt in one and the salt, and then each
 * record's encoding after its length in 8 bytes.
 */
export function commitmentHash(
  datanetId: bigint,
  contributor: Uint8Array,
  salt: Uint8Array,
  records: readonly RecordInput[],
  hasher: Hasher,
): Uint8Array {
  const encoded = records.flatMap((record) => {
    const bytes = encode("tributary.datanet.v1.RecordInput", record);
    return [key.uint64.encode(BigInt(bytes.length)), bytes];
  });
  const lengths = { contributor: Uint8Array.of(contributor.length), salt: Uint8Array.of(salt.length) };
  return hasher.hash(
    concat(PREFIX, key.uint64.encode(datanetId), lengths.contributor, contributor, lengths.salt, salt, ...encoded),
  );
}

/** Throws datanet/15 when there is no such open commitment. */
export function commitmentOf(ctx: Parameters<typeof state.commitments.get>[0], id: bigint): Commitment {
  const commitment = state.commitments.get(ctx, id);
  if (commitment === undefined) throw errors.commitmentNotFound.because(`commitment ${id}`);
  return commitment;
}

/** Takes a commitment and its deposit. Gives its number. */
export function commit(
  keeper: DatanetKeeper,
  ctx: Write,
  contributor: Uint8Array,
  datanetId: bigint,
  hash: Uint8Array,
): bigint {
  keeper.datanet(ctx, datanetId);
  const { address } = keeper.member(ctx, datanetId, contributor);
  if (hash.length !== HASH_BYTES) throw errors.invalidCommitment.because(`hash has ${hash.length} bytes`);
  const open = [...state.commitments.by.contributor.keys(ctx, [datanetId, address], { limit: MAX_OPEN_COMMITMENTS })];
  if (open.length === MAX_OPEN_COMMITMENTS) {
    throw errors.invalidCommitment.because(`${address} has ${MAX_OPEN_COMMITMENTS} open commitments already`);
  }
  const { commitDeposit, revealSeconds } = keeper.params(ctx);
  const id = state.commitmentCount.next(ctx) + 1n;
  const expiresAt = ctx.time.seconds + revealSeconds;
  const { height } = ctx;
  const isDepositSponsored = takeSponsoredDeposit(keeper, ctx, datanetId, contributor, commitDeposit);
  if (!isDepositSponsored) keeper.hold(ctx, contributor, commitDeposit);
  state.commitments.set(ctx, id, {
    id,
    datanetId,
    contributor: address,
    hash,
    height,
    expiresAt,
    deposit: commitDeposit,
    isDepositSponsored,
  });
  addDeadline(ctx, expiresAt, DEADLINE.commitment, id);
  ctx.emit("record_committed", [
    ["commitment_id", id.toString()],
    ["datanet_id", datanetId.toString()],
    ["contributor", address],
  ]);
  return id;
}

/** Accepts the records of a commitment as of its block, and gives the deposit back. Gives their numbers. */
export function reveal(
  keeper: DatanetKeeper,
  ctx: Write,
  contributor: Uint8Array,
  commitmentId: bigint,
  salt: Uint8Array,
  records: readonly RecordInput[],
): readonly bigint[] {
  const commitment = commitmentOf(ctx, commitmentId);
  const { datanetId, hash, height, deposit, expiresAt, isDepositSponsored } = commitment;
  if (commitment.contributor !== ctx.addresses.account(contributor)) {
    throw errors.revealRefused.because(`commitment ${commitmentId} is ${commitment.contributor}'s`);
  }
  if (salt.length < MIN_SALT_BYTES || salt.length > MAX_SALT_BYTES) {
    throw errors.revealRefused.because(`salt has ${salt.length} bytes, not ${MIN_SALT_BYTES} to ${MAX_SALT_BYTES}`);
  }
  if (ctx.height <= height) throw errors.revealRefused.because(`commitment ${commitmentId} is of this very block`);
  if (ctx.time.seconds > expiresAt) throw errors.revealRefused.because(`commitment ${commitmentId} has expired`);
  if (!equalBytes(commitmentHash(datanetId, contributor, salt, records, keeper.uses.hasher), hash)) {
    throw errors.revealRefused.because("salt and records are not what was committed to");
  }
  state.commitments.delete(ctx, commitmentId);
  dropDeadline(ctx, expiresAt, DEADLINE.commitment, commitmentId);
  keeper.release(ctx, isDepositSponsored ? fundAddress(datanetId) : contributor, deposit);
  return acceptRecords(keeper, ctx, datanetId, { contributor, claimHeight: height, commitmentId }, records);
}

/** Forgets a commitment that nobody revealed; its deposit is burned, but that of a fund goes back to it. */
export function expireCommitment(keeper: DatanetKeeper, ctx: Write, id: bigint): void {
  const { datanetId, contributor, deposit, isDepositSponsored } = commitmentOf(ctx, id);
  state.commitments.delete(ctx, id);
  if (isDepositSponsored) keeper.release(ctx, fundAddress(datanetId), deposit);
  else keeper.burn(ctx, deposit);
  ctx.emit("commitment_expired", [
    ["commitment_id", id.toString()],
    ["datanet_id", datanetId.toString()],
    ["contributor", contributor],
    ["burned", isDepositSponsored ? "0" : deposit.toString()],
  ]);
}
