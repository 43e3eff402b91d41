// Owns `tributaryd sign-state`: looking at what the validator key has signed, and starting a journal anew when the old one
// is lost, from a height the operator vouches for. It never lowers a journal that is there and sound.
import { existsSync, renameSync } from "node:fs";
import type { Command } from "commander";
import { disk } from "../node/engine/disk.ts";
import { JournalError, SignJournal, STEP_PRECOMMIT } from "../node/engine/sign-journal.ts";
import { toCometSignState } from "../node/engine/sign-state.ts";
import { readValidatorKeyFile } from "../node/engine/validator-key.ts";
import { CliError, usageError } from "./errors.ts";
import { readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { option, outputOption, wholeBigint, withOptions } from "./options.ts";
import { notice, printData } from "./output.ts";
import { confirm } from "./prompt.ts";
import { Settings } from "./settings.ts";

/** The last round a height can have, so that everything at a floor's height counts as signed. */
const lastRound = 0x7fff_ffff;

const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: (text: string) => notice(`note: ${text}`),
  error: (text: string) => notice(text),
};

/** Opens the journal of a home's validator key. */
function openJournal(paths: HomePaths): SignJournal {
  const { address } = readValidatorKeyFile(paths.privValidatorKey);
  const chainId = readGenesis(paths.genesis).chain_id;
  return SignJournal.open({ path: paths.signJournal, chainId, address }, { files: disk, log: silentLog });
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
      refuseToLower(paths, minHeight);
      const question = `The key of ${paths.privValidatorKey} will sign from height ${minHeight} on. If it has signed there before, its stake is slashed. Continue?`;
      if (options.yes !== true && !(await confirm(question))) throw new CliError("aborted", "nothing was changed");
      const { address } = readValidatorKeyFile(paths.privValidatorKey);
      if (existsSync(paths.signJournal)) renameSync(paths.signJournal, `${paths.signJournal}.old-${Date.now()}`);
      const floor = { height: minHeight - 1n, round: lastRound, step: STEP_PRECOMMIT };
      SignJournal.create(
        { path: paths.signJournal, chainId: readGenesis(paths.genesis).chain_id, address },
        disk,
        floor,
      ).close();
      notice(`${paths.signJournal} starts at height ${minHeight}`);
    });
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
