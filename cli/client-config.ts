// Owns config/client.toml: the settings a person does not want to type each time. It reads and writes that file and says
// which settings exist; what a flag or the environment says instead is decided in settings.ts.
import { existsSync } from "node:fs";
import { parse } from "smol-toml";
import { CliError, messageOf } from "./errors.ts";
import { readTextFile } from "./files.ts";

/** The settings of client.toml, by their names there. Absent: the default of the flag. */
export type ClientConfig = { readonly [name in ClientSetting]?: string };

/** The names a client.toml may hold; they are also names of flags. */
export const clientSettings = [
  "chain-id",
  "keyring-backend",
  "output",
  "node",
  "broadcast-mode",
  "gas",
  "gas-adjustment",
  "gas-prices",
  "fees",
  "fee-payer",
  "fee-granter",
  "note",
  "bech32-prefix",
] as const;
export type ClientSetting = (typeof clientSettings)[number];

/** Names simd writes that this program has no use for; they are accepted and left alone. */
const ignoredSettings = new Set([
  "keyring-default-keyname",
  "grpc-address",
  "grpc-insecure",
  "timeout-height",
  "broadcast-timeout",
]);

/** Reads a client.toml; absent means empty. Unknown names are an error, because a misspelt one would do nothing. */
export function readClientConfig(path: string): ClientConfig {
  if (!existsSync(path)) return {};
  let table: Record<string, unknown>;
  try {
    table = parse(readTextFile(path));
  } catch (error) {
    throw new CliError(`${path} is not valid TOML: ${messageOf(error)}`, "correct the file; it was not changed");
  }
  const config: { [name in ClientSetting]?: string } = {};
  for (const [name, value] of Object.entries(table)) {
    if (ignoredSettings.has(name)) continue;
    const setting = clientSettings.find((known) => known === name);
    if (setting === undefined) {
      throw new CliError(
        `${path} has a setting that does not exist: ${name}`,
        `the settings are ${clientSettings.join(", ")}`,
      );
    }
    if (typeof value === "object") throw new CliError(`${path}: ${name} must be a string`, "correct the file");
    if (String(value) !== "") config[setting] = String(value);
  }
  return config;
}

/** The text of a new client.toml. */
export function clientConfigText(chainId: string, keyringBackend = ""): string {
  return `# What the commands of tributaryd assume when a flag is not given. A flag, or an environment variable such as
# TRIBUTARYD_CHAIN_ID, goes before this file.

# The chain transactions are signed for.
chain-id = ${JSON.stringify(chainId)}
# Where keys are kept: "file" (encrypted, asks for a passphrase) or "test" (not encrypted).
keyring-backend = ${JSON.stringify(keyringBackend)}
# How data is printed: "text" (YAML) or "json".
output = "text"
# The RPC address of the node that is asked.
node = "tcp://localhost:26657"
# How transactions are sent: "sync" waits for the node's first check, "async" does not wait.
broadcast-mode = "sync"
# Prefix of addresses; empty means "trib".
bech32-prefix = ""

# Gas limit of transactions: a number, or "auto" to simulate first. Empty means 200000.
gas = ""
# What simulated gas is multiplied by. Empty means 1.
gas-adjustment = ""
# Price of gas, such as "0.025uopen"; the fee is the price times the gas limit.
gas-prices = ""
# The fee itself, such as "5000uopen", instead of a price.
fees = ""
`;
}
