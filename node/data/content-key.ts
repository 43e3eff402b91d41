/**
 * Owns the encryption of private records: sealing a text under a datanet's content key, and wrapping that key for one account. What is
 * exchanged, and named by a record's `content_hash`, is the sealed text; who has no key sees its length and nothing else. It does not own
 * where wrapped keys are kept (access grants of modules/datanet) nor who gets one.
 *
 * Sealed text: 1 byte format (1), 4 bytes key version, 32 bytes salt, ChaCha20-Poly1305 of the text. Its key is HKDF-SHA256 of the
 * content key with the salt, and the salt the same of the content key with the text's hash: each text has a key of its own, so the nonce is
 * zero and no count of texts wears the content key out. Who has no key learns that two sealed texts are equal, which text roots tell anyway.
 * Wrapped key: 1 byte format (1), 32 bytes ephemeral X25519 public key, ChaCha20-Poly1305 of the content key. Its key is HKDF-SHA256 of
 * the shared secret, salted with both public keys. Both are bound to chain, datanet and key version, a wrapped key to its account too.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { concat, equalBytes, utf8 } from "../../proto/bytes.ts";

const KEY_BYTES = 32;
const FORMAT = 1;
const SALT_BYTES = 32;
const TAG_BYTES = 16;
const VERSION_BYTES = 4;
const SEALED_HEAD_BYTES = 1 + VERSION_BYTES + SALT_BYTES;
const WRAPPED_BYTES = 1 + KEY_BYTES + KEY_BYTES + TAG_BYTES;
/** A key is used for one message, so its nonce may be the same always. */
const NONCE: Uint8Array = new Uint8Array(12);

/** The key all texts of a datanet are sealed under until the owner rotates it, and what it belongs to. */
export interface ContentKeyPlace {
  readonly chainId: string;
  readonly datanetId: bigint;
  /** The datanet's `key_version` when the key began to be used. */
  readonly keyVersion: number;
}

/** Bytes that cannot be opened with this key; the message says what that may mean. */
export class ContentKeyError extends Error {
  override readonly name = "ContentKeyError";
}

/** A new content key, or a new secret key to have content keys wrapped for. */
export function newKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** The public key that belongs to a secret key: what `set-encryption-key` publishes. */
export function encryptionPublicKey(secretKey: Uint8Array): Uint8Array {
  return x25519.getPublicKey(secretKey);
}

/** Seals a text. One text under one key is always the same block, so that it is recorded once and a broken-off command can be repeated. */
export function sealText(text: Uint8Array, contentKey: Uint8Array, place: ContentKeyPlace): Uint8Array {
  const salt = hkdf(sha256, contentKey, sha256(text), info("text-salt", place), SALT_BYTES);
  const head = concat(Uint8Array.of(FORMAT), uint32(place.keyVersion), salt);
  return concat(head, chacha20poly1305(textKey(contentKey, salt, place), NONCE, head).encrypt(text));
}

/** Which content key a sealed text needs. Throws ContentKeyError for bytes that are no sealed text. */
export function sealedKeyVersion(sealed: Uint8Array): number {
  if (sealed.length < SEALED_HEAD_BYTES + TAG_BYTES || sealed[0] !== FORMAT) {
    throw new ContentKeyError("it is no sealed text of a known format");
  }
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(1);
}

/** Opens a sealed text. Throws ContentKeyError when the key is another, or a byte was changed. */
export function openText(sealed: Uint8Array, contentKey: Uint8Array, place: ContentKeyPlace): Uint8Array {
  const version = sealedKeyVersion(sealed);
  if (version !== place.keyVersion) {
    throw new ContentKeyError(`the text is sealed under key ${version} of the datanet, not ${place.keyVersion}`);
  }
  const head = sealed.subarray(0, SEALED_HEAD_BYTES);
  const key = textKey(contentKey, head.subarray(1 + VERSION_BYTES), place);
  return opened("the text", () => chacha20poly1305(key, NONCE, head).decrypt(sealed.subarray(SEALED_HEAD_BYTES)));
}

/** Wraps a content key for the account that published `recipientKey`. `ephemeralSecret` is for tests alone. */
export function wrapContentKey(
  contentKey: Uint8Array,
  recipientKey: Uint8Array,
  grantee: string,
  place: ContentKeyPlace,
  ephemeralSecret: Uint8Array = newKey(),
): Uint8Array {
  if (contentKey.length !== KEY_BYTES) throw new ContentKeyError(`a content key has ${KEY_BYTES} bytes`);
  const ephemeral = encryptionPublicKey(ephemeralSecret);
  const key = wrappingKey(sharedSecret(ephemeralSecret, recipientKey), ephemeral, recipientKey, grantee, place);
  return concat(Uint8Array.of(FORMAT), ephemeral, chacha20poly1305(key, NONCE).encrypt(contentKey));
}

/** Unwraps a content key with the account's secret key. Throws ContentKeyError when it was wrapped for another, or elsewhere. */
export function unwrapContentKey(
  wrapped: Uint8Array,
  secretKey: Uint8Array,
  grantee: string,
  place: ContentKeyPlace,
): Uint8Array {
  if (wrapped.length !== WRAPPED_BYTES || wrapped[0] !== FORMAT) {
    throw new ContentKeyError("it is no wrapped key of a known format");
  }
  const ephemeral = wrapped.subarray(1, 1 + KEY_BYTES);
  const shared = sharedSecret(secretKey, ephemeral);
  const key = wrappingKey(shared, ephemeral, encryptionPublicKey(secretKey), grantee, place);
  return opened("the wrapped key", () => chacha20poly1305(key, NONCE).decrypt(wrapped.subarray(1 + KEY_BYTES)));
}

function textKey(contentKey: Uint8Array, salt: Uint8Array, place: ContentKeyPlace): Uint8Array {
  return hkdf(sha256, contentKey, salt, info("sealed-text", place), KEY_BYTES);
}

function wrappingKey(
  shared: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  grantee: string,
  place: ContentKeyPlace,
): Uint8Array {
  return hkdf(sha256, shared, concat(ephemeral, recipient), info("wrapped-key", place, grantee), KEY_BYTES);
}

/** What a key is for, in one line: no part holds a line feed, so no two lists of parts give the same bytes. */
function info(use: string, { chainId, datanetId, keyVersion }: ContentKeyPlace, grantee = ""): Uint8Array {
  return utf8(["tributary", use, "1", chainId, datanetId.toString(), keyVersion.toString(), grantee].join("\n"));
}

/** The shared secret. A public key of small order would make it the same for everybody: such keys are refused (RFC 7748 section 6.1). */
function sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array {
  let shared: Uint8Array;
  try {
    shared = x25519.getSharedSecret(secret, publicKey);
  } catch {
    throw new ContentKeyError("the public key is none to encrypt for");
  }
  if (equalBytes(shared, new Uint8Array(KEY_BYTES))) throw new ContentKeyError("the public key is none to encrypt for");
  return shared;
}

function opened(what: string, open: () => Uint8Array): Uint8Array {
  try {
    return open();
  } catch {
    throw new ContentKeyError(`${what} was changed, or is meant for another key`);
  }
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(VERSION_BYTES);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
