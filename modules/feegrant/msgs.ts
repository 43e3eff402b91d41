// Owns: feegrant's messages, checked in the order and with the words of the SDK (x/feegrant/keeper/msg_server.go). Does not own: allowances.

import type { Write } from "../../chain/module/context.ts";
import { sdkErrors } from "../../chain/module/errors.ts";
import { accountField } from "../../chain/module/message-fields.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { allowanceOf, validateAllowance } from "./allowance.ts";
import type { FeegrantKeeper } from "./keeper.ts";
import { MAX_PRUNED_PER_MESSAGE } from "./limits.ts";

type Message<Name extends string> = Messages[`cosmos.feegrant.v1beta1.Msg${Name}` & keyof Messages];

export function grantAllowance(keeper: FeegrantKeeper, ctx: Write, message: Message<"GrantAllowance">) {
  const { granter, grantee } = parties(ctx, message, "cannot self-grant fee authorization");
  if (keeper.has(ctx, granter, grantee)) throw sdkErrors.invalidRequest.because("fee allowance already exists");
  const allowance = allowanceOf(message.allowance);
  validateAllowance(allowance);
  keeper.grant(ctx, granter, grantee, allowance);
  return {};
}

export function revokeAllowance(keeper: FeegrantKeeper, ctx: Write, message: Message<"RevokeAllowance">) {
  const { granter, grantee } = parties(ctx, message, "addresses must be different");
  keeper.revoke(ctx, granter, grantee);
  return {};
}

export function pruneAllowances(keeper: FeegrantKeeper, ctx: Write, message: Message<"PruneAllowances">) {
  keeper.prune(ctx, MAX_PRUNED_PER_MESSAGE);
  ctx.emit("prune_feegrant", [["pruner", message.pruner]]);
  return {};
}

function parties(
  ctx: Write,
  message: { readonly granter: string; readonly grantee: string },
  whenSame: string,
): { readonly granter: Uint8Array; readonly grantee: Uint8Array } {
  const grantee = accountField(ctx, "grantee address", message.grantee);
  const granter = accountField(ctx, "granter address", message.granter);
  if (equalBytes(granter, grantee)) throw sdkErrors.invalidAddress.because(whenSame);
  return { granter, grantee };
}
