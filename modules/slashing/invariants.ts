// Owns: what must always hold of validators' records. Does not own: when it is checked.

import type { Read } from "../../chain/module/context.ts";
import { hex } from "../../proto/bytes.ts";
import type { SlashingKeeper } from "./keeper/keeper.ts";
import { missedIndexes } from "./keeper/missed-blocks.ts";
import { state } from "./state.ts";

/** Each validator's count of missed blocks is the number of bits in its record, and nobody else has a record. */
export function missedBlocksAreCounted(_keeper: SlashingKeeper, ctx: Read): string | undefined {
  const recorded = new Set<string>();
  for (const [consensus] of state.missedBlocks.keys(ctx)) recorded.add(hex(consensus));
  for (const [consensus, { address, missedBlocksCounter }] of state.signingInfos.iterate(ctx)) {
    const bits = BigInt(missedIndexes(ctx, consensus).length);
    if (bits !== missedBlocksCounter)
      return `${address} missed ${missedBlocksCounter} blocks, but ${bits} are recorded`;
    if (address !== ctx.addresses.consensus(consensus)) return `the record of ${address} stands under another address`;
    recorded.delete(hex(consensus));
  }
  for (const consensus of recorded) return `blocks are recorded of ${consensus}, who has no signing info`;
  return undefined;
}

/** Whoever signed two blocks of one height is jailed as long as it is a validator. */
export function tombstonedAreJailed(keeper: SlashingKeeper, ctx: Read): string | undefined {
  for (const [consensus, { address, tombstoned }] of state.signingInfos.iterate(ctx)) {
    if (!tombstoned) continue;
    if (keeper.staking.findByConsensusAddress(ctx, consensus)?.jailed === false)
      return `${address} signed two blocks of one height and is not jailed`;
  }
  return undefined;
}

/** The keys that are remembered are those of the validators there are. */
export function keysAreOfValidators(keeper: SlashingKeeper, ctx: Read): string | undefined {
  let validators = 0;
  for (const validator of keeper.staking.all(ctx)) {
    validators += 1;
    if (!keeper.hasKey(ctx, keeper.staking.consensusKey(validator).address))
      return `the key of ${validator.operatorAddress} is not remembered`;
  }
  const remembered = [...state.publicKeys.keys(ctx)].length;
  return remembered === validators ? undefined : `${remembered} keys are remembered of ${validators} validators`;
}
