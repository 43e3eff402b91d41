// Owns `tributaryd keys`: simd's words over the keyring. Data goes to stdout; in JSON mode nothing goes to stderr.
import { Argument, type Command, Option } from "commander";
import { decodeBech32, encodeBech32 } from "../../chain/types/address.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { parseJson, readTextFile } from "../files.ts";
import { keyringOptions, option, outputOption, wholeNumber, withOptions } from "../options.ts";
import { notice, printData, printLine, printRaw } from "../output.ts";
import { askLine, askPassphrase, confirm } from "../prompt.ts";
import { Settings } from "../settings.ts";
import { type Json, toYaml } from "../yaml.ts";
import {
  cosmosCoinType,
  derivePrivateKey,
  hdPath,
  mnemonicFromText,
  newMnemonic,
  normalMnemonic,
} from "./derivation.ts";
import { checkKeyName, type KeyRecord, Keyring, MemoryItems, missingKey } from "./keyring.ts";
import { multisigKey, publicKeyFromJson, publicKeyToJson } from "./public-key.ts";

/** Which of a key's addresses is shown. */
type AddressKind = "acc" | "val" | "cons";

/** Adds the `keys` commands to their group. */
export function addKeyCommands(keys: Command): void {
  addCreation(keys);
  addInspection(keys);
  addChanges(keys);
  addTransfer(keys);
  addConversions(keys);
}

function keyCommand(parent: Command, usage: string, description: string): Command {
  return withOptions(parent.command(usage).description(description), [...keyringOptions(), outputOption()]);
}

function addCreation(keys: Command): void {
  withOptions(
    keyCommand(keys, "add <name>", "Make a new key, or recover one from its mnemonic, and store it")
      .option("--recover", "Ask for the mnemonic of an existing key instead of making one")
      .option("-i, --interactive", "Ask for the mnemonic and for a BIP-39 passphrase")
      .option("--no-backup", "Do not show the mnemonic")
      .option("--dry-run", "Do everything except storing the key"),
    [
      new Option("--account <number>", "Account number of the derivation path").argParser(wholeNumber).default(0),
      new Option("--index <number>", "Address index of the derivation path").argParser(wholeNumber).default(0),
      new Option("--coin-type <number>", "Coin type of the derivation path")
        .argParser(wholeNumber)
        .default(cosmosCoinType),
      new Option("--hd-path <path>", "The whole derivation path, such as m/44'/118'/0'/0/0"),
      new Option("--source <file>", "Read the mnemonic from a file (with --recover)"),
      new Option("--multisig <names>", "Make a multisig of these keys, separated by commas"),
      new Option("--multisig-threshold <count>", "Signatures a multisig needs").argParser(wholeNumber).default(1),
      new Option("--nosort", "Keep the order of --multisig instead of sorting by address"),
      new Option("--pubkey <json>", "Store a public key whose private key is elsewhere"),
      keyType(),
      new Option("--algo <type>").choices(["secp256k1"]).hideHelp(),
    ],
  ).action(addKey);
}

interface AddOptions {
  readonly recover?: boolean;
  readonly interactive?: boolean;
  readonly backup: boolean;
  readonly dryRun?: boolean;
  readonly account: number;
  readonly index: number;
  readonly coinType: number;
  readonly hdPath?: string;
  readonly source?: string;
  readonly multisig?: string;
  readonly multisigThreshold: number;
  readonly nosort?: boolean;
  readonly pubkey?: string;
}

async function addKey(name: string, options: AddOptions, command: Command): Promise<void> {
  const settings = new Settings(command);
  checkKeyName(name);
  const stored = await settings.keyring();
  const keyring = options.dryRun === true ? new Keyring(new MemoryItems()) : stored;
  let replaces = false;
  if (options.dryRun !== true && stored.has(name)) {
    if (!(await confirm(`override the existing name ${name}`))) throw new CliError("aborted", "the key was kept");
    replaces = true;
  }
  // What could fail is done before the old key goes.
  const add = await keyMaker(name, options, stored);
  if (replaces) await stored.delete(name);
  const { record, mnemonic } = await add(keyring);
  showNewKey(settings, record, options.backup ? mnemonic : undefined);
}

type MadeKey = { readonly record: KeyRecord; readonly mnemonic?: string };

