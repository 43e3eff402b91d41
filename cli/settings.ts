// Owns what the flags, the environment and client.toml together say: one place where a command learns its home, its node,
// its keyring and how to print. The order is flag, environment, client.toml, default.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { AddressCodec } from "../chain/types/address.ts";
import { type ClientConfig, type ClientSetting, readClientConfig } from "./client-config.ts";
import { messageOf, usageError } from "./errors.ts";
import { defaultHome, type HomePaths, homePaths } from "./home.ts";
import type { Keyring } from "./keys/keyring.ts";
import type { OutputFormat } from "./output.ts";

/** The prefix of account addresses when nothing else is said. */
export const defaultPrefix = "trib";

/** What a command was told, resolved. */
export class Settings {
  readonly paths: HomePaths;
  readonly #flags: Readonly<Record<string, unknown>>;
  readonly #config: ClientConfig;
  #keyring: Keyring | undefined;

  constructor(command: Command) {
    this.#flags = command.optsWithGlobals();
    this.paths = homePaths(this.text("home") ?? defaultHome());
    this.#config = readClientConfig(this.paths.clientToml);
  }

  /** A flag's value by its name in kebab-case, or undefined. */
  flag(name: string): unknown {
    return this.#flags[name.replace(/-([a-z])/g, (_whole, letter: string) => letter.toUpperCase())];
  }

  /** A flag that takes text. */
  text(name: string): string | undefined {
    const value = this.flag(name);
    return typeof value === "string" ? value : undefined;
  }

  /** A flag that takes none. */
  isSet(name: string): boolean {
    return this.flag(name) === true;
  }

  /** A flag that takes a 64-bit number. */
  bigint(name: string): bigint | undefined {
    const value = this.flag(name);
    return typeof value === "bigint" ? value : undefined;
  }

  /** A flag, or what client.toml says. */
  setting(name: ClientSetting): string | undefined {
    return this.text(name) ?? this.#config[name];
  }

  /** How to print data. `fallback` is the command's own default. */
  output(fallback: OutputFormat = "text"): OutputFormat {
    const format = this.text("output") ?? (fallback === "json" ? undefined : this.#config.output) ?? fallback;
    if (format !== "json" && format !== "text") {
      throw usageError(`the output format ${JSON.stringify(format)} does not exist`, "use text or json");
    }
    return format;
  }

  /** The RPC address of the node, as an http or https URL without a trailing slash. */
  nodeUrl(): string {
    return rpcUrl(this.setting("node") ?? "tcp://localhost:26657");
  }

  /** The chain transactions are for, if it is known without asking a node. */
  chainId(): string | undefined {
    return this.setting("chain-id");
  }

  /** Addresses with this chain's prefix. */
  addresses(): AddressCodec {
    const prefix = this.setting("bech32-prefix") ?? defaultPrefix;
    try {
      return new AddressCodec(prefix);
    } catch (error) {
      throw usageError(`--bech32-prefix ${prefix}: ${messageOf(error)}`);
    }
  }

  /** The keyring, opened once. Loaded late: most commands have no use for it and start faster without. */
  async keyring(): Promise<Keyring> {
    this.#keyring ??= (await import("./keys/keyring.ts")).openKeyring(this.keyringBackend(), this.keyringFolder());
    return this.#keyring;
  }

  /** The backend of the keyring. Without a word about it, the one that has keys; the encrypted one when both or neither have. */
  keyringBackend(): string {
    const named = this.setting("keyring-backend");
    if (named !== undefined) return named;
    const folder = this.keyringFolder();
    const hasTest = existsSync(join(folder, "keyring-test"));
    return hasTest && !existsSync(join(folder, "keyring-file")) ? "test" : "file";
  }

  /** The folder the keyring's folder lies in. */
  keyringFolder(): string {
    const folder = this.text("keyring-dir");
    return folder === undefined ? this.paths.home : resolve(folder);
  }
}

/** Turns `tcp://host:port`, `host:port` or a URL into an http or https URL without a trailing slash. */
export function rpcUrl(address: string): string {
  const withScheme = /^[a-z]+:\/\//.test(address) ? address.replace(/^tcp:/, "http:") : `http://${address}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw usageError(`the node address ${JSON.stringify(address)} is not one`, "it looks like tcp://localhost:26657");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw usageError(
      `the node address ${JSON.stringify(address)} has a scheme that is not spoken`,
      "use tcp, http or https",
    );
  }
  return url.href.replace(/\/$/, "");
}
