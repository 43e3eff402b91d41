// Owns `tributaryd debug`: showing addresses, keys and bytes in their other forms, line by line as simd's commands print them (SDK client/debug). It
// reads no chain.
import { type Command, Option } from "commander";
import { encodeBech32, parseAddress } from "../chain/types/address.ts";
import { upperHex } from "../chain/types/block-id.ts";
import { aminoPublicKey, type KeyType, PUBLIC_KEY_BYTES, publicKeyAddress } from "../chain/types/public-key.ts";
import { unpackAny } from "../proto/codec.ts";
import { implementationsOf, interfaceNames } from "../proto/interfaces.ts";
import { messageOf, usageError } from "./errors.ts";
import { parseJson } from "./files.ts";
import { publicKeyAddress as addressOfAny, publicKeyFromJson } from "./keys/public-key.ts";
import { option, withOptions } from "./options.ts";
import { printLine } from "./output.ts";
import { Settings } from "./settings.ts";

const prefixOption = () => option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)");

/** Adds the `debug` commands to their group. */
export function addDebugCommands(debug: Command): void {
  addCodec(debug);
  debug
    .command("pubkey <json>")
    .description(
      'Show the address and the bytes of a public key, such as {"@type":"/cosmos.crypto.secp256k1.PubKey","key":"A0RZ..."}',
    )
    .action((text: string) => showPublicKey(text));
  withOptions(
    debug.command("pubkey-raw <key>").description("Show a public key given as hexadecimal, base64 or bech32"),
    [new Option("-t, --type <type>", "The key's type: ed25519 or secp256k1").default("ed25519"), prefixOption()],
  ).action((text: string, options: { type: string }, command: Command) =>
    showRawKey(new Settings(command), text, options.type.toLowerCase()),
  );
  withOptions(debug.command("addr <address>").description("Convert an address between hexadecimal and bech32"), [
    prefixOption(),
  ]).action((text: string, _options: unknown, command: Command) => showAddress(new Settings(command), text));
  debug
    .command("raw-bytes <bytes>")
    .description("Convert bytes as Go prints them, such as '[72 101 108 108 111]', to hexadecimal")
    .action((text: string) => printLine(upperHex(goBytes(text))));
  withOptions(debug.command("prefixes").description("List the prefixes of bech32 addresses"), [prefixOption()]).action(
    (_options: unknown, command: Command) => {
      const { prefix, validatorPrefix, consensusPrefix } = new Settings(command).addresses();
      printForms(prefix, validatorPrefix, consensusPrefix);
    },
  );
}

function addCodec(debug: Command): void {
  const codec = debug.command("codec").description("Show which messages may stand for an interface");
  codec
    .command("list-interfaces")
    .description("List the names of all interfaces")
    .action(() => interfaceNames().forEach(printLine));
  codec
    .command("list-implementations <interface>")
    .description("List the type URLs of the messages that implement an interface, such as cosmos.crypto.PubKey")
    .action((name: string) => implementationsOf(name).forEach(printLine));
}

function printForms(account: string, validator: string, consensus: string): void {
  printLine(`Bech32 Acc: ${account}`);
  printLine(`Bech32 Val: ${validator}`);
  printLine(`Bech32 Con: ${consensus}`);
}

function showPublicKey(text: string): void {
  const key = publicKeyFromJson(parseJson(text, "the key"), "the argument");
  const { value } = unpackAny(key);
  printLine(`Address: ${upperHex(addressOfAny(key))}`);
  // A multisig has no bytes of its own but its encoding.
  const bytes = "key" in value && value.key instanceof Uint8Array ? value.key : key.value;
  printLine(`PubKey Hex: ${Buffer.from(bytes).toString("hex")}`);
}

function showAddress(settings: Settings, text: string): void {
  const codec = settings.addresses();
  const bytes = addressBytes(text, [codec.prefix, codec.validatorPrefix, codec.consensusPrefix]);
  printLine(`Address: [${bytes.join(" ")}]`);
  printLine(`Address (hex): ${upperHex(bytes)}`);
  printForms(codec.account(bytes), codec.validator(bytes), codec.consensus(bytes));
}

function isHex(text: string): boolean {
  return /^([0-9a-fA-F]{2})+$/.test(text);
}

