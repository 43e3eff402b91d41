// Owns: authz's messages, checked in the order and with the words of the SDK (x/authz/keeper/msg_server.go). Does not own: authorizations.

import type { Write } from "../../chain/module/context.ts";
import { sdkErrors, uncodedError } from "../../chain/module/errors.ts";
import { accountField } from "../../chain/module/message-fields.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { authorizationOf, messageOf, validateAuthorization } from "./authorization.ts";
import { errors } from "./errors.ts";
import type { AuthzKeeper } from "./keeper.ts";

type Message<Name extends string> = Messages[`cosmos.authz.v1beta1.Msg${Name}` & keyof Messages];

export function grant(keeper: AuthzKeeper, ctx: Write, message: Message<"Grant">) {
  const { granter, grantee } = parties(ctx, message);
  const authorization = authorizationOf(message.grant.authorization);
  validateAuthorization(authorization);
  keeper.ensureGrantee(ctx, grantee);
  const typeUrl = messageOf(authorization);
  if (!keeper.handles(typeUrl)) throw sdkErrors.invalidType.because(`${typeUrl} doesn't exist.`);
  keeper.grant(ctx, granter, grantee, authorization, message.grant.expiration);
  return {};
}

export function exec(keeper: AuthzKeeper, ctx: Write, message: Message<"Exec">) {
  if (message.grantee === "") throw uncodedError("empty address string is not allowed");
  const grantee = accountField(ctx, "grantee address", message.grantee);
  if (message.msgs.length === 0) throw sdkErrors.invalidRequest.because("messages cannot be empty");
  return { results: keeper.execute(ctx, grantee, message.msgs) };
}

export function revoke(keeper: AuthzKeeper, ctx: Write, message: Message<"Revoke">) {
  const { granter, grantee } = parties(ctx, message);
  if (message.msgTypeUrl === "") throw sdkErrors.invalidRequest.because("missing msg method name");
  keeper.revoke(ctx, granter, grantee, message.msgTypeUrl);
  return {};
}

function parties(
  ctx: Write,
  message: { readonly granter: string; readonly grantee: string },
): { readonly granter: Uint8Array; readonly grantee: Uint8Array } {
  const grantee = accountField(ctx, "grantee address", message.grantee);
  const granter = accountField(ctx, "granter address", message.granter);
  if (equalBytes(granter, grantee)) throw errors.granteeIsGranter.because();
  return { granter, grantee };
}
