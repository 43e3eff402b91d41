/**
 * Owns datanets themselves: opening and changing one, joining it, and where contributors are paid. It does not own
 * records (records.ts) nor what a datanet pays for newcomers (sponsorship.ts).
 */
import type { Write } from "../../../chain/module/context.ts";
import { sdkErrors } from "../../../chain/module/errors.ts";
import { coinFromMessage, validateCoin } from "../../../chain/types/coin.ts";
import { equalBytes, utf8Length } from "../../../proto/bytes.ts";
import { Admission } from "../../../proto/enums.gen.ts";
import { errors } from "../errors.ts";
import type { Datanet, DatanetKeeper } from "../keeper.ts";
import {
  DATANET_NAME,
  MAX_BOND,
  MAX_LICENCE_BYTES,
  MAX_ROLE_MEMBERS,
  MAX_SPONSORED_BONDS,
  MAX_TERMS_BYTES,
  MAX_WINDOW_SECONDS,
} from "../limits.ts";
import { state } from "../state.ts";

/** What the owner may change later. */
export type Changeable = Pick<
  Datanet,
  | "owner"
  | "joinFee"
  | "treasury"
  | "curators"
  | "validators"
  | "recordBond"
  | "curationQuorum"
  | "accessPrice"
  | "sponsorship"
>;

/** What a datanet is created with. */
export type DatanetTerms = Changeable &
  Pick<Datanet, "name" | "licence" | "terms" | "admission" | "isPrivate" | "commitFirst">;

/** What a datanet counts, when it is new. */
const EMPTY = {
  recordCount: 0n,
  byteCount: 0n,
  memberCount: 0n,
  keyVersion: 0,
  earningRecords: 0n,
  earningBytes: 0n,
  segmentCount: 0n,
  sealedThrough: 0n,
  versionCount: 0n,
  finalCount: 0n,
};