/** Gathers what the new key is made of and returns the step that stores it. */
async function keyMaker(
  name: string,
  options: AddOptions,
  stored: Keyring,
): Promise<(keyring: Keyring) => Promise<MadeKey>> {
  if (options.multisig !== undefined) {
    const members = [];
    for (const member of options.multisig.split(",").map((part) => part.trim())) {
      const record = await stored.find(member);
      if (record === undefined) throw missingKey(member);
      members.push(record.publicKey);
    }
    const key = multisigKey(members, options.multisigThreshold, options.nosort === true);
    return async (keyring) => ({ record: await keyring.addMulti(name, key) });
  }
  if (options.pubkey !== undefined) {
    const key = publicKeyFromJson(parseJson(options.pubkey, "--pubkey"), "--pubkey");
    return async (keyring) => ({ record: await keyring.addOffline(name, key) });
  }
  const path = options.hdPath ?? hdPath(options.coinType, options.account, options.index);
  let given: string | undefined;
  if (options.source !== undefined) given = normalMnemonic(readTextFile(options.source));
  else if (options.recover === true) given = normalMnemonic(await askLine("Enter your bip39 mnemonic"));
  else if (options.interactive === true) {
    const line = await askLine("Enter your bip39 mnemonic, or hit enter to generate one.");
    if (line.trim() !== "") given = normalMnemonic(line);
  }
  const passphrase = options.interactive === true ? await askBip39Passphrase() : "";
  const mnemonic = given ?? newMnemonic();
  const privateKey = derivePrivateKey(mnemonic, path, passphrase);
  return async (keyring) => {
    const record = await keyring.addLocal(name, privateKey);
    return given !== undefined && options.interactive !== true ? { record } : { record, mnemonic };
  };
}

async function askBip39Passphrase(): Promise<string> {
  const passphrase = await askLine(
    'Enter your bip39 passphrase. This is combined with the mnemonic to derive the seed. Most users should just hit enter to use the default, ""',
    { hidden: true },
  );
  if (passphrase !== "" && (await askLine("Repeat the passphrase:", { hidden: true })) !== passphrase) {
    throw usageError("the two passphrases differ", "nothing was stored");
  }
  return passphrase;
}

/** A key as commands print it; `pubkey` is a JSON string, as simd has it. */
function keyOutput(settings: Settings, record: KeyRecord, kind: AddressKind = "acc"): { [key: string]: Json } {
  const codec = settings.addresses();
  const address =
    kind === "acc"
      ? codec.account(record.address)
      : kind === "val"
        ? codec.validator(record.address)
        : codec.consensus(record.address);
  return { name: record.name, type: record.type, address, pubkey: JSON.stringify(publicKeyToJson(record.publicKey)) };
}

function showNewKey(settings: Settings, record: KeyRecord, mnemonic: string | undefined): void {
  const output = keyOutput(settings, record);
  if (settings.output() === "json") {
    printData(mnemonic === undefined ? output : { ...output, mnemonic }, "json");
    return;
  }
  notice("");
  printRaw(toYaml([output]));
  if (mnemonic === undefined) return;
  notice(
    `\n\n**Important** write this mnemonic phrase in a safe place.\nIt is the only way to recover your account if you ever forget your password.\n\n${mnemonic}`,
  );
}

function addInspection(keys: Command): void {
  keyCommand(keys, "list", "List all keys")
    .option("-n, --list-names", "Print the names only")
    .action(async (options: { listNames?: boolean }, command: Command) => {
      const settings = new Settings(command);
      const records = await (await settings.keyring()).list();
      if (options.listNames === true) {
        for (const record of records) printLine(record.name);
      } else if (records.length === 0 && settings.output() === "text") {
        printLine("No records were found in keyring");
      } else {
        printData(
          records.map((record) => keyOutput(settings, record)),
          settings.output(),
        );
      }
    });

  withOptions(
    keyCommand(keys, "show <names...>", "Show keys by name or address; several make a multisig")
      .option("-a, --address", "Print the address only")
      .option("-p, --pubkey", "Print the public key only"),
    [
      new Option("--bech <kind>", "Which address: of the account, the validator, or its consensus key")
        .choices(["acc", "val", "cons"])
        .default("acc"),
      new Option("--multisig-threshold <count>", "Signatures the multisig of several keys needs")
        .argParser(wholeNumber)
        .default(1),
    ],
  ).action(showKeys);
}

