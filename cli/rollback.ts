// Owns `tributaryd rollback`: going back by one height, application and engine together, on a node that is not running.
// The sign journal is never taken back: what the key signed stays signed.
import { existsSync, renameSync } from "node:fs";
import type { Command } from "commander";
import { rollbackWrites } from "../chain/store/rollback.ts";
import { upperHex } from "../chain/types/block-id.ts";
import { chainApplication } from "../node/chain-application.ts";
import { chooseCrypto } from "../node/crypto.ts";
import { nodePaths } from "../node/home.ts";
import { silentLogger } from "../node/log.ts";
import { stateBefore } from "../node/storage/rollback.ts";
import { NodeStorage } from "../node/storage/storage.ts";
import { equalBytes, hex } from "../proto/bytes.ts";
import { CliError } from "./errors.ts";
import { notice, printLine } from "./output.ts";
import { Settings } from "./settings.ts";
import { readNodeHome } from "./start.ts";
import { programVersion } from "./version.ts";

/** Fills in the `rollback` command. */
export function addRollbackCommand(command: Command): void {
  command
    .option("--hard", "Remove the last block as well; the node fetches it from its peers again")
    .action(async (options: { hard?: boolean }, made: Command) => rollBack(new Settings(made), options.hard === true));
}

async function rollBack(settings: Settings, hard: boolean): Promise<void> {
  const home = readNodeHome(settings);
  const storage = await NodeStorage.open(settings.paths.database, { chainId: home.genesis.chainId });
  try {
    const last = storage.height;
    const state = stateBefore(storage);
    const records = { get: (key: Uint8Array) => storage.applicationRecord(key) };
    const writes = rollbackWrites(records);
    const changed = new Map(writes.map(({ key, value }) => [hex(key), value]));
    // The state that would remain is loaded, every root compared, before anything is written.
    const { hasher, verifier } = await chooseCrypto();
    const remaining = chainApplication({
      config: home.config,
      version: programVersion(),
      records: { get: (key) => (changed.has(hex(key)) ? changed.get(hex(key)) : records.get(key)) },
      hasher,
      verifier,
      log: silentLogger(),
    }).info({} as never);
    if (remaining.lastBlockHeight !== last - 1n || !equalBytes(remaining.lastBlockAppHash, state.appHash)) {
      throw new CliError(
        `the state of height ${last - 1n} has the app hash ${upperHex(remaining.lastBlockAppHash)}, block ${last} says ${upperHex(state.appHash)}`,
        "this data folder cannot go back: restore it from a copy, or sync anew; nothing was changed",
      );
    }
    await storage.rollBack(state, writes, hard);
    setLogAside(home.home, last);
    printLine(`Rolled back state to height ${last - 1n} and hash ${upperHex(state.appHash)}`);
    notice(
      hard
        ? `block ${last} was removed: the node fetches it from its peers, and stands still where none has it`
        : `block ${last} was kept: the next start executes it again`,
    );
    notice("the sign journal was left as it is: the key signs nothing else where it signed before");
  } finally {
    await storage.close();
  }
}

/** The write-ahead log tells of heights that the state is no longer at; what was signed stands in the journal. */
function setLogAside(home: string, last: bigint): void {
  const { writeAheadLog } = nodePaths(home);
  if (existsSync(writeAheadLog)) renameSync(writeAheadLog, `${writeAheadLog}.before-rollback-${last}-${Date.now()}`);
}
