// Owns `tributaryd config`: reading and changing the three configuration files by name.

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { readClientConfig } from "./client-config.ts";
import { readToml, setTomlValue, type TomlValue, tomlValue } from "./config-file.ts";
import { usageError } from "./errors.ts";
import { readTextFile } from "./files.ts";
import type { HomePaths } from "./home.ts";
import { outputOption, withOptions } from "./options.ts";
import { printData, printLine, printRaw } from "./output.ts";
import { Settings } from "./settings.ts";
import type { Json } from "./yaml.ts";

const fileNames = ["client", "config", "app"] as const;

/** The path of a configuration file by the name commands call it. */
function pathOf(paths: HomePaths, name: string): string {
  switch (name.replace(/\.toml$/, "")) {
    case "client":
      return paths.clientToml;
    case "config":
      return paths.configToml;
    case "app":
      return paths.appToml;
    default:
      throw usageError(
        `there is no configuration file ${JSON.stringify(name)}`,
        `the files are ${fileNames.join(", ")}`,
      );
  }
}

function toJson(value: TomlValue): Json {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return (value as readonly TomlValue[]).map(toJson);
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner as TomlValue)]));
  return value as string | number | boolean;
}

/** Adds the `config` commands to their group. */
export function addConfigCommands(config: Command): void {
  withOptions(config.command("get <file> <key>").description("Print a setting, such as `config get client chain-id`"), [
    outputOption(),
  ]).action((file: string, key: string, _options: unknown, command: Command) => {
    const { paths } = new Settings(command);
    const value = tomlValue(readToml(pathOf(paths, file)), key);
    if (value === undefined)
      throw usageError(
        `there is no setting ${key} in ${pathOf(paths, file)}`,
        `see \`tributaryd config view ${file}\``,
      );
    const json = toJson(value);
    printLine(typeof json === "string" ? json : JSON.stringify(json));
  });

  config
    .command("set <file> <key> <value>")
    .description("Change a setting, such as `config set client chain-id demo`")
    .action((file: string, key: string, value: string, _options: unknown, command: Command) => {
      const { paths } = new Settings(command);
      setTomlValue(pathOf(paths, file), key, value);
      if (file.startsWith("client")) readClientConfig(paths.clientToml);
    });

  withOptions(config.command("view <file>").description("Print a configuration file"), [outputOption()]).action(
    (file: string, _options: unknown, command: Command) => {
      const settings = new Settings(command);
      const path = pathOf(settings.paths, file);
      const table = readToml(path);
      if (settings.text("output") === "json") printData(toJson(table), "json");
      else printRaw(existsSync(path) ? readTextFile(path) : "");
    },
  );

  config
    .command("home")
    .description("Print the home folder")
    .action((_options: unknown, command: Command) => printLine(new Settings(command).paths.home));
}
