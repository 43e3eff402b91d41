// Owns: votes: what is accepted, and keeping them until they are counted (x/gov/keeper/vote.go). Does not own: counting (tally.ts).

import type { Write } from "../../../chain/module/context.ts";
import { Dec, DecError } from "../../../chain/types/dec.ts";
import { V1VoteOption as Option } from "../../../proto/enums.gen.ts";
import { enumValueName } from "../../../proto/registry.ts";
import { errors } from "../errors.ts";
import { state, type WeightedVoteOption } from "../state.ts";
import { requireMetadataLength } from "./keeper.ts";

const KNOWN: readonly number[] = [
  Option.VOTE_OPTION_YES,
  Option.VOTE_OPTION_ABSTAIN,
  Option.VOTE_OPTION_NO,
  Option.VOTE_OPTION_NO_WITH_VETO,
];

/** One option with the whole weight. */
export function wholeVote(option: number): readonly WeightedVoteOption[] {
  return [{ option, weight: Dec.one.toString() }];
}

/** Throws gov/7 unless the option is one of the four. */
export function requireOption(option: number): void {
  if (!KNOWN.includes(option)) throw errors.invalidVote.because(optionName(option));
}

function optionName(option: number): string {
  return enumValueName("cosmos.gov.v1.VoteOption", option) ?? option.toString();
}

/** Throws gov/7 unless each weight lies above 0, up to 1, no option stands twice, and the weights sum to 1. */
export function requireWeights(options: readonly WeightedVoteOption[]): void {
  let total = Dec.zero;
  const used = new Set<number>();
  for (const { option, weight: text } of options) {
    const weight = weightOf(text);
    const isValid = weight?.isPositive() === true && weight.lessOrEqual(Dec.one) && KNOWN.includes(option);
    if (weight === undefined || !isValid) {
      throw errors.invalidVote.because(`option:${optionName(option)} weight:${JSON.stringify(text)} `);
    }
    total = total.add(weight);
    if (used.has(option)) throw errors.invalidVote.because("duplicated vote option");
    used.add(option);
  }
  if (total.greaterThan(Dec.one)) throw errors.invalidVote.because("total weight overflow 1.00");
  if (total.lessThan(Dec.one)) throw errors.invalidVote.because("total weight lower than 1.00");
}

function weightOf(text: string): Dec | undefined {
  try {
    return Dec.parse(text);
  } catch (error) {
    if (error instanceof DecError) return undefined;
    throw error;
  }
}

/** Keeps a vote; an earlier one of the same account is replaced. Throws gov/3 when the proposal is not voted on. */
export function addVote(
  ctx: Write,
  proposalId: bigint,
  voter: Uint8Array,
  options: readonly WeightedVoteOption[],
  metadata: string,
): void {
  if (!state.votingPeriodProposals.has(ctx, proposalId)) throw errors.inactiveProposal.because(proposalId.toString());
  requireMetadataLength(metadata);
  const text = ctx.addresses.account(voter);
  state.votes.set(ctx, [proposalId, voter], { proposalId, voter: text, options, metadata });
  ctx.emit("proposal_vote", [
    ["voter", text],
    ["option", JSON.stringify(options.map(({ option, weight }) => ({ option, weight })))],
    ["proposal_id", proposalId.toString()],
  ]);
}

/** Forgets the votes on a proposal. */
export function deleteVotes(ctx: Write, proposalId: bigint): void {
  for (const at of [...state.votes.keys(ctx, { prefix: proposalId })]) state.votes.delete(ctx, at);
}
