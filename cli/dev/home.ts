// Owns the home folder of a development chain: making it with ten funded accounts and one validator, opening it again,
// and clearing it. A folder that it did not make is neither used nor cleared.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { timeFromMilliseconds } from "../../chain/types/time.ts";
import { addAccount } from "../../genesis/add-accounts.ts";
import { type AppGenesis, moduleState } from "../../genesis/app-genesis.ts";
import { newGenesis, withGenesisTransactions } from "../../genesis/build.ts";
import { itemsIn } from "../../genesis/state-parts.ts";
import type { NodeConfig } from "../../node/config.ts";
import type { JsonValue } from "../../proto/json.ts";
import { commandModules } from "../derive/modules.ts";
import { CliError } from "../errors.ts";
import { readJsonFile, writeFileAtomic } from "../files.ts";
import { readGenesis, writeGenesis } from "../genesis/genesis-file.ts";
import { signedGentx } from "../genesis/gentx.ts";
import type { HomePaths } from "../home.ts";
import { makeHome } from "../init.ts";
import { refuseWhileRunning } from "../reset.ts";
import { programVersion } from "../version.ts";
import { type DevAccount, type DevPreset, devAccountCoins, devSelfDelegation } from "./accounts.ts";

/** How long a batch can be challenged on a development chain, and how long a host may take for an answer, in seconds. */
const devWindowSeconds = 20;
const devAnswerSeconds = 10;
/** How long a record can be challenged there, in seconds; in proto-JSON, as the parameter is one of 64 bits. */
const devRecordSeconds = "2";

/** The file that says a folder is a development home. */
const markerName = "tributary-dev.json";

/** Whether a folder is a development home. */
export function isDevHome(paths: HomePaths): boolean {
  return existsSync(join(paths.home, markerName));
}

/** Whether the sample data was put on this home's chain. */
export function isSeeded(paths: HomePaths): boolean {
  return isDevHome(paths) && (readJsonFile(join(paths.home, markerName)) as { seeded?: boolean }).seeded === true;
}

/** Remembers that it was. */
export function markSeeded(paths: HomePaths): void {
  writeMarker(paths, true);
}

function writeMarker(paths: HomePaths, seeded: boolean): void {
  writeFileAtomic(join(paths.home, markerName), `${JSON.stringify({ version: programVersion(), seeded })}\n`);
}

/** Whether a folder is absent or empty. */
function isVacant(folder: string): boolean {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}

/** Removes a development home with its chain. Anything else, and a home in use, is refused. */
export async function resetDevHome(paths: HomePaths): Promise<void> {
  if (isVacant(paths.home)) return;
  refuseForeign(paths);
  await refuseWhileRunning(paths);
  rmSync(paths.home, { recursive: true, force: true });
}

function refuseForeign(paths: HomePaths): void {
  if (isDevHome(paths)) return;
  throw new CliError(
    `${paths.home} is not the home of a development chain`,
    "name another folder with --home; nothing in it was touched",
  );
}

/** Opens a development home, making it when there is none. Returns whether it was made. */
export async function openDevHome(
  paths: HomePaths,
  preset: DevPreset,
  accounts: readonly DevAccount[],
  moniker: string,
): Promise<boolean> {
  if (!isVacant(paths.home)) {
    refuseForeign(paths);
    if (hasValidator(paths)) return false;
  }
  // Written first, so that a making that was interrupted is taken up again instead of being refused.
  writeMarker(paths, false);
  // The default home lies in the working directory, which is often a repository: it hides itself from it.
  writeFileAtomic(join(paths.home, ".gitignore"), "*\n");
  const config: Partial<NodeConfig> = { peerAddress: "tcp://127.0.0.1:26656" };
  const base = fundedGenesis(newGenesisOf(preset, await commandModules()), accounts, preset);
  const nodeId = makeHome(paths, base, { moniker, denom: preset.denom, config });
  const gentx = signedGentx(paths, accounts[0]!, {
    chainId: preset.chain_id,
    moniker,
    amount: `${devSelfDelegation}${preset.denom}`,
    peer: `${nodeId}@127.0.0.1:26656`,
  });
  writeGenesis(paths.genesis, withGenesisTransactions(base, [gentx]));
  return true;
}

/** Whether the genesis is complete: its validator's transaction is the last thing that is written. */
function hasValidator(paths: HomePaths): boolean {
  if (!existsSync(paths.genesis)) return false;
  return itemsIn(readGenesis(paths.genesis).parts, "genutil", "gen_txs").next().done !== true;
}

function newGenesisOf(preset: DevPreset, modules: Awaited<ReturnType<typeof commandModules>>): AppGenesis {
  return newGenesis(modules, {
    appName: "tributaryd",
    appVersion: programVersion(),
    genesisTime: timeFromMilliseconds(BigInt(Date.now())),
    chainId: preset.chain_id,
    initialHeight: 1,
    denom: preset.denom,
  });
}

function fundedGenesis(genesis: AppGenesis, accounts: readonly DevAccount[], preset: DevPreset): AppGenesis {
  const funded = accounts.reduce(
    (before, { address }) =>
      addAccount(before, address, [
        { denom: preset.second_denom, amount: devAccountCoins },
        { denom: preset.denom, amount: devAccountCoins },
      ]),
    genesis,
  );
  const bank = { ...moduleState(funded, "bank"), denom_metadata: preset.denom_metadata };
  const attribution = withShortWindows(moduleState(funded, "attribution"));
  const datanet = withSoonFinalRecords(moduleState(funded, "datanet"));
  return { ...funded, app_state: { ...funded.app_state, bank, attribution, datanet } };
}

/** Records can be cited by batches after seconds instead of a day. */
function withSoonFinalRecords(datanet: { readonly [field: string]: JsonValue }): {
  readonly [field: string]: JsonValue;
} {
  const params = datanet.params as { readonly [field: string]: JsonValue };
  const soon = { challenge_seconds: devRecordSeconds, reveal_seconds: devRecordSeconds };
  return { ...datanet, params: { ...params, ...soon } };
}

/** Batches can be challenged for seconds instead of a day: on a development chain somebody waits for the end. */
function withShortWindows(attribution: { readonly [field: string]: JsonValue }): {
  readonly [field: string]: JsonValue;
} {
  const params = attribution.params as { readonly [field: string]: JsonValue };
  const game = params.game as { readonly [field: string]: JsonValue };
  const short = { window_seconds: devWindowSeconds, answer_seconds: devAnswerSeconds };
  return { ...attribution, params: { ...params, game: { ...game, ...short } } };
}

/** Puts the accounts' keys into the home's `test` keyring, so that every command can use them by name. */
export async function storeDevKeys(paths: HomePaths, accounts: readonly DevAccount[]): Promise<void> {
  const { openKeyring } = await import("../keys/keyring.ts");
  const keyring = openKeyring("test", paths.home);
  for (const { name, privateKey } of accounts) {
    if (!keyring.has(name)) await keyring.addLocal(name, privateKey);
  }
}
