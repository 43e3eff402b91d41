/** Sealed texts and wrapped keys. The other side of each test is Node's own cryptography (OpenSSL), put together after the file's description. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
} from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ContentKeyError,
  encryptionPublicKey,
  newKey,
  openText,
  sealedKeyVersion,
  sealText,
  unwrapContentKey,
  wrapContentKey,
} from "../../../node/data/content-key.ts";
import { concat, fromHex, hex, utf8 } from "../../../proto/bytes.ts";

const place = { chainId: "test-1", datanetId: 7n, keyVersion: 3 };
const grantee = "trib1grantee";
const line = (use: string, account: string) => `tributary\n${use}\n1\ntest-1\n7\n3\n${account}`;
/** The DER heads of X25519 keys (RFC 8410). */
const publicDer = (key: Uint8Array) =>
  createPublicKey({
    key: Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), key]),
    format: "der",
    type: "spki",
  });
const secretDer = (key: Uint8Array) =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), key]),
    format: "der",
    type: "pkcs8",
  });
const derive = (secret: Uint8Array, salt: Uint8Array, info: string) =>
  new Uint8Array(hkdfSync("sha256", secret, salt, Buffer.from(info), 32));
function opensslOpen(key: Uint8Array, sealed: Uint8Array, associated?: Uint8Array): Uint8Array {
  const cipher = createDecipheriv("chacha20-poly1305", key, new Uint8Array(12), { authTagLength: 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  if (associated) cipher.setAAD(associated, { plaintextLength: sealed.length - 16 });
  return concat(cipher.update(sealed.subarray(0, -16)), cipher.final());
}
function opensslSeal(key: Uint8Array, text: Uint8Array, associated?: Uint8Array): Uint8Array {
  const cipher = createCipheriv("chacha20-poly1305", key, new Uint8Array(12), { authTagLength: 16 });
  if (associated) cipher.setAAD(associated, { plaintextLength: text.length });
  return concat(cipher.update(text), cipher.final(), cipher.getAuthTag());
}

/** What sealing and wrapping are composed of gives the values that the documents which define it publish. */
describe("the parts", () => {
  test("are X25519 of RFC 7748, section 6.1", () => {
    const alice = fromHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const bob = fromHex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const [alicePublic, bobPublic] = [encryptionPublicKey(alice), encryptionPublicKey(bob)];
    expect(hex(alicePublic)).toBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(hex(bobPublic)).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    expect(hex(x25519.getSharedSecret(alice, bobPublic))).toBe(shared);
    expect(hex(x25519.getSharedSecret(bob, alicePublic))).toBe(shared);
  });

  test("are HKDF-SHA256 of RFC 5869, appendix A.1", () => {
    const info = fromHex("f0f1f2f3f4f5f6f7f8f9");
    const made = hkdf(sha256, fromHex("0b".repeat(22)), fromHex("000102030405060708090a0b0c"), info, 42);
    expect(hex(made)).toBe("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  });

  test("are ChaCha20-Poly1305 of RFC 8439, section 2.8.2", () => {
    const key = fromHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    const cipher = () =>
      chacha20poly1305(key, fromHex("070000004041424344454647"), fromHex("50515253c0c1c2c3c4c5c6c7"));
    const text = utf8(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    );
    const sealed = [
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b",
      "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc",
      "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
    ].join("");
    expect(hex(cipher().encrypt(text))).toBe(sealed);
    expect(cipher().decrypt(fromHex(sealed))).toEqual(text);
  });
});

describe("a sealed text", () => {
  const contentKey = newKey();
  const text = utf8("nobody else shall read this");

  test("is opened by OpenSSL with the key of its description, and what OpenSSL sealed is opened", () => {
    const sealed = sealText(text, contentKey, place);
    const head = sealed.subarray(0, 37);
    expect(hex(head.subarray(0, 5))).toBe("0100000003");
    const key = derive(contentKey, head.subarray(5), line("sealed-text", ""));
    expect(opensslOpen(key, sealed.subarray(37), head)).toEqual(text);
    expect(openText(concat(head, opensslSeal(key, text, head)), contentKey, place)).toEqual(text);
    expect(sealed.length).toBe(text.length + 53);
  });

  test("is the same block each time, with a salt that only the key gives; other texts and places have others", () => {
    const sealed = sealText(text, contentKey, place);
    const digest = new Uint8Array(createHash("sha256").update(text).digest());
    expect(hex(sealed.subarray(5, 37))).toBe(hex(derive(contentKey, digest, line("text-salt", ""))));
    expect(hex(sealText(text, contentKey, place))).toBe(hex(sealed));
    const others = [
      sealText(utf8("another text"), contentKey, place),
      sealText(text, newKey(), place),
      sealText(text, contentKey, { ...place, datanetId: 8n }),
    ];
    expect(new Set([sealed, ...others].map((one) => hex(one.subarray(5, 37)))).size).toBe(4);
  });

  test("with any byte changed, or under another key, datanet or chain, is not opened", () => {
    const sealed = sealText(text, contentKey, place);
    expect(sealedKeyVersion(sealed)).toBe(3);
    for (let i = 0; i < sealed.length; i++)
      expect(() => openText(sealed.with(i, sealed[i]! ^ 1), contentKey, place)).toThrow(ContentKeyError);
    for (const [key, where] of [
      [newKey(), place],
      [contentKey, { ...place, datanetId: 8n }],
      [contentKey, { ...place, chainId: "test-2" }],
      [contentKey, { ...place, keyVersion: 4 }],
    ] as const)
      expect(() => openText(sealed, key, where)).toThrow(ContentKeyError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => openText(bytes, contentKey, place)).toThrow(ContentKeyError);
      }),
    );
  });
});

describe("a wrapped content key", () => {
  const contentKey = newKey();

  test("is unwrapped by OpenSSL's X25519 and HKDF, and what they wrapped is unwrapped", () => {
    const pair = generateKeyPairSync("x25519");
    const recipient = new Uint8Array(pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32));
    const secret = new Uint8Array(pair.privateKey.export({ format: "der", type: "pkcs8" }).subarray(-32));
    const wrapped = wrapContentKey(contentKey, recipient, grantee, place);
    expect([wrapped.length, wrapped[0]]).toEqual([81, 1]);
    const ephemeral = wrapped.subarray(1, 33);
    const shared = diffieHellman({ privateKey: pair.privateKey, publicKey: publicDer(ephemeral) });
    const key = derive(shared, concat(ephemeral, recipient), line("wrapped-key", grantee));
    expect(opensslOpen(key, wrapped.subarray(33))).toEqual(contentKey);

    const other = generateKeyPairSync("x25519");
    const otherPublic = new Uint8Array(other.publicKey.export({ format: "der", type: "spki" }).subarray(-32));
    const again = diffieHellman({ privateKey: other.privateKey, publicKey: publicDer(recipient) });
    const otherKey = derive(again, concat(otherPublic, recipient), line("wrapped-key", grantee));
    const made = concat(Uint8Array.of(1), otherPublic, opensslSeal(otherKey, contentKey));
    expect(unwrapContentKey(made, secret, grantee, place)).toEqual(contentKey);
  });

  test("belongs to a public key that OpenSSL computes alike", () => {
    const secret = newKey();
    const der = createPublicKey(secretDer(secret)).export({ format: "der", type: "spki" });
    expect(hex(encryptionPublicKey(secret))).toBe(hex(new Uint8Array(der.subarray(-32))));
  });

  test("is opened by nobody else, for nothing else, and not with a byte changed", () => {
    const secret = newKey();
    const wrapped = wrapContentKey(contentKey, encryptionPublicKey(secret), grantee, place);
    expect(unwrapContentKey(wrapped, secret, grantee, place)).toEqual(contentKey);
    for (const [key, account, where] of [
      [newKey(), grantee, place],
      [secret, "trib1other", place],
      [secret, grantee, { ...place, keyVersion: 2 }],
      [secret, grantee, { ...place, datanetId: 1n }],
    ] as const)
      expect(() => unwrapContentKey(wrapped, key, account, where)).toThrow(ContentKeyError);
    for (let i = 0; i < wrapped.length; i++)
      expect(() => unwrapContentKey(wrapped.with(i, wrapped[i]! ^ 1), secret, grantee, place)).toThrow(ContentKeyError);
  });

  test("is not made for a public key of small order, with which everybody could open it", () => {
    for (const low of [
      "00".repeat(32),
      `01${"00".repeat(31)}`,
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    ])
      expect(() => wrapContentKey(contentKey, fromHex(low), grantee, place)).toThrow(ContentKeyError);
  });
});
