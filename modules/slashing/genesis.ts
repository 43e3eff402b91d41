// Owns: slashing's genesis (x/slashing/keeper/genesis.go). Does not own: the records' meaning.

import type { Read, Write } from "../../chain/module/context.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { SlashingKeeper } from "./keeper/keeper.ts";
import { missedIndexes, setMissed } from "./keeper/missed-blocks.ts";
import { MIN_GENESIS_JAIL_SECONDS, MIN_GENESIS_WINDOW } from "./limits.ts";
import { DEFAULT_PARAMS, state, validateParams } from "./state.ts";

type GenesisState = Messages["cosmos.slashing.v1beta1.GenesisState"];

export function defaultGenesis() {
  return { params: DEFAULT_PARAMS };
}

/** Throws for parameters out of range, which are narrower at genesis than later, and for a block before the window. */
export function validateGenesis({ params, missedBlocks }: GenesisState): void {
  validateParams(params);
  if (params.downtimeJailDuration.seconds < MIN_GENESIS_JAIL_SECONDS)
    throw new Error(`downtime unjail duration must be at least 1 minute, is ${params.downtimeJailDuration.seconds}s`);
  if (params.signedBlocksWindow < MIN_GENESIS_WINDOW)
    throw new Error(`signed blocks window must be at least ${MIN_GENESIS_WINDOW}, is ${params.signedBlocksWindow}`);
  // A record may reach beyond the window: it does after the window was made smaller.
  for (const { address, missedBlocks: blocks } of missedBlocks) {
    const before = blocks.find(({ index }) => index < 0n);
    if (before !== undefined) throw new Error(`missed block ${before.index} of ${address} is before the window`);
  }
}

/** Staking's validators have told their keys already: staking comes before slashing. */
export function initGenesis(keeper: SlashingKeeper, ctx: Write, genesis: GenesisState): void {
  validateGenesis(genesis);
  state.params.set(ctx, genesis.params);
  keeper.rememberKeys(ctx);
  for (const { address, validatorSigningInfo } of genesis.signingInfos)
    state.signingInfos.set(ctx, ctx.addresses.parseConsensus(address), validatorSigningInfo);
  for (const { address, missedBlocks } of genesis.missedBlocks) {
    const consensus = ctx.addresses.parseConsensus(address);
    for (const { index, missed } of missedBlocks) if (missed) setMissed(ctx, consensus, index, true);
  }
}

export function exportGenesis(keeper: SlashingKeeper, ctx: Read) {
  const infos = [...state.signingInfos.iterate(ctx)];
  return {
    params: keeper.params(ctx),
    signingInfos: infos.map(([consensus, validatorSigningInfo]) => ({
      address: ctx.addresses.consensus(consensus),
      validatorSigningInfo,
    })),
    missedBlocks: infos.map(([consensus]) => ({
      address: ctx.addresses.consensus(consensus),
      missedBlocks: missedIndexes(ctx, consensus).map((index) => ({ index, missed: true })),
    })),
  };
}
