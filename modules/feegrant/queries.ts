// Owns: feegrant's answers to queries, with the SDK's gRPC statuses (x/feegrant/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError, orStatus } from "../../chain/module/errors.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { anyOfAllowance } from "./allowance.ts";
import type { FeegrantKeeper } from "./keeper.ts";
import { state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.feegrant.v1beta1.Query${Name}Request` & keyof Messages];

function parse(ctx: Read, text: string): Uint8Array {
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("Unknown", (error as Error).message);
  }
}

export function allowance(keeper: FeegrantKeeper, ctx: Read, { granter, grantee }: Request<"Allowance">) {
  const [from, to] = [parse(ctx, granter), parse(ctx, grantee)];
  const allowance = orStatus("Internal", () => anyOfAllowance(keeper.allowance(ctx, from, to)));
  return { allowance: { granter, grantee, allowance } };
}

export function allowances(_keeper: FeegrantKeeper, ctx: Read, request: Request<"Allowances">) {
  const prefix = parse(ctx, request.grantee);
  const { rows, page } = state.allowances.paginate(ctx, request.pagination, { prefix });
  return { allowances: rows.map(([, grant]) => grant), pagination: page };
}

export function allowancesByGranter(_keeper: FeegrantKeeper, ctx: Read, request: Request<"AllowancesByGranter">) {
  const granter = parse(ctx, request.granter);
  const { rows, page } = state.allowances.paginate(ctx, request.pagination, {
    filter: ([, from]) => equalBytes(from, granter),
  });
  return { allowances: rows.map(([, grant]) => grant), pagination: page };
}