function addressBytes(text: string, prefixes: readonly string[]): Uint8Array {
  if (isHex(text)) return new Uint8Array(Buffer.from(text, "hex"));
  const flaws = prefixes.map((prefix) => {
    try {
      return parseAddress(prefix, text);
    } catch (error) {
      return messageOf(error);
    }
  });
  const found = flaws.find((one) => typeof one !== "string");
  if (found !== undefined) return found as Uint8Array;
  throw usageError(`${JSON.stringify(text)} is neither hexadecimal nor bech32: ${[...new Set(flaws)].join("; ")}`);
}

/** The amino JSON name and the word of each key type. */
const keyNames: Readonly<Record<KeyType, string>> = {
  ed25519: "tendermint/PubKeyEd25519",
  secp256k1: "tendermint/PubKeySecp256k1",
};

interface RawKey {
  readonly type: KeyType;
  readonly bytes: Uint8Array;
}

function showRawKey(settings: Settings, text: string, type: string): void {
  if (type !== "ed25519" && type !== "secp256k1") {
    throw usageError(`there is no key type ${JSON.stringify(type)}`, "it is ed25519 or secp256k1");
  }
  const { prefix } = settings.addresses();
  const prefixes = [`${prefix}pub`, `${prefix}valoperpub`, `${prefix}valconspub`] as const;
  const key = rawKey(text, type, prefixes);
  if (key === undefined) {
    throw usageError(
      `${JSON.stringify(text)} is no public key`,
      "it is hexadecimal, base64 or bech32 of the type's size",
    );
  }
  const forms = prefixes.map((one) => encodeBech32(one, aminoPublicKey(key.type, key.bytes)));
  const isConsensus = key.type === "ed25519";
  if (isConsensus) printLine(`Hex: ${upperHex(key.bytes)}`);
  printLine(`Parsed key as ${key.type}`);
  printLine(`Address: ${upperHex(publicKeyAddress(key.type, key.bytes))}`);
  const value = Buffer.from(key.bytes).toString("base64");
  printLine(`JSON (base64): ${JSON.stringify({ type: keyNames[key.type], value })}`);
  printLine(`Bech32 Acc: ${forms[0]}`);
  printLine(`Bech32 Validator Operator: ${forms[1]}`);
  if (isConsensus) printLine(`Bech32 Validator Consensus: ${forms[2]}`);
}

/** As simd reads it: hexadecimal before base64 before bech32; 33 bytes are a secp256k1 key whatever the flag says. */
function rawKey(text: string, asked: KeyType, prefixes: readonly string[]): RawKey | undefined {
  const encodings = [...(isHex(text) ? (["hex"] as const) : []), "base64" as const];
  for (const encoding of encodings) {
    const bytes = new Uint8Array(Buffer.from(text, encoding));
    if (encoding === "base64" && Buffer.from(bytes).toString("base64") !== text) continue;
    if (bytes.length === PUBLIC_KEY_BYTES.ed25519 && asked === "ed25519") return { type: asked, bytes };
    if (bytes.length === PUBLIC_KEY_BYTES.secp256k1) return { type: "secp256k1", bytes };
  }
  for (const prefix of prefixes) {
    const amino = bech32Bytes(prefix, text);
    if (amino === undefined) continue;
    for (const type of ["ed25519", "secp256k1"] as const) {
      const bytes = amino.slice(-PUBLIC_KEY_BYTES[type]);
      if (bytes.length === PUBLIC_KEY_BYTES[type] && Buffer.compare(aminoPublicKey(type, bytes), amino) === 0)
        return { type, bytes };
    }
  }
  return undefined;
}

function bech32Bytes(prefix: string, text: string): Uint8Array | undefined {
  try {
    return parseAddress(prefix, text);
  } catch {
    return undefined;
  }
}

/** `[10 21 13 255]`, with or without its brackets. */
function goBytes(text: string): Uint8Array {
  const numbers = text.replace(/^\[+|\]+$/g, "").split(" ");
  const bytes = numbers.map((one) => (/^\d{1,3}$/.test(one) && Number(one) <= 255 ? Number(one) : undefined));
  const at = bytes.indexOf(undefined);
  if (at >= 0) throw usageError(`${JSON.stringify(numbers[at])} is no byte`, "bytes are whole numbers of 0 to 255");
  return Uint8Array.from(bytes as number[]);
}
