// Owns `tributaryd in-place-testnet`: the state of a stopped node becomes a chain of another name with one new validator, as simd's command has it. What
// changes in the state is in genesis/one-validator.ts. What was there, keys first of all, is set aside in a folder and never used again here.
import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { decodeBech32, parseAddress } from "../chain/types/address.ts";
import { GenesisFormError } from "../genesis/app-genesis.ts";
import { withOneValidator } from "../genesis/one-validator.ts";
import { validateGenesis } from "../genesis/validate.ts";
import { genesisTextPieces } from "../genesis/write-pieces.ts";
import { disk } from "../node/engine/disk.ts";
import { SignJournal } from "../node/engine/sign-journal.ts";
import { readValidatorKeyFile, validatorKeyFromSeed, writeValidatorKeyFile } from "../node/engine/validator-key.ts";
import { setTomlValue } from "./config-file.ts";
import { commandModules } from "./derive/modules.ts";
import { CliError, messageOf, usageError } from "./errors.ts";
import { makeFolder, readTextFile, writeFileAtomic, writePiecesAtomic } from "./files.ts";
import { genesisFileText, readGenesis } from "./genesis/genesis-file.ts";
import type { HomePaths } from "./home.ts";
import { checkChainId } from "./init.ts";
import { option, withOptions } from "./options.ts";
import { notice, printLine } from "./output.ts";
import { confirm } from "./prompt.ts";
import { Settings } from "./settings.ts";
import { runNode, startOptions } from "./start.ts";
import { exportTo } from "./stopped-chain.ts";

/** Fills in the `in-place-testnet` command. */
export function addInPlaceTestnetCommand(command: Command): void {
  withOptions(
    command.description(
      "Turns the chain of a stopped node into a testnet: the same state under another name, run by one new validator, whose key is made for it. Those who validated before are jailed. Everything that was there (data, keys, genesis, sign journal) is set aside in a folder of the home. Then the node runs; afterwards `start` runs it.",
    ),
    [
      option(
        "--accounts-to-fund <addresses>",
        "Accounts to be given coins, joined by commas; the operator's is always",
      ),
      option("--validator-privkey <base64>", "The new validator's ed25519 key, 64 bytes (default: a new one)"),
      option("--validator-pubkey <base64>", "Its public key, 32 bytes; only checked"),
      new Option("--skip-confirmation", "Do not ask"),
      option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
      ...startOptions(),
    ],
  ).action(async (chainId: string, operator: string, _options: unknown, made: Command) => {
    const settings = new Settings(made);
    if (!(await turn(settings, chainId, operator))) return;
    await runNode(settings);
  });
}

/** Makes the testnet; false when it was not wanted. */
async function turn(settings: Settings, chainId: string, operator: string): Promise<boolean> {
  const { paths } = settings;
  checkChainId(chainId);
  const before = readGenesis(paths.genesis).document.chain_id;
  if (chainId === before) {
    throw usageError(
      `the testnet cannot have the name of the chain it is made of, ${before}`,
      "signatures of the one would count on the other; nothing was changed",
    );
  }
  const facts = {
    chainId,
    operator: operatorBytes(settings, operator),
    funded: fundedAccounts(settings),
    addresses: settings.addresses(),
  };
  const seed = givenSeed(settings) ?? new Uint8Array(randomBytes(32));
  const consensusKey = validatorKeyFromSeed(seed).publicKey.ed25519!;
  refuseOwnKey(paths, consensusKey);
  const aside = join(paths.home, `before-${chainId.replace(/[^A-Za-z0-9._-]/g, "_")}-${Date.now()}`);
  notice(
    `the state of ${before} becomes the testnet ${chainId} with one validator, ${facts.addresses.validator(facts.operator)}`,
  );
  notice(
    `data, keys, genesis and sign journal are set aside in ${aside}; blocks and transactions of the past are only there`,
  );
  if (
    !settings.isSet("skip-confirmation") &&
    !(await confirm("This operation will modify state in your data folder. Do you want to continue?"))
  ) {
    printLine("Operation canceled.");
    return false;
  }
  const draft = join(paths.config, ".testnet-genesis.tmp");
  const exported = `${draft}-exported`;
  try {
    await exportTo(settings, exported);
    await writeTestnetGenesis(exported, draft, { ...facts, consensusKey });
    setAside(paths, aside);
    renameSync(draft, paths.genesis);
  } finally {
    for (const path of [exported, draft]) rmSync(path, { force: true });
  }
  beginAnew(paths, chainId, seed);
  return true;
}

