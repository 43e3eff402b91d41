// The decision carried out: the block is executed, everything it changes becomes durable in one batch, and only then is
// anyone told. Owns that order. Transaction step 9, where 10, 14 and 15 are called.

import type { CommitEffect } from "../../chain/consensus/effect.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { EXIT_STORAGE_FAILURE, type ExtendedCommit, FatalError } from "../ports.ts";
import type { DriverNeeds } from "./driver-needs.ts";
import type { EvidencePool } from "./evidence-pool.ts";
import type { Execution } from "./execution.ts";
import type { HeldBlock } from "./held-blocks.ts";

/** Executes and stores a decided block. Resolves with the state after it, which is then durable. */
export async function executeAndStore(
  chain: ChainState,
  held: HeldBlock,
  { height, blockId, commit }: CommitEffect,
  needs: DriverNeeds & {
    readonly execution: Execution;
    readonly evidence: EvidencePool;
    readonly extendedCommit: ExtendedCommit | undefined;
  },
): Promise<ChainState> {
  const { block, bytes } = held;
  const { storage, mempool, listeners, log, execution, evidence } = needs;
  log.debug?.("executing a decided block", { height: height.toString() });
  const { response, state, writes, before, retainHeight } = execution.execute(chain, blockId, block);
  evidence.stamp(height, block.header.time, chain.validators);
  try {
    await storage.commitBlock({
      height,
      blockId,
      block,
      blockBytes: bytes,
      seenCommit: commit,
      extendedCommit: needs.extendedCommit,
      response,
      state,
      appWritesBefore: before,
      appWrites: writes,
      retainHeight,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FatalError(`block ${height} cannot be stored: ${reason}`, EXIT_STORAGE_FAILURE, { cause: error });
  }
  mempool.update(height, block.data.txs, response.txResults);
  evidence.committed(state, block.evidence.evidence);
  for (const listener of listeners) {
    try {
      listener({ blockId, block, seenCommit: commit, response, state });
    } catch (error) {
      log.error("telling of a block met a defect of this program; the block itself is stored", {
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return state;
}