interface ShowOptions {
  readonly address?: boolean;
  readonly pubkey?: boolean;
  readonly bech: AddressKind;
  readonly multisigThreshold: number;
}

async function showKeys(names: string[], options: ShowOptions, command: Command): Promise<void> {
  const settings = new Settings(command);
  if (options.address === true && options.pubkey === true) {
    throw usageError("--address and --pubkey cannot be used together", "choose one");
  }
  const records: KeyRecord[] = [];
  for (const name of names) records.push(await findKey(settings, name));
  const record =
    records.length === 1
      ? records[0]!
      : await new Keyring(new MemoryItems()).addMulti(
          "multi",
          multisigKey(
            records.map((member) => member.publicKey),
            options.multisigThreshold,
            false,
          ),
        );
  const output = keyOutput(settings, record, options.bech);
  if (options.address === true) printLine(String(output.address));
  else if (options.pubkey === true) printLine(String(output.pubkey));
  else if (settings.output() === "json") printData(output, "json");
  else printRaw(toYaml([output]));
}

/** A key by its name, or by an account, validator or consensus address. */
export async function findKey(settings: Settings, nameOrAddress: string): Promise<KeyRecord> {
  const keyring = await settings.keyring();
  const byName = await keyring.find(nameOrAddress);
  if (byName !== undefined) return byName;
  let address: Uint8Array;
  try {
    address = decodeBech32(nameOrAddress).bytes;
  } catch {
    throw missingKey(nameOrAddress);
  }
  const byAddress = await keyring.findByAddress(address);
  if (byAddress === undefined) throw missingKey(nameOrAddress);
  return byAddress;
}

function addChanges(keys: Command): void {
  keyCommand(keys, "delete <names...>", "Delete keys for good")
    .option("-y, --yes", "Do not ask")
    .option("-f, --force", "Do not ask")
    .action(async (names: string[], options: { yes?: boolean; force?: boolean }, command: Command) => {
      const settings = new Settings(command);
      for (const name of names) {
        const record = await findKey(settings, name);
        const asks = options.yes !== true && options.force !== true;
        if (asks && !(await confirm(`Key ${record.name} will be deleted for good. Continue?`))) {
          notice(`key ${record.name} was kept`);
          continue;
        }
        await (await settings.keyring()).delete(record.name);
        if (settings.output() === "text") notice(`Key deleted forever (uh oh!): ${record.name}`);
      }
    });

  keyCommand(keys, "rename <old-name> <new-name>", "Give a key another name")
    .option("-y, --yes", "Do not ask")
    .action(async (from: string, to: string, options: { yes?: boolean }, command: Command) => {
      const settings = new Settings(command);
      if (!(await settings.keyring()).has(from)) throw missingKey(from);
      if (options.yes !== true && !(await confirm(`Key reference will be renamed from ${from} to ${to}. Continue?`))) {
        throw new CliError("aborted", "the key keeps its name");
      }
      await (await settings.keyring()).rename(from, to);
      if (settings.output() === "text") notice(`Key was successfully renamed from ${from} to ${to}`);
    });

  keyCommand(keys, "migrate", "Bring keys of older programs into the present form").action(
    async (_options: unknown, command: Command) => {
      const count = (await (await new Settings(command).keyring()).list()).length;
      notice(`${count} keys are in the present form; nothing to migrate`);
    },
  );
}

/** The flag for the kind of key, of which there is one. */
function keyType(): Option {
  return new Option("--key-type <type>", "Signing algorithm").choices(["secp256k1"]).default("secp256k1");
}

