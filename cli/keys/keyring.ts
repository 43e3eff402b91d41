// Owns the keys a person has: named records over an encrypted folder (key-files.ts), as the SDK 0.53's keyring stores them
// (crypto/keyring/keyring.go): `<name>.info` holds the protobuf Record, `<hex address>.address` holds the name of that item.
// It signs with them. It asks nothing (the folder asks for its passphrase) and prints nothing.
import { join } from "node:path";
import { decode, encode, packAny, unpackAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError, usageError } from "../errors.ts";
import { maxKeyNameCharacters } from "../limits.ts";
import { decryptPrivateKey, encryptPrivateKey } from "./armor.ts";
import { askedPassphrase, KeyFiles, testPassphrase } from "./key-files.ts";
import { type AnyPublicKey, publicKeyAddress, secp256k1Key } from "./public-key.ts";
import { isPrivateKey, publicKeyOf, signSecp256k1 } from "./secp256k1.ts";

/** Where a key's private part is. `local`: in this keyring. `offline` and `multi`: nowhere here. */
export type KeyType = "local" | "offline" | "multi" | "ledger";

/** One key of a keyring. */
export interface KeyRecord {
  readonly name: string;
  readonly type: KeyType;
  readonly publicKey: AnyPublicKey;
  /** Account address, 20 bytes. */
  readonly address: Uint8Array;
}

/** The backends offered. `os`, `kwallet` and `pass` of the Go keyring are not. */
export const keyringBackends = ["test", "file", "memory"] as const;
export type KeyringBackend = (typeof keyringBackends)[number];

type StoredRecord = Messages["cosmos.crypto.keyring.v1.Record"];

const recordName = "cosmos.crypto.keyring.v1.Record";
const infoSuffix = ".info";

/** Opens the keyring of a backend under a folder (the home, or --keyring-dir). Nothing is created until a key is. */
export function openKeyring(backend: string, folder: string): Keyring {
  switch (backend) {
    case "test":
      return new Keyring(new KeyFiles(join(folder, "keyring-test"), testPassphrase));
    case "file":
      return new Keyring(new KeyFiles(join(folder, "keyring-file"), askedPassphrase));
    case "memory":
      return new Keyring(new MemoryItems());
    case "os":
    case "kwallet":
    case "pass":
      throw usageError(
        `the keyring backend ${backend} is not supported`,
        "use --keyring-backend file (encrypted) or test (not encrypted)",
      );
    default:
      throw usageError(
        `unknown keyring backend ${JSON.stringify(backend)}`,
        "use --keyring-backend file (encrypted) or test (not encrypted)",
      );
  }
}

/** What a keyring needs of its folder. */
export interface KeyItems {
  keys(): readonly string[];
  has(key: string): boolean;
  get(key: string): Promise<Uint8Array | undefined>;
  set(key: string, data: Uint8Array): Promise<void>;
  remove(key: string): void;
}

/** Items that vanish with the process (`--dry-run`, `memory`). */
export class MemoryItems implements KeyItems {
  readonly #items = new Map<string, Uint8Array>();
  keys(): readonly string[] {
    return [...this.#items.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }
  has(key: string): boolean {
    return this.#items.has(key);
  }
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#items.get(key);
  }
  async set(key: string, data: Uint8Array): Promise<void> {
    this.#items.set(key, data);
  }
  remove(key: string): void {
    this.#items.delete(key);
  }
}

/** Refuses names that could not be a file name or would be taken for an address. */
export function checkKeyName(name: string): void {
  if (name.trim() === "") throw usageError("the name of a key must not be empty");
  if (name.length > maxKeyNameCharacters)
    throw usageError(`the name of a key may have at most ${maxKeyNameCharacters} characters`);
  if (/\p{Cc}/u.test(name) || name.startsWith(".")) {
    throw usageError(`${JSON.stringify(name)} cannot name a key`, "use letters, digits, dashes");
  }
}

/** Named keys over a folder. */
export class Keyring {
  readonly #items: KeyItems;

  constructor(items: KeyItems) {
    this.#items = items;
  }

  /** All keys, by name. */
  async list(): Promise<readonly KeyRecord[]> {
    const records: KeyRecord[] = [];
    for (const key of this.#items.keys()) {
      if (!key.endsWith(infoSuffix)) continue;
      const stored = await this.#read(key.slice(0, -infoSuffix.length));
      if (stored !== undefined) records.push(toKeyRecord(stored));
    }
    return records;
  }

  /** Whether a key of that name exists. */
  has(name: string): boolean {
    return this.#items.has(name + infoSuffix);
  }

  /** The key of that name, or undefined. */
  async find(name: string): Promise<KeyRecord | undefined> {
    const stored = await this.#read(name);
    return stored === undefined ? undefined : toKeyRecord(stored);
  }

  /** The key of that account address, or undefined. */
  async findByAddress(address: Uint8Array): Promise<KeyRecord | undefined> {
    const data = await this.#items.get(addressItem(address));
    if (data === undefined) return undefined;
    const item = Buffer.from(data).toString("utf8");
    return this.find(item.endsWith(infoSuffix) ? item.slice(0, -infoSuffix.length) : item);
  }

