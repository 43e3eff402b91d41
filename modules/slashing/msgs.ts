// Owns: slashing's messages, checked in the order and with the words of the SDK (x/slashing/keeper/unjail.go). Does not own: the jail (keeper/).

import { requireAuthority } from "../../chain/module/authority.ts";
import type { Write } from "../../chain/module/context.ts";
import { orUncoded, sdkErrors } from "../../chain/module/errors.ts";
import { compareTime } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { errors } from "./errors.ts";
import type { SlashingKeeper } from "./keeper/keeper.ts";
import { state, validateParams } from "./state.ts";

export function unjail(keeper: SlashingKeeper, ctx: Write, message: Messages["cosmos.slashing.v1beta1.MsgUnjail"]) {
  const operator = operatorAddress(ctx, message.validatorAddr);
  const validator = keeper.staking.find(ctx, operator);
  if (validator === undefined) throw errors.noValidatorForAddress.because();
  const own = keeper.staking.selfDelegation(ctx, operator);
  if (own === undefined) throw errors.missingSelfDelegation.because();
  if (own < BigInt(validator.minSelfDelegation))
    throw errors.selfDelegationTooLow.because(`${own} less than ${validator.minSelfDelegation}`);
  if (!validator.jailed) throw errors.validatorNotJailed.because();
  const info = keeper.signingInfo(ctx, keeper.staking.consensusKey(validator).address);
  // A validator that was never bonded has no record and is jailed for its own withdrawal alone.
  if (info !== undefined && (info.tombstoned || compareTime(ctx.time, info.jailedUntil) < 0))
    throw errors.validatorJailed.because();
  keeper.staking.unjail(ctx, validator);
  return {};
}

export function updateParams(
  _keeper: SlashingKeeper,
  ctx: Write,
  { authority, params }: Messages["cosmos.slashing.v1beta1.MsgUpdateParams"],
) {
  requireAuthority(ctx, authority);
  orUncoded(() => validateParams(params));
  state.params.set(ctx, params);
  return {};
}

function operatorAddress(ctx: Write, text: string): Uint8Array {
  try {
    return ctx.addresses.parseValidator(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.because(`validator input address: ${(error as Error).message}`);
  }
}
