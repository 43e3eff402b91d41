// Owns: reading the addresses that a message names in text, with the SDK's refusals of what is none: sdk/7, or, where the SDK hands on its codec's own
// failure, that one's code.
// Does not own: the texts themselves (chain/types/address.ts).

import { AddressPrefixError } from "../types/address.ts";
import type { Read } from "./context.ts";
import { sdkErrors, uncodedError } from "./errors.ts";

/** The account that a message names; `role` is its part in the message, for the error. Throws sdk/7. */
export function accountAddress(ctx: Pick<Read, "addresses">, role: string, text: string): Uint8Array {
  return orInvalid(role, () => ctx.addresses.parseAccount(text));
}

/** The operator that a message names. Throws sdk/7. */
export function operatorAddress(ctx: Pick<Read, "addresses">, role: string, text: string): Uint8Array {
  return orInvalid(role, () => ctx.addresses.parseValidator(text));
}

/** What `parse` reads, or the failure of the SDK's codec (codec/address, 0.53): sdk/35 for another chain's address, undefined/1 for no address. */
export function orCodecError(parse: () => Uint8Array): Uint8Array {
  try {
    return parse();
  } catch (error) {
    if (error instanceof AddressPrefixError) {
      const { expected, found } = error;
      throw sdkErrors.logic.because(`hrp does not match bech32 prefix: expected '${expected}' got '${found}'`);
    }
    throw uncodedError((error as Error).message);
  }
}

function orInvalid(role: string, parse: () => Uint8Array): Uint8Array {
  try {
    return parse();
  } catch (error) {
    throw sdkErrors.invalidAddress.because(`invalid ${role} address: ${(error as Error).message}`);
  }
}
