/** Owns the definition of the datanet module: what its messages and queries are read as. State is keeper.ts's. */
import type { Write } from "../../chain/module/context.ts";
import { defineModule } from "../../chain/module/define.ts";
import { GrpcError, TxError } from "../../chain/module/errors.ts";
import { accountField, positiveCoinField } from "../../chain/module/message-fields.ts";
import { coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { exportAll, init, validate } from "./genesis.ts";
import { invariants } from "./invariants.ts";
import { DatanetKeeper, type DatanetTerms, type DatanetUses } from "./keeper.ts";
import { MAX_RECORDS_PER_MESSAGE } from "./limits.ts";
import { state } from "./state.ts";

export const datanet = defineModule({
  name: "datanet",
  proto: "tributary.datanet.v1",
  version: 1,
  state,
  errors,
  keeper: (uses: DatanetUses) => new DatanetKeeper(uses),
  msgs: {
    CreateDatanet: (keeper, ctx, message) => {
      const owner = accountField(ctx, "owner", message.owner);
      return { datanetId: keeper.create(ctx, owner, termsOf(ctx, message)) };
    },
    Join: (keeper, ctx, { member, datanetId }) => {
      keeper.join(ctx, datanetId, accountField(ctx, "member", member));
      return {};
    },
    Admit: (keeper, ctx, { curator, datanetId, member }) => {
      accountField(ctx, "curator", curator);
      keeper.admit(ctx, datanetId, curator, accountField(ctx, "member", member));
      return {};
    },
    Contribute: (keeper, ctx, { contributor, datanetId, records, payoutAddress }) => {
      const account = accountField(ctx, "contributor", contributor);
      if (records.length === 0 || records.length > MAX_RECORDS_PER_MESSAGE) {
        throw errors.invalidRecord.because(
          `a message has 1 to ${MAX_RECORDS_PER_MESSAGE} records, not ${records.length}`,
        );
      }
      const firstNumber = keeper.contribute(ctx, datanetId, account, records);
      if (payoutAddress !== "")
        keeper.setPayoutAddress(ctx, account, accountField(ctx, "payout_address", payoutAddress));
      return { firstNumber, recordCount: BigInt(records.length) };
    },
    SetPayoutAddress: (keeper, ctx, { contributor, payoutAddress }) => {
      const account = accountField(ctx, "contributor", contributor);
      const payout = payoutAddress === "" ? account : accountField(ctx, "payout_address", payoutAddress);
      keeper.setPayoutAddress(ctx, account, payout);
      return {};
    },
  },
  queries: {
    Datanet: (keeper, ctx, { datanetId }) => ({ datanet: found(() => keeper.datanet(ctx, datanetId)) }),
    DatanetByName: (keeper, ctx, { name }) => ({ datanet: found(() => keeper.datanetByName(ctx, name)) }),
    Datanets: (keeper, ctx, { pagination }) => {
      const { rows, page } = keeper.datanets(ctx, pagination);
      return { datanets: rows.map(([, row]) => row), pagination: page };
    },
    Record: (keeper, ctx, { datanetId, number }) => ({ record: found(() => keeper.record(ctx, datanetId, number)) }),
    Records: (keeper, ctx, { datanetId, pagination }) => {
      found(() => keeper.datanet(ctx, datanetId));
      const { rows, page } = keeper.records(ctx, datanetId, pagination);
      return { records: rows.map(([, row]) => row), pagination: page };
    },
    RecordByHash: (keeper, ctx, { datanetId, contentHash }) => ({
      record: found(() => keeper.recordByHash(ctx, datanetId, contentHash)),
    }),
    Member: (keeper, ctx, { datanetId, address }) => {
      const account = accountField(ctx, "address", address);
      return { member: found(() => keeper.member(ctx, datanetId, account)) };
    },
    Members: (keeper, ctx, { datanetId, pagination }) => {
      found(() => keeper.datanet(ctx, datanetId));
      const { rows, page } = keeper.members(ctx, datanetId, pagination);
      return { members: rows.map(([, row]) => row), pagination: page };
    },
    PayoutAddress: (keeper, ctx, { contributor }) => {
      const account = accountField(ctx, "contributor", contributor);
      return { payoutAddress: ctx.addresses.account(keeper.payoutAddress(ctx, account)) };
    },
  },
  genesis: {
    default: () => ({ datanets: [], records: [], members: [], payoutAddresses: [] }),
    validate,
    init: (_, ctx, genesis) => {
      validate(genesis);
      init(ctx, genesis);
    },
    export: (_, ctx) => exportAll(ctx),
  },
  invariants,
  cli: {
    CreateDatanet: { args: ["name", "licence"] },
    Join: { args: ["datanetId"] },
    Admit: { args: ["datanetId", "member"] },
    Contribute: { args: ["datanetId"] },
    SetPayoutAddress: { args: ["payoutAddress"] },
    Datanet: { args: ["datanetId"] },
    DatanetByName: { args: ["name"] },
    Record: { args: ["datanetId", "number"] },
    Records: { args: ["datanetId"] },
    RecordByHash: { args: ["datanetId", "contentHash"] },
    Member: { args: ["datanetId", "address"] },
    Members: { args: ["datanetId"] },
    PayoutAddress: { args: ["contributor"] },
  },
});

/** The message's terms with its addresses checked; without a treasury the owner is it. */
function termsOf(ctx: Write, message: Messages["tributary.datanet.v1.MsgCreateDatanet"]): DatanetTerms {
  const { joinFee, treasury, curators, validators } = message;
  for (const curator of curators) accountField(ctx, "curator", curator);
  for (const validator of validators) accountField(ctx, "validator", validator);
  if (treasury !== "") accountField(ctx, "treasury", treasury);
  const hasFee = joinFee !== undefined && joinFee.amount !== "" && joinFee.amount !== "0";
  return {
    ...message,
    joinFee: hasFee ? coinToMessage(positiveCoinField("join_fee", joinFee)) : undefined,
    treasury: treasury === "" ? message.owner : treasury,
  };
}

/** A query's answer, or NotFound for what there is not. */
function found<Answer>(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (error instanceof TxError) throw new GrpcError("NotFound", error.message);
    throw error;
  }
}
