// Owns `tributaryd init` and making a home folder: configuration, node key, validator key, sign journal, genesis. Files
// that hold keys are never written over.

import { createHash, randomBytes } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { hostname } from "node:os";
import type { Command } from "commander";
import { isValidDenom } from "../chain/types/coin.ts";
import { MAX_CHAIN_ID_BYTES } from "../chain/types/limits.ts";
import { timeFromMilliseconds } from "../chain/types/time.ts";
import { type AppGenesis, genesisText } from "../genesis/app-genesis.ts";
import { defaultDenom, newGenesis } from "../genesis/build.ts";
import { partsOf } from "../genesis/state-parts.ts";
import { configFileText, type NodeConfig } from "../node/config.ts";
import { disk } from "../node/engine/disk.ts";
import { SignJournal } from "../node/engine/sign-journal.ts";
import { readValidatorKeyFile, writeValidatorKeyFile } from "../node/engine/validator-key.ts";
import { loadOrCreateNodeKey } from "../node/p2p/identity.ts";
import { clientConfigText } from "./client-config.ts";
import { commandModules } from "./derive/modules.ts";
import { CliError, usageError } from "./errors.ts";
import { makeFolder, writeFileAtomic } from "./files.ts";
import { printChainInfo, readGenesis, withChanged } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { option, wholeNumber, withOptions } from "./options.ts";
import { askLine } from "./prompt.ts";
import { Settings } from "./settings.ts";
import { programVersion } from "./version.ts";

/** Fills in the `init` command. */
export function addInitCommand(command: Command): void {
  withOptions(command, [
    option("--chain-id <id>", "The chain's id (default: test-chain- and six random letters)"),
    option("--default-denom <denom>", "The coin for fees and staking").default(defaultDenom),
    option("--initial-height <height>", "Height of the first block").argParser(wholeNumber).default(1),
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
    option("--consensus-key-algo <type>", "Type of the validator key").choices(["ed25519"]).default("ed25519"),
  ])
    .option("-o, --overwrite", "Replace the genesis file if there is one; keys are kept")
    .option("--recover", "Ask for a mnemonic and derive the validator key from it")
    .action(initHome);
}

interface InitOptions {
  readonly chainId?: string;
  readonly defaultDenom: string;
  readonly initialHeight: number;
  readonly overwrite?: boolean;
  readonly recover?: boolean;
}

async function initHome(moniker: string | undefined, options: InitOptions, command: Command): Promise<void> {
  const settings = new Settings(command);
  const { paths } = settings;
  if (existsSync(paths.genesis) && options.overwrite !== true) {
    throw new CliError(
      `genesis.json file already exists: ${paths.genesis}`,
      "use --overwrite to replace it (keys are kept), or another --home",
    );
  }
  const chainId = options.chainId ?? settings.chainId() ?? `test-chain-${randomLetters(6)}`;
  checkChainId(chainId);
  if (!isValidDenom(options.defaultDenom))
    throw usageError(`--default-denom ${options.defaultDenom} is not a denomination`, "it looks like uopen");
  if (options.initialHeight < 1) throw usageError("--initial-height starts at 1");
  const seed = options.recover === true ? await validatorSeed(await askLine("Enter your bip39 mnemonic")) : undefined;
  const genesis = newGenesis(await commandModules(), {
    appName: "tributaryd",
    appVersion: programVersion(),
    genesisTime: timeFromMilliseconds(BigInt(Date.now())),
    chainId,
    initialHeight: options.initialHeight,
    denom: options.defaultDenom,
  });
  const name = moniker ?? hostname();
  const nodeId = makeHome(paths, genesis, {
    moniker: name,
    denom: options.defaultDenom,
    ...(seed === undefined ? {} : { validatorSeed: seed }),
  });
  printChainInfo({
    moniker: name,
    chainId,
    nodeId,
    gentxsFolder: "",
    appState: withChanged(partsOf(genesis.app_state), []),
  });
}

