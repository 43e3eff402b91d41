// Owns the flags that several commands share: their names, help and environment variables, as simd names them.
// What they mean together (flag over environment over client.toml over default) is in settings.ts.
import { type Command, InvalidArgumentError, Option } from "commander";

/** The environment variable of a flag, such as TRIBUTARYD_CHAIN_ID for --chain-id. */
export function environmentName(flag: string): string {
  return `TRIBUTARYD_${flag.toUpperCase().replaceAll("-", "_").replaceAll(".", "_")}`;
}

/** An option that may also be set by its environment variable. `flags` is commander's notation. */
export function option(flags: string, description: string): Option {
  const long = /--([a-zA-Z0-9._-]+)/.exec(flags)?.[1];
  const made = new Option(flags, description);
  return long === undefined ? made : made.env(environmentName(long));
}

/** Adds options to a command. */
export function withOptions(command: Command, options: readonly Option[]): Command {
  for (const one of options) command.addOption(one);
  return command;
}

/** Parses a whole number of 0 or more. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("a whole number is expected.");
  return value;
}

/** Parses a whole number of 0 or more of up to 64 bits. */
export function wholeBigint(text: string): bigint {
  if (!/^\d{1,20}$/.test(text) || BigInt(text) > 0xffff_ffff_ffff_ffffn) {
    throw new InvalidArgumentError("a whole number is expected.");
  }
  return BigInt(text);
}

/** Flags every command takes. */
export function globalOptions(): readonly Option[] {
  return [
    option("--home <folder>", "The folder of configuration, keys and data (default: ~/.tributaryd)"),
    // Every command of simd's takes these; here they say something to commands that run a node.
    new Option("--log_level <level>").hideHelp(),
    new Option("--log_format <format>").hideHelp(),
    new Option("--log_no_color").hideHelp(),
    new Option("--trace").hideHelp(),
  ];
}

/** How data is printed. */
export function outputOption(): Option {
  return option("-o, --output <format>", "Print data as text (YAML) or json").choices(["text", "json"]);
}

/** Flags of commands that use keys. */
export function keyringOptions(): readonly Option[] {
  return [
    option("--keyring-backend <backend>", "Where keys are kept: file (encrypted) or test (not encrypted)"),
    option("--keyring-dir <folder>", "The folder of the keyring (default: the home folder)"),
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
  ];
}

/** The node that is asked. `short` is the letter that `status` knows it by, and a comma. */
export function nodeOption(short = ""): Option {
  return option(`${short}--node <address>`, "RPC address of the node to ask (default: tcp://localhost:26657)");
}

/** Flags of queries. */
export function queryOptions(): readonly Option[] {
  return [
    nodeOption(),
    option("--height <height>", "Ask about the state at this height (default: the latest)").argParser(wholeBigint),
    outputOption(),
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
    new Option("--chain-id <id>").hideHelp(),
    new Option("--no-indent").hideHelp(),
    new Option("--keyring-backend <backend>").hideHelp(),
    new Option("--keyring-dir <folder>").hideHelp(),
    new Option("--grpc-addr <address>").hideHelp(),
    new Option("--grpc-insecure").hideHelp(),
  ];
}

/** Flags of queries that return pages. */
export function pageOptions(): readonly Option[] {
  return [
    new Option("--page-limit <count>", "How many entries to return").argParser(wholeBigint),
    new Option("--page-offset <count>", "How many entries to skip").argParser(wholeBigint),
    new Option("--page-key <key>", "Continue after the next_key of the page before (base64)"),
    new Option("--page-count-total", "Count all entries"),
    new Option("--page-reverse", "Descending order"),
    new Option("--limit <count>").argParser(wholeBigint).hideHelp(),
    new Option("--offset <count>").argParser(wholeBigint).hideHelp(),
    new Option("--page <number>").argParser(wholeBigint).hideHelp(),
    new Option("--count-total").hideHelp(),
    new Option("--reverse").hideHelp(),
  ];
}

/** Flags of transactions. */
export function txOptions(): readonly Option[] {
  return [
    option("--from <key>", "Name or address of the key to sign with"),
    option("--chain-id <id>", "The chain the transaction is for"),
    nodeOption(),
    option("--gas <limit>", 'Gas limit: a number, or "auto" to simulate first (default: 200000)'),
    option("--gas-adjustment <factor>", "What simulated gas is multiplied by (default: 1)"),
    option("--fees <coins>", "The fee, such as 5000uopen"),
    option("--gas-prices <coins>", "The price of gas, such as 0.025uopen; the fee is price times limit, rounded up"),
    option("-b, --broadcast-mode <mode>", "sync: wait for the node's first check; async: do not wait").choices([
      "sync",
      "async",
    ]),
    new Option("-y, --yes", "Do not ask before signing and sending"),
    option("--note <text>", "A public note on the transaction (its memo)"),
    new Option("--memo <text>").hideHelp(),
    option("--sign-mode <mode>", "direct, or amino-json as hardware wallets sign (default: direct)").choices([
      "direct",
      "amino-json",
    ]),
    new Option("--dry-run", "Simulate only: print the gas it would use, send nothing"),
    new Option("--generate-only", "Print the unsigned transaction, send nothing"),
    new Option("--offline", "Ask no node; --account-number and --sequence must be given"),
    new Option("-a, --account-number <number>", "Account number of the signer (offline)").argParser(wholeBigint),
    new Option("-s, --sequence <number>", "Sequence of the signer (offline)").argParser(wholeBigint),
    new Option("--timeout-height <height>", "Height after which the transaction is void").argParser(wholeBigint),
    option("--timeout-duration <time>", "How long the transaction is good for, such as 5m"),
    new Option("--unordered", "Let it run before or after your other transactions; needs --timeout-duration"),
    option("--fee-payer <address>", "Account that pays the fee and signs for it"),
    option("--fee-granter <address>", "Account whose allowance pays the fee"),
    new Option("--aux").hideHelp(),
    outputOption(),
    ...keyringOptions(),
  ];
}
