// Owns: auth's messages, checked as the SDK checks them (x/auth/keeper/msg_server.go). Does not own: the state.

import { authorityText } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { orUncoded, uncodedError } from "../../chain/module/errors.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { AuthKeeper } from "./keeper.ts";
import { state, validateParams } from "./state.ts";

export function updateParams(
  _keeper: AuthKeeper,
  ctx: Write,
  { authority, params }: Messages["cosmos.auth.v1beta1.MsgUpdateParams"],
) {
  const expected = authorityText(ctx);
  // The one refusal of the authority that has no code in the SDK.
  if (authority !== expected) {
    throw uncodedError(
      `expected gov account as only signer for proposal message; invalid authority; expected ${expected}, got ${authority}`,
    );
  }
  orUncoded(() => validateParams(params));
  state.params.set(ctx, params);
  return {};
}
