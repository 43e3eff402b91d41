/**
 * Owns what every part of the module and its neighbours ask of datanets: what there is, and the coins of bonds and
 * deposits, which the module's account holds. It does not own how any of it changes: those are the files of keeper/.
 *
 * Records only ever gain a number and a status: they are never removed, so a datanet's first n records commit to the
 * same texts for ever. The texts are kept elsewhere; what a span of one proves is the attribution module's matter.
 */
import type { Read, Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import type { GasMeter } from "../../chain/store/gas.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { type Coin, newCoins } from "../../chain/types/coin.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { hex } from "../../proto/bytes.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import type { FeegrantKeeper } from "../feegrant/keeper.ts";
import { errors } from "./errors.ts";
import { GAS_PER_BYTE, GAS_PER_HASH, PARTS_PER_MILLION } from "./limits.ts";
import { checkOpening, hashesOf, type OpenedText, type TextCommitment, type TextOpening } from "./opening.ts";
import type { Params } from "./params.ts";
import { state } from "./state.ts";

export type Datanet = Messages["tributary.datanet.v1.Datanet"];
export type Record = Messages["tributary.datanet.v1.Record"];
export type Member = Messages["tributary.datanet.v1.Member"];
export type Segment = Messages["tributary.datanet.v1.Segment"];
export type Version = Messages["tributary.datanet.v1.Version"];

/** The module's name, and that of the account that holds bonds and deposits. */
export const DATANET = "datanet";

/** What datanet needs of its neighbours, and no more. */
export interface DatanetUses {
  readonly bank: Pick<
    BankKeeper,
    "send" | "isBlocked" | "balance" | "balances" | "supply" | "sendToModule" | "sendFromModule" | "mint" | "burn"
  >;
  readonly feegrants: Pick<FeegrantKeeper, "grant" | "has">;
  readonly hasher: Hasher;
}

export class DatanetKeeper {
  readonly uses: DatanetUses;

  constructor(uses: DatanetUses) {
    this.uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("datanet has no parameters: genesis was not run");
    return params;
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

  /** The datanet, when `account` is its owner or a curator. Throws datanet/8. */
  curated(ctx: Read, datanetId: bigint, account: string): Datanet {
    const datanet = this.datanet(ctx, datanetId);
    if (!curatorsOf(datanet).includes(account)) throw errors.notCurator.because(`${account} in datanet ${datanetId}`);
    return datanet;
  }

  /** The datanet, when `account` owns it. Throws datanet/13. */
  owned(ctx: Read, datanetId: bigint, account: string): Datanet {
    const datanet = this.datanet(ctx, datanetId);
    if (datanet.owner !== account) throw errors.notOwner.because(`${account} of datanet ${datanetId}`);
    return datanet;
  }

  /** The record, or undefined. */
  findRecord(ctx: Read, datanetId: bigint, number: bigint): Record | undefined {
    return state.records.get(ctx, [datanetId, number]);
  }

  /** Whether the record may earn now: struck, suspended and removed ones own no spans and count for no lineage. */
  isEarning(record: Pick<Record, "status">): boolean {
    return isEarning(record);
  }

  /** Throws datanet/9 when there is no such record. */
  record(ctx: Read, datanetId: bigint, number: bigint): Record {
    const record = this.findRecord(ctx, datanetId, number);
    if (record === undefined) throw errors.recordNotFound.because(`record ${datanetId}/${number}`);
    return record;
  }

  /** The record that holds a text now; a struck or removed one does not. */
  recordByHash(ctx: Read, datanetId: bigint, contentHash: Uint8Array): Record {
    const at = state.records.by.contentHash.find(ctx, [datanetId, contentHash]);
    if (at === undefined) {
      throw errors.recordNotFound.because(`a record of ${hex(contentHash)} in datanet ${datanetId}`);
    }
    return this.record(ctx, ...at);
  }

  /** Throws datanet/5 for an account that has not joined. */
  member(ctx: Read, datanetId: bigint, address: Uint8Array): Member {
    const member = state.members.get(ctx, [datanetId, address]);
    if (member === undefined) {
      throw errors.memberNotFound.because(`${ctx.addresses.account(address)} in datanet ${datanetId}`);
    }
    return member;
  }

  /** Where the account's earnings are paid: itself, unless it chose another. */
  payoutAddress(ctx: Read, contributor: Uint8Array): Uint8Array {
    const chosen = state.payoutAddresses.get(ctx, contributor);
    return chosen === undefined ? contributor : ctx.addresses.parseAccount(chosen);
  }

  /** Throws datanet/29 when there is no such segment. */
  segment(ctx: Read, datanetId: bigint, index: bigint): Segment {
    const segment = state.segments.get(ctx, [datanetId, index]);
    if (segment === undefined) throw errors.segmentNotFound.because(`segment ${datanetId}/${index}`);
    return segment;
  }

  /** Where a record stands in a sealed segment, or undefined. */
  findPlacement(ctx: Read, datanetId: bigint, number: bigint): Messages["tributary.datanet.v1.Placement"] | undefined {
    return state.placements.get(ctx, [datanetId, number]);
  }

  /** Throws datanet/33 when there is no such version. */
  version(ctx: Read, datanetId: bigint, version: bigint): Version {
    const manifest = state.versions.get(ctx, [datanetId, version]);
    if (manifest === undefined) throw errors.versionNotFound.because(`version ${datanetId}/${version}`);
    return manifest;
  }

  /** Whether a version holds a record, by its own ranges or those of the versions it extends. */
  isInVersion(ctx: Read, datanetId: bigint, version: bigint, number: bigint): boolean {
    for (let at = version; at !== 0n; ) {
      const { ranges, extends: base } = this.version(ctx, datanetId, at);
      if (ranges.some(({ first, last }) => first <= number && number <= last)) return true;
      at = base;
    }
    return false;
  }

  /** What the module's account holds of a denomination. */
  held(ctx: Read, denom: string): bigint {
    return this.uses.bank.balance(ctx, moduleAddress(DATANET), denom);
  }

  /** Takes a bond or deposit from an account into the module's. */
  hold(ctx: Write, from: Uint8Array, amount: bigint): void {
    const coins = this.#bondCoins(ctx, amount);
    if (coins.length > 0) this.uses.bank.sendToModule(ctx, from, DATANET, coins);
  }

  /** Gives a bond or deposit to an account. */
  release(ctx: Write, to: Uint8Array, amount: bigint): void {
    const coins = this.#bondCoins(ctx, amount);
    if (coins.length > 0) this.uses.bank.sendFromModule(ctx, DATANET, to, coins);
  }

  /** Burns a bond or deposit. */
  burn(ctx: Write, amount: bigint): void {
    const coins = this.#bondCoins(ctx, amount);
    if (coins.length > 0) this.uses.bank.burn(ctx, DATANET, coins);
  }

  /** Divides a slashed bond between who earned it and the fire. Gives the bounty. */
  slash(ctx: Write, amount: bigint, to: Uint8Array): Coin {
    const { bondDenom, bountyPpm } = this.params(ctx);
    const bounty = (amount * BigInt(bountyPpm)) / BigInt(PARTS_PER_MILLION);
    this.release(ctx, to, bounty);
    this.burn(ctx, amount - bounty);
    return { denom: bondDenom, amount: bounty };
  }

  /** Coins sent to a module's account would be lost. Throws sdk/4. */
  refuseBlocked(ctx: Read, address: string): void {
    if (this.uses.bank.isBlocked(ctx.addresses.parseAccount(address))) {
      throw sdkErrors.unauthorized.because(`${address} is not allowed to receive funds`);
    }
  }

  /** The opened bytes, paid for. Throws datanet/18 for an opening that does not lead to the root. */
  open(ctx: { readonly gas: GasMeter }, what: string, opening: TextOpening, text: TextCommitment): OpenedText {
    ctx.gas.consume(GAS_PER_HASH * BigInt(hashesOf(opening)), "opening hashes");
    ctx.gas.consume(GAS_PER_BYTE * BigInt(opening.chunks.length), "opening bytes");
    const opened = checkOpening(opening, text, this.uses.hasher);
    if ("flaw" in opened) throw errors.invalidOpening.because(`${what}: ${opened.flaw}`);
    return opened;
  }

  #bondCoins(ctx: Read, amount: bigint): readonly Coin[] {
    return newCoins({ denom: this.params(ctx).bondDenom, amount });
  }
}

/** Whether the record may earn now. Records that may not are neither owners of spans nor counted for lineage. */
export function isEarning({ status }: Pick<Record, "status">): boolean {
  return status === RecordStatus.RECORD_STATUS_PENDING || status === RecordStatus.RECORD_STATUS_FINAL;
}

/** Whether the claim of `left` came before that of `right`; both of one datanet. */
export function claimsBefore(
  left: Pick<Record, "claimHeight" | "commitmentId" | "number">,
  right: Pick<Record, "claimHeight" | "commitmentId" | "number">,
): boolean {
  if (left.claimHeight !== right.claimHeight) return left.claimHeight < right.claimHeight;
  if (left.commitmentId !== 0n && right.commitmentId !== 0n) return left.commitmentId < right.commitmentId;
  return left.number < right.number;
}

/** The owner and the curators, each once. */
export function curatorsOf({ owner, curators }: Pick<Datanet, "owner" | "curators">): readonly string[] {
  return [owner, ...curators.filter((curator) => curator !== owner)];
}
