/**
 * Owns the native backends of the core's two crypto ports (chain/types/crypto.ts `Verifier`, chain/types/hash.ts
 * `Hasher`) and the choice among them by a short measurement at start. Does not own signing (node/engine/signer.ts).
 *
 * What is accepted is consensus, so a backend may only be faster: it accepts exactly what the pure one accepts.
 */

import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  hash as hashOnce,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto";
import { instantiateSecp256k1 } from "@bitauth/libauth/build/lib/crypto/secp256k1.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { nobleVerifier, type Verifier } from "../chain/types/crypto.ts";
import { type Hasher, nobleHasher } from "../chain/types/hash.ts";

/** Keys whose parsed form is kept: importing one costs a fifth of a verification. */
const keptKeys = 8_192;

/** How many times slower than the best so far a backend may be on its first try and still be measured further. */
const hopelesslySlower = 8;

/** DER that precedes a raw key in SubjectPublicKeyInfo (RFC 5480 and RFC 8410). */
const secp256k1Spki = Buffer.from("3036301006072a8648ce3d020106052b8104000a032200", "hex");
const ed25519Spki = Buffer.from("302a300506032b6570032100", "hex");

/** Half the order of secp256k1: s above it is refused (SDK crypto/keys/secp256k1, BIP 62). */
const halfOrder = Buffer.from("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", "hex");

/** Parsed public keys, the least recently used forgotten first. A key that is no point is remembered as such. */
class KeyCache {
  private readonly prefix: Buffer;
  private readonly keys = new Map<string, KeyObject | undefined>();

  constructor(prefix: Buffer) {
    this.prefix = prefix;
  }

  get(raw: Uint8Array): KeyObject | undefined {
    const name = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
    if (this.keys.has(name)) {
      const known = this.keys.get(name);
      this.keys.delete(name);
      this.keys.set(name, known);
      return known;
    }
    const parsed = this.parse(raw);
    if (this.keys.size >= keptKeys) {
      const oldest = this.keys.keys().next();
      if (!oldest.done) this.keys.delete(oldest.value);
    }
    this.keys.set(name, parsed);
    return parsed;
  }

  private parse(raw: Uint8Array): KeyObject | undefined {
    try {
      return createPublicKey({ key: Buffer.concat([this.prefix, raw]), format: "der", type: "spki" });
    } catch {
      return undefined;
    }
  }
}

/** A verifier on OpenSSL. */
export function nodeVerifier(): Verifier {
  const secp256k1Keys = new KeyCache(secp256k1Spki);
  const ed25519Keys = new KeyCache(ed25519Spki);
  return {
    secp256k1(publicKey, message, signature) {
      if (publicKey.length !== 33 || signature.length !== 64) return false;
      // Only the compressed form is a key here; OpenSSL would take others of this length.
      if (publicKey[0] !== 2 && publicKey[0] !== 3) return false;
      if (halfOrder.compare(signature, 32, 64) < 0) return false;
      const key = secp256k1Keys.get(publicKey);
      if (key === undefined) return false;
      try {
        return nodeVerify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, signature);
      } catch {
        return false;
      }
    },
    ed25519(publicKey, message, signature) {
      if (publicKey.length !== 32 || signature.length !== 64) return false;
      const key = ed25519Keys.get(publicKey);
      try {
        if (key !== undefined && nodeVerify(null, message, key, signature)) return true;
      } catch {
        // Whatever OpenSSL dislikes, the reference decides below.
      }
      // OpenSSL's equation is stricter than ZIP-215: its "true" is final, its "false" is not.
      return nobleVerifier.ed25519(publicKey, message, signature);
    },
  };
}

/**
 * secp256k1 on libsecp256k1 as WebAssembly (docs/decisions/002-verifier-backends.md), portable where addons are not.
 * Undefined where WebAssembly cannot run, as under `--jitless`. It holds its memory for as long as it is referenced.
 */
export async function wasmVerifier(): Promise<Pick<Verifier, "secp256k1"> | undefined> {
  try {
    const library = await instantiateSecp256k1();
    return {
      secp256k1(publicKey, message, signature) {
        if (publicKey.length !== 33 || signature.length !== 64) return false;
        // Only the compressed form is a key here.
        if (publicKey[0] !== 2 && publicKey[0] !== 3) return false;
        return library.verifySignatureCompactLowS(signature, publicKey, sha256(message));
      },
    };
  } catch {
    return undefined;
  }
}

/** SHA-256 through `crypto.hash`, whose output as a latin1 ("binary") string avoids the allocation that costs more than the hash. */
export function nodeHasher(): Hasher {
  const scratch = Buffer.allocUnsafeSlow(32);
  const hash = (bytes: Uint8Array): Uint8Array => {
    scratch.write(hashOnce("sha256", bytes, "binary"), 0, 32, "binary");
    return new Uint8Array(scratch);
  };
  return {
    hash,
    batch: (preimages) => preimages.map(hash),
    batchInto: (preimages, ends, count, digests) => {
      const out = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
      for (let index = 0, start = 0; index < count; index += 1) {
        const end = ends[index] ?? start;
        out.write(hashOnce("sha256", preimages.subarray(start, end), "binary"), index * 32, 32, "binary");
        start = end;
      }
    },
  };
}

