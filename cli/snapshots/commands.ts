// Owns `tributaryd snapshots`: the snapshots in a home's data folder, by the names and arguments of simd 0.53. Commands that
// read or replace the state refuse while a node runs in that home: the database's lock sees to it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { SnapshotError } from "../../chain/store/snapshot-import.ts";
import { chainApplication } from "../../node/chain-application.ts";
import { chooseCrypto } from "../../node/crypto.ts";
import { nodePaths } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import { NodeStorage } from "../../node/storage/storage.ts";
import { restoreLocally } from "../../node/sync/local-restore.ts";
import { writeSnapshot } from "../../node/sync/snapshot-maker.ts";
import { manifestOf } from "../../node/sync/snapshot-offers.ts";
import {
  DESCRIPTION_FILE,
  describedBy,
  type Snapshot,
  SnapshotFileError,
  SnapshotStore,
} from "../../node/sync/snapshot-store.ts";
import { CliError, usageError } from "../errors.ts";
import { option, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { notice, printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { readNodeHome } from "../start.ts";
import { programVersion } from "../version.ts";
import { readArchive, writeArchive } from "./archive.ts";

/** Fills in the `snapshots` command. */
export function addSnapshotCommands(snapshots: Command): void {
  snapshots.command("list").description("List the snapshots of this home").action(list);
  withOptions(snapshots.command("export").description("Make a snapshot of the state of a node that is not running"), [
    option("--height <height>", "The height; the last one if left out").argParser(wholeBigint),
  ]).action((_options: unknown, made: Command) => exportState(new Settings(made)));
  const ofOne = (name: string, description: string) =>
    snapshots
      .command(name)
      .description(description)
      .argument("<height>", "The snapshot's height", wholeBigint)
      .argument("<format>", "Its format, as `list` shows it", wholeNumber);
  ofOne("restore", "Go back to the state of a snapshot, on a node that is not running").action(
    (height: bigint, format: number, _options: unknown, made: Command) => restore(new Settings(made), height, format),
  );
  ofOne("delete", "Remove a snapshot").action(
    async (height: bigint, format: number, _options: unknown, made: Command) => {
      if (!(await storeOf(new Settings(made)).remove(height, format))) throw unknown(height, format);
    },
  );
  withOptions(ofOne("dump", "Write a snapshot into one archive"), [
    option("-o, --output <file>", "The archive; <height>-<format>.tar.gz if left out"),
  ]).action((height: bigint, format: number, options: { output?: string }, made: Command) =>
    dump(new Settings(made), height, format, options.output ?? `${height}-${format}.tar.gz`),
  );
  snapshots
    .command("load")
    .description("Take a snapshot from an archive into this home")
    .argument("<archive-file>", "What `dump` wrote")
    .action((path: string, _options: unknown, made: Command) => load(new Settings(made), path));
}

function storeOf(settings: Settings): SnapshotStore {
  return new SnapshotStore(nodePaths(settings.paths.home).snapshots);
}

function unknown(height: bigint, format: number): CliError {
  return new CliError(
    `there is no snapshot of height ${height} and format ${format}`,
    "`tributaryd snapshots list` shows those there are; nothing was changed",
  );
}

function list(_options: unknown, made: Command): void {
  for (const { height, format, chunks } of storeOf(new Settings(made)).list()) {
    printLine(`height: ${height} format: ${format} chunks: ${chunks}`);
  }
}

/** Opens the state of a stopped node for `action`. */
async function withState<Result>(
  settings: Settings,
  action: (storage: NodeStorage, open: Parameters<typeof restoreLocally>[1]["applicationOver"]) => Promise<Result>,
): Promise<Result> {
  const home = readNodeHome(settings);
  const { hasher, verifier } = await chooseCrypto();
  const storage = await NodeStorage.open(settings.paths.database, { chainId: home.genesis.chainId });
  try {
    const parts = { config: home.config, version: programVersion(), hasher, verifier, log: silentLogger() };
    return await action(storage, (records) => chainApplication({ ...parts, records }));
  } catch (error) {
    if (error instanceof SnapshotError) throw new CliError(error.message, "nothing was changed");
    throw error;
  } finally {
    await storage.close();
  }
}

async function exportState(settings: Settings): Promise<void> {
  await withState(settings, async (storage, open) => {
    if (storage.height === 0n) throw new CliError("this home has no blocks yet", "start it with `tributaryd start`");
    const height = (settings.flag("height") as bigint | undefined) ?? storage.height;
    printLine(`Exporting snapshot for height ${height}`);
    const application = open({ get: (key) => storage.applicationRecord(key) });
    let state: ReturnType<typeof application.snapshotState.exportAt>;
    try {
      state = application.snapshotState.exportAt(height);
    } catch (error) {
      throw new CliError(
        `the state of height ${height} is not kept: ${(error as Error).message}`,
        "nothing was written",
      );
    }
    const snapshot = await writeSnapshot(state, storeOf(settings));
    printLine(`Snapshot created at height ${snapshot.height}, format ${snapshot.format}, chunks ${snapshot.chunks}`);
  });
}

async function restore(settings: Settings, height: bigint, format: number): Promise<void> {
  const snapshots = storeOf(settings);
  if (snapshots.find(height, format) === undefined) throw unknown(height, format);
  const paths = nodePaths(settings.paths.home);
  const { hasher } = await chooseCrypto();
  const old = await withState(settings, (storage, applicationOver) =>
    restoreLocally(
      { height, databasePath: paths.database, workFolder: paths.stateSync },
      { storage, snapshots, applicationOver, hasher },
    ),
  );
  printLine(`Restored the state of height ${height}`);
  notice(`the data folder as it was is ${old}: remove it when all is well`);
  notice("the sign journal was left as it is: nothing is signed before the chain is past what the key has signed");
}

async function dump(settings: Settings, height: bigint, format: number, path: string): Promise<void> {
  const store = storeOf(settings);
  const snapshot = store.find(height, format);
  if (snapshot === undefined) throw unknown(height, format);
  const folder = store.folderOf(height, format);
  function* files() {
    const names = [DESCRIPTION_FILE, ...Array.from({ length: snapshot!.chunks }, (_, index) => String(index))];
    for (const name of names) yield { name, bytes: readFileSync(join(folder, name)) };
  }
  await writeArchive(path, files());
  notice(`wrote ${path}`);
}

/** Every chunk must be what the description says before anything is taken. */
async function load(settings: Settings, path: string): Promise<void> {
  try {
    const files = await readArchive(path);
    const snapshot: Snapshot | undefined = describedBy(files.get(DESCRIPTION_FILE) ?? new Uint8Array());
    if (snapshot === undefined || manifestOf(snapshot) === undefined) {
      throw new SnapshotFileError(`${path} holds no snapshot that this program can read`);
    }
    const writer = await storeOf(settings).begin(snapshot.height, snapshot.format, snapshot.hash);
    for (let index = 0; index < snapshot.chunks; index++) {
      const chunk = files.get(String(index));
      if (chunk === undefined) throw new SnapshotFileError(`${path} lacks chunk ${index}`);
      await writer.addChunk(chunk);
    }
    await writer.finish();
    printLine(`Loaded the snapshot of height ${snapshot.height}, format ${snapshot.format}, chunks ${snapshot.chunks}`);
  } catch (error) {
    if (error instanceof SnapshotFileError) throw usageError(error.message, "nothing was changed");
    throw error;
  }
}
