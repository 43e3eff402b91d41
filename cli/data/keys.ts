// Owns the keys of private texts in a home: the secret key that content keys are wrapped for, the content keys of datanets, and the commands
// that wrap, unwrap, seal and open with them. The cryptography is node/data/content-key.ts; wrapped keys are published with `tx datanet`.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import {
  ContentKeyError,
  type ContentKeyPlace,
  encryptionPublicKey,
  newKey,
  openText,
  sealedKeyVersion,
  sealText,
  unwrapContentKey,
  wrapContentKey,
} from "../../node/data/content-key.ts";
import { fromHex, hex } from "../../proto/bytes.ts";
import { CliError, usageError } from "../errors.ts";
import { readJsonFile, writeFileAtomic } from "../files.ts";
import { option, wholeBigint, wholeNumber, withOptions } from "../options.ts";
import { printLine } from "../output.ts";
import { Settings } from "../settings.ts";

/** Only the owner of the home may read keys. */
const SECRET_MODE = 0o600;

/** Adds the commands of keys to `data`. */
export function addKeyCommands(data: Command): void {
  data
    .command("key")
    .description("Print the public key for content keys to be wrapped for; made when there is none")
    .action((_options: unknown, made: Command) => {
      printLine(hex(homePublicKey(new Settings(made))));
    });
  ofDatanet(data, "new-content-key", "Make the content key of a datanet, under the number `rotate-key` gave it").action(
    (datanetId: bigint, keyVersion: number, _options: unknown, made: Command) =>
      makeContentKey(new Settings(made), { datanetId, keyVersion }),
  );
  ofDatanet(data, "wrap-key", "Wrap a content key for an account; `tx datanet grant-access` publishes it")
    .argument("<account>")
    .argument("<public-key>", "What `data key` printed for that account, in hexadecimal")
    .action((datanetId: bigint, keyVersion: number, account: string, key: string, _options: unknown, made: Command) => {
      const settings = new Settings(made);
      printLine(hex(wrapFor(settings, placeOf(settings, { datanetId, keyVersion }), account, hexArgument(key))));
    });
  ofDatanet(data, "unwrap-key", "Keep a content key that was wrapped for this home")
    .argument("<account>")
    .argument("<wrapped-key>", "What `query datanet access-grants-of` shows, in hexadecimal or base64")
    .action((datanetId: bigint, keyVersion: number, account: string, key: string, _options: unknown, made: Command) => {
      const settings = new Settings(made);
      const place = placeOf(settings, { datanetId, keyVersion });
      const wrapped = /^(?:[0-9a-fA-F]{2})+$/.test(key) ? hexArgument(key) : new Uint8Array(Buffer.from(key, "base64"));
      acceptKey(settings, place, account, wrapped);
    });
  ofDatanet(data, "seal", "Encrypt a text under a content key")
    .argument("<file>")
    .argument("<sealed-file>")
    .action((datanetId: bigint, keyVersion: number, from: string, to: string, _options: unknown, made: Command) => {
      const settings = new Settings(made);
      const place = placeOf(settings, { datanetId, keyVersion });
      writeFileAtomic(to, sealText(readFileSync(from), contentKey(settings, place), place));
    });
  withOptions(
    data
      .command("open")
      .description("Decrypt a sealed text")
      .argument("<datanet>", "The datanet's number", wholeBigint)
      .argument("<sealed-file>")
      .argument("<file>"),
    [chainOption()],
  ).action((datanetId: bigint, from: string, to: string, _options: unknown, made: Command) => {
    const settings = new Settings(made);
    const sealed = new Uint8Array(readFileSync(from));
    const place = placeOf(settings, { datanetId, keyVersion: tried(() => sealedKeyVersion(sealed)) });
    const text = tried(() => openText(sealed, contentKey(settings, place), place));
    writeFileAtomic(to, text, SECRET_MODE);
  });
}

function chainOption() {
  return option("--chain-id <id>", "The chain the datanet is on");
}

function ofDatanet(data: Command, name: string, description: string): Command {
  return withOptions(
    data
      .command(name)
      .description(description)
      .argument("<datanet>", "The datanet's number", wholeBigint)
      .argument("<key-version>", "The datanet's `key_version`", wholeNumber),
    [chainOption()],
  );
}

