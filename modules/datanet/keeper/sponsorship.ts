/**
 * Owns what a datanet pays for newcomers: a fund that is an account of its own, an allowance of fees for whoever is
 * invited, and the bonds of its first records. It does not own allowances themselves (modules/feegrant).
 *
 * The fund is the granter of the allowance, so it pays the fees of the newcomer's transactions as any granter does.
 */
import type { Write } from "../../../chain/module/context.ts";
import { key } from "../../../chain/store/collections.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { type Coin, newCoins } from "../../../chain/types/coin.ts";
import { Admission } from "../../../proto/enums.gen.ts";
import { errors } from "../errors.ts";
import { DATANET, type DatanetKeeper, type Record } from "../keeper.ts";
import { state } from "../state.ts";
import { addMember } from "./datanets.ts";

/** What an invited account may have the fund pay fees for. */
const SPONSORED_MESSAGES: readonly string[] = [
  "/tributary.datanet.v1.MsgJoin",
  "/tributary.datanet.v1.MsgContribute",
  "/tributary.datanet.v1.MsgCommit",
  "/tributary.datanet.v1.MsgReveal",
  "/tributary.datanet.v1.MsgAttest",
  "/tributary.datanet.v1.MsgCounterNotice",
  "/tributary.datanet.v1.MsgSetPayoutAddress",
  "/tributary.datanet.v1.MsgSetEncryptionKey",
];

/** The account of a datanet's fund: a sub-account of the module's, of 32 bytes. */
export function fundAddress(datanetId: bigint): Uint8Array {
  return moduleAddress(DATANET, key.uint64.encode(datanetId));
}

/** Pays into the fund. Throws datanet/2 for no datanet. */
export function fundSponsorship(
  keeper: DatanetKeeper,
  ctx: Write,
  funder: Uint8Array,
  datanetId: bigint,
  amount: Coin,
): void {
  keeper.datanet(ctx, datanetId);
  keeper.uses.bank.send(ctx, funder, fundAddress(datanetId), newCoins(amount));
  emitFund(ctx, "sponsorship_funded", datanetId, amount);
}

/** Takes coins of the fund to the treasury, on the owner's word. */
export function withdrawSponsorship(
  keeper: DatanetKeeper,
  ctx: Write,
  owner: string,
  datanetId: bigint,
  amount: Coin,
): void {
  const { treasury } = keeper.owned(ctx, datanetId, owner);
  keeper.uses.bank.send(ctx, fundAddress(datanetId), ctx.addresses.parseAccount(treasury), newCoins(amount));
  emitFund(ctx, "sponsorship_withdrawn", datanetId, amount);
}

/** Gives a newcomer its allowance, an account if it has none, and entry to a curated datanet. Gives the fund's address. */
export function inviteNewcomer(
  keeper: DatanetKeeper,
  ctx: Write,
  inviter: string,
  datanetId: bigint,
  newcomer: Uint8Array,
): Uint8Array {
  const { sponsorship, admission } = keeper.curated(ctx, datanetId, inviter);
  const address = ctx.addresses.account(newcomer);
  if (sponsorship === undefined) throw errors.noSponsorship.because(`datanet ${datanetId}`);
  if (state.newcomers.has(ctx, [datanetId, newcomer])) throw errors.invalidNewcomer.because(`${address} was invited`);
  if (state.members.has(ctx, [datanetId, newcomer])) throw errors.invalidNewcomer.because(`${address} is a member`);
  const fund = fundAddress(datanetId);
  const expiration = { seconds: ctx.time.seconds + sponsorship.allowanceSeconds, nanos: 0 };
  keeper.uses.feegrants.grant(ctx, fund, newcomer, {
    kind: "allowedMessages",
    messages: SPONSORED_MESSAGES,
    inner: { kind: "basic", basic: { spendLimit: [sponsorship.feeAllowance], expiration } },
  });
  const bondsLeft = sponsorship.bondedRecords;
  state.newcomers.set(ctx, [datanetId, newcomer], { datanetId, address, bondsLeft, height: ctx.height });
  if (admission === Admission.ADMISSION_CURATED) addMember(keeper, ctx, datanetId, newcomer);
  ctx.emit("newcomer_invited", [
    ["datanet_id", datanetId.toString()],
    ["newcomer", address],
    ["inviter", inviter],
  ]);
  return fund;
}

/** Has the fund pay a record's bond, when the contributor is a newcomer with bonds left and the fund has the coins. */
export function takeSponsoredBond(
  keeper: DatanetKeeper,
  ctx: Write,
  datanetId: bigint,
  contributor: Uint8Array,
  bond: bigint,
): boolean {
  if (!takeSponsoredDeposit(keeper, ctx, datanetId, contributor, bond)) return false;
  const newcomer = state.newcomers.get(ctx, [datanetId, contributor])!;
  state.newcomers.set(ctx, [datanetId, contributor], { ...newcomer, bondsLeft: newcomer.bondsLeft - 1 });
  return true;
}

/** As `takeSponsoredBond`, for a commitment's deposit: it comes back to the fund in any case and uses no bond up. */
export function takeSponsoredDeposit(
  keeper: DatanetKeeper,
  ctx: Write,
  datanetId: bigint,
  contributor: Uint8Array,
  deposit: bigint,
): boolean {
  const newcomer = state.newcomers.get(ctx, [datanetId, contributor]);
  if (newcomer === undefined || newcomer.bondsLeft === 0) return false;
  const fund = fundAddress(datanetId);
  if (keeper.uses.bank.balance(ctx, fund, keeper.params(ctx).bondDenom) < deposit) return false;
  keeper.hold(ctx, fund, deposit);
  return true;
}

/**
 * Has the fund pay for an answer to a notice about a record that it bonded, when it has the coins: whoever was invited without
 * any must not lose the record for want of them. It comes back to the fund in any case.
 */
export function takeSponsoredCounterBond(
  keeper: DatanetKeeper,
  ctx: Write,
  { datanetId, isBondSponsored }: Record,
  bond: bigint,
): boolean {
  const fund = fundAddress(datanetId);
  if (!isBondSponsored || keeper.uses.bank.balance(ctx, fund, keeper.params(ctx).bondDenom) < bond) return false;
  keeper.hold(ctx, fund, bond);
  return true;
}

function emitFund(ctx: Write, event: string, datanetId: bigint, { denom, amount }: Coin): void {
  ctx.emit(event, [
    ["datanet_id", datanetId.toString()],
    ["amount", `${amount}${denom}`],
  ]);
}
