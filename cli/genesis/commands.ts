// Owns `tributaryd genesis`: accounts, genesis transactions and checks on the genesis file of a home folder. Building and
// checking themselves are in the genesis/ layer.
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { GenesisPart } from "../../chain/module/genesis-part.ts";
import { type Coin, parseCoins } from "../../chain/types/coin.ts";
import type { AccountKind } from "../../genesis/account-kinds.ts";
import { type AccountToAdd, addAccounts, DuplicateAccountError } from "../../genesis/add-accounts.ts";
import { genutilWith } from "../../genesis/build.ts";
import { checkDelegation, fundsOf, readGenesisTransaction } from "../../genesis/genesis-transaction.ts";
import { type GenesisInParts, piecesOf } from "../../genesis/state-parts.ts";
import { validateGenesis } from "../../genesis/validate.ts";
import type { JsonValue } from "../../proto/json.ts";
import { nodeId, validatorKeyJson } from "../comet.ts";
import { readMoniker, setPersistentPeers } from "../config-file.ts";
import { commandModules } from "../derive/modules.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { makeFolder, readJsonFile } from "../files.ts";
import { findKey } from "../keys/commands.ts";
import { defaultGasLimit, maxGentxFiles } from "../limits.ts";
import { keyringOptions, option, wholeBigint, withOptions } from "../options.ts";
import { notice, printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { signAlone } from "../tx/build.ts";
import { validatorDefaults, validatorMessage } from "../tx/create-validator.ts";
import { signModeOf, txToJson, unsignedTx } from "../tx/transaction.ts";
import {
  explained,
  genesisFileText,
  printChainInfo,
  readGenesis,
  withChanged,
  writeGenesisInParts,
} from "./genesis-file.ts";
import { addMigrate } from "./migrate.ts";

/** Adds the `genesis` commands to their group. */
export function addGenesisCommands(genesis: Command): void {
  addAccountCommands(genesis);
  addGentx(genesis);
  addCollect(genesis);
  addValidate(genesis);
  addMigrate(genesis);
}

function addAccountCommands(genesis: Command): void {
  withOptions(
    genesis
      .command("add-genesis-account <address-or-key> <coins>")
      .description("Give an account its first coins, such as 1000000uopen,5ushare")
      .option("--append", "Add to the account's coins if it is there already"),
    [
      ...keyringOptions(),
      option("--vesting-amount <coins>", "How many of the coins come free over time"),
      option(
        "--vesting-start-time <seconds>",
        "When they begin to, in unix seconds (default: all at the end)",
      ).argParser(unixSeconds),
      option("--vesting-end-time <seconds>", "When all are free, in unix seconds").argParser(unixSeconds),
      option("--module-name <name>", "The module whose account it is"),
    ],
  ).action(async (who: string, coins: string, options: AddOptions, command: Command) => {
    const settings = new Settings(command);
    const address = await accountAddress(settings, who);
    const path = settings.paths.genesis;
    const kind = accountKind(options);
    addToGenesis(path, () => [{ address, coins: parseCoins(coins), kind }], options.append === true);
  });

  genesis
    .command("bulk-add-genesis-account <file>")
    .description(
      'Give many accounts their first coins; the file is a JSON list of {"address","coins":[{"denom","amount"}]}, each with "vesting_amt", "vesting_start", "vesting_end" or "module_name" if need be',
    )
    .option("--append", "Add to the coins of accounts that are there already")
    .action((file: string, options: { append?: boolean }, command: Command) => {
      const { genesis: path } = new Settings(command).paths;
      const list = readJsonFile(file);
      if (!Array.isArray(list)) throw usageError(`${file} does not hold a JSON list`);
      const entries = list.map((entry, index) => bulkEntry(entry, `${file}: entry ${index}`));
      addToGenesis(
        path,
        () => entries.map(({ coins, ...rest }) => ({ ...rest, coins: parseCoins(coins) })),
        options.append === true,
      );
    });
}

interface AddOptions {
  readonly append?: boolean;
  readonly vestingAmount?: string;
  readonly vestingStartTime?: bigint;
  readonly vestingEndTime?: bigint;
  readonly moduleName?: string;
}

/** Unix seconds, as simd's int64 flags. */
function unixSeconds(text: string): bigint {
  const seconds = wholeBigint(text);
  if (seconds >= 2n ** 63n) throw new InvalidArgumentError("it is beyond what a time can be.");
  return seconds;
}

/** What the flags make of an account. */
function accountKind(options: AddOptions): AccountKind {
  const { vestingAmount = "", vestingStartTime = 0n, vestingEndTime = 0n, moduleName = "" } = options;
  if (vestingAmount === "" && vestingStartTime + vestingEndTime > 0n) {
    throw usageError("a vesting time is given and no coins that vest", "add --vesting-amount");
  }
  return {
    ...(vestingAmount === ""
      ? {}
      : { vesting: { amount: coinsOf(vestingAmount), start: vestingStartTime, end: vestingEndTime } }),
    ...(moduleName === "" ? {} : { module: moduleName }),
  };
}

function coinsOf(text: string): readonly Coin[] {
  try {
    return parseCoins(text);
  } catch (error) {
    throw usageError(messageOf(error), "coins are written 100uopen,5ushare");
  }
}

/** An entry of a bulk file (x/genutil GenesisAccount). `what` names it in errors. */
function bulkEntry(entry: unknown, what: string): Omit<AccountToAdd, "coins"> & { readonly coins: string } {
  const { address, coins, vesting_amt, vesting_start, vesting_end, module_name } = entry as {
    readonly [member: string]: unknown;
  };
  if (typeof address !== "string" || !Array.isArray(coins)) throw usageError(`${what} has no address and coins`);
  const text = (list: readonly { denom?: unknown; amount?: unknown }[]): string =>
    list.map(({ denom, amount }) => `${amount}${denom}`).join(",");
  const seconds = (value: unknown): bigint => (value === undefined ? 0n : unixSeconds(String(value)));
  const kind = accountKind({
    ...(Array.isArray(vesting_amt) ? { vestingAmount: text(vesting_amt) } : {}),
    vestingStartTime: seconds(vesting_start),
    vestingEndTime: seconds(vesting_end),
    ...(typeof module_name === "string" ? { moduleName: module_name } : {}),
  });
  return { address, coins: text(coins), kind };
}

/** The address of an argument that is an address or the name of a key. */
async function accountAddress(settings: Settings, who: string): Promise<string> {
  try {
    settings.addresses().parseAccount(who);
    return who;
  } catch (error) {
    if (/^[a-z]+1[02-9ac-hj-np-z]{38,}$/.test(who)) {
      throw usageError(
        `${who}: ${messageOf(error)}`,
        "check the address, or give --bech32-prefix for a chain with another one",
      );
    }
    return settings.addresses().account((await findKey(settings, who)).address);
  }
}

/** Adds accounts to a genesis file in one pass, all or none. */
function addToGenesis(path: string, accounts: () => readonly AccountToAdd[], append: boolean): void {
  const before = readGenesis(path);
  try {
    const { auth, bank } = addAccounts(before.parts, accounts(), append);
    writeGenesisInParts(path, before, [
      ["auth", auth],
      ["bank", bank],
    ]);
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof DuplicateAccountError) {
      throw new CliError(error.message, "use --append to add to its coins; the genesis was not changed");
    }
    throw new CliError(messageOf(error), `${path} was not changed`);
  }
}

