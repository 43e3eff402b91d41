/** Owns the definition of the attribution module: what its messages and queries are read as. State is keeper.ts's. */
import { requireAuthority } from "../../chain/module/authority.ts";
import { defineModule } from "../../chain/module/define.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { accountField, coinField, positiveField } from "../../chain/module/message-fields.ts";
import { coinsToMessages, coinToMessage } from "../../chain/types/coin.ts";
import { errors } from "./errors.ts";
import { exportAll, init, validate } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { ATTRIBUTION, AttributionKeeper, type AttributionUses } from "./keeper.ts";
import { defaultParams, requireFollowing, splitWeights } from "./params.ts";
import { splitByWeights } from "./split.ts";
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
    OpenUse: (keeper, ctx, { user, modelId, promptHash, maxFee, receiptKey }) => {
      const account = accountField(ctx, "user", user);
      const use = keeper.open(ctx, account, { modelId, promptHash, receiptKey, maxFee: coinField("max_fee", maxFee) });
      return { useId: use.id, fee: use.fee };
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
      const { to, paid } = keeper.claim(ctx, accountField(ctx, "beneficiary", beneficiary));
      return { payoutAddress: ctx.addresses.account(to), paid: coinsToMessages(paid) };
    },
    UpdateParams: (keeper, ctx, { authority, params }) => {
      requireAuthority(ctx, authority);
      requireFollowing(keeper.params(ctx), params);
      state.params.set(ctx, params);
      return {};
    },
  },
  queries: {
    Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
    Use: (keeper, ctx, { useId }) => ({ use: found(() => keeper.use(ctx, useId)) }),
    Uses: (keeper, ctx, { pagination }) => {
      const { rows, page } = keeper.uses(ctx, pagination);
      return { uses: rows.map(([, row]) => row), pagination: page };
    },
    OpenUses: (keeper, ctx, { modelId, pagination }) => {
      const { rows, page } = keeper.openUses(ctx, modelId, pagination);
      return { uses: rows.map(([, row]) => row), pagination: page };
    },
    Payout: (keeper, ctx, { useId }) => ({ payout: found(() => keeper.payout(ctx, useId)) }),
    Payouts: (keeper, ctx, { pagination }) => {
      const { rows, page } = keeper.payouts(ctx, pagination);
      return { payouts: rows.map(([, row]) => row), pagination: page };
    },
    Earnings: (keeper, ctx, { beneficiary }) => ({
      earnings: keeper.earnings(ctx, accountField(ctx, "beneficiary", beneficiary)),
    }),
    SplitPreview: (keeper, ctx, { amount }) => {
      const { feeDenom: denom, split } = keeper.params(ctx);
      const parts = splitByWeights(positiveField("amount", amount), splitWeights(split));
      const [host, modelOwner, contributors, validators, burn] = parts.map((part) =>
        coinToMessage({ denom, amount: part }),
      );
      return { host, modelOwner, contributors, validators, burn };
    },
  },
  genesis: {
    default: () => ({ params: defaultParams, uses: [], payouts: [], earnings: [] }),
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
  invariants,
  cli: {
    OpenUse: { args: ["modelId", "promptHash", "maxFee"] },
    SettleUse: { hidden: true },
    CancelUse: { args: ["useId"] },
    Claim: { args: ["beneficiary"] },
    Use: { args: ["useId"] },
    OpenUses: { args: ["modelId"] },
    Payout: { args: ["useId"] },
    Earnings: { args: ["beneficiary"] },
    SplitPreview: { args: ["amount"] },
  },
});

/** A query's answer, or NotFound for a use or payout there is not. */
function found<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (errors.useNotFound.is(error) || errors.payoutNotFound.is(error)) {
      throw new GrpcError("NotFound", (error as Error).message);
    }
    throw error;
  }
}
