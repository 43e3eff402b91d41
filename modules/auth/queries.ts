// Owns: auth's answers to queries, with the SDK's gRPC statuses (x/auth/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { AuthKeeper } from "./keeper.ts";
import { type Account, anyOfAccount, state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.auth.v1beta1.Query${Name}Request` & keyof Messages];

/** Reads an address from a request. Throws InvalidArgument with the codec's reason. */
function parse(ctx: Read, text: string): Uint8Array {
  if (text === "") throw new GrpcError("InvalidArgument", "Address cannot be empty");
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}

function find(keeper: AuthKeeper, ctx: Read, text: string): Account {
  const account = keeper.account(ctx, parse(ctx, text));
  if (account === undefined) throw new GrpcError("NotFound", `account ${text} not found`);
  return account;
}

export function account(keeper: AuthKeeper, ctx: Read, request: Request<"Account">) {
  return { account: anyOfAccount(find(keeper, ctx, request.address)) };
}

export function accountInfo(keeper: AuthKeeper, ctx: Read, request: Request<"AccountInfo">) {
  return { info: find(keeper, ctx, request.address).base };
}

export function accounts(_keeper: AuthKeeper, ctx: Read, request: Request<"Accounts">) {
  const { rows, page } = state.accounts.paginate(ctx, request.pagination);
  return { accounts: rows.map(([, found]) => anyOfAccount(found)), pagination: page };
}

export function accountAddressById(_keeper: AuthKeeper, ctx: Read, request: Request<"AccountAddressByID">) {
  if (request.id !== 0n) {
    throw new GrpcError("InvalidArgument", "requesting with id isn't supported, try to request using account-id");
  }
  const address = state.accounts.by.number.find(ctx, request.accountId);
  if (address === undefined) {
    throw new GrpcError("NotFound", `account address not found with account number ${request.accountId}`);
  }
  return { accountAddress: ctx.addresses.account(address) };
}

/** All of them: those that nothing has needed yet as they would be made, in their order, as the SDK answers. */
export function moduleAccounts(keeper: AuthKeeper, ctx: Read) {
  let made = 0n;
  const accounts = keeper.moduleNames().map((name) => {
    const isNew = keeper.account(ctx, keeper.moduleAddress(name)) === undefined;
    const account = keeper.moduleAccount(ctx, name, made);
    if (isNew) made += 1n;
    return anyOfAccount(account);
  });
  return { accounts };
}

export function moduleAccountByName(keeper: AuthKeeper, ctx: Read, request: Request<"ModuleAccountByName">) {
  const { name } = request;
  if (name === "") throw new GrpcError("InvalidArgument", "module name is empty");
  if (!keeper.moduleNames().includes(name)) throw new GrpcError("NotFound", `account ${name} not found`);
  return { account: anyOfAccount(keeper.moduleAccount(ctx, name)) };
}

export function addressBytesToString(
  _keeper: AuthKeeper,
  ctx: Read,
  request: Messages["cosmos.auth.v1beta1.AddressBytesToStringRequest"],
) {
  if (request.addressBytes.length === 0) throw new GrpcError("InvalidArgument", "empty address bytes is not allowed");
  try {
    return { addressString: ctx.addresses.account(request.addressBytes) };
  } catch (error) {
    throw new GrpcError("InvalidArgument", (error as Error).message);
  }
}

export function addressStringToBytes(
  _keeper: AuthKeeper,
  ctx: Read,
  request: Messages["cosmos.auth.v1beta1.AddressStringToBytesRequest"],
) {
  if (request.addressString.trim() === "") {
    throw new GrpcError("InvalidArgument", "empty address string is not allowed");
  }
  return { addressBytes: parse(ctx, request.addressString) };
}
