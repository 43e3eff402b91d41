/** Owns what the module's queries answer. */
import type { Read } from "../../chain/module/context.ts";
import { type ErrorKind, orStatus } from "../../chain/module/errors.ts";
import { accountField, positiveField } from "../../chain/module/message-fields.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import { backingOf, positionOf } from "./keeper/backing.ts";
import { hostsOf } from "./keeper/hosting.ts";
import { stackPpm } from "./keeper/lineage.ts";
import { operatorOf } from "./keeper/operators.ts";
import { curveOf, quoteBuy, quoteSell } from "./keeper/trading.ts";
import type { ModelKeeper } from "./keeper.ts";
import { DEFAULT_RANKED, MAX_RANKED, MAX_WITHDRAWALS } from "./limits.ts";
import { state } from "./state.ts";

type Request<Name extends string> = `tributary.model.v1.Query${Name}Request` extends infer Full extends keyof Messages
  ? Messages[Full]
  : never;

/** What a query answers with NotFound. */
const ABSENT: readonly ErrorKind[] = [errors.modelNotFound, errors.versionNotFound, errors.curveNotFound];

export function params(keeper: ModelKeeper, ctx: Read) {
  return { params: keeper.params(ctx) };
}

export function model(keeper: ModelKeeper, ctx: Read, { modelId }: Request<"Model">) {
  return { model: found(() => keeper.model(ctx, modelId)) };
}

export function models(keeper: ModelKeeper, ctx: Read, { pagination }: Request<"Models">) {
  const { rows, page } = keeper.models(ctx, pagination);
  return { models: rows.map(([, row]) => row), pagination: page };
}

export function modelByWeights(keeper: ModelKeeper, ctx: Read, { weightsHash }: Request<"ModelByWeights">) {
  const versions = found(() => keeper.byWeights(ctx, weightsHash));
  const [{ modelId, number }] = versions;
  const registrations = versions.map((version) => ({
    modelId: version.modelId,
    version: version.number,
    height: version.height,
    owner: keeper.model(ctx, version.modelId).owner,
  }));
  return { model: keeper.model(ctx, modelId), version: number, registrations };
}

export function versions(_keeper: ModelKeeper, ctx: Read, { modelId, pagination }: Request<"Versions">) {
  const { rows, page } = state.versions.paginate(ctx, pagination, { prefix: modelId });
  return { versions: rows.map(([, row]) => row), pagination: page };
}

export function lineage(keeper: ModelKeeper, ctx: Read, { modelId, version }: Request<"Lineage">) {
  const declared = found(() => keeper.version(ctx, modelId, version));
  const { number, depth, lineage: own, parents, stack, lineageWeights } = declared;
  return { version: number, lineage: own, parents, stack, stackPpm: stackPpm(stack), depth, lineageWeights };
}

export function ranking(keeper: ModelKeeper, ctx: Read, { limit }: Request<"Ranking">) {
  const ranked = [...state.backings.by.rank.iterate(ctx, { limit: rowsOf(limit) })];
  return {
    models: ranked.map(([, modelId]) => ({
      model: keeper.model(ctx, modelId),
      backing: backingOf(keeper, ctx, modelId),
    })),
  };
}

export function hosts(keeper: ModelKeeper, ctx: Read, { modelId, limit }: Request<"Hosts">) {
  return { hosts: found(() => hostsOf(keeper, ctx, modelId, rowsOf(limit))) };
}

export function operator(_keeper: ModelKeeper, ctx: Read, request: Request<"Operator">) {
  const address = accountField(ctx, "operator", request.operator);
  const known = operatorOf(ctx, address);
  const rows = state.bondWithdrawals.by.operator.entries(ctx, known.operator, { limit: MAX_WITHDRAWALS });
  return { operator: known, withdrawals: [...rows].map(([, row]) => row) };
}

export function backing(keeper: ModelKeeper, ctx: Read, { modelId }: Request<"Backing">) {
  return { backing: found(() => backingOf(keeper, ctx, modelId)) };
}

export function backers(keeper: ModelKeeper, ctx: Read, { modelId, pagination }: Request<"Backers">) {
  const { rows, page } = state.positions.paginate(ctx, pagination, { prefix: modelId });
  return { positions: rows.map(([[, address]]) => positionOf(keeper, ctx, modelId, address)), pagination: page };
}

export function position(keeper: ModelKeeper, ctx: Read, { modelId, backer }: Request<"Position">) {
  const address = accountField(ctx, "backer", backer);
  const own = found(() => positionOf(keeper, ctx, modelId, address));
  const all = backingOf(keeper, ctx, modelId);
  const shares = BigInt(own.activeShares) + BigInt(own.pendingShares);
  const total = BigInt(all.activeShares) + BigInt(all.pendingShares);
  const worth = total === 0n ? 0n : (shares * BigInt(all.tokens)) / total;
  const leaving = state.unbackings.by.owner.entries(ctx, [own.backer, modelId], { limit: MAX_WITHDRAWALS });
  return {
    position: own,
    worth: reserveCoin(keeper, ctx, worth),
    claimable: reserveCoin(keeper, ctx, BigInt(own.owed)),
    unbackings: [...leaving].map(([, row]) => row),
  };
}

export function curve(_keeper: ModelKeeper, ctx: Read, { modelId }: Request<"Curve">) {
  return { curve: found(() => curveOf(ctx, modelId)) };
}

export function buyQuote(keeper: ModelKeeper, ctx: Read, { modelId, shares }: Request<"QuoteBuy">) {
  const { amount, fee } = quoteBuy(
    keeper,
    ctx,
    found(() => curveOf(ctx, modelId)),
    positiveField("shares", shares),
  );
  return { cost: reserveCoin(keeper, ctx, amount), fee: reserveCoin(keeper, ctx, fee) };
}

export function sellQuote(keeper: ModelKeeper, ctx: Read, { modelId, shares }: Request<"QuoteSell">) {
  const { amount, fee } = quoteSell(
    keeper,
    ctx,
    found(() => curveOf(ctx, modelId)),
    positiveField("shares", shares),
  );
  return { payout: reserveCoin(keeper, ctx, amount), fee: reserveCoin(keeper, ctx, fee) };
}

export function milestones(_keeper: ModelKeeper, ctx: Read, { modelId, pagination }: Request<"Milestones">) {
  const { rows, page } = state.milestones.paginate(ctx, pagination, { prefix: modelId });
  return { milestones: rows.map(([, row]) => row), pagination: page };
}

function reserveCoin(keeper: ModelKeeper, ctx: Read, amount: bigint) {
  return { denom: keeper.params(ctx).reserveDenom, amount: amount.toString() };
}

function rowsOf(limit: number): number {
  if (limit === 0) return DEFAULT_RANKED;
  return limit > MAX_RANKED ? MAX_RANKED : limit;
}

/** A query's answer, or NotFound for what there is not. */
function found<Answer>(read: () => Answer): Answer {
  return orStatus("NotFound", read, ABSENT);
}
