/** Owns the definition of the attribution module, and what the messages of uses are read as (msgs.ts has the others). State is the keeper's. */
import { requireAuthority } from "../../chain/module/authority.ts";
import { defineModule } from "../../chain/module/define.ts";
import { accountField, coinField } from "../../chain/module/message-fields.ts";
import { coinsToMessages, coinToMessage } from "../../chain/types/coin.ts";
import { errors } from "./errors.ts";
import { defaultGenesis, exportAll, init, validate } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { ATTRIBUTION } from "./keeper/ledger.ts";
import { AttributionKeeper, type AttributionUses } from "./keeper.ts";
import * as msgs from "./msgs.ts";
import { requireFollowing } from "./params.ts";
import * as queries from "./queries.ts";
import { state } from "./state.ts";

export const attribution = defineModule({
  name: ATTRIBUTION,
  proto: "tributary.attribution.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: AttributionUses) => new AttributionKeeper(uses),
  accounts: { [ATTRIBUTION]: ["burner"] },
  msgs: {
    OpenUse: (keeper, ctx, { user, maxFee, ...request }) => {
      const account = accountField(ctx, "user", user);
      if (request.host !== "") accountField(ctx, "host", request.host);
      const use = keeper.open(ctx, account, { ...request, maxFee: coinField("max_fee", maxFee) });
      return { useId: use.id, fee: use.fee, paid: use.paid, host: use.host };
    },
    SettleUse: (keeper, ctx, { host, useId, output, receipt, spans }) => {
      accountField(ctx, "host", host);
      return { payout: keeper.settle(ctx, host, useId, { output, receipt, spans }) };
    },
    CancelUse: (keeper, ctx, { sender, useId }) => {
      accountField(ctx, "sender", sender);
      return { refund: coinToMessage(keeper.cancel(ctx, sender, useId)) };
    },
    Claim: (keeper, ctx, { sender, beneficiary }) => {
      accountField(ctx, "sender", sender);
      const { to, paid } = keeper.ledger.payOut(ctx, accountField(ctx, "beneficiary", beneficiary));
      return { payoutAddress: ctx.addresses.account(to), paid: coinsToMessages(paid) };
    },
    AckUse: msgs.ackUse,
    PostBatch: msgs.postBatch,
    ChallengeShare: msgs.challengeShare,
    ChallengeOmission: msgs.challengeOmission,
    ChallengeRank: msgs.challengeRank,
    ChallengePayout: msgs.challengePayout,
    Demand: msgs.demand,
    ChallengeCommonness: msgs.challengeCommonness,
    Respond: msgs.respond,
    ContestOccurrences: msgs.contestOccurrences,
    ShowOccurrences: msgs.showOccurrences,
    ClaimPayout: msgs.claimPayout,
    ClaimLineage: msgs.claimLineage,
    ChallengeSettlement: msgs.challengeSettlement,
    DisputeLineage: msgs.disputeLineage,
    AnswerDispute: msgs.answerDispute,
    RegisterTable: msgs.registerTable,
    UpdateParams: (keeper, ctx, { authority, params }) => {
      requireAuthority(ctx, authority);
      requireFollowing(keeper.params(ctx), params);
      const { tableId } = params.rules;
      if (tableId !== 0n && !state.tables.has(ctx, tableId)) throw errors.tableNotFound.because(`table ${tableId}`);
      state.params.set(ctx, params);
      return {};
    },
  },
  queries: {
    Params: queries.params,
    Use: queries.use,
    Uses: queries.uses,
    OpenUses: queries.openUses,
    QuoteUse: queries.quoteUse,
    Payout: queries.payout,
    Payouts: queries.payouts,
    Earnings: queries.earnings,
    SplitPreview: queries.splitPreview,
    Batch: queries.batch,
    Batches: queries.batches,
    Challenge: queries.challenge,
    Challenges: queries.challenges,
    PayeeClaimed: queries.payeeClaimed,
    Lineage: queries.lineage,
    LineagePools: queries.lineagePools,
    Dispute: queries.dispute,
    Disputes: queries.disputes,
    Table: queries.table,
  },
  genesis: {
    default: defaultGenesis,
    validate,
    init: (keeper, ctx, genesis) => {
      validate(genesis);
      init(ctx, genesis);
      // The bank's genesis comes first: what is owed must lie there, and be owed by payouts.
      for (const invariant of [invariants.escrow, invariants.earnings]) {
        const flaw = invariant(keeper, ctx);
        if (flaw !== undefined) throw new Error(`attribution: ${flaw}`);
      }
    },
    export: (_, ctx) => exportAll(ctx),
  },
  endBlock: (keeper, ctx) => {
    keeper.endBlock(ctx);
  },
  invariants,
  cli: {
    OpenUse: { args: ["modelId", "promptHash", "maxFee"] },
    SettleUse: { args: ["useId", "output", "receipt"] },
    CancelUse: { args: ["useId"] },
    Claim: { args: ["beneficiary"] },
    AckUse: { args: ["useId", "receipt"] },
    PostBatch: { args: ["useIds"] },
    ChallengeShare: { args: ["batchId"] },
    ChallengeOmission: { args: ["batchId"] },
    ChallengeRank: { args: ["batchId"] },
    ChallengePayout: { args: ["batchId"] },
    ChallengeCommonness: { args: ["batchId", "share"] },
    Demand: { args: ["batchId", "part", "index"] },
    Respond: { args: ["challengeId"] },
    ContestOccurrences: { args: ["challengeId", "contested"] },
    ShowOccurrences: { args: ["challengeId"] },
    ClaimPayout: { args: ["batchId", "payee"] },
    ClaimLineage: { args: ["datanetId", "recordCount", "numbers"] },
    ChallengeSettlement: { args: ["useId"] },
    DisputeLineage: { args: ["useId"] },
    AnswerDispute: { args: ["disputeId"] },
    RegisterTable: { args: ["table"] },
    Use: { args: ["useId"] },
    OpenUses: { args: ["modelId"] },
    QuoteUse: { args: ["modelId"] },
    Payout: { args: ["useId"] },
    Earnings: { args: ["beneficiary"] },
    SplitPreview: { args: ["amount"] },
    Batch: { args: ["batchId"] },
    Challenge: { args: ["challengeId"] },
    Challenges: { args: ["batchId"] },
    PayeeClaimed: { args: ["batchId", "index"] },
    Lineage: { args: ["datanetId", "recordCount"] },
    LineagePools: { args: ["datanetId", "number"] },
    Dispute: { args: ["disputeId"] },
    Table: { args: ["tableId"] },
  },
});
