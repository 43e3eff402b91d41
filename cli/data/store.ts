// Owns opening the blocks of a home for a command, and how it fails when there is no room. The folder itself is node/data/block-store.ts.
import { readNodeConfig } from "../../node/config.ts";
import { BlockStore, type Keeping, StoreFullError } from "../../node/data/block-store.ts";
import { nodePaths } from "../../node/home.ts";
import { CliError } from "../errors.ts";
import type { Settings } from "../settings.ts";

/** The blocks of a home, within the budget its configuration names. Throws CliError when that is zero. */
export async function openStore(settings: Settings): Promise<BlockStore> {
  const { home } = settings.paths;
  const { dataBudgetBytes } = readNodeConfig(home, { environment: process.env });
  if (dataBudgetBytes === 0) {
    throw new CliError("this home keeps no blocks", "set data.budget_bytes in config.toml; nothing was changed");
  }
  return await BlockStore.open({ folder: nodePaths(home).blocks, budgetBytes: dataBudgetBytes });
}

/** Keeps one block. Throws CliError when there is no room. */
export async function keepBlock(store: BlockStore, bytes: Uint8Array, keeping: Keeping): Promise<Uint8Array> {
  try {
    return await store.put(bytes, keeping);
  } catch (error) {
    if (!(error instanceof StoreFullError)) throw error;
    throw new CliError(error.message, "unpin what is not needed, or raise data.budget_bytes; what was kept stays");
  }
}
