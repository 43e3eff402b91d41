// Owns: what governance asks of stake when it counts votes: who is in the set, and who delegated what (x/staking/keeper/alias_functions.go).
// Does not own: the counting (modules/gov).

import type { Read } from "../../../chain/module/context.ts";
import { type Delegation, state, type Validator } from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { isBonded } from "./shares.ts";

/** Who may vote with how much. */
export interface VotingStake {
  /** Validators in the set, the strongest first. One that has fallen behind in this block still counts, up to as many as the set has places. */
  bondedValidators(ctx: Read): Iterable<Validator>;
  /** What an account delegated, validator by validator. */
  delegations(ctx: Read, delegator: Uint8Array): Iterable<Delegation>;
  /** Base units of the bond denomination that are bonded. */
  bondedTokens(ctx: Read): bigint;
}

/** The stake as it stands in a context. */
export function votingStake(keeper: StakingKeeper): VotingStake {
  return {
    bondedValidators: (ctx) => bondedValidators(keeper, ctx),
    delegations: (ctx, delegator) => delegationsOf(ctx, delegator),
    bondedTokens: (ctx) => keeper.poolBalances(ctx).bonded,
  };
}

function* bondedValidators(keeper: StakingKeeper, ctx: Read): Generator<Validator, void, undefined> {
  let left = keeper.params(ctx).maxValidators;
  for (const [, operator] of state.validatorsByPower.iterate(ctx, { reverse: true })) {
    const validator = keeper.validator(ctx, operator);
    if (!isBonded(validator)) continue;
    yield validator;
    left -= 1;
    if (left === 0) return;
  }
}

function* delegationsOf(ctx: Read, delegator: Uint8Array): Generator<Delegation, void, undefined> {
  for (const [, delegation] of state.delegations.iterate(ctx, { prefix: delegator })) yield delegation;
}
