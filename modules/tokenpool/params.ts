/** Owns the module's parameters: their defaults and what they may be. */
import { orInvalidRequest, sdkErrors } from "../../chain/module/errors.ts";
import { isValidDenom } from "../../chain/types/coin.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_FEE_PPM, MAX_PROTOCOL_FEE_PART } from "./limits.ts";

type Params = Messages["tributary.tokenpool.v1.Params"];

/** What a new chain begins with: Uniswap v2's fee and its protocol's part. */
export const defaultParams: Params = { feePpm: 3000, protocolFeePart: 6, anchorDenom: "uopen" };

/** Throws with a sentence for parameters the module cannot work with. */
export function validateParams({ feePpm, protocolFeePart, anchorDenom }: Params): void {
  if (feePpm > MAX_FEE_PPM) throw new Error(`tokenpool: fee_ppm ${feePpm} is above ${MAX_FEE_PPM}`);
  if (protocolFeePart === 1 || protocolFeePart > MAX_PROTOCOL_FEE_PART) {
    throw new Error(
      `tokenpool: protocol_fee_part ${protocolFeePart} is neither 0 nor from 2 to ${MAX_PROTOCOL_FEE_PART}`,
    );
  }
  if (!isValidDenom(anchorDenom)) throw new Error(`tokenpool: ${JSON.stringify(anchorDenom)} is not a denomination`);
}

/** Throws sdk/18 for parameters that may not follow the ones there are: what backs tokens is in the anchor's denomination. */
export function requireFollowing(before: Params, after: Params): void {
  orInvalidRequest(() => validateParams(after));
  if (after.anchorDenom !== before.anchorDenom) {
    throw sdkErrors.invalidRequest.because(`tokenpool: tokens stay anchored to ${before.anchorDenom}`);
  }
}
