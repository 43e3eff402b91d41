/** Owns how the module's messages are read: fields to values, and answers. What they do is keeper/'s. */
import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import type { MessageHandlers } from "../../chain/module/define.ts";
import { accountField, positiveCoinField, positiveField } from "../../chain/module/message-fields.ts";
import { type CoinMessage, coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { buyTokens, grantAccess, revokeAccess, rotateKey, setEncryptionKey, spendTokens } from "./keeper/access.ts";
import { challengeDuplicate, challengeFingerprint } from "./keeper/challenges.ts";
import { commit, reveal } from "./keeper/commitments.ts";
import { attest, curate, scoreRecord } from "./keeper/curation.ts";
import {
  admitMember,
  type Changeable,
  createDatanet,
  joinDatanet,
  setPayoutAddress,
  updateDatanet,
} from "./keeper/datanets.ts";
import { answerDemand, demandOpening } from "./keeper/demands.ts";
import { acceptRecords, type RecordInput } from "./keeper/records.ts";
import { challengeIndex, challengeSegment, sealSegment } from "./keeper/segments.ts";
import { fundSponsorship, inviteNewcomer, withdrawSponsorship } from "./keeper/sponsorship.ts";
import { counterNotice, decideNotice, giveNotice } from "./keeper/takedowns.ts";
import { publishVersion } from "./keeper/versions.ts";
import type { DatanetKeeper } from "./keeper.ts";
import { MAX_RECORDS_PER_MESSAGE } from "./limits.ts";
import { requireFollowing } from "./params.ts";
import { state } from "./state.ts";

export const msgs: MessageHandlers<"tributary.datanet.v1", DatanetKeeper> = {
  CreateDatanet: (keeper, ctx, message) => {
    const owner = accountField(ctx, "owner", message.owner);
    const { name, licence, terms, admission, isPrivate, commitFirst } = message;
    const all = { ...changeableOf(ctx, message), name, licence, terms, admission, isPrivate, commitFirst };
    return { datanetId: createDatanet(keeper, ctx, owner, all) };
  },
  UpdateDatanet: (keeper, ctx, message) => {
    const { owner, datanetId, newOwner } = message;
    accountField(ctx, "owner", owner);
    if (newOwner !== "") accountField(ctx, "new_owner", newOwner);
    const change = changeableOf(ctx, { ...message, owner: newOwner === "" ? owner : newOwner });
    updateDatanet(keeper, ctx, owner, datanetId, change);
    return {};
  },
  Join: (keeper, ctx, { member, datanetId }) => {
    joinDatanet(keeper, ctx, datanetId, accountField(ctx, "member", member));
    return {};
  },
  Admit: (keeper, ctx, { curator, datanetId, member }) => {
    accountField(ctx, "curator", curator);
    admitMember(keeper, ctx, datanetId, curator, accountField(ctx, "member", member));
    return {};
  },
  Contribute: (keeper, ctx, { contributor, datanetId, records, payoutAddress }) => {
    const account = accountField(ctx, "contributor", contributor);
    requireSome(records);
    const claim = { contributor: account, claimHeight: ctx.height, commitmentId: 0n };
    const numbers = acceptRecords(keeper, ctx, datanetId, claim, records);
    if (payoutAddress !== "") {
      setPayoutAddress(keeper, ctx, account, accountField(ctx, "payout_address", payoutAddress));
    }
    return { firstNumber: numbers[0]!, recordCount: BigInt(numbers.length) };
  },
  Commit: (keeper, ctx, { contributor, datanetId, hash }) => ({
    commitmentId: commit(keeper, ctx, accountField(ctx, "contributor", contributor), datanetId, hash),
  }),
  Reveal: (keeper, ctx, { contributor, commitmentId, salt, records }) => {
    const account = accountField(ctx, "contributor", contributor);
    requireSome(records);
    return { numbers: [...reveal(keeper, ctx, account, commitmentId, salt, records)] };
  },
  SetPayoutAddress: (keeper, ctx, { contributor, payoutAddress }) => {
    const account = accountField(ctx, "contributor", contributor);
    const payout = payoutAddress === "" ? account : accountField(ctx, "payout_address", payoutAddress);
    setPayoutAddress(keeper, ctx, account, payout);
    return {};
  },
  Attest: (keeper, ctx, { attestor, kind, note, ...at }) => {
    attest(keeper, ctx, accountField(ctx, "attestor", attestor), at, kind, note);
    return {};
  },
  Curate: (keeper, ctx, { curator, approve, ...at }) => ({
    status: curate(keeper, ctx, accountField(ctx, "curator", curator), at, approve),
  }),
  ScoreRecord: (keeper, ctx, message) => {
    const validator = accountField(ctx, "validator", message.validator);
    scoreRecord(keeper, ctx, validator, { ...message, height: ctx.height });
    return {};
  },
  ChallengeDuplicate: (keeper, ctx, { challenger, copy, original, ...at }) => {
    const account = accountField(ctx, "challenger", challenger);
    if ((copy === undefined) !== (original === undefined)) {
      throw errors.invalidOpening.because("both records are to be opened, or neither");
    }
    const run = copy === undefined || original === undefined ? undefined : { copy, original };
    return { bounty: coinToMessage(challengeDuplicate(keeper, ctx, account, at, run)) };
  },
  ChallengeFingerprint: (keeper, ctx, { challenger, opening, ...at }) => {
    const account = accountField(ctx, "challenger", challenger);
    return { bounty: coinToMessage(challengeFingerprint(keeper, ctx, account, at, opening)) };
  },
  Takedown: (keeper, ctx, { claimant, ...claim }) => {
    const { id, bond } = giveNotice(keeper, ctx, accountField(ctx, "claimant", claimant), claim);
    return { noticeId: id, bond: coinToMessage({ denom: keeper.params(ctx).bondDenom, amount: bond }) };
  },
  CounterNotice: (keeper, ctx, { contributor, noticeId, statement }) => {
    counterNotice(keeper, ctx, accountField(ctx, "contributor", contributor), noticeId, statement);
    return {};
  },
  DecideTakedown: (keeper, ctx, { arbiter, noticeId, uphold }) => {
    accountField(ctx, "arbiter", arbiter);
    return { status: decideNotice(keeper, ctx, arbiter, noticeId, uphold) };
  },
  SealSegment: (keeper, ctx, { sealer, datanetId, ...request }) => ({
    segment: sealSegment(keeper, ctx, accountField(ctx, "sealer", sealer), datanetId, request),
  }),
  ChallengeSegment: (keeper, ctx, { challenger, record, sealed, ...at }) => {
    const account = accountField(ctx, "challenger", challenger);
    return { bounty: coinToMessage(challengeSegment(keeper, ctx, account, at, { record, sealed })) };
  },
  ChallengeIndex: (keeper, ctx, { challenger, entries, texts, ...at }) => {
    const account = accountField(ctx, "challenger", challenger);
    return { bounty: coinToMessage(challengeIndex(keeper, ctx, account, at, entries, texts)) };
  },
  DemandOpening: (keeper, ctx, { challenger, ...asked }) => {
    const { id, answerBy } = demandOpening(keeper, ctx, accountField(ctx, "challenger", challenger), asked);
    return { demandId: id, answerBy };
  },
  AnswerDemand: (keeper, ctx, { answerer, demandId, opening }) => {
    const account = accountField(ctx, "answerer", answerer);
    return { reward: coinToMessage(answerDemand(keeper, ctx, account, demandId, opening)) };
  },
  PublishVersion: (keeper, ctx, { publisher, datanetId, ...manifest }) => {
    accountField(ctx, "publisher", publisher);
    return { version: publishVersion(keeper, ctx, publisher, datanetId, manifest) };
  },
  SetEncryptionKey: (_, ctx, { account, publicKey }) => {
    setEncryptionKey(ctx, accountField(ctx, "account", account), publicKey);
    return {};
  },
  RotateKey: (keeper, ctx, { owner, datanetId }) => {
    accountField(ctx, "owner", owner);
    return { keyVersion: rotateKey(keeper, ctx, owner, datanetId) };
  },
  GrantAccess: (keeper, ctx, { granter, datanetId, grantee, wrappedKey }) => {
    accountField(ctx, "granter", granter);
    grantAccess(keeper, ctx, granter, datanetId, accountField(ctx, "grantee", grantee), wrappedKey);
    return {};
  },
  RevokeAccess: (keeper, ctx, { granter, datanetId, grantee }) => {
    accountField(ctx, "granter", granter);
    revokeAccess(keeper, ctx, granter, datanetId, accountField(ctx, "grantee", grantee));
    return {};
  },
  BuyDataTokens: (keeper, ctx, { buyer, datanetId, units, maxPrice }) => {
    const account = accountField(ctx, "buyer", buyer);
    const most = positiveCoinField("max_price", maxPrice);
    const paid = buyTokens(keeper, ctx, account, datanetId, positiveField("units", units), most);
    return { paid: coinToMessage(paid) };
  },
  SpendDataTokens: (keeper, ctx, { holder, datanetId, units }) => {
    const account = accountField(ctx, "holder", holder);
    return { total: spendTokens(keeper, ctx, account, datanetId, positiveField("units", units)).units };
  },
  FundSponsorship: (keeper, ctx, { funder, datanetId, amount }) => {
    const account = accountField(ctx, "funder", funder);
    fundSponsorship(keeper, ctx, account, datanetId, positiveCoinField("amount", amount));
    return {};
  },
  WithdrawSponsorship: (keeper, ctx, { owner, datanetId, amount }) => {
    accountField(ctx, "owner", owner);
    withdrawSponsorship(keeper, ctx, owner, datanetId, positiveCoinField("amount", amount));
    return {};
  },
  Invite: (keeper, ctx, { inviter, datanetId, newcomer }) => {
    accountField(ctx, "inviter", inviter);
    const fund = inviteNewcomer(keeper, ctx, inviter, datanetId, accountField(ctx, "newcomer", newcomer));
    return { fund: ctx.addresses.account(fund) };
  },
  UpdateParams: (keeper, ctx, { authority, params }) => {
    requireAuthority(ctx, authority);
    requireFollowing(keeper.params(ctx), params);
    state.params.set(ctx, params);
    return {};
  },
};

type Terms = Pick<Messages["tributary.datanet.v1.MsgCreateDatanet"], keyof Changeable>;

/** What the owner may change, with its addresses and coins checked; without a treasury the owner is it. */
function changeableOf(ctx: Write, terms: Terms): Changeable {
  const { owner, joinFee, treasury, curators, validators, recordBond, curationQuorum, accessPrice, sponsorship } =
    terms;
  for (const curator of curators) accountField(ctx, "curator", curator);
  for (const validator of validators) accountField(ctx, "validator", validator);
  if (treasury !== "") accountField(ctx, "treasury", treasury);
  return {
    owner,
    joinFee: priceOf("join_fee", joinFee),
    treasury: treasury === "" ? owner : treasury,
    curators,
    validators,
    recordBond,
    curationQuorum,
    accessPrice: priceOf("access_price", accessPrice),
    sponsorship:
      sponsorship === undefined
        ? undefined
        : { ...sponsorship, feeAllowance: coinToMessage(positiveCoinField("fee_allowance", sponsorship.feeAllowance)) },
  };
}

/** A price, or undefined for nothing. */
function priceOf(field: string, coin: CoinMessage | undefined): CoinMessage | undefined {
  const isNothing = coin === undefined || coin.amount === "" || coin.amount === "0";
  return isNothing ? undefined : coinToMessage(positiveCoinField(field, coin));
}

function requireSome(records: readonly RecordInput[]): void {
  if (records.length > 0 && records.length <= MAX_RECORDS_PER_MESSAGE) return;
  throw errors.invalidRecord.because(`a message has 1 to ${MAX_RECORDS_PER_MESSAGE} records, not ${records.length}`);
}