/** Opens a datanet; its owner becomes the first member. Gives its number. */
export function createDatanet(keeper: DatanetKeeper, ctx: Write, owner: Uint8Array, terms: DatanetTerms): bigint {
  checkTerms(terms);
  checkChangeable(terms);
  keeper.refuseBlocked(ctx, terms.treasury);
  const taken = state.datanets.by.name.find(ctx, terms.name);
  if (taken !== undefined) throw errors.nameTaken.because(`${JSON.stringify(terms.name)} is datanet ${taken}`);
  const id = (state.datanets.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
  state.datanets.set(ctx, id, { ...terms, ...EMPTY, id, createdHeight: ctx.height });
  addMember(keeper, ctx, id, owner);
  ctx.emit("datanet_created", [
    ["datanet_id", id.toString()],
    ["name", terms.name],
    ["owner", terms.owner],
    ["licence", terms.licence],
  ]);
  return id;
}

/** Changes what may be changed, on the owner's word. What records were accepted under stays as it was. */
export function updateDatanet(
  keeper: DatanetKeeper,
  ctx: Write,
  owner: string,
  datanetId: bigint,
  change: Changeable,
): void {
  const datanet = keeper.owned(ctx, datanetId, owner);
  checkChangeable(change);
  keeper.refuseBlocked(ctx, change.treasury);
  state.datanets.set(ctx, datanetId, { ...datanet, ...change });
  ctx.emit("datanet_updated", [
    ["datanet_id", datanetId.toString()],
    ["owner", change.owner],
  ]);
}

/** Joins an open datanet and pays its fee. */
export function joinDatanet(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, address: Uint8Array): void {
  const datanet = keeper.datanet(ctx, datanetId);
  if (datanet.admission !== Admission.ADMISSION_OPEN) throw errors.notAdmitted.because(`datanet ${datanetId}`);
  addMember(keeper, ctx, datanetId, address);
  const fee = datanet.joinFee === undefined ? undefined : coinFromMessage(datanet.joinFee);
  // Whom the datanet pays for, it does not ask for a fee.
  if (fee !== undefined && fee.amount > 0n && !state.newcomers.has(ctx, [datanetId, address])) {
    keeper.uses.bank.send(ctx, address, ctx.addresses.parseAccount(datanet.treasury), [fee]);
  }
}

/** Admits an account on the word of the owner or a curator. */
export function admitMember(
  keeper: DatanetKeeper,
  ctx: Write,
  datanetId: bigint,
  curator: string,
  address: Uint8Array,
): void {
  keeper.curated(ctx, datanetId, curator);
  addMember(keeper, ctx, datanetId, address);
}

/** Has the contributor's earnings paid to another account, or to itself again. */
export function setPayoutAddress(keeper: DatanetKeeper, ctx: Write, contributor: Uint8Array, payout: Uint8Array): void {
  const text = ctx.addresses.account(payout);
  keeper.refuseBlocked(ctx, text);
  if (equalBytes(contributor, payout)) state.payoutAddresses.delete(ctx, contributor);
  else state.payoutAddresses.set(ctx, contributor, text);
  ctx.emit("payout_address_set", [
    ["contributor", ctx.addresses.account(contributor)],
    ["payout_address", text],
  ]);
}

/** Makes an account a member. Throws datanet/6 when it is one. */
export function addMember(keeper: DatanetKeeper, ctx: Write, datanetId: bigint, address: Uint8Array): void {
  const text = ctx.addresses.account(address);
  if (state.members.has(ctx, [datanetId, address])) {
    throw errors.alreadyMember.because(`${text} in datanet ${datanetId}`);
  }
  const counts = { recordCount: 0n, byteCount: 0n, earningRecords: 0n, earningBytes: 0n };
  state.members.set(ctx, [datanetId, address], { datanetId, address: text, joinedHeight: ctx.height, ...counts });
  const datanet = keeper.datanet(ctx, datanetId);
  state.datanets.set(ctx, datanetId, { ...datanet, memberCount: datanet.memberCount + 1n });
  ctx.emit("member_joined", [
    ["datanet_id", datanetId.toString()],
    ["member", text],
  ]);
}

function checkTerms(terms: DatanetTerms): void {
  if (!DATANET_NAME.test(terms.name)) {
    throw errors.invalidDatanet.because("a name has 3 to 64 of a-z, 0-9 and -, and begins with a letter");
  }
  if (terms.licence === "" || utf8Length(terms.licence) > MAX_LICENCE_BYTES) {
    throw errors.invalidDatanet.because(`a licence has 1 to ${MAX_LICENCE_BYTES} bytes`);
  }
  if (utf8Length(terms.terms) > MAX_TERMS_BYTES) {
    throw errors.invalidDatanet.because(`terms over ${MAX_TERMS_BYTES} bytes`);
  }
  if (terms.admission !== Admission.ADMISSION_OPEN && terms.admission !== Admission.ADMISSION_CURATED) {
    throw errors.invalidDatanet.because("admission must be open or curated");
  }
}

function checkChangeable({ curators, validators, recordBond, curationQuorum, sponsorship }: Changeable): void {
  for (const role of [curators, validators]) {
    if (role.length > MAX_ROLE_MEMBERS) throw errors.invalidDatanet.because(`a role over ${MAX_ROLE_MEMBERS} accounts`);
    if (new Set(role).size !== role.length) throw errors.invalidDatanet.because("a role names an account twice");
  }
  if (recordBond > MAX_BOND) throw errors.invalidDatanet.because(`record_bond is above ${MAX_BOND}`);
  if (curationQuorum > MAX_ROLE_MEMBERS + 1) {
    throw errors.invalidDatanet.because(`curation_quorum is above ${MAX_ROLE_MEMBERS + 1}`);
  }
  if (sponsorship === undefined) return;
  if (sponsorship.allowanceSeconds < 1n || sponsorship.allowanceSeconds > MAX_WINDOW_SECONDS) {
    throw errors.invalidDatanet.because(`allowance_seconds is not from 1 to ${MAX_WINDOW_SECONDS}`);
  }
  if (sponsorship.bondedRecords > MAX_SPONSORED_BONDS) {
    throw errors.invalidDatanet.because(`bonded_records is above ${MAX_SPONSORED_BONDS}`);
  }
  const allowance = coinFromMessage(sponsorship.feeAllowance);
  if (allowance.amount <= 0n) throw sdkErrors.invalidCoins.because("fee_allowance must be positive");
  validateCoin(allowance);
}