/** SHA-256 of `bytes`, for the node's own use outside the core. */
export const sha256: (bytes: Uint8Array) => Uint8Array =
  typeof hashOnce === "function"
    ? nodeHasher().hash
    : (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** The backends in use and what each cost when they were chosen. */
export interface CryptoChoice {
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  /** One line for the log and for `doctor`: backend and microseconds of each operation. */
  readonly summary: string;
}

/** Measures each backend on one real signature and a few hashes (about 30 ms) and takes the fastest that is right. */
export async function chooseCrypto(): Promise<CryptoChoice> {
  const message = new TextEncoder().encode("one message of ordinary length, signed once and checked by each backend");
  const secp256k1 = sampleSecp256k1(message);
  const ed25519 = sampleEd25519(message);
  const native = nodeVerifier();
  const wasm = await wasmVerifier();
  const verifiesSecp256k1 = (backend: Pick<Verifier, "secp256k1">) => () =>
    backend.secp256k1(secp256k1.publicKey, message, secp256k1.signature);
  const bySecp = fastest<Pick<Verifier, "secp256k1">>([
    ...(wasm === undefined ? [] : [["libsecp256k1-wasm", wasm, verifiesSecp256k1(wasm)] as const]),
    ["node:crypto", native, verifiesSecp256k1(native)],
    ["noble", nobleVerifier, verifiesSecp256k1(nobleVerifier)],
  ]);
  const byEd = fastest([
    ["node:crypto", native, () => native.ed25519(ed25519.publicKey, message, ed25519.signature)],
    ["noble", nobleVerifier, () => nobleVerifier.ed25519(ed25519.publicKey, message, ed25519.signature)],
  ]);
  const nativeHasher = nodeHasher();
  const wanted = Buffer.from(nobleHasher.hash(message));
  const byHash = fastest([
    ["node:crypto", nativeHasher, () => repeat(50, () => wanted.equals(nativeHasher.hash(message)))],
    ["noble", nobleHasher, () => repeat(50, () => wanted.equals(nobleHasher.hash(message)))],
  ]);
  return {
    verifier: { secp256k1: bySecp.backend.secp256k1, ed25519: byEd.backend.ed25519 },
    hasher: byHash.backend,
    summary:
      `secp256k1 ${bySecp.name} ${bySecp.microseconds.toFixed(0)} µs, ed25519 ${byEd.name} ` +
      `${byEd.microseconds.toFixed(0)} µs, sha256 ${byHash.name} ${(byHash.microseconds / 50).toFixed(2)} µs`,
  };
}

const repeat = (times: number, check: () => boolean): boolean => {
  let right = true;
  for (let index = 0; index < times; index += 1) right = check() && right;
  return right;
};

/** The candidate with the lowest best-of-five time; one that gives a wrong answer is passed over. */
function fastest<T>(candidates: readonly (readonly [name: string, backend: T, check: () => boolean])[]): {
  readonly name: string;
  readonly backend: T;
  readonly microseconds: number;
} {
  let best: { name: string; backend: T; microseconds: number } | undefined;
  for (const [name, backend, check] of candidates) {
    let microseconds = Number.POSITIVE_INFINITY;
    let right = true;
    for (let round = 0; round < 5 && right; round += 1) {
      const start = process.hrtime.bigint();
      right = check();
      microseconds = Math.min(microseconds, Number(process.hrtime.bigint() - start) / 1000);
      // One that is slower by this much does not catch up by warming up, and the start should not wait for it.
      if (best !== undefined && microseconds > hopelesslySlower * best.microseconds) break;
    }
    if (right && (best === undefined || microseconds < best.microseconds)) best = { name, backend, microseconds };
  }
  if (best === undefined) throw new Error("no crypto backend gives right answers on this machine");
  return best;
}

interface Sample {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** A throw-away key and its low-s signature; by plain JavaScript where OpenSSL was built without the curve. */
function sampleSecp256k1(message: Uint8Array): Sample {
  try {
    return opensslSecp256k1(message);
  } catch {
    const { secretKey, publicKey } = secp256k1.keygen();
    return {
      publicKey,
      signature: secp256k1.sign(message, secretKey, { prehash: true, lowS: true, format: "compact" }),
    };
  }
}

function opensslSecp256k1(message: Uint8Array): Sample {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const [xBytes, yBytes] = [Buffer.from(x ?? "", "base64url"), Buffer.from(y ?? "", "base64url")];
  const compressed = Buffer.concat([Buffer.from([2 + ((yBytes[31] ?? 0) & 1)]), xBytes]);
  while (true) {
    const signature = nodeSign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
    if (halfOrder.compare(signature, 32, 64) >= 0) return { publicKey: compressed, signature };
  }
}

function sampleEd25519(message: Uint8Array): Sample {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x } = publicKey.export({ format: "jwk" });
  return { publicKey: Buffer.from(x ?? "", "base64url"), signature: nodeSign(null, message, privateKey) };
}
