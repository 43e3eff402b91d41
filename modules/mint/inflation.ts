// Owns: the arithmetic of minting (x/mint/types/minter.go), in the SDK's order of rounding: consensus depends on it.
// Does not own: where its inputs come from, nor the coins.

import { Dec } from "../../chain/types/dec.ts";
import type { Params } from "./state.ts";

/**
 * The yearly inflation of the next block: it moves by `(1 − bonded / goal) × rateChange` a year, and never leaves its bounds.
 * `bondedRatio` is the bonded share of the supply.
 */
export function nextInflation(inflation: Dec, params: Params, bondedRatio: Dec): Dec {
  const changePerYear = Dec.one
    .sub(bondedRatio.quo(Dec.fromWire(params.goalBonded)))
    .mul(Dec.fromWire(params.inflationRateChange));
  const change = changePerYear.quo(Dec.fromInt(params.blocksPerYear));
  return inflation.add(change).min(Dec.fromWire(params.inflationMax)).max(Dec.fromWire(params.inflationMin));
}

/** What one block mints of the year's provisions, in the smallest unit, rounded down. */
export function blockProvision(annualProvisions: Dec, params: Params): bigint {
  return annualProvisions.quoInt(params.blocksPerYear).truncateInt();
}
