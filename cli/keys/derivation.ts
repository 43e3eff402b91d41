// Owns the way from words to a private key: BIP-39 mnemonics, BIP-32 derivation along a BIP-44 path, coin type 118.
// It stores nothing and prints nothing.
import { createHash, pbkdf2Sync, randomBytes } from "node:crypto";
import { Bip39, EnglishMnemonic, Slip10, Slip10Curve, stringToPath } from "@cosmjs/crypto";
import { messageOf, usageError } from "../errors.ts";

/** SLIP-44 coin type of Cosmos chains. */
export const cosmosCoinType = 118;
/** Entropy of a new mnemonic: 32 bytes, 24 words. */
const mnemonicEntropyBytes = 32;
/** Largest index a path component may carry (the hardened bit is not part of it). */
const maxPathIndex = 0x7fffffff;

/** A fresh mnemonic of 24 English words from the system's entropy. */
export function newMnemonic(): string {
  return mnemonicFromEntropy(randomBytes(mnemonicEntropyBytes));
}

/** The English mnemonic of an entropy of 16 to 32 bytes (a multiple of 4). */
export function mnemonicFromEntropy(entropy: Uint8Array): string {
  return Bip39.encode(entropy).toString();
}

/** The mnemonic of a person's own entropy, hashed as simd does (`keys mnemonic --unsafe-entropy`). */
export function mnemonicFromText(text: string): string {
  return mnemonicFromEntropy(createHash("sha256").update(text, "utf8").digest());
}

/** The mnemonic with single spaces and in lower case; throws when it is not a valid one. */
export function normalMnemonic(words: string): string {
  const normal = words.trim().toLowerCase().split(/\s+/).join(" ");
  try {
    return new EnglishMnemonic(normal).toString();
  } catch (error) {
    const count = normal === "" ? 0 : normal.split(" ").length;
    const reason = /checksum/i.test(messageOf(error))
      ? "its checksum does not match, so a word is wrong or out of place"
      : /wordlist|word list|not in/i.test(messageOf(error))
        ? "one of its words is not in the English word list"
        : `it has ${count} words (12, 15, 18, 21 or 24 are possible)`;
    throw usageError(`invalid mnemonic: ${reason}`, "nothing was stored; check the words and their order");
  }
}

/** The 64-byte BIP-39 seed of a mnemonic. */
export function mnemonicSeed(mnemonic: string, passphrase = ""): Uint8Array {
  const words = mnemonic.normalize("NFKD");
  return pbkdf2Sync(words, `mnemonic${passphrase.normalize("NFKD")}`, 2048, 64, "sha512");
}

/** The BIP-44 path `m/44'/<coinType>'/<account>'/0/<index>`. */
export function hdPath(coinType: number, account: number, index: number): string {
  for (const [name, value] of [
    ["coin type", coinType],
    ["account", account],
    ["index", index],
  ] as const) {
    if (!Number.isInteger(value) || value < 0 || value > maxPathIndex) {
      throw usageError(`the ${name} must be a whole number from 0 to ${maxPathIndex}, not ${value}`);
    }
  }
  return `m/44'/${coinType}'/${account}'/0/${index}`;
}

/** The 32-byte secp256k1 private key a mnemonic gives on a derivation path such as `m/44'/118'/0'/0/0`. */
export function derivePrivateKey(mnemonic: string, path: string, passphrase = ""): Uint8Array {
  let components: ReturnType<typeof stringToPath>;
  try {
    components = stringToPath(path.startsWith("m") ? path : `m/${path}`);
  } catch (error) {
    throw usageError(`invalid derivation path ${path}: ${messageOf(error)}`, "a path looks like m/44'/118'/0'/0/0");
  }
  return Slip10.derivePath(Slip10Curve.Secp256k1, mnemonicSeed(mnemonic, passphrase), components).privkey;
}
