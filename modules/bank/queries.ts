// Owns: bank's answers to queries, with the SDK's gRPC statuses (x/bank/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { amountOf, isValidDenom } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { BankKeeper } from "./keeper.ts";
import { DEFAULT_PARAMS, state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.bank.v1beta1.Query${Name}Request` & keyof Messages];

function parse(ctx: Read, text: string): Uint8Array {
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", `invalid address: ${(error as Error).message}`);
  }
}

function requireDenom(denom: string): void {
  if (!isValidDenom(denom)) throw new GrpcError("InvalidArgument", `invalid denom: ${denom}`);
}

function coin(denom: string, amount: bigint) {
  return { denom, amount: amount.toString() };
}

export function balance(keeper: BankKeeper, ctx: Read, request: Request<"Balance">) {
  requireDenom(request.denom);
  const address = parse(ctx, request.address);
  return { balance: coin(request.denom, keeper.balance(ctx, address, request.denom)) };
}

export function spendableBalanceByDenom(keeper: BankKeeper, ctx: Read, request: Request<"SpendableBalanceByDenom">) {
  const address = parse(ctx, request.address);
  requireDenom(request.denom);
  return { balance: coin(request.denom, keeper.spendable(ctx, address, request.denom)) };
}

export function spendableBalances(keeper: BankKeeper, ctx: Read, request: Request<"SpendableBalances">) {
  const prefix = parse(ctx, request.address);
  const { rows, page } = state.balances.paginate(ctx, request.pagination, { prefix });
  const locked = keeper.lockedCoins(ctx, prefix);
  // As in the SDK: an account that holds less of one coin than is locked can spend nothing at all.
  const covered = locked.every(({ denom, amount }) => keeper.balance(ctx, prefix, denom) >= amount);
  const free = (denom: string, amount: bigint): bigint => (covered ? amount - amountOf(locked, denom) : 0n);
  return { balances: rows.map(([[, denom], amount]) => coin(denom, free(denom, amount))), pagination: page };
}

export function allBalances(_keeper: BankKeeper, ctx: Read, request: Request<"AllBalances">) {
  const prefix = parse(ctx, request.address);
  const { rows, page } = state.balances.paginate(ctx, request.pagination, { prefix });
  const shown = (denom: string): string =>
    request.resolveDenom ? (state.denomMetadata.get(ctx, denom)?.display ?? denom) : denom;
  return { balances: rows.map(([[, denom], amount]) => coin(shown(denom), amount)), pagination: page };
}

export function totalSupply(_keeper: BankKeeper, ctx: Read, request: Request<"TotalSupply">) {
  const { rows, page } = state.supply.paginate(ctx, request.pagination);
  return { supply: rows.map(([denom, amount]) => coin(denom, amount)), pagination: page };
}

export function supplyOf(keeper: BankKeeper, ctx: Read, request: Request<"SupplyOf">) {
  requireDenom(request.denom);
  return { amount: coin(request.denom, keeper.supply(ctx, request.denom)) };
}

export function params(_keeper: BankKeeper, ctx: Read) {
  return { params: state.params.get(ctx) ?? DEFAULT_PARAMS };
}

export function denomsMetadata(_keeper: BankKeeper, ctx: Read, request: Request<"DenomsMetadata">) {
  const { rows, page } = state.denomMetadata.paginate(ctx, request.pagination);
  return { metadatas: rows.map(([, metadata]) => metadata), pagination: page };
}

export function denomMetadata(_keeper: BankKeeper, ctx: Read, request: { readonly denom: string }) {
  requireDenom(request.denom);
  const metadata = state.denomMetadata.get(ctx, request.denom);
  if (metadata === undefined) throw new GrpcError("NotFound", `client metadata for denom ${request.denom}`);
  return { metadata };
}

export function denomOwners(_keeper: BankKeeper, ctx: Read, request: Request<"DenomOwners">) {
  requireDenom(request.denom);
  const { rows, page } = state.balances.by.denom.paginate(ctx, request.denom, request.pagination);
  const owners = rows.map(([[address, denom], amount]) => ({
    address: ctx.addresses.account(address),
    balance: coin(denom, amount),
  }));
  return { denomOwners: owners, pagination: page };
}

export function sendEnabled(_keeper: BankKeeper, ctx: Read, request: Request<"SendEnabled">) {
  if (request.denoms.length > 0) {
    const found = request.denoms.flatMap((denom) => {
      const enabled = state.sendEnabled.get(ctx, denom);
      return enabled === undefined ? [] : [{ denom, enabled }];
    });
    return { sendEnabled: found, pagination: undefined };
  }
  const { rows, page } = state.sendEnabled.paginate(ctx, request.pagination);
  return { sendEnabled: rows.map(([denom, enabled]) => ({ denom, enabled })), pagination: page };
}
