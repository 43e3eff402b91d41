// Owns the folder of a keyring: one encrypted file an item, in the format of the Go keyring (github.com/99designs/keyring,
// file backend), so that either program opens the other's folder. A file is a compact JWE (PBES2-HS256+A128KW, A256GCM)
// around {"Key","Data",...}. It knows nothing of what the data means (keyring.ts does).
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import bcrypt from "bcryptjs";
import { CompactEncrypt, compactDecrypt } from "jose";
import { CliError, messageOf } from "../errors.ts";
import { makeFolder, parseJson, readTextFile, writeFileAtomic } from "../files.ts";
import { bcryptCost, keyFileIterations, maxKeyFileIterations, maxPassphraseAttempts } from "../limits.ts";
import { notice } from "../output.ts";
import { askNewPassphrase, askPassphrase } from "../prompt.ts";

/** How a folder's passphrase is obtained, once per command. */
export type PassphraseSource = (folder: string) => Promise<string>;

/** The `test` backend: no secret at all. */
export const testPassphrase: PassphraseSource = async () => "test";

/** The `file` backend: asked for, and checked against the bcrypt hash in `keyhash`; chosen on first use. */
export const askedPassphrase: PassphraseSource = async (folder) => {
  const hashFile = join(folder, "keyhash");
  if (!existsSync(hashFile)) {
    const passphrase = await askNewPassphrase("Enter keyring passphrase (attempt 1/3):");
    writeFileAtomic(hashFile, bcrypt.hashSync(passphrase, bcryptCost), 0o600);
    return passphrase;
  }
  const hash = readFileSync(hashFile, "utf8").trim();
  if (!/^\$2[abxy]\$\d\d\$/.test(hash)) {
    throw new CliError(
      `${hashFile} is damaged: it holds no bcrypt hash`,
      "restore it from a backup; the keys beside it were not touched",
    );
  }
  for (let attempt = 1; attempt <= maxPassphraseAttempts; attempt++) {
    const passphrase = await askPassphrase(
      `Enter keyring passphrase (attempt ${attempt}/${maxPassphraseAttempts}):`,
      0,
    );
    if (bcrypt.compareSync(passphrase, hash)) return passphrase;
    notice("incorrect passphrase");
  }
  throw new CliError("too many failed passphrase attempts", "nothing was changed");
};

/** Names become file names: `/` and `%` are escaped as the Go keyring does. */
function fileName(key: string): string {
  return key.replace(/[/%]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

function itemKey(name: string): string {
  return name.replace(/%([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The encrypted items of one folder. */
export class KeyFiles {
  readonly #folder: string;
  readonly #source: PassphraseSource;
  #passphrase: string | undefined;

  constructor(folder: string, source: PassphraseSource) {
    this.#folder = folder;
    this.#source = source;
  }

  /** The folder the items lie in. */
  get folder(): string {
    return this.#folder;
  }

  /** The keys of all items, sorted; empty when the folder does not exist. No passphrase is needed. */
  keys(): readonly string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => !name.startsWith("."))
      .map(itemKey)
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Whether an item exists. */
  has(key: string): boolean {
    return existsSync(this.#path(key));
  }

  /** The data of an item, or undefined when there is none. */
  async get(key: string): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    if (!existsSync(path)) return undefined;
    const passphrase = await this.#unlock();
    let payload: string;
    try {
      const { plaintext } = await compactDecrypt(readTextFile(path).trim(), Buffer.from(passphrase, "utf8"), {
        keyManagementAlgorithms: ["PBES2-HS256+A128KW"],
        contentEncryptionAlgorithms: ["A256GCM"],
        maxPBES2Count: maxKeyFileIterations,
      });
      payload = Buffer.from(plaintext).toString("utf8");
    } catch (error) {
      throw new CliError(
        `${path} could not be decrypted: ${messageOf(error)}`,
        "the passphrase is not the one it was written with, or the file is damaged; it was not changed",
      );
    }
    const item = parseJson(payload, path);
    const data = typeof item === "object" && item !== null && "Data" in item ? item.Data : undefined;
    if (typeof data !== "string") throw new CliError(`${path} holds no key item`, "restore it from a backup");
    return new Uint8Array(Buffer.from(data, "base64"));
  }

  /** Writes an item, replacing one of the same key. */
  async set(key: string, data: Uint8Array): Promise<void> {
    const path = this.#path(key);
    const passphrase = await this.#unlock();
    // The member names and their order are what Go's encoding/json makes of keyring.Item.
    const item = JSON.stringify({
      Key: key,
      Data: Buffer.from(data).toString("base64"),
      Label: "",
      Description: "",
      KeychainNotTrustApplication: false,
      KeychainNotSynchronizable: false,
    });
    const token = await new CompactEncrypt(Buffer.from(item, "utf8"))
      .setProtectedHeader({ alg: "PBES2-HS256+A128KW", created: new Date().toISOString(), enc: "A256GCM" })
      .setKeyManagementParameters({ p2c: keyFileIterations })
      .encrypt(Buffer.from(passphrase, "utf8"));
    writeFileAtomic(path, token, 0o600);
  }

  /** Removes an item; none of that key is an error. */
  remove(key: string): void {
    const path = this.#path(key);
    if (!existsSync(path)) throw new CliError(`${path} does not exist`);
    rmSync(path);
  }

  #path(key: string): string {
    return join(this.#folder, fileName(key));
  }

  async #unlock(): Promise<string> {
    makeFolder(this.#folder, 0o700);
    this.#passphrase ??= await this.#source(this.#folder);
    return this.#passphrase;
  }
}
