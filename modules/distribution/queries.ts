// Owns: distribution's answers to queries, with the SDK's refusals (x/distribution/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError, orStatus } from "../../chain/module/errors.ts";
import { addDecCoins, type DecCoin, decCoinsToMessages } from "../../chain/types/dec-coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { DistributionKeeper } from "./keeper/keeper.ts";
import { pendingRewards } from "./keeper/rewards.ts";
import { state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.distribution.v1beta1.Query${Name}Request` & keyof Messages];
type SlashEvent = Messages["cosmos.distribution.v1beta1.ValidatorSlashEvent"];

export function validatorDistributionInfo(
  keeper: DistributionKeeper,
  ctx: Read,
  { validatorAddress }: Request<"ValidatorDistributionInfo">,
) {
  const operator = existingOperator(keeper, ctx, validatorAddress);
  const delegation = known(() => keeper.staking.delegation(ctx, operator, operator));
  return {
    operatorAddress: ctx.addresses.account(operator),
    selfBondRewards: decCoinsToMessages(pendingRewards(keeper, ctx, delegation)),
    commission: decCoinsToMessages(keeper.commission(ctx, operator)),
  };
}

export function validatorOutstandingRewards(
  keeper: DistributionKeeper,
  ctx: Read,
  { validatorAddress }: Request<"ValidatorOutstandingRewards">,
) {
  const operator = existingOperator(keeper, ctx, validatorAddress);
  return { rewards: { rewards: decCoinsToMessages(keeper.outstanding(ctx, operator)) } };
}

export function validatorCommission(
  keeper: DistributionKeeper,
  ctx: Read,
  { validatorAddress }: Request<"ValidatorCommission">,
) {
  const operator = existingOperator(keeper, ctx, validatorAddress);
  return { commission: { commission: decCoinsToMessages(keeper.commission(ctx, operator)) } };
}

/** The slashes whose periods, not heights, lie between the two numbers: the SDK compares so. */
export function validatorSlashes(_keeper: DistributionKeeper, ctx: Read, request: Request<"ValidatorSlashes">) {
  const { validatorAddress, startingHeight, endingHeight, pagination } = request;
  requireText(validatorAddress, "validator");
  if (endingHeight < startingHeight)
    throw new GrpcError(
      "InvalidArgument",
      `starting height greater than ending height (${startingHeight} > ${endingHeight})`,
    );
  const operator = parsed(() => ctx.addresses.parseValidator(validatorAddress), "invalid validator address");
  const { rows, page } = state.slashEvents.paginate(ctx, pagination, {
    prefix: [operator],
    filter: (_: unknown, { validatorPeriod }: SlashEvent) =>
      validatorPeriod >= startingHeight && validatorPeriod <= endingHeight,
  });
  return { slashes: rows.map(([, event]) => event), pagination: page };
}

export function delegationRewards(keeper: DistributionKeeper, ctx: Read, request: Request<"DelegationRewards">) {
  requireText(request.delegatorAddress, "delegator");
  const operator = existingOperator(keeper, ctx, request.validatorAddress);
  const delegator = parsed(() => ctx.addresses.parseAccount(request.delegatorAddress));
  const delegation = known(() => keeper.staking.delegation(ctx, delegator, operator));
  return { rewards: decCoinsToMessages(pendingRewards(keeper, ctx, delegation)) };
}

export function delegationTotalRewards(
  keeper: DistributionKeeper,
  ctx: Read,
  { delegatorAddress }: Request<"DelegationTotalRewards">,
) {
  let total: readonly DecCoin[] = [];
  const rewards = keeper.staking.delegationsOf(ctx, delegator(ctx, delegatorAddress)).map((delegation) => {
    const reward = pendingRewards(keeper, ctx, delegation);
    total = addDecCoins(total, reward);
    return { validatorAddress: delegation.validatorAddress, reward: decCoinsToMessages(reward) };
  });
  return { rewards, total: decCoinsToMessages(total) };
}

export function delegatorValidators(
  keeper: DistributionKeeper,
  ctx: Read,
  { delegatorAddress }: Request<"DelegatorValidators">,
) {
  const delegations = keeper.staking.delegationsOf(ctx, delegator(ctx, delegatorAddress));
  return { validators: delegations.map(({ validatorAddress }) => validatorAddress) };
}

export function delegatorWithdrawAddress(
  keeper: DistributionKeeper,
  ctx: Read,
  { delegatorAddress }: Request<"DelegatorWithdrawAddress">,
) {
  return {
    withdrawAddress: ctx.addresses.account(keeper.withdrawAddress(ctx, delegator(ctx, delegatorAddress))),
  };
}

export function communityPool(keeper: DistributionKeeper, ctx: Read) {
  return { pool: decCoinsToMessages(keeper.communityPool(ctx)) };
}

function requireText(text: string, who: string): void {
  if (text === "") throw new GrpcError("InvalidArgument", `empty ${who} address`);
}

function delegator(ctx: Read, text: string): Uint8Array {
  requireText(text, "delegator");
  return parsed(() => ctx.addresses.parseAccount(text));
}

function existingOperator(keeper: DistributionKeeper, ctx: Read, text: string): Uint8Array {
  requireText(text, "validator");
  const operator = parsed(() => ctx.addresses.parseValidator(text));
  known(() => keeper.staking.validator(ctx, operator));
  return operator;
}

function parsed(parse: () => Uint8Array, refusal?: string): Uint8Array {
  try {
    return parse();
  } catch (error) {
    throw new GrpcError("InvalidArgument", refusal ?? (error as Error).message);
  }
}

/** What staking has; its refusal is that of a look-up here. */
function known<Found>(look: () => Found): Found {
  return orStatus("NotFound", look);
}
