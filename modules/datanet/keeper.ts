/**
 * Owns datanets, their members and records, and where contributors are paid. Records only ever gain a number: they are
 * never changed or removed, so a datanet's first n records are the same for ever and a version is just a count. The
 * texts are kept elsewhere; what a text root proves is the attribution module's matter.
 */
import type { Read, Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { coinFromMessage } from "../../chain/types/coin.ts";
import { equalBytes, hex, utf8Length } from "../../proto/bytes.ts";
import { Admission, RecordStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import { errors } from "./errors.ts";
import {
  DATANET_NAME,
  HASH_BYTES,
  MAX_LICENCE_BYTES,
  MAX_RECORD_BYTES,
  MAX_RECORD_NAME_BYTES,
  MAX_ROLE_MEMBERS,
  MAX_TERMS_BYTES,
} from "./limits.ts";
import { state } from "./state.ts";

export type Datanet = Messages["tributary.datanet.v1.Datanet"];
export type Record = Messages["tributary.datanet.v1.Record"];
export type Member = Messages["tributary.datanet.v1.Member"];
export type RecordInput = Messages["tributary.datanet.v1.RecordInput"];

/** What datanet needs of its neighbours, and no more. */
export interface DatanetUses {
  readonly bank: Pick<BankKeeper, "send" | "isBlocked">;
}

/** What a datanet is created with. */
export type DatanetTerms = Pick<
  Datanet,
  | "name"
  | "owner"
  | "licence"
  | "terms"
  | "admission"
  | "joinFee"
  | "treasury"
  | "curators"
  | "validators"
  | "recordBond"
  | "curationQuorum"
  | "accessPrice"
  | "sponsorship"
  | "isPrivate"
>;

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
};

export class DatanetKeeper {
  readonly #uses: DatanetUses;

  constructor(uses: DatanetUses) {
    this.#uses = uses;
  }

  /** The datanet, or undefined. */
  find(ctx: Read, datanetId: bigint): Datanet | undefined {
    return state.datanets.get(ctx, datanetId);
  }

  /** Throws datanet/2 when there is no such datanet. */
  datanet(ctx: Read, datanetId: bigint): Datanet {
    const datanet = this.find(ctx, datanetId);
    if (datanet === undefined) throw errors.datanetNotFound.because(`datanet ${datanetId}`);
    return datanet;
  }

  datanetByName(ctx: Read, name: string): Datanet {
    const datanetId = state.datanets.by.name.find(ctx, name);
    if (datanetId === undefined) throw errors.datanetNotFound.because(`datanet ${JSON.stringify(name)}`);
    return this.datanet(ctx, datanetId);
  }

  datanets(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Datanet]> {
    return state.datanets.paginate(ctx, request);
  }

  /** The record, or undefined. */
  findRecord(ctx: Read, datanetId: bigint, number: bigint): Record | undefined {
    return state.records.get(ctx, [datanetId, number]);
  }

  record(ctx: Read, datanetId: bigint, number: bigint): Record {
    const record = this.findRecord(ctx, datanetId, number);
    if (record === undefined) throw errors.recordNotFound.because(`record ${datanetId}/${number}`);
    return record;
  }

  recordByHash(ctx: Read, datanetId: bigint, contentHash: Uint8Array): Record {
    const at = state.records.by.contentHash.find(ctx, [datanetId, contentHash]);
    if (at === undefined)
      throw errors.recordNotFound.because(`a record of ${hex(contentHash)} in datanet ${datanetId}`);
    return this.record(ctx, ...at);
  }

  records(
    ctx: Read,
    datanetId: bigint,
    request: PageRequest | undefined,
  ): Page<readonly [readonly [bigint, bigint], Record]> {
    return state.records.paginate(ctx, request, { prefix: datanetId });
  }

  member(ctx: Read, datanetId: bigint, address: Uint8Array): Member {
    const member = state.members.get(ctx, [datanetId, address]);
    if (member === undefined) {
      throw errors.memberNotFound.because(`${ctx.addresses.account(address)} in datanet ${datanetId}`);
    }
    return member;
  }

  members(
    ctx: Read,
    datanetId: bigint,
    request: PageRequest | undefined,
  ): Page<readonly [readonly [bigint, Uint8Array], Member]> {
    return state.members.paginate(ctx, request, { prefix: datanetId });
  }

  /** Where the account's earnings are paid: itself, unless it chose another. */
  payoutAddress(ctx: Read, contributor: Uint8Array): Uint8Array {
    const chosen = state.payoutAddresses.get(ctx, contributor);
    return chosen === undefined ? contributor : ctx.addresses.parseAccount(chosen);
  }

  /** Opens a datanet; its owner becomes the first member. Gives its number. */
  create(ctx: Write, owner: Uint8Array, terms: DatanetTerms): bigint {
    checkTerms(terms);
    this.#refuseBlocked(ctx, terms.treasury);
    const taken = state.datanets.by.name.find(ctx, terms.name);
    if (taken !== undefined) throw errors.nameTaken.because(`${JSON.stringify(terms.name)} is datanet ${taken}`);
    const id = (state.datanets.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n;
    state.datanets.set(ctx, id, { ...terms, ...EMPTY, id, createdHeight: ctx.height });
    this.#addMember(ctx, id, owner);
    ctx.emit("datanet_created", [
      ["datanet_id", id.toString()],
      ["name", terms.name],
      ["owner", terms.owner],
      ["licence", terms.licence],
    ]);
    return id;
  }

  /** Joins an open datanet and pays its fee. */
  join(ctx: Write, datanetId: bigint, address: Uint8Array): void {
    const datanet = this.datanet(ctx, datanetId);
    if (datanet.admission !== Admission.ADMISSION_OPEN) throw errors.notAdmitted.because(`datanet ${datanetId}`);
    this.#addMember(ctx, datanetId, address);
    const fee = datanet.joinFee === undefined ? undefined : coinFromMessage(datanet.joinFee);
    if (fee !== undefined && fee.amount > 0n) {
      this.#uses.bank.send(ctx, address, ctx.addresses.parseAccount(datanet.treasury), [fee]);
    }
  }

  /** Admits an account on the word of the owner or a curator. */
  admit(ctx: Write, datanetId: bigint, curator: string, address: Uint8Array): void {
    const datanet = this.datanet(ctx, datanetId);
    if (curator !== datanet.owner && !datanet.curators.includes(curator)) {
      throw errors.notCurator.because(`${curator} in datanet ${datanetId}`);
    }
    this.#addMember(ctx, datanetId, address);
  }

  /** Accepts a member's records in the order given, all or none. Gives the number of the first. */
  contribute(ctx: Write, datanetId: bigint, contributor: Uint8Array, inputs: readonly RecordInput[]): bigint {
    const datanet = this.datanet(ctx, datanetId);
    const member = this.member(ctx, datanetId, contributor);
    let number = datanet.recordCount;
    let bytes = 0n;
    for (const input of inputs) {
      checkRecord(input);
      this.#refuseDuplicate(ctx, datanetId, input);
      number += 1n;
      bytes += input.length;
      const record: Record = {
        ...input,
        datanetId,
        number,
        contributor: member.address,
        height: ctx.height,
        fingerprintCount: 0,
        noveltyPpm: 1_000_000,
        status: RecordStatus.RECORD_STATUS_PENDING,
        claimHeight: ctx.height,
        commitmentId: 0n,
        bond: 0n,
        isBondSponsored: false,
        finalAt: 0n,
        acceptedAt: ctx.time.seconds,
        approvals: 0,
        rejections: 0,
        dismissedNotices: 0,
      };
      state.records.set(ctx, [datanetId, number], record);
      ctx.emit("record_accepted", [
        ["datanet_id", datanetId.toString()],
        ["number", number.toString()],
        ["contributor", member.address],
        ["content_hash", hex(input.contentHash)],
      ]);
    }
    const added = BigInt(inputs.length);
    state.datanets.set(ctx, datanetId, {
      ...datanet,
      recordCount: number,
      byteCount: datanet.byteCount + bytes,
      earningRecords: datanet.earningRecords + added,
      earningBytes: datanet.earningBytes + bytes,
    });
    state.members.set(ctx, [datanetId, contributor], {
      ...member,
      recordCount: member.recordCount + added,
      byteCount: member.byteCount + bytes,
      earningRecords: member.earningRecords + added,
      earningBytes: member.earningBytes + bytes,
    });
    return datanet.recordCount + 1n;
  }

  /** Has the contributor's earnings paid to another account, or to itself again. */
  setPayoutAddress(ctx: Write, contributor: Uint8Array, payout: Uint8Array): void {
    const text = ctx.addresses.account(payout);
    this.#refuseBlocked(ctx, text);
    if (equalBytes(contributor, payout)) state.payoutAddresses.delete(ctx, contributor);
    else state.payoutAddresses.set(ctx, contributor, text);
    ctx.emit("payout_address_set", [
      ["contributor", ctx.addresses.account(contributor)],
      ["payout_address", text],
    ]);
  }

  /** Coins sent to a module's account would be lost. */
  #refuseBlocked(ctx: Read, address: string): void {
    if (this.#uses.bank.isBlocked(ctx.addresses.parseAccount(address))) {
      throw sdkErrors.unauthorized.because(`${address} is not allowed to receive funds`);
    }
  }

  #addMember(ctx: Write, datanetId: bigint, address: Uint8Array): void {
    const text = ctx.addresses.account(address);
    if (state.members.has(ctx, [datanetId, address])) {
      throw errors.alreadyMember.because(`${text} in datanet ${datanetId}`);
    }
    const counts = { recordCount: 0n, byteCount: 0n, earningRecords: 0n, earningBytes: 0n };
    state.members.set(ctx, [datanetId, address], { datanetId, address: text, joinedHeight: ctx.height, ...counts });
    const datanet = this.datanet(ctx, datanetId);
    state.datanets.set(ctx, datanetId, { ...datanet, memberCount: datanet.memberCount + 1n });
    ctx.emit("member_joined", [
      ["datanet_id", datanetId.toString()],
      ["member", text],
    ]);
  }

  /** A datanet takes every text once. The refusal names the earlier record. */
  #refuseDuplicate(ctx: Read, datanetId: bigint, { contentHash, textRoot }: RecordInput): void {
    const earlier =
      state.records.by.contentHash.find(ctx, [datanetId, contentHash]) ??
      state.records.by.textRoot.find(ctx, [datanetId, textRoot]);
    if (earlier === undefined) return;
    const { contributor } = this.record(ctx, ...earlier);
    throw errors.duplicateRecord.because(`${hex(contentHash)} is record ${earlier.join("/")} of ${contributor}`);
  }
}