function addGentx(genesis: Command): void {
  withOptions(
    genesis
      .command("gentx <key> <amount>")
      .description("Make the transaction that creates this node's validator at genesis"),
    [
      ...keyringOptions(),
      option("--chain-id <id>", "The chain's id (default: the genesis file's)"),
      option("--moniker <name>", "The validator's name (default: the node's)"),
      option("--identity <text>", "Identity, such as a Keybase fingerprint"),
      option("--website <url>", "The validator's website"),
      option("--security-contact <address>", "Where to report security problems"),
      option("--details <text>", "Anything else about the validator"),
      option("--commission-rate <rate>", "Commission, such as 0.1"),
      option("--commission-max-rate <rate>", "The highest commission ever"),
      option("--commission-max-change-rate <rate>", "The most the commission may change in a day"),
      option("--min-self-delegation <amount>", "The least the validator must delegate to itself"),
      option("--pubkey <json>", "The consensus key (default: this node's)"),
      option("--node-id <id>", "The node's id (default: this node's)"),
      option("--ip <address>", "The node's public address"),
      option("--p2p-port <port>", "The node's peer port").default("26656"),
      option("--note <text>", "The transaction's memo (default: <node id>@<ip>:<port>)"),
      option("--account-number <number>", "Account number; 0 in genesis transactions"),
      option("--sequence <number>", "Sequence; 0 in genesis transactions"),
      option("--gas <limit>", "Gas limit (default: 200000)"),
      option("--fees <coins>", "The fee; genesis transactions pay none"),
      option("--sign-mode <mode>", "direct or amino-json").choices(["direct", "amino-json"]),
      option("--output-document <file>", "Where to write it (default: config/gentx/gentx-<node id>.json)"),
      option("-y, --yes", "Accepted for scripts; there is no question"),
    ],
  ).action(makeGentx);
}