function addTransfer(keys: Command): void {
  keyCommand(keys, "export <name>", "Print a private key, encrypted under a passphrase, as ASCII armor")
    .option("--unarmored-hex", "Print the bare private key; needs --unsafe")
    .option("--unsafe", "Confirm that the bare private key may be shown")
    .option("-y, --yes", "Do not ask")
    .action(
      async (name: string, options: { unarmoredHex?: boolean; unsafe?: boolean; yes?: boolean }, command: Command) => {
        const settings = new Settings(command);
        const keyring = await settings.keyring();
        if (options.unarmoredHex === true || options.unsafe === true) {
          if (options.unarmoredHex !== true || options.unsafe !== true) {
            throw usageError(
              "the flags --unarmored-hex and --unsafe go together",
              "give both to print the bare private key",
            );
          }
          const asks = options.yes !== true;
          if (
            asks &&
            !(await confirm(
              "WARNING: The private key will be exported as an unarmored hexadecimal string. USE AT YOUR OWN RISK. Continue?",
            ))
          ) {
            return;
          }
          printLine(Buffer.from(await keyring.privateKey(name)).toString("hex"));
          return;
        }
        if (!keyring.has(name)) throw missingKey(name);
        const passphrase = await askPassphrase("Enter passphrase to encrypt the exported key:");
        printLine(await keyring.exportArmor(name, passphrase));
      },
    );

  keyCommand(keys, "import <name> <file>", "Store a private key from ASCII armor")
    .addOption(keyType())
    .action(async (name: string, file: string, _options: unknown, command: Command) => {
      const keyring = await new Settings(command).keyring();
      checkKeyName(name);
      if (keyring.has(name))
        throw new CliError(`a key named ${name} exists already`, "choose another name; nothing was changed");
      const armor = readTextFile(file);
      const passphrase = await askPassphrase("Enter passphrase to decrypt your key:", 0);
      await keyring.importArmor(name, armor, passphrase);
    });

  keyCommand(keys, "import-hex <name> [hex]", "Store a private key from 64 hexadecimal digits")
    .addOption(keyType())
    .action(async (name: string, hex: string | undefined, _options: unknown, command: Command) => {
      const text = (hex ?? (await askLine("Enter hex private key:", { hidden: true }))).trim().replace(/^0x/, "");
      if (!/^[0-9a-fA-F]{64}$/.test(text))
        throw usageError("a private key has 64 hexadecimal digits", "nothing was stored");
      await (await new Settings(command).keyring()).addLocal(name, new Uint8Array(Buffer.from(text, "hex")));
    });
}

function addConversions(keys: Command): void {
  keyCommand(keys, "mnemonic", "Print a new mnemonic without storing anything")
    .option("--unsafe-entropy", "Make it from text you type (at least 43 characters)")
    .option("-y, --yes", "Do not ask whether the text is long enough")
    .action(async (options: { unsafeEntropy?: boolean; yes?: boolean }) => {
      if (options.unsafeEntropy !== true) {
        printLine(newMnemonic());
        return;
      }
      const text = await askLine("> WARNING: Generate at least 256-bits of entropy and enter the results here:");
      if (text.length < 43) throw usageError("256 bits need at least 43 characters of text", "type more");
      if (options.yes !== true && !(await confirm(`> Input length: ${text.length}`))) return;
      printLine(mnemonicFromText(text));
    });

  withOptions(keys.command("parse <address>").description("Convert an address between hexadecimal and bech32"), [
    outputOption(),
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
  ]).action((text: string, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    printData(parseAddressText(settings, text), settings.output());
  });

  keys
    .command("list-key-types")
    .description("List the signing algorithms")
    .addArgument(new Argument("[ignored...]").argOptional())
    .action(() => printRaw('Supported key types/algos:\n"secp256k1"\n'));
}

/** An address in the other form: the bytes of bech32 text, or every bech32 form of bytes. */
function parseAddressText(settings: Settings, text: string): Json {
  if (/^([0-9a-fA-F]{2})+$/.test(text)) {
    const bytes = new Uint8Array(Buffer.from(text, "hex"));
    const codec = settings.addresses();
    const prefixes = [codec.prefix, codec.validatorPrefix, codec.consensusPrefix];
    // As simd lists them: each kind of address, and behind it the key of that kind.
    return { formats: prefixes.flatMap((prefix) => [prefix, `${prefix}pub`]).map((one) => encodeBech32(one, bytes)) };
  }
  try {
    const { prefix, bytes } = decodeBech32(text);
    return { human: prefix, bytes: Buffer.from(bytes).toString("hex").toUpperCase() };
  } catch (error) {
    throw usageError(`${text} is neither hexadecimal nor bech32: ${messageOf(error)}`);
  }
}
