import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { nobleHasher } from "../../chain/types/hash.ts";
import { chooseCrypto, nodeHasher, nodeVerifier, wasmVerifier } from "../../node/crypto.ts";

const native = nodeVerifier();
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const order = secp256k1.Point.Fn.ORDER;
const be32 = (value: bigint) => Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));

const wasm = await wasmVerifier();
const backends = [
  ["node:crypto", native],
  ["libsecp256k1 as WebAssembly", wasm ?? native],
] as const;

test("WebAssembly runs here, so that its backend is tested", () => {
  expect(wasm).toBeDefined();
});

describe.each(backends)("%s accepts exactly what the pure verifier accepts", (_name, backend) => {
  test("on good, mutated and foreign secp256k1 signatures", () => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(63), fc.nat(255), (seed, message, at, flip) => {
        fc.pre(secp256k1.utils.isValidSecretKey(seed));
        const publicKey = secp256k1.getPublicKey(seed, true);
        const signature = secp256k1.sign(message, seed, { prehash: true, lowS: true, format: "compact" });
        expect(backend.secp256k1(publicKey, message, signature)).toBe(true);
        const changed = Uint8Array.from(signature);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(backend.secp256k1(publicKey, message, changed)).toBe(
          nobleVerifier.secp256k1(publicKey, message, changed),
        );
        const high = Uint8Array.from(signature);
        high.set(be32(order - BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`)), 32);
        expect(backend.secp256k1(publicKey, message, high)).toBe(false);
        expect(nobleVerifier.secp256k1(publicKey, message, high)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("on secp256k1 edges: zero and order-sized r and s, keys off the curve, hybrid and uncompressed prefixes", () => {
    const message = new Uint8Array([1, 2, 3]);
    const publicKey = secp256k1.getPublicKey(be32(7n), true);
    const scalars = [0n, 1n, order / 2n, order / 2n + 1n, order - 1n, order, 2n ** 256n - 1n];
    for (const r of scalars) {
      for (const s of scalars) {
        const signature = new Uint8Array([...be32(r), ...be32(s)]);
        expect(backend.secp256k1(publicKey, message, signature), `r=${r} s=${s}`).toBe(
          nobleVerifier.secp256k1(publicKey, message, signature),
        );
      }
    }
    const signature = secp256k1.sign(message, be32(7n), { prehash: true, lowS: true, format: "compact" });
    for (const prefix of [0, 1, 2, 3, 4, 5, 6, 7, 255]) {
      const key = Uint8Array.from(publicKey);
      key[0] = prefix;
      expect(backend.secp256k1(key, message, signature), `prefix ${prefix}`).toBe(
        nobleVerifier.secp256k1(key, message, signature),
      );
    }
    expect(backend.secp256k1(new Uint8Array([2, ...be32(5n)]), message, signature)).toBe(false);
    expect(backend.secp256k1(new Uint8Array(33), message, signature)).toBe(false);
    expect(backend.secp256k1(publicKey.subarray(1), message, signature)).toBe(false);
    expect(backend.secp256k1(secp256k1.getPublicKey(be32(7n), false), message, signature)).toBe(false);
    expect(backend.secp256k1(new Uint8Array(), message, signature)).toBe(false);
    for (const length of [0, 1, 63, 65, 72]) {
      const padded = new Uint8Array(length);
      padded.set(signature.subarray(0, length));
      expect(backend.secp256k1(publicKey, message, padded), `${length} bytes`).toBe(false);
    }
    expect(backend.secp256k1(publicKey, message, signature)).toBe(true);
  });

  test("on secp256k1 keys of every kind: off the curve, beyond the field, and with the other parity", () => {
    const message = new Uint8Array([1, 2, 3]);
    const signature = secp256k1.sign(message, be32(7n), { prehash: true, lowS: true, format: "compact" });
    const field = secp256k1.Point.Fp.ORDER;
    for (const x of [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, field - 1n, field, field + 1n, 2n ** 256n - 1n]) {
      for (const prefix of [2, 3]) {
        const key = new Uint8Array([prefix, ...be32(x)]);
        expect(backend.secp256k1(key, message, signature), `${prefix} ${x}`).toBe(
          nobleVerifier.secp256k1(key, message, signature),
        );
      }
    }
    const publicKey = secp256k1.getPublicKey(be32(7n), true);
    const other = Uint8Array.from(publicKey);
    other[0] = 5 - (publicKey[0] ?? 0);
    expect(backend.secp256k1(other, message, signature)).toBe(false);
  });
});

describe("the native verifier accepts exactly what the pure one accepts", () => {
  test("on good, mutated and foreign ed25519 signatures", () => {
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(63), fc.nat(255), (seed, message, at, flip) => {
        const publicKey = ed25519.getPublicKey(seed);
        const signature = ed25519.sign(message, seed);
        expect(native.ed25519(publicKey, message, signature)).toBe(true);
        const changed = Uint8Array.from(signature);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(native.ed25519(publicKey, message, changed)).toBe(nobleVerifier.ed25519(publicKey, message, changed));
      }),
      { numRuns: 30 },
    );
  });

  test("on small-order ed25519 points, which ZIP-215 accepts where OpenSSL does not", () => {
    // The eight small-order points and two non-canonical encodings, as listed in ZIP-215's test vectors.
    const points = [
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "0000000000000000000000000000000000000000000000000000000000000080",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ].map((hex) => Uint8Array.from(Buffer.from(hex, "hex")));
    const message = new TextEncoder().encode("Zcash");
    let accepted = 0;
    for (const publicKey of points) {
      for (const r of points) {
        const signature = new Uint8Array([...r, ...new Uint8Array(32)]);
        const pure = nobleVerifier.ed25519(publicKey, message, signature);
        if (pure) accepted += 1;
        expect(native.ed25519(publicKey, message, signature)).toBe(pure);
      }
    }
    expect(accepted).toBe(points.length * points.length);
  });
});

test("the native hasher gives the bytes of the pure one, and every digest is its own array", () => {
  const native = nodeHasher();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
      expect(native.hash(input)).toEqual(nobleHasher.hash(input));
    }),
  );
  const inputs = [new Uint8Array([1]), new Uint8Array([2])];
  expect(native.batch(inputs)).toEqual(nobleHasher.batch(inputs));
  const digests = new Uint8Array(96);
  native.batchInto?.(new Uint8Array([1, 2, 9]), new Uint32Array([1, 2, 3]), 2, digests);
  expect([digests.slice(0, 32), digests.slice(32, 64)]).toEqual(nobleHasher.batch(inputs));
  expect(digests.slice(64)).toEqual(new Uint8Array(32));
});

test("the choice at start names a backend for each operation", async () => {
  expect((await chooseCrypto()).summary).toMatch(/^secp256k1 \S+ \d+ µs, ed25519 \S+ \d+ µs, sha256 \S+ [\d.]+ µs$/);
});
