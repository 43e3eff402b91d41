// Owns: staking's answers to queries, with the SDK's gRPC statuses (x/staking/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { Dec } from "../../chain/types/dec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { StakingKeeper } from "./keeper/keeper.ts";
import { tokensFromShares } from "./keeper/shares.ts";
import { type Delegation, type Redelegation, state, type Validator } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.staking.v1beta1.Query${Name}Request` & keyof Messages];

const STATUSES: Readonly<Record<string, number>> = {
  BOND_STATUS_UNSPECIFIED: 0,
  BOND_STATUS_UNBONDED: 1,
  BOND_STATUS_UNBONDING: 2,
  BOND_STATUS_BONDED: 3,
};

function operatorAddress(ctx: Read, text: string): Uint8Array {
  if (text === "") throw new GrpcError("InvalidArgument", "validator address cannot be empty");
  try {
    return ctx.addresses.parseValidator(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}

function delegatorAddress(ctx: Read, text: string): Uint8Array {
  if (text === "") throw new GrpcError("InvalidArgument", "delegator address cannot be empty");
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}

function findValidator(ctx: Read, operator: Uint8Array, text: string): Validator {
  const found = state.validators.get(ctx, operator);
  if (found === undefined) throw new GrpcError("NotFound", `validator ${text} not found`);
  return found;
}

/** A delegation with what its shares are worth now. */
function withBalance(keeper: StakingKeeper, ctx: Read, delegation: Delegation) {
  const validator = keeper.validator(ctx, ctx.addresses.parseValidator(delegation.validatorAddress));
  const amount = tokensFromShares(validator, Dec.fromWire(delegation.shares)).truncateInt();
  return { delegation, balance: { denom: keeper.params(ctx).bondDenom, amount: amount.toString() } };
}

export function validators(_keeper: StakingKeeper, ctx: Read, request: Request<"Validators">) {
  const wanted = request.status === "" ? undefined : STATUSES[request.status];
  if (request.status !== "" && !wanted)
    throw new GrpcError("InvalidArgument", `invalid validator status ${request.status}`);
  const filter = wanted === undefined ? {} : { filter: (_: unknown, { status }: Validator) => status === wanted };
  const { rows, page } = state.validators.paginate(ctx, request.pagination, filter);
  return { validators: rows.map(([, validator]) => validator), pagination: page };
}

export function validator(_keeper: StakingKeeper, ctx: Read, request: Request<"Validator">) {
  return { validator: findValidator(ctx, operatorAddress(ctx, request.validatorAddr), request.validatorAddr) };
}

export function validatorDelegations(keeper: StakingKeeper, ctx: Read, request: Request<"ValidatorDelegations">) {
  const operator = operatorAddress(ctx, request.validatorAddr);
  const { rows, page } = state.delegationsByValidator.paginate(ctx, request.pagination, { prefix: operator });
  const delegationResponses = rows.map(([[, delegator]]) =>
    withBalance(keeper, ctx, keeper.delegation(ctx, delegator, operator)!),
  );
  return { delegationResponses, pagination: page };
}

export function validatorUnbondingDelegations(
  _keeper: StakingKeeper,
  ctx: Read,
  request: Request<"ValidatorUnbondingDelegations">,
) {
  const operator = operatorAddress(ctx, request.validatorAddr);
  const { rows, page } = state.unbondingDelegationsByValidator.paginate(ctx, request.pagination, { prefix: operator });
  const unbondingResponses = rows.map(([[, delegator]]) => state.unbondingDelegations.get(ctx, [delegator, operator])!);
  return { unbondingResponses, pagination: page };
}

export function delegation(keeper: StakingKeeper, ctx: Read, request: Request<"Delegation">) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const operator = operatorAddress(ctx, request.validatorAddr);
  const found = keeper.delegation(ctx, delegator, operator);
  if (found === undefined) {
    const { delegatorAddr, validatorAddr } = request;
    throw new GrpcError(
      "NotFound",
      `delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`,
    );
  }
  return { delegationResponse: withBalance(keeper, ctx, found) };
}

export function unbondingDelegation(_keeper: StakingKeeper, ctx: Read, request: Request<"UnbondingDelegation">) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const operator = operatorAddress(ctx, request.validatorAddr);
  const unbond = state.unbondingDelegations.get(ctx, [delegator, operator]);
  if (unbond === undefined) {
    const { delegatorAddr, validatorAddr } = request;
    throw new GrpcError(
      "NotFound",
      `unbonding delegation with delegator ${delegatorAddr} not found for validator ${validatorAddr}`,
    );
  }
  return { unbond };
}

export function delegatorDelegations(keeper: StakingKeeper, ctx: Read, request: Request<"DelegatorDelegations">) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const { rows, page } = state.delegations.paginate(ctx, request.pagination, { prefix: delegator });
  return { delegationResponses: rows.map(([, found]) => withBalance(keeper, ctx, found)), pagination: page };
}

export function delegatorUnbondingDelegations(
  _keeper: StakingKeeper,
  ctx: Read,
  request: Request<"DelegatorUnbondingDelegations">,
) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const { rows, page } = state.unbondingDelegations.paginate(ctx, request.pagination, { prefix: delegator });
  return { unbondingResponses: rows.map(([, found]) => found), pagination: page };
}

export function redelegations(keeper: StakingKeeper, ctx: Read, request: Request<"Redelegations">) {
  const { delegatorAddr, srcValidatorAddr, dstValidatorAddr } = request;
  if (delegatorAddr !== "" && srcValidatorAddr !== "" && dstValidatorAddr !== "") {
    const move = [
      delegatorAddress(ctx, delegatorAddr),
      operatorAddress(ctx, srcValidatorAddr),
      operatorAddress(ctx, dstValidatorAddr),
    ] as const;
    const found = state.redelegations.get(ctx, move);
    if (found === undefined) {
      const text = `redelegation not found for delegator address ${delegatorAddr} from validator address ${srcValidatorAddr}`;
      throw new GrpcError("Internal", `rpc error: code = NotFound desc = ${text}`);
    }
    return { redelegationResponses: [withBalances(keeper, ctx, found)] };
  }
  if (delegatorAddr === "" && srcValidatorAddr !== "" && dstValidatorAddr === "") {
    const prefix = [operatorAddress(ctx, srcValidatorAddr)] as const;
    const { rows, page } = state.redelegationsBySource.paginate(ctx, request.pagination, { prefix });
    const found = rows.map(([[source, who, destination]]) => state.redelegations.get(ctx, [who, source, destination])!);
    return { redelegationResponses: found.map((each) => withBalances(keeper, ctx, each)), pagination: page };
  }
  const prefix = [delegatorAddress(ctx, delegatorAddr)] as const;
  const { rows, page } = state.redelegations.paginate(ctx, request.pagination, { prefix });
  return { redelegationResponses: rows.map(([, found]) => withBalances(keeper, ctx, found)), pagination: page };
}

/** Moves with what the shares they became are worth now. The entries stand beside the move, not in it, as in the SDK. */
function withBalances(keeper: StakingKeeper, ctx: Read, redelegation: Redelegation) {
  const validator = keeper.validator(ctx, ctx.addresses.parseValidator(redelegation.validatorDstAddress));
  const entries = redelegation.entries.map((redelegationEntry) => ({
    redelegationEntry,
    balance: tokensFromShares(validator, Dec.fromWire(redelegationEntry.sharesDst)).truncateInt().toString(),
  }));
  return { redelegation: { ...redelegation, entries: [] }, entries };
}

export function delegatorValidators(keeper: StakingKeeper, ctx: Read, request: Request<"DelegatorValidators">) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const { rows, page } = state.delegations.paginate(ctx, request.pagination, { prefix: delegator });
  return { validators: rows.map(([[, operator]]) => keeper.validator(ctx, operator)), pagination: page };
}

export function delegatorValidator(keeper: StakingKeeper, ctx: Read, request: Request<"DelegatorValidator">) {
  const delegator = delegatorAddress(ctx, request.delegatorAddr);
  const operator = operatorAddress(ctx, request.validatorAddr);
  if (keeper.delegation(ctx, delegator, operator) === undefined)
    throw new GrpcError("Internal", "no delegation for (address, validator) tuple");
  return { validator: findValidator(ctx, operator, request.validatorAddr) };
}

export function historicalInfo(_keeper: StakingKeeper, ctx: Read, request: Request<"HistoricalInfo">) {
  if (request.height < 0n) throw new GrpcError("InvalidArgument", "height cannot be negative");
  const hist = state.historicalInfo.get(ctx, request.height);
  if (hist === undefined) throw new GrpcError("NotFound", `historical info for height ${request.height} not found`);
  return { hist };
}

export function pool(keeper: StakingKeeper, ctx: Read) {
  const { bonded, notBonded } = keeper.poolBalances(ctx);
  return { pool: { bondedTokens: bonded.toString(), notBondedTokens: notBonded.toString() } };
}
