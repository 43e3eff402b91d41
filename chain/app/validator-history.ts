// Owns: the validators that act at the next heights as the application knows them: those of the genesis, then its own
// updates, rotated as every engine rotates them. A node that begins from a snapshot takes them from here: proposer
// priorities are in no header, so whoever handed them over could split the chain (ASA-2024-009), but in the state the app
// hash covers them. Does not own who is a validator (modules/staking) nor the rotation itself (chain/types).

import type { Read, ValidatorUpdate, Write } from "../module/context.ts";
import { newValidator } from "../types/validator.ts";
import {
  incrementProposerPriority,
  newValidatorSet,
  updateValidatorSet,
  type ValidatorSet,
  validatorSetFromProto,
  validatorSetToProto,
} from "../types/validator-set.ts";
import { VALIDATOR_RECORD_INTERVAL } from "./limits.ts";
import { chainState } from "./state.ts";

/** Writes down who signs the first block (CometBFT InitChain). */
export function recordGenesisValidators(ctx: Write, initialHeight: bigint, updates: readonly ValidatorUpdate[]): void {
  const set = newValidatorSet(updates.map(({ pubKey, power }) => newValidator(pubKey, power)));
  if (set.validators.length > 0) chainState.validatorSets.set(ctx, initialHeight, validatorSetToProto(set));
}

/** The validators that act at a height, from the record at or below it; undefined when there is none. */
export function validatorsAt(ctx: Read, height: bigint): ValidatorSet | undefined {
  let found: readonly [bigint, ValidatorSet] | undefined;
  for (const entry of chainState.validatorSets.iterate(ctx)) if (entry[0] <= height) found = entry;
  if (found === undefined) return undefined;
  let set = validatorSetFromProto(found[1]);
  // One turn at a time, as the chain took them: several at once would rescale priorities only once.
  for (let turn = found[0]; turn < height; turn++) set = incrementProposerPriority(set, 1);
  return set;
}

/** What the state says of the heights around it: what an engine must know that begins with the next one. */
export interface EngineFacts {
  /** Signed the last block. */
  readonly lastValidators: ValidatorSet;
  /** Act at the next height and at the one after. */
  readonly validators: ValidatorSet;
  readonly nextValidators: ValidatorSet;
  readonly consensusParams: Read["consensusParams"];
  /** Header time of the last block. */
  readonly time: Read["time"];
}

/** Reads them over the state of a committed height; undefined in a state that does not tell the validators. */
export function engineFactsOf(ctx: Read): EngineFacts | undefined {
  const [lastValidators, validators, nextValidators] = [0n, 1n, 2n].map((ahead) =>
    validatorsAt(ctx, ctx.height + ahead),
  );
  if (lastValidators === undefined || validators === undefined || nextValidators === undefined) return undefined;
  return { lastValidators, validators, nextValidators, consensusParams: ctx.consensusParams, time: ctx.time };
}

/** Carries the validators from block to block. What it remembers spares turning them again; the state says it all. */
export class ValidatorHistory {
  #last: { readonly height: bigint; readonly set: ValidatorSet } | undefined;

  /** Forgets: another chain begins. */
  reset(): void {
    this.#last = undefined;
  }

  /** After block `height` with these updates: who acts two heights later (CometBFT state/execution.go, updateState). */
  advance(ctx: Write, height: bigint, updates: readonly ValidatorUpdate[]): void {
    const before = this.#last?.height === height + 1n ? this.#last.set : validatorsAt(ctx, height + 1n);
    // An engine without validators of ours keeps its own account of them.
    if (before === undefined) return;
    const changes = updates.map(({ pubKey, power }) => newValidator(pubKey, power));
    const set = incrementProposerPriority(updateValidatorSet(before, changes), 1);
    const at = height + 2n;
    this.#last = { height: at, set };
    if (changes.length === 0 && at % VALIDATOR_RECORD_INTERVAL !== 0n) return;
    chainState.validatorSets.set(ctx, at, validatorSetToProto(set));
    const kept = [...chainState.validatorSets.keys(ctx)];
    // The newest record at or below this height still tells who signed it.
    const needed = kept.findLast((recorded) => recorded <= height);
    for (const recorded of kept)
      if (needed !== undefined && recorded < needed) chainState.validatorSets.delete(ctx, recorded);
  }
}
