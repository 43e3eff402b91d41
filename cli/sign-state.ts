// Owns `tributaryd sign-state`: looking at what the validator key has signed, and starting a journal anew when the old one
// is lost, from a height the operator vouches for or from CometBFT's state file. It never lowers a journal that is there
// and sound, and leaves that of a running node alone.
import { existsSync, readFileSync, renameSync } from "node:fs";
import type { Command } from "commander";
import { disk } from "../node/engine/disk.ts";
import {
  comparePositions,
  JournalError,
  type JournalOptions,
  SignJournal,
  type SignPosition,
  type SignRecord,
  STEP_PRECOMMIT,
} from "../node/engine/sign-journal.ts";
import { fromCometSignState, toCometSignState } from "../node/engine/sign-state.ts";
import { readValidatorKeyFile } from "../node/engine/validator-key.ts";
import type { FileSystem } from "../node/ports.ts";
import { isDatabaseInUse } from "../node/storage/database.ts";
import { NodeStorage } from "../node/storage/storage.ts";
import { CliError, usageError } from "./errors.ts";
import { readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { option, outputOption, wholeBigint, withOptions } from "./options.ts";
import { notice, printData } from "./output.ts";
import { confirm } from "./prompt.ts";
import { Settings } from "./settings.ts";

/** The last round a height can have, so that everything at a floor's height counts as signed. */
const lastRound = 0x7fff_ffff;

const noLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The disk, never written to: a record that a running node is just appending must not be taken for a torn one and cut off. */
const readOnly: FileSystem = {
  ...disk,
  openAppend: () => ({ size: 0, append: nothing, sync: nothing, truncate: nothing, close: nothing }),
  makeDirectory: nothing,
  remove: nothing,
  rename: nothing,
  syncDirectory: nothing,
};

function nothing(): undefined {
  return undefined;
}

function journalOptions(paths: HomePaths): JournalOptions {
  const { address } = readValidatorKeyFile(paths.privValidatorKey);
  return { path: paths.signJournal, chainId: readGenesis(paths.genesis).document.chain_id, address };
}

/** Reads the journal of a home's validator key. */
function openJournal(paths: HomePaths): SignJournal {
  return SignJournal.open(journalOptions(paths), { files: readOnly, log: noLog });
}

/** A running node has its journal in memory: changing the file under it would be forgotten, or worse. */
async function refuseWhileRunning(paths: HomePaths): Promise<void> {
  if (!existsSync(paths.database)) return;
  try {
    const storage = await NodeStorage.open(paths.database, { chainId: readGenesis(paths.genesis).document.chain_id });
    await storage.close();
  } catch (error) {
    // Anything else that is wrong with the database is no reason not to mend the journal.
    if (!isDatabaseInUse(error)) return;
    throw new CliError("the node of this home is running", "stop it first; nothing was changed");
  }
}

/** Puts a journal that starts at the floor in the place of the one that is there, which is kept under another name. */
function replaceJournal(paths: HomePaths, floor: SignPosition, record?: SignRecord): void {
  if (existsSync(paths.signJournal)) renameSync(paths.signJournal, `${paths.signJournal}.old-${Date.now()}`);
  SignJournal.create(journalOptions(paths), disk, floor, record).close();
}

/** Adds the `sign-state` commands to their group. */
export function addSignStateCommands(group: Command): void {
  withOptions(group.command("show").description("Show the last position this validator key signed at"), [
    outputOption(),
  ]).action((_options: unknown, command: Command) => {
    const settings = new Settings(command);
    const journal = openJournal(settings.paths);
    const { height, round, step } = journal.highest;
    journal.close();
    printData({ height: height.toString(), round, step }, settings.output());
  });

  withOptions(
    group.command("export").description("Print the last signature as CometBFT's priv_validator_state.json holds it"),
    [],
  ).action((_options: unknown, command: Command) => {
    const journal = openJournal(new Settings(command).paths);
    process.stdout.write(`${toCometSignState(journal)}\n`);
    journal.close();
  });

  withOptions(group.command("init").description("Start a new journal for a key whose journal is lost or damaged"), [
    option(
      "--min-height <height>",
      "The first height this key may sign; it must have signed none from there on",
    ).argParser(wholeBigint),
  ])
    .option("-y, --yes", "Do not ask")
    .action(async (options: { minHeight?: bigint; yes?: boolean }, command: Command) => {
      const { paths } = new Settings(command);
      const { minHeight } = options;
      if (minHeight === undefined || minHeight < 1n) {
        throw usageError(
          "--min-height is missing",
          "give a height above everything this key may have signed, such as the network's height plus 10",
        );
      }
      await refuseWhileRunning(paths);
      refuseToLower(paths, minHeight);
      const question = `The key of ${paths.privValidatorKey} will sign from height ${minHeight} on. If it has signed there before, its stake is slashed. Continue?`;
      if (options.yes !== true && !(await confirm(question))) throw new CliError("aborted", "nothing was changed");
      replaceJournal(paths, { height: minHeight - 1n, round: lastRound, step: STEP_PRECOMMIT });
      notice(`${paths.signJournal} starts at height ${minHeight}`);
    });

  withOptions(
    group
      .command("import <file>")
      .description(
        "Take over what CometBFT's priv_validator_state.json says this key has signed; the higher position wins",
      ),
    [],
  ).action(async (file: string, _options: unknown, command: Command) => {
    const { paths } = new Settings(command);
    await refuseWhileRunning(paths);
    notice(importState(paths, readFileSync(file, "utf8")));
  });
}

/** Raises the journal to what the state file says, when that is higher. Tells what was done. */
function importState(paths: HomePaths, text: string): string {
  const { floor, record } = fromCometSignState(text);
  const told = `height ${floor.height}, round ${floor.round}, step ${floor.step}`;
  if (existsSync(paths.signJournal)) {
    // A damaged journal may know of later signatures than the file: only its owner can vouch for a height.
    const journal = openJournal(paths);
    const { highest } = journal;
    journal.close();
    if (comparePositions(highest, floor) >= 0) {
      return `the journal is at height ${highest.height}, round ${highest.round}, step ${highest.step}, not below ${told}: nothing was changed`;
    }
  }
  replaceJournal(paths, floor, record);
  return `${paths.signJournal} takes up at ${told}`;
}

/** A sound journal that knows of later signatures is not replaced by an earlier start. */
function refuseToLower(paths: HomePaths, minHeight: bigint): void {
  if (!existsSync(paths.signJournal)) return;
  let highest: bigint;
  try {
    const journal = openJournal(paths);
    highest = journal.highest.height;
    journal.close();
  } catch (error) {
    if (error instanceof JournalError) return;
    throw error;
  }
  if (highest >= minHeight) {
    throw new CliError(
      `the journal is sound and this key has signed height ${highest}`,
      `keep it, or give --min-height ${highest + 1n} or more; nothing was changed`,
    );
  }
}
