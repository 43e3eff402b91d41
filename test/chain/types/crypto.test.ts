import { Secp256k1, Secp256k1Signature, Sha256 } from "@cosmjs/crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { fromHex, hex } from "../../../proto/bytes.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const big = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, "0"));

describe("secp256k1 signatures", () => {
  test("made by CosmJS are accepted, and refused once their s is in the upper half", async () => {
    const secret = new Sha256(Uint8Array.of(1)).digest();
    const { pubkey } = await Secp256k1.makeKeypair(secret);
    const publicKey = Secp256k1.compressPubkey(pubkey);
    for (let i = 0; i < 20; i++) {
      const message = Uint8Array.of(i, 2, 3);
      const made = await Secp256k1.createSignature(new Sha256(message).digest(), secret);
      const signature = Uint8Array.of(...made.r(32), ...made.s(32));
      expect(nobleVerifier.secp256k1(publicKey, message, signature)).toBe(true);
      const high = Uint8Array.of(...made.r(32), ...big(ORDER - BigInt(`0x${hex(made.s(32))}`)));
      expect(Secp256k1Signature.fromFixedLength(high).s()).toBeDefined();
      expect(nobleVerifier.secp256k1(publicKey, message, high)).toBe(false);
      expect(nobleVerifier.secp256k1(pubkey, message, signature), "uncompressed key").toBe(false);
      expect(nobleVerifier.secp256k1(publicKey, Uint8Array.of(9), signature)).toBe(false);
    }
  });

  test("of any bytes are false and never a throw", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }),
        bytes(3),
        fc.uint8Array({ maxLength: 70 }),
        (key, message, signature) => {
          expect(nobleVerifier.secp256k1(key, message, signature)).toBe(false);
          expect(nobleVerifier.ed25519(key, message, signature)).toBe(false);
        },
      ),
    );
    fc.assert(
      fc.property(bytes(33), bytes(64), (key, signature) => {
        expect(nobleVerifier.secp256k1(key, new Uint8Array(0), signature)).toBe(false);
      }),
    );
  });
});

describe("ed25519 signatures", () => {
  test("verify the test vectors of RFC 8032", () => {
    const vectors: readonly (readonly [string, string, string])[] = [
      [
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
      ],
      [
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      ],
    ];
    for (const [key, message, signature] of vectors) {
      expect(nobleVerifier.ed25519(fromHex(key), fromHex(message), fromHex(signature))).toBe(true);
      expect(nobleVerifier.ed25519(fromHex(key), fromHex(`${message}00`), fromHex(signature))).toBe(false);
    }
  });

  test("follow ZIP-215: points of small order count, non-canonical encodings count, s above the order does not", () => {
    // From the rules of ZIP-215: with a key and an R of small order and s = 0 the cofactored equation holds for any
    // message. The second of these encodings is the identity written as p + 1.
    const small = [
      "0100000000000000000000000000000000000000000000000000000000000000",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ].map(fromHex);
    for (const key of small) {
      for (const point of small) {
        const signature = Uint8Array.of(...point, ...new Uint8Array(32));
        expect(nobleVerifier.ed25519(key, Uint8Array.of(1, 2, 3), signature), `${hex(key)} ${hex(point)}`).toBe(true);
      }
    }
    const secret = new Uint8Array(32).fill(5);
    const signature = ed25519.sign(Uint8Array.of(7), secret);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${hex(signature.slice(32).reverse())}`) + order;
    const malleated = Uint8Array.of(...signature.slice(0, 32), ...big(s).reverse());
    expect(nobleVerifier.ed25519(ed25519.getPublicKey(secret), Uint8Array.of(7), signature)).toBe(true);
    expect(nobleVerifier.ed25519(ed25519.getPublicKey(secret), Uint8Array.of(7), malleated)).toBe(false);
  });
});

test("the hasher's batch is its hash, message by message", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (messages) => {
      const expected = messages.map((message) => new Sha256(message).digest());
      expect(nobleHasher.batch(messages)).toEqual(expected);
    }),
  );
});