/** Where a content key belongs. Throws when the chain is not known. */
function placeOf(settings: Settings, place: Omit<ContentKeyPlace, "chainId">): ContentKeyPlace {
  const chainId = settings.chainId();
  if (chainId === undefined || chainId === "") throw usageError("the chain is not named", "give --chain-id");
  return { ...place, chainId };
}

/** The content key of a place, wrapped for an account's public key. Throws CliError without one, or for a key that is none. */
export function wrapFor(
  settings: Settings,
  place: ContentKeyPlace,
  account: string,
  publicKey: Uint8Array,
): Uint8Array {
  return tried(() => wrapContentKey(contentKey(settings, place), publicKey, account, place));
}

/** Keeps a content key that was wrapped for this home. Throws CliError when it was not. */
export function acceptKey(settings: Settings, place: ContentKeyPlace, account: string, wrapped: Uint8Array): void {
  keepContentKey(
    settings,
    place,
    tried(() => unwrapContentKey(wrapped, secretKey(settings, false), account, place)),
  );
}

/** The content key of a place, from this home. Throws CliError when there is none. */
export function contentKey(settings: Settings, place: ContentKeyPlace): Uint8Array {
  const key = readKeys(settings)[nameOf(place)];
  if (key === undefined) {
    throw new CliError(
      `this home has no content key ${place.keyVersion} of datanet ${place.datanetId} on ${place.chainId}`,
      "its owner makes it with `tributaryd data new-content-key`; who was granted it takes it with `tributaryd data unwrap-key`",
    );
  }
  return fromHex(key);
}

function makeContentKey(settings: Settings, where: Omit<ContentKeyPlace, "chainId">): void {
  const place = placeOf(settings, where);
  if (readKeys(settings)[nameOf(place)] !== undefined) {
    throw new CliError(
      `there is a content key ${place.keyVersion} of datanet ${place.datanetId} already`,
      "a new one needs a new number, from `tributaryd tx datanet rotate-key`; nothing was changed",
    );
  }
  keepContentKey(settings, place, newKey());
}

function keepContentKey(settings: Settings, place: ContentKeyPlace, key: Uint8Array): void {
  const keys = { ...readKeys(settings), [nameOf(place)]: hex(key) };
  writeFileAtomic(keysPath(settings), `${JSON.stringify(keys, null, 2)}\n`, SECRET_MODE);
  printLine(`kept content key ${place.keyVersion} of datanet ${place.datanetId}; back up ${keysPath(settings)}`);
}

function nameOf({ chainId, datanetId, keyVersion }: ContentKeyPlace): string {
  return `${chainId}/${datanetId}/${keyVersion}`;
}

function keysPath(settings: Settings): string {
  return join(settings.paths.config, "content_keys.json");
}

function readKeys(settings: Settings): Readonly<Record<string, string>> {
  const path = keysPath(settings);
  if (!existsSync(path)) return {};
  const keys = readJsonFile(path);
  const isWhole =
    typeof keys === "object" && keys !== null && Object.values(keys).every((key) => /^[0-9a-f]{64}$/.test(String(key)));
  if (!isWhole) throw new CliError(`${path} is damaged`, "restore it from a copy; it was not changed");
  return keys as Readonly<Record<string, string>>;
}

/** The public key that content keys are wrapped for; made when there is none. */
export function homePublicKey(settings: Settings): Uint8Array {
  return encryptionPublicKey(secretKey(settings, true));
}

/** The home's own secret key. */
function secretKey(settings: Settings, make: boolean): Uint8Array {
  const path = join(settings.paths.config, "encryption_key.json");
  if (!existsSync(path)) {
    if (!make) throw new CliError("this home has no key to unwrap with", "`tributaryd data key` makes one");
    writeFileAtomic(path, `${JSON.stringify({ type: "x25519", secret: hex(newKey()) })}\n`, SECRET_MODE);
  }
  const { secret } = readJsonFile(path) as { readonly secret?: unknown };
  if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) {
    throw new CliError(`${path} is damaged`, "restore it from a copy; it was not changed");
  }
  return fromHex(secret);
}

function hexArgument(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) throw usageError("a key is not hexadecimal", "nothing was changed");
  return fromHex(text.toLowerCase());
}

function tried<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof ContentKeyError) throw new CliError(error.message, "nothing was written");
    throw error;
  }
}
