// Owns how the fields of a message are written on a command line: which flags a message gets, and how the text of a flag
// or an argument becomes the JSON of its field. Derived from the descriptors; no message is named here except the few
// whose text form is not their JSON form (coins, times, durations, pages).
import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { parseCoin, parseCoins } from "../../chain/types/coin.ts";
import type { FieldInfo } from "../../proto/descriptor.ts";
import { enumInfo, messageInfo } from "../../proto/registry.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { messageOf, usageError } from "../errors.ts";
import { parseJson, readJsonFile } from "../files.ts";
import { parseGoDuration } from "../go-duration.ts";
import { globalOptions, pageOptions, queryOptions, txOptions } from "../options.ts";
import type { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import { kebabCase, paragraph } from "./names.ts";

type MessageName = keyof Messages & string;

const pageRequestName = "cosmos.base.query.v1beta1.PageRequest";

/** Resolves the name of a key to its address in the form a field wants; undefined when there is no such key. */
export type KeyLookup = (name: string, kind: "account" | "validator" | "consensus") => Promise<string | undefined>;

/** Flags every derived command has; a field of such a name gets another flag. */
const generalFlags: ReadonlySet<string> = new Set(
  [...txOptions(), ...queryOptions(), ...globalOptions()].flatMap((option) => option.long ?? []),
);

/** The name of a field's flag, without dashes: its own name, or `msg-` and its name where that is taken. */
export function flagName(field: FieldInfo): string {
  const name = kebabCase(field.protoName);
  return generalFlags.has(`--${name}`) ? `msg-${name}` : name;
}

/** Adds a flag for every field that is not an argument and not filled in by other means. */
export function addFieldFlags(command: Command, message: MessageName, without: ReadonlySet<string>): void {
  for (const field of messageInfo(message).fields) {
    if (without.has(field.name)) continue;
    if (field.typeName === pageRequestName) {
      for (const option of pageOptions()) command.addOption(option);
      continue;
    }
    const name = flagName(field);
    const help = paragraph(field.comment);
    if (field.type === "bool" && field.repeated !== true) {
      command.addOption(new Option(`--${name}`, help));
      continue;
    }
    const option = new Option(`--${name} <${placeholder(field)}>`, help);
    if (field.repeated === true)
      option.argParser((text: string, previous: string[] | undefined) => [...(previous ?? []), text]);
    command.addOption(option);
  }
}

/** What stands in angle brackets behind a flag. */
export function placeholder(field: FieldInfo): string {
  switch (field.type) {
    case "message":
      return messagePlaceholder(field.typeName ?? "");
    case "enum":
      return "name";
    case "bytes":
      return "hex or base64";
    case "string":
      return /Address/.test(field.scalar ?? "") ? "address" : field.scalar === "cosmos.Dec" ? "decimal" : "text";
    case "bool":
      return "true or false";
    default:
      return "number";
  }
}

function messagePlaceholder(typeName: string): string {
  switch (typeName) {
    case "cosmos.base.v1beta1.Coin":
      return "coins";
    case "google.protobuf.Timestamp":
      return "time";
    case "google.protobuf.Duration":
      return "duration";
    default:
      return "json";
  }
}

/** The JSON of every field that was given as a flag. */
export async function fieldsFromFlags(
  settings: Settings,
  message: MessageName,
  without: ReadonlySet<string>,
  keys: KeyLookup,
): Promise<{ [field: string]: Json }> {
  const json: { [field: string]: Json } = {};
  for (const field of messageInfo(message).fields) {
    if (without.has(field.name)) continue;
    if (field.typeName === pageRequestName) {
      const page = pageFromFlags(settings);
      if (page !== undefined) json[field.protoName] = page;
      continue;
    }
    const value = settings.flag(flagName(field));
    if (value === undefined || value === null) continue;
    if (value === true || value === false) json[field.protoName] = value;
    else {
      const texts = Array.isArray(value) ? value.map(String) : [String(value)];
      json[field.protoName] = await fieldFromTexts(field, texts, `--${flagName(field)}`, keys);
    }
  }
  return json;
}

/** The JSON of one field from the texts given for it; several only for repeated fields. */
export async function fieldFromTexts(
  field: FieldInfo,
  texts: readonly string[],
  source: string,
  keys: KeyLookup,
): Promise<Json> {
  if (field.repeated !== true) return valueFromText(field, texts[0] ?? "", source, keys);
  if (field.typeName === "cosmos.base.v1beta1.Coin") return texts.flatMap((text) => coinsJson(text, source));
  const items: Json[] = [];
  for (const text of texts) {
    if (text.trimStart().startsWith("[")) items.push(...(jsonFromText(text, source) as readonly Json[]));
    else if (field.type === "message" || field.type === "string")
      items.push(await valueFromText(field, text, source, keys));
    else for (const part of text.split(",")) items.push(await valueFromText(field, part.trim(), source, keys));
  }
  return items;
}

async function valueFromText(field: FieldInfo, text: string, source: string, keys: KeyLookup): Promise<Json> {
  switch (field.type) {
    case "string":
      return stringValue(field, text, keys);
    case "bool":
      if (text !== "true" && text !== "false") throw usageError(`${source}: ${text} is neither true nor false`);
      return text === "true";
    case "bytes":
      return bytesFromText(text, source);
    case "enum":
      return enumFromText(field, text, source);
    case "message":
      return messageFromText(field, text, source);
    case "int32":
    case "uint32":
    case "sint32":
    case "fixed32":
    case "sfixed32":
      return Number(wholeFromText(text, source));
    default:
      return wholeFromText(text, source);
  }
}

function wholeFromText(text: string, source: string): string {
  if (!/^-?\d+$/.test(text)) throw usageError(`${source}: ${JSON.stringify(text)} is not a whole number`);
  return BigInt(text).toString();
}

async function stringValue(field: FieldInfo, text: string, keys: KeyLookup): Promise<string> {
  const kind =
    field.scalar === "cosmos.AddressString"
      ? "account"
      : field.scalar === "cosmos.ValidatorAddressString"
        ? "validator"
        : field.scalar === "cosmos.ConsensusAddressString"
          ? "consensus"
          : undefined;
  if (kind === undefined || /^[a-z][a-z0-9]*1[02-9ac-hj-np-z]{38,}$/.test(text)) return text;
  return (await keys(text, kind)) ?? text;
}

/** Bytes as hexadecimal, base64, or `@file` for a file's content; JSON wants base64. */
function bytesFromText(text: string, source: string): string {
  if (text.startsWith("@")) {
    throw usageError(`${source}: files are not read here`, "give the bytes as hexadecimal or base64");
  }
  const plain = text.replace(/^0x/, "");
  if (/^([0-9a-fA-F]{2})*$/.test(plain)) return Buffer.from(plain, "hex").toString("base64");
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return Buffer.from(text, "base64").toString("base64");
  throw usageError(`${source}: ${JSON.stringify(text)} is neither hexadecimal nor base64`);
}

/** An enum value by its full name, its number, or the end of its name in any case: `bonded` for BOND_STATUS_BONDED. */
function enumFromText(field: FieldInfo, text: string, source: string): Json {
  const values = enumInfo(field.typeName ?? "").values;
  // Go's names of values have humps: NoWithVeto.
  const wanted = text
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll("-", "_");
  const found =
    values.find((value) => value.name.toUpperCase() === wanted || String(value.number) === text) ??
    values.find((value) => value.name.toUpperCase().endsWith(`_${wanted}`));
  if (found === undefined) {
    throw usageError(`${source}: ${text} is not one of ${values.map((value) => value.name).join(", ")}`);
  }
  return found.name;
}

function messageFromText(field: FieldInfo, text: string, source: string): Json {
  switch (field.typeName) {
    case "cosmos.base.v1beta1.Coin": {
      try {
        const coin = parseCoin(text);
        return { denom: coin.denom, amount: coin.amount.toString() };
      } catch (error) {
        throw usageError(`${source}: ${messageOf(error)}`, "a coin looks like 1000uopen");
      }
    }
    case "google.protobuf.Duration": {
      const nanoseconds = parseGoDuration(text);
      if (nanoseconds === undefined)
        throw usageError(`${source}: ${JSON.stringify(text)} is not a duration`, "it looks like 90s or 1h30m");
      const fraction = (nanoseconds % 1_000_000_000n).toString().replace("-", "").padStart(9, "0").replace(/0+$/, "");
      return `${nanoseconds / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}s`;
    }
    case "google.protobuf.Timestamp":
      if (Number.isNaN(Date.parse(text)))
        throw usageError(`${source}: ${JSON.stringify(text)} is not a time`, "it looks like 2026-01-31T12:00:00Z");
      return text;
    default:
      return jsonFromText(text, source);
  }
}

function coinsJson(text: string, source: string): Json[] {
  try {
    return parseCoins(text).map((coin) => ({ denom: coin.denom, amount: coin.amount.toString() }));
  } catch (error) {
    throw usageError(`${source}: ${messageOf(error)}`, "coins look like 1000uopen,5ushare");
  }
}

/** JSON given directly, or the name of a file that holds it. */
function jsonFromText(text: string, source: string): Json {
  if (/^\s*[[{"]/.test(text)) return parseJson(text, source) as Json;
  if (existsSync(text)) return readJsonFile(text) as Json;
  throw usageError(
    `${source}: ${JSON.stringify(text)} is neither JSON nor a file`,
    "give JSON, or the path of a JSON file",
  );
}

/** A page request from the --page flags; undefined when none was given. */
function pageFromFlags(settings: Settings): Json | undefined {
  const limit = settings.bigint("page-limit") ?? settings.bigint("limit");
  const offset = settings.bigint("page-offset") ?? settings.bigint("offset");
  const page = settings.bigint("page");
  const key = settings.text("page-key");
  const countTotal = settings.isSet("page-count-total") || settings.isSet("count-total");
  const reverse = settings.isSet("page-reverse") || settings.isSet("reverse");
  if (page !== undefined && (page === 0n || key !== undefined || offset !== undefined)) {
    throw usageError("--page counts from 1 and excludes --page-key and --page-offset");
  }
  const skipped = page === undefined ? offset : (page - 1n) * (limit ?? 100n);
  if (limit === undefined && skipped === undefined && key === undefined && !countTotal && !reverse) return undefined;
  return {
    limit: (limit ?? 0n).toString(),
    offset: (skipped ?? 0n).toString(),
    ...(key === undefined ? {} : { key }),
    count_total: countTotal,
    reverse,
  };
}
