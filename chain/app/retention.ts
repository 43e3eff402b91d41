// Owns: the lowest block that the application asks the engine to keep. Does not own pruning (node/storage).

import type { ChainFacts } from "../module/context.ts";

/**
 * The lowest block to keep (baseapp GetBlockRetentionHeight); 0 keeps all. Evidence is checked against the block of its
 * height: a node that had pruned it would refuse a block that the others accept, so none is pruned that evidence may still
 * name. Whoever restores a snapshot needs the blocks from its height on.
 */
export function retainHeight(
  { height, consensusParams }: Pick<ChainFacts, "height" | "consensusParams">,
  keep: bigint,
  snapshots: readonly { readonly height: bigint }[],
): bigint {
  if (keep === 0n || height <= keep) return 0n;
  const maxAge = consensusParams.evidence?.maxAgeNumBlocks ?? 0n;
  const back = maxAge >= keep ? maxAge : keep - 1n;
  const lowest = height > back ? height - back : 0n;
  return snapshots.reduce((low, snapshot) => (snapshot.height < low ? snapshot.height : low), lowest);
}
