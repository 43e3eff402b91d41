/** Owns the module's parameters: their defaults, what they may be, and what they say about an offence. */
import { orInvalidRequest, sdkErrors } from "../../chain/module/errors.ts";
import { isValidDenom } from "../../chain/types/coin.ts";
import { Offence } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_PENALTY_PPM, MAX_SECONDS, PARTS_PER_MILLION } from "./limits.ts";

type Params = Messages["tributary.model.v1.Params"];

/** The offences there are: 1 to this. */
const OFFENCES = Math.max(...Object.values(Offence));

/** What a new chain begins with. */
export const defaultParams: Params = {
  reserveDenom: "uopen",
  epochSeconds: 3600n,
  unbondingSeconds: 604_800n,
  vetoSeconds: 259_200n,
  vetoPpm: 333_334,
  curveFeePpm: 10_000,
  creatorLockSeconds: 2_592_000n,
  // In the order of the enumeration: under-reporting, false batch, lineage omission, withholding.
  operatorPenaltyPpm: [200_000, 500_000, 300_000, 100_000],
  backingPenaltyPpm: [20_000, 50_000, 30_000, 10_000],
  informerPpm: 500_000,
};

/** Throws with a sentence for parameters the module cannot work with. */
export function validateParams(params: Params): void {
  if (!isValidDenom(params.reserveDenom)) {
    throw new Error(`model: ${JSON.stringify(params.reserveDenom)} is not a denomination`);
  }
  requireSeconds("epoch_seconds", params.epochSeconds);
  requireSeconds("unbonding_seconds", params.unbondingSeconds);
  requireSeconds("veto_seconds", params.vetoSeconds);
  requireSeconds("creator_lock_seconds", params.creatorLockSeconds);
  // Who vetoes must not have its backing out and in again, and veto a second time.
  if (params.vetoSeconds >= params.unbondingSeconds) {
    throw new Error("model: veto_seconds is not shorter than unbonding_seconds");
  }
  requirePpm("veto_ppm", params.vetoPpm, PARTS_PER_MILLION);
  requirePpm("curve_fee_ppm", params.curveFeePpm, PARTS_PER_MILLION >> 1);
  requirePpm("informer_ppm", params.informerPpm, PARTS_PER_MILLION);
  for (const [name, penalties] of [
    ["operator_penalty_ppm", params.operatorPenaltyPpm],
    ["backing_penalty_ppm", params.backingPenaltyPpm],
  ] as const) {
    if (penalties.length !== OFFENCES)
      throw new Error(`model: ${name} names ${penalties.length} of ${OFFENCES} offences`);
    for (const ppm of penalties) requirePpm(name, ppm, MAX_PENALTY_PPM);
  }
}

/** Throws sdk/18 for parameters that may not follow the ones there are: what is held is in the reserve's denomination. */
export function requireFollowing(before: Params, after: Params): void {
  orInvalidRequest(() => validateParams(after));
  if (after.reserveDenom !== before.reserveDenom) {
    throw sdkErrors.invalidRequest.because(`model: the reserve stays in ${before.reserveDenom}`);
  }
}

/** What an offence costs, in parts per million. Throws sdk/18 for one there is not. */
export function penaltyOf(params: Params, offence: number): { readonly operator: bigint; readonly backing: bigint } {
  const operator = params.operatorPenaltyPpm[offence - 1];
  const backing = params.backingPenaltyPpm[offence - 1];
  if (operator === undefined || backing === undefined) {
    throw sdkErrors.invalidRequest.because(`there is no offence ${offence}`);
  }
  return { operator: BigInt(operator), backing: BigInt(backing) };
}

function requireSeconds(name: string, seconds: bigint): void {
  if (seconds < 1n || seconds > MAX_SECONDS)
    throw new Error(`model: ${name} ${seconds} is not from 1 to ${MAX_SECONDS}`);
}

function requirePpm(name: string, ppm: number, highest: number): void {
  if (ppm > highest) throw new Error(`model: ${name} ${ppm} is above ${highest}`);
}
