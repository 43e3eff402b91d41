// Owns the ASCII armor of exported keys, compatible with the Go SDK 0.53 (crypto/armor.go): OpenPGP armor (RFC 4880
// section 6) around a private key encrypted under a passphrase.
//   write: kdf argon2 (argon2id, t=1, m=64 MiB, p=4), ChaCha20-Poly1305 with the zero nonce (the key is fresh per salt)
//   read:  that, and the older kdf bcrypt (cost 12, hashed by SHA-256) with XSalsa20-Poly1305
// It stores nothing.
import { createHash, randomBytes } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { argon2id } from "@noble/hashes/argon2.js";
import bcrypt from "bcryptjs";
import { CliError } from "../errors.ts";

const privateKeyBlock = "TENDERMINT PRIVATE KEY";
const publicKeyBlock = "TENDERMINT PUBLIC KEY";
const argon2 = { t: 1, m: 64 * 1024, p: 4, dkLen: 32 };
const bcryptCost = 12;
const saltBytes = 16;
const lineCharacters = 64;

// go-amino's registered prefix of cosmos secp256k1 private keys, then the length 32 (SDK crypto/keys/secp256k1).
const aminoSecp256k1PrivateKey = Uint8Array.of(0xe1, 0xb0, 0xf7, 0x9b, 0x20);

/** One armored block. */
export interface ArmorBlock {
  readonly type: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
}

/** CRC-24 of RFC 4880 section 6.1. */
export function crc24(data: Uint8Array): number {
  let crc = 0xb704ce;
  for (const byte of data) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return crc & 0xffffff;
}

function crcHex(data: Uint8Array): string {
  return crc24(data).toString(16).padStart(6, "0");
}

/** Renders one block; headers in the order given. */
export function encodeArmor(block: ArmorBlock): string {
  const body = Buffer.from(block.data).toString("base64");
  const lines: string[] = [];
  for (let start = 0; start < body.length; start += lineCharacters)
    lines.push(body.slice(start, start + lineCharacters));
  const crc = crc24(block.data);
  const checksum = Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString("base64");
  const headers = [...block.headers].map(([name, value]) => `${name}: ${value}`);
  return [
    `-----BEGIN ${block.type}-----`,
    ...headers,
    "",
    ...lines,
    `=${checksum}`,
    `-----END ${block.type}-----`,
  ].join("\n");
}

/** Reads the first block in a text. A checksum, when there is one, must match. */
export function decodeArmor(text: string): ArmorBlock {
  const lines = text.split("\n").map((line) => line.trim());
  const start = lines.findIndex((line) => /^-----BEGIN .+-----$/.test(line));
  if (start < 0)
    throw new CliError("no armored key found", "it starts with a line such as -----BEGIN TENDERMINT PRIVATE KEY-----");
  const type = lines[start]!.slice("-----BEGIN ".length, -"-----".length);
  const end = lines.indexOf(`-----END ${type}-----`, start);
  if (end < 0)
    throw new CliError(`the armored key has no line -----END ${type}-----`, "copy it whole, with its last line");
  const blank = lines.indexOf("", start);
  if (blank < 0 || blank > end)
    throw new CliError("the armored key has no empty line after its headers", "copy it whole");
  const headers = new Map<string, string>();
  for (const line of lines.slice(start + 1, blank)) {
    const colon = line.indexOf(": ");
    if (colon <= 0) throw new CliError(`the armored key has a header that is not one: ${line}`, "copy it whole");
    headers.set(line.slice(0, colon), line.slice(colon + 2));
  }
  let body = lines.slice(blank + 1, end).filter((line) => line !== "");
  const last = body.at(-1);
  let checksum: string | undefined;
  if (last?.startsWith("=") && last.length === 5) {
    checksum = last.slice(1);
    body = body.slice(0, -1);
  }
  const encoded = body.join("");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded))
    throw new CliError("the armored key is not valid base64", "copy it whole");
  const data = new Uint8Array(Buffer.from(encoded, "base64"));
  if (checksum !== undefined && Buffer.from(checksum, "base64").toString("hex") !== crcHex(data)) {
    throw new CliError(
      "the armored key is damaged: its checksum does not match",
      "copy it again from where it was exported",
    );
  }
  return { type, headers, data };
}