/** Throws unless the id can name a chain. */
export function checkChainId(chainId: string): void {
  const bytes = Buffer.byteLength(chainId, "utf8");
  if (bytes === 0 || bytes > MAX_CHAIN_ID_BYTES || /[\s\p{Cc}]/u.test(chainId)) {
    throw usageError(
      `${JSON.stringify(chainId)} cannot be a chain id`,
      `it has 1 to ${MAX_CHAIN_ID_BYTES} bytes and no spaces`,
    );
  }
}

/** The validator key's seed, as CometBFT makes a key from a secret: the SHA-256 of it. */
async function validatorSeed(words: string): Promise<Uint8Array> {
  const { mnemonicSeed, normalMnemonic } = await import("./keys/derivation.ts");
  return createHash("sha256")
    .update(mnemonicSeed(normalMnemonic(words)))
    .digest();
}

function randomLetters(count: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return [...randomBytes(count)].map((byte) => letters[byte % letters.length]).join("");
}

/** What a new home is told besides its genesis. */
export interface HomeOptions {
  readonly moniker: string;
  readonly denom: string;
  /** 32 bytes; a random key without it. */
  readonly validatorSeed?: Uint8Array;
  /** Settings of config.toml and app.toml other than the defaults. */
  readonly config?: Partial<NodeConfig>;
}

/**
 * Writes everything a node needs into a home folder and returns the node's id. Keys and configuration that are there are
 * kept; the genesis is replaced.
 */
export function makeHome(paths: HomePaths, genesis: AppGenesis, options: HomeOptions): string {
  makeFolder(paths.config);
  makeFolder(paths.data);
  const config: Partial<NodeConfig> = {
    moniker: options.moniker,
    minimumGasPrices: `0${options.denom}`,
    ...options.config,
  };
  if (!existsSync(paths.configToml)) writeFileAtomic(paths.configToml, configFileText("config", config));
  if (!existsSync(paths.appToml)) writeFileAtomic(paths.appToml, configFileText("app", config));
  if (!existsSync(paths.clientToml)) writeFileAtomic(paths.clientToml, clientConfigText(genesis.chain_id));
  const nodeKey = loadOrCreateNodeKey(paths.nodeKey);
  const before = existsSync(paths.genesis) ? readGenesis(paths.genesis).document.chain_id : genesis.chain_id;
  makeValidator(paths, { before, now: genesis.chain_id }, options.validatorSeed);
  writeFileAtomic(paths.genesis, genesisText(genesis));
  return nodeKey.id;
}

/** The validator key, its CometBFT sign state, and the journal of what it signed; each only when it is not there. */
function makeValidator(paths: HomePaths, chain: { before: string; now: string }, seed: Uint8Array | undefined): void {
  const isNew = !existsSync(paths.privValidatorKey);
  if (!isNew && seed !== undefined) {
    throw new CliError(
      `${paths.privValidatorKey} exists already`,
      "a validator key is never overwritten: use another --home to recover one",
    );
  }
  if (isNew) writeValidatorKeyFile(paths.privValidatorKey, seed ?? randomBytes(32));
  // A signature names its chain, so a key is as good as new on a chain of another name; the old journal is kept aside.
  const isNewChain = chain.before !== chain.now;
  // The node makes a journal of this file: it must not say of a key with a past that it has none.
  if ((isNew || isNewChain) && !existsSync(paths.privValidatorState)) {
    writeFileAtomic(paths.privValidatorState, JSON.stringify({ height: "0", round: 0, step: 0 }, undefined, 2), 0o600);
  }
  if (isNewChain && existsSync(paths.signJournal))
    renameSync(paths.signJournal, `${paths.signJournal}.${fileSafe(chain.before)}`);
  // A key that was here before may have signed on this chain; without a journal only the operator can know.
  if ((isNew || isNewChain) && !existsSync(paths.signJournal)) {
    const { address } = readValidatorKeyFile(paths.privValidatorKey);
    SignJournal.create({ path: paths.signJournal, chainId: chain.now, address }, disk).close();
  }
}

function fileSafe(chainId: string): string {
  return chainId.replace(/[^A-Za-z0-9._-]/g, "_");
}