/** An operator's address, or the account it belongs to. */
function operatorBytes(settings: Settings, text: string): Uint8Array {
  const { prefix, validatorPrefix } = settings.addresses();
  try {
    return parseAddress(decodeBech32(text).prefix === validatorPrefix ? validatorPrefix : prefix, text);
  } catch (error) {
    throw usageError(`${text} is no operator's address: ${messageOf(error)}`, "nothing was changed");
  }
}

function fundedAccounts(settings: Settings): readonly string[] {
  const texts = (settings.text("accounts-to-fund") ?? "").split(",").map((text) => text.trim());
  const named = texts.filter((text) => text !== "");
  for (const text of named) {
    try {
      settings.addresses().parseAccount(text);
    } catch (error) {
      throw usageError(
        `--accounts-to-fund: ${messageOf(error)}`,
        "addresses are joined by commas; nothing was changed",
      );
    }
  }
  return named;
}

/** The seed of --validator-privkey, whose public key is that of --validator-pubkey where both are given. */
function givenSeed(settings: Settings): Uint8Array | undefined {
  const text = settings.text("validator-privkey") ?? "";
  const stated = settings.text("validator-pubkey") ?? "";
  if (text === "") {
    if (stated === "") return undefined;
    throw usageError("the testnet's validator signs, so its private key is needed", "give it with --validator-privkey");
  }
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  if (bytes.length !== 64 && bytes.length !== 32)
    throw usageError(
      `the validator's key has ${bytes.length} bytes`,
      "an ed25519 key has 64, in base64; nothing was changed",
    );
  const seed = bytes.slice(0, 32);
  const own = Buffer.from(validatorKeyFromSeed(seed).publicKey.ed25519!).toString("base64");
  const attached = bytes.length === 64 ? Buffer.from(bytes.subarray(32)).toString("base64") : own;
  if (attached !== own || (stated !== "" && stated !== own))
    throw usageError("the validator's public key does not belong to its private key", "nothing was changed");
  return seed;
}

/** The key of this home may be the original chain's, whether or not it validates now: it is never the testnet's. */
function refuseOwnKey(paths: HomePaths, consensusKey: Uint8Array): void {
  if (!existsSync(paths.privValidatorKey)) return;
  const own = readValidatorKeyFile(paths.privValidatorKey).publicKey.ed25519;
  if (own !== undefined && Buffer.compare(own, consensusKey) === 0) {
    throw usageError(
      "--validator-privkey is the key this home has already",
      "a testnet never signs with a key of another chain: leave it out, and a new one is made; nothing was changed",
    );
  }
}

async function writeTestnetGenesis(
  exported: string,
  path: string,
  facts: Parameters<typeof withOneValidator>[1],
): Promise<void> {
  try {
    const { document, parts } = withOneValidator(readGenesis(exported), facts);
    writePiecesAtomic(path, genesisTextPieces(document, parts));
  } catch (error) {
    if (!(error instanceof GenesisFormError)) throw error;
    throw new CliError(error.message, "nothing was changed");
  }
  const [problem] = validateGenesis(genesisFileText(path), await commandModules()).problems;
  if (problem !== undefined)
    throw new CliError(
      `the testnet's genesis would not hold: ${problem.path}: ${problem.message}`,
      "nothing was changed",
    );
}

/** The genesis goes first: a home that was left half done does not start. */
function setAside(paths: HomePaths, aside: string): void {
  makeFolder(join(aside, "config"), 0o700);
  const names = ["genesis.json", "priv_validator_key.json", "node_key.json", "addrbook.json"];
  for (const name of names) move(join(paths.config, name), join(aside, "config", name));
  move(paths.signJournal, join(aside, "sign.journal"));
  move(paths.data, join(aside, "data"));
  for (const name of ["config.toml", "client.toml"]) {
    const path = join(paths.config, name);
    if (existsSync(path)) writeFileAtomic(join(aside, "config", name), readTextFile(path));
  }
}

function move(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

/** The new key, which has signed nothing, and a configuration that looks for nobody of the old chain. */
function beginAnew(paths: HomePaths, chainId: string, seed: Uint8Array): void {
  makeFolder(paths.data);
  writeValidatorKeyFile(paths.privValidatorKey, seed);
  writeFileAtomic(paths.privValidatorState, JSON.stringify({ height: "0", round: 0, step: 0 }, undefined, 2), 0o600);
  const { address } = readValidatorKeyFile(paths.privValidatorKey);
  SignJournal.create({ path: paths.signJournal, chainId, address }, disk).close();
  for (const [key, value] of [
    ["p2p.persistent_peers", ""],
    ["p2p.seeds", ""],
    ["statesync.enable", "false"],
  ] as const)
    setTomlValue(paths.configToml, key, value);
  if (existsSync(paths.clientToml)) setTomlValue(paths.clientToml, "chain-id", chainId);
}