async function makeGentx(name: string, amount: string, _options: unknown, command: Command): Promise<void> {
  const settings = new Settings(command);
  const { paths } = settings;
  const genesis = readGenesis(paths.genesis);
  const { chain_id } = genesis.document;
  const chainId = settings.chainId() ?? chain_id;
  if (chainId !== chain_id) {
    throw new CliError(
      `--chain-id is ${chainId}, the genesis is of ${chain_id}`,
      "leave --chain-id out, or name the right home",
    );
  }
  const key = await findKey(settings, name);
  const address = settings.addresses().account(key.address);
  const node = settings.text("node-id") ?? nodeId(paths);
  const pubkey = settings.text("pubkey");
  const message = validatorMessage(settings.addresses(), address, {
    pubkey: pubkey === undefined ? validatorKeyJson(paths) : (JSON.parse(pubkey) as unknown),
    amount,
    moniker: settings.text("moniker") ?? readMoniker(paths) ?? name,
    identity: settings.text("identity") ?? "",
    website: settings.text("website") ?? "",
    security: settings.text("security-contact") ?? "",
    details: settings.text("details") ?? "",
    commissionRate: settings.text("commission-rate") ?? validatorDefaults.commissionRate,
    commissionMaxRate: settings.text("commission-max-rate") ?? validatorDefaults.commissionMaxRate,
    commissionMaxChangeRate: settings.text("commission-max-change-rate") ?? validatorDefaults.commissionMaxChangeRate,
    minSelfDelegation: settings.text("min-self-delegation") ?? validatorDefaults.minSelfDelegation,
  });
  const memo = settings.text("note") ?? `${node}@${settings.text("ip") ?? publicIp()}:${settings.text("p2p-port")}`;
  const draft = unsignedTx({
    messages: [message],
    memo,
    timeoutHeight: 0n,
    fee: { amount: [], gasLimit: gasOf(settings), payer: "", granter: "" },
  });
  const signed = await signAlone(settings, draft, { key, address }, signModeOf(settings.text("sign-mode")), {
    chainId,
    accountNumber: 0n,
    sequence: 0n,
  });
  const json = txToJson(signed);
  try {
    const transaction = readGenesisTransaction(json as JsonValue);
    checkDelegation(transaction, fundsOf(genesis.parts, [transaction]));
  } catch (error) {
    throw new CliError(`the genesis transaction would not hold: ${messageOf(error)}`, "nothing was written");
  }
  const path = settings.text("output-document") ?? join(paths.gentx, `gentx-${node}.json`);
  makeFolder(paths.gentx);
  writeFileSync(path, JSON.stringify(json), { mode: 0o644 });
  notice(`Genesis transaction written to ${JSON.stringify(path)}`);
}

function gasOf(settings: Settings): bigint {
  const text = settings.text("gas");
  if (text === undefined || text === "auto") return defaultGasLimit;
  if (!/^\d{1,19}$/.test(text)) throw usageError(`--gas ${text} is not a number`);
  return BigInt(text);
}

