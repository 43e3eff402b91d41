// Owns: validators as those see them who judge them: finding them, jailing, burning what a fault costs. Does not own: the judgement (slashing).

import type { Read, Write } from "../../../chain/module/context.ts";
import { Dec } from "../../../chain/types/dec.ts";
import { state, type Validator } from "../state.ts";
import type { StakingKeeper } from "./keeper.ts";
import { tokensFromShares } from "./shares.ts";
import { type Fault, slash } from "./slash.ts";

/** Staking's keeper, for the modules that judge validators. */
export function answerable(keeper: StakingKeeper) {
  const find = (ctx: Read, operator: Uint8Array): Validator | undefined => state.validators.get(ctx, operator);
  return {
    find,
    findByConsensusAddress: (ctx: Read, consensus: Uint8Array): Validator | undefined => {
      const operator = keeper.operatorByConsensusAddress(ctx, consensus);
      return operator === undefined ? undefined : find(ctx, operator);
    },
    all: (ctx: Read): Iterable<Validator> => [...state.validators.iterate(ctx)].map(([, validator]) => validator),
    consensusKey: (validator: Validator) => keeper.consensusKey(validator),
    jail: (ctx: Write, validator: Validator): Validator => keeper.jail(ctx, validator),
    unjail: (ctx: Write, validator: Validator): void => keeper.unjail(ctx, validator),
    slash: (ctx: Write, fault: Fault): bigint => slash(keeper, ctx, fault),
    /** What the operator staked with its own validator is worth, rounded down; undefined when it staked nothing. */
    selfDelegation: (ctx: Read, operator: Uint8Array): bigint | undefined => {
      const own = keeper.delegation(ctx, operator, operator);
      return own === undefined
        ? undefined
        : tokensFromShares(keeper.validator(ctx, operator), Dec.fromWire(own.shares)).truncateInt();
    },
  };
}
