/**
 * Owns the block that a rollback left behind: decided, stored, and no longer executed. It is executed again at the next
 * start, as a block that a peer sent would be, commit and all. Does not own going back (cli/rollback.ts).
 */

import type { Logger } from "./log.ts";
import { type Engine, EXIT_CHAIN_HALTED, FatalError } from "./ports.ts";
import type { NodeStorage } from "./storage/storage.ts";

/** Executes the stored block above the last executed one, where there is one. Rejects when it does not hold any more. */
export async function executeKeptBlock(storage: NodeStorage, engine: Engine, log: Logger): Promise<void> {
  const height = storage.height + 1n;
  const kept = await storage.loadBlock(height);
  if (kept === undefined) return;
  log.info({ height: height.toString() }, "executing the block that was rolled back");
  // `ignored`: the log of that height had it too, and was faster.
  if ((await engine.receiveBlock(kept.block, kept.extendedCommit ?? kept.seenCommit)) !== "invalid") return;
  throw new FatalError(
    `block ${height}, which was rolled back, cannot be executed on the state before it. Roll back with --hard, which removes it, and let the node fetch it from its peers`,
    EXIT_CHAIN_HALTED,
  );
}
