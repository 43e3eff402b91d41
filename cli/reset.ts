// Owns removing the chain's data from a home folder: `comet reset-state` and `comet unsafe-reset-all`. Refuses while a
// node runs. Keys, configuration and genesis stay, and so does what the key has signed, unless that is said outright.
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { Database, isDatabaseInUse } from "../node/storage/database.ts";
import { writeFileAtomic } from "./files.ts";
import { readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { notice } from "./output.ts";
import { Settings } from "./settings.ts";

/** Throws when a running node holds the home's database. Whatever else is wrong with it does not matter here. */
export async function refuseWhileRunning(paths: HomePaths): Promise<void> {
  if (!existsSync(paths.database)) return;
  try {
    const chainId = existsSync(paths.genesis) ? readGenesis(paths.genesis).document.chain_id : "";
    await (await Database.open(paths.database, { chainId })).close();
  } catch (error) {
    if (isDatabaseInUse(error)) throw error;
  }
}

/** Adds the commands that reset to the `comet` group. */
export function addResetCommands(comet: Command): void {
  comet
    .command("reset-state")
    .description("Remove the chain's data: blocks, state and write-ahead log; keys and what they signed stay")
    .action(async (_options: unknown, command: Command) => {
      const { paths } = new Settings(command);
      await refuseWhileRunning(paths);
      removeData(paths, (name) => name.startsWith("tributary.db") || name.startsWith("cs.wal"));
    });

  comet
    .command("unsafe-reset-all")
    .description("Remove everything in the data folder and the address book; keys, configuration and genesis stay")
    .option("--keep-addr-book", "Keep the address book")
    .option(
      "--forget-signatures",
      "Begin the sign journal anew as well. Only where the chain itself begins anew: a key that signs a height twice is slashed",
    )
    .action(async (options: { keepAddrBook?: boolean; forgetSignatures?: boolean }, command: Command) => {
      const { paths } = new Settings(command);
      await refuseWhileRunning(paths);
      removeData(paths, (name) => !name.startsWith("priv_validator_state.json"));
      if (options.keepAddrBook !== true) removeAddressBook(paths);
      if (options.forgetSignatures === true) forgetSignatures(paths);
      else notice("the sign journal was kept: the key signs nothing else where it signed before");
    });

  comet
    .command("reset-peers")
    .description("Remove the address book")
    .action((_options: unknown, command: Command) => removeAddressBook(new Settings(command).paths));
}

function removeData(paths: HomePaths, isGone: (name: string) => boolean): void {
  const names = existsSync(paths.data) ? readdirSync(paths.data).filter(isGone) : [];
  remove(names.map((name) => join(paths.data, name)));
}

function removeAddressBook(paths: HomePaths): void {
  remove([join(paths.config, "addrbook.json")].filter((path) => existsSync(path)));
}

function remove(found: readonly string[]): void {
  for (const path of found) {
    rmSync(path, { recursive: true, force: true });
    notice(`removed ${path}`);
  }
  if (found.length === 0) notice("there was nothing to remove");
}

/** The journal is set aside, not removed, and the key declared to have signed nothing. */
function forgetSignatures(paths: HomePaths): void {
  if (existsSync(paths.signJournal)) {
    const aside = `${paths.signJournal}.old-${Date.now()}`;
    renameSync(paths.signJournal, aside);
    notice(`the sign journal was set aside as ${aside}: the key begins anew`);
  }
  writeFileAtomic(paths.privValidatorState, JSON.stringify({ height: "0", round: 0, step: 0 }, undefined, 2), 0o600);
}
