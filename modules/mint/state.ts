// Owns: what mint stores, with the Cosmos SDK's prefixes (x/mint/types/keys.go), its parameters' defaults and what is allowed of them.
// Does not own: the arithmetic (inflation.ts).

import { item, schema, value } from "../../chain/store/collections.ts";
import { validateDenom } from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Minter = Messages["cosmos.mint.v1beta1.Minter"];
export type Params = Messages["cosmos.mint.v1beta1.Params"];

export const state = schema("mint", {
  minter: item(0x00, value.proto("cosmos.mint.v1beta1.Minter")),
  params: item(0x01, value.proto("cosmos.mint.v1beta1.Params")),
});

/** The SDK's defaults with this chain's coin: 7 to 20 % a year toward two thirds bonded, blocks of five seconds. */
export const DEFAULT_PARAMS: Params = {
  mintDenom: "uopen",
  inflationRateChange: Dec.parse("0.13").toWire(),
  inflationMax: Dec.parse("0.20").toWire(),
  inflationMin: Dec.parse("0.07").toWire(),
  goalBonded: Dec.parse("0.67").toWire(),
  blocksPerYear: 6_311_520n,
};

/** A chain that has not minted yet. */
export const DEFAULT_MINTER: Minter = { inflation: Dec.parse("0.13").toWire(), annualProvisions: Dec.zero.toWire() };

/** Throws a sentence for the first parameter that is out of range (x/mint/types/params.go). */
export function validateParams(params: Params): void {
  if (params.mintDenom.trim() === "") throw new Error("mint denom cannot be blank");
  validateDenom(params.mintDenom);
  rate("inflation rate change", params.inflationRateChange);
  const max = rate("max inflation", params.inflationMax);
  const min = rate("min inflation", params.inflationMin);
  if (rate("goal bonded", params.goalBonded, "must be positive").isZero())
    throw new Error(`goal bonded must be positive: ${Dec.zero}`);
  if (params.blocksPerYear === 0n) throw new Error("blocks per year must be positive: 0");
  if (max.lessThan(min))
    throw new Error(`max inflation (${max}) must be greater than or equal to min inflation (${min})`);
}

/** A share between zero and one. */
function rate(name: string, text: string, belowZero = "cannot be negative"): Dec {
  if (text === "") throw new Error(`${name} cannot be nil: <nil>`);
  const value = Dec.fromWire(text);
  if (value.isNegative()) throw new Error(`${name} ${belowZero}: ${value}`);
  if (value.greaterThan(Dec.one)) throw new Error(`${name} too large: ${value}`);
  return value;
}

/** Throws for an inflation below zero (x/mint/types/minter.go, ValidateMinter). */
export function validateMinter(minter: Minter): void {
  const inflation = Dec.fromWire(minter.inflation);
  if (inflation.isNegative()) throw new Error(`mint parameter Inflation should be positive, is ${inflation}`);
}
