/** Owns the module's parameters: their defaults and what they may be. */
import { sdkErrors } from "../../chain/module/errors.ts";
import { isValidDenom } from "../../chain/types/coin.ts";
import { BYTE_LEXER_ID } from "../../chain/types/lexer.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { MAX_OUTPUT_BYTES, MAX_SPANS, MAX_USE_TIMEOUT_SECONDS, PARTS_PER_MILLION } from "./limits.ts";

export type Params = Messages["tributary.attribution.v1.Params"];
export type Split = Messages["tributary.attribution.v1.Split"];

/** What a new chain begins with. */
export const defaultParams: Params = {
  lexer: BYTE_LEXER_ID,
  minSpanTokens: 6,
  maxSpans: 64,
  maxOutputBytes: MAX_OUTPUT_BYTES,
  useTimeoutSeconds: 3600,
  feeDenom: "uopen",
  split: { hostPpm: 300_000, modelOwnerPpm: 150_000, contributorsPpm: 480_000, validatorsPpm: 50_000, burnPpm: 20_000 },
};

/** The five parts in the order in which a fee is divided. */
export function splitWeights(split: Split): readonly bigint[] {
  return [split.hostPpm, split.modelOwnerPpm, split.contributorsPpm, split.validatorsPpm, split.burnPpm].map(BigInt);
}

/** Throws with a sentence for parameters the module cannot work with. */
export function validateParams(params: Params): void {
  const { lexer, minSpanTokens, maxSpans, maxOutputBytes, useTimeoutSeconds, feeDenom, split } = params;
  if (lexer !== BYTE_LEXER_ID)
    throw new Error(`attribution: the lexer is ${BYTE_LEXER_ID}, not ${JSON.stringify(lexer)}`);
  requireRange("min_span_tokens", minSpanTokens, MAX_OUTPUT_BYTES);
  requireRange("max_spans", maxSpans, MAX_SPANS);
  requireRange("max_output_bytes", maxOutputBytes, MAX_OUTPUT_BYTES);
  requireRange("use_timeout_seconds", useTimeoutSeconds, MAX_USE_TIMEOUT_SECONDS);
  if (!isValidDenom(feeDenom)) throw new Error(`attribution: ${JSON.stringify(feeDenom)} is not a denomination`);
  const sum = splitWeights(split).reduce((total, part) => total + part, 0n);
  if (sum !== BigInt(PARTS_PER_MILLION)) {
    throw new Error(`attribution: the split sums to ${sum} parts per million, not ${PARTS_PER_MILLION}`);
  }
}

/** Throws sdk/18 for parameters that may not follow the ones there are: what is escrowed and owed is in the fee's denomination. */
export function requireFollowing(before: Params, after: Params): void {
  try {
    validateParams(after);
  } catch (error) {
    throw sdkErrors.invalidRequest.because((error as Error).message);
  }
  if (after.feeDenom !== before.feeDenom) {
    throw sdkErrors.invalidRequest.because(
      `attribution: fees stay in ${before.feeDenom}, they cannot be in ${after.feeDenom}`,
    );
  }
}

function requireRange(name: string, value: number, highest: number): void {
  if (value < 1 || value > highest) throw new Error(`attribution: ${name} ${value} is not from 1 to ${highest}`);
}
