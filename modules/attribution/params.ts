/** Owns the module's parameters: their defaults and what they may be. */
import { orInvalidRequest, sdkErrors } from "../../chain/module/errors.ts";
import { isValidDenom } from "../../chain/types/coin.ts";
import { BYTE_LEXER_ID } from "../../chain/types/lexer.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { naturalOf } from "./batch/numbers.ts";
import {
  MAX_AMOUNT,
  MAX_AUDIT_SHARES,
  MAX_CLAIM_SECONDS,
  MAX_MATCH_TOKENS,
  MAX_NEIGHBOURS,
  MAX_OCCURRENCES,
  MAX_OPEN_CHALLENGES,
  MAX_OUTPUT_BYTES,
  MAX_PASSAGES,
  MAX_SPANS,
  MAX_USE_TIMEOUT_SECONDS,
  PARTS_PER_MILLION,
} from "./limits.ts";

export type Params = Messages["tributary.attribution.v1.Params"];
export type Split = Messages["tributary.attribution.v1.Split"];
export type DataSplit = Messages["tributary.attribution.v1.DataSplit"];
type Rules = Messages["tributary.attribution.v1.BatchRules"];
type Game = Messages["tributary.attribution.v1.GameParams"];

/** What a new chain begins with. */
export const defaultParams: Params = {
  lexer: BYTE_LEXER_ID,
  minSpanTokens: 6,
  maxSpans: 64,
  maxOutputBytes: MAX_OUTPUT_BYTES,
  useTimeoutSeconds: 3600,
  feeDenom: "uopen",
  split: { hostPpm: 300_000, modelOwnerPpm: 150_000, contributorsPpm: 480_000, validatorsPpm: 50_000, burnPpm: 20_000 },
  dataSplit: { provedPpm: 600_000, lineagePpm: 300_000, attestedPpm: 100_000 },
  rules: { minTokens: 6, maxTokens: 64, maxOccurrences: 64, maxPassages: 8, neighbours: 5, tableId: 0n },
  game: {
    windowSeconds: 86_400,
    answerSeconds: 21_600,
    settleSeconds: 259_200,
    claimSeconds: 15_552_000,
    // With 5 % of batches audited, a lie must gain 19 times less than it risks (p >= G / (G + B)).
    bondMultiple: 20,
    minBond: "1000000",
    challengeBond: "1000000",
    bountyPpm: 500_000,
    challengesPerDoubling: 64,
    maxOpenPerChallenger: 8,
    auditPpm: 50_000,
    auditShares: 4,
    // A host that shows its own lie has half back of the half that it loses: ten times leaves it 2.5 times all it can have diverted poorer.
    inlineBondMultiple: 10,
    omissionTokens: 64,
  },
  minClaim: "1000",
};

/** The five parts in the order in which a fee is divided. */
export function splitWeights(split: Split): readonly bigint[] {
  return [split.hostPpm, split.modelOwnerPpm, split.contributorsPpm, split.validatorsPpm, split.burnPpm].map(BigInt);
}

/** The three parts of the contributors' part in the order in which it is divided. */
export function dataSplitWeights(split: DataSplit): readonly bigint[] {
  return [split.provedPpm, split.lineagePpm, split.attestedPpm].map(BigInt);
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
  requireWhole("split", splitWeights(split));
  requireWhole("data_split", dataSplitWeights(params.dataSplit));
  validateRules(params.rules);
  validateGame(params.game);
  requireAmount("min_claim", params.minClaim);
}

function validateRules(rules: Rules): void {
  requireRange("min_tokens", rules.minTokens, MAX_MATCH_TOKENS);
  requireRange("max_tokens", rules.maxTokens, MAX_MATCH_TOKENS);
  if (rules.minTokens > rules.maxTokens) throw new Error("attribution: min_tokens is above max_tokens");
  requireRange("max_occurrences", rules.maxOccurrences, MAX_OCCURRENCES);
  requireRange("max_passages", rules.maxPassages, MAX_PASSAGES);
  requireRange("neighbours", rules.neighbours, MAX_NEIGHBOURS);
}

function validateGame(game: Game): void {
  requireRange("window_seconds", game.windowSeconds, MAX_USE_TIMEOUT_SECONDS);
  requireRange("answer_seconds", game.answerSeconds, MAX_USE_TIMEOUT_SECONDS);
  requireRange("settle_seconds", game.settleSeconds, MAX_USE_TIMEOUT_SECONDS);
  requireRange("claim_seconds", game.claimSeconds, MAX_CLAIM_SECONDS);
  requireRange("challenges_per_doubling", game.challengesPerDoubling, MAX_OPEN_CHALLENGES);
  requireRange("max_open_per_challenger", game.maxOpenPerChallenger, MAX_OPEN_CHALLENGES);
  for (const [name, ppm] of [
    ["bounty_ppm", game.bountyPpm],
    ["audit_ppm", game.auditPpm],
  ] as const) {
    if (ppm > PARTS_PER_MILLION) throw new Error(`attribution: ${name} ${ppm} is above ${PARTS_PER_MILLION}`);
  }
  if (game.auditShares > MAX_AUDIT_SHARES) throw new Error(`attribution: audit_shares is above ${MAX_AUDIT_SHARES}`);
  requireRange("omission_tokens", game.omissionTokens, MAX_MATCH_TOKENS);
  requireAmount("min_bond", game.minBond);
  requireAmount("challenge_bond", game.challengeBond);
}

/**
 * Throws sdk/18 for parameters that may not follow the ones there are: what is escrowed and owed is in the fee's denomination, and uses that were
 * opened for scores wait for a batch, whose passages nobody could score without a table.
 */
export function requireFollowing(before: Params, after: Params): void {
  orInvalidRequest(() => validateParams(after));
  if (after.feeDenom !== before.feeDenom) {
    throw sdkErrors.invalidRequest.because(
      `attribution: fees stay in ${before.feeDenom}, they cannot be in ${after.feeDenom}`,
    );
  }
  if (before.rules.tableId !== 0n && after.rules.tableId === 0n) {
    throw sdkErrors.invalidRequest.because(
      `attribution: open uses are scored with table ${before.rules.tableId}: name another table, not none`,
    );
  }
}

function requireWhole(name: string, parts: readonly bigint[]): void {
  const sum = parts.reduce((total, part) => total + part, 0n);
  if (sum === BigInt(PARTS_PER_MILLION)) return;
  throw new Error(`attribution: the ${name} sums to ${sum} parts per million, not ${PARTS_PER_MILLION}`);
}

function requireAmount(name: string, text: string): void {
  const amount = naturalOf(text);
  if (amount === undefined || amount >= MAX_AMOUNT) {
    throw new Error(`attribution: ${name} ${JSON.stringify(text)} is not an amount below 2^100`);
  }
}

function requireRange(name: string, value: number, highest: number): void {
  if (value < 1 || value > highest) throw new Error(`attribution: ${name} ${value} is not from 1 to ${highest}`);
}
