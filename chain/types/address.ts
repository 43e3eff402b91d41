/**
 * Owns addresses as text and as derivations: bech32 with one prefix and its two validator forms, and the addresses of
 * modules and their sub-accounts (SDK types/address). It does not own keys (public-key.ts) nor store keys.
 * The prefix is consensus (addresses are stored as text inside values), so it is a parameter and never a global.
 */
import { bech32 } from "@scure/base";
import { concat, utf8 } from "../../proto/bytes.ts";
import { sha256 } from "./hash.ts";
import { ADDRESS_BYTES, MAX_ADDRESS_BYTES, MAX_BECH32_CHARACTERS, RECENT_ADDRESSES } from "./limits.ts";
import { RecentResults } from "./recent.ts";

/** The text is not an address of the wanted kind; messages are the SDK's. */
export class AddressError extends Error {
  override name = "AddressError";
}

/** An address of another chain, or of another kind. */
export class AddressPrefixError extends AddressError {
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(`invalid Bech32 prefix; expected ${expected}, got ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

/** Bech32 text of account, operator and consensus addresses under one prefix. */
export class AddressCodec {
  /** Prefix of account addresses, for example `trib`. */
  readonly prefix: string;
  /** Prefix of operator addresses. */
  readonly validatorPrefix: string;
  /** Prefix of consensus addresses. */
  readonly consensusPrefix: string;

  // A transaction names the same few accounts again and again, in its messages, its events and its checks.
  readonly #texts = new RecentResults<string>(RECENT_ADDRESSES);
  readonly #accounts = new RecentResults<Uint8Array>(RECENT_ADDRESSES);

  constructor(prefix: string) {
    if (!/^[a-z][a-z0-9]{0,63}$/.test(prefix))
      throw new AddressError(`invalid Bech32 prefix ${JSON.stringify(prefix)}`);
    this.prefix = prefix;
    this.validatorPrefix = `${prefix}valoper`;
    this.consensusPrefix = `${prefix}valcons`;
  }

  /** Text of an account address. */
  account(bytes: Uint8Array): string {
    if (bytes.length > ADDRESS_BYTES) return encodeAddress(this.prefix, bytes);
    const name = String.fromCharCode.apply(null, bytes as unknown as number[]);
    let text = this.#texts.get(name);
    if (text === undefined) {
      text = encodeAddress(this.prefix, bytes);
      this.#texts.set(name, text);
    }
    return text;
  }
  /** Text of a validator operator's address. */
  validator(bytes: Uint8Array): string {
    return encodeAddress(this.validatorPrefix, bytes);
  }
  /** Text of a consensus address. */
  consensus(bytes: Uint8Array): string {
    return encodeAddress(this.consensusPrefix, bytes);
  }
  /** Reads an account address. Throws AddressError. */
  parseAccount(text: string): Uint8Array {
    let bytes = this.#accounts.get(text);
    if (bytes === undefined) {
      bytes = parseAddress(this.prefix, text);
      if (bytes.length > ADDRESS_BYTES) return bytes;
      this.#accounts.set(text, bytes);
    }
    // A copy: what a caller does to it must not reach the next one.
    return bytes.slice();
  }
  /** Reads an operator address. Throws AddressError. */
  parseValidator(text: string): Uint8Array {
    return parseAddress(this.validatorPrefix, text);
  }
  /** Reads a consensus address. Throws AddressError. */
  parseConsensus(text: string): Uint8Array {
    return parseAddress(this.consensusPrefix, text);
  }
}

/** Prints bytes as bech32 under `prefix`. An address has 1 to 255 bytes. */
export function encodeAddress(prefix: string, bytes: Uint8Array): string {
  checkAddressLength(bytes);
  return encodeBech32(prefix, bytes);
}

/** Reads bech32 under `prefix`. Throws AddressError with the SDK's words. */
export function parseAddress(prefix: string, text: string): Uint8Array {
  if (text.trim() === "") throw new AddressError("empty address string is not allowed");
  const decoded = decodeBech32(text);
  if (decoded.prefix !== prefix) throw new AddressPrefixError(prefix, decoded.prefix);
  checkAddressLength(decoded.bytes);
  return decoded.bytes;
}

/** Prints any bytes as bech32 (BIP-173), without the 90-character limit the SDK lifts too. */
export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  return bech32.encode(prefix, bech32.toWords(bytes), MAX_BECH32_CHARACTERS);
}

/** Reads any bech32 text. Throws AddressError ("decoding bech32 failed: ...", worded as the SDK's library does). */
export function decodeBech32(text: string): { readonly prefix: string; readonly bytes: Uint8Array } {
  const flaw = bech32Flaw(text);
  if (flaw !== undefined) throw new AddressError(`decoding bech32 failed: ${flaw}`);
  const decoded = bech32.decodeUnsafe(text, MAX_BECH32_CHARACTERS);
  if (decoded === undefined) throw new AddressError(`decoding bech32 failed: ${checksumFlaw(text)}`);
  const bytes = bech32.fromWordsUnsafe(decoded.words);
  if (bytes === undefined) throw new AddressError("decoding bech32 failed: invalid incomplete group");
  return { prefix: decoded.prefix, bytes };
}

/** Address of a module account, or of one of its sub-accounts when keys are given (address.Module). */
export function moduleAddress(name: string, ...derivationKeys: readonly Uint8Array[]): Uint8Array {
  const moduleKey = utf8(name);
  const [first, ...rest] = derivationKeys;
  if (first === undefined) return sha256(moduleKey).slice(0, ADDRESS_BYTES);
  const top = hashAddress("module", concat(moduleKey, Uint8Array.of(0), first));
  return rest.reduce(deriveAddress, top);
}

/** A 32-byte address of a kind of account: SHA-256(SHA-256(kind) ‖ key) (address.Hash). */
export function hashAddress(kind: string, key: Uint8Array): Uint8Array {
  return sha256(concat(sha256(utf8(kind)), key));
}

/** Address of a sub-account of `address` (address.Derive). */
export function deriveAddress(address: Uint8Array, key: Uint8Array): Uint8Array {
  return sha256(concat(sha256(address), key));
}

/** The address behind one byte of length, as it stands inside store keys (address.LengthPrefix). */
export function lengthPrefixedAddress(address: Uint8Array): Uint8Array {
  if (address.length > MAX_ADDRESS_BYTES) {
    throw new AddressError(`address length should be max ${MAX_ADDRESS_BYTES} bytes, got ${address.length}`);
  }
  return address.length === 0 ? address : concat(Uint8Array.of(address.length), address);
}

function checkAddressLength(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new AddressError("addresses cannot be empty: unknown address");
  if (bytes.length > MAX_ADDRESS_BYTES) {
    throw new AddressError(`address max length is ${MAX_ADDRESS_BYTES}, got ${bytes.length}: unknown address`);
  }
}

/** What is wrong with the text before its checksum is looked at, if anything. */
function bech32Flaw(text: string): string | undefined {
  if (text.length < 8 || text.length > MAX_BECH32_CHARACTERS) return `invalid bech32 string length ${text.length}`;
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    if (point < 33 || point > 126) return `invalid character in string: '${character}'`;
  }
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) {
    return "string not all lowercase or all uppercase";
  }
  const separator = text.lastIndexOf("1");
  if (separator < 1 || separator + 7 > text.length) return `invalid separator index ${separator}`;
  const strange = /[^qpzry9x8gf2tvdw0s3jn54khce6mua7l]/.exec(text.slice(separator + 1).toLowerCase());
  return strange === null ? undefined : `invalid character not part of charset: ${strange[0].charCodeAt(0)}`;
}

function checksumFlaw(text: string): string {
  const lower = text.toLowerCase();
  const separator = lower.lastIndexOf("1");
  const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  const words = [...lower.slice(separator + 1, -6)].map((letter) => letters.indexOf(letter));
  const expected = bech32.encode(lower.slice(0, separator), words, MAX_BECH32_CHARACTERS).slice(-6);
  return `invalid checksum (expected ${expected} got ${lower.slice(-6)})`;
}
