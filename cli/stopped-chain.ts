// Owns the commands that read the chain of a home folder whose node is not running: `export`, `invariants` and `module-hash-by-height`. They change
// nothing; the database's lock keeps them off a running node.
import type { Command } from "commander";
import type { ChainApplication } from "../chain/app/application.ts";
import { VersionNotFound } from "../chain/store/committed-view.ts";
import { upperHex } from "../chain/types/block-id.ts";
import type { ChainState } from "../chain/types/chain-state.ts";
import { consensusParamsToJson, publicKeyToJson } from "../chain/types/genesis-doc.ts";
import { formatTime, ZERO_TIME } from "../chain/types/time.ts";
import type { AppGenesis } from "../genesis/app-genesis.ts";
import { genesisTextPieces } from "../genesis/write-pieces.ts";
import { chainApplication } from "../node/chain-application.ts";
import { chooseCrypto } from "../node/crypto.ts";
import { silentLogger } from "../node/log.ts";
import { NodeStorage } from "../node/storage/storage.ts";
import type { JsonValue } from "../proto/json.ts";
import { commandModules } from "./derive/modules.ts";
import { CliError, usageError } from "./errors.ts";
import { writePiecesAtomic } from "./files.ts";
import { option, withOptions } from "./options.ts";
import { printData, printLine, printRaw } from "./output.ts";
import { Settings } from "./settings.ts";
import { readNodeHome } from "./start.ts";
import { programVersion } from "./version.ts";
import type { Json } from "./yaml.ts";

/** The last committed state of a chain. */
interface StoppedChain {
  readonly state: ChainState;
  readonly storage: NodeStorage;
  readonly application: ChainApplication;
}

/** Opens the chain of a home, lets `action` read it, and closes it again. */
async function withStoppedChain(settings: Settings, action: (chain: StoppedChain) => void): Promise<void> {
  const home = readNodeHome(settings);
  const storage = await NodeStorage.open(settings.paths.database, { chainId: home.genesis.chainId });
  try {
    const state = storage.chainState;
    if (state === undefined || state.lastBlockHeight === 0n) {
      throw new CliError(`the chain of ${home.home} has no blocks yet`, "start it with `tributaryd start`");
    }
    const { hasher, verifier } = await chooseCrypto();
    const records = { get: (key: Uint8Array) => storage.applicationRecord(key) };
    const parts = { config: home.config, version: programVersion(), records, hasher, verifier, log: silentLogger() };
    action({ state, storage, application: chainApplication(parts) });
  } finally {
    await storage.close();
  }
}

/** Writes a genesis that goes on from the last block of a stopped node into a file. */
export async function exportTo(settings: Settings, path: string): Promise<void> {
  await withStoppedChain(settings, (chain) => writePiecesAtomic(path, exportedPieces(chain)));
}

/** The text of the export; of some modules' state only, when they are named. */
function exportedPieces({ state, application }: StoppedChain, wanted?: ReadonlySet<string>): Iterable<string> {
  const parts = application.exportGenesisPieces();
  return genesisTextPieces(exportedDocument(state), wanted === undefined ? parts : only(parts, wanted));
}

function* only<Part>(parts: Iterable<readonly [module: string, part: Part]>, wanted: ReadonlySet<string>) {
  for (const [module, part] of parts) if (wanted.has(module)) yield [module, part] as const;
}

async function wantedModules(settings: Settings): Promise<ReadonlySet<string> | undefined> {
  const names = (settings.text("modules-to-export") ?? "").split(",").map((name) => name.trim());
  const given = names.filter((name) => name !== "");
  const known = new Set((await commandModules()).map(({ name }) => name));
  const stranger = given.find((name) => !known.has(name));
  if (stranger !== undefined) throw usageError(`there is no module ${JSON.stringify(stranger)} to export`);
  return given.length === 0 ? undefined : new Set(given);
}

/** The validators and parameters of a past height are not kept with its state. */
function refuseOtherHeight(settings: Settings, last: bigint): void {
  const text = settings.text("height") ?? "-1";
  if (text === "-1" || text === last.toString()) return;
  throw usageError(
    `only the last height, ${last}, can be exported, not ${text}`,
    "`tributaryd rollback` goes back by one; nothing was changed",
  );
}

/** Fills in the `export` command. */
export function addExportCommand(command: Command): void {
  withOptions(command, [
    option("--output-document <file>", "Write it to a file instead of stdout"),
    option("--modules-to-export <names>", "Only the state of these modules, joined by commas"),
    option("--height <height>", "Accepted for scripts: -1 or the last height"),
  ]).action(async (_options: unknown, made: Command) => {
    const settings = new Settings(made);
    const wanted = await wantedModules(settings);
    await withStoppedChain(settings, (chain) => {
      refuseOtherHeight(settings, chain.state.lastBlockHeight);
      const pieces = exportedPieces(chain, wanted);
      const path = settings.text("output-document");
      if (path !== undefined && path !== "") writePiecesAtomic(path, pieces);
      else for (const piece of pieces) printRaw(piece);
    });
  });
}

/** A genesis that goes on from the last block: same chain, next height. The modules' state is not in it. */
function exportedDocument(state: ChainState): Omit<AppGenesis, "app_state"> {
  return {
    app_name: "tributaryd",
    app_version: programVersion(),
    genesis_time: formatTime(state.lastBlockTime),
    chain_id: state.chainId,
    initial_height: Number(state.lastBlockHeight + 1n),
    app_hash: null,
    consensus: {
      validators: state.nextValidators.validators.map((validator) => ({
        address: upperHex(validator.address),
        pub_key: publicKeyToJson(validator.pubKey),
        power: validator.votingPower.toString(),
        name: "",
      })),
      params: consensusParamsToJson(state.consensusParams) as JsonValue,
    },
  };
}

/** Fills in the `invariants` command. */
export function addInvariantsCommand(command: Command): void {
  command.action(async (_options: unknown, made: Command) => {
    await withStoppedChain(new Settings(made), ({ state, application }) => {
      const [first, ...others] = application.brokenInvariants();
      if (first === undefined) {
        printLine(`every invariant holds at height ${state.lastBlockHeight}`);
        return;
      }
      for (const broken of others) printLine(`broken: ${broken}`);
      throw new CliError(
        `broken at height ${state.lastBlockHeight}: ${first}`,
        "this is a defect of the chain's code; nothing was changed",
      );
    });
  });
}

/** Carries out `module-hash-by-height`, as simd's: the root of every store, in the shape of the SDK's CommitInfo. */
export async function showModuleHashes(settings: Settings, height: bigint): Promise<void> {
  await withStoppedChain(settings, (chain) => printData(commitInfo(chain, height), settings.output()));
}

/** simd puts each root into its bytes as hexadecimal text, which JSON then shows in base64. */
function commitInfo({ storage, application }: StoppedChain, height: bigint): Json {
  const version = height.toString();
  const { snapshotState } = application;
  try {
    const hashes = snapshotState.storeHashesAt(height);
    return {
      version,
      store_infos: hashes.map(({ name, hash }) => ({
        name,
        commit_id: { version, hash: Buffer.from(upperHex(hash), "latin1").toString("base64") },
      })),
      timestamp: formatTime(storage.blockMeta(height)?.header.time ?? ZERO_TIME),
    };
  } catch (error) {
    if (!(error instanceof VersionNotFound)) throw error;
    throw new CliError(
      `the state of height ${version} is not here: the heights ${snapshotState.oldest} to ${application.info({} as never).lastBlockHeight} are`,
      "`pruning` in app.toml says how much is kept",
    );
  }
}
