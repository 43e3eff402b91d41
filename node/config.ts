/**
 * Owns a node's configuration: reading config.toml and app.toml, overriding by environment and by flags, checking kinds
 * and ranges, and writing the files with their defaults. Does not own which settings there are (config-settings.ts).
 * Order: flag, environment (TRIBUTARYD_ and the name with `_`), file, default. Keys nobody knows are left alone.
 */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { impossible } from "../chain/types/impossible.ts";
import { type SettingName, settings } from "./config-settings.ts";
import type { ConfigFile, Setting, SettingValue } from "./setting.ts";

/** All settings with their values. */
export type NodeConfig = { readonly [Name in SettingName]: SettingValue<(typeof settings)[Name]> };

/** A setting that cannot be used; the message names the file or variable, the setting and what it should be. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The prefix of environment variables. */
export const environmentPrefix = "TRIBUTARYD";

/** Where values come from besides the files. */
export interface ConfigSources {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** By setting name as in the files, `rpc.laddr`, as given on the command line. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** Reads the configuration of a home folder; a file that is not there has its defaults. Throws ConfigError. */
export function readNodeConfig(home: string, sources: ConfigSources = {}): NodeConfig {
  const files: Record<ConfigFile, Readonly<Record<string, unknown>>> = {
    config: readFile(join(home, "config", "config.toml")),
    app: readFile(join(home, "config", "app.toml")),
    client: readFile(join(home, "config", "client.toml")),
  };
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) values[name] = chosenValue(setting, files, sources);
  return values as unknown as NodeConfig;
}

/** The defaults, with some settings changed: for tests and programs that have no home folder. */
export function nodeConfig(changes: Partial<NodeConfig> = {}): NodeConfig {
  const values = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.value]));
  return { ...(values as unknown as NodeConfig), ...changes };
}

function readFile(path: string): Readonly<Record<string, unknown>> {
  if (!existsSync(path)) return {};
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`${path}: ${reason}. Correct the file; nothing was changed.`);
  }
}

/** The environment variable of a setting: `rpc.laddr` is TRIBUTARYD_RPC_LADDR. */
export function environmentName(name: string): string {
  return `${environmentPrefix}_${name.replace(/[.-]/g, "_").toUpperCase()}`;
}

function chosenValue(
  setting: Setting,
  files: Readonly<Record<ConfigFile, Readonly<Record<string, unknown>>>>,
  sources: ConfigSources,
): Setting["value"] {
  const flag = sources.flags?.[setting.name];
  if (flag !== undefined) return fromText(setting, flag, `--${setting.name}`);
  const variable = environmentName(setting.name);
  const fromEnvironment = sources.environment?.[variable];
  if (fromEnvironment !== undefined) return fromText(setting, fromEnvironment, variable);
  let value: unknown = files[setting.file];
  for (const part of setting.name.split(".")) {
    value = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  }
  if (value === undefined) return setting.value;
  return fromToml(setting, value, `${setting.file}.toml: ${setting.name}`);
}

function fromToml(setting: Setting, value: unknown, where: string): Setting["value"] {
  switch (setting.kind) {
    case "text":
      if (typeof value === "string") return value;
      break;
    case "number":
      // The SDK's templates quote some numbers (pruning-keep-recent = "100").
      if (typeof value === "number" || typeof value === "string") return fromText(setting, String(value), where);
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "duration":
      if (typeof value === "string") return fromText(setting, value, where);
      break;
    case "list":
      if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
      if (typeof value === "string") return fromText(setting, value, where);
      break;
    default:
      return impossible(setting.kind);
  }
  throw wrong(setting, JSON.stringify(value), where);
}

function fromText(setting: Setting, text: string, where: string): Setting["value"] {
  switch (setting.kind) {
    case "text":
      return text;
    case "number":
      if (/^\d{1,15}$/.test(text)) return Number(text);
      break;
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      break;
    case "duration": {
      const milliseconds = parseDuration(text);
      if (milliseconds !== undefined) return milliseconds;
      break;
    }
    case "list":
      return text === "" ? [] : text.split(",").map((item) => item.trim());
    default:
      return impossible(setting.kind);
  }
  throw wrong(setting, JSON.stringify(text), where);
}

const wanted: Readonly<Record<Setting["kind"], string>> = {
  text: "text in quotes",
  number: "a whole number, not negative",
  boolean: "true or false",
  duration: 'a duration such as "1s" or "500ms"',
  list: 'a list such as ["a", "b"]',
};

function wrong(setting: Setting, given: string, where: string): ConfigError {
  return new ConfigError(`${where} is ${given}, but must be ${wanted[setting.kind]}. Nothing was changed.`);
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration ("1m30s", "500ms", "0s"), or undefined. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) return undefined;
  return Math.round(parts.reduce((total, [, amount, unit]) => total + Number(amount) * (unitsMs[unit ?? ""] ?? 0), 0));
}

/** A Go duration of whole milliseconds. */
export function formatDuration(milliseconds: number): string {
  return milliseconds % 1_000 === 0 ? `${milliseconds / 1_000}s` : `${milliseconds}ms`;
}

const headings: Readonly<Record<ConfigFile, string>> = {
  config: "Settings of the node: RPC, peers, mempool, consensus. Each can be overridden by an environment variable,",
  app: "Settings of the application and its REST service. Each can be overridden by an environment variable,",
  client: "Settings of the commands that talk to a node. Each can be overridden by an environment variable,",
};

/** The text of a configuration file with defaults, some of them changed. */
export function configFileText(file: ConfigFile, changes: Partial<NodeConfig> = {}): string {
  const lines = [
    `# ${headings[file]}`,
    `# ${environmentName("rpc.laddr")} for rpc.laddr. Keys not listed here are ignored.`,
  ];
  let section = "";
  for (const [name, setting] of Object.entries(settings)) {
    if (setting.file !== file) continue;
    const dot = setting.name.indexOf(".");
    const own = dot < 0 ? "" : setting.name.slice(0, dot);
    if (own !== section) {
      lines.push("", `[${own}]`);
      section = own;
    }
    const value = (changes as Readonly<Record<string, Setting["value"] | undefined>>)[name] ?? setting.value;
    lines.push("", `# ${setting.comment}`, `${setting.name.slice(dot + 1)} = ${tomlText(setting, value)}`);
  }
  return `${lines.join("\n")}\n`;
}

function tomlText(setting: Setting, value: Setting["value"]): string {
  return JSON.stringify(setting.kind === "duration" ? formatDuration(Number(value)) : value);
}

/** How many versions of the state are kept (`pruning`). Throws ConfigError for an unknown strategy. */
export function keptVersions(config: Pick<NodeConfig, "pruning" | "pruningKeepRecent">): number {
  switch (config.pruning) {
    case "default":
      return settings.pruningKeepRecent.value;
    case "nothing":
      return Number.MAX_SAFE_INTEGER;
    case "everything":
      return 2;
    case "custom":
      if (config.pruningKeepRecent >= 1) return config.pruningKeepRecent;
      throw new ConfigError("app.toml: pruning-keep-recent is 0, but must be at least 1. Nothing was changed.");
    default:
      throw new ConfigError(
        `app.toml: pruning is "${config.pruning}", but must be default, nothing, everything or custom. Nothing was changed.`,
      );
  }
}
