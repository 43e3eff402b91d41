// Owns: upgrade's messages, checked as the SDK checks them (cosmossdk.io/x/upgrade/keeper/msg_server.go). Does not own: planning itself (keeper.ts).

import { authorityText } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { UpgradeKeeper } from "./keeper.ts";

type Message<Name extends string> = Messages[`cosmos.upgrade.v1beta1.Msg${Name}` & keyof Messages];

/** Throws upgrade/6: this module has an error of its own for what is gov/13 elsewhere. */
function requireSigner(ctx: Write, named: string): void {
  const expected = authorityText(ctx);
  if (named !== expected) throw errors.invalidSigner.because(`expected ${expected} got ${named}`);
}

export function softwareUpgrade(keeper: UpgradeKeeper, ctx: Write, message: Message<"SoftwareUpgrade">) {
  requireSigner(ctx, message.authority);
  keeper.schedule(ctx, message.plan);
  return {};
}

export function cancelUpgrade(keeper: UpgradeKeeper, ctx: Write, message: Message<"CancelUpgrade">) {
  requireSigner(ctx, message.authority);
  keeper.cancel(ctx);
  return {};
}
