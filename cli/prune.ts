// Owns `tributaryd prune`: dropping past state, and blocks that nobody must keep, from the data of a node that is not
// running, and giving the space back. What is pruned is what the node itself would prune.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { retainHeight } from "../chain/app/retention.ts";
import { chainApplication } from "../node/chain-application.ts";
import { chooseCrypto } from "../node/crypto.ts";
import { silentLogger } from "../node/log.ts";
import { NodeStorage } from "../node/storage/storage.ts";
import { CliError, usageError } from "./errors.ts";
import { option, wholeBigint, wholeNumber, withOptions } from "./options.ts";
import { notice, printLine } from "./output.ts";
import { Settings } from "./settings.ts";
import { readNodeHome } from "./start.ts";
import { programVersion } from "./version.ts";

const methods = ["default", "nothing", "everything", "custom"] as const;

/** Fills in the `prune` command. */
export function addPruneCommand(command: Command): void {
  withOptions(command, [
    option("--pruning-keep-recent <heights>", "Heights whose state is kept, with custom").argParser(wholeNumber),
    option("--pruning-interval <heights>", "Accepted for scripts; everything is pruned at once").argParser(wholeNumber),
    option(
      "--min-retain-blocks <count>",
      "Keep so many blocks at least and drop older ones (default: app.toml's)",
    ).argParser(wholeBigint),
  ]).action(async (method: string | undefined, _options: unknown, made: Command) => {
    await prune(new Settings(made), method);
  });
}

async function prune(settings: Settings, method: string | undefined): Promise<void> {
  if (method !== undefined && !methods.some((one) => one === method)) {
    throw usageError(`there is no pruning ${JSON.stringify(method)}`, `it is one of ${methods.join(", ")}`);
  }
  const { config, genesis, home } = readNodeHome(settings);
  const keep = settings.flag("pruning-keep-recent") as number | undefined;
  const asked = {
    ...config,
    pruning: method ?? (keep === undefined ? config.pruning : "custom"),
    pruningKeepRecent: keep ?? config.pruningKeepRecent,
  };
  const storage = await NodeStorage.open(settings.paths.database, { chainId: genesis.chainId });
  try {
    const state = storage.chainState;
    if (state === undefined || state.lastBlockHeight === 0n) {
      throw new CliError(`the chain of ${home} has no blocks yet`, "nothing was changed");
    }
    const sizeBefore = folderBytes(settings.paths.database);
    const { hasher, verifier } = await chooseCrypto();
    const records = { get: (key: Uint8Array) => storage.applicationRecord(key) };
    const application = chainApplication({
      config: asked,
      version: programVersion(),
      records,
      hasher,
      verifier,
      log: silentLogger(),
    });
    const base = storage.base;
    const keepBlocks = settings.bigint("min-retain-blocks") ?? BigInt(config.minRetainBlocks);
    const { versions, writes } = application.snapshotState.pruneNow();
    const facts = { height: state.lastBlockHeight, consensusParams: state.consensusParams };
    await storage.prune(writes, retainHeight(facts, keepBlocks, []));
    printLine(
      `pruned ${versions} past states and ${storage.base - base} blocks; the state of ${application.snapshotState.oldest} to ${state.lastBlockHeight} and the blocks from ${storage.base} on are kept`,
    );
    notice(
      `${settings.paths.database}: ${megabytes(sizeBefore)} before, ${megabytes(folderBytes(settings.paths.database))} now`,
    );
    if (method !== undefined && method !== config.pruning) {
      notice(`app.toml still says pruning = "${config.pruning}": past state grows again as that says`);
    }
  } finally {
    await storage.close();
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
