// Owns changing one setting of a TOML file in place, so that the comments around it and the order of everything else stay
// as the operator left them. It does not know what the settings mean (node/config.ts does).
import { existsSync } from "node:fs";
import { parse } from "smol-toml";
import { CliError, messageOf, usageError } from "./errors.ts";
import { readTextFile, writeFileAtomic } from "./files.ts";
import type { HomePaths } from "./home.ts";

/** A TOML value as the commands read and print it. */
export type TomlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | readonly TomlValue[]
  | { readonly [key: string]: TomlValue };

/** Parses a TOML file; a syntax error names the file. */
export function readToml(path: string): { readonly [key: string]: TomlValue } {
  if (!existsSync(path))
    throw new CliError(
      `${path} does not exist`,
      "make the home folder with `tributaryd init`, or name another with --home",
    );
  try {
    return parse(readTextFile(path)) as { readonly [key: string]: TomlValue };
  } catch (error) {
    throw new CliError(`${path} is not valid TOML: ${messageOf(error)}`, "correct the file; it was not changed");
  }
}

/** The value at `section.key`, or undefined. */
export function tomlValue(table: { readonly [key: string]: TomlValue }, key: string): TomlValue | undefined {
  let value: TomlValue | undefined = table;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Date) return undefined;
    value = (value as { readonly [key: string]: TomlValue })[part];
  }
  return value;
}

/** The text with the value at `section.key` replaced; the key must be there. */
export function withTomlValue(text: string, key: string, value: string | number | boolean): string {
  const parts = key.split(".");
  const name = parts.at(-1)!;
  const section = parts.slice(0, -1).join(".");
  const lines = text.split("\n");
  let current = "";
  for (const [index, line] of lines.entries()) {
    const header = /^\s*\[([^\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) current = header.trim();
    else if (current === section) {
      const match = /^(\s*)([A-Za-z0-9_-]+)(\s*=\s*)/.exec(line);
      if (match?.[2] === name) {
        lines[index] = `${match[1]}${name}${match[3]}${JSON.stringify(value)}`;
        return lines.join("\n");
      }
    }
  }
  throw usageError(`there is no setting ${key} in that file`, "see the settings with `tributaryd config view`");
}

/** Replaces one setting of a file. The text given becomes a value of the type that is there. */
export function setTomlValue(path: string, key: string, text: string): void {
  const present = tomlValue(readToml(path), key);
  if (present === undefined || (typeof present === "object" && !Array.isArray(present))) {
    throw usageError(`there is no setting ${key} in ${path}`, "see the settings with `tributaryd config view`");
  }
  let value: string | number | boolean;
  if (typeof present === "boolean") {
    if (text !== "true" && text !== "false")
      throw usageError(`${key} is true or false, not ${text}`, "the file was not changed");
    value = text === "true";
  } else if (typeof present === "number" || typeof present === "bigint") {
    value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value))
      throw usageError(`${key} is a number, not ${text}`, "the file was not changed");
  } else if (Array.isArray(present)) {
    throw usageError(`${key} is a list and is not changed by this command`, `edit ${path}`);
  } else {
    value = text;
  }
  const changed = withTomlValue(readTextFile(path), key, value);
  parse(changed);
  writeFileAtomic(path, changed);
}

/** The moniker in config.toml, or undefined when there is none. */
export function readMoniker(paths: HomePaths): string | undefined {
  if (!existsSync(paths.configToml)) return undefined;
  const moniker = tomlValue(readToml(paths.configToml), "moniker");
  return typeof moniker === "string" && moniker !== "" ? moniker : undefined;
}

/** Writes the peers of the genesis transactions into config.toml, as collect-gentxs does. */
export function setPersistentPeers(paths: HomePaths, peers: readonly string[]): void {
  if (!existsSync(paths.configToml)) return;
  writeFileAtomic(
    paths.configToml,
    withTomlValue(readTextFile(paths.configToml), "p2p.persistent_peers", peers.join(",")),
  );
}