/** This machine's first address that others could reach; loopback when it has none. */
function publicIp(): string {
  for (const addresses of Object.values(networkInterfaces())) {
    const found = addresses?.find((one) => one.family === "IPv4" && !one.internal);
    if (found !== undefined) return found.address;
  }
  return "127.0.0.1";
}

function addCollect(genesis: Command): void {
  withOptions(genesis.command("collect-gentxs").description("Put all genesis transactions into the genesis file"), [
    option("--gentx-dir <folder>", "Where they lie (default: config/gentx)"),
  ]).action((_options: unknown, command: Command) => {
    const settings = new Settings(command);
    const { paths } = settings;
    const folder = settings.text("gentx-dir") ?? paths.gentx;
    const before = readGenesis(paths.genesis);
    const { transactions, peers } = collect(folder, before, nodeId(paths));
    const genutil = piecesOf("genutil", genutilWith(smallPart(before, "genutil"), transactions));
    const changed = [["genutil", genutil]] as const;
    writeGenesisInParts(paths.genesis, before, changed);
    setPersistentPeers(paths, peers);
    printChainInfo({
      moniker: readMoniker(paths) ?? "",
      chainId: before.document.chain_id,
      nodeId: nodeId(paths),
      gentxsFolder: folder,
      appState: withChanged(before.parts, changed),
    });
  });
}

/** A module's part, held whole: undefined when it is absent. */
function smallPart({ parts }: GenesisInParts, module: string): JsonValue | undefined {
  const part = parts.get(module);
  return part instanceof GenesisPart ? part.whole() : part;
}

/** Reads and checks every genesis transaction of a folder, in order of the file names. */
function collect(
  folder: string,
  genesis: GenesisInParts,
  ownId: string,
): { transactions: JsonValue[]; peers: string[] } {
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .sort()
    : [];
  if (names.length === 0)
    throw new CliError(`there are no genesis transactions in ${folder}`, "make one with `tributaryd genesis gentx`");
  if (names.length > maxGentxFiles)
    throw new CliError(`${folder} holds ${names.length} files, more than ${maxGentxFiles}`);
  const read = names.map((name) => {
    const path = join(folder, name);
    const json = readJsonFile(path) as JsonValue;
    return { path, json, transaction: refusing(path, () => readGenesisTransaction(json)) };
  });
  const funds = explained(folder, () =>
    fundsOf(
      genesis.parts,
      read.map(({ transaction }) => transaction),
    ),
  );
  const peers: string[] = [];
  for (const { path, transaction } of read) {
    refusing(path, () => {
      checkDelegation(transaction, funds);
      const { memo } = transaction;
      if (!/^[0-9a-f]{40}@[^@\s]+:\d{1,5}$/.test(memo))
        throw new Error(`the memo ${JSON.stringify(memo)} is not <node id>@<host>:<port>`);
      if (!memo.startsWith(`${ownId}@`)) peers.push(memo);
    });
  }
  return { transactions: read.map(({ json }) => json), peers: peers.sort() };
}

function refusing<Result>(path: string, check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw new CliError(`${path}: ${messageOf(error)}`, "the genesis was not changed");
  }
}

function addValidate(genesis: Command): void {
  genesis
    .command("validate [file]")
    .aliases(["validate-genesis"])
    .description("Check a genesis file: its form, every module's part, and that the parts fit together")
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const path = file ?? new Settings(command).paths.genesis;
      const modules = await commandModules();
      const report = explained(path, () => validateGenesis(genesisFileText(path), modules));
      for (const line of report.notices) notice(`note: ${line}`);
      const [first, ...others] = report.problems;
      if (first === undefined) {
        printLine(`File at ${path} is a valid genesis file`);
        return;
      }
      for (const problem of others) notice(`error: ${path}: ${placed(problem)}`);
      throw new CliError(`${path}: ${placed(first)}`, "correct the genesis; nothing was changed");
    });
}

function placed(problem: { readonly path: string; readonly message: string }): string {
  return problem.path === "" || problem.message.startsWith(problem.path)
    ? problem.message
    : `${problem.path}: ${problem.message}`;
}
