// Owns: what must always hold of minting. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { Dec } from "../../chain/types/dec.ts";
import type { MintKeeper } from "./keeper.ts";
import { validateMinter, validateParams } from "./state.ts";

/** Parameters are ones that a message could set, and neither inflation nor a year's provisions are below zero. */
export function minterIsSane(keeper: MintKeeper, ctx: Read): string | undefined {
  const minter = keeper.minter(ctx);
  try {
    validateParams(keeper.params(ctx));
    validateMinter(minter);
  } catch (error) {
    return (error as Error).message;
  }
  const provisions = Dec.fromWire(minter.annualProvisions);
  return provisions.isNegative() ? `a year's provisions are ${provisions}` : undefined;
}