/** Whether the record may earn now. Records that may not are neither owners of spans nor counted for lineage. */
export function isEarning({ status }: Pick<Record, "status">): boolean {
  return status === RecordStatus.RECORD_STATUS_PENDING || status === RecordStatus.RECORD_STATUS_FINAL;
}

function checkTerms(terms: DatanetTerms): void {
  if (!DATANET_NAME.test(terms.name)) {
    throw errors.invalidDatanet.because("a name has 3 to 64 of a-z, 0-9 and -, and begins with a letter");
  }
  if (terms.licence === "" || utf8Length(terms.licence) > MAX_LICENCE_BYTES) {
    throw errors.invalidDatanet.because(`a licence has 1 to ${MAX_LICENCE_BYTES} bytes`);
  }
  if (utf8Length(terms.terms) > MAX_TERMS_BYTES)
    throw errors.invalidDatanet.because(`terms over ${MAX_TERMS_BYTES} bytes`);
  if (terms.admission !== Admission.ADMISSION_OPEN && terms.admission !== Admission.ADMISSION_CURATED) {
    throw errors.invalidDatanet.because("admission must be open or curated");
  }
  for (const role of [terms.curators, terms.validators]) {
    if (role.length > MAX_ROLE_MEMBERS) throw errors.invalidDatanet.because(`a role over ${MAX_ROLE_MEMBERS} accounts`);
    if (new Set(role).size !== role.length) throw errors.invalidDatanet.because("a role names an account twice");
  }
}

function checkRecord({ contentHash, textRoot, length, licence, name }: RecordInput): void {
  if (contentHash.length !== HASH_BYTES)
    throw errors.invalidRecord.because(`content_hash has ${contentHash.length} bytes`);
  if (textRoot.length !== HASH_BYTES) throw errors.invalidRecord.because(`text_root has ${textRoot.length} bytes`);
  if (length < 1n || length > MAX_RECORD_BYTES) {
    throw errors.invalidRecord.because(`length ${length} is not from 1 to ${MAX_RECORD_BYTES}`);
  }
  if (utf8Length(licence) > MAX_LICENCE_BYTES)
    throw errors.invalidRecord.because(`licence over ${MAX_LICENCE_BYTES} bytes`);
  if (utf8Length(name) > MAX_RECORD_NAME_BYTES) {
    throw errors.invalidRecord.because(`name over ${MAX_RECORD_NAME_BYTES} bytes`);
  }
}
