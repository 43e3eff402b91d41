// Owns: counting: what every voter's stake says, and whether that is enough (x/gov/keeper/tally.go). It changes nothing, so that a query can count
// too. Does not own: what follows from it (end-block.ts).
//
// A validator votes with all that is delegated to it, except for what those of its delegators say who vote themselves.

import type { Read } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { V1VoteOption as Option } from "../../../proto/enums.gen.ts";
import { type Params, type Proposal, state, type TallyResult, type WeightedVoteOption } from "../state.ts";
import type { GovKeeper } from "./keeper.ts";

/** What a vote came to. */
export interface Tally {
  readonly passes: boolean;
  readonly burnsDeposits: boolean;
  readonly result: TallyResult;
}

interface Bonded {
  readonly tokens: bigint;
  readonly shares: Dec;
  /** Shares whose holders vote themselves. */
  deducted: Dec;
  vote: readonly WeightedVoteOption[];
}

/** Voting power by option, with the sum of all. */
class Count {
  total = Dec.zero;
  readonly #byOption = new Map<number, Dec>();

  of(option: number): Dec {
    return this.#byOption.get(option) ?? Dec.zero;
  }

  add(options: readonly WeightedVoteOption[], power: Dec): void {
    for (const { option, weight } of options) {
      this.#byOption.set(option, this.of(option).add(power.mul(Dec.parse(weight))));
    }
    this.total = this.total.add(power);
  }

  result(): TallyResult {
    const whole = (option: number): string => this.of(option).truncateInt().toString();
    return {
      yesCount: whole(Option.VOTE_OPTION_YES),
      abstainCount: whole(Option.VOTE_OPTION_ABSTAIN),
      noCount: whole(Option.VOTE_OPTION_NO),
      noWithVetoCount: whole(Option.VOTE_OPTION_NO_WITH_VETO),
    };
  }
}

/** What the votes on a proposal come to now. */
export function tally(keeper: GovKeeper, ctx: Read, proposal: Proposal): Tally {
  const count = countVotes(keeper, ctx, proposal.id);
  return {
    ...verdict(keeper.params(ctx), proposal, count, keeper.uses.stake.bondedTokens(ctx)),
    result: count.result(),
  };
}

function countVotes(keeper: GovKeeper, ctx: Read, proposalId: bigint): Count {
  const { stake } = keeper.uses;
  const validators = new Map<string, Bonded>();
  for (const { operatorAddress, tokens, delegatorShares } of stake.bondedValidators(ctx)) {
    const shares = Dec.fromWire(delegatorShares);
    validators.set(operatorAddress, { tokens: BigInt(tokens), shares, deducted: Dec.zero, vote: [] });
  }
  const powerOf = ({ tokens, shares }: Bonded, part: Dec): Dec => part.mulInt(tokens).quo(shares);
  const count = new Count();
  for (const [[, voter], { options }] of state.votes.iterate(ctx, { prefix: proposalId })) {
    const own = validators.get(ctx.addresses.validator(voter));
    if (own !== undefined) own.vote = options;
    for (const { validatorAddress, shares: held } of stake.delegations(ctx, voter)) {
      const validator = validators.get(validatorAddress);
      if (validator === undefined) continue;
      const shares = Dec.fromWire(held);
      validator.deducted = validator.deducted.add(shares);
      count.add(options, powerOf(validator, shares));
    }
  }
  for (const validator of validators.values()) {
    if (validator.vote.length === 0) continue;
    count.add(validator.vote, powerOf(validator, validator.shares.sub(validator.deducted)));
  }
  return count;
}

/** Whether the count is enough, and whether the deposits are lost. */
function verdict(params: Params, proposal: Proposal, count: Count, bonded: bigint): Omit<Tally, "result"> {
  const rejected = { passes: false, burnsDeposits: false };
  if (bonded === 0n) return rejected;
  if (count.total.quo(Dec.fromInt(bonded)).lessThan(Dec.parse(params.quorum))) {
    return { passes: false, burnsDeposits: params.burnVoteQuorum };
  }
  const decided = count.total.sub(count.of(Option.VOTE_OPTION_ABSTAIN));
  if (decided.isZero()) return rejected;
  const vetoes = count.of(Option.VOTE_OPTION_NO_WITH_VETO).quo(count.total);
  if (vetoes.greaterThan(Dec.parse(params.vetoThreshold))) {
    return { passes: false, burnsDeposits: params.burnVoteVeto };
  }
  const threshold = Dec.parse(proposal.expedited ? params.expeditedThreshold : params.threshold);
  return { passes: count.of(Option.VOTE_OPTION_YES).quo(decided).greaterThan(threshold), burnsDeposits: false };
}
