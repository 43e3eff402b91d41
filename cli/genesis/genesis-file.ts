// Owns the genesis file of a home folder: reading it, replacing it whole, and telling what chain it makes.
import { existsSync } from "node:fs";
import { type AppGenesis, GenesisFormError, genesisText, toAppGenesis } from "../../genesis/app-genesis.ts";
import type { JsonValue } from "../../proto/json.ts";
import { CliError } from "../errors.ts";
import { readJsonFile, writeFileAtomic } from "../files.ts";
import { maxGenesisFileBytes } from "../limits.ts";
import { notice } from "../output.ts";

/** The genesis of a home folder, in the SDK's form. */
export function readGenesis(path: string): AppGenesis {
  if (!existsSync(path))
    throw new CliError(`${path} does not exist`, "make one with `tributaryd init`, or name another home with --home");
  try {
    return toAppGenesis(readJsonFile(path, maxGenesisFileBytes));
  } catch (error) {
    if (error instanceof GenesisFormError)
      throw new CliError(`${path}: ${error.message}`, "correct the file; it was not changed");
    throw error;
  }
}

/** Replaces the genesis of a home folder, whole or not at all. */
export function writeGenesis(path: string, genesis: AppGenesis): void {
  writeFileAtomic(path, genesisText(genesis));
}

/** What `init` and `collect-gentxs` print on stderr, as simd does. */
export function printChainInfo(info: {
  readonly moniker: string;
  readonly chainId: string;
  readonly nodeId: string;
  readonly gentxsFolder: string;
  readonly appState: JsonValue;
}): void {
  // simd prints the members sorted.
  notice(
    JSON.stringify({
      app_message: info.appState,
      chain_id: info.chainId,
      gentxs_dir: info.gentxsFolder,
      moniker: info.moniker,
      node_id: info.nodeId,
    }),
  );
}
