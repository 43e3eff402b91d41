// Owns: authz's answers to queries, with the SDK's statuses (x/authz/keeper/grpc_query.go). Does not own: the state.

import type { Read } from "../../chain/module/context.ts";
import { GrpcError } from "../../chain/module/errors.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { AuthzKeeper } from "./keeper.ts";
import { state } from "./state.ts";

type Request<Name extends string> = Messages[`cosmos.authz.v1beta1.Query${Name}Request` & keyof Messages];
type Row = readonly [readonly [Uint8Array, Uint8Array, string], Messages["cosmos.authz.v1beta1.Grant"]];

function parse(ctx: Read, text: string): Uint8Array {
  try {
    return ctx.addresses.parseAccount(text);
  } catch (error) {
    throw new GrpcError("Unknown", (error as Error).message);
  }
}

export function grants(_keeper: AuthzKeeper, ctx: Read, request: Request<"Grants">) {
  const [granter, grantee] = [parse(ctx, request.granter), parse(ctx, request.grantee)];
  if (request.msgTypeUrl !== "") {
    const found = state.grants.get(ctx, [granter, grantee, request.msgTypeUrl]);
    if (found === undefined) {
      const { log } = errors.noAuthorizationFound.because(`authorization not found for ${request.msgTypeUrl} type`);
      throw new GrpcError("Unknown", log);
    }
    return { grants: [found], pagination: undefined };
  }
  const { rows, page } = state.grants.paginate(ctx, request.pagination, { prefix: [granter, grantee] });
  return { grants: rows.map(([, found]) => found), pagination: page };
}

export function granterGrants(_keeper: AuthzKeeper, ctx: Read, request: Request<"GranterGrants">) {
  const { rows, page } = state.grants.paginate(ctx, request.pagination, { prefix: [parse(ctx, request.granter)] });
  return { grants: rows.map((row) => withParties(ctx, row)), pagination: page };
}

export function granteeGrants(_keeper: AuthzKeeper, ctx: Read, request: Request<"GranteeGrants">) {
  const grantee = parse(ctx, request.grantee);
  const { rows, page } = state.grants.paginate(ctx, request.pagination, {
    filter: ([, to]) => equalBytes(to, grantee),
  });
  return { grants: rows.map((row) => withParties(ctx, row)), pagination: page };
}

/** A stored grant with the addresses of its key, as queries and genesis show it. */
export function withParties(ctx: Read, [[granter, grantee], { authorization, expiration }]: Row) {
  return {
    granter: ctx.addresses.account(granter),
    grantee: ctx.addresses.account(grantee),
    authorization,
    expiration,
  };
}