/** A secp256k1 private key, encrypted under the passphrase and armored. */
export function encryptPrivateKey(privateKey: Uint8Array, passphrase: string): string {
  const salt = randomBytes(saltBytes);
  const key = argon2id(Buffer.from(passphrase, "utf8"), salt, argon2);
  const plain = Buffer.concat([aminoSecp256k1PrivateKey, privateKey]);
  const data = chacha20poly1305(key, new Uint8Array(12)).encrypt(plain);
  const headers = new Map([
    ["kdf", "argon2"],
    ["salt", salt.toString("hex").toUpperCase()],
    ["type", "secp256k1"],
  ]);
  return encodeArmor({ type: privateKeyBlock, headers, data });
}

/** Opens an armored private key; 32 bytes. Throws on a wrong passphrase. */
export function decryptPrivateKey(armor: string, passphrase: string): Uint8Array {
  const block = decodeArmor(armor);
  if (block.type !== privateKeyBlock) {
    throw new CliError(`the armor holds a ${block.type}, not a private key`, "use the output of `keys export`");
  }
  const algorithm = block.headers.get("type") ?? "secp256k1";
  if (algorithm !== "secp256k1") {
    throw new CliError(`the key is of type ${algorithm}; only secp256k1 account keys are supported`);
  }
  const saltText = block.headers.get("salt") ?? "";
  if (!/^([0-9A-Fa-f]{2})+$/.test(saltText)) throw new CliError("the armored key has no salt", "copy it whole");
  const plain = openSealed(block.data, Buffer.from(saltText, "hex"), passphrase, block.headers.get("kdf") ?? "");
  if (plain.length !== 37 || aminoSecp256k1PrivateKey.some((byte, index) => plain[index] !== byte)) {
    throw new CliError("the armor holds something other than a secp256k1 private key");
  }
  return plain.slice(5);
}

function openSealed(data: Uint8Array, salt: Uint8Array, passphrase: string, kdf: string): Uint8Array {
  const wrong = new CliError("wrong passphrase, or a damaged key", "nothing was stored; try again");
  switch (kdf) {
    case "argon2": {
      const key = argon2id(Buffer.from(passphrase, "utf8"), salt, argon2);
      try {
        return chacha20poly1305(key, new Uint8Array(12)).decrypt(data);
      } catch {
        throw wrong;
      }
    }
    case "bcrypt": {
      // The SDK's own bcrypt takes the salt as an argument and hashes the whole text form of the result.
      if (salt.length !== saltBytes)
        throw new CliError(`the armored key has a salt of ${salt.length} bytes, not ${saltBytes}`);
      const hash = bcrypt.hashSync(passphrase, `$2a$${bcryptCost}$${bcrypt.encodeBase64(salt, saltBytes)}`);
      const key = createHash("sha256").update(hash, "utf8").digest();
      if (data.length < 24) throw wrong;
      try {
        return xsalsa20poly1305(key, data.subarray(0, 24)).decrypt(data.subarray(24));
      } catch {
        throw wrong;
      }
    }
    default:
      throw new CliError(`the key derivation ${JSON.stringify(kdf)} is not known; argon2 and bcrypt are`);
  }
}

/** A public key as an armored block; `bytes` is the protobuf of an Any. */
export function armorPublicKey(bytes: Uint8Array, algorithm: string): string {
  const headers = new Map([
    ["type", algorithm],
    ["version", "0.0.1"],
  ]);
  return encodeArmor({ type: publicKeyBlock, headers, data: bytes });
}