  /** Stores a private key. The same name, or the same address, must not be there yet. */
  async addLocal(name: string, privateKey: Uint8Array): Promise<KeyRecord> {
    if (!isPrivateKey(privateKey)) throw usageError("these bytes are not a secp256k1 private key");
    const publicKey = secp256k1Key(publicKeyOf(privateKey));
    const priv = packAny("cosmos.crypto.secp256k1.PrivKey", { key: privateKey });
    return this.#add({ name, pubKey: publicKey, local: { privKey: priv } });
  }

  /** Stores a public key whose private key is elsewhere. */
  async addOffline(name: string, publicKey: AnyPublicKey): Promise<KeyRecord> {
    return this.#add({ name, pubKey: publicKey, offline: {} });
  }

  /** Stores a multisig key. */
  async addMulti(name: string, publicKey: AnyPublicKey): Promise<KeyRecord> {
    return this.#add({ name, pubKey: publicKey, multi: {} });
  }

  /** Removes a key for good. */
  async delete(name: string): Promise<void> {
    const record = await this.#require(name);
    const index = addressItem(record.address);
    if (this.#items.has(index)) this.#items.remove(index);
    this.#items.remove(name + infoSuffix);
  }

  /** Gives a key another name. The old item goes only after the new one is written. */
  async rename(from: string, to: string): Promise<void> {
    checkKeyName(to);
    const stored = await this.#read(from);
    if (stored === undefined) throw missingKey(from);
    if (this.has(to))
      throw new CliError(`a key named ${to} exists already`, "choose another name; nothing was changed");
    const record = toKeyRecord(stored);
    await this.#items.set(to + infoSuffix, encode(recordName, { ...stored, name: to }));
    await this.#items.set(addressItem(record.address), Buffer.from(to + infoSuffix, "utf8"));
    this.#items.remove(from + infoSuffix);
  }

  /** The signature of a local key over the bytes, 64 bytes. */
  async sign(name: string, bytes: Uint8Array): Promise<Uint8Array> {
    return signSecp256k1(await this.privateKey(name), bytes);
  }

  /** The private key of a local key, 32 bytes. */
  async privateKey(name: string): Promise<Uint8Array> {
    const stored = await this.#read(name);
    if (stored === undefined) throw missingKey(name);
    const priv = stored.local?.privKey;
    if (priv === undefined) {
      throw new CliError(
        `the private key of ${name} is not in this keyring (type ${toKeyRecord(stored).type})`,
        "sign with the key that is, or use `tx sign --multisig` and `tx multi-sign` for a multisig",
      );
    }
    const key = unpackAny(priv);
    if (key.name !== "cosmos.crypto.secp256k1.PrivKey") throw new CliError(`keys of type ${key.name} cannot sign here`);
    return (key.value as Messages["cosmos.crypto.secp256k1.PrivKey"]).key;
  }

  /** The private key as ASCII armor under a passphrase. */
  async exportArmor(name: string, passphrase: string): Promise<string> {
    return encryptPrivateKey(await this.privateKey(name), passphrase);
  }

  /** Stores a key from ASCII armor. */
  async importArmor(name: string, armor: string, passphrase: string): Promise<KeyRecord> {
    return this.addLocal(name, decryptPrivateKey(armor, passphrase));
  }

  async #require(name: string): Promise<KeyRecord> {
    const record = await this.find(name);
    if (record === undefined) throw missingKey(name);
    return record;
  }

  async #read(name: string): Promise<StoredRecord | undefined> {
    const data = await this.#items.get(name + infoSuffix);
    if (data === undefined) return undefined;
    try {
      return decode(recordName, data);
    } catch {
      throw new CliError(
        `the key ${name} is stored in a form this program does not read`,
        "re-import it with `keys import`; it was not changed",
      );
    }
  }

  async #add(
    stored: Parameters<typeof encode<typeof recordName>>[1] & { name: string; pubKey: AnyPublicKey },
  ): Promise<KeyRecord> {
    checkKeyName(stored.name);
    const bytes = encode(recordName, stored);
    const record = toKeyRecord(decode(recordName, bytes));
    if (this.has(stored.name)) {
      throw new CliError(
        `a key named ${stored.name} exists already`,
        "choose another name, or delete it first; nothing was changed",
      );
    }
    const other = await this.findByAddress(record.address);
    if (other !== undefined) {
      throw new CliError(`this key is in the keyring already, under the name ${other.name}`, "nothing was changed");
    }
    await this.#items.set(stored.name + infoSuffix, bytes);
    await this.#items.set(addressItem(record.address), Buffer.from(stored.name + infoSuffix, "utf8"));
    return record;
  }
}

/** The failure of a command that names a key that is not there. */
export function missingKey(name: string): CliError {
  return new CliError(
    `there is no key named ${name}`,
    "list the keys with `tributaryd keys list` (is --keyring-backend or --home another one?)",
  );
}

function addressItem(address: Uint8Array): string {
  return `${Buffer.from(address).toString("hex")}.address`;
}

function toKeyRecord(stored: StoredRecord): KeyRecord {
  if (stored.pubKey === undefined)
    throw new CliError(`the key ${stored.name} has no public key`, "delete it and import it again");
  const type: KeyType =
    stored.local !== undefined
      ? "local"
      : stored.multi !== undefined
        ? "multi"
        : stored.ledger !== undefined
          ? "ledger"
          : "offline";
  return { name: stored.name, type, publicKey: stored.pubKey, address: publicKeyAddress(stored.pubKey) };
}
