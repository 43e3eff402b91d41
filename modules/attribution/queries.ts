/** Owns what the module's queries are read as. */
import type { Read } from "../../chain/module/context.ts";
import { GrpcError, orStatus } from "../../chain/module/errors.ts";
import { accountField, coinField, positiveField } from "../../chain/module/message-fields.ts";
import { coinToMessage } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { LineagePool } from "./keeper/version-pools.ts";
import type { AttributionKeeper } from "./keeper.ts";
import { splitWeights } from "./params.ts";
import { splitByWeights } from "./split.ts";
import { state } from "./state.ts";

type Request<Name extends string> = Messages[`tributary.attribution.v1.Query${Name}Request` & keyof Messages];

export function params(keeper: AttributionKeeper, ctx: Read) {
  return { params: keeper.params(ctx) };
}

export function use(keeper: AttributionKeeper, ctx: Read, { useId }: Request<"Use">) {
  return { use: found(() => keeper.use(ctx, useId)) };
}

export function uses(keeper: AttributionKeeper, ctx: Read, { pagination }: Request<"Uses">) {
  const { rows, page } = keeper.uses(ctx, pagination);
  return { uses: rows.map(([, row]) => row), pagination: page };
}

export function openUses(keeper: AttributionKeeper, ctx: Read, { modelId, pagination }: Request<"OpenUses">) {
  const { rows, page } = keeper.openUses(ctx, modelId, pagination);
  return { uses: rows.map(([, row]) => row), pagination: page };
}

export function quoteUse(keeper: AttributionKeeper, ctx: Read, { maxFee, ...use }: Request<"QuoteUse">) {
  if (use.host !== "") accountField(ctx, "host", use.host);
  const limit = maxFee === undefined ? { denom: "", amount: 0n } : coinField("max_fee", maxFee);
  const { host, price, fee } = found(() => keeper.quote(ctx, { ...use, maxFee: limit }));
  return { host, price: coinToMessage(price), fee: coinToMessage(fee) };
}

export function payout(keeper: AttributionKeeper, ctx: Read, { useId }: Request<"Payout">) {
  return { payout: found(() => keeper.payout(ctx, useId)) };
}

export function payouts(keeper: AttributionKeeper, ctx: Read, { pagination }: Request<"Payouts">) {
  const { rows, page } = keeper.payouts(ctx, pagination);
  return { payouts: rows.map(([, row]) => row), pagination: page };
}

export function earnings(keeper: AttributionKeeper, ctx: Read, { beneficiary }: Request<"Earnings">) {
  return { earnings: keeper.ledger.earnings(ctx, accountField(ctx, "beneficiary", beneficiary)) };
}

export function splitPreview(keeper: AttributionKeeper, ctx: Read, { amount }: Request<"SplitPreview">) {
  const { feeDenom: denom, split } = keeper.params(ctx);
  const parts = splitByWeights(positiveField("amount", amount), splitWeights(split));
  const [host, modelOwner, contributors, validators, burn] = parts.map((part) =>
    coinToMessage({ denom, amount: part }),
  );
  return { host, modelOwner, contributors, validators, burn };
}

export function batch(keeper: AttributionKeeper, ctx: Read, { batchId }: Request<"Batch">) {
  return { batch: found(() => keeper.batches.batch(ctx, batchId)) };
}

export function batches(keeper: AttributionKeeper, ctx: Read, { pagination }: Request<"Batches">) {
  const { rows, page } = keeper.batches.batches(ctx, pagination);
  return { batches: rows.map(([, row]) => row), pagination: page };
}

export function challenge(keeper: AttributionKeeper, ctx: Read, { challengeId }: Request<"Challenge">) {
  return { challenge: found(() => keeper.challenges.challenge(ctx, challengeId)) };
}

export function challenges(keeper: AttributionKeeper, ctx: Read, { batchId, pagination }: Request<"Challenges">) {
  const { rows, page } = keeper.challenges.ofBatch(ctx, batchId, pagination);
  return { challenges: rows.map(([, row]) => row), pagination: page };
}

export function dispute(keeper: AttributionKeeper, ctx: Read, { disputeId }: Request<"Dispute">) {
  return { dispute: found(() => keeper.disputes.dispute(ctx, disputeId)) };
}

export function disputes(keeper: AttributionKeeper, ctx: Read, request: Request<"Disputes">) {
  const { modelId, pagination } = request;
  const { disputes: kept } = keeper;
  const { rows, page } = modelId === 0n ? kept.disputes(ctx, pagination) : kept.ofVersion(ctx, request, pagination);
  return { disputes: rows.map(([, row]) => row), pagination: page };
}

export function payeeClaimed(keeper: AttributionKeeper, ctx: Read, { batchId, index }: Request<"PayeeClaimed">) {
  found(() => keeper.batches.batch(ctx, batchId));
  return { claimed: keeper.batches.isClaimed(ctx, batchId, index) };
}

export function lineage(keeper: AttributionKeeper, ctx: Read, { datanetId, recordCount, number }: Request<"Lineage">) {
  const pool = found(() => keeper.pools.pool(ctx, { datanetId, recordCount }));
  return poolEarning(keeper, ctx, pool, number === 0n ? NOTHING : found(() => keeper.pools.pending(ctx, pool, number)));
}

/** What a suspended record would be credited waits with it: that is nothing now. */
export function lineagePools(
  keeper: AttributionKeeper,
  ctx: Read,
  { datanetId, number, pagination }: Request<"LineagePools">,
) {
  const { rows, page } = found(() => keeper.pools.holding(ctx, datanetId, number, pagination));
  const earnings = rows.map(([, pool]) =>
    poolEarning(
      keeper,
      ctx,
      pool,
      keeper.pools.isWaiting(ctx, pool, number) ? NOTHING : keeper.pools.pending(ctx, pool, number),
    ),
  );
  return { earnings, pagination: page };
}

const NOTHING = { lineage: 0n, attested: 0n, isAttested: true };

function poolEarning(keeper: AttributionKeeper, ctx: Read, pool: LineagePool, pending: typeof NOTHING) {
  const coin = (amount: bigint) => coinToMessage({ denom: keeper.ledger.denom(ctx), amount });
  const { lineage: own, attested, isAttested } = pending;
  return { pool, pending: coin(own + attested), attested: coin(attested), isUnscored: !isAttested };
}

export function table(_: AttributionKeeper, ctx: Read, { tableId }: Request<"Table">) {
  const known = state.tables.get(ctx, tableId);
  if (known === undefined) throw new GrpcError("NotFound", `table ${tableId}: table not found`);
  return { table: known };
}

/** A query's answer, or NotFound for what there is not. */
function found<Answer>(read: () => Answer): Answer {
  return orStatus("NotFound", read);
}
