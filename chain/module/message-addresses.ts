// Owns: reading the addresses that a message names in text, with the SDK's refusal of what is none (sdk/7).
// Does not own: the texts themselves (chain/types/address.ts).

import type { Read } from "./context.ts";
import { sdkErrors } from "./errors.ts";

/** The account that a message names; `role` is its part in the message, for the error. Throws sdk/7. */
export function accountAddress(ctx: Pick<Read, "addresses">, role: string, text: string): Uint8Array {
  return orInvalid(role, () => ctx.addresses.parseAccount(text));
}

/** The operator that a message names. Throws sdk/7. */
export function operatorAddress(ctx: Pick<Read, "addresses">, role: string, text: string): Uint8Array {
  return orInvalid(role, () => ctx.addresses.parseValidator(text));
}

function orInvalid(role: string, parse: () => Uint8Array): Uint8Array {
  try {
    return parse();
  } catch (error) {
    throw sdkErrors.invalidAddress.because(`invalid ${role} address: ${(error as Error).message}`);
  }
}
